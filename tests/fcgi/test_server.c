/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../fcgi/checkout_routes.h"
#include "../../fcgi/common_routes.h"
#include "../../fcgi/server.h"
#include "fake_cache.h"
#include "fake_clock.h"
#include "fake_crypto.h"
#include "fake_exchange.h"
#include "fake_register.h"
#include "fake_store.h"

#define KEY "bg_test_0123456789abcdef0123456789abcdef"
#define BODY                                                                                                \
	"{\"company\":{\"name\":\"Schmidt Industrie GmbH\",\"country\":\"DE\",\"vat_id\":\"DE136695976\"}," \
	"\"order\":{\"amount\":10000,\"currency\":\"EUR\"}}"

/* A whole server on fakes, one thread. */
static struct stage {
	struct fake_clock clock;
	struct fake_crypto crypto;
	struct fake_cache *cache;
	struct fake_register *reg;
	struct fake_store *store;
	struct log *log;
	struct server server;
	struct fake_exchange exchange;
} stage;

static const struct route routes[] = {
        {.method = "POST",
         .path = "/decide",
         .name = "checkout",
         .scope = SCOPE_CHECKOUT,
         .json_body = true,
         .handle = checkout_post},
        {.method = "GET", .path = "/decisions/{}", .name = "decision", .scope = SCOPE_READ, .handle = decision_get},
        {.method = "GET", .path = "/key", .name = "jwks", .handle = common_key_set},
        {.method = "GET", .path = "/health", .name = "health", .handle = common_health},
        {.method = "GET", .path = "/metrics", .name = "metrics", .local_only = true, .handle = common_metrics},
};

static void set_up(void)
{
	struct api_key key = {.tenant = "shop", .scopes = SCOPE_CHECKOUT | SCOPE_READ};
	struct server *server = &stage.server;

	memset(&stage, 0, sizeof(stage));
	stage.clock.now_ms = 1700000000000;
	stage.cache = fake_cache_create();
	stage.reg = fake_register_create();
	stage.store = fake_store_create(fake_crypto_port(&stage.crypto));
	fake_store_add_tenant(stage.store, "shop");
	fake_store_add_key(stage.store, KEY, &key);
	cr_assert_eq(log_open("none", 1, &stage.log), STATUS_OK);
	*server = (struct server){.routes = routes,
	                          .route_count = sizeof(routes) / sizeof(routes[0]),
	                          .log = stage.log,
	                          .budget_ms = 300};
	for (int i = 0; i < 2; i++)
		server->ports[i] = (struct checkout_ports){
		        .clock = fake_clock_port(&stage.clock),
		        .crypto = fake_crypto_port(&stage.crypto),
		        .cache = fake_cache_port(stage.cache),
		        .reg = fake_register_port(stage.reg),
		        .store = fake_store_port(stage.store),
		};
	server->auth.store = server->ports[0].store;
	server->auth.crypto = server->ports[0].crypto;
	cr_assert_eq(rulebook_open("src/data/models/de-base.json", server->auth.store, stage.log, &server->auth.book),
	             STATUS_OK);
	cr_assert_eq(server_start(server, 1), STATUS_OK);
}

static void tear_down(void)
{
	server_stop(&stage.server);
	rulebook_close(stage.server.auth.book);
	log_close(stage.log);
	fake_store_destroy(stage.store);
	fake_register_destroy(stage.reg);
	fake_cache_destroy(stage.cache);
}

TestSuite(server, .init = set_up, .fini = tear_down);

/* One request; further environment in "more". What is sent stays in stage.exchange. */
static const char *ask(const char *method, const char *uri, const char *body, const char *const *more)
{
	char method_text[64];
	char uri_text[256];
	char *env[16] = {method_text, uri_text};
	size_t count = 2;

	snprintf(method_text, sizeof(method_text), "REQUEST_METHOD=%s", method);
	snprintf(uri_text, sizeof(uri_text), "REQUEST_URI=%s", uri);
	for (; more && *more; more++)
		env[count++] = (char *)(uintptr_t)*more;
	fake_exchange_init(&stage.exchange, env, body, strlen(body));
	server_handle(&stage.server, 0, &stage.exchange.exchange);
	stage.exchange.sent[stage.exchange.sent_len] = '\0';
	return stage.exchange.sent;
}

#define WITH(...) ((const char *const[]){__VA_ARGS__, NULL})
#define AUTH      "HTTP_AUTHORIZATION=Bearer " KEY
#define JSON      "CONTENT_TYPE=application/json"

static void answers(const char *sent, const char *status, const char *part)
{
	char line[64];

	snprintf(line, sizeof(line), "Status: %s ", status);
	cr_assert(slice_starts(slice_cstr(sent), slice_cstr(line)), "%s", sent);
	cr_assert(strstr(sent, part), "%s not in %s", part, sent);
	cr_assert(strstr(sent, "\r\nX-Request-Id: "), "%s", sent);
	cr_assert(strstr(sent, "\r\nServer-Timing: total;dur="), "%s", sent);
	cr_assert(strstr(sent, "\r\nCache-Control: no-store\r\n"), "%s", sent);
}

