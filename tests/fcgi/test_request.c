/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../fcgi/request.h"
#include "fake_crypto.h"
#include "fake_exchange.h"

static char memory[MAX_REQUEST_ARENA] __attribute__((aligned(16)));
static struct arena arena;
static struct fake_exchange fake;
static struct fake_crypto crypto;

static enum status read_head(char **env, struct request *ret_request)
{
	struct crypto_port port = fake_crypto_port(&crypto);

	arena_init(&arena, memory, sizeof(memory));
	fake_exchange_init(&fake, env, "", 0);
	return request_read_head(&fake.exchange, &port, &arena, ret_request);
}

static enum status read_body(const char *length, const char *body, size_t len, struct request *ret_request)
{
	char header[64];
	char *env[] = {"REQUEST_METHOD=POST", "REQUEST_URI=/", header, NULL};

	snprintf(header, sizeof(header), "CONTENT_LENGTH=%s", length);
	cr_assert_eq(read_head(env, ret_request), STATUS_OK);
	fake_exchange_init(&fake, env, body, len);
	return request_read_body(&fake.exchange, &arena, ret_request);
}

Test(request, what_we_read_is_copied_and_the_rest_ignored)
{
	char uri[] = "REQUEST_URI=/v1/x?a=b?c";
	char *env[] = {"SCRIPT_NAME=/elsewhere",
	               "PATH_INFO=/nowhere",
	               uri,
	               "REQUEST_METHOD=POST",
	               "REQUEST_METHODS=GET",
	               "CONTENT_TYPE=application/json",
	               "HTTP_AUTHORIZATION=Bearer k=v",
	               "HTTP_IDEMPOTENCY_KEY=\"k1\"",
	               "HTTP_X_REQUEST_ID=abc-1.2_3",
	               "HTTP_ORIGIN=https://shop.example",
	               "REMOTE_ADDR=127.0.0.1",
	               "HTTP_AUTHORIZATION=Bearer second",
	               "BROKEN",
	               NULL};
	struct request request;

	cr_assert_eq(read_head(env, &request), STATUS_OK);
	memset(uri, 'x', sizeof(uri) - 1);
	cr_assert(slice_eq_cstr(request.method, "POST"));
	cr_assert(slice_eq_cstr(request.path, "/v1/x"));
	cr_assert(slice_eq_cstr(request.query, "a=b?c"));
	cr_assert(slice_eq_cstr(request.content_type, "application/json"));
	cr_assert(slice_eq_cstr(request.authorization, "Bearer k=v"), "the first one counts");
	cr_assert(slice_eq_cstr(request.idempotency_key, "\"k1\""));
	cr_assert(slice_eq_cstr(request.request_id, "abc-1.2_3"));
	cr_assert(slice_eq_cstr(request.origin, "https://shop.example"));
	cr_assert(slice_eq_cstr(request.remote_addr, "127.0.0.1"));
	cr_assert_null(request.content_length.ptr);
}

Test(request, a_request_id_that_is_no_token_is_replaced)
{
	static const char *const bad[] = {"",
	                                  "a b",
	                                  "a\nb",
	                                  "a\"b",
	                                  "a\x7f",
	                                  "\xc3\xa4",
	                                  "0123456789012345678901234567890123456789012345678901234567890123456789"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char header[128];
		char *env[] = {"REQUEST_METHOD=GET", "REQUEST_URI=/", header, NULL};
		struct request request;

		snprintf(header, sizeof(header), "HTTP_X_REQUEST_ID=%s", bad[i]);
		cr_assert_eq(read_head(env, &request), STATUS_OK);
		cr_assert_eq(request.request_id.len, 30, "case %zu", i);
		cr_assert(slice_starts(request.request_id, SLICE_LIT("req_")));
	}
}

Test(request, over_long_values_are_refused_by_name)
{
	static const struct {
		const char *name;
		size_t len;
		const char *fault;
	} cases[] = {
	        {"REQUEST_URI=/", MAX_URI - 1, NULL},
	        {"REQUEST_URI=/", MAX_URI, "uri_too_long"},
	        {"CONTENT_TYPE=", MAX_HEADER + 1, "header_too_large"},
	        {"CONTENT_LENGTH=", 33, "invalid_content_length"},
	        {"HTTP_IDEMPOTENCY_KEY=", MAX_HEADER + 1, "idempotency_key_invalid"},
	        {"HTTP_AUTHORIZATION=", MAX_HEADER + 1, NULL},
	        {"HTTP_ACCEPT_LANGUAGE=", 100000, NULL},
	};
	static char header[128 + 100000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t start = strlen(cases[i].name);
		char *env[] = {header, "REQUEST_METHOD=GET", "REQUEST_URI=/", NULL};
		struct request request;
		enum status status;

		memcpy(header, cases[i].name, start);
		memset(header + start, '1', cases[i].len);
		header[start + cases[i].len] = '\0';
		status = read_head(env, &request);
		cr_assert_eq(status, cases[i].fault ? STATUS_TOO_LARGE : STATUS_OK, "%s", cases[i].name);
		if (cases[i].fault)
			cr_assert_str_eq(request.fault, cases[i].fault);
		cr_assert_gt(request.request_id.len, 0, "a problem can name the request");
		cr_assert_eq(request.authorization.len, 0);
	}
}

