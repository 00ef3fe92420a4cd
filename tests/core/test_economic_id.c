/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/economic_id.h"

static const struct {
	const char *text;
	enum identity_fault fault;
	const char *canonical;
} cases[] = {
        {"DE136695976-00001", IDENTITY_FAULT_NONE, "DE136695976-00001"},
        {"de 136 695 976 - 00042", IDENTITY_FAULT_NONE, "DE136695976-00042"},
        {"DE13669597600001", IDENTITY_FAULT_NONE, "DE136695976-00001"},
        {"DE136695976", IDENTITY_FAULT_NONE, "DE136695976-00001"},
        {"DE123456789-00001", IDENTITY_FAULT_CHECK_DIGIT, ""},
        {"DE136695976-00000", IDENTITY_FAULT_FORMAT, ""},
        {"DE136695976-0001", IDENTITY_FAULT_FORMAT, ""},
        {"DE136695976-000001", IDENTITY_FAULT_FORMAT, ""},
        {"DE036695976-00001", IDENTITY_FAULT_FORMAT, ""},
        {"AT136695976-00001", IDENTITY_FAULT_FORMAT, ""},
        {"136695976-00001", IDENTITY_FAULT_FORMAT, ""},
        {"DE13669597A-00001", IDENTITY_FAULT_FORMAT, ""},
        {"", IDENTITY_FAULT_FORMAT, ""},
};

Test(economic_id, checks_form_and_digit)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char id[MAX_ECONOMIC_ID + 1] = "";
		cr_expect_eq(economic_id_normalise(slice_cstr(cases[i].text), id), cases[i].fault, "%s", cases[i].text);
		cr_expect_str_eq(id, cases[i].canonical, "%s", cases[i].text);
	}
}
