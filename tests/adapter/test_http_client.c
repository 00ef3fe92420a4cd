/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/http_client.h"
#include "adapter/system_clock.h"
#include "simulator.h"

/* Long enough that it never decides, short enough that a broken test ends. */
#define PATIENT_MS 20000
#define SHORT_MS   400
#define BODY_MOST  100000

static struct simulator simulator;
static struct http_client *client;

static void set_up(void)
{
	simulator = simulator_start(false);
	cr_assert_eq(http_client_open(system_clock(), &client), STATUS_OK);
}

static void set_up_tls(void)
{
	simulator = simulator_start(true);
	cr_assert_eq(http_client_open(system_clock(), &client), STATUS_OK);
}

static void tear_down(void)
{
	http_client_close(client);
	simulator_stop(&simulator);
}

static struct http_target_config patient(const char *base)
{
	return (struct http_target_config){
	        .base = base,
	        .private_network = true,
	        .connect_ms = PATIENT_MS,
	        .total_ms = PATIENT_MS,
	        .body_most = BODY_MOST,
	        .queue_most = 20000,
	        .rules = {.breaker = {60000, 60000, 60000, 1000000, 100, 1}, .in_flight = 64, .tries = 1},
	};
}

static const char *base_url(void)
{
	static char base[64];

	snprintf(base, sizeof(base), "http://127.0.0.1:%d", simulator.port);
	return base;
}

static struct http_port open_target(const struct http_target_config *config)
{
	struct http_target *target;

	cr_assert_eq(http_client_target(client, config, &target), STATUS_OK);
	return http_target_port(target);
}

/* Replies as they come in. */
struct inbox {
	pthread_mutex_t lock;
	pthread_cond_t came;
	size_t count;
	struct http_reply last;
	char body[8192];
	uint64_t ends[HTTP_END_COUNT];
};

static struct inbox inbox = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

static void take(void *ctx, const struct http_reply *reply)
{
	(void)ctx;
	pthread_mutex_lock(&inbox.lock);
	inbox.count++;
	inbox.last = *reply;
	inbox.ends[reply->end]++;
	if (!slice_copy(reply->body, inbox.body, sizeof(inbox.body)))
		inbox.body[0] = '\0';
	pthread_cond_broadcast(&inbox.came);
	pthread_mutex_unlock(&inbox.lock);
}

static void wait_for(size_t count)
{
	pthread_mutex_lock(&inbox.lock);
	while (inbox.count < count)
		pthread_cond_wait(&inbox.came, &inbox.lock);
	pthread_mutex_unlock(&inbox.lock);
}

static void send(struct http_port port, const char *base, const char *path, struct http_request request)
{
	char url[512];

	snprintf(url, sizeof(url), "%s/%s", base, path);
	request.url = slice_cstr(url);
	port.vtable->begin(port.self, &request, DEADLINE_NEVER, (struct http_done){take, NULL});
}

static const struct http_reply *call(struct http_port port, const char *path, struct http_request request)
{
	size_t before = inbox.count;

	send(port, base_url(), path, request);
	wait_for(before + 1);
	return &inbox.last;
}

static const struct http_reply *get(struct http_port port, const char *path)
{
	return call(port, path, (struct http_request){.method = HTTP_GET, .repeatable = true});
}

static struct http_stats stats_of(struct http_port port)
{
	struct http_stats stats;

	port.vtable->stats(port.self, &stats);
	return stats;
}

/* The number behind "name": in the last body. */
static long number(const char *name)
{
	const char *at = strstr(inbox.body, name);

	cr_assert_not_null(at, "%s in %s", name, inbox.body);
	return strtol(at + strlen(name) + 3, NULL, 10);
}

