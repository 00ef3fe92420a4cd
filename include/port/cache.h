/* SPDX-License-Identifier: MIT */
#ifndef PORT_CACHE_H
#define PORT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * Values that may vanish at any moment: absent, stale, full or corrupt costs
 * speed and never fails a request, so no slot returns a status. Keys are at
 * most MAX_CACHE_KEY bytes, values MAX_CACHE_VALUE; longer ones are not kept.
 */
struct cache_port {
	const struct cache_vtable *vtable;
	void *self;
};

/* First byte of every key, so that no two users meet. A value of another shape gets a new number. */
enum cache_kind {
	CACHE_REGISTER = 1, /* what the register says; 2 was used for what is now 4 */
	CACHE_CHECKED = 3,  /* for how much a tenant last had a company checked */
	CACHE_PROVIDER = 4  /* what a provider says */
};

enum cache_state {
	CACHE_MISS,
	CACHE_FRESH, /* now < fresh_until */
	CACHE_STALE  /* fresh_until <= now < stale_until: usable, ask again beside it */
};

struct cache_stats {
	uint64_t hits, stale, misses, puts, evictions, faults;
};

struct cache_vtable {
	/* The value is copied into the arena. A value whose stored key or check sum differs is a miss. */
	enum cache_state (*get)(void *self, struct slice key, int64_t now_ms, struct arena *arena,
	                        struct slice *ret_value);
	/* fresh_until_ms <= stale_until_ms; replaces. */
	void (*put)(void *self, struct slice key, struct slice value, int64_t fresh_until_ms, int64_t stale_until_ms);
	void (*drop)(void *self, struct slice key);
	/* Whether what was put last under the key can be had by other processes by now; NULL: always. */
	bool (*settled)(void *self, struct slice key);
	void (*stats)(void *self, struct cache_stats *ret_stats);
};

#endif
