/* SPDX-License-Identifier: MIT */
#include "core/limit.h"

#include <criterion/criterion.h>

#include "trade.h"

static struct trade trade;
static struct limit_rules *rules;
static struct score score;
static struct credit_limit limit;

static void init(void)
{
	trade_init(&trade);
	rules = &trade.policy.limit;
	rules->max_total = POLICY_OFF;
	score = (struct score){.pd_ppm = 2400, .score = 90};
}

TestSuite(limit, .init = init);

static void make(enum light light, int64_t exposure)
{
	facts_derive(&trade.facts, TRADE_DAY);
	limit_make(rules, &trade.facts, &score, light, exposure, &limit);
}

static void expect(int64_t total, enum reason bound)
{
	cr_expect_eq(limit.total, total, "total %ld, not %ld", (long)limit.total, (long)total);
	cr_expect_geq(limit.bound_count, 1);
	cr_expect_str_eq(reason_code(limit.bound_by[0]), reason_code(bound));
}

static void forget(enum fact_id id)
{
	trade.facts.items[id].known = false;
}

Test(limit, rounding_keeps_two_leading_digits)
{
	static const int64_t CASES[][2] = {
	        {0, 0},
	        {-1, 0},
	        {INT64_MIN, 0},
	        {1, 1},
	        {99, 99},
	        {100, 100},
	        {109, 100},
	        {110, 110},
	        {999, 990},
	        {1234567, 1200000},
	        {5000000, 5000000},
	        {4999999, 4900000},
	        {800000, 800000},
	        {INT64_MAX, INT64_C(9200000000000000000)},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		cr_expect_eq(limit_round(CASES[i][0]), CASES[i][1], "case %zu: %ld", i, (long)limit_round(CASES[i][0]));
}

/* 10 % of the equity, 2 % of the revenue, 250,000 EUR at PD 0.3 %: whichever is smallest. */
Test(limit, the_smallest_cap_binds)
{
	trade_set(&trade, FACT_EQUITY, 50312345);
	make(LIGHT_GREEN, 0);
	expect(5000000, REASON_CAP_EQUITY);
	trade_set(&trade, FACT_REVENUE, 62500000);
	make(LIGHT_GREEN, 0);
	expect(1200000, REASON_CAP_REVENUE);
	score.pd_ppm = 1000000;
	make(LIGHT_GREEN, 0);
	expect(75000, REASON_CAP_PD);
	rules->max_total = 60000;
	make(LIGHT_GREEN, 0);
	expect(60000, REASON_CAP_POLICY);
	cr_expect_eq(limit.bound_by[1], REASON_CAP_PER_ORDER);
	cr_expect_eq(limit.bound_count, 2);
}

Test(limit, the_pd_cap_is_full_up_to_its_border_and_falls_in_proportion)
{
	static const int64_t CASES[][2] = {{1, 25000000},   {3000, 25000000}, {6000, 12000000}, {30000, 2500000},
	                                   {80000, 930000}, {200000, 370000}, {1000000, 75000}};

	trade_set(&trade, FACT_EQUITY, INT64_C(1000000000000));
	trade_set(&trade, FACT_REVENUE, INT64_C(10000000000000));
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		score.pd_ppm = (int32_t)CASES[i][0];
		make(LIGHT_GREEN, 0);
		expect(CASES[i][1], REASON_CAP_PD);
	}
}

Test(limit, legal_form_and_age_have_their_caps)
{
	trade_set(&trade, FACT_LEGAL_FORM, LEGAL_FORM_UG);
	make(LIGHT_GREEN, 0);
	expect(500000, REASON_CAP_LEGAL_FORM);
	trade_set(&trade, FACT_LEGAL_FORM, LEGAL_FORM_AG);
	trade_set(&trade, FACT_FOUNDED, TRADE_DAY - 366);
	make(LIGHT_GREEN, 0);
	expect(500000, REASON_CAP_AGE);
	trade_set(&trade, FACT_FOUNDED, TRADE_DAY - 731);
	make(LIGHT_GREEN, 0);
	expect(25000000, REASON_CAP_PD);
	forget(FACT_FOUNDED);
	make(LIGHT_GREEN, 0);
	expect(25000000, REASON_CAP_PD);
	forget(FACT_LEGAL_FORM);
	rules->form_cap[LEGAL_FORM_NONE] = 120000;
	make(LIGHT_GREEN, 0);
	expect(120000, REASON_CAP_LEGAL_FORM);
}

