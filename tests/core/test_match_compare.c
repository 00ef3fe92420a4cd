/* SPDX-License-Identifier: MIT */
#include "../../src/core/match_compare.h"

#include <criterion/criterion.h>
#include <string.h>

#include "match_book.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct match_book book;

static void open_book(void)
{
	match_book_open(&book);
}

static void close_book(void)
{
	match_book_close(&book);
}

TestSuite(match_compare, .init = open_book, .fini = close_book);

static struct match_candidate compare(const struct match_query *query, const char *id)
{
	struct match_asked asked;
	struct match_candidate candidate;
	uint32_t company = match_book_find(&book, id);

	cr_assert_neq(company, UINT32_MAX, "%s", id);
	match_asked_init(&asked, &book.set, query, (struct match_rows){NULL, 0});
	cr_assert(match_compare(&asked, company, &candidate));
	return candidate;
}

#define NORDWIND "K1101R_HRB5"
#define BEAUFORT "K1101R_HRA6"
#define SISTER   "R1101_HRB2"
#define BAKERY   "K1101R_HRA8"
#define COFFEE   "K1101R_GnR13"
#define GMBH_KG  "R1101_HRA3"

/* One name against one company: what a feature must say. */
static const struct {
	const char *name;
	const char *id;
	enum match_feature feature;
	int value;
} NAMES[] = {
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_ASKED_COVER, 1000},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_OTHER_COVER, 1000},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_LIKENESS, 1000},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_DICE, 1000},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_DISTANCE, 0},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_EDITS, 0},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_FIRST, 100},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_ASKED_WORDS, 2},
        {"Nordwind Elektrotechnik AG", NORDWIND, MATCH_F_FORM, 0},
        {"Nordwint Elektrotechnik AG", NORDWIND, MATCH_F_EDITS, 1},
        {"Nordwint Elektrotechnik AG", NORDWIND, MATCH_F_DISTANCE, 1},
        {"Nordwint Elektrotechnik AG", NORDWIND, MATCH_F_OTHER_PLAIN, 0},
        {"NordwindElektrotechnik AG", NORDWIND, MATCH_F_ASKED_COVER, 1000},
        {"NordwindElektrotechnik AG", NORDWIND, MATCH_F_OTHER_COVER, 1000},
        {"Nord Wind Elektro Technik", NORDWIND, MATCH_F_ASKED_COVER, 1000},
        {"Nord Wint Elektro Technik", NORDWIND, MATCH_F_OTHER_PLAIN, 0},
        {"Nordwintelektrotechnik", NORDWIND, MATCH_F_LIKENESS, 955},
        {"Elektrotechnik Nordwind", NORDWIND, MATCH_F_TURNED, 1},
        {"Elektrotechnik Nordwind", NORDWIND, MATCH_F_FIRST, 0},
        {"Nordwind Elektro", NORDWIND, MATCH_F_SHORTENED, 1},
        {"Nordwind Elektro", NORDWIND, MATCH_F_CUT, 15},
        {"Nordwind Elektro", NORDWIND, MATCH_F_FORM, 2},
        {"Nordwind Elektrotechnik GmbH", NORDWIND, MATCH_F_FORM, 6},
        {"Nordwind Elektrotechnik GmbH", NORDWIND, MATCH_F_FORM_GMBH, 1},
        {"Nordwind Elektrotechnik GmbH", NORDWIND, MATCH_F_FORM_REST, 1},
        {"Nordwind Elektrotechnik AG", SISTER, MATCH_F_OTHER_ROLE, 2},
        {"Quendt Industrie GmbH", SISTER, MATCH_F_OTHER_ROLE, 1},
        {"Quendt Industrie Verwaltungs GmbH", SISTER, MATCH_F_OTHER_ROLE, 0},
        {"Quendt Holding Industrie Verwaltungs GmbH", SISTER, MATCH_F_ASKED_ROLE, 1},
        {"Quendt Industrie Zwiebelturm GmbH", SISTER, MATCH_F_ASKED_PLAIN, 1},
        {"Quendt Industrie Zwiebelturm GmbH", SISTER, MATCH_F_OTHER_PLAIN, 0},
        {"Quendt Industrie GmbH", GMBH_KG, MATCH_F_FORM, 4},
        {"Quendt Industrie GmbH & Co. KG", SISTER, MATCH_F_FORM, 5},
        {"Quendt Industrie GmbH & Co. KG", SISTER, MATCH_F_FORM_KG, 1},
        {"Windpark Beaufort 8 GmbH & Co. KG", BEAUFORT, MATCH_F_NUMBER, 1},
        {"Windpark Beaufort 9 GmbH & Co. KG", BEAUFORT, MATCH_F_NUMBER, 4},
        {"Windpark Beaufort GmbH & Co. KG", BEAUFORT, MATCH_F_NUMBER, 3},
        {"Nordwind 3 AG", NORDWIND, MATCH_F_NUMBER, 2},
        {"Nordwind AG", NORDWIND, MATCH_F_NUMBER, 0},
        {"Fa. Bäckerei Knusperle", BAKERY, MATCH_F_EXTRA, 1},
        {"Bäckerei der Knusperle", BAKERY, MATCH_F_STOPS, 1},
        {"Kaffeerösterei Tornquist Söhne", COFFEE, MATCH_F_OTHER_CITY, 1},
        {"Kaffeerösterei Tornquist Söhne Hamburg eG", COFFEE, MATCH_F_OTHER_CITY, 0},
        {"Unbekanntes Xylofonwerk", NORDWIND, MATCH_F_UNKNOWN, 1000},
        {"Unbekanntes Xylofonwerk", NORDWIND, MATCH_F_ASKED_COVER, 0},
        {"Nordwind", NORDWIND, MATCH_F_UNKNOWN, 0},
};