Test(http_client, ends_every_fault_in_its_own_way, .init = set_up, .fini = tear_down)
{
	static const struct {
		const char *path;
		enum http_end end;
		int code;
	} cases[] = {
	        {"ok/echo/x", HTTP_ANSWERED, 200},
	        {"slow-30/echo/x", HTTP_ANSWERED, 200},
	        {"code-404/x", HTTP_ANSWERED, 404},
	        {"code-500/x", HTTP_ANSWERED, 500},
	        {"retry-429-0/x", HTTP_ANSWERED, 429},
	        {"moved/x", HTTP_ANSWERED, 302}, /* never followed */
	        {"wrongtype/x", HTTP_ANSWERED, 200},
	        {"nothing/x", HTTP_ANSWERED, 200},
	        {"trailer/echo/x", HTTP_ANSWERED, 200},
	        {"hang/x", HTTP_TIMEOUT, 0},
	        {"drip/x", HTTP_TIMEOUT, 0},
	        {"reset/x", HTTP_BROKEN, 0},
	        {"cut/x", HTTP_BROKEN, 0},
	        {"empty/x", HTTP_BROKEN, 0},
	        {"garbage/x", HTTP_BROKEN, 0},
	        {"drophead/x", HTTP_BROKEN, 0},
	        {"huge/x", HTTP_TOO_LARGE, 0},
	        {"chunks/x", HTTP_TOO_LARGE, 0},
	        {"head/x", HTTP_TOO_LARGE, 0},
	};
	struct http_target_config config = patient(base_url());

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct http_reply *reply;

		/* Only what never ends is given a short time: the others must not depend on speed. */
		config.total_ms = cases[i].end == HTTP_TIMEOUT ? SHORT_MS : PATIENT_MS;
		reply = get(open_target(&config), cases[i].path);
		cr_expect_str_eq(http_end_name(reply->end), http_end_name(cases[i].end), "%s", cases[i].path);
		cr_expect_eq(reply->code, cases[i].code, "%s: %d", cases[i].path, reply->code);
		cr_expect_eq(reply->tries, 1, "%s", cases[i].path);
	}
}

Test(http_client, sends_what_it_is_given, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_request request = {.method = HTTP_POST,
	                               .content_type = SLICE_LIT("application/json"),
	                               .body = SLICE_LIT("{\"a\":1}"),
	                               .headers = {SLICE_LIT("Accept: application/vnd.api+json")},
	                               .header_count = 1};

	config.secret = "X-Api-Key: 0123";
	call(open_target(&config), "ok/echo/some/path?q=1", request);
	cr_expect_not_null(strstr(inbox.body, "\"method\": \"POST\""));
	cr_expect_not_null(strstr(inbox.body, "\"path\": \"some/path\""));
	cr_expect_not_null(strstr(inbox.body, "\"q\": [\"1\"]"));
	cr_expect_not_null(strstr(inbox.body, "\"x-api-key\": \"0123\""));
	cr_expect_not_null(strstr(inbox.body, "\"content-type\": \"application/json\""));
	cr_expect_not_null(strstr(inbox.body, "\"accept\": \"application/vnd.api+json\""));
	cr_expect_not_null(strstr(inbox.body, "\"body\": \"{\\\"a\\\":1}\""), "%s", inbox.body);
}

Test(http_client, keeps_its_connection, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port = open_target(&config);

	for (int i = 0; i < 10; i++)
		get(port, "ok/echo/x");
	cr_expect_eq(number("connections"), 1);
	cr_expect_eq(number("requests"), 10);
}

Test(http_client, never_has_more_in_flight_than_it_may, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port;

	config.rules.in_flight = 8;
	port = open_target(&config);
	for (int i = 0; i < 500; i++)
		send(port, base_url(), "slow-2/echo/x", (struct http_request){.method = HTTP_GET});
	wait_for(500);
	cr_expect_eq(inbox.ends[HTTP_ANSWERED], 500);
	cr_expect_eq(stats_of(port).peak_in_flight, 8);
	get(port, "ok/echo/x");
	cr_expect_leq(number("peak"), 8);
	cr_expect_gt(number("peak"), 1);
	cr_expect_eq(number("requests"), 501);
}

Test(http_client, gives_up_waiting_at_the_deadline_and_when_too_many_wait, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port;

	config.rules.in_flight = 1;
	config.total_ms = SHORT_MS;
	config.queue_most = 3;
	port = open_target(&config);
	for (int i = 0; i < 10; i++)
		send(port, base_url(), "hang/x", (struct http_request){.method = HTTP_GET});
	wait_for(10);
	cr_expect_eq(inbox.ends[HTTP_BUSY] + inbox.ends[HTTP_TIMEOUT], 10);
	cr_expect_geq(inbox.ends[HTTP_TIMEOUT], 1);
	cr_expect_geq(inbox.ends[HTTP_BUSY], 7);
}

