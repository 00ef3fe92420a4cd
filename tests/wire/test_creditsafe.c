/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>

#include "provider_case.h"
#include "provider_world.h"
#include "wire/bureau_in.h"
#include "wire/creditsafe.h"
#include "wire/provider_in.h"

static struct bureau_order order = {.product = "compact", .interest = "1"};

/* The table that ships. */
static void read_scale(void)
{
	static char text[65536];
	FILE *file = fopen("src/data/bureaus/creditsafe-2026-11.json", "r");
	struct load_error error;
	size_t len;

	cr_assert(file);
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	cr_assert_eq(bureau_in_parse((struct slice){text, len}, provider_world_arena(), &order.scale, &error),
	             STATUS_OK);
}

Test(creditsafe, answers_as_its_cases_say, .init = read_scale)
{
	provider_case_run("creditsafe", creditsafe_codec(&order));
}

Test(creditsafe, rates_nothing_without_a_table)
{
	static const struct bureau_order plain = {.interest = "1"};
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = 200};
	const struct provider_answer *answer;

	question.step.number = 1;
	reply.body = provider_world_file("creditsafe/report DE-0-7220012345.json");
	answer = provider_world_read(creditsafe_codec(&plain), &question, &reply);
	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_expect_not(answer->facts.items[FACT_BUREAU_PD].known);
	cr_expect_str_eq(provider_world_field(answer, "score")->fault, "has no scale (member scale)");
	cr_expect_str_eq(provider_world_field(answer, "rating")->fault, "has no scale (member scale)");
}

#define OF(rest) "{\"format\":\"bonigate-provider/1\",\"id\":\"c\",\"adapter\":\"creditsafe\"" rest "}"
#define WHO      ",\"credentials\":{\"username\":{\"env\":\"A\"},\"password\":{\"env\":\"B\"}}"

static struct provider_config config;

Test(creditsafe, wants_a_reason_and_a_template_by_name)
{
	static const struct {
		const char *json, *pointer;
	} cases[] = {
	        {OF(",\"legitimate_interest\":1"), "/credentials"},
	        {OF(WHO), "/legitimate_interest"},
	        {OF(WHO ",\"legitimate_interest\":\"commerce\""), "/legitimate_interest"},
	        {OF(WHO ",\"legitimate_interest\":0"), "/legitimate_interest"},
	        {OF(WHO ",\"legitimate_interest\":1,\"product\":\"full&x=1\""), "/product"},
	        {OF(WHO ",\"legitimate_interest\":1,\"realtime\":true"), "/realtime"},
	};
	struct load_error error;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		error = (struct load_error){{0}, {0}};
		cr_expect_eq(provider_in_parse(slice_cstr(cases[i].json), provider_world_arena(), &config, &error),
		             STATUS_INVALID, "%s", cases[i].json);
		cr_expect_str_eq(error.pointer, cases[i].pointer, "%s: %s", cases[i].json, error.detail);
	}
	cr_assert_eq(provider_in_parse(SLICE_LIT(OF(WHO ",\"legitimate_interest\":4,\"endpoint\":\"test\","
	                                                "\"scale\":\"creditsafe.json\"")),
	                               provider_world_arena(), &config, &error),
	             STATUS_OK, "%s: %s", error.pointer, error.detail);
	cr_expect_str_eq(config.url, "https://connect.sandbox.creditsafe.com/v1");
	cr_expect_str_eq(config.order.interest, "4");
	cr_expect_str_eq(config.scale_file, "creditsafe.json");
	cr_expect_str_eq(config.login_url, "");
}

Test(creditsafe, logs_in_with_user_and_password)
{
	static const struct provider_secrets secrets = {.items = {{"username", "u"}, {"password", "p\"w"}}, .count = 2};
	struct provider_codec codec = creditsafe_codec(&order);
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = 200, .body = SLICE_LIT("{\"token\":\"abc\"}")};
	struct http_request request = {0};
	struct provider_login login;
	const char *why = "";

	cr_expect_eq(codec.vtable->encode_login(codec.self, &question, provider_world_arena(), &request, &why),
	             STATUS_INVALID);
	cr_expect_str_eq(why, "needs the credentials username and password");
	question.secrets = &secrets;
	cr_assert_eq(codec.vtable->encode_login(codec.self, &question, provider_world_arena(), &request, &why),
	             STATUS_OK);
	cr_expect(slice_eq_cstr(request.url, "https://x/authenticate"));
	cr_expect(request.free);
	cr_expect(slice_eq_cstr(request.body, "{\"username\":\"u\",\"password\":\"p\\\"w\"}"));
	cr_assert_eq(codec.vtable->decode_login(codec.self, &reply, provider_world_arena(), &login), STATUS_OK);
	cr_expect_str_eq(login.token, "abc");
	cr_expect_eq(login.lifetime_ms, 3600000);
}
