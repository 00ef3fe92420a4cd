/* SPDX-License-Identifier: MIT */
/* The mappings that ship as data: they are sound, ask with what a company has, and read what they say they read. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "provider_world.h"
#include "wire/bureau_in.h"
#include "wire/provider_in.h"

static struct provider_config config;

static struct provider_codec read_example(const char *name)
{
	struct load_error error = {.detail = ""};
	char path[64];

	snprintf(path, sizeof(path), "../../src/data/providers/%s", name);
	cr_assert_eq(provider_in_parse(provider_world_file(path), provider_world_arena(), &config, &error), STATUS_OK,
	             "%s: %s %s", name, error.pointer, error.detail);
	return provider_config_codec(&config);
}

static int64_t value_of(const struct provider_answer *answer, enum fact_id fact)
{
	int64_t value = -1;

	(void)facts_get(&answer->facts, fact, &value);
	return value;
}

Test(provider_examples, asks_a_reseller_of_crif)
{
	struct subject subject = provider_world_schmidt();
	struct provider_codec codec = read_example("crif-reseller.json");
	struct http_request request;
	const struct provider_answer *answer;
	const char *why = NULL;

	cr_assert_eq(provider_world_encode(codec, &subject, config.url, &request, &why), STATUS_OK, "%s", why);
	cr_expect(slice_eq_cstr(request.url,
	                        "https://api.reseller.example/v2/infoservice/crif/score/riskcheckbusiness/"));
	cr_expect(memmem(request.body.ptr, request.body.len, "\"CommercialRegisterNumber\":\"HRB 12345\"", 38));
	cr_expect_not(request.repeatable);
	answer = provider_world_decode(
	        codec, &subject, 200,
	        slice_cstr("{\"Result\":{\"Id\":\"C-7\",\"Date\":\"2026-11-20\",\"Company\":{\"CompanyName\":"
	                   "\"Schmidt Industrie GmbH\",\"Status\":\"ACTIVE\"},\"Address\":{\"PostalCode\":\"40213\"},"
	                   "\"Score\":{\"ProbabilityOfDefault\":1.25,\"CreditLimit\":\"none\"},"
	                   "\"Negative\":{\"Collections\":0}}}"));
	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_expect_eq(answer->verdict, SUBJECT_LIKELY);
	cr_expect_eq(value_of(answer, FACT_BUREAU_PD), 12500);
	cr_expect_eq(value_of(answer, FACT_BUREAU_LIMIT), -1);
	cr_expect_eq(value_of(answer, FACT_COLLECTION_CASES), 0);
	cr_expect_eq(value_of(answer, FACT_REGISTER_STATUS), REGISTER_STATUS_ACTIVE);
	answer = provider_world_decode(codec, &subject, 200, SLICE_LIT("{\"Result\":{\"Id\":\"C-8\"}}"));
	cr_expect_eq(answer->outcome, SOURCE_NO_DATA);
}

/* By the shipped table of the score, in the middle of its class. */
static int64_t middle_pd(const char *score)
{
	struct bureau_table table;
	struct load_error error;
	int32_t ppm = -1;

	if (!score)
		return -1;
	cr_assert_eq(bureau_in_parse(provider_world_file("../../src/data/bureaus/boniversum-2026-11.json"),
	                             provider_world_arena(), &table, &error),
	             STATUS_OK);
	cr_assert_eq(bureau_pd(&table, slice_cstr(score), &ppm), BUREAU_PD);
	return ppm;
}

/* A class becomes a PD; a class nobody has explained becomes none. */
Test(provider_examples, asks_a_reseller_of_boniversum)
{
	static const struct {
		const char *class;
		const char *middle;
	} cases[] = {{"excellent", "1036"}, {"very good", "979"}, {"good", "953"},
	             {"average", "922"},    {"weak", "452"},      {"unknown", NULL}};
	static const struct identity vogel = {.name = {"Karin Vogel", 11},
	                                      .street = {"Am Markt 3", 10},
	                                      .postal_code = {"50667", 5},
	                                      .city = {"Köln", 5},
	                                      .country = {"DE", 2}};
	struct subject subject = provider_world_subject(&vogel);
	struct provider_codec codec = read_example("boniversum-reseller.json");
	struct http_request request;
	const char *why = NULL;

	cr_assert_eq(provider_world_encode(codec, &subject, config.url, &request, &why), STATUS_OK, "%s", why);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[256];
		const struct provider_answer *answer;
		int64_t pd = middle_pd(cases[i].middle);

		snprintf(text, sizeof(text),
		         "{\"id\":\"B-1\",\"person\":{\"name\":\"Karin Vogel\",\"postal_code\":\"50667\"},"
		         "\"score\":{\"class\":\"%s\",\"date\":\"2026-11-20\"}}",
		         cases[i].class);
		answer = provider_world_decode(codec, &subject, 200, slice_cstr(text));
		cr_expect_eq(answer->outcome, SOURCE_ANSWER, "%s: %s", cases[i].class, answer->detail);
		cr_expect_eq(value_of(answer, FACT_BUREAU_PD), pd, "%s", cases[i].class);
		cr_expect_str_eq(answer->reference, "B-1");
	}
	subject.typed_street[0] = '\0';
	cr_expect_eq(provider_world_encode(codec, &subject, config.url, &request, &why), STATUS_INVALID);
	cr_expect_str_eq(why, "needs a street");
}
