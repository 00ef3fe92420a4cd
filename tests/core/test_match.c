/* SPDX-License-Identifier: MIT */
#include "core/match.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "match_book.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct match_book book;
static struct match_result result;

static void open_book(void)
{
	match_book_open(&book);
}

static void close_book(void)
{
	match_book_close(&book);
}

TestSuite(match, .init = open_book, .fini = close_book);

static const char *first_of(const struct match_query *query)
{
	match_search(&book.set, query, book.scratch, &result);
	return result.count > 0 ? match_book_id(&book.set, &result.hits[0]) : "";
}

static struct match_query typed(const char *name, const char *street, const char *postal_code, const char *city)
{
	return (struct match_query){.name = slice_cstr(name),
	                            .street = slice_cstr(street),
	                            .postal_code = slice_cstr(postal_code),
	                            .city = slice_cstr(city)};
}

/* ---- what is found ---- */

Test(match, every_company_finds_itself)
{
	for (unsigned i = 0; i < MATCH_WORLD_COMPANIES; i++) {
		struct match_world_company c = match_world_company(i);
		struct match_query query = typed(c.name, c.street, c.postal_code, c.city);
		cr_expect_str_eq(first_of(&query), c.id, "%s", c.name);
		cr_expect_geq((int)result.verdict, (int)MATCH_VERDICT_FUZZY, "%s", c.name);
		if (!c.previous[0])
			continue;
		query.name = slice_cstr(c.previous);
		cr_expect_str_eq(first_of(&query), c.id, "%s", c.previous);
		cr_expect_geq(result.hits[0].row, book.set.part[0].companies);
	}
}

/* Writings of one company that a person would not hesitate about. */
static const struct {
	const char *name;
	const char *street;
	const char *postal_code;
	const char *city;
	const char *id;
} FOUND[] = {
        {"nordwind elektrotechnik ag", "Am Sportpl. 20 a", "20095", "hamburg", "K1101R_HRB5"},
        {"Nordwint Elektrotechnik AG", "Am Sportplatz 20a", "20095", "Hamburg", "K1101R_HRB5"},
        {"Elektrotechnik Nordwind Aktiengesellschaft", "", "20095", "Hamburg", "K1101R_HRB5"},
        {"NordwindElektrotechnik", "", "20095", "Hamburg", "K1101R_HRB5"},
        {"Nord wind Elektro technik AG", "", "", "Hamburg", "K1101R_HRB5"},
        {"Nordwind Elektrot", "Am Sportplatz", "20095", "Hamburg", "K1101R_HRB5"},
        {"Nordwind Elektrotechnik AG", "Am Sportplatz 20a", "20059", "Hambrug", "K1101R_HRB5"},
        {"Westgote Anlagenbau AG", "", "", "Hamburg", "K1101R_HRB5"},
        {"Baeckerei Knusperle OHG", "Kirchg. 107", "79098", "Freiburg", "K1101R_HRA8"},
        {"Backerei Knusperle", "Kirchgasse 170", "79089", "Freiburg i. Br.", "K1101R_HRA8"},
        {"Fa. Bäckerei Knusperle oHG - Filiale Freiburg", "", "", "Freiburg im Breisgau", "K1101R_HRA8"},
        {"Beaufort 9 Windpark GmbH & Co KG", "Deichweg 1", "26835", "Hesel", "K1101R_HRA7"},
        {"Grimmelshausen Feinmech. Ltd.", "Postfach 77", "04109", "Leipzig", "other-11"},
        {"Kaffeerösterei Tornquist & Söhne eG", "Speicherstadt 4", "20457", "Hamburg", "K1101R_GnR13"},
        {"Kallenbergs Transport Dienstleistungs-GmbH", "Ring 33", "01067", "Dresden", "K1101R_HRB14"},
        {"Quendt Industrie Verwaltungs GmbH", "Hafenstr. 12", "40213", "Düsseldorf", "R1101_HRB2"},
        {"Quendt Industrie GmbH u. Co. KG", "Hafenstr. 12", "40213", "Düsseldorf", "R1101_HRA3"},
        {"Quendt Industrie GmbH", "", "", "München", "D2601_HRB4"},
        {"Authaus Lauenstein, Groß Grönau", "", "", "", "reg:X1721R:HRB:1225HL"},
};

