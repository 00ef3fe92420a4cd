/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "provider_world.h"
#include "wire/provider_in.h"

/* A bureau that prepares its reports, as a mapping describes it. */
#define REPORT \
	"{\"company\":{\"name\":\"Schmidt Industrie GmbH\",\"vat\":\"DE136695976\"},\"state\":\"done\",\"index\":187}"

static struct provider_config config;

static bool parse(const char *job, struct load_error *error)
{
	char text[2048];
	int len = snprintf(
	        text, sizeof(text),
	        "{\"format\":\"bonigate-provider/1\",\"id\":\"b\",\"adapter\":\"json\",\"url\":\"https://b.example\","
	        "\"mapping\":{\"request\":{\"method\":\"POST\",\"path\":\"/reports\",\"body\":{\"vat\":\"{vat_id}\"}},"
	        "\"company\":{\"name\":\"/company/name\",\"vat_id\":\"/company/vat\"},"
	        "\"facts\":[{\"fact\":\"bureau_index\",\"at\":\"/index\"}],\"job\":%s}}",
	        job);

	*error = (struct load_error){{0}, {0}};
	return provider_in_parse((struct slice){text, (size_t)len}, provider_world_arena(), &config, error) ==
	       STATUS_OK;
}

static void open_bureau(const char *job)
{
	struct load_error error;

	cr_assert(parse(job, &error), "%s %s", error.pointer, error.detail);
}

#define WITH_STATE                                                                                               \
	"{\"id\":\"/job/id\",\"path\":\"/reports/{job}/text\",\"state\":\"/state\",\"done\":[\"done\",\"old\"]," \
	"\"failed\":[\"failed\"],\"poll_ms\":2500}"
#define WITHOUT_STATE "{\"id\":\"/job/id\",\"path\":\"/reports/{job}\"}"

/* What this reply to this step leads to. */
static const struct provider_answer *decode(uint8_t step, int code, const char *body)
{
	static struct provider_answer answer;
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, config.url);
	struct provider_codec codec = provider_config_codec(&config);
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = code, .body = slice_cstr(body)};

	question.step = (struct provider_step){.number = step, .ref = "J 7"};
	memset(&answer, 0, sizeof(answer));
	answer.outcome = SOURCE_UNAVAILABLE;
	answer.as_of = DATE_NONE;
	answer.detail = "not understood";
	facts_init(&answer.facts);
	(void)facts_source(&answer.facts, "b", SOURCE_UNAVAILABLE, DATE_NONE);
	codec.vtable->decode(codec.self, &question, &reply, provider_world_arena(), &answer);
	return &answer;
}

Test(provider_map_job, the_order_waits_for_what_it_names)
{
	static const struct {
		int code;
		const char *body, *ref;
	} ORDERS[] = {
	        {200, "{\"job\":{\"id\":\"J1\"}}", "J1"},
	        {201, "{\"job\":{\"id\":17}}", "17"},
	        {202, "{\"job\":{\"id\":\"J1\"}}", "J1"},
	};

	open_bureau(WITH_STATE);
	for (size_t i = 0; i < 3; i++) {
		const struct provider_answer *answer = decode(0, ORDERS[i].code, ORDERS[i].body);

		cr_expect_eq(answer->turn, PROVIDER_WAITS);
		cr_expect_eq(answer->next.number, 1);
		cr_expect_str_eq(answer->next.ref, ORDERS[i].ref);
		cr_expect_eq(answer->wait_ms, 2500);
	}
}

Test(provider_map_job, an_order_that_names_no_job_ends)
{
	static const struct {
		int code;
		const char *body;
		enum source_state outcome;
	} ORDERS[] = {
	        {200, "{}", SOURCE_UNAVAILABLE},
	        {202, "", SOURCE_UNAVAILABLE},
	        {200, "{\"job\":{\"id\":{}}}", SOURCE_UNAVAILABLE},
	        {200, "{\"job\":{\"id\":\"\"}}", SOURCE_UNAVAILABLE},
	        {503, "{\"job\":{\"id\":\"J1\"}}", SOURCE_UNAVAILABLE},
	        {400, "{}", SOURCE_INVALID_INPUT},
	        {404, "{}", SOURCE_NO_DATA},
	};

	open_bureau(WITH_STATE);
	for (size_t i = 0; i < sizeof(ORDERS) / sizeof(ORDERS[0]); i++) {
		const struct provider_answer *answer = decode(0, ORDERS[i].code, ORDERS[i].body);

		cr_expect_eq(answer->turn, PROVIDER_ENDS, "%zu", i);
		cr_expect_eq(answer->outcome, ORDERS[i].outcome, "%zu", i);
	}
}

