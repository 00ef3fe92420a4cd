/* SPDX-License-Identifier: MIT */
/* Inquiries of several exchanges, waits and logins, with a codec whose replies say what comes next. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "adapter/web_provider.h"
#include "fake_clock.h"
#include "fake_crypto.h"
#include "provider_world.h"

#define CALLS 32

/* A web service that answers as scripted, at once or when let go. */
static struct {
	struct {
		int code;
		const char *body;
	} replies[CALLS];
	size_t count;
	char urls[CALLS][128];
	char secrets[CALLS][64];
	struct http_done held[CALLS];
	size_t held_count;
	bool hold;
} service;

static void reply_to(struct http_done done, int code, const char *body)
{
	struct http_reply reply = {.end = code ? HTTP_ANSWERED : HTTP_TIMEOUT,
	                           .code = code,
	                           .body = slice_cstr(body),
	                           .tries = 1,
	                           .took_ns = 1000};

	done.tell(done.ctx, &reply);
}

static void begin(void *self, const struct http_request *request, struct deadline deadline, struct http_done done)
{
	size_t at = service.count++;

	(void)self;
	(void)deadline;
	cr_assert_lt(at, CALLS);
	cr_assert(slice_copy(request->url, service.urls[at], sizeof(service.urls[at])));
	cr_assert(slice_copy(request->secret, service.secrets[at], sizeof(service.secrets[at])));
	if (service.hold)
		service.held[service.held_count++] = done;
	else
		reply_to(done, service.replies[at].code, service.replies[at].body);
}

static const struct http_vtable service_vtable = {.begin = begin};

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	char *url = arena_bytes(arena, 128);
	size_t len;

	(void)self;
	if (question->step.number == 99) {
		*ret_why = "needs another step";
		return STATUS_INVALID;
	}
	len = (size_t)snprintf(url, 128, "%.*s/%d/%s", (int)question->base.len, question->base.ptr,
	                       question->step.number, question->step.ref);
	*ret_request = (struct http_request){.url = {url, len}, .secret = question->token};
	return STATUS_OK;
}

/* "go 2 ref", "wait 3 ref", else the end with one fact. */
static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	struct slice rest = reply->body, word = slice_cut(&rest, ' ');
	struct slice step = slice_cut(&rest, ' ');

	(void)self;
	(void)question;
	(void)arena;
	facts_set(&answer->facts, FACT_EMPLOYEES, (int64_t)reply->body.len, DATE_NONE, 0);
	answer->fields[answer->field_count++] = (struct provider_field){.name = "text", .text = reply->body};
	answer->turn = slice_eq_cstr(word, "go")     ? PROVIDER_GOES_ON
	               : slice_eq_cstr(word, "wait") ? PROVIDER_WAITS
	                                             : PROVIDER_ENDS;
	answer->wait_ms = 1500;
	if (step.len)
		answer->next.number = (uint8_t)(step.ptr[0] - '0');
	cr_assert(slice_copy(rest, answer->next.ref, sizeof(answer->next.ref)));
	if (answer->turn == PROVIDER_ENDS)
		answer->outcome = SOURCE_ANSWER;
}

static enum status encode_login(const void *self, const struct provider_question *question, struct arena *arena,
                                struct http_request *ret_request, const char **ret_why)
{
	(void)self;
	(void)arena;
	(void)ret_why;
	*ret_request = (struct http_request){.url = SLICE_LIT("https://x/login"),
	                                     .secret = slice_cstr(question->secrets->items[0].value)};
	return STATUS_OK;
}

static enum status decode_login(const void *self, const struct http_reply *reply, struct arena *arena,
                                struct provider_login *ret_login)
{
	(void)self;
	(void)arena;
	ret_login->lifetime_ms = 10000;
	if (reply->code == 200)
		cr_assert(slice_copy(reply->body, ret_login->token, sizeof(ret_login->token)));
	return reply->code == 200 ? STATUS_OK : STATUS_FORBIDDEN;
}

static const struct provider_codec_vtable plain = {.encode = encode, .decode = decode};
static const struct provider_codec_vtable logging_in = {
        .encode = encode, .decode = decode, .encode_login = encode_login, .decode_login = decode_login};

