/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_MEMORY_CACHE_H
#define ADAPTER_MEMORY_CACHE_H

#include "base/status.h"
#include "port/cache.h"
#include "port/clock.h"

/*
 * The cache port in the memory of one process, for what need not outlive it:
 * a few entries, of which the one put longest ago makes room.
 */
struct memory_cache;

/* At most "entries" at a time, none for longer than life_ms. STATUS_NO_MEMORY. */
enum status memory_cache_open(struct clock_port clock, size_t entries, int64_t life_ms,
                              struct memory_cache **ret_cache) MUST_CHECK;
void memory_cache_close(struct memory_cache *cache); /* NULL is fine */
struct cache_port memory_cache_port(struct memory_cache *cache);

#endif
