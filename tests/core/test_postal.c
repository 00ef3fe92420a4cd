/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/postal.h"

static const struct {
	const char *country;
	const char *text;
	const char *canonical; /* NULL = refused */
} cases[] = {
        {"DE", "40213", "40213"},
        {"DE", "D-40213", "40213"},
        {"DE", "DE 40213", "40213"},
        {"DE", " 01067 ", "01067"},
        {"DE", "1067", NULL},
        {"DE", "402131", NULL},
        {"DE", "4021A", NULL},
        {"DE", "", NULL},
        {"DE", "Köln", NULL},
        {"AT", "A-1010", "1010"},
        {"AT", "10101", NULL},
        {"BE", "B-1000", "1000"},
        {"BG", "1000", "1000"},
        {"CH", "CH-8001", "8001"},
        {"CY", "1010", "1010"},
        {"CZ", "11000", "110 00"},
        {"CZ", "110 00", "110 00"},
        {"DK", "DK-1050", "1050"},
        {"EE", "10111", "10111"},
        {"ES", "28001", "28001"},
        {"FI", "00100", "00100"},
        {"FR", "F-75001", "75001"},
        {"GR", "10431", "104 31"},
        {"HR", "10000", "10000"},
        {"HU", "1051", "1051"},
        {"IE", "d02af30", "D02 AF30"},
        {"IE", "D6W XY00", "D6W XY00"},
        {"IE", "D02", NULL},
        {"IT", "00118", "00118"},
        {"LI", "9490", "9490"},
        {"LT", "01100", "LT-01100"},
        {"LT", "LT-01100", "LT-01100"},
        {"LT", "LT1100", NULL},
        {"LU", "L-1234", "1234"},
        {"LV", "1050", "LV-1050"},
        {"LV", "lv 1050", "LV-1050"},
        {"MT", "vlt1117", "VLT 1117"},
        {"NL", "1011ab", "1011 AB"},
        {"NL", "NL-1011 AB", "1011 AB"},
        {"NL", "1011", NULL},
        {"NO", "0150", "0150"},
        {"PL", "00950", "00-950"},
        {"PL", "00-950", "00-950"},
        {"PT", "1000001", "1000-001"},
        {"PT", "1000", "1000"},
        {"PT", "10000", NULL},
        {"RO", "010011", "010011"},
        {"SE", "11120", "111 20"},
        {"SE", "SE-111 20", "111 20"},
        {"SI", "1000", "1000"},
        {"SK", "81101", "811 01"},
        {"GB", "sw1a1aa", "SW1A 1AA"},
        {"GB", "M1 1AE", "M1 1AE"},
        {"GB", "CR2 6XH", "CR2 6XH"},
        {"GB", "DN55 1PT", "DN55 1PT"},
        {"GB", "SW1A", NULL},
        {"GB", "1AA 1AA", NULL},
        {"GB", "SWXA 1AA", NULL},
        {"GB", "SW1A 11A", NULL},
        {"GB", "SW1A A1A", NULL},
        {"US", "10001", "10001"},
        {"US", "100011234", "10001-1234"},
        {"US", "10001-1234", "10001-1234"},
        {"US", "1000", NULL},
        {"JP", "100-0001", "100-0001"},
        {"CA", "k1a  0b1", "K1A 0B1"},
        {"", "99 xy", "99 XY"},
        {"JP", "1", NULL},
        {"JP", "1234567890123", NULL},
        {"JP", "1--2", "1-2"},
        {"JP", "1_2", NULL},
        {"JP", "02 -", "02"},
        {"", "- 02", "02"},
        {"JP", "1 - 2-", "1 2"},
        {"JP", "1 2 3 4 5 6 7 8 9", NULL},
        {"", "A-1-2-3-4-5-6-7-8-9", NULL},
};

Test(postal, writes_each_country_its_way)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char code[MAX_POSTAL_CODE + 1] = "";
		enum identity_fault fault = postal_normalise(slice_cstr(cases[i].text), cases[i].country, code);
		if (cases[i].canonical)
			cr_expect_str_eq(code, cases[i].canonical, "%s %s", cases[i].country, cases[i].text);
		else
			cr_expect_neq(fault, IDENTITY_FAULT_NONE, "%s %s = %s", cases[i].country, cases[i].text, code);
	}
}

Test(postal, a_canonical_code_stays_as_it_is)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char code[MAX_POSTAL_CODE + 1] = "";
		if (!cases[i].canonical)
			continue;
		cr_expect_eq(postal_normalise(slice_cstr(cases[i].canonical), cases[i].country, code),
		             IDENTITY_FAULT_NONE);
		cr_expect_str_eq(code, cases[i].canonical);
	}
}
