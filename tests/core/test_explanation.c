/* SPDX-License-Identifier: MIT */
#include "core/explanation.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/fact_text.h"
#include "core/legal_form.h"

#define DAY 20000

static struct model model;
static struct facts facts;
static struct score score;
static struct explanation explanation;

static void add(enum fact_id fact, enum reason good, enum reason bad, const struct bin *bins, uint8_t count)
{
	struct characteristic *c = &model.characteristics[model.characteristic_count++];

	*c = (struct characteristic){.fact = fact, .good = good, .bad = bad, .bin_count = count};
	memcpy(c->bins, bins, count * sizeof(*bins));
}

/* Equity -30/0/20, days beyond terms 10/0/-40, staff 0/5; nothing else. */
static void init(void)
{
	static const struct bin EQUITY[] = {
	        {.below = 0, .points = -30}, {.below = 200000, .points = 0}, {.below = INT64_MAX, .points = 20}};
	static const struct bin TERMS[] = {
	        {.below = 5, .points = 10}, {.below = 30, .points = 0}, {.below = INT64_MAX, .points = -40}};
	static const struct bin STAFF[] = {{.below = 10, .points = 0}, {.below = INT64_MAX, .points = 5}};
	struct model_fault fault = {.why = ""};

	memset(&model, 0, sizeof(model));
	memcpy(model.id, "t", 2);
	memcpy(model.version, "1", 2);
	model.base_points = 600;
	add(FACT_EQUITY_RATIO, REASON_EQUITY_RATIO_STRONG, REASON_EQUITY_RATIO_WEAK, EQUITY, 3);
	add(FACT_DAYS_BEYOND_TERMS, REASON_PAYMENT_PUNCTUAL, REASON_PAYMENT_LATE, TERMS, 3);
	add(FACT_EMPLOYEES, REASON_STAFF_LARGE, REASON_STAFF_SMALL, STAFF, 2);
	model.pd_count = 2;
	model.pd[0] = (struct pd_point){400, 900000};
	model.pd[1] = (struct pd_point){800, 20};
	model.score_count = 2;
	model.score[0] = (struct pd_point){100, 100};
	model.score[1] = (struct pd_point){1000000, 0};
	cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK, "%s %s", fault.pointer, fault.why);
	facts_init(&facts);
}

static void know(enum fact_id fact, int64_t value)
{
	facts.items[fact] = (struct fact){.value = value, .as_of = DAY, .known = true};
}

static void explain(void)
{
	static const struct event_rules RULES = {.insolvency_points = {0, 0, -60}};

	scorecard_eval(&model, &RULES, &facts, DAY, &score);
	explanation_make(&model, &score, &explanation);
}

TestSuite(explanation, .init = init);

Test(explanation, what_cost_most_comes_first_with_the_border_that_would_change_it)
{
	know(FACT_EQUITY_RATIO, -50000);
	know(FACT_DAYS_BEYOND_TERMS, 40);
	know(FACT_EMPLOYEES, 12);
	explain();
	cr_assert_eq(explanation.cost_count, 2);
	cr_assert_eq(explanation.unknown_count, 0);
	const struct explanation_item *equity = &explanation.costs[0];
	const struct explanation_item *terms = &explanation.costs[1];
	cr_assert(equity->fact == FACT_EQUITY_RATIO && equity->lost == 50 && equity->value == -50000);
	cr_assert(!equity->below && equity->border == 0 && equity->gain == 30);
	cr_assert(terms->fact == FACT_DAYS_BEYOND_TERMS && terms->lost == 50);
	cr_assert(terms->below && terms->border == 30 && terms->gain == 40);
	cr_assert_eq(explanation.strength_count, 1);
	cr_assert_eq(explanation.strengths[0].fact, FACT_EMPLOYEES);
	cr_assert_eq(explanation.strengths[0].gain, 0);
}

Test(explanation, moving_to_the_border_brings_what_was_said)
{
	know(FACT_DAYS_BEYOND_TERMS, 12);
	for (int64_t equity = -100000; equity < 300000; equity += 7000) {
		know(FACT_EQUITY_RATIO, equity);
		explain();
		int32_t before = score.points;
		if (explanation.costs[0].fact != FACT_EQUITY_RATIO)
			continue;
		struct explanation_item item = explanation.costs[0];
		know(FACT_EQUITY_RATIO, item.border);
		explain();
		cr_assert_eq(score.points, before + item.gain);
		know(FACT_EQUITY_RATIO, item.border - 1);
		explain();
		cr_assert_eq(score.points, before);
	}
}

Test(explanation, what_is_unknown_is_no_cost)
{
	explain();
	cr_assert_eq(explanation.cost_count, 0);
	cr_assert_eq(explanation.strength_count, 0);
	cr_assert_eq(explanation.unknown_count, 3);
	cr_assert_eq(explanation.unknown[0], FACT_EQUITY_RATIO);
}

