/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_UPKEEP_H
#define SRC_ADAPTER_SQLITE_UPKEEP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/status.h"
#include "port/clock.h"
#include "sqlite_db.h"

/*
 * The store's background thread: moves the write-ahead log into the database
 * so that no request has to, and removes expired answers in small bites.
 */
struct sqlite_upkeep {
	const char *path;
	struct clock_port clock;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	bool checkpoint_due;
	_Atomic bool asked;   /* keeps on_log() to one wake per round */
	struct sqlite_db *db; /* the thread's */
};

/* path is borrowed. */
enum status sqlite_upkeep_start(struct sqlite_upkeep *upkeep, const char *path, struct clock_port clock) MUST_CHECK;
/* Ends the thread and moves what is left of the log. */
void sqlite_upkeep_stop(struct sqlite_upkeep *upkeep);
/* Told after each commit how many pages the log has; cheap. */
void sqlite_upkeep_log(void *ctx, int pages);

#endif
