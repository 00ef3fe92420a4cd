/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_LMDB_CACHE_H
#define ADAPTER_LMDB_CACHE_H

#include <stddef.h>

#include "base/status.h"
#include "port/cache.h"

struct lmdb_cache;

#define LMDB_CACHE_MINIMUM_BYTES (1u << 20)

/*
 * The cache port on one LMDB file, dir/data.mdb, shared by all processes of
 * the installation and at most map_bytes large; the oldest entries make room.
 * What is put is written behind the request, without syncing, by a process of
 * the cache's own (named bonigate-cache, under a small parent that restarts
 * it): both are forked here and end with this process, so open the cache
 * early, before there are many threads. A file of another boot is not used.
 * It always opens: a directory that cannot be used makes every get a miss.
 * The caller closes; no slot may be running then.
 */
enum status lmdb_cache_open(const char *dir, size_t map_bytes, struct lmdb_cache **ret_cache) MUST_CHECK;
void lmdb_cache_close(struct lmdb_cache *cache); /* NULL is fine */
struct cache_port lmdb_cache_port(struct lmdb_cache *cache);

#endif
