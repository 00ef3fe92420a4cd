/* SPDX-License-Identifier: MIT */
#include "core/fact_code.h"

#include <criterion/criterion.h>

#include "core/legal_form.h"

Test(fact_code, every_value_with_a_name_is_found_by_it)
{
	static const enum fact_id FACTS[] = {FACT_LEGAL_FORM, FACT_REGISTER_STATUS, FACT_BUREAU_SCALE};
	static const int64_t LAST[] = {LEGAL_FORM_COUNT - 1, REGISTER_STATUS_DELETED};

	for (size_t i = 0; i < 2; i++) {
		for (int64_t value = 1; value <= LAST[i]; value++) {
			const char *name = fact_code_name(FACTS[i], value);
			int64_t found = 0;

			cr_assert_not_null(name);
			cr_expect(fact_code_find(FACTS[i], slice_cstr(name), &found), "%s", name);
			cr_expect_eq(found, value, "%s", name);
		}
	}
}

Test(fact_code, numbers_and_strange_values_have_no_name)
{
	int64_t value = 77;

	cr_expect_null(fact_code_name(FACT_LEGAL_FORM, LEGAL_FORM_NONE));
	cr_expect_null(fact_code_name(FACT_LEGAL_FORM, LEGAL_FORM_COUNT));
	cr_expect_null(fact_code_name(FACT_REGISTER_STATUS, -1));
	cr_expect_null(fact_code_name(FACT_REGISTER_STATUS, INT64_MAX));
	cr_expect_null(fact_code_name(FACT_INSOLVENCY_STATUS, 3));
	cr_expect_null(fact_code_name(FACT_EQUITY, 1));
	cr_expect_not(fact_code_find(FACT_LEGAL_FORM, SLICE_LIT("active"), &value));
	cr_expect_not(fact_code_find(FACT_REGISTER_STATUS, SLICE_LIT("Active"), &value));
	cr_expect_not(fact_code_find(FACT_EQUITY, SLICE_LIT("GmbH"), &value));
	cr_expect_not(fact_code_find(FACT_LEGAL_FORM, SLICE_NONE, &value));
	cr_expect_eq(value, 77);
}
