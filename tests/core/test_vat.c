/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/country.h"
#include "core/vat.h"

static const struct {
	const char *text;
	enum identity_fault fault;
	const char *canonical;
} cases[] = {
#include "vat_cases.h"
};

Test(vat, every_state_gets_its_verdict)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char vat[MAX_VAT_ID + 1] = "";
		enum identity_fault fault = vat_normalise(slice_cstr(cases[i].text), "", vat);
		cr_expect_eq(fault, cases[i].fault, "%s: %s", cases[i].text, identity_fault_code(fault));
		cr_expect_str_eq(vat, cases[i].canonical, "%s", cases[i].text);
	}
}

static size_t count_cases(const char *prefix, bool good)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		count += strncmp(cases[i].text, prefix, 2) == 0 && (cases[i].fault == IDENTITY_FAULT_NONE) == good;
	return count;
}

Test(vat, the_cases_cover_every_member_state)
{
	for (int i = 0; i < 26 * 26; i++) {
		const char country[3] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};
		const char *prefix = strcmp(country, "GR") == 0 ? "EL" : country;
		if (!country_in_eu(country) && strcmp(country, "XI") != 0)
			continue;
		cr_expect_geq(count_cases(prefix, true), 4, "%s", prefix);
		cr_expect_geq(count_cases(prefix, false), 5, "%s", prefix);
	}
}

Test(vat, a_canonical_number_stays_as_it_is)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char vat[MAX_VAT_ID + 1] = "";
		if (cases[i].fault != IDENTITY_FAULT_NONE)
			continue;
		cr_expect_eq(vat_normalise(slice_cstr(cases[i].canonical), "", vat), IDENTITY_FAULT_NONE);
		cr_expect_str_eq(vat, cases[i].canonical);
	}
}

/* How many of the numbers that differ from vat in the digit at this place pass. */
static size_t count_passing(const char *vat, size_t at)
{
	char text[MAX_VAT_ID + 1], out[MAX_VAT_ID + 1];
	size_t passing = 0;

	snprintf(text, sizeof(text), "%s", vat);
	for (text[at] = '0'; text[at] <= '9'; text[at]++)
		passing += text[at] != vat[at] && vat_normalise(slice_cstr(text), "", out) == IDENTITY_FAULT_NONE;
	return passing;
}

Test(vat, a_mistyped_german_digit_is_always_found)
{
	size_t tried = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].fault != IDENTITY_FAULT_NONE || strncmp(cases[i].canonical, "DE", 2) != 0)
			continue;
		for (size_t at = 2; at < 11; at++, tried++)
			cr_expect_eq(count_passing(cases[i].canonical, at), 0, "%s at %zu", cases[i].canonical, at);
	}
	cr_expect_gt(tried, 50);
}

static const struct {
	const char *text;
	const char *country;
	enum identity_fault fault;
	const char *canonical;
} homes[] = {
        {"136695976", "DE", IDENTITY_FAULT_NONE, "DE136695976"},
        {"023456780", "GR", IDENTITY_FAULT_NONE, "EL023456780"},
        {"U13585627", "AT", IDENTITY_FAULT_NONE, "ATU13585627"},
        {"B58378431", "ES", IDENTITY_FAULT_NONE, "ESB58378431"},
        {"K7399859412", "FR", IDENTITY_FAULT_NONE, "FRK7399859412"},
        {"DE399859412", "FR", IDENTITY_FAULT_CHECK_DIGIT, ""}, /* the prefix wins where it fits */
        {"SE399859412", "FR", IDENTITY_FAULT_NONE, "FRSE399859412"},
        {"ATU13585627", "DE", IDENTITY_FAULT_NONE, "ATU13585627"}, /* registered abroad */
        {"136695976", "", IDENTITY_FAULT_FORMAT, ""},
        {"136695976", "US", IDENTITY_FAULT_FORMAT, ""},
        {"ZZ136695976", "DE", IDENTITY_FAULT_UNKNOWN, ""},
        {"", "DE", IDENTITY_FAULT_FORMAT, ""},
        {"D", "DE", IDENTITY_FAULT_FORMAT, ""},
        {"DE136695976DE136695976", "DE", IDENTITY_FAULT_FORMAT, ""},
        {"DE 136 695 976 Ö", "DE", IDENTITY_FAULT_FORMAT, ""},
};

Test(vat, the_country_stands_in_for_a_missing_prefix)
{
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		char vat[MAX_VAT_ID + 1] = "";
		cr_expect_eq(vat_normalise(slice_cstr(homes[i].text), homes[i].country, vat), homes[i].fault,
		             "%s in %s", homes[i].text, homes[i].country);
		cr_expect_str_eq(vat, homes[i].canonical, "%s in %s", homes[i].text, homes[i].country);
	}
}
