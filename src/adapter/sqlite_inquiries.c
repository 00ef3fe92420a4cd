/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_inquiries.h"

#include <stdlib.h>
#include <string.h>

#include "adapter/state_dir.h"
#include "change_hint.h"
#include "sqlite_log_vfs.h"
#include "sqlite_pool.h"

enum statement { PUT, FIND, TAKE, NEXT, COUNT, REMOVE };

/* A lease is the due time moved: what the taker does not put or remove is due again. */
static const char *const statements[] = {
        [PUT] = "INSERT INTO inquiry (key, provider, subject, step, ref, begun_ms, due_ms, polls, tenant, company)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                " ON CONFLICT (key) DO UPDATE SET provider = excluded.provider, subject = excluded.subject,"
                " step = excluded.step, ref = excluded.ref, begun_ms = excluded.begun_ms,"
                " due_ms = excluded.due_ms, polls = excluded.polls, tenant = excluded.tenant,"
                " company = excluded.company",
        [FIND] = "SELECT begun_ms FROM inquiry WHERE key = $1",
        [TAKE] = "UPDATE inquiry SET due_ms = $1"
                 " WHERE key = (SELECT key FROM inquiry WHERE due_ms <= $2 ORDER BY due_ms LIMIT 1)"
                 " RETURNING key, provider, subject, step, ref, begun_ms, due_ms, polls, tenant, company",
        [NEXT] = "SELECT due_ms FROM inquiry ORDER BY due_ms LIMIT 1",
        [COUNT] = "SELECT count(*), min(begun_ms) FROM inquiry",
        [REMOVE] = "DELETE FROM inquiry WHERE key = $1",
};

static enum status count_owner_columns(struct sqlite_db *db, int64_t *ret_count)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(
	        db->handle, "SELECT count(*) FROM pragma_table_info('inquiry') WHERE name = 'tenant'", -1, &stmt, NULL);
	enum status status = sqlite_db_status(db->handle, code);

	if (status == STATUS_OK)
		status = sqlite_db_number(db, stmt, ret_count);
	sqlite3_finalize(stmt);
	return status;
}

/* Files of before reports were kept do not say whose they are: what they order is nobody's. */
static enum status add_owner(struct sqlite_db *db)
{
	int64_t count = 0;
	enum status status = count_owner_columns(db, &count);

	if (status != STATUS_OK || count > 0)
		return status;
	status = sqlite_db_exec(db, "BEGIN IMMEDIATE");
	if (status == STATUS_OK)
		status = count_owner_columns(db, &count); /* perhaps another process was quicker */
	if (status == STATUS_OK && count == 0)
		status = sqlite_db_exec(db, "ALTER TABLE inquiry ADD COLUMN tenant TEXT NOT NULL DEFAULT '';"
		                            "ALTER TABLE inquiry ADD COLUMN company TEXT NOT NULL DEFAULT ''");
	if (status == STATUS_OK)
		status = sqlite_db_exec(db, "COMMIT");
	sqlite_db_rollback(db);
	return status;
}

static const struct sqlite_db_sort sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .vfs = SQLITE_LOG_VFS,
        .pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-512;"
                   "CREATE TABLE IF NOT EXISTS inquiry ("
                   " key BLOB NOT NULL PRIMARY KEY,"
                   " provider TEXT NOT NULL,"
                   " subject BLOB NOT NULL,"
                   " step INTEGER NOT NULL,"
                   " ref TEXT NOT NULL,"
                   " begun_ms BIGINT NOT NULL,"
                   " due_ms BIGINT NOT NULL,"
                   " polls INTEGER NOT NULL);"
                   "CREATE INDEX IF NOT EXISTS inquiry_due ON inquiry (due_ms)",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = add_owner,
};

struct sqlite_inquiries {
	char file[STATE_PATH_MAX];
	struct sqlite_pool pool;
	struct change_hint hint;
};

static enum status put(void *self, struct slice key, const struct inquiry *inquiry)
{
	struct sqlite_inquiries *inquiries = self;
	char mem[MAX_SUBJECT_PACKED];
	struct sqlite_db *db;
	struct buf subject;
	enum status status;

