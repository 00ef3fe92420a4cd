/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "../../src/app/consult.h"
#include "fakes.h"

#define MS INT64_C(1000000)

static char memory[1 << 20] __attribute__((aligned(16)));
static struct arena arena;
static struct fakes fakes;
static struct checkout_ports ports;
static struct facts facts;
static struct gathered gathered;

/* A panel that says one thing, and what it was asked. */
static struct {
	bool proven;
	unsigned asked;
	struct subject subject;
	struct deadline deadline;
} panel;

static void consult(void *self, const struct subject *subject, struct deadline deadline, struct arena *scratch,
                    struct facts *found, bool *ret_proven)
{
	int source = facts_source(found, "bureau", SOURCE_ANSWER, 20000);

	(void)self;
	(void)scratch;
	panel.asked++;
	panel.subject = *subject;
	panel.deadline = deadline;
	facts_set(found, FACT_FOUNDED, 10000, 20000, (uint8_t)source);
	*ret_proven = panel.proven;
}

static const struct panel_vtable vtable = {.consult = consult};

static void set_up(void)
{
	arena_init(&arena, memory, sizeof(memory));
	fakes_init(&fakes, 1700000000000);
	ports = fakes_ports(&fakes);
	ports.panel = (struct panel_port){&vtable, NULL};
	facts_init(&facts);
	gathered = (struct gathered){.facts = &facts};
	memset(&panel, 0, sizeof(panel));
}

static void ask(int64_t left_ns)
{
	static const struct identity typed = {
	        .name = {"Schmidt GmbH", 12}, .country = {"DE", 2}, .postal_code = {"40213", 5}};
	struct deadline deadline = {ports.clock.vtable->monotonic_ns(ports.clock.self) + left_ns};
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	size_t count;

	cr_assert_eq(identity_normalise(&typed, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK);
	consult_providers(&ports, &typed, &norm, 20000, deadline, &arena, &gathered);
}

TestSuite(consult, .init = set_up);

Test(consult, adds_facts_and_derives_again)
{
	int64_t age;

	facts.match = MATCH_EXACT;
	ask(300 * MS);
	cr_assert(facts_get(&facts, FACT_AGE, &age));
	cr_expect_eq(age, 27);
	cr_expect_str_eq(panel.subject.typed_name, "Schmidt GmbH");
}

Test(consult, knows_a_company_only_when_it_was_proven)
{
	ask(300 * MS);
	cr_expect_eq(facts.match, MATCH_NONE);
	panel.proven = true;
	ask(300 * MS);
	cr_expect_eq(facts.match, MATCH_EXACT);
	cr_expect_eq(strncmp(facts.key.text, "name:DE:40213:", 14), 0, "%s", facts.key.text);
}

Test(consult, leaves_what_the_register_found_its_key)
{
	facts.match = MATCH_FUZZY;
	panel.proven = true;
	ask(300 * MS);
	cr_expect_eq(facts.match, MATCH_FUZZY);
	cr_expect_str_eq(facts.key.text, "");
}

Test(consult, asks_nobody_about_one_of_several)
{
	facts.match = MATCH_AMBIGUOUS;
	ask(300 * MS);
	cr_expect_eq(panel.asked, 0);
	cr_expect_eq(facts.source_count, 0);
}

Test(consult, leaves_time_for_the_decision)
{
	static const int64_t left_ms[][2] = {{300, 220}, {1000, 920}, {160, 80}, {40, 20}, {0, 0}};

	for (size_t i = 0; i < sizeof(left_ms) / sizeof(*left_ms); i++) {
		int64_t now = ports.clock.vtable->monotonic_ns(ports.clock.self);

		ask(left_ms[i][0] * MS);
		cr_expect_eq(panel.deadline.at_ns - now, left_ms[i][1] * MS, "%ld ms", (long)left_ms[i][0]);
	}
}

Test(consult, changes_nothing_without_a_panel)
{
	ports.panel = (struct panel_port){NULL, NULL};
	ask(300 * MS);
	cr_expect_eq(facts.source_count, 0);
}
