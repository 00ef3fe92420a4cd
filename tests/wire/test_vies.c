/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "provider_world.h"
#include "wire/vies.h"

static const struct vies anonymous = {""};

static const struct provider_answer *decode(int code, const char *body)
{
	struct subject subject = provider_world_schmidt();

	return provider_world_decode(vies_codec(&anonymous), &subject, code, slice_cstr(body));
}

Test(vies, asks_for_the_number_in_two_parts)
{
	static const struct vies requester = {"DE811907980"};
	struct subject subject = provider_world_schmidt();
	struct http_request request;
	const char *why = NULL;
	struct provider_codec codec = vies_codec(&anonymous);

	cr_assert_eq(provider_world_encode(codec, &subject, "https://x", &request, &why), STATUS_OK);
	cr_expect(slice_eq_cstr(request.url, "https://x/check-vat-number"));
	cr_expect(slice_eq_cstr(request.body, "{\"countryCode\":\"DE\",\"vatNumber\":\"136695976\"}"));
	cr_expect_eq(request.method, HTTP_POST);
	cr_expect(request.repeatable);
	codec = vies_codec(&requester);
	cr_assert_eq(provider_world_encode(codec, &subject, "https://x", &request, &why), STATUS_OK);
	cr_expect(slice_eq_cstr(request.body,
	                        "{\"countryCode\":\"DE\",\"vatNumber\":\"136695976\","
	                        "\"requesterMemberStateCode\":\"DE\",\"requesterNumber\":\"811907980\"}"));
	subject.vat_id[0] = '\0';
	cr_expect_eq(provider_world_encode(codec, &subject, "https://x", &request, &why), STATUS_INVALID);
	cr_expect_str_eq(why, "needs a VAT id");
}

Test(vies, takes_a_confirmed_number)
{
	struct subject subject = provider_world_schmidt();
	const struct provider_answer *answer = provider_world_decode(vies_codec(&anonymous), &subject, 200,
	                                                             provider_world_file("vies/DE136695976.json"));
	int32_t day;

	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_expect_eq(answer->verdict, SUBJECT_SAME);
	cr_expect_str_eq(answer->facts.name, "Schmidt Industrie GmbH");
	cr_expect_str_eq(answer->reference, "WAPIAAAAZ0000000");
	cr_assert(date_parse(SLICE_LIT("2026-11-20"), &day));
	cr_expect_eq(answer->as_of, day);
}

#define NUMBER "\"countryCode\":\"DE\",\"vatNumber\":\"136695976\""

Test(vies, keeps_the_four_outcomes_apart)
{
	static const struct {
		int code;
		const char *body;
		enum source_state outcome;
	} cases[] = {
	        {200, "{" NUMBER ",\"valid\":true,\"name\":\"---\",\"address\":\"---\"}", SOURCE_ANSWER},
	        {200, "{" NUMBER ",\"valid\":true}", SOURCE_ANSWER},
	        {200, "{" NUMBER ",\"valid\":false}", SOURCE_NO_DATA},
	        /* another number, another name */
	        {200, "{\"countryCode\":\"DE\",\"vatNumber\":\"811907980\",\"valid\":true}", SOURCE_NO_DATA},
	        {200, "{\"countryCode\":\"DE\",\"vatNumber\":\"811907980\",\"valid\":false}", SOURCE_NO_DATA},
	        {200, "{" NUMBER ",\"valid\":true,\"name\":\"Bäckerei Vogel KG\"}", SOURCE_NO_DATA},
	        /* faults, whatever the code */
	        {400, "{\"errorWrappers\":[{\"error\":\"INVALID_INPUT\"}]}", SOURCE_INVALID_INPUT},
	        {200, "{\"errorWrappers\":[{\"error\":\"INVALID_INPUT\"}]}", SOURCE_INVALID_INPUT},
	        {200, "{\"errorWrappers\":[{\"error\":\"INVALID_REQUESTER_INFO\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[{\"error\":\"MS_UNAVAILABLE\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[{\"error\":\"MS_MAX_CONCURRENT_REQ\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[{\"error\":\"GLOBAL_MAX_CONCURRENT_REQ\"}]}", SOURCE_UNAVAILABLE},
	        {500, "{\"errorWrappers\":[{\"error\":\"SERVICE_UNAVAILABLE\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[{\"error\":\"TIMEOUT\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[{\"error\":\"VAT_BLOCKED\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[{\"error\":\"IP_BLOCKED\"}]}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":[]," NUMBER ",\"valid\":false}", SOURCE_UNAVAILABLE},
	        {200, "{\"errorWrappers\":7," NUMBER ",\"valid\":true}", SOURCE_UNAVAILABLE},
	        /* not what was asked for */
	        {200, "{" NUMBER "}", SOURCE_UNAVAILABLE},
	        {200, "{" NUMBER ",\"valid\":\"true\"}", SOURCE_UNAVAILABLE},
	        {200, "{" NUMBER ",\"valid\":1}", SOURCE_UNAVAILABLE},
	        {200, "{\"valid\":true}", SOURCE_UNAVAILABLE},
	        {200, "{\"valid\":false}", SOURCE_UNAVAILABLE},
	        {200, "{\"countryCode\":7,\"vatNumber\":136695976,\"valid\":true}", SOURCE_UNAVAILABLE},
	        {200, "", SOURCE_UNAVAILABLE},
	        {200, "[]", SOURCE_UNAVAILABLE},
	        {200, "null", SOURCE_UNAVAILABLE},
	        {200, "<html>", SOURCE_UNAVAILABLE},
	        {200, "{" NUMBER ",\"valid\":tru", SOURCE_UNAVAILABLE},
	        {204, "", SOURCE_UNAVAILABLE},
	        {302, "{" NUMBER ",\"valid\":true}", SOURCE_UNAVAILABLE},
	        {403, "{}", SOURCE_UNAVAILABLE},
	        {429, "{}", SOURCE_UNAVAILABLE},
	        {500, "{" NUMBER ",\"valid\":true}", SOURCE_UNAVAILABLE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer = decode(cases[i].code, cases[i].body);

		cr_expect_eq(answer->outcome, cases[i].outcome, "case %zu, %s: %s", i, cases[i].body, answer->detail);
		cr_expect(answer->outcome == SOURCE_ANSWER || !answer->facts.name[0], "case %zu", i);
	}
}