static struct fake_clock clock_now;
static struct fake_crypto crypto;
static struct web_provider *provider;
static struct provider_answer told[CALLS];
static char told_text[CALLS][64]; /* of the fields, read while they are valid */
static size_t told_count;

static void take(void *ctx, const struct provider_answer *answer)
{
	size_t len = 0;

	(void)ctx;
	cr_assert_lt(told_count, CALLS);
	told[told_count] = *answer;
	for (size_t i = 0; i < answer->field_count; i++)
		len += (size_t)snprintf(told_text[told_count] + len, sizeof(told_text[0]) - len, "[%.*s]",
		                        (int)answer->fields[i].text.len, answer->fields[i].text.ptr);
	told_count++;
}

static void open_with(const struct provider_codec_vtable *vtable)
{
	static const struct provider_secrets secrets = {.items = {{"password", "open sesame"}}, .count = 1};
	struct web_provider_config config = {.id = "scripted",
	                                     .base = "https://x",
	                                     .http = {&service_vtable, NULL},
	                                     .codec = {vtable, NULL},
	                                     .crypto = fake_crypto_port(&crypto),
	                                     .clock = fake_clock_port(&clock_now),
	                                     .secrets = &secrets};

	cr_assert_eq(web_provider_open(&config, &provider), STATUS_OK);
}

static void tear_down(void)
{
	web_provider_close(provider);
}

static void script(int code, const char *body)
{
	size_t at = 0;

	while (service.replies[at].body)
		at++;
	service.replies[at].code = code;
	service.replies[at].body = body;
}

static void ask(const struct provider_step *from)
{
	struct subject subject = provider_world_schmidt();
	struct provider_port port = web_provider_port(provider);

	port.vtable->begin(port.self, &subject, from, DEADLINE_NEVER, (struct provider_done){take, NULL});
}

Test(web_provider_steps, goes_from_exchange_to_exchange, .fini = tear_down)
{
	open_with(&plain);
	script(200, "go 1 abc");
	script(200, "go 2 def");
	script(200, "end");
	ask(NULL);
	cr_assert_eq(told_count, 1);
	cr_expect_eq(told[0].outcome, SOURCE_ANSWER);
	cr_expect_str_eq(service.urls[0], "https://x/0/");
	cr_expect_str_eq(service.urls[1], "https://x/1/abc");
	cr_expect_str_eq(service.urls[2], "https://x/2/def");
	cr_expect_eq(told[0].tries, 3);
	cr_expect_eq(told[0].took_ns, 3000);
	cr_expect_str_eq(told_text[0], "[go 1 abc][go 2 def][end]");
}

Test(web_provider_steps, hashes_all_replies_of_an_inquiry, .fini = tear_down)
{
	struct crypto_port port = fake_crypto_port(&crypto);
	uint8_t expected[32];

	open_with(&plain);
	script(200, "go 1 abc");
	script(200, "end");
	ask(NULL);
	port.vtable->sha256(port.self, SLICE_LIT("go 1 abcend"), expected);
	cr_expect_arr_eq(told[0].raw_sha256, expected, sizeof(expected));
	cr_assert(told[0].facts.sources[0].hashed);
	cr_expect_arr_eq(told[0].facts.sources[0].raw_sha256, expected, sizeof(expected));
}

Test(web_provider_steps, tells_a_wait_and_goes_on_from_there, .fini = tear_down)
{
	open_with(&plain);
	script(202, "wait 3 job-7");
	script(200, "end");
	ask(NULL);
	cr_assert_eq(told_count, 1);
	cr_expect_eq(told[0].turn, PROVIDER_WAITS);
	cr_expect_eq(told[0].outcome, SOURCE_UNAVAILABLE);
	cr_expect_eq(told[0].facts.sources[0].state, SOURCE_UNAVAILABLE);
	cr_expect_eq(told[0].wait_ms, 1500);
	ask(&told[0].next);
	cr_assert_eq(told_count, 2);
	cr_expect_str_eq(service.urls[1], "https://x/3/job-7");
	cr_expect_eq(told[1].outcome, SOURCE_ANSWER);
	cr_expect_eq(told[1].turn, PROVIDER_ENDS);
}

