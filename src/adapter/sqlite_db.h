/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_DB_H
#define SRC_ADAPTER_SQLITE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"

#define SQLITE_DB_STATEMENTS 24

struct sqlite_db;

/* What every connection of one sort has in common. */
struct sqlite_db_sort {
	int flags;              /* SQLITE_OPEN_..., without the mutex flags */
	const char *vfs;        /* NULL = SQLite's own */
	const char *pragmas;    /* executed once, NULL = none */
	const char *const *sql; /* prepared once, in this order */
	size_t sql_count;
	enum status (*check)(struct sqlite_db *db); /* is it our file? asked before preparing; NULL = not asked */
	bool keep_log; /* the log and its index outlive the last close: readers without write permission need them */
};

/* A connection with its statements; used by one thread at a time. */
struct sqlite_db {
	sqlite3 *handle;
	sqlite3_stmt *stmt[SQLITE_DB_STATEMENTS];
	int64_t busy_until_ns; /* monotonic; a lock held longer is STATUS_UNAVAILABLE */
	uint64_t epoch;        /* of the pool it belongs to */
	void *extra;           /* the user's, freed with the connection */
	struct sqlite_db *next;
};

#define SQLITE_DB_BUSY_NS INT64_C(2000000000) /* when a caller gives no time of its own */

int64_t sqlite_db_now_ns(void);
/* What a result code means to the caller; looks at errno behind an I/O error. */
enum status sqlite_db_status(sqlite3 *handle, int code);
enum status sqlite_db_open(const char *path, const struct sqlite_db_sort *sort, struct sqlite_db **ret_db) MUST_CHECK;
void sqlite_db_close(struct sqlite_db *db); /* NULL is fine */
enum status sqlite_db_exec(struct sqlite_db *db, const char *sql) MUST_CHECK;
/* Steps a statement that yields no rows, and resets it. */
enum status sqlite_db_run(struct sqlite_db *db, sqlite3_stmt *stmt) MUST_CHECK;
/* Steps to the first row: OK with a row, NOT_FOUND without. The caller resets. */
enum status sqlite_db_first(struct sqlite_db *db, sqlite3_stmt *stmt) MUST_CHECK;
/* Reads one integer; the statement is reset. NOT_FOUND: no row. */
enum status sqlite_db_number(struct sqlite_db *db, sqlite3_stmt *stmt, int64_t *ret_number) MUST_CHECK;
/* Reads "SELECT count(*), min(...)": 0 is the least of nothing. The statement is reset. */
enum status sqlite_db_count(struct sqlite_db *db, sqlite3_stmt *stmt, uint64_t *ret_count,
                            int64_t *ret_least) MUST_CHECK;
/* Ends whatever transaction is open. */
void sqlite_db_rollback(struct sqlite_db *db);

/* Borrowed by the statement until it is reset. */
void sqlite_db_bind_text(sqlite3_stmt *stmt, int index, struct slice text);
void sqlite_db_bind_blob(sqlite3_stmt *stmt, int index, const void *bytes, size_t len);
/* Borrowed from the statement until it moves. */
struct slice sqlite_db_column(sqlite3_stmt *stmt, int index);
bool sqlite_db_column_digest(sqlite3_stmt *stmt, int index, uint8_t ret_digest[32]);

#endif
