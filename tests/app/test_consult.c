/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "../../src/app/consult.h"
#include "fakes.h"

#define MS     INT64_C(1000000)
#define DAY_MS INT64_C(86400000)

static char memory[1 << 20] __attribute__((aligned(16)));
static struct arena arena;
static struct fakes fakes;
static struct checkout_ports ports;
static struct facts facts;
static struct gathered gathered;
static struct policy policy;
static struct caller caller;
static int64_t amount;
static int32_t days;

/* A panel that says one thing, and what it was asked. */
static struct {
	struct panel_reply reply;
	unsigned asked;
	struct subject subject;
	struct deadline deadline;
	int64_t not_before_ms;
	struct document_owner owner;
} panel;

static void consult(void *self, const struct panel_question *question, struct deadline deadline, struct arena *scratch,
                    struct facts *found, struct panel_reply *ret_reply)
{
	int source = facts_source(found, "bureau", SOURCE_ANSWER, 20000);

	(void)self;
	(void)scratch;
	panel.asked++;
	panel.subject = *question->subject;
	panel.not_before_ms = question->not_before_ms;
	panel.deadline = deadline;
	panel.owner = *question->owner;
	facts_set(found, FACT_FOUNDED, 10000, 20000, (uint8_t)source);
	*ret_reply = panel.reply;
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
	policy_defaults(&policy);
	caller = (struct caller){.tenant = SLICE_LIT("shop"), .livemode = true, .policy = &policy};
	amount = 100000;
	days = 0;
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
	cr_assert_eq(consult_providers(&ports, &caller,
	                               &(struct asking){&typed, &norm, (20000 + days) * DAY_MS, amount}, deadline,
	                               &arena, &gathered),
	             STATUS_OK);
}

TestSuite(consult, .init = set_up);

Test(consult, adds_facts)
{
	int64_t founded;

	facts.match = MATCH_EXACT;
	ask(300 * MS);
	cr_assert(facts_get(&facts, FACT_FOUNDED, &founded));
	cr_expect_eq(founded, 10000);
	cr_expect_str_eq(panel.subject.typed_name, "Schmidt GmbH");
}

Test(consult, knows_a_company_only_when_it_was_proven)
{
	ask(300 * MS);
	cr_expect_eq(facts.match, MATCH_NONE);
	panel.reply.proven = true;
	ask(300 * MS);
	cr_expect_eq(facts.match, MATCH_EXACT);
	cr_expect_eq(strncmp(facts.key.text, "name:DE:40213:", 14), 0, "%s", facts.key.text);
}

Test(consult, leaves_what_the_register_found_its_key)
{
	facts.match = MATCH_FUZZY;
	panel.reply.proven = true;
	ask(300 * MS);
	cr_expect_eq(facts.match, MATCH_FUZZY);
	cr_expect_str_eq(facts.key.text, "");
}

Test(consult, what_is_kept_is_the_tenants_under_the_companys_key)
{
	static const struct company_key registered = {"reg:R1101:HRB:12345"};

	ask(300 * MS);
	cr_expect_str_eq(panel.owner.tenant, "shop");
	cr_expect_eq(strncmp(panel.owner.company.text, "name:DE:40213:", 14), 0, "%s", panel.owner.company.text);
	facts.match = MATCH_EXACT;
	facts.key = registered;
	caller.tenant = SLICE_LIT("other");
	ask(300 * MS);
	cr_expect_str_eq(panel.owner.tenant, "other");
	cr_expect_str_eq(panel.owner.company.text, registered.text);
}

Test(consult, asks_nobody_about_one_of_several)
{
	facts.match = MATCH_AMBIGUOUS;
	ask(300 * MS);
	cr_expect_eq(panel.asked, 0);
	cr_expect_eq(facts.source_count, 0);
}

static bool concerns_schmidt(void *self, const struct facts *known)
{
	(void)self;
	return strcmp(known->name, "Schmidt GmbH") == 0;
}

