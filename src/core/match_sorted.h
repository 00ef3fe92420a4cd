/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_SORTED_H
#define CORE_MATCH_SORTED_H

#include "core/match_image.h"

/* Places [from, to) of a sorted section. */
struct match_range {
	uint32_t from;
	uint32_t to;
};

/* Of MATCH_SECTION_SORTED_ROWS: names whose key begins with the prefix. */
struct match_range match_sorted_names(const struct match_image *image, struct slice prefix);
/* Of MATCH_SECTION_SORTED_WORDS: words that begin with the prefix. */
struct match_range match_sorted_words(const struct match_image *image, struct slice prefix);
/* The key of a row; at most MATCH_KEY_BYTES, returns the length. */
size_t match_sorted_key(const struct match_image *image, uint32_t row, char *ret_key);

#endif
