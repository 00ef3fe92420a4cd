/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/legal_form.h"
#include "provider_world.h"
#include "wire/gleif.h"

static struct slice question(const struct subject *subject, enum status expected)
{
	struct provider_codec codec = gleif_codec();
	struct http_request request = {0};
	const char *why;

	cr_assert_eq(provider_world_encode(codec, subject, "https://x", &request, &why), expected);
	return request.url;
}

Test(gleif, asks_by_lei_or_by_name)
{
	struct subject subject = provider_world_schmidt();

	cr_expect(slice_eq_cstr(question(&subject, STATUS_OK), "https://x/lei-records/529900T8BM49AURSDO55"));
	subject.lei[0] = '\0';
	cr_expect(slice_eq_cstr(question(&subject, STATUS_OK),
	                        "https://x/lei-records?page%5Bsize%5D=20&filter%5Bentity.legalName%5D="
	                        "Schmidt%20Industrie%20GmbH&filter%5Bentity.legalAddress.country%5D=DE"));
	subject.typed_name[0] = '\0';
	question(&subject, STATUS_INVALID);
}

static void expect_schmidt(const struct provider_answer *answer)
{
	int64_t value;
	int32_t day;

	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_expect_str_eq(answer->facts.name, "Schmidt Industrie GmbH");
	cr_expect_str_eq(answer->facts.street, "Hafenstraße 12");
	cr_expect_str_eq(answer->facts.postal_code, "40213");
	cr_expect_str_eq(answer->facts.city, "Düsseldorf");
	cr_expect_eq(answer->facts.alias_count, 1);
	cr_expect_str_eq(answer->facts.aliases[0].text, "lei:529900T8BM49AURSDO55");
	/* A registration that was not renewed says nothing about the company. */
	cr_assert(facts_get(&answer->facts, FACT_REGISTER_STATUS, &value));
	cr_expect_eq(value, REGISTER_STATUS_ACTIVE);
	cr_assert(facts_get(&answer->facts, FACT_LEGAL_FORM, &value));
	cr_expect_eq(value, LEGAL_FORM_GMBH);
	cr_assert(facts_get(&answer->facts, FACT_FOUNDED, &value));
	cr_assert(date_parse(SLICE_LIT("1998-04-01"), &day));
	cr_expect_eq(value, day);
	cr_assert(date_parse(SLICE_LIT("2025-06-12"), &day));
	cr_expect_eq(answer->as_of, day);
}

Test(gleif, takes_a_record)
{
	struct subject subject = provider_world_schmidt();

	expect_schmidt(provider_world_decode(gleif_codec(), &subject, 200,
	                                     provider_world_file("gleif/529900T8BM49AURSDO55.json")));
}

Test(gleif, takes_the_one_of_several_that_is_the_company)
{
	struct subject subject = provider_world_schmidt();

	subject.lei[0] = '\0';
	expect_schmidt(provider_world_decode(gleif_codec(), &subject, 200,
	                                     provider_world_file("gleif/search Schmidt Industrie GmbH.json")));
}

#define RECORD(name, zip, status, more)                                                                \
	"{\"id\":\"529900T8BM49AURSDO55\",\"attributes\":{\"entity\":{\"legalName\":{\"name\":\"" name \
	"\"},\"legalAddress\":{\"postalCode\":\"" zip "\",\"country\":\"DE\"}" more                    \
	"},\"registration\":{\"status\":\"" status "\"}}}"
#define SCHMIDT RECORD("Schmidt Industrie GmbH", "40213", "ISSUED", "")

Test(gleif, keeps_the_four_outcomes_apart)
{
	static const struct {
		int code;
		const char *body;
		enum source_state outcome;
	} cases[] = {
	        {200, "{\"data\":" SCHMIDT "}", SOURCE_ANSWER},
	        {200, "{\"data\":[" SCHMIDT "]}", SOURCE_ANSWER},
	        {200, "{\"data\":[" SCHMIDT "," SCHMIDT "]}", SOURCE_NO_DATA},
	        {200, "{\"data\":[]}", SOURCE_NO_DATA},
	        {200, "{\"data\":[7,null,\"x\"]}", SOURCE_NO_DATA},
	        {200, "{\"data\":" RECORD("Bäckerei Vogel KG", "40213", "ISSUED", "") "}", SOURCE_NO_DATA},
	        {200, "{\"data\":" RECORD("Schmidt Industrie GmbH", "40213", "ANNULLED", "") "}", SOURCE_NO_DATA},
	        {200, "{\"data\":" RECORD("Schmidt Industrie GmbH", "40213", "DUPLICATE", "") "}", SOURCE_NO_DATA},
	        {200,
	         "{\"data\":" RECORD("Schmidt Industrie GmbH", "40213", "ISSUED", ",\"registeredAs\":\"HRB 7\"") "}",
	         SOURCE_NO_DATA},
	        {404, "{\"errors\":[]}", SOURCE_NO_DATA},
	        {400, "{\"errors\":[]}", SOURCE_INVALID_INPUT},
	        {429, "{}", SOURCE_UNAVAILABLE},
	        {503, "{}", SOURCE_UNAVAILABLE},
	        {200, "{}", SOURCE_UNAVAILABLE},
	        {200, "{\"data\":7}", SOURCE_UNAVAILABLE},
	        {200, "{\"data\":", SOURCE_UNAVAILABLE},
	        {200, "", SOURCE_UNAVAILABLE},
	};
	struct subject subject = provider_world_schmidt();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer = provider_world_decode(gleif_codec(), &subject, cases[i].code,
		                                                             slice_cstr(cases[i].body));

		cr_expect_eq(answer->outcome, cases[i].outcome, "case %zu: %s", i, answer->detail);
	}
}

Test(gleif, keeps_no_fact_of_a_stranger)
{
	struct subject subject = provider_world_schmidt();
	const struct provider_answer *answer = provider_world_decode(
	        gleif_codec(), &subject, 200,
	        SLICE_LIT("{\"data\":" RECORD("Vogel KG", "40213", "ISSUED", ",\"status\":\"INACTIVE\"") "}"));
	int64_t value;

	cr_expect_eq(answer->verdict, SUBJECT_OTHER);
	cr_expect_not(facts_get(&answer->facts, FACT_REGISTER_STATUS, &value));
	cr_expect_eq(answer->facts.source_count, 1);
	cr_expect_str_eq(answer->facts.name, "");
}

Test(gleif, knows_an_entity_that_is_gone)
{
	struct subject subject = provider_world_schmidt();
	const struct provider_answer *answer = provider_world_decode(
	        gleif_codec(), &subject, 200,
	        SLICE_LIT("{\"data\":" RECORD("Schmidt Industrie GmbH", "40213", "RETIRED",
	                                      ",\"status\":\"INACTIVE\"") "}"));
	int64_t value;

	cr_assert_eq(answer->outcome, SOURCE_ANSWER);
	cr_assert(facts_get(&answer->facts, FACT_REGISTER_STATUS, &value));
	cr_expect_eq(value, REGISTER_STATUS_DELETED);
}