Test(match, finds_what_people_type)
{
	for (size_t i = 0; i < COUNT(FOUND); i++) {
		struct match_query query = typed(FOUND[i].name, FOUND[i].street, FOUND[i].postal_code, FOUND[i].city);
		cr_expect_str_eq(first_of(&query), FOUND[i].id, "%s: %s", FOUND[i].name,
		                 match_book_id(&book.set, &result.hits[0]));
	}
}

/* Each would give a stranger's credit away. */
static const struct {
	const char *name;
	const char *street;
	const char *postal_code;
	const char *city;
} UNSAFE[] = {
        {"Windpark Beaufort 7 GmbH & Co. KG", "Deichweg 1", "26835", "Hesel"},
        {"Windpark Beaufort GmbH & Co. KG", "Deichweg 1", "26835", "Hesel"},
        {"Quendt Industrie Beteiligungs-GmbH", "Hafenstraße 12", "40213", "Düsseldorf"},
        {"Quendt Industrie GmbH", "", "", ""},
        {"Quendt Handels GmbH", "Domplatz 1", "99084", "Erfurt"},
        {"GmbH", "", "40213", "Düsseldorf"},
        {"der die und", "", "", ""},
        {"", "Hafenstraße 12", "40213", "Düsseldorf"},
};

Test(match, takes_nobody_else)
{
	for (size_t i = 0; i < COUNT(UNSAFE); i++) {
		struct match_query query = typed(UNSAFE[i].name, UNSAFE[i].street, UNSAFE[i].postal_code,
		                                 UNSAFE[i].city);
		(void)first_of(&query);
		cr_expect_lt((int)result.verdict, (int)MATCH_VERDICT_FUZZY, "%s: %s", UNSAFE[i].name,
		             match_book_id(&book.set, &result.hits[0]));
	}
}

Test(match, the_best_stands_first_and_probabilities_are_some)
{
	for (size_t i = 0; i < COUNT(FOUND) + COUNT(UNSAFE); i++) {
		struct match_query query = i < COUNT(FOUND) ? typed(FOUND[i].name, FOUND[i].street,
		                                                    FOUND[i].postal_code, FOUND[i].city)
		                                            : typed(UNSAFE[i - COUNT(FOUND)].name, "", "",
		                                                    UNSAFE[i - COUNT(FOUND)].city);
		(void)first_of(&query);
		cr_assert_leq(result.count, MATCH_HITS);
		for (size_t k = 0; k < result.count; k++) {
			cr_expect_lt(result.hits[k].ppm, 1000000);
			for (size_t m = 0; m < k; m++)
				cr_expect(result.hits[m].company != result.hits[k].company, "twice");
		}
	}
}

/* Two entries of one name at one place: whoever is taken, what is known is the same. */
Test(match, doubles_share_their_probability)
{
	struct match_query query = typed("Altmetall Zollverein GmbH", "Zechenweg 5", "45127", "Essen");

	(void)first_of(&query);
	cr_assert_geq(result.count, 2);
	cr_expect_eq(result.hits[0].ppm, result.hits[1].ppm);
	cr_expect_geq((int)result.verdict, (int)MATCH_VERDICT_FUZZY);
	cr_expect_str_eq(match_book_id(&book.set, &result.hits[0]), "R2503_HRB10", "the other one was deleted");
}

Test(match, doubles_that_are_both_registered_need_a_person)
{
	struct match_query query = typed("Zwillingsturm Kranbau GmbH", "Ring 1", "04109", "Leipzig");

	(void)first_of(&query);
	cr_assert_geq(result.count, 2);
	cr_expect_eq(result.hits[0].ppm, result.hits[1].ppm);
	cr_expect_lt(result.hits[0].sure, result.hits[0].ppm);
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);
}

