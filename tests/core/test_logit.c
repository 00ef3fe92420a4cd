/* SPDX-License-Identifier: MIT */
#include "core/logit.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "logit_cases.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

Test(logit, from_ppm_agrees_with_values_computed_elsewhere)
{
	for (size_t i = 0; i < COUNT(LOGIT_CASES); i++) {
		int64_t got = logit_from_ppm(LOGIT_CASES[i][0]);

		cr_expect_leq(llabs(got - LOGIT_CASES[i][1]), 1, "%ld ppm: %ld", LOGIT_CASES[i][0], got);
	}
}

Test(logit, to_ppm_agrees_with_values_computed_elsewhere)
{
	for (size_t i = 0; i < COUNT(BACK_CASES); i++) {
		int64_t got = logit_to_ppm(BACK_CASES[i][0]);

		cr_expect_leq(llabs(got - BACK_CASES[i][1]), 1, "%ld: %ld", BACK_CASES[i][0], got);
	}
}

Test(logit, every_ppm_survives_the_way_there_and_back)
{
	for (int64_t ppm = 1; ppm < 1000000; ppm++) {
		if (logit_to_ppm(logit_from_ppm(ppm)) != ppm)
			cr_assert_fail("%ld came back as %ld", ppm, logit_to_ppm(logit_from_ppm(ppm)));
	}
}

Test(logit, rises_strictly_and_is_its_own_mirror_image)
{
	for (int64_t ppm = 1; ppm < 999999; ppm++) {
		if (logit_from_ppm(ppm) >= logit_from_ppm(ppm + 1))
			cr_assert_fail("falls at %ld", ppm);
		if (logit_from_ppm(ppm) != -logit_from_ppm(1000000 - ppm))
			cr_assert_fail("not symmetric at %ld", ppm);
	}
	cr_expect_eq(logit_from_ppm(500000), 0);
}

Test(logit, to_ppm_never_falls)
{
	int64_t last = 0;

	for (int64_t odds = -15000000; odds <= 15000000; odds += 997) {
		int64_t ppm = logit_to_ppm(odds);

		cr_assert_geq(ppm, last, "falls at %ld", odds);
		last = ppm;
	}
}

Test(logit, clamps_what_is_no_probability)
{
	cr_expect_eq(logit_from_ppm(0), logit_from_ppm(1));
	cr_expect_eq(logit_from_ppm(INT64_MIN), logit_from_ppm(1));
	cr_expect_eq(logit_from_ppm(1000000), logit_from_ppm(999999));
	cr_expect_eq(logit_from_ppm(INT64_MAX), logit_from_ppm(999999));
	cr_expect_eq(logit_to_ppm(INT64_MIN), 1);
	cr_expect_eq(logit_to_ppm(INT64_MAX), 999999);
}
