/* SPDX-License-Identifier: MIT */
#include "match_align.h"

#include <string.h>

#define SIM_FLOOR  60 /* below, two words are two words */
#define JOIN_FLOOR 70
#define JOIN_WORDS 4

static struct slice other_word(const struct match_other *other, size_t i)
{
	return (struct slice){other->text + other->start[i], (size_t)(other->start[i + 1] - other->start[i])};
}

bool match_other_init(struct match_other *other, const struct match_image *image, uint32_t row)
{
	struct match_row read;
	if (!match_image_row(image, row, &read))
		return false;
	other->form = read.form;
	other->count = read.count;
	unsigned used = 0;
	unsigned sum = 0;
	for (size_t i = 0; i < read.count; i++) {
		struct slice word = match_image_word(image, read.word[i]);
		size_t room = MATCH_NAME_BYTES - used;
		size_t len = word.len < room ? word.len : room;
		if (len > 0)
			memcpy(other->text + used, word.ptr, len);
		other->start[i] = (uint16_t)used;
		other->word[i] = read.word[i];
		other->weight[i] = match_asked_weight(image->population, match_image_word_count(image, read.word[i]));
		other->kind[i] = (uint8_t)match_image_word_kind(image, read.word[i]);
		used += (unsigned)len;
		sum += other->weight[i];
	}
	other->start[read.count] = (uint16_t)used;
	other->weight_sum = (uint16_t)(sum > UINT16_MAX ? UINT16_MAX : sum);
	return true;
}

static unsigned similarity(unsigned distance, size_t a, size_t b)
{
	unsigned longest = (unsigned)(a > b ? a : b);
	if (longest > MATCH_SIM_MAX)
		longest = MATCH_SIM_MAX;
	return longest == 0 || distance >= longest ? 0 : 100 - 100 * distance / longest;
}

static bool starts_with(struct slice word, struct slice start)
{
	return word.len > start.len && memcmp(word.ptr, start.ptr, start.len) == 0;
}

/* "verw" for "verwaltung", "techn" for "technik", "e" for "elektro". */
static unsigned abbreviation(struct slice a, struct slice b)
{
	struct slice small = a.len < b.len ? a : b;
	struct slice large = a.len < b.len ? b : a;
	if (small.len == 0 || !starts_with(large, small))
		return 0;
	return small.len >= 4 ? 85 : small.len >= 2 ? 75 : 65;
}

/* What a word that was taken for another one tells: letters changed, and how common it is by itself. */
static void note_close(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al,
                       size_t i, size_t j)
{
	struct slice a = match_name_word(&asked->name, i);
	struct slice b = other_word(other, j);
	if (abbreviation(a, b) > 0) {
		al->shortened++;
		return;
	}
	al->edits += match_sim_distance(&asked->pattern[i], b);
	if (asked->known[i] && 400u - asked->weight[i] > al->known)
		al->known = 400u - asked->weight[i];
}

static unsigned compare(const struct match_asked *asked, size_t i, struct slice other, bool number)
{
	struct slice word = match_name_word(&asked->name, i);
	if (number || asked->kind[i] == MATCH_KIND_NUMBER)
		return slice_eq(word, other) ? 100 : 0;
	unsigned sim = similarity(match_sim_distance(&asked->pattern[i], other), word.len, other.len);
	unsigned abbreviated = abbreviation(word, other);
	return sim > abbreviated ? sim : abbreviated;
}

static void pair(struct match_alignment *al, size_t i, size_t j, unsigned sim)
{
	al->asked_sim[i] = (uint8_t)sim;
	al->other_sim[j] = (uint8_t)sim;
	al->partner[i] = (uint8_t)(j + 1);
}

static void align_equal(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al)
{
	for (size_t i = 0; i < asked->name.count; i++) {
		for (size_t j = 0; j < other->count && asked->word[i] != UINT32_MAX; j++) {
			if (asked->word[i] == other->word[j] && al->other_sim[j] == 0) {
				pair(al, i, j, 100);
				break;
			}
		}
	}
}

static size_t run_length(const uint8_t *sim, size_t from, size_t count)
{
	size_t n = 0;
	while (n < JOIN_WORDS && from + n < count && sim[from + n] == 0)
		n++;
	return n;
}

/* Numbers are never misspelt: the digits of both must be the same. */
static bool same_digits(struct slice a, struct slice b)
{
	size_t j = 0;
	for (size_t i = 0; i < a.len; i++) {
		if (a.ptr[i] < '0' || a.ptr[i] > '9')
			continue;
		while (j < b.len && (b.ptr[j] < '0' || b.ptr[j] > '9'))
			j++;
		if (j == b.len || a.ptr[i] != b.ptr[j++])
			return false;
	}
	while (j < b.len && (b.ptr[j] < '0' || b.ptr[j] > '9'))
		j++;
	return j == b.len;
}

static bool near_in_length(struct slice a, struct slice b)
{
	return a.len > b.len ? a.len - b.len <= 3 : b.len - a.len <= 3;
}

static unsigned compare_joined(const struct match_pattern *pattern, struct slice own, struct slice other,
                               unsigned floor)
{
	if (floor == 100)
		return slice_eq(own, other) ? 100 : 0;
	return same_digits(own, other) ? similarity(match_sim_distance(pattern, other), own.len, other.len) : 0;
}

