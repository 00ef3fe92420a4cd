/* SPDX-License-Identifier: MIT */
#ifndef MATCH_BOOK_H
#define MATCH_BOOK_H

#include "core/match.h"
#include "match_world.h"

/*
 * A made-up register for tests of the search: the companies of match_world.h
 * and some that are easily taken for each other, as an image in memory.
 */
struct match_book {
	char *bytes;
	size_t len;
	struct match_set set;
	struct match_scratch *scratch;
};

void match_book_open(struct match_book *book);
void match_book_close(struct match_book *book);
/* The bytes after they were changed on purpose: with a sum that fits again. */
enum status match_book_reopen(struct match_book *book, struct match_image *ret_image);
/* The company's number in the image; UINT32_MAX when there is none. */
uint32_t match_book_find(const struct match_book *book, const char *id);
/* In memory that is valid until the next call. */
const char *match_book_id(const struct match_set *set, const struct match_hit *hit);

/* What build holds, as bytes of the caller's; the build is destroyed. base NULL: a whole index. */
struct slice match_book_bytes(struct match_build *build, const struct match_build_update *update);

#endif