	buf_init(&subject, mem, sizeof(mem));
	status = key.len <= MAX_CACHE_KEY ? subject_pack(&inquiry->subject, &subject) : STATUS_TOO_LARGE;
	if (status == STATUS_OK)
		status = sqlite_pool_take_busy(&inquiries->pool, &db);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = db->stmt[PUT];
	sqlite_db_bind_blob(stmt, 1, key.ptr, key.len);
	sqlite_db_bind_text(stmt, 2, slice_cstr(inquiry->provider));
	sqlite_db_bind_blob(stmt, 3, subject.ptr, subject.len);
	sqlite3_bind_int(stmt, 4, inquiry->step.number);
	sqlite_db_bind_text(stmt, 5, slice_cstr(inquiry->step.ref));
	sqlite3_bind_int64(stmt, 6, inquiry->begun_ms);
	sqlite3_bind_int64(stmt, 7, inquiry->due_ms);
	sqlite3_bind_int64(stmt, 8, inquiry->polls);
	sqlite_db_bind_text(stmt, 9, slice_cstr(inquiry->owner.tenant));
	sqlite_db_bind_text(stmt, 10, slice_cstr(inquiry->owner.company.text));
	status = sqlite_db_run(db, stmt);
	sqlite_pool_give(&inquiries->pool, db);
	if (status == STATUS_OK)
		change_hint_write(&inquiries->hint, (uint64_t)sqlite_db_now_ns());
	return status;
}

static enum status find(void *self, struct slice key, int64_t *ret_begun_ms)
{
	struct sqlite_inquiries *inquiries = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&inquiries->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_blob(db->stmt[FIND], 1, key.ptr, key.len);
	status = sqlite_db_number(db, db->stmt[FIND], ret_begun_ms);
	sqlite_pool_give(&inquiries->pool, db);
	return status;
}

static enum status remove_key(struct sqlite_db *db, struct slice key)
{
	enum status status;

	sqlite_db_bind_blob(db->stmt[REMOVE], 1, key.ptr, key.len);
	status = sqlite_db_run(db, db->stmt[REMOVE]);
	if (status == STATUS_OK && sqlite3_changes(db->handle) == 0)
		status = STATUS_NOT_FOUND;
	return status;
}

static enum status remove_inquiry(void *self, struct slice key)
{
	struct sqlite_inquiries *inquiries = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&inquiries->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = remove_key(db, key);
	sqlite_pool_give(&inquiries->pool, db);
	return status;
}

static enum status read_inquiry(sqlite3_stmt *stmt, struct inquiry *ret_inquiry)
{
	int number = sqlite3_column_int(stmt, 3);

	if (!slice_copy(sqlite_db_column(stmt, 1), ret_inquiry->provider, sizeof(ret_inquiry->provider)) ||
	    !slice_copy(sqlite_db_column(stmt, 4), ret_inquiry->step.ref, sizeof(ret_inquiry->step.ref)) ||
	    !slice_copy(sqlite_db_column(stmt, 8), ret_inquiry->owner.tenant, sizeof(ret_inquiry->owner.tenant)) ||
	    !slice_copy(sqlite_db_column(stmt, 9), ret_inquiry->owner.company.text,
	                sizeof(ret_inquiry->owner.company.text)) ||
	    number < 0 || number > UINT8_MAX)
		return STATUS_CORRUPT;
	ret_inquiry->step.number = (uint8_t)number;
	ret_inquiry->begun_ms = sqlite3_column_int64(stmt, 5);
	ret_inquiry->due_ms = sqlite3_column_int64(stmt, 6);
	ret_inquiry->polls = (uint32_t)sqlite3_column_int64(stmt, 7);
	return subject_unpack(sqlite_db_column(stmt, 2), &ret_inquiry->subject);
}

/* The row that TAKE gives; its change is durable when the statement has come to its end. */
static enum status take_row(struct sqlite_db *db, char *ret_key, size_t *ret_key_len, struct inquiry *ret_inquiry)
{
	sqlite3_stmt *stmt = db->stmt[TAKE];
	enum status status = sqlite_db_first(db, stmt), ended;
	struct slice key;