/* Words i to i + n of the query are one word of the other name. */
static bool join_asked(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al,
                       size_t i, size_t n)
{
	struct match_pattern pattern;
	struct slice joined = {asked->name.text + asked->name.start[i],
	                       (size_t)(asked->name.start[i + n] - asked->name.start[i])};
	bool prepared = al->floor == 100;
	for (size_t j = 0; j < other->count; j++) {
		struct slice word = other_word(other, j);
		if (al->other_sim[j] != 0 || !near_in_length(joined, word))
			continue;
		if (!prepared)
			match_sim_prepare(&pattern, joined);
		prepared = true;
		unsigned sim = compare_joined(&pattern, joined, word, al->floor);
		if (sim >= al->floor) {
			memset(al->asked_sim + i, (int)sim, n);
			al->other_sim[j] = (uint8_t)sim;
			return true;
		}
	}
	return false;
}

/* The other way round. */
static bool join_other(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al,
                       size_t j, size_t n)
{
	struct slice joined = {other->text + other->start[j], (size_t)(other->start[j + n] - other->start[j])};
	for (size_t i = 0; i < asked->name.count; i++) {
		struct slice word = match_name_word(&asked->name, i);
		if (al->asked_sim[i] != 0 || !near_in_length(joined, word))
			continue;
		unsigned sim = compare_joined(&asked->pattern[i], word, joined, al->floor);
		if (sim >= al->floor) {
			memset(al->other_sim + j, (int)sim, n);
			al->asked_sim[i] = (uint8_t)sim;
			return true;
		}
	}
	return false;
}

static void align_joined(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al,
                         unsigned floor)
{
	al->floor = floor;
	for (size_t i = 0; i < asked->name.count; i++) {
		for (size_t n = run_length(al->asked_sim, i, asked->name.count); n >= 2; n--) {
			if (join_asked(asked, other, al, i, n))
				break;
		}
	}
	for (size_t j = 0; j < other->count; j++) {
		for (size_t n = run_length(al->other_sim, j, other->count); n >= 2; n--) {
			if (join_other(asked, other, al, j, n))
				break;
		}
	}
}

struct best_pair {
	unsigned sim;
	size_t i;
	size_t j;
};

static struct best_pair find_best(const struct match_asked *asked, const struct match_other *other,
                                  const struct match_alignment *al, uint8_t (*sims)[MATCH_WORDS])
{
	struct best_pair best = {0, 0, 0};
	for (size_t i = 0; i < asked->name.count; i++) {
		for (size_t j = 0; j < other->count && al->asked_sim[i] == 0; j++) {
			if (al->other_sim[j] == 0 && sims[i][j] > best.sim)
				best = (struct best_pair){sims[i][j], i, j};
		}
	}
	return best;
}

static void align_close(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al)
{
	uint8_t sims[MATCH_WORDS][MATCH_WORDS];
	for (size_t i = 0; i < asked->name.count; i++) {
		for (size_t j = 0; j < other->count && al->asked_sim[i] == 0; j++) {
			if (al->other_sim[j] == 0)
				sims[i][j] = (uint8_t)compare(asked, i, other_word(other, j),
				                              other->kind[j] == MATCH_KIND_NUMBER);
		}
	}
	for (;;) {
		struct best_pair best = find_best(asked, other, al, sims);
		if (best.sim < SIM_FLOOR)
			return;
		pair(al, best.i, best.j, best.sim);
		if (best.sim < 100)
			note_close(asked, other, al, best.i, best.j);
	}
}

static bool all_set(const uint8_t *sim, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (sim[i] == 0)
			return false;
	}
	return true;
}

/* Blanks lost and won at several places: what is left of both, as two strings. */
static void align_rest(const struct match_asked *asked, const struct match_other *other, struct match_alignment *al)
{
	char a[MATCH_NAME_BYTES];
	char b[MATCH_NAME_BYTES];
	size_t an = 0;
	size_t bn = 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		struct slice word = match_name_word(&asked->name, i);
		if (al->asked_sim[i] == 0 && asked->kind[i] != MATCH_KIND_NUMBER) {
			memcpy(a + an, word.ptr, word.len);
			an += word.len;
		}
	}
	for (size_t j = 0; j < other->count; j++) {
		struct slice word = other_word(other, j);
		if (al->other_sim[j] == 0 && other->kind[j] != MATCH_KIND_NUMBER) {
			memcpy(b + bn, word.ptr, word.len);
			bn += word.len;
		}
	}
	if (an < 4 || bn < 4)
		return;
	unsigned sim = similarity(match_sim_pair((struct slice){a, an}, (struct slice){b, bn}), an, bn);
	if (sim < JOIN_FLOOR)
		return;
	for (size_t i = 0; i < asked->name.count; i++) {
		if (al->asked_sim[i] == 0 && asked->kind[i] != MATCH_KIND_NUMBER)
			al->asked_sim[i] = (uint8_t)sim;
	}
	for (size_t j = 0; j < other->count; j++) {
		if (al->other_sim[j] == 0 && other->kind[j] != MATCH_KIND_NUMBER)
			al->other_sim[j] = (uint8_t)sim;
	}
	al->edits += match_sim_pair((struct slice){a, an}, (struct slice){b, bn});
}

void match_align(const struct match_asked *asked, const struct match_other *other,
                 struct match_alignment *ret_alignment)
{
	struct match_alignment *al = ret_alignment;
	memset(al->asked_sim, 0, sizeof(al->asked_sim));
	memset(al->other_sim, 0, sizeof(al->other_sim));
	memset(al->partner, 0, sizeof(al->partner));
	al->edits = 0;
	al->shortened = 0;
	al->known = 0;
	align_equal(asked, other, al);
	if (all_set(al->asked_sim, asked->name.count) && all_set(al->other_sim, other->count))
		return;
	align_joined(asked, other, al, 100);
	align_close(asked, other, al);
	align_joined(asked, other, al, JOIN_FLOOR);
	if (!all_set(al->asked_sim, asked->name.count) && !all_set(al->other_sim, other->count))
		align_rest(asked, other, al);
}
