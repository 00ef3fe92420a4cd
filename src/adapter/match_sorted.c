/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "core/match_text.h"
#include "match_layout.h"

/* A text and what it belongs to; its first letters as numbers, so that most comparisons read nothing else. */
struct entry {
	uint64_t head[2];
	uint32_t value;
	uint32_t rest; /* place of a length byte and the letters behind the head */
};

struct sorted {
	struct entry *entries;
	size_t count;
	struct match_vec rests;
};

static uint64_t letters(struct slice text, size_t from)
{
	uint64_t value = 0;
	for (size_t i = from; i < from + 8; i++)
		value = value << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 0U);
	return value;
}

static bool add(struct sorted *sorted, struct slice text, uint32_t value)
{
	size_t len = text.len > MATCH_HEAD ? text.len - MATCH_HEAD : 0;
	size_t at = sorted->rests.len;
	char *rest = match_vec_grow(&sorted->rests, len + 1);
	if (!rest || at > UINT32_MAX)
		return false;
	rest[0] = (char)len;
	if (len > 0)
		memcpy(rest + 1, text.ptr + MATCH_HEAD, len);
	sorted->entries[sorted->count++] = (struct entry){{letters(text, 0), letters(text, 8)}, value, (uint32_t)at};
	return true;
}

static struct slice rest_of(const struct sorted *sorted, const struct entry *entry)
{
	const char *rest = sorted->rests.mem + entry->rest;
	return (struct slice){rest + 1, (unsigned char)rest[0]};
}

static int compare(const void *a, const void *b, void *ctx)
{
	const struct entry *x = a;
	const struct entry *y = b;
	for (size_t i = 0; i < 2; i++) {
		if (x->head[i] != y->head[i])
			return x->head[i] < y->head[i] ? -1 : 1;
	}
	struct slice s = rest_of(ctx, x);
	struct slice t = rest_of(ctx, y);
	int order = memcmp(s.ptr, t.ptr, s.len < t.len ? s.len : t.len);
	if (order != 0)
		return order;
	if (s.len != t.len)
		return s.len < t.len ? -1 : 1;
	return x->value < y->value ? -1 : 1;
}

static bool sorted_init(struct sorted *sorted, size_t most)
{
	*sorted = (struct sorted){.entries = malloc((most + 1) * sizeof(struct entry))};
	return sorted->entries != NULL;
}

static void sorted_finish(struct sorted *sorted)
{
	free(sorted->entries);
	match_vec_finish(&sorted->rests);
}

static void put_values(struct match_file *file, enum match_section section, const struct sorted *sorted)
{
	match_file_begin(file, section);
	for (size_t i = 0; i < sorted->count; i++)
		match_file_put_u32(file, sorted->entries[i].value);
	match_file_end(file, section);
}

static uint8_t rank_of(const struct layout *lay, uint32_t row)
{
	const struct build_name *name = name_at(lay, row);
	const uint32_t *tokens = tokens_of(lay, name);
	size_t len = 0;
	for (unsigned i = 0; i < name->count; i++)
		len += match_texts_get(&lay->build->words, tokens[i]).len;
	return match_image_rank(len, company_at(lay, lay->row_home[row])->removed, row >= lay->companies);
}

static void put_ranks(struct match_file *file, const struct sorted *sorted, const uint8_t *ranks)
{
	match_file_begin(file, MATCH_SECTION_SORTED_RANKS);
	for (size_t i = 0; i < sorted->count; i++)
		match_file_put(file, &ranks[sorted->entries[i].value], 1);
	match_file_end(file, MATCH_SECTION_SORTED_RANKS);
	match_file_begin(file, MATCH_SECTION_SORTED_BEST);
	for (size_t i = 0; i < sorted->count; i += MATCH_SORTED) {
		uint8_t best = UINT8_MAX;
		for (size_t k = i; k < i + MATCH_SORTED && k < sorted->count; k++) {
			uint8_t rank = ranks[sorted->entries[k].value];
			best = rank < best ? rank : best;
		}
		match_file_put(file, &best, 1);
	}
	match_file_end(file, MATCH_SECTION_SORTED_BEST);
}

