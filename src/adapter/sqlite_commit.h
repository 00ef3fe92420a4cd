/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_COMMIT_H
#define SRC_ADAPTER_SQLITE_COMMIT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/deadline.h"
#include "base/status.h"
#include "chain_head.h"
#include "port/crypto.h"
#include "port/store.h"
#include "sqlite_db.h"

/*
 * Group commit by a thread of its own: it takes everything queued, writes it
 * in one transaction, tells everybody in it, and goes on with those that
 * queued up meanwhile. So a batch is all that arrived during the last commit,
 * nobody who queues up waits for the disk, and the writer's pages stay in one
 * processor's cache.
 */
struct sqlite_commit {
	struct crypto_port crypto;
	const char *path;
	pthread_mutex_t lock; /* the queue and "stop" */
	pthread_cond_t queued;
	struct commit_job *first;
	struct commit_job *last;
	bool stop;
	bool started;
	pthread_t thread;
	/* the thread's, once it runs */
	struct sqlite_db *writer; /* NULL after a failure, reopened by the next batch */
	struct chain_heads heads;
	unsigned data_version;
	uint32_t batch;
	ino_t inode; /* of the file opened */
	dev_t device;
	/* anybody's */
	void (*on_log)(void *ctx, int pages); /* length of the write-ahead log after a commit */
	void *on_log_ctx;
	_Atomic uint64_t commits;
	_Atomic uint64_t decisions;
	_Atomic uint64_t commit_ns;
	_Atomic uint64_t failures;
};

/* path is borrowed. */
enum status sqlite_commit_init(struct sqlite_commit *commit, const char *path, struct crypto_port crypto) MUST_CHECK;
void sqlite_commit_finish(struct sqlite_commit *commit);
/* port/store.h: append. */
enum status sqlite_commit_append(struct sqlite_commit *commit, const struct store_decision *decision,
                                 struct deadline deadline) MUST_CHECK;
/* port/store.h: begin_append. */
void sqlite_commit_begin(struct sqlite_commit *commit, const struct store_decision *decision, struct deadline deadline,
                         struct arena *arena, struct store_done done);
/* port/store.h: expire. */
void sqlite_commit_expire(struct sqlite_commit *commit);
/* Where the row of tenant + idempotency key is looked up. */
int64_t sqlite_commit_answer_hash(const struct crypto_port *crypto, struct slice tenant, struct slice key);

#endif