Test(match, a_name_alone_is_never_safe)
{
	struct match_query query = typed("Grimmelshausen Feinmechanik Limited", "", "", "");

	cr_expect_str_eq(first_of(&query), "other-11");
	cr_expect_lt((int)result.verdict, (int)MATCH_VERDICT_FUZZY);
	query.city = SLICE_LIT("Leipzig");
	(void)first_of(&query);
	cr_expect_geq((int)result.verdict, (int)MATCH_VERDICT_FUZZY);
}

/* Who typed a piece of a name is shown companies, but none is taken for him. */
Test(match, a_piece_of_a_name_in_a_small_register_is_not_safe)
{
	struct match_query query = typed("Grimm", "", "04109", "Leipzig");

	cr_expect_str_eq(first_of(&query), "other-11");
	cr_expect_lt((int)result.verdict, (int)MATCH_VERDICT_FUZZY);
}

Test(match, asking_again_gives_the_same)
{
	struct match_query query = typed("Nordwint Elektrotechnik", "", "20059", "Hambrug");
	struct match_result first;

	(void)first_of(&query);
	first = result;
	for (int i = 0; i < 20; i++) {
		struct match_query other = typed(FOUND[i % (int)COUNT(FOUND)].name, "", "", "");
		(void)first_of(&other);
		(void)first_of(&query);
		cr_assert_eq(result.count, first.count);
		cr_expect_eq(result.hits[0].company, first.hits[0].company);
		cr_expect_eq(result.hits[0].ppm, first.hits[0].ppm);
	}
}

/* ---- evidence ---- */

static enum match_evidence evidence(const struct match_query *query, enum match_field field)
{
	(void)first_of(query);
	return result.count ? (enum match_evidence)result.hits[0].evidence[field] : MATCH_FIELD_ABSENT;
}

Test(match, tells_what_agrees)
{
	struct match_query query = typed("Nordwind Elektrotechnik AG", "Am Sportplatz 20a", "20095", "Hamburg");

	(void)first_of(&query);
	for (size_t f = 0; f < MATCH_FIELD_REGISTER; f++)
		cr_expect_eq(result.hits[0].evidence[f], MATCH_FIELD_EQUAL, "field %zu", f);
	cr_expect_eq(result.hits[0].evidence[MATCH_FIELD_REGISTER], MATCH_FIELD_ABSENT);
	cr_expect(match_hit_fits(&result.hits[0]));
	cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);

	query = typed("Nordwind Elektrotechnik", "", "20095", "");
	cr_expect_eq(evidence(&query, MATCH_FIELD_FORM), MATCH_FIELD_ABSENT);
	cr_expect_eq(evidence(&query, MATCH_FIELD_STREET), MATCH_FIELD_ABSENT);
	cr_expect_eq(evidence(&query, MATCH_FIELD_HOUSE), MATCH_FIELD_ABSENT);
	cr_expect_eq(evidence(&query, MATCH_FIELD_CITY), MATCH_FIELD_ABSENT);

	query = typed("Nordwint Elektrotechnik GmbH", "Am Sprotplatz 21a", "20059", "Hambrug");
	cr_expect_eq(evidence(&query, MATCH_FIELD_NAME), MATCH_FIELD_CLOSE);
	cr_expect_eq(evidence(&query, MATCH_FIELD_FORM), MATCH_FIELD_OTHER);
	cr_expect_eq(evidence(&query, MATCH_FIELD_STREET), MATCH_FIELD_CLOSE);
	cr_expect_eq(evidence(&query, MATCH_FIELD_HOUSE), MATCH_FIELD_CLOSE);
	cr_expect_eq(evidence(&query, MATCH_FIELD_POSTCODE), MATCH_FIELD_CLOSE);
	cr_expect_eq(evidence(&query, MATCH_FIELD_CITY), MATCH_FIELD_CLOSE);
	cr_expect_not(match_hit_fits(&result.hits[0]));

	query = typed("Quendt Industrie KG", "Hafenstraße 12", "40213", "Düsseldorf");
	(void)first_of(&query);
	for (size_t i = 0; i < result.count; i++) {
		if (strcmp(match_book_id(&book.set, &result.hits[i]), "R1101_HRA3") == 0)
			cr_expect_eq(result.hits[i].evidence[MATCH_FIELD_FORM], MATCH_FIELD_CLOSE);
	}
}

