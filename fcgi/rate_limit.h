/* SPDX-License-Identifier: MIT */
#ifndef FCGI_RATE_LIMIT_H
#define FCGI_RATE_LIMIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define RATE_LIMIT_SLOTS 4096

/*
 * So many requests per window and address, counted in a table of fixed size:
 * addresses that fall into one slot share it, so a full table makes the limit
 * stricter and never larger. Only a keyed hash of the address is kept.
 */
struct rate_limit {
	pthread_mutex_t lock;
	uint64_t seed;
	uint32_t quota;
	int64_t window_ms;
	struct rate_slot {
		int64_t until_ms; /* end of the window that counts */
		uint32_t used;
	} slots[RATE_LIMIT_SLOTS];
};

struct rate_verdict {
	bool allowed;
	uint32_t remaining;
	uint32_t reset_s; /* whole seconds until the quota is whole again, rounded up */
};

void rate_limit_init(struct rate_limit *limit, uint32_t quota, int64_t window_ms, uint64_t seed);
/* Counts one request. Callable from any thread. */
struct rate_verdict rate_limit_take(struct rate_limit *limit, struct slice address, int64_t now_ms);

#endif
