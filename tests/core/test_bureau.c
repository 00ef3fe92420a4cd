/* SPDX-License-Identifier: MIT */
#include "core/bureau.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct bureau_table SCALE = {
        .id = "scale",
        .version = "1",
        .point_count = 3,
        .points = {{100000000, 1000}, {200000000, 10000}, {300000000, 100000}},
        .default_count = 1,
        .defaults = {{500000000, 750000}},
        .word_count = 2,
        .words = {{"A", BUREAU_PD, 2000}, {"Not Rated", BUREAU_UNKNOWN, 0}},
};

static enum bureau_result ask(const char *text, int32_t *ret_ppm)
{
	*ret_ppm = 0;
	return bureau_pd(&SCALE, slice_cstr(text), ret_ppm);
}

Test(bureau, values_words_and_what_is_neither)
{
	int32_t ppm;

	cr_assert_eq(ask("100", &ppm), BUREAU_PD);
	cr_assert_eq(ppm, 1000);
	cr_assert_eq(ask("150", &ppm), BUREAU_PD);
	cr_assert(ppm > 3160 && ppm < 3180, "halfway in log-odds: %d", ppm);
	cr_assert_eq(ask("150.5", &ppm), BUREAU_PD);
	cr_assert(ppm > 3180 && ppm < 3260, "%d", ppm);
	cr_assert_eq(ask("150,5", &ppm), BUREAU_PD);
	cr_assert_eq(ask("300", &ppm), BUREAU_PD);
	cr_assert_eq(ppm, 100000);
	cr_assert_eq(ask("500", &ppm), BUREAU_DEFAULT);
	cr_assert_eq(ppm, 750000);
	cr_assert_eq(ask("a", &ppm), BUREAU_PD);
	cr_assert_eq(ppm, 2000);
	cr_assert_eq(ask(" not rated ", &ppm), BUREAU_UNKNOWN);
	cr_assert_eq(ask("", &ppm), BUREAU_UNKNOWN);
	static const char *const WRONG[] = {"99", "301",   "499",  "B",   "1.",
	                                    ".5", "1.2.3", "-100", "1e2", "1234567890123"};
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
		cr_assert_eq(ask(WRONG[i], &ppm), BUREAU_INVALID, "%s", WRONG[i]);
}

Test(bureau, results_have_names)
{
	cr_assert_str_eq(bureau_result_name(BUREAU_DEFAULT), "default");
	cr_assert_str_eq(bureau_result_name(BUREAU_UNKNOWN), "unknown");
}

Test(bureau, broken_tables_are_named)
{
	struct bureau_table broken = SCALE;

	cr_assert_null(bureau_check(&SCALE));
	broken.points[1].value = 100000000;
	cr_assert_str_eq(bureau_check(&broken), "points");
	broken = SCALE;
	broken.points[2].pd_ppm = 5000;
	cr_assert_str_eq(bureau_check(&broken), "points");
	broken.points[2].pd_ppm = 10000;
	cr_assert_str_eq(bureau_check(&broken), "points");
	broken = SCALE;
	broken.point_count = 1;
	cr_assert_str_eq(bureau_check(&broken), "points");
	broken = SCALE;
	broken.defaults[0].pd_ppm = 0;
	cr_assert_str_eq(bureau_check(&broken), "defaults");
	broken = SCALE;
	broken.words[0].pd_ppm = 1000000;
	cr_assert_str_eq(bureau_check(&broken), "words");
}
