/* SPDX-License-Identifier: MIT */
#include "adapter/memory_cache.h"

#include <criterion/criterion.h>

#include "fake_clock.h"

#define LIFE 1000
#define FAR  INT64_MAX

static struct fake_clock fake;
static struct memory_cache *cache;
static struct cache_port port;

static void set_up(void)
{
	fake.now_ms = 5000;
	cr_assert_eq(memory_cache_open(fake_clock_port(&fake), 2, LIFE, &cache), STATUS_OK);
	port = memory_cache_port(cache);
}

static void tear_down(void)
{
	memory_cache_close(cache);
}

TestSuite(memory_cache, .init = set_up, .fini = tear_down);

static enum cache_state get(const char *key, int64_t now_ms)
{
	char mem[64];
	struct arena arena;
	struct slice value;

	arena_init(&arena, mem, sizeof(mem));
	return port.vtable->get(port.self, slice_cstr(key), now_ms, &arena, &value);
}

Test(memory_cache, keeps_nothing_for_longer_than_its_life)
{
	port.vtable->put(port.self, SLICE_LIT("a"), SLICE_LIT("1"), FAR, FAR);
	port.vtable->put(port.self, SLICE_LIT("b"), SLICE_LIT("2"), 5500, FAR);
	cr_expect_eq(get("a", 5999), CACHE_FRESH);
	cr_expect_eq(get("a", 6000), CACHE_MISS);
	cr_expect_eq(get("b", 5499), CACHE_FRESH);
	cr_expect_eq(get("b", 5500), CACHE_STALE);
	cr_expect_eq(get("b", 6000), CACHE_MISS);
}

Test(memory_cache, the_one_put_longest_ago_makes_room)
{
	struct cache_stats stats;

	port.vtable->put(port.self, SLICE_LIT("a"), SLICE_LIT("1"), FAR, FAR);
	port.vtable->put(port.self, SLICE_LIT("b"), SLICE_LIT("2"), FAR, FAR);
	port.vtable->put(port.self, SLICE_LIT("a"), SLICE_LIT("3"), FAR, FAR);
	port.vtable->put(port.self, SLICE_LIT("c"), SLICE_LIT("4"), FAR, FAR);
	cr_expect_eq(get("a", 5000), CACHE_FRESH);
	cr_expect_eq(get("b", 5000), CACHE_MISS);
	cr_expect_eq(get("c", 5000), CACHE_FRESH);
	port.vtable->stats(port.self, &stats);
	cr_expect_eq(stats.evictions, 1);
}
