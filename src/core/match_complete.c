/* SPDX-License-Identifier: MIT */
#include "match_complete.h"

#include <string.h>

#include "match_compare.h"
#include "match_evidence.h"
#include "match_sorted.h"

#define READINGS    6     /* of a text: as it is, with single umlauts, with all of them */
#define OFFERED_MAX 20000 /* names of a good rank that are looked at */
#define WORDS_MAX   4096  /* words that a last word may become */
#define ROWS_MAX    3500  /* rows of those words */

struct completion {
	uint32_t row;
	uint32_t company;
	uint16_t order; /* kind, then rank: the lower the better */
	uint8_t part;
};

struct gather {
	struct match_asked *asked;
	const struct match_image *image;    /* of the part looked at */
	struct completion list[MATCH_HITS]; /* best first */
	size_t count;
	uint16_t form; /* what the name must be: enum match_form bits */
	uint32_t offers;
	uint32_t rows;
	uint8_t part;
};

struct reading {
	char text[2 * MATCH_KEY_BYTES];
	size_t len;
};

/* ---- umlauts typed without their dots ---- */

static bool may_have_dots(struct slice text, size_t i)
{
	char c = text.ptr[i];
	return (c == 'a' || c == 'o' || c == 'u') && i + 1 < text.len && text.ptr[i + 1] != 'e';
}

/* "muller" with an "e" behind letter number "only" of those that may have dots; all of them if it is 0. */
static void write_dots(struct slice text, size_t only, struct reading *ret_reading)
{
	size_t n = 0;
	ret_reading->len = 0;
	for (size_t i = 0; i < text.len; i++) {
		ret_reading->text[ret_reading->len++] = text.ptr[i];
		if (may_have_dots(text, i) && (++n == only || only == 0))
			ret_reading->text[ret_reading->len++] = 'e';
	}
}

/* How the register may write a text of at most MATCH_KEY_BYTES; the text itself first. */
static size_t read_text(struct slice text, struct reading ret_readings[READINGS])
{
	size_t dots = 0;
	size_t count = 0;
	memcpy(ret_readings[count].text, text.ptr, text.len);
	ret_readings[count++].len = text.len;
	for (size_t i = 0; i < text.len; i++)
		dots += may_have_dots(text, i);
	for (size_t i = 1; i <= dots && i + 1 < READINGS; i++)
		write_dots(text, i, &ret_readings[count++]);
	if (dots > 1)
		write_dots(text, 0, &ret_readings[count++]);
	return count;
}

static struct slice reading_text(const struct reading *reading)
{
	return (struct slice){reading->text, reading->len};
}

/* The word begins with what was typed, its dots typed or not. */
static bool begins(struct slice word, struct slice typed)
{
	size_t w = 0;
	for (size_t i = 0; i < typed.len; i++, w++) {
		if (i > 0 && w < word.len && word.ptr[w] == 'e' && typed.ptr[i] != 'e' && may_have_dots(typed, i - 1))
			w++;
		if (w >= word.len || word.ptr[w] != typed.ptr[i])
			return false;
	}
	return true;
}

/* ---- the best so far ---- */

static uint16_t worst(const struct gather *g)
{
	return g->count < MATCH_HITS ? UINT16_MAX : g->list[MATCH_HITS - 1].order;
}

/* Where the company stands, or count. */
static size_t find_company(const struct gather *g, uint32_t company)
{
	size_t i = 0;
	while (i < g->count && (g->list[i].company != company || g->list[i].part != g->part))
		i++;
	return i;
}

static void offer(struct gather *g, uint32_t row, enum match_completes kind, uint8_t rank)
{
	uint16_t order = (uint16_t)((unsigned)kind << 8 | rank);
	uint32_t company = match_image_row_company(g->image, row);
	if (order >= worst(g) || company == UINT32_MAX || g->offers == OFFERED_MAX)
		return;
	g->offers++;
	size_t at = find_company(g, company);
	if ((at < g->count && g->list[at].order <= order) || match_asked_excludes(g->asked, row))
		return;
	if (at == g->count)
		at = g->count < MATCH_HITS ? g->count++ : MATCH_HITS - 1;
	for (; at > 0 && g->list[at - 1].order > order; at--)
		g->list[at] = g->list[at - 1];
	g->list[at] = (struct completion){row, company, order, g->part};
}

/* ---- names that begin so ---- */

