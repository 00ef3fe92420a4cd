/* SPDX-License-Identifier: MIT */
#include "lab/reading.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>

#include "../../src/lab/num.h"
#include "core/legal_form.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LARGEST      (INT64_MAX - 1)

struct reading_case {
	const char *text;
	bool comma;
	enum reading reading;
	int64_t value;
};

Test(reading, cells_of_any_spreadsheet)
{
	static const struct reading_case CASES[] = {
	        {"1", false, READING_VALUE, 1000000},
	        {" 0.35 ", false, READING_VALUE, 350000},
	        {"-0", false, READING_VALUE, 0},
	        {"-0.0000001", false, READING_VALUE, -1},
	        {"0.0000019", false, READING_VALUE, 1},
	        {"1e-3", false, READING_VALUE, 1000},
	        {"2.5E2", false, READING_VALUE, 250000000},
	        {"1e300", false, READING_VALUE, LARGEST},
	        {"-1e300", false, READING_VALUE, -LARGEST},
	        {"1e-300", false, READING_VALUE, 0},
	        {"99999999999999999999", false, READING_VALUE, LARGEST},
	        {"0,35", true, READING_VALUE, 350000},
	        {"0,35", false, READING_FAULT, COHORT_UNKNOWN},
	        {".5", false, READING_VALUE, 500000},
	        {"5.", false, READING_VALUE, 5000000},
	        {"", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"  ", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"nan", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"NaN", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"inf", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"-Infinity", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"#DIV/0!", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"-", false, READING_UNKNOWN, COHORT_UNKNOWN},
	        {"abc", false, READING_FAULT, COHORT_UNKNOWN},
	        {"1.2.3", false, READING_FAULT, COHORT_UNKNOWN},
	        {"1e", false, READING_FAULT, COHORT_UNKNOWN},
	        {"0x10", false, READING_FAULT, COHORT_UNKNOWN},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		int64_t value = 7;

		cr_assert_eq(reading_millionths(slice_cstr(CASES[i].text), CASES[i].comma, &value), CASES[i].reading,
		             "%s", CASES[i].text);
		cr_assert_eq(value, CASES[i].value, "%s: %lld", CASES[i].text, (long long)value);
	}
}

Test(reading, facts_in_their_own_unit)
{
	int64_t value;

	cr_assert_eq(reading_fact(FACT_EQUITY, SLICE_LIT("1234.567"), false, &value), READING_VALUE);
	cr_assert_eq(value, 123456);
	cr_assert_eq(reading_fact(FACT_DAYS_BEYOND_TERMS, SLICE_LIT("12.9"), false, &value), READING_VALUE);
	cr_assert_eq(value, 12);
	cr_assert_eq(reading_fact(FACT_DAYS_BEYOND_TERMS, SLICE_LIT("-0.5"), false, &value), READING_VALUE);
	cr_assert_eq(value, -1);
	cr_assert_eq(reading_fact(FACT_LEGAL_FORM, SLICE_LIT("GmbH"), false, &value), READING_VALUE);
	cr_assert_eq(value, LEGAL_FORM_GMBH);
	cr_assert_eq(reading_fact(FACT_BRANCH, SLICE_LIT("46"), false, &value), READING_VALUE);
	cr_assert_eq(value, 46);
	cr_assert_eq(reading_fact(FACT_BRANCH, SLICE_LIT("146"), false, &value), READING_FAULT);
}

Test(reading, labels_in_words_and_digits)
{
	static const char *const FAILED[] = {"1", "true", "ja", "Failed", " yes "};
	static const char *const SOUND[] = {"0", "false", "nein", "alive", "0.0"};
	int64_t bad;

	for (size_t i = 0; i < COUNT(FAILED); i++) {
		cr_assert_eq(reading_label(slice_cstr(FAILED[i]), &bad), READING_VALUE, "%s", FAILED[i]);
		cr_assert_eq(bad, 1);
		cr_assert_eq(reading_label(slice_cstr(SOUND[i]), &bad), READING_VALUE, "%s", SOUND[i]);
		cr_assert_eq(bad, 0);
	}
	cr_assert_eq(reading_label(SLICE_LIT("2"), &bad), READING_FAULT);
	cr_assert_eq(reading_label(SLICE_LIT(""), &bad), READING_UNKNOWN);
}

Test(num, agrees_with_libm)
{
	for (double x = -690; x < 690; x += 0.37) {
		cr_assert(fabs(num_exp(x) / exp(x) - 1) < 1e-13, "exp(%f)", x);
		cr_assert(fabs(num_logistic(x) - 1 / (1 + exp(-x))) < 1e-14, "logistic(%f)", x);
		cr_assert(fabs(num_softplus(x) - (x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)))) < 1e-12, "softplus(%f)",
		          x);
	}
	for (double x = 1e-300; x < 1e300; x *= 3.7)
		cr_assert(fabs(num_log(x) - log(x)) <= 1e-13 * fmax(1, fabs(log(x))), "log(%g)", x);
	for (double x = -6; x < 6; x += 0.01)
		cr_assert(fabs(num_normal(x) - 0.5 * erfc(-x / sqrt(2))) < 1e-7, "normal(%f)", x);
	cr_assert_eq(num_round(2.5), 3);
	cr_assert_eq(num_round(-2.5), -3);
	cr_assert_eq(num_round(-0.4), 0);
}