/* ---- identifiers ---- */

static struct match_query numbered(enum register_type type, unsigned number, const char *court, const char *suffix)
{
	return (struct match_query){
	        .type = type, .number = number, .court = slice_cstr(court), .suffix = slice_cstr(suffix)};
}

Test(match, a_register_number_with_its_court_decides)
{
	struct match_query query = numbered(REGISTER_HRB, 1225, "X1721R", "HL");

	cr_expect_str_eq(first_of(&query), "reg:X1721R:HRB:1225HL");
	cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);
	cr_expect_eq(result.hits[0].evidence[MATCH_FIELD_NAME], MATCH_FIELD_ABSENT);
	cr_expect_eq(result.hits[0].evidence[MATCH_FIELD_REGISTER], MATCH_FIELD_EQUAL);
	query.suffix = SLICE_NONE;
	cr_expect_str_eq(first_of(&query), "reg:X1721R:HRB:1225");
	query.number = 4711;
	cr_expect_str_eq(first_of(&query), "");
	cr_expect_eq(result.verdict, MATCH_VERDICT_NONE);
	query = numbered(REGISTER_HRB, 1225, "", "HL");
	cr_expect_str_eq(first_of(&query), "", "a number without its court is nobody's");
}

Test(match, a_number_without_its_court_helps_a_name)
{
	struct match_query query = typed("Quendt Industrie GmbH", "", "", "");

	query.type = REGISTER_HRB;
	query.number = 4;
	cr_expect_str_eq(first_of(&query), "D2601_HRB4");
	cr_expect_eq(result.hits[0].evidence[MATCH_FIELD_REGISTER], MATCH_FIELD_EQUAL);
	query.number = 99;
	(void)first_of(&query);
	cr_expect_lt((int)result.verdict, (int)MATCH_VERDICT_FUZZY);
	cr_expect_eq(result.hits[0].evidence[MATCH_FIELD_REGISTER], MATCH_FIELD_OTHER);
}

Test(match, vat_id_and_lei_decide_too)
{
	struct match_query query = {.vat_id = SLICE_LIT("DE136695976")};

	cr_expect_str_eq(first_of(&query), "R1101_HRB1");
	cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);
	query = (struct match_query){.lei = SLICE_LIT("529900T8BM49AURSDO55")};
	cr_expect_str_eq(first_of(&query), "other-11");
	query.lei = SLICE_LIT("529900T8BM49AURSDO56");
	cr_expect_str_eq(first_of(&query), "");
}

Test(match, what_contradicts_an_identifier_is_never_a_silent_choice)
{
	struct match_query query = typed("Ganz Anderer Fischhandel OHG", "", "20095", "Hamburg");

	query.vat_id = SLICE_LIT("DE136695976");
	cr_expect_str_eq(first_of(&query), "R1101_HRB1");
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);

	query = typed("Nordwind Elektrotechnik AG", "Am Sportplatz 20a", "20095", "Hamburg");
	query.vat_id = SLICE_LIT("DE136695976");
	cr_expect_str_eq(first_of(&query), "R1101_HRB1", "the company of the VAT id is shown beside the one named");
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);
	cr_expect_gt(result.count, 1);

	query = numbered(REGISTER_HRB, 5, "K1101R", "");
	query.vat_id = SLICE_LIT("DE136695976");
	(void)first_of(&query);
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);
}

