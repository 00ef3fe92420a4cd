/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "provider_world.h"
#include "wire/provider_in.h"

static struct provider_config config;

static enum status parse(struct slice text, struct load_error *error)
{
	*error = (struct load_error){{0}, {0}};
	return provider_in_parse(text, provider_world_arena(), &config, error);
}

static void parse_example(void)
{
	struct load_error error;

	cr_assert_eq(parse(provider_world_file("bureau/mapping.json"), &error), STATUS_OK, "%s: %s", error.pointer,
	             error.detail);
}

Test(provider_in, has_defaults_for_what_is_left_out)
{
	struct load_error error;

	cr_assert_eq(parse(SLICE_LIT("{\"format\":\"bonigate-provider/1\",\"id\":\"v\",\"adapter\":\"vies\"}"), &error),
	             STATUS_OK);
	cr_expect_str_eq(config.url, "https://ec.europa.eu/taxation_customs/vies/rest-api");
	cr_expect_not(config.private_network);
	cr_expect_gt(config.total_ms, 0);
	cr_expect_gt(config.rules.in_flight, 0);
	cr_expect_gt(config.rules.breaker.failures, 0);
	cr_assert_eq(
	        parse(SLICE_LIT("{\"format\":\"bonigate-provider/1\",\"id\":\"g\",\"adapter\":\"gleif\"}"), &error),
	        STATUS_OK);
	cr_expect_str_eq(config.url, "https://api.gleif.org/api/v1");
}

Test(provider_in, reads_every_member)
{
	parse_example();
	cr_expect_str_eq(config.id, "examplebureau");
	cr_expect_eq(config.kind, PROVIDER_JSON);
	cr_expect_str_eq(config.auth_header, "X-Api-Key");
	cr_expect_str_eq(config.auth.env, "EXAMPLEBUREAU_KEY");
	cr_expect_eq(config.total_ms, 10000);
	cr_expect_eq(config.rules.in_flight, 4);
	cr_expect_eq(config.rules.cost_micros, 850000);
	cr_expect_eq(config.rules.day_micros, 50000000);
	cr_expect_eq(config.map.fact_count, 11);
	cr_expect(config.map.repeatable);
}

#define OF(adapter) "{\"format\":\"bonigate-provider/1\",\"id\":\"b\",\"adapter\":\"" adapter "\""
#define HEAD        OF("json") ",\"url\":\"https://b.example\","
#define MAPPING(request, company, facts) \
	HEAD "\"mapping\":{\"request\":" request ",\"company\":" company ",\"facts\":" facts "}}"
#define GOOD_REQUEST "{\"path\":\"/c/{vat_id}\"}"
#define GOOD_COMPANY "{\"vat_id\":\"/vat\"}"

