/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "provider_case.h"
#include "provider_world.h"
#include "wire/boniforce.h"

static const struct bureau_order plain;

Test(boniforce, answers_as_its_cases_say)
{
	provider_case_run("boniforce", boniforce_codec(&plain));
}

/* A contract's own table makes the score a probability. */
Test(boniforce, takes_the_score_by_a_table)
{
	static const struct bureau_order scaled = {
	        .scale = {.id = "own", .point_count = 2, .points = {{0, 500000}, {100000000, 1000}}}};
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = 200};
	const struct provider_answer *answer;
	int32_t expected;

	question.step.number = 2;
	reply.body = provider_world_file("boniforce/report report-12345.json");
	answer = provider_world_read(boniforce_codec(&scaled), &question, &reply);
	cr_assert_eq(bureau_pd(&scaled.scale, SLICE_LIT("68"), &expected), BUREAU_PD);
	cr_assert(answer->facts.items[FACT_BUREAU_PD].known);
	cr_expect_eq(answer->facts.items[FACT_BUREAU_PD].value, expected);
}

/* From the first poll to the last the waits never get shorter, and there is an end of them. */
Test(boniforce, polls_in_growing_waits)
{
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = 200, .body = SLICE_LIT("{\"status\":\"running\"}")};
	const struct provider_answer *answer;
	int64_t before = 0, total = 0;
	unsigned polls = 0;

	question.step = (struct provider_step){.number = 4, .ref = "job/report"};
	while (polls++ < 100) {
		answer = provider_world_read(boniforce_codec(&plain), &question, &reply);
		if (answer->turn != PROVIDER_WAITS)
			break;
		cr_expect_geq(answer->wait_ms, before);
		before = answer->wait_ms;
		total += answer->wait_ms;
		question.step = answer->next;
	}
	cr_expect_eq(answer->turn, PROVIDER_ENDS);
	cr_expect_eq(answer->outcome, SOURCE_UNAVAILABLE);
	cr_expect_gt(total, INT64_C(1800) * 1000);
}