/* A block without a rank that is good enough is passed over. */
static void take_names(struct gather *g, struct match_range range)
{
	struct slice ranks = g->image->section[MATCH_SECTION_SORTED_RANKS];
	struct slice best = g->image->section[MATCH_SECTION_SORTED_BEST];
	for (uint32_t at = range.from; at < range.to;) {
		uint32_t block = at / MATCH_SORTED;
		uint32_t end = (block + 1) * MATCH_SORTED < range.to ? (block + 1) * MATCH_SORTED : range.to;
		unsigned floor = MATCH_COMPLETES_NAME << 8;
		if ((floor | (uint8_t)best.ptr[block]) >= worst(g))
			at = end;
		for (; at < end; at++) {
			uint8_t rank = (uint8_t)ranks.ptr[at];
			if ((floor | rank) < worst(g))
				offer(g, match_image_u32(g->image->section[MATCH_SECTION_SORTED_ROWS], at),
				      MATCH_COMPLETES_NAME, rank);
		}
	}
}

/* Umlauts without their dots are only thought of when few names begin as typed. */
static void take_readings(struct gather *g, struct slice key)
{
	struct reading readings[READINGS];
	size_t count = read_text(key, readings);
	for (size_t i = 0; i < count && (i == 0 || g->count < MATCH_HITS); i++)
		take_names(g, match_sorted_names(g->image, reading_text(&readings[i])));
}

/* ---- names with words that begin so ---- */

/* Every typed word begins a word of the row, and its form is the one typed. */
static bool has_words(const struct gather *g, const struct match_row *row)
{
	if ((row->form & g->form) != g->form)
		return false;
	for (size_t i = 0; i < g->asked->name.count; i++) {
		struct slice typed = match_name_word(&g->asked->name, i);
		size_t k = 0;
		while (k < row->count && !begins(match_image_word(g->image, row->word[k]), typed))
			k++;
		if (k == row->count)
			return false;
	}
	return true;
}

static void take_row(struct gather *g, uint32_t number)
{
	struct match_row row;
	size_t letters = 0;
	if (g->rows == ROWS_MAX || !match_image_row(g->image, number, &row))
		return;
	g->rows++;
	if (!has_words(g, &row))
		return;
	for (size_t i = 0; i < row.count; i++)
		letters += match_image_word(g->image, row.word[i]).len;
	struct match_company company = match_image_company(g->image, match_image_row_company(g->image, number));
	offer(g, number, MATCH_COMPLETES_WORD,
	      match_image_rank(letters, company.removed, number >= g->image->companies));
}

/* Its rows, or the best of them when they are too many to be listed. */
static void take_word(struct gather *g, uint32_t word)
{
	uint32_t count;
	const char *postings = match_image_postings(g->image, word, &count);
	struct slice common = g->image->section[MATCH_SECTION_COMMON_ROWS];
	for (uint32_t i = 0; i < count && g->rows < ROWS_MAX; i++) {
		uint32_t row;
		memcpy(&row, postings + (size_t)i * 4, 4);
		take_row(g, row);
	}
	uint64_t from = (uint64_t)word * MATCH_COMMON;
	for (uint64_t i = from; count == 0 && i < from + MATCH_COMMON && i < common.len / 4; i++)
		take_row(g, match_image_u32(common, i));
}

/* Of the words before the last, which are finished, the rarest that is listed; UINT32_MAX if none is. */
static uint32_t rarest_finished(const struct gather *g)
{
	uint32_t best = UINT32_MAX;
	uint32_t least = UINT32_MAX;
	for (size_t i = 0; i + 1 < g->asked->name.count; i++) {
		uint32_t count;
		(void)match_image_postings(g->image, g->asked->word[i], &count);
		if (count > 0 && count < least) {
			best = g->asked->word[i];
			least = count;
		}
	}
	return best;
}

static void take_words(struct gather *g)
{
	struct reading readings[READINGS];
	const struct match_name *name = &g->asked->name;
	uint32_t finished = rarest_finished(g);
	uint32_t words = 0;
	if (finished != UINT32_MAX) {
		take_word(g, finished);
		return;
	}
	size_t count = read_text(match_name_word(name, name->count - 1u), readings);
	for (size_t i = 0; i < count; i++) {
		struct match_range range = match_sorted_words(g->image, reading_text(&readings[i]));
		for (; range.from < range.to && words < WORDS_MAX && g->rows < ROWS_MAX; range.from++, words++)
			take_word(g, match_image_u32(g->image->section[MATCH_SECTION_SORTED_WORDS], range.from));
	}
}

