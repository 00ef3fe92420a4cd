/* SPDX-License-Identifier: MIT */
#include "../../src/app/test_mode.h"

#include <criterion/criterion.h>

#define TODAY 20778

static struct facts facts;
static struct gathered gathered;

static void gather(const char *name)
{
	facts_init(&facts);
	cr_assert(slice_copy(slice_cstr(name), facts.name, sizeof(facts.name)));
	facts.match = MATCH_EXACT;
	cr_assert_eq(facts_source(&facts, "register", SOURCE_ANSWER, TODAY), 0);
	gathered = (struct gathered){.facts = &facts, .freshness = FRESHNESS_FRESH};
}

static void switch_with(const char *name, int64_t amount)
{
	gather(name);
	test_mode_switch(amount, TODAY, &gathered);
}

static int64_t insolvency(void)
{
	int64_t status = 0;

	(void)facts_get(&facts, FACT_INSOLVENCY_STATUS, &status);
	return status;
}

Test(test_mode, cents_switch_and_all_others_do_not)
{
	for (int64_t amount = 1; amount <= 300; amount++) {
		switch_with("Schmidt Industrie GmbH", amount);
		cr_expect_eq(facts.match,
		             amount % 100 == 91 || amount % 100 == 93 ? MATCH_NONE
		             : amount % 100 == 92                     ? MATCH_AMBIGUOUS
		                                                      : MATCH_EXACT,
		             "%ld", amount);
		cr_expect_eq(gathered.freshness,
		             amount % 100 == 93   ? FRESHNESS_FALLBACK
		             : amount % 100 == 94 ? FRESHNESS_STALE
		                                  : FRESHNESS_FRESH,
		             "%ld", amount);
		cr_expect_eq(insolvency(), amount % 100 == 95 ? 3 : 0, "%ld", amount);
	}
}

Test(test_mode, a_company_that_is_not_given_leaves_no_facts_behind)
{
	static const int64_t AMOUNTS[] = {91, 92, 93};

	for (size_t i = 0; i < 3; i++) {
		switch_with("Schmidt Industrie GmbH", AMOUNTS[i]);
		cr_expect_str_empty(facts.name);
		cr_expect_eq(facts.source_count, 1);
	}
	cr_expect_eq(facts.sources[0].state, SOURCE_UNAVAILABLE);
}

Test(test_mode, the_amount_counts_before_what_a_source_did)
{
	static const enum freshness EXPECTED[] = {FRESHNESS_FRESH, FRESHNESS_FRESH, FRESHNESS_FALLBACK, FRESHNESS_STALE,
	                                          FRESHNESS_FRESH};

	for (int64_t cents = 91; cents <= 95; cents++) {
		gather("Funkstille Systeme GmbH");
		gathered.freshness = FRESHNESS_FALLBACK;
		test_mode_switch(10000 + cents, TODAY, &gathered);
		cr_expect_eq(gathered.freshness, EXPECTED[cents - 91], "%ld", cents);
	}
	gather("Funkstille Systeme GmbH");
	gathered.freshness = FRESHNESS_FALLBACK;
	test_mode_switch(10000, TODAY, &gathered);
	cr_expect_eq(gathered.freshness, FRESHNESS_FALLBACK);
}
