/* SPDX-License-Identifier: MIT */
/* Every adapter through the real client against the simulator: fault by fault, the right one of four outcomes. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "adapter/http_client.h"
#include "adapter/system_clock.h"
#include "adapter/web_provider.h"
#include "fake_crypto.h"
#include "provider_world.h"
#include "simulator.h"
#include "wire/provider_in.h"

#define PATIENT_MS 20000
#define SHORT_MS   300

static struct simulator simulator;
static struct http_client *client;
static struct fake_crypto crypto;

/* Whom an adapter's fixtures know, and a stranger whom the same question leads to. */
static const struct identity schmidt = {.name = {"Schmidt Industrie GmbH", 22},
                                        .postal_code = {"40213", 5},
                                        .city = {"Düsseldorf", 11},
                                        .country = {"DE", 2},
                                        .vat_id = {"DE136695976", 11},
                                        .lei = {"529900T8BM49AURSDO55", 20},
                                        .court = {"Düsseldorf", 11},
                                        .register_type = {"HRB", 3},
                                        .register_number = {"12345", 5}};
static const struct identity vogel = {.name = {"Bäckerei Vogel KG", 18},
                                      .postal_code = {"40213", 5},
                                      .country = {"DE", 2},
                                      .vat_id = {"DE136695976", 11},
                                      .lei = {"529900T8BM49AURSDO55", 20},
                                      .court = {"Düsseldorf", 11},
                                      .register_type = {"HRB", 3},
                                      .register_number = {"12345", 5}};
static const struct identity mueller = {.name = {"Hans Müller e.K.", 17},
                                        .street = {"Hafenstraße 14", 15},
                                        .postal_code = {"40213", 5},
                                        .city = {"Düsseldorf", 11},
                                        .country = {"DE", 2}};
static const struct identity moritz = {.name = {"Moritz Müller e.K.", 19},
                                       .street = {"Hafenstraße 14", 15},
                                       .postal_code = {"40213", 5},
                                       .city = {"Düsseldorf", 11},
                                       .country = {"DE", 2}};

#define KEY         ",\"auth\":{\"header\":\"X-Api-Key\",\"env\":\"K\"}}"
#define PAIR(a, b)  ",\"credentials\":{\"" a "\":{\"env\":\"A\"},\"" b "\":{\"env\":\"B\"}}}"
#define OF(adapter) "{\"format\":\"bonigate-provider/1\",\"id\":\"x\",\"adapter\":\"" adapter "\""

static const struct adapter {
	const char *folder;
	const char *config; /* a file beside the fixtures, or the text itself */
	const struct identity *known, *stranger;
	unsigned later;     /* exchanges behind the first */
	bool last_is_extra; /* the last of them may be missing */
	bool logs_in;
	bool no_codes; /* with SOAP a code alone says nothing about the company */
} ADAPTERS[] = {
        {"vies", OF("vies") "}", &schmidt, &vogel, 0, false, false, false},
        {"gleif", OF("gleif") "}", &schmidt, &vogel, 0, false, false, false},
        {"bureau", "bureau/mapping.json", &schmidt, &vogel, 0, false, false, false},
        {"boniforce", OF("boniforce") KEY, &schmidt, &vogel, 4, true, false, false},
        {"schufa", OF("schufa") ",\"legitimate_interest\":\"small-businesses\"" PAIR("client_id", "client_secret"),
         &mueller, &moritz, 0, false, true, false},
        {"creditsafe", OF("creditsafe") ",\"legitimate_interest\":1" PAIR("username", "password"), &schmidt, &vogel, 1,
         false, true, false},
        {"openregister", OF("openregister") KEY, &schmidt, &vogel, 2, false, false, false},
        {"northdata", OF("northdata") KEY, &schmidt, &vogel, 0, false, false, false},
        {"creditreform", "creditreform/config.json", &schmidt, &vogel, 1, false, false, true},
};

#define ADAPTER_COUNT (sizeof(ADAPTERS) / sizeof(*ADAPTERS))
#define CREDITREFORM  (ADAPTER_COUNT - 1)

static struct provider_config configs[ADAPTER_COUNT];

static void set_up(void)
{
	struct load_error error;

	simulator = simulator_start(false);
	cr_assert_eq(http_client_open(system_clock(), &client), STATUS_OK);
	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		const char *config = ADAPTERS[a].config;
		struct slice text = config[0] == '{' ? slice_cstr(config) : provider_world_file(config);

		cr_assert_eq(provider_in_parse(text, provider_world_arena(), &configs[a], &error), STATUS_OK, "%s: %s",
		             error.pointer, error.detail);
	}
}