/* ---- together ---- */

/* Equals by the alphabet, so that an index and an update of it answer like one index of both. */
static void sort_equals(struct gather *g)
{
	char keys[MATCH_HITS][MATCH_KEY_BYTES + 1];
	for (size_t n = 0; n < g->count; n++) {
		struct completion own = g->list[n];
		char key[MATCH_KEY_BYTES + 1] = "";
		key[match_sorted_key(&g->asked->set->part[own.part], own.row, key)] = 0;
		size_t at = n;
		for (; at > 0 && g->list[at - 1].order == own.order && strcmp(keys[at - 1], key) > 0; at--) {
			g->list[at] = g->list[at - 1];
			memcpy(keys[at], keys[at - 1], sizeof(key));
		}
		g->list[at] = own;
		memcpy(keys[at], key, sizeof(key));
	}
}

static void bind(struct gather *g, unsigned part)
{
	g->part = (uint8_t)part;
	g->image = &g->asked->set->part[part];
	if (g->asked->part != part)
		match_asked_bind(g->asked, part);
}

static void gather(struct gather *g, struct slice key)
{
	size_t parts = g->asked->set->count;
	for (unsigned part = 0; part < parts; part++) {
		bind(g, part);
		take_readings(g, key);
	}
	if (g->asked->name.count == 0)
		return;
	/* a text that is nothing but a legal form was meant as a word */
	if (!slice_eq(match_name_compact(&g->asked->name), key))
		g->form = g->asked->name.form;
	for (unsigned part = 0; part < parts && g->count < MATCH_HITS; part++) {
		bind(g, part);
		g->rows = 0;
		take_words(g);
	}
	sort_equals(g);
}

/* Where the completed company stands among hits, or count. */
static size_t find_hit(const struct match_result *result, const struct completion *c)
{
	size_t i = 0;
	while (i < result->count && (result->hits[i].company != c->company || result->hits[i].part != c->part))
		i++;
	return i;
}

static void put(const struct match_hit *hit, struct match_result *result)
{
	if (result->count < MATCH_HITS)
		result->hits[result->count++] = *hit;
}

static void put_completion(struct gather *g, const struct completion *c, struct match_result *result)
{
	struct match_candidate candidate;
	struct match_hit hit = {.part = c->part, .company = c->company, .row = c->row};
	if (result->count == MATCH_HITS)
		return;
	bind(g, c->part);
	if (!match_compare(g->asked, c->row, &candidate))
		return;
	hit.completes = (uint8_t)(c->order >> 8);
	match_evidence_of(candidate.f, hit.evidence);
	put(&hit, result);
}

/* Typed in full, or safe to use. */
static bool is_meant(const struct match_result *result, size_t i)
{
	return result->hits[i].evidence[MATCH_FIELD_NAME] == MATCH_FIELD_EQUAL ||
	       (i == 0 && result->verdict >= MATCH_VERDICT_FUZZY);
}

static void merge(struct gather *g, const struct match_result *searched, struct match_result *result)
{
	bool used[MATCH_HITS] = {false};
	for (size_t i = 0; i < searched->count; i++) {
		used[i] = is_meant(searched, i);
		if (used[i])
			put(&searched->hits[i], result);
	}
	for (size_t i = 0; i < g->count; i++) {
		size_t at = find_hit(searched, &g->list[i]);
		if (at == searched->count)
			put_completion(g, &g->list[i], result);
		else if (!used[at])
			put(&searched->hits[at], result);
		if (at < searched->count)
			used[at] = true;
	}
	for (size_t i = 0; i < searched->count; i++) {
		if (!used[i])
			put(&searched->hits[i], result);
	}
}

void match_complete(struct match_asked *asked, struct slice typed, struct match_result *result)
{
	char key[MATCH_KEY_BYTES];
	struct gather g = {.asked = asked};
	size_t len = match_name_key(typed, key);
	if (len == 0)
		return;
	gather(&g, (struct slice){key, len});
	struct match_result searched = *result;
	for (size_t i = 0; i < g.count; i++) {
		size_t at = find_hit(&searched, &g.list[i]);
		if (at < searched.count)
			searched.hits[at].completes = (uint8_t)(g.list[i].order >> 8);
	}
	result->count = 0;
	merge(&g, &searched, result);
}
