/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "provider_case.h"
#include "provider_world.h"
#include "wire/provider_in.h"
#include "wire/schufa.h"

static const struct bureau_order small = {.interest = "small-businesses"};

Test(schufa, answers_as_its_cases_say)
{
	provider_case_run("schufa", schufa_codec(&small));
}

#define OF(rest) "{\"format\":\"bonigate-provider/1\",\"id\":\"s\",\"adapter\":\"schufa\"" rest "}"
#define WHO      ",\"credentials\":{\"client_id\":{\"env\":\"A\"},\"client_secret\":{\"env\":\"B\"}}"

static struct provider_config config;

static enum status parse(const char *json, struct load_error *error)
{
	*error = (struct load_error){{0}, {0}};
	return provider_in_parse(slice_cstr(json), provider_world_arena(), &config, error);
}

Test(schufa, has_no_legitimate_interest_by_itself)
{
	static const struct {
		const char *json, *pointer;
	} cases[] = {
	        {OF(",\"legitimate_interest\":\"commerce\""), "/credentials"},
	        {OF(",\"credentials\":{\"client_id\":{\"env\":\"A\"}}"), "/credentials/client_secret"},
	        {OF(WHO), "/legitimate_interest"},
	        {OF(WHO ",\"legitimate_interest\":\"curiosity\""), "/legitimate_interest"},
	        {OF(WHO ",\"legitimate_interest\":1"), "/legitimate_interest"},
	        {OF(",\"legitimate_interest\":\"commerce\",\"token_url\":\"http://x\""), "/token_url"},
	        {OF(",\"legitimate_interest\":\"commerce\",\"product\":\"full\""), "/product"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct load_error error;

		cr_expect_eq(parse(cases[i].json, &error), STATUS_INVALID, "%s", cases[i].json);
		cr_expect_str_eq(error.pointer, cases[i].pointer, "%s: %s", cases[i].json, error.detail);
	}
}

Test(schufa, has_two_addresses_for_live_and_for_test)
{
	struct load_error error;

	cr_assert_eq(parse(OF(WHO ",\"legitimate_interest\":\"conditions/loans\""), &error), STATUS_OK);
	cr_expect_str_eq(config.url, "https://api.schufa.de/credit-report");
	cr_expect_str_eq(config.login_url, "https://auth.api.schufa.de/token");
	cr_expect_str_eq(config.order.interest, "conditions/loans");
	cr_assert_eq(parse(OF(WHO ",\"legitimate_interest\":\"commerce\",\"endpoint\":\"test\""), &error), STATUS_OK);
	cr_expect_str_eq(config.url, "https://api.sandbox.schufa.de/credit-report");
	cr_expect_str_eq(config.login_url, "https://auth.api.sandbox.schufa.de/token");
}

/* RFC 6749, 2.3.1: both halves in the form's writing, then Basic. */
Test(schufa, logs_in_with_id_and_secret)
{
	static const struct provider_secrets secrets = {.items = {{"client_id", "my:id"}, {"client_secret", "s p"}},
	                                                .count = 2};
	struct provider_codec codec = schufa_codec(&small);
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://auth/token");
	struct http_request request = {0};
	const char *why = "";

	cr_expect_eq(codec.vtable->encode_login(codec.self, &question, provider_world_arena(), &request, &why),
	             STATUS_INVALID);
	cr_expect_str_eq(why, "needs the credentials client_id and client_secret");
	question.secrets = &secrets;
	cr_assert_eq(codec.vtable->encode_login(codec.self, &question, provider_world_arena(), &request, &why),
	             STATUS_OK);
	cr_expect(slice_eq_cstr(request.url, "https://auth/token"));
	cr_expect(request.free);
	cr_expect(slice_eq_cstr(request.body, "grant_type=client_credentials&scope=default"));
	cr_expect(slice_eq_cstr(request.content_type, "application/x-www-form-urlencoded"));
	/* my%3Aid:s%20p */
	cr_expect(slice_eq_cstr(request.secret, "Authorization: Basic bXklM0FpZDpzJTIwcA=="));
}

Test(schufa, reads_a_token_and_its_lifetime)
{
	static const struct {
		int code;
		const char *body;
		enum status status;
		int64_t lifetime_ms;
	} cases[] = {
	        {200, "{\"access_token\":\"t\",\"expires_in\":3600}", STATUS_OK, 3600000},
	        {200, "{\"access_token\":\"t\"}", STATUS_OK, 300000},
	        {200, "{\"access_token\":\"t\",\"expires_in\":\"3600\"}", STATUS_OK, 300000},
	        {200, "{\"access_token\":\"t\",\"expires_in\":-1}", STATUS_OK, 300000},
	        {200, "{\"access_token\":\"t\\r\\nX: y\"}", STATUS_INVALID, 0},
	        {200, "{\"access_token\":\"\"}", STATUS_INVALID, 0},
	        {200, "{\"access_token\":7}", STATUS_INVALID, 0},
	        {200, "[]", STATUS_INVALID, 0},
	        {400, "{\"error\":\"invalid_client\"}", STATUS_FORBIDDEN, 0},
	        {401, "{}", STATUS_FORBIDDEN, 0},
	        {500, "{\"access_token\":\"t\"}", STATUS_INVALID, 0},
	};
	struct provider_codec codec = schufa_codec(&small);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct http_reply reply = {
		        .end = HTTP_ANSWERED, .code = cases[i].code, .body = slice_cstr(cases[i].body)};
		struct provider_login login = {.lifetime_ms = 0};

		cr_expect_eq(codec.vtable->decode_login(codec.self, &reply, provider_world_arena(), &login),
		             cases[i].status, "%s", cases[i].body);
		if (cases[i].status == STATUS_OK)
			cr_expect_eq(login.lifetime_ms, cases[i].lifetime_ms, "%s", cases[i].body);
	}
}