Test(provider_map_job, a_report_is_fetched_by_its_number)
{
	struct subject subject = provider_world_schmidt();
	struct provider_question question;
	struct http_request request;
	const char *why = NULL;
	struct provider_codec codec;

	open_bureau(WITH_STATE);
	codec = provider_config_codec(&config);
	question = provider_world_question(&subject, config.url);
	question.step = (struct provider_step){.number = 1, .ref = "J 7/../x"};
	cr_assert_eq(codec.vtable->encode(codec.self, &question, provider_world_arena(), &request, &why), STATUS_OK);
	cr_expect(slice_eq_cstr(request.url, "https://b.example/reports/J%207%2F..%2Fx/text"), "%.*s",
	          (int)request.url.len, request.url.ptr);
	cr_expect_eq(request.method, HTTP_GET);
	cr_expect(request.repeatable);
	cr_expect_eq(request.body.len, 0);
}

Test(provider_map_job, a_state_tells_whether_the_report_is_there)
{
	open_bureau(WITH_STATE);
	cr_expect_eq(decode(1, 200, REPORT)->outcome, SOURCE_ANSWER);
	cr_expect(decode(1, 200, REPORT)->facts.items[FACT_BUREAU_INDEX].known);
	cr_expect_eq(decode(1, 200, "{\"state\":\"failed\"}")->outcome, SOURCE_NO_DATA);
	cr_expect_eq(decode(1, 200, "{\"state\":\"failed\"}")->turn, PROVIDER_ENDS);
	for (size_t i = 0; i < 4; i++) {
		static const char *const NOT_YET[] = {"{\"state\":\"running\"}", "{}", "{\"state\":null}",
		                                      "{\"state\":[\"done\"]}"};
		const struct provider_answer *answer = decode(1, 200, NOT_YET[i]);

		cr_expect_eq(answer->turn, PROVIDER_WAITS, "%s", NOT_YET[i]);
		cr_expect_str_eq(answer->next.ref, "J 7");
	}
	cr_expect_eq(decode(1, 500, REPORT)->turn, PROVIDER_ENDS);
	cr_expect_eq(decode(1, 500, REPORT)->outcome, SOURCE_UNAVAILABLE);
}

Test(provider_map_job, without_a_state_the_code_tells)
{
	open_bureau(WITHOUT_STATE);
	cr_expect_eq(decode(1, 202, "")->turn, PROVIDER_WAITS);
	cr_expect_eq(decode(1, 202, "")->wait_ms, 10000);
	cr_expect_eq(decode(1, 202, REPORT)->turn, PROVIDER_WAITS);
	cr_expect_eq(decode(1, 200, REPORT)->outcome, SOURCE_ANSWER);
}

Test(provider_map_job, refuses_what_cannot_work)
{
	static const struct {
		const char *job, *pointer;
	} CASES[] = {
	        {"[]", "/mapping/job"},
	        {"{\"path\":\"/r/{job}\"}", "/mapping/job/id"},
	        {"{\"id\":\"id\",\"path\":\"/r/{job}\"}", "/mapping/job/id"},
	        {"{\"id\":\"/id\"}", "/mapping/job/path"},
	        {"{\"id\":\"/id\",\"path\":\"/r\"}", "/mapping/job/path"},
	        {"{\"id\":\"/id\",\"path\":\"r/{job}\"}", "/mapping/job/path"},
	        {"{\"id\":\"/id\",\"path\":\"/r/{job}/{job}\"}", "/mapping/job/path"},
	        {"{\"id\":\"/id\",\"path\":\"/{name}/{job}\"}", "/mapping/job/path"},
	        {"{\"id\":\"/id\",\"path\":\"/r/{job}\",\"state\":\"/s\"}", "/mapping/job/done"},
	        {"{\"id\":\"/id\",\"path\":\"/r/{job}\",\"done\":[\"d\"]}", "/mapping/job/done"},
	        {"{\"id\":\"/id\",\"path\":\"/r/{job}\",\"state\":\"/s\",\"done\":[1]}", "/mapping/job/done"},
	        {"{\"id\":\"/id\",\"path\":\"/r/{job}\",\"poll_ms\":1}", "/mapping/job/poll_ms"},
	        {"{\"id\":\"/id\",\"path\":\"/r/{job}\",\"every\":1}", "/mapping/job/every"},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct load_error error;

		cr_expect_not(parse(CASES[i].job, &error), "%s", CASES[i].job);
		cr_expect_str_eq(error.pointer, CASES[i].pointer, "%s: %s", CASES[i].job, error.detail);
	}
}
