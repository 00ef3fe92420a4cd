/* SPDX-License-Identifier: MIT */
#include "rate_limit.h"

#include <string.h>

#include "base/hash.h"

static uint64_t mix(uint64_t hash, uint64_t seed)
{
	hash ^= seed;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/* Of an IPv6 address the /64 counts: one household or server has that many. */
static struct slice network_of(struct slice address)
{
	unsigned groups = 0;

	for (size_t i = 0; i < address.len; i++)
		if (address.ptr[i] == ':' && ++groups == 4)
			return (struct slice){address.ptr, i};
	return address;
}

void rate_limit_init(struct rate_limit *limit, uint32_t quota, int64_t window_ms, uint64_t seed)
{
	memset(limit, 0, sizeof(*limit));
	pthread_mutex_init(&limit->lock, NULL);
	limit->quota = quota;
	limit->window_ms = window_ms;
	limit->seed = seed;
}

struct rate_verdict rate_limit_take(struct rate_limit *limit, struct slice address, int64_t now_ms)
{
	uint64_t hash = mix(hash_fnv64(network_of(address)), limit->seed);
	struct rate_slot *slot = &limit->slots[hash % RATE_LIMIT_SLOTS];
	struct rate_verdict verdict;

	pthread_mutex_lock(&limit->lock);
	if (now_ms >= slot->until_ms || slot->until_ms > now_ms + limit->window_ms) {
		slot->until_ms = now_ms + limit->window_ms;
		slot->used = 0;
	}
	verdict.allowed = slot->used < limit->quota;
	slot->used += verdict.allowed;
	verdict.remaining = limit->quota - slot->used;
	verdict.reset_s = (uint32_t)((slot->until_ms - now_ms + 999) / 1000);
	pthread_mutex_unlock(&limit->lock);
	return verdict;
}
