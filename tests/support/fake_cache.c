/* SPDX-License-Identifier: MIT */
#include "fake_cache.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "adapter/memory_cache.h"
#include "fake_clock.h"

/* The cache of one process, with a switch that breaks it. */
struct fake_cache {
	struct fake_clock clock;
	struct memory_cache *memory;
	struct cache_port port;
	atomic_bool broken;
};

static enum cache_state get(void *self, struct slice key, int64_t now_ms, struct arena *arena, struct slice *ret_value)
{
	struct fake_cache *cache = self;

	/* Even a miss is counted, as the file that is gone would count it. */
	return cache->port.vtable->get(cache->port.self, cache->broken ? SLICE_NONE : key, now_ms, arena, ret_value);
}

static void put(void *self, struct slice key, struct slice value, int64_t fresh_until_ms, int64_t stale_until_ms)
{
	struct fake_cache *cache = self;

	if (!cache->broken)
		cache->port.vtable->put(cache->port.self, key, value, fresh_until_ms, stale_until_ms);
}

static void drop(void *self, struct slice key)
{
	struct fake_cache *cache = self;

	cache->port.vtable->drop(cache->port.self, key);
}

static void stats(void *self, struct cache_stats *ret_stats)
{
	struct fake_cache *cache = self;

	cache->port.vtable->stats(cache->port.self, ret_stats);
}

static const struct cache_vtable vtable = {.get = get, .put = put, .drop = drop, .stats = stats};

struct fake_cache *fake_cache_create(void)
{
	struct fake_cache *cache = calloc(1, sizeof(*cache));

	if (!cache || memory_cache_open(fake_clock_port(&cache->clock), FAKE_CACHE_ENTRIES, INT64_MAX,
	                                &cache->memory) != STATUS_OK)
		abort();
	cache->port = memory_cache_port(cache->memory);
	return cache;
}

void fake_cache_destroy(struct fake_cache *cache)
{
	memory_cache_close(cache->memory);
	free(cache);
}

struct cache_port fake_cache_port(struct fake_cache *cache)
{
	return (struct cache_port){&vtable, cache};
}

void fake_cache_break(struct fake_cache *cache, bool broken)
{
	cache->broken = broken;
}