Test(http_client, repeats_only_what_may_be_repeated, .init = set_up, .fini = tear_down)
{
	static const struct {
		const char *path;
		bool repeatable;
		enum http_end end;
		int code;
		uint32_t tries; /* 0 = not compared */
	} cases[] = {
	        {"flaky-2/echo/a", true, HTTP_ANSWERED, 200, 3},
	        {"flaky-3/echo/b", true, HTTP_ANSWERED, 503, 3},
	        {"flaky-1/echo/c", false, HTTP_ANSWERED, 503, 1},
	        {"flakyreset-2/echo/d", true, HTTP_ANSWERED, 200, 0}, /* libcurl repeats some by itself */
	        {"flakyreset-1/echo/e", false, HTTP_BROKEN, 0, 1},
	        {"code-500/f", true, HTTP_ANSWERED, 500, 1},
	        {"code-404/g", true, HTTP_ANSWERED, 404, 1},
	        {"huge/h", true, HTTP_TOO_LARGE, 0, 1},
	        {"retry-503-3600/i", true, HTTP_ANSWERED, 503, 1}, /* longer than it may take */
	};
	struct http_target_config config = patient(base_url());

	config.rules.tries = 3;
	config.rules.backoff_ms = config.rules.backoff_most_ms = 5;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct http_reply *reply = call(open_target(&config), cases[i].path,
		                                      (struct http_request){.repeatable = cases[i].repeatable});

		cr_expect_eq(reply->end, cases[i].end, "%s: %s", cases[i].path, http_end_name(reply->end));
		cr_expect_eq(reply->code, cases[i].code, "%s: %d", cases[i].path, reply->code);
		cr_expect(!cases[i].tries || reply->tries == cases[i].tries, "%s: %u", cases[i].path, reply->tries);
	}
}

Test(http_client, waits_as_long_as_it_is_told_and_lets_others_not_through, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port = open_target(&config);

	cr_expect_eq(get(port, "retry-429-3600/x")->code, 429);
	cr_expect_eq(get(port, "ok/echo/x")->end, HTTP_PAUSED);
	cr_expect_eq(inbox.last.tries, 0);
}

Test(http_client, opens_its_breaker_and_closes_it_again, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port;

	config.rules.breaker = (struct breaker_rules){60000, 1, 1, 3, 50, 1};
	port = open_target(&config);
	for (int i = 0; i < 3; i++)
		get(port, "reset/x");
	cr_expect_eq(stats_of(port).breaker, BREAKER_OPEN);
	/* The pause of 1 ms passes by itself; until then calls are refused. */
	while (get(port, "ok/echo/x")->end == HTTP_BREAKER_OPEN)
		cr_assert_eq(inbox.last.tries, 0);
	cr_expect_eq(inbox.last.end, HTTP_ANSWERED);
	cr_expect_eq(stats_of(port).breaker, BREAKER_CLOSED);
	config.rules.breaker.open_ms = config.rules.breaker.open_most_ms = 3600000;
	port = open_target(&config);
	for (int i = 0; i < 3; i++)
		get(port, "code-500/x");
	cr_expect_eq(get(port, "ok/echo/x")->end, HTTP_BREAKER_OPEN);
}

/* SOAP says no with 500, and a service that says no is well; with 503 it is not. */
Test(http_client, holds_no_fault_of_soap_against_the_service, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port;

	config.rules.breaker = (struct breaker_rules){60000, 3600000, 3600000, 3, 50, 1};
	port = open_target(&config);
	for (int i = 0; i < 5; i++)
		cr_expect_eq(call(port, "soap-114/x", (struct http_request){.faults_as_500 = true})->code, 500);
	cr_expect_eq(stats_of(port).breaker, BREAKER_CLOSED);
	for (int i = 0; i < 3; i++)
		call(port, "code-503/x", (struct http_request){.faults_as_500 = true});
	cr_expect_eq(stats_of(port).breaker, BREAKER_OPEN);
}

Test(http_client, stops_at_the_budget, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient(base_url());
	struct http_port port;

	config.rules.cost_micros = 400000;
	config.rules.day_micros = 1000000;
	port = open_target(&config);
	cr_expect_eq(get(port, "ok/echo/x")->end, HTTP_ANSWERED);
	cr_expect_eq(get(port, "ok/echo/x")->end, HTTP_ANSWERED);
	cr_expect_eq(get(port, "ok/echo/x")->end, HTTP_BUDGET_SPENT);
	cr_expect_eq(stats_of(port).spent_micros, 800000);
}

Test(http_client, calls_no_address_of_the_own_network_unless_allowed, .init = set_up_tls, .fini = tear_down)
{
	struct http_target_config config = patient("https://localhost");
	char base[64];
	struct http_port port;

	snprintf(base, sizeof(base), "https://localhost:%d", simulator.tls_port);
	config.base = base;
	config.ca_file = simulator.ca_file;
	config.private_network = false;
	port = open_target(&config);
	send(port, base, "ok/echo/x", (struct http_request){.method = HTTP_GET});
	wait_for(1);
	cr_expect_str_eq(http_end_name(inbox.last.end), "forbidden_address");
	cr_expect_eq(stats_of(port).breaker, BREAKER_CLOSED);
}

