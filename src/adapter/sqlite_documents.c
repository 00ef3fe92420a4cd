/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_documents.h"

#include <stdlib.h>

#include "adapter/state_dir.h"
#include "sqlite_pool.h"

#define TEXT_OF(number)  #number
#define DIGITS_OF(macro) TEXT_OF(macro)

#define COLUMNS                                                                                           \
	"no, tenant, company, company_id, provider, answer_sha256, received_ms, type, reference, sha256," \
	" size"
/* The members of a struct document_query, in this order; NULL asks nothing. */
#define ASKED                                                              \
	"tenant = $1 AND ($2 IS NULL OR company_id = $2) AND ($3 IS NULL " \
	"OR no = $3) AND ($4 IS NULL OR answer_sha256 = $4)"
#define DAYS_OF(tenant)                                                    \
	"coalesce((SELECT days FROM retention WHERE tenant = " tenant ")," \
	" (SELECT days FROM retention WHERE tenant = '')," /* of all */ " " DIGITS_OF(DOCUMENT_DAYS) ")"

enum statement { BEGIN, COMMIT, REPLACE, PUT, PUT_CONTENT, LIST, CONTENT, DELETE, PURGE, SET_DAYS, DAYS };

static const char *const statements[] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [REPLACE] = "DELETE FROM document WHERE tenant = $1 AND company = $2 AND provider = $3 AND answer_sha256 = $4",
        [PUT] = "INSERT INTO document (tenant, company, provider, answer_sha256, company_id, received_ms, type,"
                " reference, sha256, size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [PUT_CONTENT] = "INSERT INTO content (no, bytes) VALUES ($1, $2)",
        [LIST] = "SELECT " COLUMNS " FROM document WHERE " ASKED " ORDER BY no",
        [CONTENT] = "SELECT bytes FROM content WHERE no = $1",
        [DELETE] = "DELETE FROM document WHERE " ASKED,
        [PURGE] = "DELETE FROM document WHERE received_ms < $1 - 86400000 * " DAYS_OF("document.tenant"),
        [SET_DAYS] = "INSERT INTO retention (tenant, days) VALUES ($1, $2)"
                     " ON CONFLICT (tenant) DO UPDATE SET days = excluded.days",
        [DAYS] = "SELECT " DAYS_OF("$1"),
};

/* Contents stand apart, so that lists do not read through them. */
static const struct sqlite_db_sort sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .pragmas = "PRAGMA auto_vacuum=FULL; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"
                   "PRAGMA cache_size=-1024;"
                   "CREATE TABLE IF NOT EXISTS document ("
                   " no INTEGER PRIMARY KEY AUTOINCREMENT,"
                   " tenant TEXT NOT NULL,"
                   " company TEXT NOT NULL,"
                   " company_id TEXT NOT NULL,"
                   " provider TEXT NOT NULL,"
                   " answer_sha256 BLOB NOT NULL,"
                   " received_ms BIGINT NOT NULL,"
                   " type TEXT NOT NULL,"
                   " reference TEXT NOT NULL,"
                   " sha256 BLOB NOT NULL,"
                   " size BIGINT NOT NULL,"
                   " UNIQUE (tenant, company, provider, answer_sha256));"
                   "CREATE TABLE IF NOT EXISTS content (no INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
                   "CREATE TRIGGER IF NOT EXISTS content_gone AFTER DELETE ON document"
                   " BEGIN DELETE FROM content WHERE no = OLD.no; END;"
                   "CREATE TABLE IF NOT EXISTS retention (tenant TEXT NOT NULL PRIMARY KEY, days INTEGER NOT NULL)",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
};

struct sqlite_documents {
	char file[STATE_PATH_MAX];
	struct sqlite_pool pool;
};

/* --- Rows ------------------------------------------------------------------------------------------- */

static void bind_key(sqlite3_stmt *stmt, const struct document *document)
{
	sqlite_db_bind_text(stmt, 1, slice_cstr(document->owner.tenant));
	sqlite_db_bind_text(stmt, 2, slice_cstr(document->owner.company.text));
	sqlite_db_bind_text(stmt, 3, slice_cstr(document->provider));
	sqlite_db_bind_blob(stmt, 4, document->answer_sha256, sizeof(document->answer_sha256));
}

