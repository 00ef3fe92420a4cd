/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_ALIGN_H
#define CORE_MATCH_ALIGN_H

#include "match_asked.h"

/* A candidate's name, word by word. */
struct match_other {
	char text[MATCH_NAME_BYTES];
	uint16_t start[MATCH_WORDS + 1];
	uint32_t word[MATCH_WORDS];
	uint16_t weight[MATCH_WORDS];
	uint8_t kind[MATCH_WORDS];
	uint8_t count;
	uint16_t form;
	uint16_t weight_sum;
};

/* False when the image is broken at this row. */
bool match_other_init(struct match_other *other, const struct match_image *image, uint32_t row);

/* Which words belong together, and how well: 0..100 for each word of both sides. */
struct match_alignment {
	uint8_t asked_sim[MATCH_WORDS];
	uint8_t other_sim[MATCH_WORDS];
	uint8_t partner[MATCH_WORDS]; /* of the query's words: place + 1; 0 = none or several */
	unsigned floor;               /* least similarity of joined words in this pass */
	unsigned edits;               /* letters changed in words taken for others */
	unsigned shortened;           /* words taken for others as their beginnings */
	unsigned known; /* how common a typed word is that was taken for another one; 0 = unknown ones only */
};

void match_align(const struct match_asked *asked, const struct match_other *other,
                 struct match_alignment *ret_alignment);

#endif
