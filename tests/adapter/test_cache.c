/* SPDX-License-Identifier: MIT */
/* The contract of port/cache.h, kept by the LMDB cache, by the one in memory and by the fake alike. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "adapter/lmdb_cache.h"
#include "adapter/memory_cache.h"
#include "adapter/system_clock.h"
#include "base/maxima.h"
#include "fake_cache.h"
#include "temp_dir.h"

struct stage {
	struct cache_port port;
	struct fake_cache *fake; /* or: */
	struct memory_cache *memory;
	struct temp_dir dir;
	struct lmdb_cache *lmdb;
};

static void begin_lmdb(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	stage->dir = temp_dir_make();
	cr_assert_eq(lmdb_cache_open(temp_dir_path(&stage->dir, "cache"), LMDB_CACHE_MINIMUM_BYTES, &stage->lmdb),
	             STATUS_OK);
	stage->port = lmdb_cache_port(stage->lmdb);
}

static void begin_fake(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	stage->fake = fake_cache_create();
	stage->port = fake_cache_port(stage->fake);
}

static void begin_memory(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	cr_assert_eq(memory_cache_open(system_clock(), 64, 60000, &stage->memory), STATUS_OK);
	stage->port = memory_cache_port(stage->memory);
}

static void end(struct stage *stage)
{
	if (stage->memory != NULL) {
		memory_cache_close(stage->memory);
		return;
	}
	if (stage->fake != NULL) {
		fake_cache_destroy(stage->fake);
		return;
	}
	lmdb_cache_close(stage->lmdb);
	temp_dir_remove(&stage->dir);
}

#define CONTRACT(name)                         \
	static void name(struct stage *stage); \
	Test(cache_lmdb, name)                 \
	{                                      \
		struct stage stage;            \
		begin_lmdb(&stage);            \
		name(&stage);                  \
		end(&stage);                   \
	}                                      \
	Test(cache_memory, name)               \
	{                                      \
		struct stage stage;            \
		begin_memory(&stage);          \
		name(&stage);                  \
		end(&stage);                   \
	}                                      \
	Test(cache_fake, name)                 \
	{                                      \
		struct stage stage;            \
		begin_fake(&stage);            \
		name(&stage);                  \
		end(&stage);                   \
	}                                      \
	static void name(struct stage *stage)

static _Thread_local char memory[1 << 16] __attribute__((aligned(16)));
static _Thread_local struct arena arena;

static enum cache_state get(struct stage *stage, struct slice key, int64_t now_ms, struct slice *ret_value)
{
	arena_init(&arena, memory, sizeof(memory));
	return stage->port.vtable->get(stage->port.self, key, now_ms, &arena, ret_value);
}

static void put(struct stage *stage, struct slice key, struct slice value, int64_t fresh_ms, int64_t stale_ms)
{
	stage->port.vtable->put(stage->port.self, key, value, fresh_ms, stale_ms);
}

CONTRACT(what_was_put_is_there_and_ages)
{
	struct slice value;

	cr_expect_eq(get(stage, SLICE_LIT("k"), 0, &value), CACHE_MISS);
	put(stage, SLICE_LIT("k"), SLICE_LIT("the value"), 100, 200);
	cr_expect_eq(get(stage, SLICE_LIT("k"), 99, &value), CACHE_FRESH);
	cr_expect(slice_eq_cstr(value, "the value"));
	cr_expect_eq(get(stage, SLICE_LIT("k"), 100, &value), CACHE_STALE);
	cr_expect(slice_eq_cstr(value, "the value"));
	cr_expect_eq(get(stage, SLICE_LIT("k"), 199, &value), CACHE_STALE);
	cr_expect_eq(get(stage, SLICE_LIT("k"), 200, &value), CACHE_MISS);
	cr_expect_eq(get(stage, SLICE_LIT("K"), 0, &value), CACHE_MISS);
	cr_expect_eq(get(stage, SLICE_LIT("kk"), 0, &value), CACHE_MISS);
}

CONTRACT(a_value_replaces_the_one_before)
{
	struct slice value;

	put(stage, SLICE_LIT("k"), SLICE_LIT("one, and rather long"), 100, 200);
	put(stage, SLICE_LIT("k"), SLICE_LIT("two"), 50, 60);
	cr_expect_eq(get(stage, SLICE_LIT("k"), 49, &value), CACHE_FRESH);
	cr_expect(slice_eq_cstr(value, "two"));
	cr_expect_eq(get(stage, SLICE_LIT("k"), 60, &value), CACHE_MISS);
}