static enum status insert(struct sqlite_db *db, const struct document *document, struct slice bytes)
{
	sqlite3_stmt *stmt = db->stmt[PUT];
	char company_id[DOCUMENT_COMPANY];
	enum status status;

	identity_company_id(&document->owner.company, company_id);
	bind_key(stmt, document);
	sqlite_db_bind_text(stmt, 5, slice_cstr(company_id));
	sqlite3_bind_int64(stmt, 6, document->received_ms);
	sqlite_db_bind_text(stmt, 7, slice_cstr(document->type));
	sqlite_db_bind_text(stmt, 8, slice_cstr(document->reference));
	sqlite_db_bind_blob(stmt, 9, document->sha256, sizeof(document->sha256));
	sqlite3_bind_int64(stmt, 10, (sqlite3_int64)bytes.len);
	status = sqlite_db_run(db, stmt);
	if (status != STATUS_OK)
		return status;
	sqlite3_bind_int64(db->stmt[PUT_CONTENT], 1, sqlite3_last_insert_rowid(db->handle));
	sqlite_db_bind_blob(db->stmt[PUT_CONTENT], 2, bytes.ptr, bytes.len);
	return sqlite_db_run(db, db->stmt[PUT_CONTENT]);
}

static void bind_query(sqlite3_stmt *stmt, const struct document_query *query)
{
	sqlite_db_bind_text(stmt, 1, query->tenant);
	sqlite_db_bind_text(stmt, 2, query->company_id);
	if (query->number)
		sqlite3_bind_int64(stmt, 3, query->number);
	else
		sqlite3_bind_null(stmt, 3);
	if (query->answer_sha256)
		sqlite_db_bind_blob(stmt, 4, query->answer_sha256, CRYPTO_SHA256_LEN);
	else
		sqlite3_bind_null(stmt, 4);
}

static bool read_row(sqlite3_stmt *stmt, struct document *ret_document)
{
	const struct {
		char *text;
		size_t cap;
		int column;
	} TEXTS[] = {
	        {ret_document->owner.tenant, sizeof(ret_document->owner.tenant), 1},
	        {ret_document->owner.company.text, sizeof(ret_document->owner.company.text), 2},
	        {ret_document->company_id, sizeof(ret_document->company_id), 3},
	        {ret_document->provider, sizeof(ret_document->provider), 4},
	        {ret_document->type, sizeof(ret_document->type), 7},
	        {ret_document->reference, sizeof(ret_document->reference), 8},
	};

	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		if (!slice_copy(sqlite_db_column(stmt, TEXTS[i].column), TEXTS[i].text, TEXTS[i].cap))
			return false;
	}
	ret_document->number = sqlite3_column_int64(stmt, 0);
	ret_document->received_ms = sqlite3_column_int64(stmt, 6);
	ret_document->size = (uint64_t)sqlite3_column_int64(stmt, 10);
	return sqlite_db_column_digest(stmt, 5, ret_document->answer_sha256) &&
	       sqlite_db_column_digest(stmt, 9, ret_document->sha256);
}

static enum status read_content(struct sqlite_db *db, const struct document *document, struct arena *arena,
                                struct slice *ret_bytes)
{
	sqlite3_stmt *stmt = db->stmt[CONTENT];
	enum status status;

	sqlite3_bind_int64(stmt, 1, document->number);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK) {
		*ret_bytes = arena_copy(arena, sqlite_db_column(stmt, 0));
		status = ret_bytes->ptr ? STATUS_OK : STATUS_NO_MEMORY;
	}
	sqlite3_reset(stmt);
	return status;
}

/* --- The file --------------------------------------------------------------------------------------- */

enum status sqlite_documents_open(const char *file, struct sqlite_documents **ret_documents)
{
	struct sqlite_documents *documents = calloc(1, sizeof(*documents));
	enum status status;

	if (!documents)
		return STATUS_NO_MEMORY;
	status = sqlite_pool_make_file(file, documents->file);
	if (status != STATUS_OK) {
		free(documents);
		return status;
	}
	sqlite_pool_init(&documents->pool, documents->file, &sort);
	*ret_documents = documents;
	return STATUS_OK;
}

void sqlite_documents_close(struct sqlite_documents *documents)
{
	if (!documents)
		return;
	sqlite_pool_finish(&documents->pool);
	free(documents);
}