Test(server, the_first_fault_in_a_fixed_order_is_told)
{
	/* Path, method, key, right, media type, size, then what the route itself finds. */
	answers(ask("PUT", "/nope", "x", NULL), "404", "not_found");
	answers(ask("PUT", "/decide", "x", NULL), "405", "Allow: POST, OPTIONS\r\n");
	answers(ask("POST", "/decide", "x", NULL), "401", "WWW-Authenticate: Bearer");
	answers(ask("POST", "/decide", "x", WITH(AUTH)), "415", "unsupported_media_type");
	answers(ask("POST", "/decide", "x", WITH(AUTH, JSON, "CONTENT_LENGTH=65537")), "413", "body_too_large");
	answers(ask("POST", "/decide", "x", WITH(AUTH, JSON, "HTTP_IDEMPOTENCY_KEY=\"")), "400",
	        "idempotency_key_invalid");
	answers(ask("POST", "/decide", "x", WITH(AUTH, JSON)), "400", "invalid_json");
	answers(ask("POST", "/decide", "{}", WITH(AUTH, JSON)), "422", "/company");
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "200", "\"livemode\":false");
}

Test(server, nothing_leaves_without_a_record)
{
	static const enum status failures[] = {STATUS_FULL, STATUS_UNAVAILABLE, STATUS_TIMEOUT, STATUS_CORRUPT,
	                                       STATUS_INTERNAL};

	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		fake_store_fail_append(stage.store, failures[i]);
		answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "503", "not_recorded");
		cr_assert_null(strstr(stage.exchange.sent, "outcome"));
		cr_assert(strstr(stage.exchange.sent, "Retry-After: 2\r\n"));
	}
	fake_store_fail_append(stage.store, STATUS_OK);
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "200", "decision_id");
}

Test(server, a_key_is_free_again_after_a_failure)
{
	fake_store_fail_append(stage.store, STATUS_FULL);
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON, "HTTP_IDEMPOTENCY_KEY=k")), "503", "not_recorded");
	fake_store_fail_append(stage.store, STATUS_OK);
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON, "HTTP_IDEMPOTENCY_KEY=k")), "200", "decision_id");
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON, "HTTP_IDEMPOTENCY_KEY=\"k\"")), "200",
	        "Idempotent-Replayed: true");
	answers(ask("POST", "/decide", BODY " ", WITH(AUTH, JSON, "HTTP_IDEMPOTENCY_KEY=k")), "422",
	        "idempotency_key_reused");
}

Test(server, a_register_that_fails_falls_back_to_the_outage_rules)
{
	fake_register_fail(stage.reg, STATUS_UNAVAILABLE);
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "200", "\"freshness\":\"fallback\"");
}

Test(server, a_broken_cache_costs_nothing_but_time)
{
	fake_cache_break(stage.cache, true);
	for (int i = 0; i < 3; i++)
		answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "200", "cache;desc=miss");
	fake_cache_break(stage.cache, false);
	ask("POST", "/decide", BODY, WITH(AUTH, JSON));
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "200", "cache;desc=hit");
}

Test(server, a_record_is_read_back)
{
	char uri[128] = "/decisions/";
	const char *id = strstr(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "dec_");

	memcpy(uri + strlen(uri), id, 30);
	answers(ask("GET", uri, "", WITH(AUTH)), "200", "\"seq\":1");
	answers(ask("GET", uri, "", NULL), "401", "unauthorized");
	answers(ask("GET", "/decisions/dec_none", "", WITH(AUTH)), "404", "\"livemode\":false");
}

Test(server, without_a_token_key_there_is_no_key_set)
{
	answers(ask("GET", "/key", "", NULL), "200", "\"crv\":\"Ed25519\"");
	/* RFC 8032, 7.1, test 1. */
	cr_assert(strstr(stage.exchange.sent, "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""));
	/* RFC 8037, appendix A.3. */
	cr_assert(strstr(stage.exchange.sent, "\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\""));
	stage.crypto.no_key = true;
	answers(ask("GET", "/key", "", NULL), "404", "not_found");
	answers(ask("POST", "/decide", BODY, WITH(AUTH, JSON)), "503", "unavailable");
}

Test(server, metrics_are_for_local_peers)
{
	static const char *const hidden[] = {"REMOTE_ADDR=192.0.2.1", "REMOTE_ADDR=", "REMOTE_ADDR=1127.0.0.1",
	                                     "REMOTE_ADDR=unix", "X=y"};
	static const char *const seen[] = {"REMOTE_ADDR=127.0.0.1", "REMOTE_ADDR=127.1.2.3", "REMOTE_ADDR=::1",
	                                   "REMOTE_ADDR=unix:"};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		answers(ask("GET", "/metrics", "", WITH(hidden[i])), "404", "not_found");
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		answers(ask("GET", "/metrics", "", WITH(seen[i])), "200", "bonigate_requests_total");
}

Test(server, head_sends_no_body_and_options_no_problem)
{
	const char *sent = ask("HEAD", "/nope", "", NULL);

	answers(sent, "404", "Content-Length: ");
	cr_assert_str_eq(strstr(sent, "\r\n\r\n"), "\r\n\r\n");
	answers(ask("OPTIONS", "/decide", "", NULL), "204", "Allow: POST, OPTIONS\r\n");
	cr_assert_null(strstr(stage.exchange.sent, "\r\nContent-Type:"));
}

Test(server, header_fields_cannot_be_smuggled_in)
{
	const char *sent = ask("GET\r\nX-Evil: 1", "/nope\r\nX-Evil: 1", "",
	                       WITH("HTTP_X_REQUEST_ID=a\r\nX-Evil: 1", "HTTP_ACCEPT_LANGUAGE=en\r\nX-Evil: 1"));

	cr_assert_null(strstr(sent, "X-Evil"));
}