Test(web_provider_steps, gives_up_an_inquiry_without_an_end, .fini = tear_down)
{
	open_with(&plain);
	for (int i = 0; i < CALLS - 1; i++)
		script(200, "go 1 again");
	ask(NULL);
	cr_assert_eq(told_count, 1);
	cr_expect_eq(service.count, PROVIDER_EXCHANGES);
	cr_expect_eq(told[0].outcome, SOURCE_UNAVAILABLE);
	cr_expect_eq(told[0].turn, PROVIDER_ENDS);
	cr_expect_not(told[0].facts.items[FACT_EMPLOYEES].known);
}

Test(web_provider_steps, keeps_no_fact_of_an_inquiry_that_broke_off, .fini = tear_down)
{
	open_with(&plain);
	script(200, "go 1 abc");
	script(0, "");
	ask(NULL);
	cr_assert_eq(told_count, 1);
	cr_expect_eq(told[0].end, HTTP_TIMEOUT);
	cr_expect_eq(told[0].outcome, SOURCE_UNAVAILABLE);
	cr_expect_eq(told[0].turn, PROVIDER_ENDS);
	cr_expect_not(told[0].facts.items[FACT_EMPLOYEES].known);
	cr_expect_eq(told[0].facts.source_count, 1);
	cr_expect_str_eq(told[0].facts.sources[0].id, "scripted");
}

Test(web_provider_steps, tells_what_a_later_exchange_lacks, .fini = tear_down)
{
	struct provider_step from = {.number = 99};

	open_with(&plain);
	ask(&from);
	cr_assert_eq(told_count, 1);
	cr_expect_eq(told[0].outcome, SOURCE_INVALID_INPUT);
	cr_expect_str_eq(told[0].detail, "needs another step");
	cr_expect_eq(service.count, 0);
}

Test(web_provider_steps, logs_in_once_for_many, .fini = tear_down)
{
	open_with(&logging_in);
	service.hold = true;
	for (int i = 0; i < 5; i++)
		ask(NULL);
	cr_assert_eq(service.count, 1);
	cr_expect_str_eq(service.urls[0], "https://x/login");
	cr_expect_str_eq(service.secrets[0], "open sesame");
	reply_to(service.held[0], 200, "token-1");
	cr_assert_eq(service.count, 6);
	for (size_t i = 1; i < 6; i++) {
		cr_expect_str_eq(service.secrets[i], "token-1");
		reply_to(service.held[i], 200, "end");
	}
	cr_expect_eq(told_count, 5);
}

Test(web_provider_steps, keeps_a_token_for_its_lifetime, .fini = tear_down)
{
	open_with(&logging_in);
	script(200, "token-1");
	script(200, "end");
	script(200, "end");
	script(200, "token-2");
	script(200, "end");
	ask(NULL);
	fake_clock_advance_ms(&clock_now, 8000);
	ask(NULL);
	fake_clock_advance_ms(&clock_now, 2000);
	ask(NULL);
	cr_assert_eq(service.count, 5);
	cr_expect_str_eq(service.secrets[2], "token-1");
	cr_expect_str_eq(service.urls[3], "https://x/login");
	cr_expect_str_eq(service.secrets[4], "token-2");
}

Test(web_provider_steps, fetches_a_refused_token_anew_once, .fini = tear_down)
{
	open_with(&logging_in);
	script(200, "token-1");
	script(401, "no");
	script(200, "token-2");
	script(401, "no");
	ask(NULL);
	cr_expect_eq(service.count, 4);
	cr_expect_str_eq(service.secrets[3], "token-2");
	cr_assert_eq(told_count, 1);
	cr_expect_eq(told[0].http_code, 401);
}

Test(web_provider_steps, ends_all_who_waited_for_a_login_that_failed, .fini = tear_down)
{
	open_with(&logging_in);
	service.hold = true;
	ask(NULL);
	ask(NULL);
	reply_to(service.held[0], 403, "no");
	cr_assert_eq(told_count, 2);
	for (size_t i = 0; i < 2; i++) {
		cr_expect_eq(told[i].outcome, SOURCE_UNAVAILABLE);
		cr_expect_str_eq(told[i].detail, "does not take the credentials");
	}
	ask(NULL);
	cr_assert_eq(service.count, 2);
	reply_to(service.held[1], 0, "");
	cr_assert_eq(told_count, 3);
	cr_expect_str_eq(told[2].detail, "did not answer in time");
}
