/* SPDX-License-Identifier: MIT */
#include "adapter/demo_bureau.h"

#include <criterion/criterion.h>
#include <string.h>

#include "adapter/sodium_crypto.h"
#include "adapter/system_clock.h"
#include "provider_world.h"

#define PATIENT_NS INT64_C(20000000000)
#define SHORT_NS   INT64_C(1000000)

static struct sodium_crypto *crypto;
static struct demo_bureau *bureau;
static struct facts facts;

static void set_up(void)
{
	cr_assert_eq(sodium_crypto_open(NULL, &crypto), STATUS_OK);
	cr_assert_eq(demo_bureau_open(system_clock(), sodium_crypto_port(crypto), 4, &bureau), STATUS_OK);
}

static void tear_down(void)
{
	demo_bureau_close(bureau);
	sodium_crypto_close(crypto);
}

TestSuite(demo_bureau, .init = set_up, .fini = tear_down);

/* About a company that the register found under this name. */
static struct panel_reply consult(const char *name, int64_t wait_ns)
{
	struct panel_port port = demo_bureau_panel(bureau);
	struct clock_port clock = system_clock();
	struct subject subject = provider_world_schmidt();
	struct panel_reply reply;
	struct source_rules rules;

	source_rules_defaults(&rules);
	facts_init(&facts);
	cr_assert(slice_copy(slice_cstr(name), facts.name, sizeof(facts.name)));
	cr_assert_eq(facts_source(&facts, SOURCE_REGISTER, SOURCE_ANSWER, 20000), 0);
	port.vtable->consult(port.self,
	                     &(struct panel_question){.subject = &subject, .rules = &rules, .not_before_ms = INT64_MAX},
	                     (struct deadline){clock.vtable->monotonic_ns(clock.self) + wait_ns},
	                     provider_world_arena(), &facts, &reply);
	return reply;
}

static void expect_source(enum source_state state)
{
	cr_assert_eq(facts.source_count, 2);
	cr_expect_str_eq(facts.sources[1].id, SOURCE_DEMO);
	cr_expect_str_eq(source_state_name(facts.sources[1].state), source_state_name(state));
}

Test(demo_bureau, the_slow_one_is_there_the_next_time)
{
	int64_t index;

	cr_expect(consult("Schneckenpost Versand GmbH", SHORT_NS).lacking);
	expect_source(SOURCE_UNAVAILABLE);
	/* Who waits for as long as it takes gets the answer to the question that is under way. */
	cr_expect_not(consult("Schneckenpost Versand GmbH", PATIENT_NS).lacking);
	expect_source(SOURCE_ANSWER);
	cr_expect_not(consult("Schneckenpost Versand GmbH", SHORT_NS).lacking);
	expect_source(SOURCE_ANSWER);
	cr_expect(facts_get(&facts, FACT_BUREAU_INDEX, &index));
}

Test(demo_bureau, the_one_that_is_down_says_so_at_once)
{
	for (int i = 0; i < 3; i++) {
		cr_expect(consult("Funkstille Systeme GmbH", PATIENT_NS).lacking);
		expect_source(SOURCE_UNAVAILABLE);
	}
}

Test(demo_bureau, nobody_else_is_asked_about)
{
	static const char *const NAMES[] = {"", "Schmidt Industrie GmbH", "Funkstille Systeme"};
	struct panel_port port = demo_bureau_panel(bureau);

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		struct panel_reply reply = consult(NAMES[i], PATIENT_NS);

		cr_expect_not(port.vtable->concerns(port.self, &facts));
		cr_expect_not(reply.lacking || reply.proven || reply.stale);
		cr_expect_eq(facts.source_count, 1);
	}
	cr_expect_not(port.vtable->stats(port.self, 0, &(struct panel_stats){0}));
}

Test(demo_bureau, closes_with_an_answer_under_way)
{
	cr_expect(consult("Schneckenpost Versand GmbH", SHORT_NS).lacking);
}
