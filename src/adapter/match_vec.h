/* SPDX-License-Identifier: MIT */
#ifndef MATCH_VEC_H
#define MATCH_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Growing arrays and tables of texts for the index builder; a failed growth is remembered. */
struct match_vec {
	char *mem;
	size_t len; /* bytes */
	size_t cap;
	bool failed;
};

/* Room for more bytes behind the last; NULL when there is no memory. */
void *match_vec_grow(struct match_vec *vec, size_t bytes);
/* Of a vector of u32. */
static inline uint32_t *match_vec_u32(const struct match_vec *vec)
{
	return (uint32_t *)(void *)vec->mem;
}

void match_vec_finish(struct match_vec *vec);

/* Each text once, with a number in order of arrival. */
struct match_texts {
	struct match_vec bytes;
	struct match_vec starts; /* u32; one more than there are texts */
	uint32_t *table;         /* number + 1 */
	size_t slots;            /* power of two */
	uint32_t count;
};

/* UINT32_MAX when there is no memory. */
uint32_t match_texts_add(struct match_texts *texts, struct slice text);
bool match_texts_has(const struct match_texts *texts, struct slice text);
struct slice match_texts_get(const struct match_texts *texts, uint32_t i);
void match_texts_finish(struct match_texts *texts);

#endif
