/* SPDX-License-Identifier: MIT */
#ifndef CORE_REGISTER_PATTERN_H
#define CORE_REGISTER_PATTERN_H

#include <stdbool.h>

#include "base/slice.h"

/* The parts of a register entry as they stand in a text; absent = {NULL, 0}. */
struct register_parts {
	struct slice before; /* what stands before and behind the entry, as a court would */
	struct slice type;
	struct slice number;
	struct slice suffix;
	struct slice behind;
};

/*
 * Compiles the pattern, once for all threads; a match calls this itself, so
 * that calling it early only moves the cost. False when PCRE2 cannot.
 */
bool register_pattern_init(void);
/* Allocates nothing: each thread matches in memory of its own. */
bool register_pattern_match(struct slice text, struct register_parts *ret_parts);

#endif
