/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "adapter/sqlite_register.h"
#include "adapter/state_dir.h"
#include "change_hint.h"
#include "register_entry.h"
#include "register_file.h"
#include "register_index.h"
#include "register_row.h"
#include "sqlite_schema.h"

#define MAX_SOURCE_TEXT 255
#define MAX_SAME_KEY    16 /* companies looked at for one key */

enum statement {
	BEGIN,
	COMMIT,
	LAST_ID,
	COUNT_COMPANIES,
	FIND_HASH,
	READ_COMPANY,
	ADD_COMPANY,
	PUT_COMPANY,
	ADD_KEY,
	READ_PROGRESS,
	PUT_PROGRESS,
	CHANGED,
	READ_REVISION
};

static const char *const statements[] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [LAST_ID] = "SELECT coalesce(max(id), 0) FROM company",
        [COUNT_COMPANIES] = "SELECT count(*) FROM company",
        [FIND_HASH] = "SELECT company FROM company_key WHERE hash = $1",
        [READ_COMPANY] = "SELECT names, facts FROM company WHERE id = $1",
        [ADD_COMPANY] = "INSERT INTO company (names, facts, id) VALUES ($1, $2, $3)",
        [PUT_COMPANY] = "UPDATE company SET names = $1, facts = $2 WHERE id = $3",
        [ADD_KEY] = "INSERT INTO company_key (hash, company) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [READ_PROGRESS] = "SELECT position FROM import_progress WHERE source = $1",
        [PUT_PROGRESS] = ("INSERT INTO import_progress (source, position) VALUES ($1, $2)"
                          " ON CONFLICT (source) DO UPDATE SET position = excluded.position"),
        [CHANGED] = "UPDATE revision SET number = number + 1 WHERE id = 1",
        [READ_REVISION] = "SELECT number FROM revision WHERE id = 1",
};

static const struct sqlite_db_sort create_sort = {
        .flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        .pragmas = "PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=WAL",
        .keep_log = true,
};

static const struct sqlite_db_sort writer_sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .pragmas = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-131072;"
                   "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=OFF",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .keep_log = true,
};

struct register_writer {
	struct sqlite_db *db;
	struct change_hint hint; /* its file also carries the lock between writers */
	struct register_fact_map facts_map;
	struct register_index index;
	int64_t last_id;
	bool in_transaction;
	struct register_entry entry; /* the company at hand */
	char names_mem[REGISTER_ROW_BYTES];
	char facts_mem[REGISTER_ROW_BYTES];
};

/* ---- transaction ---- */

static enum status load_state(struct register_writer *writer)
{
	enum status status = sqlite_db_number(writer->db, writer->db->stmt[LAST_ID], &writer->last_id);

	if (status == STATUS_OK)
		status = register_file_facts(writer->db, true, &writer->facts_map);
	return status;
}

static enum status begin(struct register_writer *writer)
{
	enum status status;

	if (writer->in_transaction)
		return STATUS_OK;
	writer->db->busy_until_ns = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;
	status = sqlite_db_run(writer->db, writer->db->stmt[BEGIN]);
	if (status != STATUS_OK)
		return status;
	writer->in_transaction = true;
	return load_state(writer);
}

/* What is not committed is gone; the next call begins anew. */
static void rollback(struct register_writer *writer)
{
	sqlite_db_rollback(writer->db);
	register_index_clear(&writer->index);
	writer->in_transaction = false;
}

/* ---- one company ---- */