static void tear_down(void)
{
	http_client_close(client);
	simulator_stop(&simulator);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told = PTHREAD_COND_INITIALIZER;
static struct provider_answer last;
static char last_file[4096]; /* its attachment, read while it is valid */
static int answers;

static void take(void *ctx, const struct provider_answer *answer)
{
	(void)ctx;
	pthread_mutex_lock(&lock);
	last = *answer;
	(void)slice_copy(answer->attachment, last_file, sizeof(last_file));
	answers++;
	pthread_cond_signal(&told);
	pthread_mutex_unlock(&lock);
}

static struct http_port target_at(const char *base, int64_t total_ms)
{
	struct http_target_config config = {
	        .base = base,
	        .private_network = true,
	        .connect_ms = PATIENT_MS,
	        .total_ms = total_ms,
	        .body_most = 65536,
	        .queue_most = 10,
	        .rules = {.breaker = {60000, 60000, 60000, 100, 50, 1}, .in_flight = 4, .tries = 1},
	};
	struct http_target *target;

	cr_assert_eq(http_client_target(client, &config, &target), STATUS_OK);
	return http_target_port(target);
}

/* Waits are not waited for: an inquiry goes on from there at once. */
static void ask_to_the_end(struct provider_port port, const struct subject *subject)
{
	struct provider_step from = {.number = 0};

	do {
		int before = answers;

		port.vtable->begin(port.self, subject, &from, DEADLINE_NEVER, (struct provider_done){take, NULL});
		pthread_mutex_lock(&lock);
		while (answers == before)
			pthread_cond_wait(&told, &lock);
		pthread_mutex_unlock(&lock);
		from = last.next;
	} while (last.turn == PROVIDER_WAITS);
}

static struct web_provider *open_provider(const char *fault, size_t adapter, int64_t total_ms)
{
	static const struct provider_secrets secrets = {
	        .items = {{"client_id", "id"}, {"client_secret", "s"}, {"username", "user"}, {"password", "p"}},
	        .count = 4};
	static const struct provider_secrets account = {
	        .items = {{"useraccount", "1"}, {"generalpassword", "2"}, {"individualpassword", "3"}}, .count = 3};
	const char *folder = ADAPTERS[adapter].folder;
	struct web_provider *provider;
	char base[128], login[160];
	struct web_provider_config config = {
	        .id = folder,
	        .base = base,
	        .codec = provider_config_codec(&configs[adapter]),
	        .crypto = fake_crypto_port(&crypto),
	        .clock = system_clock(),
	        .secrets = configs[adapter].kind == PROVIDER_CREDITREFORM ? &account : &secrets,
	};

	snprintf(base, sizeof(base), "http://127.0.0.1:%d/%s/%s", simulator.port, fault, folder);
	snprintf(login, sizeof(login), "%s/token", base);
	config.http = target_at(base, total_ms);
	if (configs[adapter].login_url[0]) {
		config.login_base = login;
		config.login_http = target_at(login, total_ms);
	}
	cr_assert_eq(web_provider_open(&config, &provider), STATUS_OK);
	return provider;
}

static const struct provider_answer *ask(const char *fault, size_t adapter, int64_t total_ms,
                                         const struct subject *subject)
{
	struct web_provider *provider = open_provider(fault, adapter, total_ms);

	ask_to_the_end(web_provider_port(provider), subject);
	web_provider_close(provider);
	return &last;
}

Test(web_provider, ends_every_fault_in_the_right_outcome, .init = set_up, .fini = tear_down)
{
	static const struct {
		const char *fault;
		enum source_state outcome;
		enum http_end end;
		bool endless;
	} faults[] = {
	        {"ok", SOURCE_ANSWER, HTTP_ANSWERED, false},
	        {"slow-20", SOURCE_ANSWER, HTTP_ANSWERED, false},
	        {"hang", SOURCE_UNAVAILABLE, HTTP_TIMEOUT, true},
	        {"drip", SOURCE_UNAVAILABLE, HTTP_TIMEOUT, true},
	        {"reset", SOURCE_UNAVAILABLE, HTTP_BROKEN, false},
	        {"cut", SOURCE_UNAVAILABLE, HTTP_BROKEN, false},
	        {"empty", SOURCE_UNAVAILABLE, HTTP_BROKEN, false},
	        {"garbage", SOURCE_UNAVAILABLE, HTTP_BROKEN, false},
	        {"drophead", SOURCE_UNAVAILABLE, HTTP_BROKEN, false},
	        {"huge", SOURCE_UNAVAILABLE, HTTP_TOO_LARGE, false},
	        {"chunks", SOURCE_UNAVAILABLE, HTTP_TOO_LARGE, false},
	        {"head", SOURCE_UNAVAILABLE, HTTP_TOO_LARGE, false},
	        {"badjson", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"nothing", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"wrongtype", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"array", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"moved", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"code-400", SOURCE_INVALID_INPUT, HTTP_ANSWERED, false},
	        {"code-401", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"code-403", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"code-404", SOURCE_NO_DATA, HTTP_ANSWERED, false},
	        {"code-422", SOURCE_INVALID_INPUT, HTTP_ANSWERED, false},
	        {"code-500", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"code-503", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	        {"retry-429-9", SOURCE_UNAVAILABLE, HTTP_ANSWERED, false},
	};

	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		struct subject subject = provider_world_subject(ADAPTERS[a].known);

		for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
			const struct provider_answer *answer = ask(faults[i].fault, a,
			                                           faults[i].endless ? SHORT_MS : PATIENT_MS, &subject);
			enum source_state outcome = faults[i].outcome;

			if (ADAPTERS[a].no_codes && outcome != SOURCE_ANSWER)
				outcome = SOURCE_UNAVAILABLE;
			cr_expect_str_eq(source_state_name(answer->outcome), source_state_name(outcome), "%s %s: %s",
			                 ADAPTERS[a].folder, faults[i].fault, answer->detail);
			cr_expect_str_eq(http_end_name(answer->end), http_end_name(faults[i].end), "%s %s",
			                 ADAPTERS[a].folder, faults[i].fault);
			cr_expect_eq(answer->facts.sources[0].state, answer->outcome);
			cr_expect_str_eq(answer->facts.sources[0].id, ADAPTERS[a].folder);
			cr_expect(answer->detail[0]);
		}
	}
}