	if (status == STATUS_OK) {
		key = sqlite_db_column(stmt, 0);
		status = key.len <= MAX_CACHE_KEY ? read_inquiry(stmt, ret_inquiry) : STATUS_CORRUPT;
		*ret_key_len = key.len <= MAX_CACHE_KEY ? key.len : 0;
		if (*ret_key_len)
			memcpy(ret_key, key.ptr, *ret_key_len);
		ended = sqlite_db_first(db, stmt);
		if (ended != STATUS_NOT_FOUND)
			status = ended == STATUS_OK ? STATUS_INTERNAL : ended;
	}
	sqlite3_reset(stmt);
	return status;
}

static enum status take_due(void *self, int64_t now_ms, int64_t lease_ms, char *ret_key, size_t *ret_key_len,
                            struct inquiry *ret_inquiry)
{
	struct sqlite_inquiries *inquiries = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&inquiries->pool, &db);

	/* Only one inquiry that is gone now is told as damaged: who takes them goes on with the next one at once. */
	if (status != STATUS_OK)
		return status == STATUS_CORRUPT ? STATUS_UNAVAILABLE : status;
	*ret_key_len = 0;
	sqlite3_bind_int64(db->stmt[TAKE], 1, now_ms + lease_ms);
	sqlite3_bind_int64(db->stmt[TAKE], 2, now_ms);
	status = take_row(db, ret_key, ret_key_len, ret_inquiry);
	/* One that nobody can read would be due for ever; when it cannot be removed, the file itself is damaged. */
	if (status == STATUS_CORRUPT && remove_key(db, (struct slice){ret_key, *ret_key_len}) != STATUS_OK)
		status = STATUS_UNAVAILABLE;
	sqlite_pool_give(&inquiries->pool, db);
	return status;
}

static enum status next_due(void *self, int64_t *ret_due_ms)
{
	struct sqlite_inquiries *inquiries = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&inquiries->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_number(db, db->stmt[NEXT], ret_due_ms);
	sqlite_pool_give(&inquiries->pool, db);
	return status;
}

static enum status count(void *self, uint64_t *ret_count, int64_t *ret_oldest_ms)
{
	struct sqlite_inquiries *inquiries = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&inquiries->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_count(db, db->stmt[COUNT], ret_count, ret_oldest_ms);
	sqlite_pool_give(&inquiries->pool, db);
	return status;
}

static const struct inquiry_vtable vtable = {
        .put = put, .find = find, .take_due = take_due, .next_due = next_due, .count = count, .remove = remove_inquiry};

enum status sqlite_inquiries_open(const char *file, struct sqlite_inquiries **ret_inquiries)
{
	struct sqlite_inquiries *inquiries = calloc(1, sizeof(*inquiries));
	struct sqlite_db *db;
	enum status status;

	if (!inquiries)
		return STATUS_NO_MEMORY;
	status = sqlite_pool_make_file(file, inquiries->file);
	if (status != STATUS_OK) {
		free(inquiries);
		return status;
	}
	sqlite_pool_init(&inquiries->pool, inquiries->file, &sort);
	change_hint_init(&inquiries->hint, inquiries->file);
	/* Its tables are made now, so that a question is never the first to write; if not, the next to come tries. */
	if (sqlite_pool_take_busy(&inquiries->pool, &db) == STATUS_OK)
		sqlite_pool_give(&inquiries->pool, db);
	*ret_inquiries = inquiries;
	return STATUS_OK;
}

void sqlite_inquiries_close(struct sqlite_inquiries *inquiries)
{
	if (!inquiries)
		return;
	sqlite_pool_finish(&inquiries->pool);
	change_hint_finish(&inquiries->hint);
	free(inquiries);
}

struct inquiry_port sqlite_inquiries_port(struct sqlite_inquiries *inquiries)
{
	return (struct inquiry_port){&vtable, inquiries};
}
