/* SPDX-License-Identifier: MIT */
#include "adapter/lmdb_cache.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapter/state_dir.h"
#include "cache_ring.h"
#include "lmdb_file.h"
#include "lmdb_reader.h"
#include "lmdb_writer.h"

struct lmdb_cache {
	char dir[STATE_PATH_MAX];
	char path[STATE_PATH_MAX];
	struct cache_ring ring;
	struct lmdb_reader reader;
	pid_t writer; /* 0 = none: nothing is ever kept */
	_Atomic uint64_t hits;
	_Atomic uint64_t stale;
	_Atomic uint64_t misses;
	_Atomic uint64_t puts;
	_Atomic uint64_t faults;
};

static void count(_Atomic uint64_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static enum cache_state judge_age(struct lmdb_cache *cache, int64_t now_ms, int64_t fresh_until_ms,
                                  int64_t stale_until_ms)
{
	if (now_ms < fresh_until_ms) {
		count(&cache->hits);
		return CACHE_FRESH;
	}
	if (now_ms < stale_until_ms) {
		count(&cache->stale);
		return CACHE_STALE;
	}
	count(&cache->misses);
	return CACHE_MISS;
}

static enum cache_state get(void *self, struct slice key, int64_t now_ms, struct arena *arena, struct slice *ret_value)
{
	struct lmdb_cache *cache = self;
	struct cache_waiting_put put = {0};
	struct lmdb_reading reading = {0};
	enum cache_state state = CACHE_MISS;
	enum lmdb_read read = LMDB_READ_NONE;
	enum cache_waiting waiting = CACHE_WAITS_DROP;

	if (key.len <= MAX_CACHE_KEY)
		waiting = cache_ring_find(&cache->ring, key, arena, &put);
	if (waiting == CACHE_WAITS_PUT)
		reading = (struct lmdb_reading){put.value, put.fresh_until_ms, put.stale_until_ms};
	else if (waiting == CACHE_WAITS_NOT)
		read = lmdb_reader_get(&cache->reader, key, arena, &reading);
	if (read == LMDB_READ_FAULT) {
		count(&cache->faults);
		cache_ring_report(&cache->ring);
	}
	/* nothing found is as old as can be */
	state = judge_age(cache, now_ms, reading.value.ptr != NULL ? reading.fresh_until_ms : INT64_MIN,
	                  reading.value.ptr != NULL ? reading.stale_until_ms : INT64_MIN);
	if (state != CACHE_MISS)
		*ret_value = reading.value;
	return state;
}

static void put(void *self, struct slice key, struct slice value, int64_t fresh_until_ms, int64_t stale_until_ms)
{
	struct lmdb_cache *cache = self;
	const struct cache_write write = {CACHE_OP_PUT, key, value, fresh_until_ms, stale_until_ms};

	if (key.len > MAX_CACHE_KEY || value.len > MAX_CACHE_VALUE || cache->writer == 0)
		return;
	if (cache_ring_push(&cache->ring, &write))
		count(&cache->puts);
}

static void drop(void *self, struct slice key)
{
	struct lmdb_cache *cache = self;
	const struct cache_write write = {.op = CACHE_OP_DROP, .key = key};

	if (key.len > MAX_CACHE_KEY || cache->writer == 0)
		return;
	/* A value that must go and cannot be told to the writer takes the whole file with it. */
	if (!cache_ring_push(&cache->ring, &write))
		(void)unlink(cache->path);
}

static bool settled(void *self, struct slice key)
{
	struct lmdb_cache *cache = self;

	return key.len > MAX_CACHE_KEY || !cache_ring_holds(&cache->ring, key);
}

static void stats(void *self, struct cache_stats *ret_stats)
{
	struct lmdb_cache *cache = self;

	*ret_stats = (struct cache_stats){
	        .hits = atomic_load(&cache->hits),
	        .stale = atomic_load(&cache->stale),
	        .misses = atomic_load(&cache->misses),
	        .puts = atomic_load(&cache->puts),
	        .evictions = atomic_load(&cache->ring.shared->evictions),
	        .faults = atomic_load(&cache->faults),
	};
}

static const struct cache_vtable vtable = {.get = get, .put = put, .drop = drop, .settled = settled, .stats = stats};

static void start_writer(struct lmdb_cache *cache, size_t map_bytes)
{
	struct lmdb_writer_options options = {
	        .dir = cache->dir,
	        .path = cache->path,
	        .map_bytes = map_bytes < LMDB_CACHE_MINIMUM_BYTES ? LMDB_CACHE_MINIMUM_BYTES : map_bytes,
	};

	if (lmdb_writer_start(&options, &cache->ring, &cache->writer) != STATUS_OK)
		cache->writer = 0;
}

enum status lmdb_cache_open(const char *dir, size_t map_bytes, struct lmdb_cache **ret_cache)
{
	struct lmdb_cache *cache = calloc(1, sizeof(*cache));
	enum status status;

	if (cache == NULL)
		return STATUS_NO_MEMORY;
	if (!slice_copy(slice_cstr(dir), cache->dir, sizeof(cache->dir))) {
		free(cache);
		return STATUS_TOO_LARGE;
	}
	status = state_path(dir, LMDB_FILE_NAME, cache->path);
	if (status == STATUS_OK)
		status = cache_ring_init(&cache->ring);
	if (status != STATUS_OK) {
		free(cache);
		return status;
	}
	lmdb_reader_init(&cache->reader, cache->path);
	start_writer(cache, map_bytes);
	*ret_cache = cache;
	return STATUS_OK;
}

void lmdb_cache_close(struct lmdb_cache *cache)
{
	if (cache == NULL)
		return;
	close(cache->ring.wake_fd); /* the writer sees the end, writes what waits and ends */
	cache->ring.wake_fd = -1;
	if (cache->writer != 0)
		lmdb_writer_wait(cache->writer);
	lmdb_reader_finish(&cache->reader);
	cache_ring_finish(&cache->ring);
	free(cache);
}

struct cache_port lmdb_cache_port(struct lmdb_cache *cache)
{
	return (struct cache_port){&vtable, cache};
}
