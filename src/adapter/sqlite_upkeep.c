/* SPDX-License-Identifier: MIT */
#include "sqlite_upkeep.h"

#include <string.h>
#include <time.h>

#include "sqlite_schema.h"

/*
 * From LOG_PAGES on the log is moved while commits go on; that alone never
 * finishes under constant load, so when a pass leaves little behind, one more
 * pass holds the write lock for that rest, and the log begins anew. Bounds
 * the log to some ten times LOG_PAGES and the stall to about a millisecond.
 */
#define LOG_PAGES  512
#define REST_PAGES 64
#define MAX_PASSES 8

#define RESTART_NS INT64_C(20000000) /* commits wait while readers of the old log are waited for: rather try later */

#define PRUNE_EVERY_S 30
#define PRUNE_ROWS    512 /* per transaction: how long others may wait for it */

enum statement { PRUNE };

static const char *const statements[] = {
        [PRUNE] = "DELETE FROM answer WHERE pos IN (SELECT pos FROM answer ORDER BY pos LIMIT $1) AND expires_ms <= $2",
};

static const struct sqlite_db_sort sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .pragmas = "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-1024",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = sqlite_schema_check_store,
};

static bool open_db(struct sqlite_upkeep *upkeep)
{
	return upkeep->db != NULL || sqlite_db_open(upkeep->path, &sort, &upkeep->db) == STATUS_OK;
}

static void close_db(struct sqlite_upkeep *upkeep)
{
	sqlite_db_close(upkeep->db);
	upkeep->db = NULL;
}

/* Pages the log holds beyond what is moved; negative: it could not be done now. */
static int checkpoint(struct sqlite_upkeep *upkeep, int mode, int64_t busy_ns)
{
	int log = 0, moved = 0, code;

	upkeep->db->busy_until_ns = sqlite_db_now_ns() + busy_ns;
	code = sqlite3_wal_checkpoint_v2(upkeep->db->handle, NULL, mode, &log, &moved);
	if (code != SQLITE_OK)
		return -1;
	return log - moved;
}

/* What has been moved reaches the disk while commits go on, and not when the last pass holds the write lock. */
static void sync_moved(struct sqlite_upkeep *upkeep)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(upkeep->db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
	    file != NULL && file->pMethods != NULL)
		(void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static void move_log(struct sqlite_upkeep *upkeep)
{
	int rest;

	if (!open_db(upkeep))
		return;
	for (int pass = 0; pass < MAX_PASSES; pass++) {
		rest = checkpoint(upkeep, SQLITE_CHECKPOINT_PASSIVE, RESTART_NS);
		if (rest < 0) {
			close_db(upkeep);
			return;
		}
		sync_moved(upkeep);
		if (rest < REST_PAGES && pass > 0)
			break;
	}
	(void)checkpoint(upkeep, SQLITE_CHECKPOINT_RESTART, RESTART_NS);
}

static void prune(struct sqlite_upkeep *upkeep)
{
	int64_t now_ms = upkeep->clock.vtable->now_ms(upkeep->clock.self);
	enum status status;
	int deleted;

	if (!open_db(upkeep))
		return;
	do {
		sqlite3_stmt *stmt = upkeep->db->stmt[PRUNE];

		upkeep->db->busy_until_ns = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;
		sqlite3_bind_int(stmt, 1, PRUNE_ROWS);
		sqlite3_bind_int64(stmt, 2, now_ms);
		status = sqlite_db_run(upkeep->db, stmt);
		deleted = sqlite3_changes(upkeep->db->handle);
	} while (status == STATUS_OK && deleted == PRUNE_ROWS);
	if (status != STATUS_OK)
		close_db(upkeep);
}

/* Until there is work: true = the log, false = time to prune. */
static bool wait_for_work(struct sqlite_upkeep *upkeep, bool *ret_stop)
{
	struct timespec until;
	bool due;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PRUNE_EVERY_S;
	pthread_mutex_lock(&upkeep->lock);
	while (!upkeep->stop && !upkeep->checkpoint_due)
		if (pthread_cond_timedwait(&upkeep->wake, &upkeep->lock, &until) != 0)
			break;
	due = upkeep->checkpoint_due;
	upkeep->checkpoint_due = false;
	*ret_stop = upkeep->stop;
	pthread_mutex_unlock(&upkeep->lock);
	return due;
}

static void *run(void *ctx)
{
	struct sqlite_upkeep *upkeep = ctx;
	int64_t prune_at_ns = 0;
	bool stop;

	do {
		if (sqlite_db_now_ns() >= prune_at_ns) {
			prune(upkeep);
			prune_at_ns = sqlite_db_now_ns() + INT64_C(1000000000) * PRUNE_EVERY_S;
		}
		if (wait_for_work(upkeep, &stop)) {
			move_log(upkeep);
			atomic_store(&upkeep->asked, false);
		}
	} while (!stop);
	return NULL;
}

enum status sqlite_upkeep_start(struct sqlite_upkeep *upkeep, const char *path, struct clock_port clock)
{
	pthread_condattr_t attr;

	memset(upkeep, 0, sizeof(*upkeep));
	upkeep->path = path;
	upkeep->clock = clock;
	pthread_mutex_init(&upkeep->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&upkeep->wake, &attr);
	pthread_condattr_destroy(&attr);
	upkeep->started = pthread_create(&upkeep->thread, NULL, run, upkeep) == 0;
	return upkeep->started ? STATUS_OK : STATUS_NO_MEMORY;
}

void sqlite_upkeep_stop(struct sqlite_upkeep *upkeep)
{
	if (upkeep->started) {
		pthread_mutex_lock(&upkeep->lock);
		upkeep->stop = true;
		pthread_cond_signal(&upkeep->wake);
		pthread_mutex_unlock(&upkeep->lock);
		pthread_join(upkeep->thread, NULL);
	}
	if (upkeep->path != NULL && open_db(upkeep))
		(void)checkpoint(upkeep, SQLITE_CHECKPOINT_TRUNCATE, SQLITE_DB_BUSY_NS);
	close_db(upkeep);
	pthread_cond_destroy(&upkeep->wake);
	pthread_mutex_destroy(&upkeep->lock);
}

void sqlite_upkeep_log(void *ctx, int pages)
{
	struct sqlite_upkeep *upkeep = ctx;

	if (pages < LOG_PAGES || atomic_exchange(&upkeep->asked, true))
		return;
	pthread_mutex_lock(&upkeep->lock);
	upkeep->checkpoint_due = true;
	pthread_cond_signal(&upkeep->wake);
	pthread_mutex_unlock(&upkeep->lock);
}
