/* SPDX-License-Identifier: MIT */
/* In a register too large to look at every name: who is near, who shares a rare word, who sits at that address. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "match_book.h"

#define COMPANIES 21000

static struct slice bytes;
static struct match_set set;
static struct match_scratch *scratch;

/* Syllables by the digits of i: words that differ in more than a letter. */
static void word_of(unsigned i, char ret_word[32])
{
	static const char *const PARTS[] = {"bra", "kel", "tum", "fos", "nir", "dag", "wol", "sep", "hun", "mix"};

	(void)snprintf(ret_word, 32, "%s%s%s%s", PARTS[i % 10], PARTS[i / 10 % 10], PARTS[i / 100 % 10],
	               PARTS[i / 1000 % 10]);
}

static void add(struct match_build *build, unsigned i)
{
	static const char *const CITIES[] = {"Berlin", "Potsdam", "Neuruppin"};
	char id[32], word[32], name[96], street[48], postal_code[8];
	bool tower = i >= COMPANIES - 600; /* all of them in one house */

	word_of(i, word);
	(void)snprintf(id, sizeof(id), "B1204_HRB%u", i + 1);
	(void)snprintf(name, sizeof(name), "%s %s GmbH", word, i / 10000 ? "Handel" : "Bauwesen");
	(void)snprintf(street, sizeof(street), tower ? "Turmstraße 1" : "Ring %u", i % 300 + 1);
	(void)snprintf(postal_code, sizeof(postal_code), "%05u", tower ? 10101 + i % 7 : 10000 + i % 5000);
	struct slice names[1] = {slice_cstr(name)};
	struct match_build_record record = {.id = slice_cstr(id),
	                                    .court = SLICE_LIT("B1204"),
	                                    .type = REGISTER_HRB,
	                                    .number = i + 1,
	                                    .street = slice_cstr(street),
	                                    .postal_code = slice_cstr(postal_code),
	                                    .city = slice_cstr(CITIES[i % 5000 / 2000]),
	                                    .names = names,
	                                    .name_count = 1};
	cr_assert_eq(match_build_add(build, &record), STATUS_OK);
}

static void set_up(void)
{
	struct match_build *build;
	struct match_image image;

	cr_assert_eq(match_build_create(&build), STATUS_OK);
	for (unsigned i = 0; i < COMPANIES; i++)
		add(build, i);
	bytes = match_book_bytes(build, NULL);
	cr_assert_eq(match_image_open(bytes, &image), STATUS_OK);
	match_set_init(&set, &image);
	scratch = match_scratch_init(malloc(match_scratch_size()));
}

static void tear_down(void)
{
	free((void *)(uintptr_t)bytes.ptr);
	free(scratch);
}

TestSuite(match_find, .init = set_up, .fini = tear_down);

static void expect_first(const struct match_query *query, unsigned i)
{
	struct match_result result;
	char id[32];

	(void)snprintf(id, sizeof(id), "B1204_HRB%u", i + 1);
	match_search(&set, query, scratch, &result);
	cr_assert_gt(result.count, 0, "%.*s", (int)query->name.len, query->name.ptr);
	cr_expect_str_eq(match_book_id(&set, &result.hits[0]), id, "%.*s", (int)query->name.len, query->name.ptr);
}

/* One letter wrong in the only rare word, so that words alone do not find it; the place is right, near or told by city.
 */
Test(match_find, misspelt_names_are_found_in_their_place)
{
	static const unsigned WHO[] = {17, 803, 2222, 4999, 9876, 12345, 19999};

	for (size_t k = 0; k < sizeof(WHO) / sizeof(WHO[0]); k++) {
		unsigned i = WHO[k];
		char word[32], name[64], postal_code[8];
		word_of(i, word);
		word[4] = 'y';
		(void)snprintf(name, sizeof(name), "%s %s", word, i / 10000 ? "Handel" : "Bauwesen");
		(void)snprintf(postal_code, sizeof(postal_code), "%05u", 10000 + i % 5000);
		struct match_query query = {.name = slice_cstr(name), .postal_code = slice_cstr(postal_code)};
		expect_first(&query, i);
		(void)snprintf(postal_code, sizeof(postal_code), "%05u", 10000 + (i % 5000 + 300) % 5000);
		expect_first(&query, i);
	}
}

Test(match_find, a_city_stands_in_for_its_postal_codes)
{
	struct match_query query = {.name = SLICE_LIT("telbrabrafos Bauwesen"), .city = SLICE_LIT("Potsdam")};
	char word[32];

	word_of(3001, word);
	cr_assert_str_eq(word, "kelbrabrafos");
	expect_first(&query, 3001);
	query.city = SLICE_LIT("Potsdma");
	expect_first(&query, 3001);
}

Test(match_find, a_rare_word_is_found_anywhere)
{
	struct match_query query = {.name = SLICE_LIT("kelbrabrafos Bauwesen GmbH")};

	expect_first(&query, 3001);
	query.name = SLICE_LIT("kelbrabrafs Bauwesen GmbH");
	expect_first(&query, 3001);
	query.name = SLICE_LIT("kelbrabrafosBauwesen");
	expect_first(&query, 3001);
}

/* More companies at one address than are compared: the typed postal code tells which of them are. */
Test(match_find, a_house_full_of_companies_is_narrowed)
{
	char word[32];
	unsigned i = COMPANIES - 250;

	word_of(i, word);
	char name[64], postal_code[8];
	(void)snprintf(name, sizeof(name), "%s Handel GmbH", word);
	(void)snprintf(postal_code, sizeof(postal_code), "%05u", 10101 + i % 7);
	struct match_query query = {
	        .name = slice_cstr(name), .street = SLICE_LIT("Turmstr. 1"), .postal_code = slice_cstr(postal_code)};
	expect_first(&query, i);
}