Test(limit, a_company_of_unknown_size_has_its_own_cap)
{
	forget(FACT_EQUITY);
	make(LIGHT_GREEN, 0);
	expect(25000000, REASON_CAP_PD);
	forget(FACT_REVENUE);
	make(LIGHT_GREEN, 0);
	expect(250000, REASON_CAP_UNKNOWN_SIZE);
	/* equity follows from the balance sheet too */
	trade_set(&trade, FACT_TOTAL_ASSETS, 900000);
	trade_set(&trade, FACT_LIABILITIES, 500000);
	make(LIGHT_GREEN, 0);
	expect(40000, REASON_CAP_EQUITY);
}

Test(limit, a_bureau_limit_is_a_cap_while_the_policy_wants_it)
{
	trade_set(&trade, FACT_BUREAU_LIMIT, 330000);
	make(LIGHT_GREEN, 0);
	expect(330000, REASON_CAP_BUREAU);
	rules->bureau_share = 500000;
	make(LIGHT_GREEN, 0);
	expect(160000, REASON_CAP_BUREAU);
	rules->bureau_share = POLICY_OFF;
	make(LIGHT_GREEN, 0);
	expect(25000000, REASON_CAP_PD);
}

Test(limit, negative_equity_bears_no_limit)
{
	trade_set(&trade, FACT_EQUITY, -FACT_MONEY_MAX);
	make(LIGHT_GREEN, 0);
	expect(0, REASON_CAP_EQUITY);
	cr_expect_eq(limit.available, 0);
	cr_expect_eq(limit.per_order, 0);
}

Test(limit, every_cap_equal_to_the_smallest_is_named)
{
	static const enum reason EXPECTED[] = {REASON_CAP_EQUITY,    REASON_CAP_REVENUE,    REASON_CAP_BUREAU,
	                                       REASON_CAP_PD,        REASON_CAP_LEGAL_FORM, REASON_CAP_AGE,
	                                       REASON_CAP_POLICY,    REASON_CAP_YELLOW,     REASON_COVERAGE_LOW,
	                                       REASON_CAP_PER_ORDER, REASON_CAP_FIRST_ORDER};

	trade_set(&trade, FACT_EQUITY, 5000000);
	trade_set(&trade, FACT_REVENUE, 25000000);
	trade_set(&trade, FACT_BUREAU_LIMIT, 500000);
	trade_set(&trade, FACT_FOUNDED, TRADE_DAY - 100);
	score.pd_ppm = 150000;
	score.thin = true;
	score.thin_share_ppm = 800000;
	rules->form_cap[LEGAL_FORM_GMBH] = 500000;
	rules->max_total = 500000;
	rules->per_order_max = 100000;
	rules->first_order_max = 100000;
	make(LIGHT_YELLOW, 0);
	cr_expect_eq(limit.total, 200000);
	cr_expect_eq(limit.per_order, 100000);
	cr_expect_eq(sizeof(EXPECTED), sizeof(limit.bound_by), "no more can bind");
	cr_assert_eq(limit.bound_count, sizeof(EXPECTED) / sizeof(EXPECTED[0]));
	cr_expect_arr_eq(limit.bound_by, EXPECTED, sizeof(EXPECTED));
}

Test(limit, yellow_leaves_a_share_red_and_hard_stops_nothing)
{
	trade_set(&trade, FACT_EQUITY, 16000000);
	make(LIGHT_YELLOW, 0);
	expect(800000, REASON_CAP_EQUITY);
	cr_expect_eq(limit.bound_by[1], REASON_CAP_YELLOW);
	rules->yellow_share = POLICY_OFF;
	make(LIGHT_YELLOW, 0);
	expect(1600000, REASON_CAP_EQUITY);
	rules->yellow_share = MONEY_MILLION;
	make(LIGHT_YELLOW, 0);
	expect(1600000, REASON_CAP_EQUITY);
	for (size_t i = 0; i < limit.bound_count; i++)
		cr_expect_neq(limit.bound_by[i], REASON_CAP_YELLOW, "nothing was taken off");
	rules->yellow_share = 0;
	make(LIGHT_YELLOW, 0);
	expect(0, REASON_CAP_EQUITY);
	make(LIGHT_RED, 0);
	expect(0, REASON_CAP_RED);
	score.hard_stop = REASON_INSOLVENCY_OPENED;
	make(LIGHT_GREEN, 0);
	expect(0, REASON_INSOLVENCY_OPENED);
}