Test(consult, asks_a_panel_only_about_companies_it_concerns)
{
	static const struct panel_vtable choosy = {.consult = consult, .concerns = concerns_schmidt};

	ports.panel.vtable = &choosy;
	ask(300 * MS);
	cr_expect_eq(panel.asked, 0);
	cr_expect_eq(facts.source_count, 0);
	(void)slice_copy(SLICE_LIT("Schmidt GmbH"), facts.name, sizeof(facts.name));
	ask(300 * MS);
	cr_expect_eq(panel.asked, 1);
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

static void name_provider(const char *id, bool required)
{
	struct source_terms *terms = &policy.sources.named[policy.sources.count++];

	*terms = policy.sources.others;
	terms->required = required;
	cr_assert(slice_copy(slice_cstr(id), terms->id, sizeof(terms->id)));
}

Test(consult, tells_how_fresh_the_answers_were)
{
	static const struct {
		enum freshness before, after;
		struct panel_reply reply;
	} cases[] = {
	        {FRESHNESS_FRESH, FRESHNESS_FRESH, {.proven = true}},
	        {FRESHNESS_FRESH, FRESHNESS_STALE, {.stale = true}},
	        {FRESHNESS_STALE, FRESHNESS_STALE, {.proven = true}},
	        {FRESHNESS_FALLBACK, FRESHNESS_FALLBACK, {.stale = true}},
	        {FRESHNESS_FRESH, FRESHNESS_FALLBACK, {.lacking = true}},
	        {FRESHNESS_STALE, FRESHNESS_FALLBACK, {.stale = true, .lacking = true}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		gathered.freshness = cases[i].before;
		panel.reply = cases[i].reply;
		ask(300 * MS);
		cr_expect_eq(gathered.freshness, cases[i].after, "row %zu", i);
	}
}

Test(consult, misses_a_required_provider_that_is_not_there)
{
	name_provider("bureau", true);
	name_provider("vies", false);
	ask(300 * MS);
	cr_expect_eq(gathered.freshness, FRESHNESS_FRESH);
	name_provider("other", true);
	ask(300 * MS);
	cr_expect_eq(gathered.freshness, FRESHNESS_FALLBACK);
	cr_expect_str_eq(facts.sources[facts.source_count - 1].id, "other");
	cr_expect_eq(facts.sources[facts.source_count - 1].state, SOURCE_UNAVAILABLE);
	set_up();
	name_provider("bureau", true);
	ports.panel = (struct panel_port){NULL, NULL};
	ask(300 * MS);
	cr_expect_eq(gathered.freshness, FRESHNESS_FALLBACK);
}

/* Whom test mode may ask, its own panel knows; what a policy requires is for live orders. */
Test(consult, requires_nobody_in_test_mode)
{
	name_provider("bureau", true);
	caller.livemode = false;
	ask(300 * MS);
	cr_expect_eq(panel.asked, 1);
	cr_expect_eq(gathered.freshness, FRESHNESS_FRESH);
}

Test(consult, wants_newer_answers_after_the_days_of_the_policy)
{
	policy.sources.recheck_days = 7;
	ask(300 * MS);
	cr_expect_eq(panel.not_before_ms, 19993 * DAY_MS);
}

Test(consult, wants_newer_answers_for_a_larger_basket)
{
	static const struct {
		int64_t amount;
		int32_t days; /* from the first order on */
		int32_t since;
	} orders[] = {
	        {100000, 0, 0},                 /* the first one */
	        {150000, 1, 0},                 /* not more than 50 % above it */
	        {20000, 2, 0},                  /* a small one changes nothing */
	        {150001, 3, 3}, {225000, 4, 3}, /* as large as what was checked, and a half */
	        {225002, 5, 5}, {-1, 6, -24},   /* in a currency that gets no credit */
	        {225002, 7, 5},
	};

	policy.sources.recheck_basket_percent = 50;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		amount = orders[i].amount;
		days = orders[i].days;
		ask(300 * MS);
		cr_expect_eq(panel.not_before_ms, (20000 + orders[i].since) * DAY_MS, "row %zu", i);
	}
	fakes.cache_works = false;
	ask(300 * MS);
	cr_expect_eq(panel.not_before_ms, 20007 * DAY_MS, "who forgot asks again");
}

Test(consult, keeps_the_baskets_of_two_tenants_apart)
{
	policy.sources.recheck_basket_percent = 50;
	ask(300 * MS);
	days = 1;
	caller.tenant = SLICE_LIT("other");
	ask(300 * MS);
	cr_expect_eq(panel.not_before_ms, 20001 * DAY_MS);
}

Test(consult, changes_nothing_without_a_panel)
{
	ports.panel = (struct panel_port){NULL, NULL};
	ask(300 * MS);
	cr_expect_eq(facts.source_count, 0);
}
