/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_MATCH_SQLITE_H
#define ADAPTER_MATCH_SQLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter/match_build.h"

/*
 * Every company of an SQLite register (sqlite_register.h) as the index builder
 * takes it; its id is its strongest key, "reg:F1103R:HRB:12345".
 */
struct match_sqlite_reader {
	/* The record lives until this returns; another status than STATUS_OK ends the reading with it. */
	enum status (*company)(void *ctx, const struct match_build_record *record);
	void *ctx;
};

/* STATUS_UNAVAILABLE, STATUS_CORRUPT: the file cannot be read, or is no register. */
enum status match_sqlite_read(const char *file, struct match_sqlite_reader reader) MUST_CHECK;
/*
 * Only the companies with these keys, as they stand in the file now.
 * ret_found[i]: there is one with keys[i].
 */
enum status match_sqlite_read_keys(const char *file, const struct slice *keys, size_t count,
                                   struct match_sqlite_reader reader, bool *ret_found) MUST_CHECK;
/* Companies in the file, for a progress bar; 0 when it cannot be read. */
uint64_t match_sqlite_count(const char *file);

#endif
