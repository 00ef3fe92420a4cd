/* SPDX-License-Identifier: MIT */
#include "match_vec.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void *match_vec_grow(struct match_vec *vec, size_t bytes)
{
	if (vec->cap - vec->len < bytes) {
		size_t cap = vec->cap ? vec->cap + vec->cap / 2 : 65536;
		while (cap - vec->len < bytes)
			cap += cap / 2;
		char *mem = realloc(vec->mem, cap);
		if (!mem) {
			vec->failed = true;
			return NULL;
		}
		vec->mem = mem;
		vec->cap = cap;
	}
	void *at = vec->mem + vec->len;
	vec->len += bytes;
	return at;
}

void match_vec_finish(struct match_vec *vec)
{
	free(vec->mem);
	*vec = (struct match_vec){.mem = NULL};
}

struct slice match_texts_get(const struct match_texts *texts, uint32_t i)
{
	const uint32_t *starts = (const uint32_t *)(const void *)texts->starts.mem;
	return (struct slice){texts->bytes.mem + starts[i], starts[i + 1] - starts[i]};
}

static bool rehash(struct match_texts *texts)
{
	size_t slots = texts->slots ? texts->slots * 2 : 1024;
	uint32_t *table = calloc(slots, sizeof(*table));
	if (!table)
		return false;
	for (uint32_t i = 0; i < texts->count; i++) {
		size_t at = hash_fnv64(match_texts_get(texts, i)) & (slots - 1);
		while (table[at])
			at = (at + 1) & (slots - 1);
		table[at] = i + 1;
	}
	free(texts->table);
	texts->table = table;
	texts->slots = slots;
	return true;
}

static bool append(struct match_texts *texts, struct slice text)
{
	if (texts->starts.len == 0) {
		uint32_t *zero = match_vec_grow(&texts->starts, sizeof(*zero));
		if (!zero)
			return false;
		*zero = 0;
	}
	if (texts->bytes.len + text.len > UINT32_MAX)
		return false;
	char *at = match_vec_grow(&texts->bytes, text.len + 1);
	uint32_t *end = match_vec_grow(&texts->starts, sizeof(*end));
	if (!at || !end)
		return false;
	memcpy(at, text.ptr ? text.ptr : "", text.len);
	texts->bytes.len--;
	*end = (uint32_t)texts->bytes.len;
	return true;
}

bool match_texts_has(const struct match_texts *texts, struct slice text)
{
	size_t at = hash_fnv64(text) & (texts->slots - 1);
	while (texts->slots > 0 && texts->table[at]) {
		if (slice_eq(match_texts_get(texts, texts->table[at] - 1), text))
			return true;
		at = (at + 1) & (texts->slots - 1);
	}
	return false;
}

uint32_t match_texts_add(struct match_texts *texts, struct slice text)
{
	if ((size_t)texts->count * 2 >= texts->slots && !rehash(texts))
		return UINT32_MAX;
	size_t at = hash_fnv64(text) & (texts->slots - 1);
	while (texts->table[at]) {
		if (slice_eq(match_texts_get(texts, texts->table[at] - 1), text))
			return texts->table[at] - 1;
		at = (at + 1) & (texts->slots - 1);
	}
	if (!append(texts, text))
		return UINT32_MAX;
	texts->table[at] = ++texts->count;
	return texts->count - 1;
}

void match_texts_finish(struct match_texts *texts)
{
	match_vec_finish(&texts->bytes);
	match_vec_finish(&texts->starts);
	free(texts->table);
	texts->table = NULL;
}
