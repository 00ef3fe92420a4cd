/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/lei.h"

static const struct {
	const char *text;
	enum identity_fault fault;
	const char *canonical;
} cases[] = {
        {"5493001KJTIIGC8Y1R12", IDENTITY_FAULT_NONE, "5493001KJTIIGC8Y1R12"}, /* the example of ISO 17442 */
        {"7LTWFZYICNSX8D621K86", IDENTITY_FAULT_NONE, "7LTWFZYICNSX8D621K86"},
        {"529900t8bm49aursdo55", IDENTITY_FAULT_NONE, "529900T8BM49AURSDO55"},
        {" 5493 001K JTII GC8Y 1R12 ", IDENTITY_FAULT_NONE, "5493001KJTIIGC8Y1R12"},
        {"5493001KJTIIGC8Y1R13", IDENTITY_FAULT_CHECK_DIGIT, ""},
        {"5493001KJTIIGC8YR112", IDENTITY_FAULT_CHECK_DIGIT, ""}, /* neighbours swapped */
        {"5493001KJTIIGC8Y1R1", IDENTITY_FAULT_FORMAT, ""},
        {"5493001KJTIIGC8Y1R122", IDENTITY_FAULT_FORMAT, ""},
        {"5493001KJTIIGC8Y1R1A", IDENTITY_FAULT_FORMAT, ""}, /* the last two are digits */
        {"5493001KJTIIGC8+1R12", IDENTITY_FAULT_FORMAT, ""},
        {"5493001KJTIIGC8Y1R1\xC2\xB2", IDENTITY_FAULT_FORMAT, ""},
        {"", IDENTITY_FAULT_FORMAT, ""},
};

Test(lei, checks_form_and_digits)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char lei[MAX_LEI + 1] = "";
		cr_expect_eq(lei_normalise(slice_cstr(cases[i].text), lei), cases[i].fault, "%s", cases[i].text);
		cr_expect_str_eq(lei, cases[i].canonical, "%s", cases[i].text);
	}
}

/* Mod 97-10 promises it for a digit in a digit's place and a letter in a letter's. */
Test(lei, finds_every_single_mistyped_character)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t at = 0; at < MAX_LEI; at++)
		for (const char *c = alphabet; *c; c++) {
			char text[] = "5493001KJTIIGC8Y1R12", lei[MAX_LEI + 1];
			if (text[at] == *c || (text[at] <= '9') != (*c <= '9'))
				continue;
			text[at] = *c;
			cr_expect_neq(lei_normalise(slice_cstr(text), lei), IDENTITY_FAULT_NONE, "%s", text);
		}
}
