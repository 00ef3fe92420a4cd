/* SPDX-License-Identifier: MIT */
#include "lab/match_fit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/lab/match_boost.h"
#include "match_book.h"

/* ---- trees ---- */

#define LISTS    2000
#define PER_LIST 4
#define FEATURES 3

static int16_t values[LISTS * PER_LIST * FEATURES];
static uint8_t meant[LISTS * PER_LIST];
static uint32_t first[LISTS + 1];
static double losses[64];

static bool note(void *ctx, unsigned tree, double loss)
{
	(void)ctx;
	losses[tree] = loss;
	return true;
}

/* In two of three lists the candidate with a high first feature and a low second one is meant; else nobody. */
static struct boost_data make_lists(void)
{
	uint32_t state = 5;

	for (size_t q = 0; q < LISTS; q++) {
		first[q] = (uint32_t)(q * PER_LIST);
		for (size_t k = 0; k < PER_LIST; k++) {
			size_t row = q * PER_LIST + k;
			bool right = k == q % PER_LIST && q % 3 != 0;
			for (size_t f = 0; f < FEATURES; f++) {
				state = state * 1664525 + 1013904223;
				values[row * FEATURES + f] = (int16_t)(state >> 25);
			}
			values[row * FEATURES] = (int16_t)(values[row * FEATURES] / 2 + (right ? 64 : 0));
			values[row * FEATURES + 1] = (int16_t)(values[row * FEATURES + 1] / 2 + (right ? 0 : 64));
			meant[row] = right;
		}
	}
	first[LISTS] = LISTS * PER_LIST;
	return (struct boost_data){LISTS, LISTS * PER_LIST, FEATURES, first, meant, values};
}

static double score(const struct boost_tree *trees, unsigned count, const int16_t *row)
{
	double sum = -2;

	for (unsigned t = 0; t < count; t++) {
		unsigned leaf = 0;
		for (unsigned d = 0; d < BOOST_DEPTH; d++)
			leaf = leaf << 1 | (row[trees[t].feature[d]] >= trees[t].cut[d]);
		sum += trees[t].leaf[leaf];
	}
	return sum;
}

Test(match_fit, trees_learn_who_is_meant_and_when_nobody_is)
{
	struct boost_data data = make_lists();
	struct boost_options options = {.trees = 60, .rate = 0.2, .penalty = 2, .base = -2, .seed = 1, .report = note};
	struct boost_tree trees[60];
	unsigned count = 0;
	size_t wrong = 0;

	cr_assert_eq(boost_fit(&data, &options, trees, &count), STATUS_OK);
	cr_assert_eq(count, 60);
	cr_expect_lt(losses[59], losses[0] / 10, "%f of %f", losses[59], losses[0]);
	for (size_t row = 0; row < data.rows; row++)
		wrong += (score(trees, count, values + row * FEATURES) > 0) != meant[row];
	cr_expect_lt(wrong, data.rows / 200, "%zu of %zu", wrong, data.rows);
}

Test(match_fit, the_same_seed_gives_the_same_trees)
{
	struct boost_data data = make_lists();
	struct boost_options options = {.trees = 3, .rate = 0.2, .penalty = 2, .base = -2, .seed = 9};
	struct boost_tree one[3];
	struct boost_tree two[3];
	unsigned count = 0;

	memset(one, 0, sizeof(one));
	memset(two, 0, sizeof(two));
	cr_assert_eq(boost_fit(&data, &options, one, &count), STATUS_OK);
	cr_assert_eq(boost_fit(&data, &options, two, &count), STATUS_OK);
	cr_expect_arr_eq(one, two, sizeof(one));
}

/* ---- the table ---- */

static struct match_fit_company *companies_of(const struct match_image *image, char (*texts)[256])
{
	struct match_fit_company *companies = calloc(image->companies, sizeof(*companies));

	cr_assert_not_null(companies);
	for (uint32_t i = 0; i < image->companies; i++) {
		struct match_company c = match_image_company(image, i);
		size_t len = match_image_name(image, i, texts[i], sizeof(texts[i]));
		companies[i] = (struct match_fit_company){.name = {texts[i], len},
		                                          .street = match_image_street(image, c.street),
		                                          .postal_code = SLICE_LIT("40213"),
		                                          .city = match_image_city(image, c.city),
		                                          .type = (enum register_type)c.type,
		                                          .number = c.number};
	}
	return companies;
}

Test(match_fit, writes_a_table_that_core_can_include)
{
	static char texts[1024][256];
	struct match_book book;
	struct match_fit_options options = {.samples = 400, .trees = 4, .seed = 1};
	char *table = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&table, &len);

	match_book_open(&book);
	const struct match_image *image = &book.set.part[0];
	struct match_fit_company *companies = companies_of(image, texts);
	cr_assert_eq(match_fit(image, companies, &options, out), STATUS_OK);
	fclose(out);
	cr_assert_not_null(strstr(table, "#define BASE "));
	cr_assert_not_null(strstr(table, "static const struct tree TREES[] = {"));
	cr_assert_not_null(strstr(table, "SHIFT"));
	cr_assert_not_null(strstr(table, "SCALE"));
	size_t trees = 0;
	for (const char *at = table; (at = strstr(at, "{{")) != NULL; at += 2)
		trees++;
	cr_expect_eq(trees, 4);
	free(table);
	free(companies);
	match_book_close(&book);
}