Test(explanation, a_past_event_is_told_without_a_border)
{
	know(FACT_INSOLVENCY_STATUS, 2);
	explain();
	cr_assert_eq(explanation.cost_count, 1);
	cr_assert_eq(explanation.costs[0].reason, REASON_INSOLVENCY_LIFTED);
	cr_assert_eq(explanation.costs[0].lost, 60);
	cr_assert_eq(explanation.costs[0].gain, 0);
}

struct shown_case {
	enum fact_id fact;
	int64_t value;
	const char *de;
	const char *en;
};

Test(fact_text, values_as_people_read_them)
{
	static const struct shown_case CASES[] = {
	        {FACT_EQUITY_RATIO, 320400, "32,04 %", "32.04%"},
	        {FACT_EQUITY_RATIO, -50000, "-5,00 %", "-5.00%"},
	        {FACT_EQUITY_RATIO, INT64_MAX, "922337203685,47 %", "922337203685.47%"},
	        {FACT_QUICK_RATIO, 1250000, "1,250", "1.250"},
	        {FACT_CL_DAYS, INT64_C(45700000), "45 Tage", "45 days"},
	        {FACT_AGE, 12, "12 Jahre", "12 years"},
	        {FACT_EQUITY, INT64_C(123456789), "1.234.567 EUR", "1,234,567 EUR"},
	        {FACT_EQUITY, INT64_C(-100500), "-1.005 EUR", "-1,005 EUR"},
	        {FACT_EMPLOYEES, 46, "46", "46"},
	        {FACT_LEGAL_FORM, LEGAL_FORM_GMBH, "GmbH", "GmbH"},
	        {FACT_BRANCH, 41, "41", "41"},
	        {FACT_FOUNDED, 0, "1970-01-01", "1970-01-01"},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			char text[64];
			struct buf out;
			buf_init(&out, text, sizeof(text));
			fact_show(&out, CASES[i].fact, CASES[i].value, (enum lang)lang);
			cr_assert(slice_eq_cstr(buf_view(&out), lang == LANG_DE ? CASES[i].de : CASES[i].en), "%.*s",
			          (int)out.len, text);
		}
}

Test(fact_text, every_fact_has_a_name_in_both_languages)
{
	for (int id = 1; id < FACT_COUNT; id++)
		for (int lang = 0; lang < LANG_COUNT; lang++)
			cr_assert_neq(fact_title((enum fact_id)id, (enum lang)lang)[0], '\0');
	cr_assert_str_eq(fact_title(FACT_EQUITY_RATIO, LANG_DE), "Eigenkapitalquote");
}

/* More facts than are told: the largest are, and of equals the model's first. */
Test(explanation, the_largest_costs_are_told_largest_first)
{
	static const enum fact_id FACTS[] = {FACT_EQUITY,  FACT_REVENUE, FACT_TOTAL_ASSETS,
	                                     FACT_CAPITAL, FACT_CASH,    FACT_LIABILITIES};
	static const int32_t COSTS[][6] = {
	        {5, 40, 20, 60, 30, 10}, {10, 20, 30, 40, 50, 60}, {60, 50, 40, 30, 20, 10}, {7, 7, 7, 7, 7, 7}};

	for (size_t i = 0; i < sizeof(COSTS) / sizeof(COSTS[0]); i++) {
		struct model_fault fault;
		size_t told = 0;

		init();
		model.characteristic_count = 0;
		for (size_t f = 0; f < 6; f++) {
			const struct bin bins[] = {{.below = 10, .points = -COSTS[i][f]},
			                           {.below = INT64_MAX, .points = 0}};

			add(FACTS[f], REASON_EQUITY_RATIO_STRONG, REASON_EQUITY_RATIO_WEAK, bins, 2);
			know(FACTS[f], 1);
		}
		cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK, "%s", fault.pointer);
		explain();
		cr_assert_eq(explanation.cost_count, EXPLANATION_ITEMS);
		for (size_t f = 0; f < 6; f++) {
			size_t larger = 0;

			for (size_t other = 0; other < 6; other++)
				larger += COSTS[i][other] > COSTS[i][f] ||
				          (COSTS[i][other] == COSTS[i][f] && other < f);
			if (larger >= EXPLANATION_ITEMS)
				continue;
			cr_expect_eq(explanation.costs[larger].fact, FACTS[f], "case %zu, place %zu", i, larger);
			cr_expect_eq(explanation.costs[larger].lost, COSTS[i][f]);
			told++;
		}
		cr_expect_eq(told, EXPLANATION_ITEMS);
	}
}