Test(http_client, verifies_who_answers, .init = set_up_tls, .fini = tear_down)
{
	struct http_target_config config = patient("");
	char good[64], other[64];
	struct {
		const char *base, *ca_file;
		enum http_end end;
	} cases[] = {
	        {good, simulator.ca_file, HTTP_ANSWERED},
	        {good, NULL, HTTP_TLS_FAILED},               /* nobody vouches for it */
	        {other, simulator.ca_file, HTTP_TLS_FAILED}, /* another name than the certificate's */
	        {good, "tests/providers/none.pem", HTTP_TLS_FAILED},
	};

	snprintf(good, sizeof(good), "https://localhost:%d", simulator.tls_port);
	snprintf(other, sizeof(other), "https://127.0.0.1:%d", simulator.tls_port);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		config.base = cases[i].base;
		config.ca_file = cases[i].ca_file;
		send(open_target(&config), config.base, "ok/echo/x", (struct http_request){.method = HTTP_GET});
		wait_for(i + 1);
		cr_expect_str_eq(http_end_name(inbox.last.end), http_end_name(cases[i].end), "case %zu", i);
	}
}

Test(http_client, says_when_nobody_is_there, .init = set_up, .fini = tear_down)
{
	struct http_target_config config = patient("http://nobody.invalid");

	config.rules.tries = 2;
	send(open_target(&config), config.base, "x", (struct http_request){.method = HTTP_POST});
	wait_for(1);
	cr_expect_eq(inbox.last.end, HTTP_NO_HOST);
	cr_expect_eq(inbox.last.tries, 2, "nothing was sent: a second try is safe");
	config.base = "http://127.0.0.1:1";
	send(open_target(&config), config.base, "x", (struct http_request){.method = HTTP_POST});
	wait_for(2);
	cr_expect_eq(inbox.last.end, HTTP_NO_CONNECTION);
	cr_expect_eq(inbox.last.tries, 2);
}

Test(http_client, refuses_urls_outside_its_base, .init = set_up, .fini = tear_down)
{
	static const char *const urls[] = {"",
	                                   "http://127.0.0.1",
	                                   "http://127.0.0.1:1x/",
	                                   "http://127.0.0.1:1.evil.example/",
	                                   "http://127.0.0.1:1@evil.example/",
	                                   "file:///etc/passwd",
	                                   "http://127.0.0.1:1/a b",
	                                   "http://127.0.0.1:1/a\r\nX: y"};
	struct http_target_config config = patient("http://127.0.0.1:1");
	struct http_port port = open_target(&config);

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct http_request request = {.method = HTTP_GET, .url = slice_cstr(urls[i])};

		port.vtable->begin(port.self, &request, DEADLINE_NEVER, (struct http_done){take, NULL});
		wait_for(i + 1);
		cr_expect_eq(inbox.last.end, HTTP_REFUSED, "%s", urls[i]);
	}
}

Test(http_client, refuses_unsafe_targets, .init = set_up, .fini = tear_down)
{
	static const struct {
		const char *base;
		bool private_network;
		enum status status;
	} cases[] = {
	        {"https://api.example/v1", false, STATUS_OK}, {"http://api.example/v1", false, STATUS_INVALID},
	        {"http://10.0.0.1:8080", true, STATUS_OK},    {"ftp://api.example", true, STATUS_INVALID},
	        {"file:///etc/passwd", true, STATUS_INVALID}, {"", false, STATUS_INVALID},
	        {"api.example", false, STATUS_INVALID},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct http_target_config config = patient(cases[i].base);
		struct http_target *target;

		config.private_network = cases[i].private_network;
		cr_expect_eq(http_client_target(client, &config, &target), cases[i].status, "%s", cases[i].base);
	}
}

Test(http_client, tells_everybody_when_it_closes, .init = set_up)
{
	struct http_target_config config = patient(base_url());
	struct http_port port;

	config.rules.in_flight = 2;
	port = open_target(&config);
	for (int i = 0; i < 20; i++)
		send(port, base_url(), "hang/x", (struct http_request){.method = HTTP_GET});
	http_client_close(client);
	cr_expect_eq(inbox.count, 20);
	cr_expect_eq(inbox.ends[HTTP_STOPPED], 20);
	simulator_stop(&simulator);
}