Test(match_compare, names)
{
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		struct match_query query = {.name = slice_cstr(NAMES[i].name)};
		struct match_candidate c = compare(&query, NAMES[i].id);
		cr_expect_eq(c.f[NAMES[i].feature], NAMES[i].value, "%zu %s: %d", i, NAMES[i].name,
		             c.f[NAMES[i].feature]);
	}
}

/* BAKERY: Kirchgasse 107, 79098 Freiburg im Breisgau */
static const struct {
	const char *street;
	const char *postal_code;
	const char *city;
	enum match_feature feature;
	int value;
} PLACES[] = {
        {"Kirchgasse 107", "79098", "Freiburg im Breisgau", MATCH_F_STREET, 0},
        {"Kirchgasse 107", "79098", "Freiburg im Breisgau", MATCH_F_HOUSE, 0},
        {"Kirchgasse 107", "79098", "Freiburg im Breisgau", MATCH_F_POSTCODE, 0},
        {"Kirchgasse 107", "79098", "Freiburg im Breisgau", MATCH_F_CITY, 0},
        {"Kirchgasse 107", "79098", "Freiburg im Breisgau", MATCH_F_PLACE, 112},
        {"", "", "", MATCH_F_STREET, 3},
        {"", "", "", MATCH_F_HOUSE, 3},
        {"", "", "", MATCH_F_POSTCODE, 5},
        {"", "", "", MATCH_F_CITY, 3},
        {"Kirchgase 107", "", "", MATCH_F_STREET, 1},
        {"Kirchg. 107", "", "", MATCH_F_STREET, 2},
        {"Postfach 12", "", "", MATCH_F_STREET, 4},
        {"Postfach 12", "", "", MATCH_F_HOUSE, 3},
        {"Marktplatz 107", "", "", MATCH_F_STREET, 5},
        {"Kirchgasse 107a", "", "", MATCH_F_HOUSE, 1},
        {"Kirchgasse 101", "", "", MATCH_F_HOUSE, 2},
        {"Kirchgasse 10", "", "", MATCH_F_HOUSE, 2},
        {"Kirchgasse 7", "", "", MATCH_F_HOUSE, 4},
        {"Kirchgasse 211", "", "", MATCH_F_HOUSE, 4},
        {"", "79008", "", MATCH_F_POSTCODE, 1},
        {"", "79089", "", MATCH_F_POSTCODE, 2},
        {"", "79011", "", MATCH_F_POSTCODE, 3},
        {"", "79111", "", MATCH_F_POSTCODE, 4},
        {"", "20095", "", MATCH_F_POSTCODE, 6},
        {"", "", "Freiburg", MATCH_F_CITY, 1},
        {"", "", "Freibrug im Breisgau", MATCH_F_CITY, 2},
        {"", "", "Hamburg", MATCH_F_CITY, 4},
};