Test(limit, a_thin_assessment_leaves_its_share)
{
	trade_set(&trade, FACT_EQUITY, 16000000);
	score.thin_share_ppm = 250000;
	make(LIGHT_GREEN, 0);
	expect(1600000, REASON_CAP_EQUITY);
	score.thin = true;
	make(LIGHT_GREEN, 0);
	expect(400000, REASON_CAP_EQUITY);
	cr_expect_eq(limit.bound_by[1], REASON_COVERAGE_LOW);
	make(LIGHT_YELLOW, 0);
	expect(200000, REASON_CAP_EQUITY);
	score.thin_share_ppm = EVIDENCE_FULL;
	make(LIGHT_GREEN, 0);
	expect(1600000, REASON_CAP_EQUITY);
	for (size_t i = 0; i < limit.bound_count; i++)
		cr_expect_neq(limit.bound_by[i], REASON_COVERAGE_LOW, "nothing was taken off");
}

Test(limit, without_any_cap_there_is_no_limit)
{
	forget(FACT_EQUITY);
	forget(FACT_REVENUE);
	rules->unknown_cap = POLICY_OFF;
	rules->pd_base = POLICY_OFF;
	make(LIGHT_GREEN, 0);
	expect(0, REASON_CAP_POLICY);
	*rules = (struct limit_rules){.currency = {"EUR"}};
	make(LIGHT_GREEN, 0);
	expect(0, REASON_CAP_UNKNOWN_SIZE);
}

Test(limit, open_items_use_the_limit_up)
{
	static const int64_t CASES[][2] = {{0, 5000000},  {1, 4999999},   {5000000, 0},        {5000001, 0},
	                                   {-7, 5000000}, {INT64_MAX, 0}, {INT64_MIN, 5000000}};

	trade_set(&trade, FACT_EQUITY, 50000000);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		make(LIGHT_GREEN, CASES[i][0]);
		cr_expect_eq(limit.total, 5000000);
		cr_expect_eq(limit.exposure, CASES[i][0]);
		cr_expect_eq(limit.available, CASES[i][1], "case %zu", i);
		cr_expect_eq(limit.per_order, 2500000);
	}
}

Test(limit, one_order_has_its_own_caps)
{
	trade_set(&trade, FACT_EQUITY, 50000000);
	rules->per_order_max = 1000000;
	make(LIGHT_GREEN, 0);
	cr_expect_eq(limit.per_order, 1000000);
	rules->first_order_max = 300000;
	make(LIGHT_GREEN, 0);
	cr_expect_eq(limit.per_order, 300000);
	cr_expect_eq(limit.bound_by[limit.bound_count - 1], REASON_CAP_FIRST_ORDER);
	trade_set(&trade, FACT_OWN_ORDERS, 1);
	make(LIGHT_GREEN, 0);
	cr_expect_eq(limit.per_order, 1000000);
	rules->per_order_max = POLICY_OFF;
	rules->per_order_share = POLICY_OFF;
	make(LIGHT_GREEN, 0);
	cr_expect_eq(limit.per_order, limit.total);
	cr_expect_eq(limit.bound_count, 1, "a cap that is not reached is not named");
}

Test(limit, a_fixed_limit_names_its_one_rule)
{
	limit_fixed(rules, 50000, 20000, REASON_SOURCE_UNAVAILABLE, &limit);
	expect(50000, REASON_SOURCE_UNAVAILABLE);
	cr_expect_eq(limit.available, 30000);
	cr_expect_eq(limit.per_order, 50000);
	limit_fixed(rules, -5, 0, REASON_ON_DENY_LIST, &limit);
	expect(0, REASON_ON_DENY_LIST);
}

/* What every limit promises, whatever the facts: recomputed in wide floating point, apart from the code. */
static void expect_within(int64_t share, int64_t of)
{
	long double cap = (long double)of * (long double)share / 1e6L;

	if (share != POLICY_OFF)
		cr_assert_leq((long double)limit.total, cap < 0 ? 0 : cap);
}