static void put_heads(struct match_file *file, const struct sorted *sorted)
{
	match_file_begin(file, MATCH_SECTION_SORTED_HEADS);
	for (size_t i = 0; i < sorted->count; i += MATCH_SORTED) {
		char head[MATCH_HEAD];
		for (size_t k = 0; k < MATCH_HEAD; k++)
			head[k] = (char)(sorted->entries[i].head[k / 8] >> (56 - 8 * (k % 8)));
		match_file_put(file, head, sizeof(head));
	}
	match_file_end(file, MATCH_SECTION_SORTED_HEADS);
}

/* The key is made of what a reader unpacks, which may differ from what was added. */
static bool add_row(struct sorted *sorted, const struct layout *lay, uint32_t row)
{
	char raw[MATCH_KEY_RAW];
	char key[MATCH_KEY_BYTES];
	const struct build_name *name = name_at(lay, row);
	struct slice packed = {lay->build->raw.mem + name->raw, name->raw_len};
	size_t raw_len = match_image_unpack(packed, raw, sizeof(raw));
	size_t len = match_name_key((struct slice){raw, raw_len}, key);
	return add(sorted, (struct slice){key, len}, row);
}

static enum status write_rows(struct match_file *file, const struct layout *lay, const uint8_t *ranks)
{
	struct sorted sorted;
	bool room = sorted_init(&sorted, lay->rows);
	for (uint32_t row = 0; row < lay->rows && room; row++)
		room = add_row(&sorted, lay, row);
	if (room) {
		qsort_r(sorted.entries, sorted.count, sizeof(struct entry), compare, &sorted);
		put_values(file, MATCH_SECTION_SORTED_ROWS, &sorted);
		put_ranks(file, &sorted, ranks);
		put_heads(file, &sorted);
	}
	sorted_finish(&sorted);
	return room ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status write_sorted_words(struct match_file *file, const struct layout *lay)
{
	struct sorted sorted;
	uint32_t words = lay->build->words.count;
	bool room = sorted_init(&sorted, words);
	for (uint32_t word = 0; word < words && room; word++)
		room = add(&sorted, word_text(lay, word), word);
	if (room) {
		qsort_r(sorted.entries, sorted.count, sizeof(struct entry), compare, &sorted);
		put_values(file, MATCH_SECTION_SORTED_WORDS, &sorted);
	}
	sorted_finish(&sorted);
	return room ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Keeps the lowest ranks; of equals the first rows. */
static void keep_best(uint32_t *rows, const uint8_t *ranks, uint32_t row)
{
	size_t at = MATCH_COMMON;
	while (at > 0 && (rows[at - 1] == UINT32_MAX || ranks[rows[at - 1]] > ranks[row]))
		at--;
	if (at == MATCH_COMMON)
		return;
	memmove(rows + at + 1, rows + at, (MATCH_COMMON - at - 1) * sizeof(*rows));
	rows[at] = row;
}

static enum status write_common(struct match_file *file, const struct layout *lay, const uint8_t *ranks)
{
	uint32_t common = 0;
	while (common < lay->build->words.count && match_listed(lay, common) == 0)
		common++;
	size_t size = (size_t)common * MATCH_COMMON * sizeof(uint32_t);
	uint32_t *best = malloc(size + 1);
	if (!best)
		return STATUS_NO_MEMORY;
	memset(best, 0xff, size);
	for (uint32_t row = 0; row < lay->rows; row++) {
		const struct build_name *name = name_at(lay, row);
		const uint32_t *tokens = tokens_of(lay, name);
		for (unsigned i = 0; i < name->count; i++) {
			uint32_t word = lay->rank[tokens[i]];
			if (word < common && !stands_before(tokens, i))
				keep_best(best + (size_t)word * MATCH_COMMON, ranks, row);
		}
	}
	match_file_begin(file, MATCH_SECTION_COMMON_ROWS);
	match_file_put(file, best, size);
	match_file_end(file, MATCH_SECTION_COMMON_ROWS);
	free(best);
	return STATUS_OK;
}

enum status match_write_sorted(struct match_file *file, const struct layout *lay)
{
	uint8_t *ranks = malloc((size_t)lay->rows + 1);
	if (!ranks)
		return STATUS_NO_MEMORY;
	for (uint32_t row = 0; row < lay->rows; row++)
		ranks[row] = rank_of(lay, row);
	enum status status = write_rows(file, lay, ranks);
	if (status == STATUS_OK)
		status = write_sorted_words(file, lay);
	if (status == STATUS_OK)
		status = write_common(file, lay, ranks);
	free(ranks);
	return status;
}
