/* SPDX-License-Identifier: MIT */
#include "core/recommendation.h"

#include <criterion/criterion.h>
#include <string.h>

Test(recommendation, release_has_the_actions_of_the_api)
{
	static const char *const EXPECTED[] = {"approve_customer", "offer_invoice", "normal_terms", "apply_limit"};
	const char *const *actions = recommendation_actions(RECOMMEND_RELEASE);

	cr_expect_str_eq(recommendation_name(RECOMMEND_RELEASE), "release");
	for (size_t i = 0; i < 4; i++)
		cr_expect_str_eq(actions[i], EXPECTED[i]);
	cr_expect_null(actions[4]);
}

Test(recommendation, each_has_four_actions_and_a_text_in_both_languages)
{
	static const char *const NAMES[] = {"secure", "observe", "release"};

	for (int i = RECOMMEND_SECURE; i <= RECOMMEND_RELEASE; i++) {
		enum recommendation recommendation = (enum recommendation)i;
		size_t count = 0;

		cr_expect_str_eq(recommendation_name(recommendation), NAMES[i]);
		while (recommendation_actions(recommendation)[count])
			count++;
		cr_expect_eq(count, 4);
		cr_expect_gt(strlen(recommendation_text(recommendation, LANG_DE)), 40);
		cr_expect_gt(strlen(recommendation_text(recommendation, LANG_EN)), 40);
		cr_expect_str_neq(recommendation_text(recommendation, LANG_DE),
		                  recommendation_text(recommendation, LANG_EN));
	}
}

Test(recommendation, what_is_none_secures)
{
	cr_expect_str_eq(recommendation_name((enum recommendation)7), "secure");
	cr_expect_str_eq(recommendation_actions((enum recommendation)7)[0], "recommend_prepayment");
	cr_expect_str_eq(recommendation_text(RECOMMEND_RELEASE, LANG_COUNT),
	                 recommendation_text(RECOMMEND_RELEASE, LANG_EN));
}
