/* SPDX-License-Identifier: MIT */
#ifndef FAKE_CACHE_H
#define FAKE_CACHE_H

#include <stdbool.h>

#include "port/cache.h"

/* The cache port in memory; holds FAKE_CACHE_ENTRIES, then the oldest goes. */
struct fake_cache;

#define FAKE_CACHE_ENTRIES 64

struct fake_cache *fake_cache_create(void);
void fake_cache_destroy(struct fake_cache *cache);
struct cache_port fake_cache_port(struct fake_cache *cache);
/* As if the file was gone: every get misses, every put is lost. */
void fake_cache_break(struct fake_cache *cache, bool broken);

#endif