Test(match_compare, places)
{
	for (size_t i = 0; i < COUNT(PLACES); i++) {
		struct match_query query = {.name = SLICE_LIT("Bäckerei Knusperle"),
		                            .street = slice_cstr(PLACES[i].street),
		                            .postal_code = slice_cstr(PLACES[i].postal_code),
		                            .city = slice_cstr(PLACES[i].city)};
		struct match_candidate c = compare(&query, BAKERY);
		cr_expect_eq(c.f[PLACES[i].feature], PLACES[i].value, "%zu %s %s %s: %d", i, PLACES[i].street,
		             PLACES[i].postal_code, PLACES[i].city, c.f[PLACES[i].feature]);
	}
}

Test(match_compare, register_numbers)
{
	static const struct {
		enum register_type type;
		unsigned number;
		const char *court;
		const char *suffix;
		int value;
	} CASES[] = {
	        {REGISTER_NONE, 0, "", "", 0},           {REGISTER_HRB, 1225, "", "", 1},
	        {REGISTER_HRB, 1225, "X1721R", "HL", 1}, {REGISTER_HRB, 1225, "X1721R", "OD", 2},
	        {REGISTER_HRB, 1225, "K1101R", "HL", 2}, {REGISTER_HRB, 1226, "X1721R", "HL", 3},
	        {REGISTER_HRA, 1225, "X1721R", "HL", 3},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		struct match_query query = {.name = SLICE_LIT("Authaus Lauenstein GmbH"),
		                            .type = CASES[i].type,
		                            .number = CASES[i].number,
		                            .court = slice_cstr(CASES[i].court),
		                            .suffix = slice_cstr(CASES[i].suffix)};
		struct match_candidate c = compare(&query, "reg:X1721R:HRB:1225HL");
		cr_expect_eq(c.f[MATCH_F_REGISTER], CASES[i].value, "%zu: %d", i, c.f[MATCH_F_REGISTER]);
	}
}

Test(match_compare, a_number_is_never_a_misspelling)
{
	struct match_query query = {.name = SLICE_LIT("Windparkbeaufort 9")};
	struct match_candidate c = compare(&query, BEAUFORT);

	cr_expect_eq(c.f[MATCH_F_NUMBER], 4);
	cr_expect_eq(c.f[MATCH_F_OTHER_PLAIN], 0, "the words are joined all the same");
}

Test(match_compare, the_removed_and_the_earlier_named_are_told_apart)
{
	struct match_query query = {.name = SLICE_LIT("Altmetall Zollverein GmbH")};
	struct match_asked asked;
	struct match_candidate c = compare(&query, "R2503_HRB9");

	cr_expect_eq(c.f[MATCH_F_REMOVED], 1);
	cr_expect_eq(compare(&query, "R2503_HRB10").f[MATCH_F_REMOVED], 0);
	cr_expect_eq(c.f[MATCH_F_ALIAS], 0);
	query.name = SLICE_LIT("Westgote Anlagenbau AG");
	match_asked_init(&asked, &book.set, &query, (struct match_rows){NULL, 0});
	const struct match_image *image = &book.set.part[0];
	for (uint32_t row = image->companies; row < image->rows; row++) {
		cr_assert(match_compare(&asked, row, &c));
		cr_expect_eq(c.f[MATCH_F_ALIAS], 1);
		cr_expect_lt(c.company, image->companies);
	}
	cr_expect_not(match_compare(&asked, image->rows, &c), "no such row");
}

