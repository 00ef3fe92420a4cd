/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_POOL_H
#define SRC_ADAPTER_SQLITE_POOL_H

#include <pthread.h>
#include <stdint.h>

#include "adapter/state_dir.h"
#include "base/status.h"
#include "sqlite_db.h"

/* Connections for many threads, opened when needed, at most SQLITE_POOL_MAX. */
#define SQLITE_POOL_MAX 128

struct sqlite_pool {
	pthread_mutex_t lock;
	const char *path;
	const struct sqlite_db_sort *sort;
	struct sqlite_db *idle;
	unsigned open;
	uint64_t epoch;
};

/*
 * An empty file of mode 0600 unless it is there, and its path where the pool can borrow it. STATUS_TOO_LARGE,
 * STATUS_FULL, STATUS_UNAVAILABLE.
 */
enum status sqlite_pool_make_file(const char *file, char ret_path[STATE_PATH_MAX]) MUST_CHECK;
void sqlite_pool_init(struct sqlite_pool *pool, const char *path, const struct sqlite_db_sort *sort);
void sqlite_pool_finish(struct sqlite_pool *pool);
enum status sqlite_pool_take(struct sqlite_pool *pool, struct sqlite_db **ret_db) MUST_CHECK;
/* The same, for statements that may wait for other writers, SQLITE_DB_BUSY_NS from now at most. */
enum status sqlite_pool_take_busy(struct sqlite_pool *pool, struct sqlite_db **ret_db) MUST_CHECK;
void sqlite_pool_give(struct sqlite_pool *pool, struct sqlite_db *db);
/* Connections opened before this are closed instead of reused: the file was replaced. */
void sqlite_pool_renew(struct sqlite_pool *pool);

#endif
