/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_CACHE_ENTRY_H
#define SRC_ADAPTER_CACHE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/slice.h"

/*
 * One entry as it lies in the cache file: this head, the key, the value. The
 * check covers all of it, so that neither a stray write nor a page reused
 * while it was read can pass for a value.
 */
struct cache_entry_head {
	uint32_t magic;
	uint32_t key_len;
	uint32_t value_len;
	uint32_t zero;
	int64_t fresh_until_ms;
	int64_t stale_until_ms;
	uint64_t place; /* in the order of age */
	uint64_t check;
};

#define CACHE_ENTRY_MAX (sizeof(struct cache_entry_head) + MAX_CACHE_KEY + MAX_CACHE_VALUE)

/* Fills in magic, lengths and check; ret_bytes has room for CACHE_ENTRY_MAX. Returns the size. */
size_t cache_entry_write(struct cache_entry_head *head, struct slice key, struct slice value, char *ret_bytes);
/* False when "bytes" are not a whole, unharmed entry. Slices borrow. */
bool cache_entry_read(struct slice bytes, struct cache_entry_head *ret_head, struct slice *ret_key,
                      struct slice *ret_value);
/* Short name of a key in the file; unlike keys may share one. */
uint64_t cache_entry_hash(struct slice key);

#endif