Test(provider_in, refuses_with_pointer_and_sentence)
{
	static const struct {
		const char *json, *pointer;
	} cases[] = {
	        {"[]", ""},
	        {"{\"format\":\"x\"}", "/format"},
	        {"{\"format\":\"bonigate-provider/1\",\"id\":\"A B\",\"adapter\":\"vies\"}", "/id"},
	        {"{\"format\":\"bonigate-provider/1\",\"id\":\"register\",\"adapter\":\"vies\"}", "/id"},
	        {"{\"format\":\"bonigate-provider/1\",\"id\":\"demo_bureau\",\"adapter\":\"vies\"}", "/id"},
	        {"{\"format\":\"bonigate-provider/1\",\"id\":\"b\"}", "/adapter"},
	        {OF("soap") "}", "/adapter"},
	        {OF("vies") ",\"key\":\"s3cret\"}", "/key"},
	        {OF("vies") ",\"url\":\"http://x\"}", "/url"},
	        {OF("vies") ",\"mapping\":{}}", "/mapping"},
	        {OF("vies") ",\"requester\":\"DE1\"}", "/requester"},
	        {OF("vies") ",\"in_flight\":0}", "/in_flight"},
	        {OF("vies") ",\"max_bytes\":99999999}", "/max_bytes"},
	        {OF("vies") ",\"auth\":{\"header\":\"X\"}}", "/auth"},
	        {OF("vies") ",\"auth\":{\"header\":\"X: y\",\"env\":\"K\"}}", "/auth/header"},
	        {OF("vies") ",\"cost\":{\"per_call\":2,\"per_day\":1}}", "/cost/per_day"},
	        {OF("vies") ",\"breaker\":{\"percent\":101}}", "/breaker/percent"},
	        {OF("gleif") ",\"requester\":\"DE136695976\"}", "/requester"},
	        {OF("gleif") ",\"endpoint\":\"test\"}", "/endpoint"},
	        {HEAD "\"endpoint\":\"live\"}", "/endpoint"},
	        {OF("boniforce") "}", "/auth"},
	        {OF("openregister") ",\"realtime\":1}", "/auth"},
	        {OF("northdata") ",\"scale\":\"x\"}", "/scale"},
	        {HEAD "\"description\":\"no mapping\"}", "/mapping"},
	        {MAPPING("{}", GOOD_COMPANY, "[]"), "/mapping/request/path"},
	        {MAPPING("{\"path\":\"/c/{vatid}\"}", GOOD_COMPANY, "[]"), "/mapping/request/path"},
	        {MAPPING("{\"path\":\"c\"}", GOOD_COMPANY, "[]"), "/mapping/request/path"},
	        {MAPPING("{\"path\":\"/c\",\"body\":{}}", GOOD_COMPANY, "[]"), "/mapping/request/body"},
	        {MAPPING("{\"path\":\"/c\",\"method\":\"PUT\"}", GOOD_COMPANY, "[]"), "/mapping/request/method"},
	        {MAPPING("{\"path\":\"/c\",\"method\":\"POST\",\"body\":{\"q\":[\"{nobody}\"]}}", GOOD_COMPANY, "[]"),
	         "/mapping/request/body"},
	        {MAPPING(GOOD_REQUEST, "{}", "[]"), "/mapping/company"},
	        {MAPPING(GOOD_REQUEST, "{\"name\":\"name\"}", "[]"), "/mapping/company/name"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY, "{}"), "/mapping/facts"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY, "[{\"fact\":\"mood\",\"at\":\"/x\"}]"), "/mapping/facts/0/fact"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY, "[{\"fact\":\"equity_ratio\",\"at\":\"/x\"}]"),
	         "/mapping/facts/0/fact"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY, "[{\"fact\":\"equity\"}]"), "/mapping/facts/0/at"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY, "[{\"fact\":\"equity\",\"at\":\"/x\",\"unit\":\"percent\"}]"),
	         "/mapping/facts/0/unit"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY,
	                 "[{\"fact\":\"register_status\",\"at\":\"/x\",\"values\":{\"ok\":\"fine\"}}]"),
	         "/mapping/facts/0/values/ok"},
	        {MAPPING(GOOD_REQUEST, GOOD_COMPANY, "[{\"fact\":\"equity\",\"at\":\"/x\",\"values\":{}}]"),
	         "/mapping/facts/0/values"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct load_error error;

		cr_expect_eq(parse(slice_cstr(cases[i].json), &error), STATUS_INVALID, "%s", cases[i].json);
		cr_expect_str_eq(error.pointer, cases[i].pointer, "%s: %s", cases[i].json, error.detail);
		cr_expect(error.detail[0], "%s", cases[i].json);
	}
}

static struct http_request ask(const struct subject *subject, enum status expected, const char **ret_why)
{
	struct provider_codec codec = provider_config_codec(&config);
	struct http_request request = {0};

	cr_expect_eq(provider_world_encode(codec, subject, config.url, &request, ret_why), expected);
	return request;
}

Test(provider_map, fills_its_templates)
{
	struct subject subject = provider_world_schmidt();
	struct load_error error;
	const char *why = "";

	parse_example();
	cr_expect(slice_eq_cstr(ask(&subject, STATUS_OK, &why).url,
	                        "https://api.bureau.example/v2/companies/HRB%2012345?country=DE&city=D%C3%BCsseldorf"));
	subject.typed_city[0] = '\0';
	cr_expect(slice_eq_cstr(ask(&subject, STATUS_OK, &why).url,
	                        "https://api.bureau.example/v2/companies/HRB%2012345?country=DE&city="));
	subject.reg.type = REGISTER_NONE;
	ask(&subject, STATUS_INVALID, &why);
	cr_expect_str_eq(why, "needs a register number with its court");
	cr_assert_eq(parse(SLICE_LIT(MAPPING("{\"path\":\"/s\",\"method\":\"POST\",\"body\":{\"q\":[\"{name} {\",{}]}}",
	                                     GOOD_COMPANY, "[]")),
	                   &error),
	             STATUS_OK, "%s %s", error.pointer, error.detail);
	memcpy(subject.typed_name, "A \"B\" \\ {city}", 15);
	cr_expect(slice_eq_cstr(ask(&subject, STATUS_OK, &why).body, "{\"q\":[\"A \\\"B\\\" \\\\ {city} {\",{}]}"));
	cr_expect_not(ask(&subject, STATUS_OK, &why).repeatable);
}

