/* SPDX-License-Identifier: MIT */
#include "sqlite_db.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sqlite_log_vfs.h"

#define BUSY_NAP_NS 100000

static pthread_once_t configured = PTHREAD_ONCE_INIT;

/* Connections never cross threads at the same time, so SQLite need not lock; nobody reads its memory counters. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_initialize() == SQLITE_OK)
		sqlite_log_vfs_register();
}

static int on_busy(void *ctx, int count)
{
	const struct sqlite_db *db = ctx;
	struct timespec nap = {0, BUSY_NAP_NS};

	(void)count;
	if (sqlite_db_now_ns() >= db->busy_until_ns)
		return 0;
	nanosleep(&nap, NULL);
	return 1;
}

static enum status io_status(sqlite3 *handle)
{
	int error = handle != NULL ? sqlite3_system_errno(handle) : 0;

	return error == ENOSPC || error == EDQUOT || error == EFBIG ? STATUS_FULL : STATUS_UNAVAILABLE;
}

/*
 * To SQLite $2 is a name, numbered where it first stands; to PostgreSQL it is
 * the number. Text that serves both has them in rising order.
 */
static bool numbers_rise(sqlite3_stmt *stmt)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, i);
		uint64_t number;

		if (!name || !slice_to_u64(slice_cstr(name + 1), &number) || number != (uint64_t)i)
			return false;
	}
	return true;
}

static enum status prepare(struct sqlite_db *db, const struct sqlite_db_sort *sort)
{
	for (size_t i = 0; i < sort->sql_count; i++) {
		int code = sqlite3_prepare_v3(db->handle, sort->sql[i], -1, SQLITE_PREPARE_PERSISTENT, &db->stmt[i],
		                              NULL);

		if (code != SQLITE_OK)
			return sqlite_db_status(db->handle, code);
		if (!numbers_rise(db->stmt[i]))
			return STATUS_INTERNAL;
	}
	return STATUS_OK;
}

int64_t sqlite_db_now_ns(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

enum status sqlite_db_status(sqlite3 *handle, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return STATUS_OK;
	case SQLITE_FULL:
		return STATUS_FULL;
	case SQLITE_IOERR:
		return io_status(handle);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return STATUS_UNAVAILABLE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STATUS_CORRUPT;
	case SQLITE_NOMEM:
		return STATUS_NO_MEMORY;
	case SQLITE_TOOBIG:
		return STATUS_TOO_LARGE;
	case SQLITE_CONSTRAINT:
		return STATUS_MISMATCH;
	default:
		return STATUS_INTERNAL;
	}
}

enum status sqlite_db_open(const char *path, const struct sqlite_db_sort *sort, struct sqlite_db **ret_db)
{
	struct sqlite_db *db = calloc(1, sizeof(*db));
	int code, keep_log = sort->keep_log;
	enum status status;

	if (db == NULL)
		return STATUS_NO_MEMORY;
	pthread_once(&configured, configure);
	db->busy_until_ns = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;
	code = sqlite3_open_v2(path, &db->handle, sort->flags | SQLITE_OPEN_NOMUTEX, sort->vfs);
	status = sqlite_db_status(db->handle, code);
	if (status == STATUS_OK) {
		sqlite3_extended_result_codes(db->handle, 1);
		sqlite3_busy_handler(db->handle, on_busy, db);
		sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_log);
		if (sort->pragmas != NULL)
			status = sqlite_db_exec(db, sort->pragmas);
	}
	if (status == STATUS_OK && sort->check != NULL)
		status = sort->check(db);
	if (status == STATUS_OK)
		status = prepare(db, sort);
	if (status != STATUS_OK) {
		sqlite_db_close(db);
		return status;
	}
	*ret_db = db;
	return STATUS_OK;
}

void sqlite_db_close(struct sqlite_db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < SQLITE_DB_STATEMENTS; i++)
		sqlite3_finalize(db->stmt[i]);
	sqlite3_close(db->handle);
	free(db->extra);
	free(db);
}

enum status sqlite_db_exec(struct sqlite_db *db, const char *sql)
{
	return sqlite_db_status(db->handle, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

enum status sqlite_db_run(struct sqlite_db *db, sqlite3_stmt *stmt)
{
	enum status status = sqlite_db_status(db->handle, sqlite3_step(stmt));

	sqlite3_reset(stmt);
	return status;
}

enum status sqlite_db_first(struct sqlite_db *db, sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);

	if (code == SQLITE_DONE)
		return STATUS_NOT_FOUND;
	return sqlite_db_status(db->handle, code);
}

enum status sqlite_db_number(struct sqlite_db *db, sqlite3_stmt *stmt, int64_t *ret_number)
{
	enum status status = sqlite_db_first(db, stmt);

	if (status == STATUS_OK)
		*ret_number = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return status;
}

enum status sqlite_db_count(struct sqlite_db *db, sqlite3_stmt *stmt, uint64_t *ret_count, int64_t *ret_least)
{
	enum status status = sqlite_db_first(db, stmt);

	if (status == STATUS_OK) {
		*ret_count = (uint64_t)sqlite3_column_int64(stmt, 0);
		*ret_least = sqlite3_column_int64(stmt, 1);
	}
	sqlite3_reset(stmt);
	return status;
}

void sqlite_db_rollback(struct sqlite_db *db)
{
	if (sqlite3_get_autocommit(db->handle) == 0)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

void sqlite_db_bind_text(sqlite3_stmt *stmt, int index, struct slice text)
{
	if (text.ptr == NULL)
		sqlite3_bind_null(stmt, index);
	else
		sqlite3_bind_text(stmt, index, text.ptr, (int)text.len, SQLITE_STATIC);
}

void sqlite_db_bind_blob(sqlite3_stmt *stmt, int index, const void *bytes, size_t len)
{
	sqlite3_bind_blob(stmt, index, bytes, (int)len, SQLITE_STATIC);
}

struct slice sqlite_db_column(sqlite3_stmt *stmt, int index)
{
	const char *ptr = sqlite3_column_blob(stmt, index);
	int len = sqlite3_column_bytes(stmt, index);

	return (struct slice){ptr, ptr == NULL || len < 0 ? 0 : (size_t)len};
}

bool sqlite_db_column_digest(sqlite3_stmt *stmt, int index, uint8_t ret_digest[32])
{
	struct slice bytes = sqlite_db_column(stmt, index);

	if (bytes.len != 32)
		return false;
	memcpy(ret_digest, bytes.ptr, 32);
	return true;
}