/* What becomes of an inquiry whose exchanges fail from the one behind "passed" on. */
static void break_off(size_t adapter, unsigned passed, const char *how)
{
	struct subject subject = provider_world_subject(ADAPTERS[adapter].known);
	bool extra = ADAPTERS[adapter].last_is_extra && passed == ADAPTERS[adapter].later;
	enum source_state expected = SOURCE_UNAVAILABLE;
	const struct provider_answer *answer;
	char fault[64];

	snprintf(fault, sizeof(fault), "late-%u.%s", passed, how);
	answer = ask(fault, adapter, PATIENT_MS, &subject);
	if (extra && answer->end == HTTP_ANSWERED)
		expected = SOURCE_ANSWER;
	cr_expect_eq(answer->outcome, expected, "%s %s: %s", ADAPTERS[adapter].folder, fault, answer->detail);
	cr_expect(answer->outcome == SOURCE_ANSWER || !answer->facts.name[0], "%s %s", ADAPTERS[adapter].folder, fault);
}

/* Whatever its first exchanges brought. */
Test(web_provider, ends_every_later_fault_as_unavailable, .init = set_up, .fini = tear_down)
{
	static const char *const FAULTS[] = {"reset",     "cut",         "badjson",  "nothing",  "array",
	                                     "wrongtype", "moved",       "code-400", "code-404", "code-422",
	                                     "code-500",  "retry-429-9", NULL};

	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		for (unsigned n = 1; n <= ADAPTERS[a].later; n++) {
			for (size_t i = 0; FAULTS[i]; i++)
				break_off(a, n, FAULTS[i]);
		}
	}
}

Test(web_provider, ends_every_fault_of_a_login_as_unavailable, .init = set_up, .fini = tear_down)
{
	static const char *const FAULTS[] = {"login.reset",    "login.badjson",  "login.nothing",  "login.array",
	                                     "login.code-401", "login.code-404", "login.code-500", NULL};

	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		struct subject subject = provider_world_subject(ADAPTERS[a].known);

		for (size_t i = 0; FAULTS[i] && ADAPTERS[a].logs_in; i++) {
			enum http_end end = strcmp(FAULTS[i], "login.reset") == 0 ? HTTP_BROKEN : HTTP_ANSWERED;

			cr_expect_eq(ask(FAULTS[i], a, PATIENT_MS, &subject)->outcome, SOURCE_UNAVAILABLE, "%s %s",
			             ADAPTERS[a].folder, FAULTS[i]);
			cr_expect_str_eq(http_end_name(last.end), http_end_name(end), "%s %s", ADAPTERS[a].folder,
			                 FAULTS[i]);
		}
	}
}

