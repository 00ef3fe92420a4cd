/* SPDX-License-Identifier: MIT */
#include "fake_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/maxima.h"

struct entry {
	bool used;
	uint64_t place;
	size_t key_len, value_len;
	int64_t fresh_until_ms, stale_until_ms;
	char key[MAX_CACHE_KEY];
	char value[MAX_CACHE_VALUE];
};

struct fake_cache {
	pthread_mutex_t lock;
	bool broken;
	uint64_t next_place;
	struct cache_stats stats;
	struct entry entries[FAKE_CACHE_ENTRIES];
};

static struct entry *find(struct fake_cache *cache, struct slice key)
{
	for (size_t i = 0; i < FAKE_CACHE_ENTRIES; i++) {
		struct entry *entry = &cache->entries[i];

		if (entry->used && slice_eq(key, (struct slice){entry->key, entry->key_len}))
			return entry;
	}
	return NULL;
}

static struct entry *make_room(struct fake_cache *cache)
{
	struct entry *oldest = &cache->entries[0];

	for (size_t i = 0; i < FAKE_CACHE_ENTRIES; i++) {
		if (!cache->entries[i].used)
			return &cache->entries[i];
		if (cache->entries[i].place < oldest->place)
			oldest = &cache->entries[i];
	}
	cache->stats.evictions++;
	return oldest;
}

static enum cache_state read_entry(const struct entry *entry, int64_t now_ms, struct arena *arena,
                                   struct slice *ret_value)
{
	struct slice copy;

	if (now_ms >= entry->stale_until_ms)
		return CACHE_MISS;
	copy = arena_copy(arena, (struct slice){entry->value, entry->value_len});
	if (copy.ptr == NULL)
		return CACHE_MISS;
	*ret_value = copy;
	return now_ms < entry->fresh_until_ms ? CACHE_FRESH : CACHE_STALE;
}

static enum cache_state get(void *self, struct slice key, int64_t now_ms, struct arena *arena, struct slice *ret_value)
{
	struct fake_cache *cache = self;
	enum cache_state state = CACHE_MISS;
	const struct entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = cache->broken ? NULL : find(cache, key);
	if (entry != NULL)
		state = read_entry(entry, now_ms, arena, ret_value);
	cache->stats.hits += state == CACHE_FRESH;
	cache->stats.stale += state == CACHE_STALE;
	cache->stats.misses += state == CACHE_MISS;
	pthread_mutex_unlock(&cache->lock);
	return state;
}

static void put(void *self, struct slice key, struct slice value, int64_t fresh_until_ms, int64_t stale_until_ms)
{
	struct fake_cache *cache = self;
	struct entry *entry;

	if (key.len > MAX_CACHE_KEY || value.len > MAX_CACHE_VALUE)
		return;
	pthread_mutex_lock(&cache->lock);
	if (!cache->broken) {
		entry = find(cache, key);
		if (entry == NULL)
			entry = make_room(cache);
		*entry = (struct entry){.used = true,
		                        .place = cache->next_place++,
		                        .key_len = key.len,
		                        .value_len = value.len,
		                        .fresh_until_ms = fresh_until_ms,
		                        .stale_until_ms = stale_until_ms};
		memcpy(entry->key, key.ptr, key.len);
		if (value.len > 0)
			memcpy(entry->value, value.ptr, value.len);
		cache->stats.puts++;
	}
	pthread_mutex_unlock(&cache->lock);
}

static void drop(void *self, struct slice key)
{
	struct fake_cache *cache = self;
	struct entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	if (entry != NULL)
		entry->used = false;
	pthread_mutex_unlock(&cache->lock);
}

static void stats(void *self, struct cache_stats *ret_stats)
{
	struct fake_cache *cache = self;

	pthread_mutex_lock(&cache->lock);
	*ret_stats = cache->stats;
	pthread_mutex_unlock(&cache->lock);
}

static const struct cache_vtable vtable = {.get = get, .put = put, .drop = drop, .stats = stats};

struct fake_cache *fake_cache_create(void)
{
	struct fake_cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		abort();
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void fake_cache_destroy(struct fake_cache *cache)
{
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

struct cache_port fake_cache_port(struct fake_cache *cache)
{
	return (struct cache_port){&vtable, cache};
}

void fake_cache_break(struct fake_cache *cache, bool broken)
{
	pthread_mutex_lock(&cache->lock);
	cache->broken = broken;
	pthread_mutex_unlock(&cache->lock);
}
