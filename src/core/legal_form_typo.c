/* SPDX-License-Identifier: MIT */
#include "legal_form_typo.h"

#include <stdint.h>
#include <string.h>

#define MAX_WORD 24

static const struct slice haftung = SLICE_LIT("haftung");
static const struct slice beschraenkter = SLICE_LIT("beschraenkter");
static const struct slice both = SLICE_LIT("beschraenkterhaftung");

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edit distance where swapping neighbours counts once (optimal string alignment). */
static unsigned distance(struct slice a, struct slice b)
{
	uint8_t rows[3][MAX_WORD + 1];
	uint8_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t k = 0; k <= b.len; k++)
		last[k] = (uint8_t)k;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = (uint8_t)i;
		for (size_t k = 1; k <= b.len; k++) {
			unsigned change = a.ptr[i - 1] != b.ptr[k - 1] ? 1 : 0;
			unsigned cost = least(last[k - 1] + change, least(last[k], now[k - 1]) + 1u);
			if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] && a.ptr[i - 2] == b.ptr[k - 1])
				cost = least(cost, before[k - 2] + 1u);
			now[k] = (uint8_t)cost;
		}
		uint8_t *oldest = before;
		before = last;
		last = now;
		now = oldest;
	}
	return last[b.len];
}

static bool is_near(struct slice word, struct slice wanted, unsigned most)
{
	if (word.len > MAX_WORD || word.len + most < wanted.len || word.len > wanted.len + most)
		return false;
	return distance(word, wanted) <= most;
}

static struct slice word_at(struct slice text, size_t at)
{
	struct slice rest = {text.ptr + at, text.len - at};

	return slice_cut(&rest, ' ');
}

/* The word that ends before text[at]; empty when at is the first word. */
static struct slice word_before(struct slice text, size_t at)
{
	if (at < 2)
		return (struct slice){text.ptr, 0};
	const char *blank = memrchr(text.ptr, ' ', at - 1);
	size_t start = blank ? (size_t)(blank + 1 - text.ptr) : 0;
	return (struct slice){text.ptr + start, at - 1 - start};
}

static bool is_mit(struct slice word)
{
	return slice_eq_cstr(word, "mit") || slice_eq_cstr(word, "mti") || slice_eq_cstr(word, "imt") ||
	       slice_eq_cstr(word, "mir") || slice_eq_cstr(word, "m");
}

bool form_typo_find(struct slice text, size_t at, size_t *ret_start, size_t *ret_end)
{
	struct slice word = word_at(text, at);
	size_t start = at;

	if (word.len < 4 || (memcmp(word.ptr, "ha", 2) != 0 && word.len < both.len - 3))
		return false;
	if (!is_near(word, both, 3)) {
		struct slice before = word_before(text, at);
		if (!is_near(word, haftung, 2) || !is_near(before, beschraenkter, 3))
			return false;
		start = (size_t)(before.ptr - text.ptr);
	}
	struct slice before = word_before(text, start);
	if (slice_eq_cstr(before, "be")) /* hyphenated: "be-schränkter" */
		before = word_before(text, start = (size_t)(before.ptr - text.ptr));
	if (is_mit(before))
		start = (size_t)(before.ptr - text.ptr);
	*ret_start = start;
	*ret_end = at + word.len;
	return true;
}