enum status sqlite_documents_put(struct sqlite_documents *documents, const struct document *document,
                                 struct slice bytes)
{
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&documents->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_run(db, db->stmt[BEGIN]);
	if (status == STATUS_OK) {
		bind_key(db->stmt[REPLACE], document);
		status = sqlite_db_run(db, db->stmt[REPLACE]);
	}
	if (status == STATUS_OK)
		status = insert(db, document, bytes);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[COMMIT]);
	sqlite_db_rollback(db);
	sqlite_pool_give(&documents->pool, db);
	return status;
}

enum status sqlite_documents_each(struct sqlite_documents *documents, const struct document_query *query,
                                  bool (*visit)(void *ctx, const struct document *document), void *ctx)
{
	struct sqlite_db *db;
	struct document document;
	enum status status = sqlite_pool_take_busy(&documents->pool, &db);
	bool more = true;

	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = db->stmt[LIST];
	bind_query(stmt, query);
	while (more && (status = sqlite_db_first(db, stmt)) == STATUS_OK) {
		if (!read_row(stmt, &document)) {
			status = STATUS_CORRUPT;
			break;
		}
		more = visit(ctx, &document);
	}
	sqlite3_reset(stmt);
	sqlite_pool_give(&documents->pool, db);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status sqlite_documents_read(struct sqlite_documents *documents, struct slice tenant, int64_t number,
                                  struct arena *arena, struct document *ret_document, struct slice *ret_bytes)
{
	struct document_query query = {.tenant = tenant, .number = number};
	struct sqlite_db *db;
	enum status status = number > 0 ? sqlite_pool_take_busy(&documents->pool, &db) : STATUS_NOT_FOUND;

	if (status != STATUS_OK)
		return status;
	bind_query(db->stmt[LIST], &query);
	status = sqlite_db_first(db, db->stmt[LIST]);
	if (status == STATUS_OK)
		status = read_row(db->stmt[LIST], ret_document) ? STATUS_OK : STATUS_CORRUPT;
	/* Within the same read: what is deleted meanwhile is there or not, but never half. */
	if (status == STATUS_OK)
		status = read_content(db, ret_document, arena, ret_bytes);
	sqlite3_reset(db->stmt[LIST]);
	sqlite_pool_give(&documents->pool, db);
	return status;
}

/* Runs what is bound already. */
static enum status run_deletion(struct sqlite_db *db, sqlite3_stmt *stmt, uint64_t *ret_count)
{
	enum status status = sqlite_db_run(db, stmt);

	if (status == STATUS_OK)
		*ret_count = (uint64_t)sqlite3_changes(db->handle);
	return status;
}

enum status sqlite_documents_delete(struct sqlite_documents *documents, const struct document_query *query,
                                    uint64_t *ret_count)
{
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&documents->pool, &db);

	if (status != STATUS_OK)
		return status;
	bind_query(db->stmt[DELETE], query);
	status = run_deletion(db, db->stmt[DELETE], ret_count);
	sqlite_pool_give(&documents->pool, db);
	return status;
}

enum status sqlite_documents_purge(struct sqlite_documents *documents, int64_t now_ms, uint64_t *ret_count)
{
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&documents->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite3_bind_int64(db->stmt[PURGE], 1, now_ms);
	status = run_deletion(db, db->stmt[PURGE], ret_count);
	sqlite_pool_give(&documents->pool, db);
	return status;
}

enum status sqlite_documents_set_days(struct sqlite_documents *documents, struct slice tenant, int64_t days)
{
	struct sqlite_db *db;
	enum status status = days >= 0 && days <= DOCUMENT_DAYS_MOST ? STATUS_OK : STATUS_INVALID;

	if (status == STATUS_OK)
		status = sqlite_pool_take_busy(&documents->pool, &db);
	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_text(db->stmt[SET_DAYS], 1, tenant.ptr ? tenant : SLICE_LIT(""));
	sqlite3_bind_int64(db->stmt[SET_DAYS], 2, days);
	status = sqlite_db_run(db, db->stmt[SET_DAYS]);
	sqlite_pool_give(&documents->pool, db);
	return status;
}

enum status sqlite_documents_days(struct sqlite_documents *documents, struct slice tenant, int64_t *ret_days)
{
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&documents->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_text(db->stmt[DAYS], 1, tenant.ptr ? tenant : SLICE_LIT(""));
	status = sqlite_db_number(db, db->stmt[DAYS], ret_days);
	sqlite_pool_give(&documents->pool, db);
	return status;
}