static int64_t value_of(const struct provider_answer *answer, enum fact_id fact)
{
	int64_t value = -1;

	return facts_get(&answer->facts, fact, &value) ? value : -1;
}

Test(provider_map, takes_facts_and_says_what_it_left_out)
{
	struct subject subject = provider_world_schmidt();
	const struct provider_answer *answer;

	parse_example();
	answer = provider_world_decode(provider_config_codec(&config), &subject, 200,
	                               provider_world_file("bureau/HRB 12345.json"));
	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_expect_eq(answer->verdict, SUBJECT_SAME);
	cr_expect_str_eq(answer->reference, "R-2026-1");
	cr_expect_eq(value_of(answer, FACT_BUREAU_INDEX), 187);
	cr_expect_eq(value_of(answer, FACT_BUREAU_PD), 6500);
	cr_expect_eq(value_of(answer, FACT_REVENUE), 1234560000);
	cr_expect_eq(value_of(answer, FACT_EQUITY), 123456789);
	cr_expect_eq(value_of(answer, FACT_EMPLOYEES), 42);
	cr_expect_eq(value_of(answer, FACT_COLLECTION_CASES), 0);
	cr_expect_eq(value_of(answer, FACT_REGISTER_STATUS), REGISTER_STATUS_LIQUIDATION);
	cr_expect_eq(value_of(answer, FACT_BUREAU_LIMIT), -1);
	cr_expect_eq(value_of(answer, FACT_INSOLVENCY_STATUS), -1);
	cr_expect_str_eq(provider_world_field(answer, "bureau_limit")->fault, "is no number");
	cr_expect(slice_eq_cstr(provider_world_field(answer, "bureau_limit")->text, "Credit Limit not applicable"));
	cr_expect_str_eq(provider_world_field(answer, "insolvency_status")->fault, "is not there");
	cr_expect_eq(answer->facts.items[FACT_BUREAU_INDEX].as_of, answer->as_of);
}

Test(provider_map, keeps_the_four_outcomes_apart)
{
	static const struct {
		int code;
		const char *body;
		enum source_state outcome;
	} cases[] = {
	        {200,
	         "{\"report\":{\"a\":1},\"company\":{\"name\":\"Schmidt Industrie "
	         "GmbH\",\"address\":{\"zip\":\"40213\"}}}",
	         SOURCE_ANSWER},
	        {200, "{\"report\":{\"a\":1},\"company\":{\"name\":\"Vogel KG\",\"address\":{\"zip\":\"40213\"}}}",
	         SOURCE_NO_DATA},
	        {200, "{\"report\":{\"score\":{\"index\":100}}}", SOURCE_NO_DATA}, /* names nobody */
	        {200, "{\"report\":null}", SOURCE_NO_DATA},
	        {200, "{\"report\":{}}", SOURCE_NO_DATA},
	        {200, "{}", SOURCE_NO_DATA},
	        {404, "", SOURCE_NO_DATA},
	        {400, "{}", SOURCE_INVALID_INPUT},
	        {422, "{}", SOURCE_INVALID_INPUT},
	        {401, "{}", SOURCE_UNAVAILABLE},
	        {402, "{}", SOURCE_UNAVAILABLE},
	        {418, "{}", SOURCE_UNAVAILABLE},
	        {202, "{}", SOURCE_UNAVAILABLE},
	        {200, "[]", SOURCE_UNAVAILABLE},
	        {200, "{\"report\"", SOURCE_UNAVAILABLE},
	};
	struct subject subject = provider_world_schmidt();

	parse_example();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer = provider_world_decode(provider_config_codec(&config), &subject,
		                                                             cases[i].code, slice_cstr(cases[i].body));

		cr_expect_eq(answer->outcome, cases[i].outcome, "case %zu: %s", i, answer->detail);
		cr_expect(answer->outcome == SOURCE_ANSWER || value_of(answer, FACT_BUREAU_INDEX) == -1, "case %zu", i);
	}
	config.map.trust_unnamed = true;
	cr_expect_eq(provider_world_decode(provider_config_codec(&config), &subject, 200,
	                                   SLICE_LIT("{\"report\":{\"score\":{\"index\":100}}}"))
	                     ->outcome,
	             SOURCE_ANSWER);
}
