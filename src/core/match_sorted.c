/* SPDX-License-Identifier: MIT */
#include "match_sorted.h"

#include <string.h>

#include "core/match_text.h"

/* <0 before all that begin with the prefix, 0 one of them, >0 behind. */
typedef int order_fn(const struct match_image *image, struct slice prefix, uint32_t at);

static int order(struct slice text, struct slice prefix)
{
	size_t len = text.len < prefix.len ? text.len : prefix.len;
	int cmp = len > 0 ? memcmp(text.ptr, prefix.ptr, len) : 0;
	return cmp != 0 ? cmp : text.len < prefix.len ? -1 : 0;
}

size_t match_sorted_key(const struct match_image *image, uint32_t row, char *ret_key)
{
	char name[MATCH_KEY_RAW];
	size_t len = match_image_name(image, row, name, sizeof(name));
	return match_name_key((struct slice){name, len}, ret_key);
}

static int order_name(const struct match_image *image, struct slice prefix, uint32_t at)
{
	char key[MATCH_KEY_BYTES];
	uint32_t row = match_image_u32(image->section[MATCH_SECTION_SORTED_ROWS], at);
	size_t len = match_sorted_key(image, row, key);
	return order((struct slice){key, len}, prefix);
}

/* The heads spare reading and folding the name, unless they are too short to tell. */
static int order_block(const struct match_image *image, struct slice prefix, uint32_t block)
{
	const char *head = image->section[MATCH_SECTION_SORTED_HEADS].ptr + (size_t)block * MATCH_HEAD;
	size_t len = prefix.len < MATCH_HEAD ? prefix.len : MATCH_HEAD;
	int cmp = memcmp(head, prefix.ptr, len);
	return cmp != 0 || prefix.len <= MATCH_HEAD ? cmp : order_name(image, prefix, block * MATCH_SORTED);
}

static int order_word(const struct match_image *image, struct slice prefix, uint32_t at)
{
	uint32_t word = match_image_u32(image->section[MATCH_SECTION_SORTED_WORDS], at);
	return order(match_image_word(image, word), prefix);
}

/* The first place in [from, to) whose order is at least "least". */
static uint32_t bound(const struct match_image *image, order_fn *order_at, struct slice prefix,
                      struct match_range range, int least)
{
	while (range.from < range.to) {
		uint32_t middle = range.from + (range.to - range.from) / 2;
		if (order_at(image, prefix, middle) < least)
			range.from = middle + 1;
		else
			range.to = middle;
	}
	return range.from;
}

static uint32_t bound_name(const struct match_image *image, struct slice prefix, int least)
{
	uint32_t blocks = (uint32_t)image->section[MATCH_SECTION_SORTED_BEST].len;
	uint32_t block = bound(image, order_block, prefix, (struct match_range){0, blocks}, least);
	if (block == 0)
		return 0;
	uint32_t end = block < blocks ? block * MATCH_SORTED : image->rows;
	return bound(image, order_name, prefix, (struct match_range){(block - 1) * MATCH_SORTED + 1, end}, least);
}

struct match_range match_sorted_names(const struct match_image *image, struct slice prefix)
{
	return (struct match_range){bound_name(image, prefix, 0), bound_name(image, prefix, 1)};
}

struct match_range match_sorted_words(const struct match_image *image, struct slice prefix)
{
	struct match_range all = {0, image->words};
	all.from = bound(image, order_word, prefix, all, 0);
	all.to = bound(image, order_word, prefix, all, 1);
	return all;
}