/* Companies that may carry the key: waiting ones and those in the file. */
static enum status find_hash(struct register_writer *writer, struct slice key, int64_t ret_companies[MAX_SAME_KEY],
                             size_t *ret_count)
{
	sqlite3_stmt *stmt = writer->db->stmt[FIND_HASH];
	int64_t hash = register_file_hash(key);
	size_t count = register_index_find(&writer->index, hash, ret_companies, MAX_SAME_KEY);
	enum status status = STATUS_OK;

	sqlite3_bind_int64(stmt, 1, hash);
	while (count < MAX_SAME_KEY && (status = sqlite_db_first(writer->db, stmt)) == STATUS_OK)
		ret_companies[count++] = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	*ret_count = count;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status read_entry(struct register_writer *writer, int64_t company)
{
	sqlite3_stmt *stmt = writer->db->stmt[READ_COMPANY];
	enum status status;

	sqlite3_bind_int64(stmt, 1, company);
	status = sqlite_db_first(writer->db, stmt);
	if (status == STATUS_OK)
		status = register_entry_read(&writer->entry, sqlite_db_column(stmt, 0), sqlite_db_column(stmt, 1),
		                             &writer->facts_map);
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

/* The company that carries the key, in writer->entry. NOT_FOUND: nobody; MISMATCH: several. */
static enum status find_company(struct register_writer *writer, struct slice key, int64_t *ret_company)
{
	int64_t companies[MAX_SAME_KEY], found = 0;
	size_t count = 0;
	enum status status = find_hash(writer, key, companies, &count);

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		if (companies[i] == found)
			continue;
		status = read_entry(writer, companies[i]);
		if (status != STATUS_OK || !register_entry_has(&writer->entry, key))
			continue;
		if (found != 0)
			return STATUS_MISMATCH;
		found = companies[i];
	}
	if (status != STATUS_OK)
		return status;
	if (found == 0)
		return STATUS_NOT_FOUND;
	*ret_company = found;
	return read_entry(writer, found);
}

static enum status write_entry(struct register_writer *writer, enum statement statement, int64_t company)
{
	sqlite3_stmt *stmt = writer->db->stmt[statement];
	struct buf names, facts;
	enum status status;

	buf_init(&names, writer->names_mem, sizeof(writer->names_mem));
	buf_init(&facts, writer->facts_mem, sizeof(writer->facts_mem));
	status = register_names_put(&writer->entry.names, &names);
	if (status == STATUS_OK)
		status = register_facts_put(&writer->entry.facts, &writer->facts_map, &facts);
	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_blob(stmt, 1, names.ptr, names.len);
	sqlite_db_bind_blob(stmt, 2, facts.ptr, facts.len);
	sqlite3_bind_int64(stmt, 3, company);
	return sqlite_db_run(writer->db, stmt);
}

/* An entry for each identifier and name; one that is there already is no harm. */
static enum status index_entry(struct register_writer *writer, int64_t company)
{
	const struct register_names *names = &writer->entry.names;
	enum status status = STATUS_OK;
	struct company_key key;

	for (size_t i = 0; i < names->key_count && status == STATUS_OK; i++)
		status = register_index_add(&writer->index, register_file_hash(names->keys[i]), company);
	for (size_t i = 0; i < names->name_count && status == STATUS_OK; i++)
		if (register_name_key(names->country, names->postal_code, names->names[i].name, &key))
			status = register_index_add(&writer->index, register_file_hash(slice_cstr(key.text)), company);
	return status;
}

static enum status put_company(struct register_writer *writer, const struct register_company *company)
{
	struct company_key key;
	int64_t id = 0;
	bool is_new;
	enum status status = identity_key(company->norm, &key);

	if (status != STATUS_OK)
		return status;
	status = find_company(writer, slice_cstr(key.text), &id);
	is_new = status == STATUS_NOT_FOUND;
	if (status != STATUS_OK && !is_new)
		return status;
	if (is_new) {
		id = writer->last_id + 1;
		register_entry_clear(&writer->entry);
	}
	status = register_entry_update(&writer->entry, company);
	if (status == STATUS_OK)
		status = write_entry(writer, is_new ? ADD_COMPANY : PUT_COMPANY, id);
	if (status != STATUS_OK)
		return status;
	if (is_new)
		writer->last_id = id;
	status = index_entry(writer, id);
	return status == STATUS_OK ? STATUS_OK : STATUS_INTERNAL; /* the row is written: the batch is lost */
}

/* Refused for its own sake: the batch goes on. Anything else ends it. */
static enum status settle(struct register_writer *writer, enum status status)
{
	if (status != STATUS_OK && status != STATUS_INVALID && status != STATUS_TOO_LARGE &&
	    status != STATUS_NOT_FOUND && status != STATUS_MISMATCH)
		rollback(writer);
	return status;
}

/* ---- public ---- */

static enum status create_file(const char *file)
{
	struct sqlite_db *db;
	enum status status = sqlite_db_open(file, &create_sort, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_schema_create(db, SQLITE_SCHEMA_REGISTER);
	sqlite_db_close(db);
	return status;
}

enum status register_writer_open(const char *file, struct register_writer **ret_writer)
{
	struct register_writer *writer = calloc(1, sizeof(*writer));
	enum status status = STATUS_UNAVAILABLE;

	if (writer == NULL)
		return STATUS_NO_MEMORY;
	change_hint_init(&writer->hint, file);
	if (writer->hint.fd >= 0 && flock(writer->hint.fd, LOCK_EX | LOCK_NB) == 0)
		status = create_file(file);
	if (status == STATUS_OK)
		status = sqlite_db_open(file, &writer_sort, &writer->db);
	if (status != STATUS_OK) {
		register_writer_close(writer);
		return status;
	}
	*ret_writer = writer;
	return STATUS_OK;
}

void register_writer_close(struct register_writer *writer)
{
	if (writer == NULL)
		return;
	if (writer->db != NULL) {
		rollback(writer);
		writer->db->busy_until_ns = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;
		sqlite3_wal_checkpoint_v2(writer->db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		sqlite_db_close(writer->db);
	}
	change_hint_finish(&writer->hint);
	register_index_finish(&writer->index);
	free(writer);
}

enum status register_writer_company(struct register_writer *writer, const struct register_company *company)
{
	enum status status = begin(writer);

	if (status == STATUS_OK)
		status = put_company(writer, company);
	return settle(writer, status);
}

enum status register_writer_facts(struct register_writer *writer, const struct company_key *key,
                                  const struct facts *facts)
{
	int64_t company = 0;
	enum status status = begin(writer);

	if (status == STATUS_OK)
		status = find_company(writer, slice_cstr(key->text), &company);
	if (status == STATUS_OK)
		status = register_entry_merge(&writer->entry, facts);
	if (status == STATUS_OK)
		status = write_entry(writer, PUT_COMPANY, company);
	return settle(writer, status);
}

static enum status put_progress(struct register_writer *writer, struct slice source, uint64_t position)
{
	sqlite3_stmt *stmt = writer->db->stmt[PUT_PROGRESS];

	sqlite_db_bind_text(stmt, 1, source);
	sqlite3_bind_int64(stmt, 2, (int64_t)position);
	return sqlite_db_run(writer->db, stmt);
}

enum status register_writer_commit(struct register_writer *writer, struct slice source, uint64_t position)
{
	struct sqlite_db *db = writer->db;
	int64_t revision = 0;
	enum status status;

	if (source.len == 0 || source.len > MAX_SOURCE_TEXT || position > INT64_MAX)
		return STATUS_INVALID;
	status = begin(writer);
	if (status == STATUS_OK)
		status = register_index_flush(&writer->index, db, db->stmt[ADD_KEY]);
	if (status == STATUS_OK)
		status = put_progress(writer, source, position);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[CHANGED]);
	if (status == STATUS_OK)
		status = sqlite_db_number(db, db->stmt[READ_REVISION], &revision);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[COMMIT]);
	if (status != STATUS_OK) {
		rollback(writer);
		return status;
	}
	writer->in_transaction = false;
	change_hint_write(&writer->hint, (uint64_t)revision);
	sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return STATUS_OK;
}

enum status register_writer_progress(struct register_writer *writer, struct slice source, uint64_t *ret_position)
{
	sqlite3_stmt *stmt = writer->db->stmt[READ_PROGRESS];
	int64_t position = 0;
	enum status status;

	sqlite_db_bind_text(stmt, 1, source);
	status = sqlite_db_number(writer->db, stmt, &position);
	if (status == STATUS_OK)
		*ret_position = (uint64_t)position;
	return status;
}

enum status register_writer_count(struct register_writer *writer, uint64_t *ret_companies)
{
	int64_t count = 0;
	enum status status = sqlite_db_number(writer->db, writer->db->stmt[COUNT_COMPANIES], &count);

	if (status == STATUS_OK)
		*ret_companies = (uint64_t)count;
	return status;
}
