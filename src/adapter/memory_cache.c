/* SPDX-License-Identifier: MIT */
#include "adapter/memory_cache.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/maxima.h"

struct entry {
	bool used;
	size_t key_len, value_len;
	int64_t fresh_until_ms, stale_until_ms;
	uint64_t place; /* in the order of age */
	char key[MAX_CACHE_KEY];
	char value[MAX_CACHE_VALUE];
};

struct memory_cache {
	struct clock_port clock;
	int64_t life_ms;
	pthread_mutex_t lock;
	uint64_t next_place;
	struct cache_stats stats;
	size_t count;
	struct entry entries[];
};

/* With the lock held. */
static struct entry *find(struct memory_cache *cache, struct slice key)
{
	for (size_t i = 0; i < cache->count; i++) {
		struct entry *entry = &cache->entries[i];

		if (entry->used && slice_eq(key, (struct slice){entry->key, entry->key_len}))
			return entry;
	}
	return NULL;
}

/* With the lock held. */
static struct entry *make_room(struct memory_cache *cache)
{
	struct entry *oldest = &cache->entries[0];

	for (size_t i = 0; i < cache->count; i++) {
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
	if (!copy.ptr)
		return CACHE_MISS;
	*ret_value = copy;
	return now_ms < entry->fresh_until_ms ? CACHE_FRESH : CACHE_STALE;
}

static enum cache_state get(void *self, struct slice key, int64_t now_ms, struct arena *arena, struct slice *ret_value)
{
	struct memory_cache *cache = self;
	enum cache_state state = CACHE_MISS;
	const struct entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	if (entry)
		state = read_entry(entry, now_ms, arena, ret_value);
	cache->stats.hits += state == CACHE_FRESH;
	cache->stats.stale += state == CACHE_STALE;
	cache->stats.misses += state == CACHE_MISS;
	pthread_mutex_unlock(&cache->lock);
	return state;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void put(void *self, struct slice key, struct slice value, int64_t fresh_until_ms, int64_t stale_until_ms)
{
	struct memory_cache *cache = self;
	int64_t end_ms = cache->clock.vtable->now_ms(cache->clock.self) + cache->life_ms;
	struct entry *entry;

	if (key.len > MAX_CACHE_KEY || value.len > MAX_CACHE_VALUE)
		return;
	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	if (!entry)
		entry = make_room(cache);
	entry->used = true;
	entry->key_len = key.len;
	entry->value_len = value.len;
	entry->fresh_until_ms = sooner(fresh_until_ms, end_ms);
	entry->stale_until_ms = sooner(stale_until_ms, end_ms);
	entry->place = cache->next_place++;
	memcpy(entry->key, key.ptr, key.len);
	if (value.len > 0)
		memcpy(entry->value, value.ptr, value.len);
	cache->stats.puts++;
	pthread_mutex_unlock(&cache->lock);
}

static void drop(void *self, struct slice key)
{
	struct memory_cache *cache = self;
	struct entry *entry;

	pthread_mutex_lock(&cache->lock);
	entry = find(cache, key);
	if (entry)
		entry->used = false;
	pthread_mutex_unlock(&cache->lock);
}

static void stats(void *self, struct cache_stats *ret_stats)
{
	struct memory_cache *cache = self;

	pthread_mutex_lock(&cache->lock);
	*ret_stats = cache->stats;
	pthread_mutex_unlock(&cache->lock);
}

static const struct cache_vtable vtable = {.get = get, .put = put, .drop = drop, .stats = stats};

enum status memory_cache_open(struct clock_port clock, size_t entries, int64_t life_ms, struct memory_cache **ret_cache)
{
	struct memory_cache *cache = calloc(1, sizeof(*cache) + entries * sizeof(cache->entries[0]));

	if (!cache)
		return STATUS_NO_MEMORY;
	cache->clock = clock;
	cache->count = entries;
	cache->life_ms = life_ms;
	pthread_mutex_init(&cache->lock, NULL);
	*ret_cache = cache;
	return STATUS_OK;
}

void memory_cache_close(struct memory_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

struct cache_port memory_cache_port(struct memory_cache *cache)
{
	return (struct cache_port){&vtable, cache};
}
