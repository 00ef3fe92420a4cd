/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "../../src/core/court_table.h"
#include "core/court.h"
#include "core/fold.h"

static const struct {
	const char *text;
	const char *code; /* "" = unknown */
} cases[] = {
        {"Düsseldorf", "R1101"},
        {"DUESSELDORF", "R1101"},
        {"Dusseldorf", "R1101"},
        {"Amtsgericht Düsseldorf", "R1101"},
        {"AG Düsseldorf", "R1101"},
        {"Düsseldorf (Amtsgericht)", "R1101"},
        {"Registergericht: Amtsgericht Düsseldorf", "R1101"},
        {"beim Handelsregister des Amtsgerichts Düsseldorf", "R1101"},
        {"R1101", "R1101"},
        {"r1101", "R1101"},
        {"Berlin", "F1103R"},
        {"Charlottenburg", "F1103R"},
        {"Berlin (Charlottenburg)", "F1103R"},
        {"Berlin-Charlottenburg", "F1103R"},
        {"Charlottenburg (Berlin)", "F1103R"},
        {"AG Charlottenburg", "F1103R"},
        {"F1103", "F1103R"},
        {"F1103R", "F1103R"},
        {"D2601", "D2601V"},
        {"München", "D2601V"},
        {"Frankfurt", "M1201"},
        {"Frankfurt am Main", "M1201"},
        {"Frankfurt/Main", "M1201"},
        {"Frankfurt a.M.", "M1201"},
        {"Frankfurt (Oder)", "G1207"},
        {"Frankfurt/Oder", "G1207"},
        {"Freiburg im Breisgau", "B1204"},
        {"B8536", "B1204"},
        {"Kempten", "D2304V"},
        {"Ludwigshafen", "T3104V"},
        {"Ludwigshafen am Rhein", "T3104V"},
        {"Weiden", "D3508V"},
        {"Oldenburg", "P3210"},
        {"St. Ingbert", "V1111"},
        {"Sankt Wendel", "V1112"},
        {"Altenburg", "Y1201"},
        {"Paderborn", "R2809"},
        {"Paderborn früher Höxter", "R2809_R2807"},
        {"Oldenburg (Oldenburg), früher Vechta", "P3210_P3212"},
        {"Amtsgericht Oldenburg, früher Amtsgericht Vechta", "P3210_P3212"},
        {"Vechta", "P3210_P3212"},
        {"P3212", "P3210_P3212"},
        {"P3210_P3212", "P3210_P3212"},
        {"M1103_M1102", "M1103_M1102"},
        {"D3304V", "D3304V"},
        {"M1103_D3304V", "M1103_D3304V"},
        {"H1101_H1101", "H1101"}, /* a court that took over from itself */
        {"H1101_H1102", "H1101_H1102"},
        {"Bremerhaven", "H1101_H1102"},
        {"Halle", "W1215_W1109"},
        {"Halle (Westf.)", "R2103_R2104"},
        {"", ""},
        {"   ", ""},
        {"Amtsgericht", ""},
        {"AG", ""},
        {"Atlantis", ""},
        {"Köln früher Atlantis", ""},
        {"Atlantis früher Köln", ""},
        {"Köln früher München", ""}, /* no such succession */
        {"Z9999", ""},
        {"Z9999_R1101", ""},
        {"R1101_Z9999", ""},
        {"R1101_Z", ""},
        {"\xFF", ""},
};

Test(court, is_found_by_name_alias_and_code)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint16_t court = court_find(slice_cstr(cases[i].text));
		cr_expect_str_eq(court_code(court), cases[i].code, "%s: %s", cases[i].text, court_code(court));
		cr_expect_eq(court == COURT_NONE, !*cases[i].code);
	}
}

Test(court, refuses_a_text_beyond_its_maximum)
{
	char text[MAX_COURT + 2];

	memset(text, ' ', sizeof(text));
	memcpy(text, "Bonn", 4);
	cr_expect_str_eq(court_code(court_find((struct slice){text, MAX_COURT})), "R3201");
	cr_expect_eq(court_find((struct slice){text, MAX_COURT + 1}), COURT_NONE);
}

Test(court, every_court_is_found_by_its_code_and_its_name)
{
	cr_assert_gt(court_row_count, 400);
	cr_expect_str_eq(court_name(COURT_NONE), "");
	cr_expect_str_eq(court_code(COURT_NONE), "");
	cr_expect_str_eq(court_name(UINT16_MAX), "");
	cr_expect_str_eq(court_code(UINT16_MAX), "");
	for (uint16_t court = 1; court < court_row_count; court++) {
		cr_expect_eq(court_find(slice_cstr(court_code(court))), court, "%s", court_code(court));
		cr_expect_neq(*court_name(court), '\0');
		if (strcmp(court_code(court), "R2404_R2404") != 0)
			cr_expect_eq(court_find(slice_cstr(court_name(court))), court, "%s", court_name(court));
	}
}

Test(court, tables_are_sorted_folded_and_closed)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len;

	for (size_t i = 1; i < court_row_count; i++)
		cr_expect_lt(strcmp(court_rows[i - 1].code, court_rows[i].code), 0, "%s", court_rows[i].code);
	for (size_t i = 0; i < court_alias_count; i++) {
		const struct court_alias *alias = &court_aliases[i];
		if (i)
			cr_expect_lt(strcmp(court_aliases[i - 1].folded, alias->folded), 0, "%s", alias->folded);
		cr_expect_neq(court_find(slice_cstr(alias->code)), COURT_NONE, "%s", alias->code);
		cr_assert_eq(fold_write(slice_cstr(alias->folded), FOLD_NAME, folded, &len), STATUS_OK);
		cr_expect(slice_eq_cstr((struct slice){folded, len}, alias->folded), "%s", alias->folded);
	}
}

Test(court, knows_what_only_announces_a_court)
{
	cr_expect(court_is_announcement(SLICE_NONE));
	cr_expect(court_is_announcement(SLICE_LIT(" , ")));
	cr_expect(court_is_announcement(SLICE_LIT("Registergericht: Amtsgericht")));
	cr_expect(court_is_announcement(SLICE_LIT("eingetragen beim")));
	cr_expect_not(court_is_announcement(SLICE_LIT("Amtsgericht Bonn")));
	cr_expect_not(court_is_announcement(SLICE_LIT("\xFF")));
}