/* Its end is told as that of any other call: whoever remembers failures must not take ours for the provider's. */
Test(web_provider, tells_that_this_process_ended_while_it_logged_in, .init = set_up, .fini = tear_down)
{
	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		struct subject subject = provider_world_subject(ADAPTERS[a].known);
		struct web_provider *provider = open_provider("login.hang", a, PATIENT_MS);
		struct provider_port port = web_provider_port(provider);

		if (ADAPTERS[a].logs_in) {
			port.vtable->begin(port.self, &subject, NULL, DEADLINE_NEVER,
			                   (struct provider_done){take, NULL});
			http_client_close(client);
			cr_assert_eq(http_client_open(system_clock(), &client), STATUS_OK);
			cr_expect_eq(last.outcome, SOURCE_UNAVAILABLE, "%s", ADAPTERS[a].folder);
			cr_expect_str_eq(http_end_name(last.end), http_end_name(HTTP_STOPPED), "%s",
			                 ADAPTERS[a].folder);
		}
		web_provider_close(provider);
	}
}

Test(web_provider, tells_what_the_company_lacks_without_a_call, .init = set_up, .fini = tear_down)
{
	static const struct identity nameless = {.country = {"DE", 2}, .customer_ref = {"K-1", 3}};
	struct subject subject = provider_world_subject(&nameless);

	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		const struct provider_answer *answer = ask("ok", a, PATIENT_MS, &subject);

		cr_expect_eq(answer->outcome, SOURCE_INVALID_INPUT, "%s", ADAPTERS[a].folder);
		cr_expect_eq(strncmp(answer->detail, "needs ", 6), 0, "%s", answer->detail);
		cr_expect_eq(answer->tries, 0);
	}
}

Test(web_provider, keeps_a_hash_of_what_was_answered, .init = set_up, .fini = tear_down)
{
	struct subject subject = provider_world_schmidt();
	static const uint8_t none[32];

	ask("ok", 0, PATIENT_MS, &subject);
	cr_expect_neq(memcmp(last.raw_sha256, none, sizeof(none)), 0);
	ask("reset", 0, PATIENT_MS, &subject);
	cr_expect_eq(memcmp(last.raw_sha256, none, sizeof(none)), 0);
}

Test(web_provider, does_not_take_another_company, .init = set_up, .fini = tear_down)
{
	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		struct subject subject = provider_world_subject(ADAPTERS[a].stranger);
		const struct provider_answer *answer = ask("ok", a, PATIENT_MS, &subject);

		cr_expect_eq(answer->outcome, SOURCE_NO_DATA, "%s: %s", ADAPTERS[a].folder, answer->detail);
		cr_expect(answer->verdict == SUBJECT_OTHER || answer->verdict == SUBJECT_UNPROVEN, "%s",
		          ADAPTERS[a].folder);
		cr_expect_str_eq(answer->facts.name, "");
	}
}

/* The exchanges of a SOAP service with its faults, and a PDF that is kept when it is whole. */
Test(web_provider, keeps_the_report_beside_an_answer, .init = set_up, .fini = tear_down)
{
	static const struct {
		const char *fault;
		enum source_state outcome;
		bool file;
	} cases[] = {
	        {"ok", SOURCE_ANSWER, true},
	        {"cutfile", SOURCE_ANSWER, false},
	        {"badfile", SOURCE_ANSWER, false},
	        {"cutroot", SOURCE_UNAVAILABLE, false},
	        {"noboundary", SOURCE_UNAVAILABLE, false},
	        {"soap-114", SOURCE_NO_DATA, false},
	        {"soap-900", SOURCE_UNAVAILABLE, false},
	        {"soap-901", SOURCE_INVALID_INPUT, false},
	        {"soap-7", SOURCE_UNAVAILABLE, false},
	};
	struct subject subject = provider_world_schmidt();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer = ask(cases[i].fault, CREDITREFORM, PATIENT_MS, &subject);

		cr_expect_str_eq(source_state_name(answer->outcome), source_state_name(cases[i].outcome), "%s: %s",
		                 cases[i].fault, answer->detail);
		cr_expect_eq(strncmp(last_file, "%PDF-1.4", 8) == 0, cases[i].file, "%s", cases[i].fault);
	}
}