static void expect_sound(enum light light, int64_t exposure)
{
	int64_t value;

	cr_assert_geq(limit.total, 0);
	cr_assert_eq(limit.total, limit_round(limit.total));
	cr_assert_geq(limit.available, 0);
	cr_assert_leq(limit.available, limit.total);
	if (exposure >= 0 && limit.available > 0)
		cr_assert_leq(limit.available, limit.total - exposure);
	cr_assert_geq(limit.per_order, 0);
	cr_assert_leq(limit.per_order, limit.total);
	cr_assert_geq(limit.bound_count, 1);
	cr_assert_leq(limit.bound_count, LIMIT_BOUNDS);
	if (light == LIGHT_RED)
		cr_assert_eq(limit.total, 0);
	if (facts_get(&trade.facts, FACT_EQUITY, &value))
		expect_within(rules->equity_share, value);
	if (facts_get(&trade.facts, FACT_REVENUE, &value))
		expect_within(rules->revenue_share, value);
	if (facts_get(&trade.facts, FACT_BUREAU_LIMIT, &value))
		expect_within(rules->bureau_share, value);
	if (rules->max_total != POLICY_OFF)
		expect_within(light == LIGHT_YELLOW ? rules->yellow_share : MONEY_MILLION, rules->max_total);
	if (rules->per_order_max != POLICY_OFF)
		cr_assert_leq(limit.per_order, rules->per_order_max);
	if (rules->first_order_max != POLICY_OFF)
		cr_assert_leq(limit.per_order, rules->first_order_max);
}

static int64_t any_amount(uint64_t *seed)
{
	static const int64_t EDGES[] = {0, 1, 99, 100, 500000, 99999999, MAX_AMOUNT, FACT_MONEY_MAX};

	return trade_below(seed, 2) ? EDGES[trade_below(seed, 8)] : trade_below(seed, MAX_AMOUNT);
}

static int64_t any_cap(uint64_t *seed)
{
	int64_t cap = trade_below(seed, 3) ? any_amount(seed) : POLICY_OFF;

	return cap > MAX_AMOUNT ? MAX_AMOUNT : cap;
}

static void shuffle(uint64_t *seed)
{
	static const enum fact_id MONEY[] = {FACT_EQUITY, FACT_REVENUE, FACT_BUREAU_LIMIT, FACT_TOTAL_ASSETS,
	                                     FACT_LIABILITIES};

	for (size_t i = 0; i < sizeof(MONEY) / sizeof(MONEY[0]); i++) {
		trade_set(&trade, MONEY[i], trade_below(seed, 3) ? any_amount(seed) : -any_amount(seed));
		trade.facts.items[MONEY[i]].known = trade_below(seed, 4) != 0;
	}
	rules->equity_share = trade_below(seed, 4) ? trade_below(seed, MONEY_MILLION + 1) : POLICY_OFF;
	rules->revenue_share = trade_below(seed, 4) ? trade_below(seed, MONEY_MILLION + 1) : POLICY_OFF;
	rules->bureau_share = trade_below(seed, 4) ? trade_below(seed, MONEY_MILLION + 1) : POLICY_OFF;
	rules->yellow_share = trade_below(seed, MONEY_MILLION + 1);
	rules->per_order_share = trade_below(seed, 2) ? trade_below(seed, MONEY_MILLION + 1) : POLICY_OFF;
	rules->pd_base = any_cap(seed);
	rules->max_total = any_cap(seed);
	rules->unknown_cap = any_cap(seed);
	rules->per_order_max = any_cap(seed);
	rules->first_order_max = any_cap(seed);
	score.pd_ppm = 1 + (int32_t)trade_below(seed, 1000000);
}

Test(limit, no_limit_is_ever_above_any_of_its_caps)
{
	static const int64_t EXPOSURES[] = {0, 1, 100000, INT64_MAX, INT64_MIN, -1};
	uint64_t seed = 1;

	for (int i = 0; i < 5000; i++) {
		enum light light = (enum light)trade_below(&seed, 3);
		int64_t exposure = EXPOSURES[trade_below(&seed, 6)];

		shuffle(&seed);
		make(light, exposure);
		expect_sound(light, exposure);
	}
}

Test(limit, a_lower_pd_and_a_better_light_never_lower_it)
{
	uint64_t seed = 2;

	for (int i = 0; i < 5000; i++) {
		int64_t before = 0;

		shuffle(&seed);
		for (int step = 0; step < 30; step++) {
			score.pd_ppm = 1000000 >> (step * 2 / 3);
			make(step < 10 ? LIGHT_RED : step < 20 ? LIGHT_YELLOW : LIGHT_GREEN, 0);
			cr_assert_geq(limit.total, before);
			before = limit.total;
		}
	}
}
