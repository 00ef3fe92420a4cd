/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/country.h"

static const struct {
	const char *text;
	enum identity_fault fault;
	const char *canonical;
} cases[] = {
        {"DE", IDENTITY_FAULT_NONE, "DE"},  {"de", IDENTITY_FAULT_NONE, "DE"},  {" aT ", IDENTITY_FAULT_NONE, "AT"},
        {"EL", IDENTITY_FAULT_NONE, "GR"},  {"uk", IDENTITY_FAULT_NONE, "GB"},  {"XK", IDENTITY_FAULT_UNKNOWN, ""},
        {"XX", IDENTITY_FAULT_UNKNOWN, ""}, {"AA", IDENTITY_FAULT_UNKNOWN, ""}, {"EU", IDENTITY_FAULT_UNKNOWN, ""},
        {"DEU", IDENTITY_FAULT_FORMAT, ""}, {"D", IDENTITY_FAULT_FORMAT, ""},   {"D1", IDENTITY_FAULT_FORMAT, ""},
        {"1D", IDENTITY_FAULT_FORMAT, ""},  {"", IDENTITY_FAULT_FORMAT, ""},    {"\xC3\x84", IDENTITY_FAULT_FORMAT, ""},
};

Test(country, knows_iso_3166)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char country[3] = "";
		cr_expect_eq(country_normalise(slice_cstr(cases[i].text), country), cases[i].fault, "%s",
		             cases[i].text);
		cr_expect_str_eq(country, cases[i].canonical, "%s", cases[i].text);
	}
}

Test(country, counts_249_countries_and_27_members)
{
	size_t countries = 0, members = 0;

	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			const char text[3] = {a, b, '\0'};
			char country[3] = "";
			bool alias = (a == 'E' && b == 'L') || (a == 'U' && b == 'K');
			if (alias || country_normalise(slice_cstr(text), country) != IDENTITY_FAULT_NONE)
				continue;
			cr_expect_str_eq(country, text);
			countries++;
			members += country_in_eu(country);
		}
	cr_expect_eq(countries, 249);
	cr_expect_eq(members, 27);
	cr_expect_not(country_in_eu("GB"));
	cr_expect_not(country_in_eu("CH"));
	cr_expect_not(country_in_eu(""));
}