Test(match, an_earlier_name_does_not_contradict_an_identifier)
{
	struct match_query query = typed("Westgote Anlagenbau AG", "", "20095", "Hamburg");

	query.type = REGISTER_HRB;
	query.number = 5;
	query.court = SLICE_LIT("Hamburg");
	cr_expect_str_eq(first_of(&query), "K1101R_HRB5");
	cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);
	cr_expect_geq(result.hits[0].row, book.set.part[0].companies);
}

Test(match, a_full_list_makes_room_for_the_identified)
{
	struct match_world_company c = match_world_company(100);
	struct match_query query = typed(c.name, "", c.postal_code, "");

	query.vat_id = SLICE_LIT("DE136695976");
	cr_expect_str_eq(first_of(&query), "R1101_HRB1");
	cr_expect_leq(result.count, MATCH_HITS);
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);
}

/* ---- updates ---- */

static void make_update(struct slice *ret_bytes, struct slice *gone, size_t gone_count)
{
	struct match_build *build;
	struct match_image image;
	struct match_build_update update = {&book.set.part[0], gone, gone_count};
	struct slice names[1] = {SLICE_LIT("Sturmflut Elektrotechnik AG")};
	struct match_build_record record = {.id = SLICE_LIT("K1101R_HRB5"),
	                                    .court = SLICE_LIT("K1101R"),
	                                    .type = REGISTER_HRB,
	                                    .number = 5,
	                                    .street = SLICE_LIT("Am Sportplatz 20a"),
	                                    .postal_code = SLICE_LIT("20095"),
	                                    .city = SLICE_LIT("Hamburg"),
	                                    .names = names,
	                                    .name_count = 1};

	cr_assert_eq(match_build_create(&build), STATUS_OK);
	cr_assert_eq(match_build_add(build, &record), STATUS_OK);
	*ret_bytes = match_book_bytes(build, &update);
	cr_assert_eq(match_image_open(*ret_bytes, &image), STATUS_OK);
	cr_assert_eq(match_set_add(&book.set, &image), STATUS_OK);
	cr_expect_eq(match_set_add(&book.set, &image), STATUS_MISMATCH, "one update at most");
}

Test(match, an_update_hides_and_adds)
{
	struct slice gone[1] = {SLICE_LIT("D2601_HRB4")};
	struct slice bytes;
	struct match_query query;

	make_update(&bytes, gone, 1);
	query = typed("Sturmflut Elektrotechnik AG", "Am Sportplatz 20a", "20095", "Hamburg");
	cr_expect_str_eq(first_of(&query), "K1101R_HRB5");
	cr_expect_eq(result.hits[0].part, 1);
	cr_expect_geq((int)result.verdict, (int)MATCH_VERDICT_FUZZY);
	query = typed("Nordwind Elektrotechnik AG", "Am Sportplatz 20a", "20095", "Hamburg");
	(void)first_of(&query);
	for (size_t i = 0; i < result.count; i++)
		cr_expect_neq(result.hits[i].company + result.hits[i].part * 1000000,
		              match_book_find(&book, "K1101R_HRB5"));
	query = numbered(REGISTER_HRB, 5, "K1101R", "");
	cr_expect_str_eq(first_of(&query), "K1101R_HRB5");
	cr_expect_eq(result.hits[0].part, 1);
	query = numbered(REGISTER_HRB, 4, "D2601", "");
	cr_expect_str_eq(first_of(&query), "", "gone");
	free((void *)(uintptr_t)bytes.ptr);
}

Test(match, an_update_of_another_index_is_refused)
{
	struct match_image strange = book.set.part[0];

	strange.base = 1;
	cr_expect_eq(match_set_add(&book.set, &strange), STATUS_MISMATCH);
	cr_expect_eq(book.set.count, 1);
	cr_expect_not(match_set_hides(&book.set, 0, 0));
}
