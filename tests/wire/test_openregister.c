/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "provider_case.h"
#include "provider_world.h"
#include "wire/openregister.h"

Test(openregister, answers_as_its_cases_say)
{
	static const struct openregister plain;

	provider_case_run("openregister", openregister_codec(&plain));
}

Test(openregister, asks_the_register_itself_when_told_to)
{
	static const struct openregister realtime = {.realtime = true};
	struct provider_codec codec = openregister_codec(&realtime);
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_request request = {0};
	const char *why = "";

	question.step = (struct provider_step){.number = 1, .ref = "DE-HRB-R1101-12345"};
	cr_assert_eq(codec.vtable->encode(codec.self, &question, provider_world_arena(), &request, &why), STATUS_OK);
	cr_expect(slice_eq_cstr(request.url, "https://x/company/DE-HRB-R1101-12345?realtime=true"));
}

Test(openregister, ends_with_the_company_when_proceedings_are_not_wanted)
{
	static const struct openregister alone = {.no_insolvency = true};
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = 200};
	const struct provider_answer *answer;

	question.step.number = 1;
	reply.body = provider_world_file("openregister/company DE-HRB-R1101-12345.json");
	answer = provider_world_read(openregister_codec(&alone), &question, &reply);
	cr_expect_eq(answer->turn, PROVIDER_ENDS);
	cr_expect_eq(answer->outcome, SOURCE_ANSWER);
}
