/* SPDX-License-Identifier: MIT */
#include "sqlite_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static struct sqlite_db *take_idle(struct sqlite_pool *pool)
{
	struct sqlite_db *db = pool->idle;

	if (db != NULL)
		pool->idle = db->next;
	return db;
}

enum status sqlite_pool_make_file(const char *file, char ret_path[STATE_PATH_MAX])
{
	int fd;

	if (!slice_copy(slice_cstr(file), ret_path, STATE_PATH_MAX))
		return STATUS_TOO_LARGE;
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == ENOSPC ? STATUS_FULL : STATUS_UNAVAILABLE;
	close(fd);
	return STATUS_OK;
}

void sqlite_pool_init(struct sqlite_pool *pool, const char *path, const struct sqlite_db_sort *sort)
{
	pthread_mutex_init(&pool->lock, NULL);
	pool->path = path;
	pool->sort = sort;
	pool->idle = NULL;
	pool->open = 0;
	pool->epoch = 0;
}

void sqlite_pool_finish(struct sqlite_pool *pool)
{
	sqlite_pool_renew(pool);
	pthread_mutex_destroy(&pool->lock);
}

enum status sqlite_pool_take(struct sqlite_pool *pool, struct sqlite_db **ret_db)
{
	struct sqlite_db *db;
	enum status status;
	uint64_t epoch;

	pthread_mutex_lock(&pool->lock);
	db = take_idle(pool);
	epoch = pool->epoch;
	if (db == NULL && pool->open >= SQLITE_POOL_MAX) {
		pthread_mutex_unlock(&pool->lock);
		return STATUS_UNAVAILABLE;
	}
	if (db == NULL)
		pool->open++;
	pthread_mutex_unlock(&pool->lock);

	if (db == NULL) {
		status = sqlite_db_open(pool->path, pool->sort, &db);
		if (status != STATUS_OK) {
			pthread_mutex_lock(&pool->lock);
			pool->open--;
			pthread_mutex_unlock(&pool->lock);
			return status;
		}
		db->epoch = epoch;
	}
	db->next = NULL;
	*ret_db = db;
	return STATUS_OK;
}

enum status sqlite_pool_take_busy(struct sqlite_pool *pool, struct sqlite_db **ret_db)
{
	enum status status = sqlite_pool_take(pool, ret_db);

	if (status == STATUS_OK)
		(*ret_db)->busy_until_ns = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;
	return status;
}

void sqlite_pool_give(struct sqlite_pool *pool, struct sqlite_db *db)
{
	bool keep;

	pthread_mutex_lock(&pool->lock);
	keep = db->epoch == pool->epoch;
	if (keep) {
		db->next = pool->idle;
		pool->idle = db;
	} else {
		pool->open--;
	}
	pthread_mutex_unlock(&pool->lock);
	if (!keep)
		sqlite_db_close(db);
}

void sqlite_pool_renew(struct sqlite_pool *pool)
{
	struct sqlite_db *db, *next;

	pthread_mutex_lock(&pool->lock);
	db = pool->idle;
	pool->idle = NULL;
	pool->epoch++;
	for (const struct sqlite_db *each = db; each != NULL; each = each->next)
		pool->open--;
	pthread_mutex_unlock(&pool->lock);
	for (; db != NULL; db = next) {
		next = db->next;
		sqlite_db_close(db);
	}
}
