/* SPDX-License-Identifier: MIT */
#ifndef MATCH_LAYOUT_H
#define MATCH_LAYOUT_H

#include "match_build.h"
#include "match_file.h"

/* What the rows are, once companies are sorted by postal code. */
struct layout {
	struct match_build *build;
	const struct match_build_update *update; /* NULL: a whole index */
	uint32_t companies;
	uint32_t rows;
	uint32_t *order;    /* company -> as added */
	uint32_t *row_name; /* row -> name as added */
	uint32_t *row_home; /* row -> company */
	uint32_t *counts;   /* word as added -> rows it stands in */
	uint32_t *rank;     /* word as added -> word, the most common first */
	uint32_t *by_rank;
	uint32_t *hashes; /* scratch for lists */
	uint32_t *values;
};

static inline const struct build_company *company_at(const struct layout *lay, uint32_t company)
{
	return (const struct build_company *)(const void *)lay->build->companies.mem + lay->order[company];
}

static inline struct slice id_at(const struct layout *lay, uint32_t company)
{
	return match_texts_get(&lay->build->ids, company_at(lay, company)->id);
}

static inline const struct build_name *name_at(const struct layout *lay, uint32_t row)
{
	return (const struct build_name *)(const void *)lay->build->names.mem + lay->row_name[row];
}

static inline const uint32_t *tokens_of(const struct layout *lay, const struct build_name *name)
{
	return (const uint32_t *)(const void *)lay->build->tokens.mem + name->token;
}

static inline uint32_t word_count(const struct layout *lay, uint32_t word)
{
	return lay->counts[lay->by_rank[word]];
}

static inline struct slice word_text(const struct layout *lay, uint32_t word)
{
	return match_texts_get(&lay->build->words, lay->by_rank[word]);
}

static inline bool stands_before(const uint32_t *tokens, unsigned i)
{
	for (unsigned k = 0; k < i; k++) {
		if (tokens[k] == tokens[i])
			return true;
	}
	return false;
}

/* How many rows of the word are listed in its postings; 0 of the most common ones. */
uint32_t match_listed(const struct layout *lay, uint32_t word);
/* Words with their rows, and the words that misspellings lead to. */
enum status match_write_words(struct match_file *file, const struct layout *lay) MUST_CHECK;
enum status match_write_typos(struct match_file *file, const struct layout *lay) MUST_CHECK;
enum status match_write_cities(struct match_file *file, const struct layout *lay) MUST_CHECK;
/* Who is at a house, has a register number, has another identifier. */
enum status match_write_houses(struct match_file *file, struct layout *lay) MUST_CHECK;
enum status match_write_numbers(struct match_file *file, struct layout *lay) MUST_CHECK;
enum status match_write_keys(struct match_file *file, struct layout *lay) MUST_CHECK;
/* What is looked up while a name is typed. */
enum status match_write_sorted(struct match_file *file, const struct layout *lay) MUST_CHECK;
void match_write_places(struct match_file *file, struct layout *lay);

#endif
