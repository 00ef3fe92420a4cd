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
#include "wire/gleif.h"
#include "wire/provider_in.h"
#include "wire/vies.h"

#define PATIENT_MS 20000
#define SHORT_MS   300

static struct simulator simulator;
static struct http_client *client;
static struct provider_config bureau, creditreform;
static const struct provider_secrets secrets = {
        .items = {{"useraccount", "1"}, {"generalpassword", "2"}, {"individualpassword", "3"}}, .count = 3};
static const struct vies vies = {""};
static struct fake_crypto crypto;

static const struct {
	const char *folder;
	enum provider_kind kind;
} ADAPTERS[] = {{"vies", PROVIDER_VIES},
                {"gleif", PROVIDER_GLEIF},
                {"bureau", PROVIDER_JSON},
                {"creditreform", PROVIDER_CREDITREFORM}};

#define ADAPTER_COUNT (sizeof(ADAPTERS) / sizeof(*ADAPTERS))

static struct provider_codec codec_of(enum provider_kind kind)
{
	if (kind == PROVIDER_VIES)
		return vies_codec(&vies);
	if (kind == PROVIDER_GLEIF)
		return gleif_codec();
	return provider_config_codec(kind == PROVIDER_JSON ? &bureau : &creditreform);
}

static void read_config(const char *file, struct provider_config *ret_config)
{
	struct load_error error;

	cr_assert_eq(provider_in_parse(provider_world_file(file), provider_world_arena(), ret_config, &error),
	             STATUS_OK, "%s", file);
}

static void set_up(void)
{
	simulator = simulator_start(false);
	cr_assert_eq(http_client_open(system_clock(), &client), STATUS_OK);
	read_config("bureau/mapping.json", &bureau);
	read_config("creditreform/config.json", &creditreform);
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

static const struct provider_answer *ask(const char *fault, size_t adapter, int64_t total_ms,
                                         const struct subject *subject)
{
	struct http_target_config config = {
	        .private_network = true,
	        .connect_ms = PATIENT_MS,
	        .total_ms = total_ms,
	        .body_most = 65536,
	        .queue_most = 10,
	        .rules = {.breaker = {60000, 60000, 60000, 100, 50, 1}, .in_flight = 4, .tries = 1},
	};
	struct web_provider *provider;
	struct provider_port port;
	struct http_target *target;
	int before = answers;
	char base[128];

	snprintf(base, sizeof(base), "http://127.0.0.1:%d/%s/%s", simulator.port, fault, ADAPTERS[adapter].folder);
	config.base = base;
	cr_assert_eq(http_client_target(client, &config, &target), STATUS_OK);
	cr_assert_eq(web_provider_open(&(struct web_provider_config){.id = ADAPTERS[adapter].folder,
	                                                             .base = base,
	                                                             .http = http_target_port(target),
	                                                             .codec = codec_of(ADAPTERS[adapter].kind),
	                                                             .secrets = &secrets,
	                                                             .crypto = fake_crypto_port(&crypto),
	                                                             .clock = system_clock()},
	                               &provider),
	             STATUS_OK);
	port = web_provider_port(provider);
	port.vtable->begin(port.self, subject, NULL, DEADLINE_NEVER, (struct provider_done){take, NULL});
	pthread_mutex_lock(&lock);
	while (answers == before)
		pthread_cond_wait(&told, &lock);
	pthread_mutex_unlock(&lock);
	web_provider_close(provider);
	return &last;
}

/* With SOAP a code alone says nothing about the company. */
static bool says_no_in_messages(size_t adapter)
{
	return ADAPTERS[adapter].kind == PROVIDER_CREDITREFORM;
}

Test(web_provider, ends_every_fault_in_the_right_outcome, .init = set_up, .fini = tear_down, .timeout = 120)
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
	struct subject subject = provider_world_schmidt();

	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
			const struct provider_answer *answer = ask(faults[i].fault, a,
			                                           faults[i].endless ? SHORT_MS : PATIENT_MS, &subject);
			enum source_state outcome = faults[i].outcome;

			if (says_no_in_messages(a) && outcome != SOURCE_ANSWER)
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
	static const struct identity vogel = {.name = {"Bäckerei Vogel KG", 18},
	                                      .postal_code = {"40213", 5},
	                                      .country = {"DE", 2},
	                                      .vat_id = {"DE136695976", 11},
	                                      .lei = {"529900T8BM49AURSDO55", 20},
	                                      .court = {"Düsseldorf", 11},
	                                      .register_type = {"HRB", 3},
	                                      .register_number = {"12345", 5}};
	struct subject subject = provider_world_subject(&vogel);

	for (size_t a = 0; a < ADAPTER_COUNT; a++) {
		const struct provider_answer *answer = ask("ok", a, PATIENT_MS, &subject);

		cr_expect_eq(answer->outcome, SOURCE_NO_DATA, "%s: %s", ADAPTERS[a].folder, answer->detail);
		cr_expect_eq(answer->verdict, SUBJECT_OTHER);
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
		const struct provider_answer *answer = ask(cases[i].fault, ADAPTER_COUNT - 1, PATIENT_MS, &subject);

		cr_expect_str_eq(source_state_name(answer->outcome), source_state_name(cases[i].outcome), "%s: %s",
		                 cases[i].fault, answer->detail);
		cr_expect_eq(strncmp(last_file, "%PDF-1.4", 8) == 0, cases[i].file, "%s", cases[i].fault);
	}
}