CONTRACT(a_dropped_value_is_gone)
{
	struct slice value;

	put(stage, SLICE_LIT("k"), SLICE_LIT("one"), 100, 200);
	put(stage, SLICE_LIT("l"), SLICE_LIT("two"), 100, 200);
	stage->port.vtable->drop(stage->port.self, SLICE_LIT("k"));
	stage->port.vtable->drop(stage->port.self, SLICE_LIT("never there"));
	cr_expect_eq(get(stage, SLICE_LIT("k"), 0, &value), CACHE_MISS);
	cr_expect_eq(get(stage, SLICE_LIT("l"), 0, &value), CACHE_FRESH);
	put(stage, SLICE_LIT("k"), SLICE_LIT("three"), 100, 200);
	cr_expect_eq(get(stage, SLICE_LIT("k"), 0, &value), CACHE_FRESH);
	cr_expect(slice_eq_cstr(value, "three"));
}

CONTRACT(any_bytes_up_to_the_maxima_are_kept)
{
	static char key[MAX_CACHE_KEY + 1], bytes[MAX_CACHE_VALUE + 1];
	struct slice value;

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (char)(i * 37);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 101);
	put(stage, (struct slice){key, MAX_CACHE_KEY}, (struct slice){bytes, MAX_CACHE_VALUE}, 100, 200);
	cr_expect_eq(get(stage, (struct slice){key, MAX_CACHE_KEY}, 0, &value), CACHE_FRESH);
	cr_expect_eq(value.len, MAX_CACHE_VALUE);
	cr_expect_eq(memcmp(value.ptr, bytes, MAX_CACHE_VALUE), 0);
	put(stage, SLICE_LIT("empty"), SLICE_LIT(""), 100, 200);
	cr_expect_eq(get(stage, SLICE_LIT("empty"), 0, &value), CACHE_FRESH);
	cr_expect_eq(value.len, 0);
	cr_expect_not_null(value.ptr);
	put(stage, (struct slice){key, MAX_CACHE_KEY + 1}, SLICE_LIT("x"), 100, 200);
	cr_expect_eq(get(stage, (struct slice){key, MAX_CACHE_KEY + 1}, 0, &value), CACHE_MISS);
	put(stage, SLICE_LIT("big"), (struct slice){bytes, MAX_CACHE_VALUE + 1}, 100, 200);
	cr_expect_eq(get(stage, SLICE_LIT("big"), 0, &value), CACHE_MISS);
}

CONTRACT(an_arena_without_room_is_a_miss)
{
	struct slice value;
	char small[16] __attribute__((aligned(16)));
	struct arena tiny;

	put(stage, SLICE_LIT("k"), SLICE_LIT("more than sixteen bytes of value"), 100, 200);
	arena_init(&tiny, small, sizeof(small));
	cr_expect_eq(stage->port.vtable->get(stage->port.self, SLICE_LIT("k"), 0, &tiny, &value), CACHE_MISS);
	cr_expect_eq(get(stage, SLICE_LIT("k"), 0, &value), CACHE_FRESH);
}

CONTRACT(counts_what_it_did)
{
	struct cache_stats stats;
	struct slice value;

	put(stage, SLICE_LIT("k"), SLICE_LIT("v"), 100, 200);
	(void)get(stage, SLICE_LIT("k"), 0, &value);
	(void)get(stage, SLICE_LIT("k"), 1, &value);
	(void)get(stage, SLICE_LIT("k"), 150, &value);
	(void)get(stage, SLICE_LIT("k"), 250, &value);
	(void)get(stage, SLICE_LIT("l"), 0, &value);
	stage->port.vtable->stats(stage->port.self, &stats);
	cr_expect_eq(stats.puts, 1);
	cr_expect_eq(stats.hits, 2);
	cr_expect_eq(stats.stale, 1);
	cr_expect_eq(stats.misses, 2);
	cr_expect_eq(stats.faults, 0);
}

#define THREADS 6

struct worker {
	struct stage *stage;
	int number, wrong;
};

/* Whatever the others do, a value belongs to its key. */
static void *work(void *ctx)
{
	struct worker *worker = ctx;

	for (int i = 0; i < 2000; i++) {
		char key[16], expected[64];
		struct slice value;
		int number = (i * 7 + worker->number) % 40;
		int key_len = snprintf(key, sizeof(key), "key-%d", number);
		int len = snprintf(expected, sizeof(expected), "the one and only value of key %d", number);

		if (i % 3 == 0)
			put(worker->stage, (struct slice){key, (size_t)key_len}, (struct slice){expected, (size_t)len},
			    100, 200);
		else if (i % 50 == 1)
			worker->stage->port.vtable->drop(worker->stage->port.self,
			                                 (struct slice){key, (size_t)key_len});
		else if (get(worker->stage, (struct slice){key, (size_t)key_len}, 0, &value) != CACHE_MISS)
			worker->wrong += !slice_eq_cstr(value, expected);
	}
	return NULL;
}

CONTRACT(threads_never_see_a_strangers_value)
{
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){stage, i, 0};
		cr_assert_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		cr_expect_eq(workers[i].wrong, 0);
	}
}