Test(request, a_request_without_method_or_address_is_malformed)
{
	char *no_uri[] = {"REQUEST_METHOD=GET", NULL};
	char *no_method[] = {"REQUEST_URI=/", NULL};
	char *nothing[] = {NULL};
	struct request request;

	cr_assert_eq(read_head(no_uri, &request), STATUS_INVALID);
	cr_assert_eq(read_head(no_method, &request), STATUS_INVALID);
	cr_assert_eq(read_head(nothing, &request), STATUS_INVALID);
	cr_assert_str_eq(request.fault, "malformed_request");
}

Test(request, the_body_must_be_as_long_as_announced)
{
	static const struct {
		const char *length;
		const char *body;
		enum status status;
		const char *fault;
	} cases[] = {
	        {"5", "hello", STATUS_OK, NULL},
	        {"", "hello", STATUS_OK, NULL},
	        {"0", "", STATUS_OK, NULL},
	        {"4", "hello", STATUS_INVALID, "incomplete_body"},
	        {"6", "hello", STATUS_INVALID, "incomplete_body"},
	        {"-5", "hello", STATUS_INVALID, "invalid_content_length"},
	        {"5x", "hello", STATUS_INVALID, "invalid_content_length"},
	        {" 5", "hello", STATUS_INVALID, "invalid_content_length"},
	        {"99999999999999999999999", "hello", STATUS_INVALID, "invalid_content_length"},
	        {"18446744073709551615", "hello", STATUS_TOO_LARGE, "body_too_large"},
	        {"65537", "hello", STATUS_TOO_LARGE, "body_too_large"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request request;

		cr_assert_eq(read_body(cases[i].length, cases[i].body, strlen(cases[i].body), &request),
		             cases[i].status, "%s", cases[i].length);
		if (cases[i].fault)
			cr_assert_str_eq(request.fault, cases[i].fault);
		else
			cr_assert(slice_eq_cstr(request.body, cases[i].body));
	}
}

Test(request, the_largest_body_is_read_and_one_byte_more_is_not)
{
	static char body[MAX_BODY + 1];
	struct request request;

	memset(body, ' ', sizeof(body));
	cr_assert_eq(read_body("65536", body, MAX_BODY, &request), STATUS_OK);
	cr_assert_eq(request.body.len, MAX_BODY);
	cr_assert_eq(read_body("", body, MAX_BODY, &request), STATUS_OK);
	cr_assert_eq(request.body.len, MAX_BODY);
	cr_assert_eq(read_body("", body, MAX_BODY + 1, &request), STATUS_TOO_LARGE);
	cr_assert_eq(request.body.len, 0);
}

Test(request, a_peer_that_vanishes_leaves_no_body)
{
	char *env[] = {"REQUEST_METHOD=POST", "REQUEST_URI=/", NULL};
	struct request request;

	cr_assert_eq(read_head(env, &request), STATUS_OK);
	fake_exchange_init(&fake, env, "hel", 3);
	fake.broken = true;
	cr_assert_eq(request_read_body(&fake.exchange, &arena, &request), STATUS_INVALID);
	cr_assert_str_eq(request.fault, "incomplete_body");
	cr_assert_null(request.body.ptr);
}

Test(request, idempotency_keys_come_bare_or_quoted)
{
	static char longest[MAX_IDEMPOTENCY_KEY + 2];
	static const struct {
		const char *header;
		const char *key;
	} cases[] = {
	        {"8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"},
	        {"\"8e03978e\"", "8e03978e"},
	        {" \"a b\" ", "a b"},
	        {"\"a\\\"b\\\\\"", "a\"b\\"},
	        {"", NULL},
	        {"\"\"", NULL},
	        {"\"", NULL},
	        {"\"a", NULL},
	        {"\"a\"b", NULL},
	        {"\"a\";p=1", NULL},
	        {"\"a\\", NULL},
	        {"\"a\\n\"", NULL},
	        {"a b", NULL},
	        {"a,b", NULL},
	        {"a\"b", NULL},
	        {"\xc3\xa4", NULL},
	        {"\"\xc3\xa4\"", NULL},
	        {"a\tb", NULL},
	};
	struct slice key;

	arena_init(&arena, memory, sizeof(memory));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum status status = request_idempotency_key(slice_cstr(cases[i].header), &arena, &key);

		cr_assert_eq(status, cases[i].key ? STATUS_OK : STATUS_INVALID, "%s", cases[i].header);
		if (cases[i].key)
			cr_assert(slice_eq_cstr(key, cases[i].key), "%s", cases[i].header);
	}
	memset(longest, 'k', sizeof(longest) - 1);
	cr_assert_eq(request_idempotency_key(slice_cstr(longest), &arena, &key), STATUS_INVALID);
	cr_assert_eq(request_idempotency_key(slice_cstr(longest + 1), &arena, &key), STATUS_OK);
}

