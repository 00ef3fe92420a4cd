/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_CLAIM_H
#define SRC_ADAPTER_SQLITE_CLAIM_H

#include <pthread.h>
#include <stdint.h>

#include "base/status.h"

#define SQLITE_CLAIM_MAX 512 /* idempotency keys being answered at a time by one process */

/*
 * Mutual exclusion on 62-bit numbers among threads and processes: each claim
 * locks the byte at that offset of a lock file through an open file
 * description of its own, so threads exclude each other too and the kernel
 * releases everything a dead process held.
 */
struct sqlite_claims {
	const char *path;
	pthread_mutex_t lock;
	int free_count;
	int free[SQLITE_CLAIM_MAX]; /* stack of free slots */
	int fd[SQLITE_CLAIM_MAX];   /* by slot, -1 = not open yet */
	int64_t offset[SQLITE_CLAIM_MAX];
};

/* path is borrowed. */
enum status sqlite_claims_init(struct sqlite_claims *claims, const char *path) MUST_CHECK;
void sqlite_claims_finish(struct sqlite_claims *claims);
/* STATUS_RUNNING: somebody holds it; STATUS_UNAVAILABLE: too many at a time. */
enum status sqlite_claims_take(struct sqlite_claims *claims, int64_t offset, int *ret_claim) MUST_CHECK;
void sqlite_claims_give(struct sqlite_claims *claims, int claim);

#endif