/* ---- candidates as a model sees them ---- */

Test(match_compare, an_excluded_row_is_not_there)
{
	struct match_candidate found[MATCH_FINALISTS];
	struct match_query query = {.name = SLICE_LIT("Nordwind Elektrotechnik AG"), .city = SLICE_LIT("Hamburg")};
	uint32_t row = match_book_find(&book, NORDWIND);
	size_t count = match_candidates(&book.set, &query, (struct match_rows){NULL, 0}, book.scratch, found);

	cr_assert_gt(count, 0);
	cr_expect_eq(found[0].company, row);
	cr_expect_eq(found[0].f[MATCH_F_RANK], 0);
	cr_expect_eq(found[0].f[MATCH_F_UNKNOWN], 0);
	count = match_candidates(&book.set, &query, (struct match_rows){&row, 1}, book.scratch, found);
	for (size_t i = 0; i < count; i++)
		cr_expect_neq(found[i].company, row);
	cr_expect(count == 0 || found[0].f[MATCH_F_UNKNOWN] > 0, "nobody else has that word");
}

Test(match_compare, sisters_rivals_and_namesakes_are_counted)
{
	struct match_candidate found[MATCH_FINALISTS];
	struct match_query query = {.name = SLICE_LIT("Quendt Industrie GmbH"),
	                            .street = SLICE_LIT("Hafenstraße 12"),
	                            .postal_code = SLICE_LIT("40213"),
	                            .city = SLICE_LIT("Düsseldorf")};
	size_t count = match_candidates(&book.set, &query, (struct match_rows){NULL, 0}, book.scratch, found);

	cr_assert_geq(count, 4);
	cr_expect_eq(found[0].company, match_book_find(&book, "R1101_HRB1"));
	cr_expect_eq(found[0].f[MATCH_F_SISTERS], 2);
	cr_expect_eq(found[0].f[MATCH_F_RIVALS], 2, "the limited partnership and the one in Munich");
	cr_expect_eq(found[0].f[MATCH_F_NAMESAKES], 1, "log2 of three");
	for (size_t i = 1; i < count; i++) {
		cr_expect_leq(found[i].first, found[i - 1].first);
		cr_expect_eq(found[i].f[MATCH_F_RANK], (int)i);
		cr_expect_leq(found[i].f[MATCH_F_GAP], 0);
	}
}

/* ---- the model ---- */

static void fill(struct match_candidate *candidates, size_t count, uint32_t *state)
{
	memset(candidates, 0, count * sizeof(*candidates));
	for (size_t i = 0; i < count; i++) {
		for (size_t f = 0; f < MATCH_F_COUNT; f++) {
			*state = *state * 1664525 + 1013904223;
			candidates[i].f[f] = (int16_t)(*state >> 16);
		}
	}
}

Test(match_compare, the_model_gives_probabilities_in_any_order)
{
	static struct match_candidate candidates[MATCH_FINALISTS];
	static struct match_candidate turned[MATCH_FINALISTS];
	uint32_t state = 7;

	for (size_t round = 0; round < 500; round++) {
		size_t count = round % MATCH_FINALISTS + 1;
		uint64_t sum = 0;
		fill(candidates, count, &state);
		for (size_t i = 0; i < count; i++)
			turned[count - 1 - i] = candidates[i];
		match_model_score(candidates, count);
		match_model_score(turned, count);
		for (size_t i = 0; i < count; i++) {
			sum += candidates[i].ppm;
			cr_assert_eq(candidates[i].ppm, turned[count - 1 - i].ppm);
			cr_assert_eq(candidates[i].score, turned[count - 1 - i].score);
			for (size_t k = 0; k < i; k++)
				cr_assert(candidates[i].score < candidates[k].score ||
				          candidates[i].ppm >= candidates[k].ppm);
		}
		cr_assert_leq(sum, 1000000);
	}
	match_model_score(candidates, 0);
}