Test(request, two_idempotency_keys_are_none)
{
	char *env[] = {"REQUEST_METHOD=POST", "REQUEST_URI=/", "HTTP_IDEMPOTENCY_KEY=a", "HTTP_IDEMPOTENCY_KEY=b",
	               NULL};
	struct request request;
	struct slice key;

	cr_assert_eq(read_head(env, &request), STATUS_OK);
	cr_assert_eq(request_idempotency_key(request.idempotency_key, &arena, &key), STATUS_INVALID);
}

Test(request, query_parameters_are_decoded)
{
	struct request request = {
	        .query = SLICE_LIT("q=M%C3%BCller+%26+S%c3%b6hne&empty=&bare&bad=%4&nul=%00&q=2&x=%zz&latin=M%FCller"
	                           "&half=%C3&surrogate=%ED%A0%80&raw=\xff")};
	struct slice value;

	arena_init(&arena, memory, sizeof(memory));
	cr_assert_eq(request_query(&request, "q", &arena, &value), STATUS_OK);
	cr_assert(slice_eq_cstr(value, "Müller & Söhne"));
	cr_assert_eq(request_query(&request, "empty", &arena, &value), STATUS_OK);
	cr_assert_eq(value.len, 0);
	cr_assert_eq(request_query(&request, "bare", &arena, &value), STATUS_OK);
	cr_assert_eq(value.len, 0);
	cr_assert_eq(request_query(&request, "bad", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "nul", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "x", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "latin", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "half", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "surrogate", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "raw", &arena, &value), STATUS_INVALID);
	cr_assert_eq(request_query(&request, "none", &arena, &value), STATUS_NOT_FOUND);
	request.query = SLICE_NONE;
	cr_assert_eq(request_query(&request, "q", &arena, &value), STATUS_NOT_FOUND);
}

Test(request, json_is_told_by_its_media_type)
{
	static const struct {
		const char *type;
		bool json;
	} cases[] = {
	        {"application/json", true},
	        {"application/json; charset=utf-8", true},
	        {"Application/JSON;charset=UTF-8", true},
	        {" application/json ", true},
	        {"application/json-patch+json", false},
	        {"application/jsonx", false},
	        {"text/json", false},
	        {"application/x-www-form-urlencoded", false},
	        {"", false},
	        {NULL, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_eq(request_is_json(slice_cstr(cases[i].type)), cases[i].json, "case %zu", i);
}

Test(request, the_language_follows_accept_language)
{
	static const struct {
		const char *header;
		enum lang lang;
	} cases[] = {
	        {NULL, LANG_DE},
	        {"", LANG_DE},
	        {"de", LANG_DE},
	        {"en", LANG_EN},
	        {"en-GB,en;q=0.9", LANG_EN},
	        {"de-AT, en;q=0.5", LANG_DE},
	        {"fr, en;q=0.2, de;q=0.1", LANG_EN},
	        {"en;q=0.3,de;q=0.8", LANG_DE},
	        {"EN", LANG_EN},
	        {"en;q=0", LANG_DE},
	        {"en;q=1.000", LANG_EN},
	        {"en;q=x", LANG_DE},
	        {"english", LANG_DE},
	        {"fr", LANG_DE},
	        {"*", LANG_DE},
	        {";;,,;q", LANG_DE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_eq(request_lang(slice_cstr(cases[i].header)), cases[i].lang, "case %zu", i);
}

Test(request, every_size_of_memory_gives_an_answer_or_no_memory)
{
	char *env[] = {"REQUEST_METHOD=POST", "REQUEST_URI=/v1/x?y", "CONTENT_LENGTH=5", "HTTP_AUTHORIZATION=Bearer x",
	               NULL};
	struct crypto_port port = fake_crypto_port(&crypto);
	struct request request;
	enum status status = STATUS_NO_MEMORY;

	for (size_t cap = 0; cap < 1024 && status; cap += 8) {
		arena_init(&arena, memory, cap);
		fake_exchange_init(&fake, env, "hello", 5);
		status = request_read_head(&fake.exchange, &port, &arena, &request);
		if (status == STATUS_OK)
			status = request_read_body(&fake.exchange, &arena, &request);
		cr_assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
	}
	cr_assert_eq(status, STATUS_OK);
}
