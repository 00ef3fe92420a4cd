/* SPDX-License-Identifier: MIT */
#include "core/scorecard.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/legal_form.h"
#include "scorecard_cases.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY          20000

static struct model model;
static struct facts facts;
static struct score score;
static const struct event_rules RULES = {
        .insolvency_points = {0, 0, -40, 0, -80, -60, -30, -100},
        .insolvency_forget_days = {0, 0, 365, 0, 1000, 1000, 500, 0},
};

/* Points of equity ratio -50/0/+40, legal form -20/0/+10, days beyond terms +10/-30 (missing -5), base 600. */
static void init(void)
{
	static const struct characteristic CHARACTERISTICS[] = {
	        {.fact = FACT_EQUITY_RATIO,
	         .good = REASON_EQUITY_RATIO_STRONG,
	         .bad = REASON_EQUITY_RATIO_WEAK,
	         .bin_count = 3,
	         .bins = {{.below = 0, .points = -50},
	                  {.below = 200000, .points = 0},
	                  {.below = INT64_MAX, .points = 40}}},
	        {.fact = FACT_LEGAL_FORM,
	         .by_code = true,
	         .good = REASON_LEGAL_FORM_FAVOURABLE,
	         .bad = REASON_LEGAL_FORM_UNFAVOURABLE,
	         .bin_count = 3,
	         .bins = {{.codes = {1 << LEGAL_FORM_UG}, .points = -20},
	                  {.codes = {1 << LEGAL_FORM_AG}, .points = 10},
	                  {.points = 0}}},
	        {.fact = FACT_DAYS_BEYOND_TERMS,
	         .missing_points = -5,
	         .good = REASON_PAYMENT_PUNCTUAL,
	         .bad = REASON_PAYMENT_LATE,
	         .bin_count = 2,
	         .bins = {{.below = 10, .points = 10}, {.below = INT64_MAX, .points = -30}}},
	};
	struct model_fault fault = {.why = ""};

	memset(&model, 0, sizeof(model));
	cr_assert(slice_copy(SLICE_LIT("test"), model.id, sizeof(model.id)));
	cr_assert(slice_copy(SLICE_LIT("1"), model.version, sizeof(model.version)));
	model.base_points = 600;
	model.characteristic_count = COUNT(CHARACTERISTICS);
	memcpy(model.characteristics, CHARACTERISTICS, sizeof(CHARACTERISTICS));
	model.pd_count = COUNT(POINTS_TABLE);
	memcpy(model.pd, POINTS_TABLE, sizeof(POINTS_TABLE));
	model.score_count = COUNT(SCORE_TABLE);
	memcpy(model.score, SCORE_TABLE, sizeof(SCORE_TABLE));
	cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK, "%s: %s", fault.pointer, fault.why);
	facts_init(&facts);
	facts_source(&facts, "test", SOURCE_ANSWER, DAY);
}

TestSuite(scorecard, .init = init);

static void set(enum fact_id id, int64_t value)
{
	facts_set(&facts, id, value, DAY, 0);
}

/* An equity ratio through its operands, as it comes in life. */
static void set_equity_ratio(int64_t millionths)
{
	set(FACT_TOTAL_ASSETS, 1000000);
	set(FACT_EQUITY, millionths);
}

static void eval_at(int32_t today)
{
	facts_derive(&facts, today);
	scorecard_eval(&model, &RULES, &facts, today, &score);
}

static void eval(void)
{
	eval_at(DAY);
}

Test(scorecard, nothing_known_is_base_and_missing_points)
{
	eval();
	cr_expect_eq(score.points, 595);
	cr_expect_eq(score.known_ppm, 0);
	cr_expect_eq(score.hard_stop, REASON_NONE);
	cr_expect_eq(score.effect_count, 3);
	for (int i = 0; i < 3; i++) {
		cr_expect_not(score.effects[i].known);
		cr_expect_eq(score.effects[i].points, 0);
		cr_expect_eq(score.effects[i].reason, REASON_NONE);
	}
	cr_expect_eq(score.effects[0].lost, 40);
	cr_expect_eq(score.effects[2].lost, 15);
}

Test(scorecard, a_border_belongs_to_the_bin_above_it)
{
	static const struct {
		int64_t ratio;
		int32_t points;
		uint8_t bin;
		enum reason reason;
	} CASES[] = {
	        {-1, -50, 0, REASON_EQUITY_RATIO_WEAK},       {0, 0, 1, REASON_EQUITY_RATIO_WEAK},
	        {199999, 0, 1, REASON_EQUITY_RATIO_WEAK},     {200000, 40, 2, REASON_EQUITY_RATIO_STRONG},
	        {-9000000, -50, 0, REASON_EQUITY_RATIO_WEAK}, {9000000, 40, 2, REASON_EQUITY_RATIO_STRONG},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		set_equity_ratio(CASES[i].ratio);
		eval();
		cr_expect_eq(score.points, 595 + CASES[i].points);
		cr_expect_eq(score.effects[0].points, CASES[i].points);
		cr_expect_eq(score.effects[0].lost, 40 - CASES[i].points);
		cr_expect_eq(score.effects[0].bin, CASES[i].bin);
		cr_expect_eq(score.effects[0].reason, CASES[i].reason);
		cr_expect_eq(score.effects[0].value, CASES[i].ratio);
	}
}

Test(scorecard, effects_count_against_the_missing_value)
{
	set(FACT_DAYS_BEYOND_TERMS, 0);
	eval();
	cr_expect_eq(score.points, 610);
	cr_expect_eq(score.effects[2].points, 15);
	cr_expect_eq(score.effects[2].lost, 0);
	set(FACT_DAYS_BEYOND_TERMS, 60);
	eval();
	cr_expect_eq(score.points, 570);
	cr_expect_eq(score.effects[2].points, -25);
	cr_expect_eq(score.effects[2].reason, REASON_PAYMENT_LATE);
}

Test(scorecard, codes_choose_their_bin_and_the_last_takes_the_rest)
{
	static const struct {
		enum legal_form form;
		int32_t points;
	} CASES[] = {{LEGAL_FORM_UG, -20}, {LEGAL_FORM_AG, 10}, {LEGAL_FORM_GMBH, 0}, {LEGAL_FORM_FOREIGN, 0}};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		set(FACT_LEGAL_FORM, CASES[i].form);
		eval();
		cr_expect_eq(score.effects[1].points, CASES[i].points);
	}
}

Test(scorecard, codes_beyond_64_are_told_apart)
{
	struct characteristic *c = &model.characteristics[1];
	struct model_fault fault;

	*c = (struct characteristic){.fact = FACT_BRANCH,
	                             .by_code = true,
	                             .good = REASON_BRANCH_FAVOURABLE,
	                             .bad = REASON_BRANCH_UNFAVOURABLE,
	                             .bin_count = 2,
	                             .bins = {{.codes = {0, 1 << (70 - 64)}, .points = 9}, {.points = 0}}};
	cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK);
	for (int branch = 1; branch <= 99; branch++) {
		set(FACT_BRANCH, branch);
		eval();
		cr_expect_eq(score.effects[1].points, branch == 70 ? 9 : 0, "%d", branch);
	}
}

Test(scorecard, the_known_share_is_the_share_of_the_range_of_points)
{
	set_equity_ratio(500000);
	eval();
	cr_expect_eq(score.known_ppm, 90 * 1000000 / 160);
	set(FACT_LEGAL_FORM, LEGAL_FORM_GMBH);
	set(FACT_DAYS_BEYOND_TERMS, 5);
	eval();
	cr_expect_eq(score.known_ppm, 1000000);
}

Test(scorecard, points_become_probabilities_as_computed_elsewhere)
{
	for (size_t i = 0; i < COUNT(POINTS_CASES); i++) {
		model.base_points = POINTS_CASES[i].from + 5;
		eval();
		cr_expect_leq(abs(score.pd_ppm - POINTS_CASES[i].to), 1, "%d points: %d ppm", POINTS_CASES[i].from,
		              score.pd_ppm);
	}
}

Test(scorecard, probabilities_become_scores_as_computed_elsewhere)
{
	for (size_t i = 0; i < COUNT(SCORE_CASES); i++) {
		int32_t got = SCORE_MAX;

		while (got > 0 && SCORE_CASES[i].from > model.score_up_to[got])
			got--;
		cr_expect_eq(got, SCORE_CASES[i].to, "%d ppm: %d", SCORE_CASES[i].from, got);
	}
}

Test(scorecard, more_points_never_cost_score_nor_raise_the_probability)
{
	int32_t last_score = 0;
	int32_t last_pd = 1000000;

	for (int32_t points = 300; points <= 900; points++) {
		model.base_points = points;
		eval();
		cr_assert_geq(score.score, last_score, "%d points", points);
		cr_assert_leq(score.pd_ppm, last_pd, "%d points", points);
		last_score = score.score;
		last_pd = score.pd_ppm;
	}
	cr_expect_eq(last_score, 100);
	cr_expect_eq(last_pd, 78);
}

static uint32_t dice(uint32_t sides)
{
	static uint64_t state = 20160930;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % sides;
}

/* Tables of any sound shape, steep and flat. */
static void roll_tables(void)
{
	int32_t points = -300, pd = 1000000, chance = 1, value = SCORE_MAX;

	model.pd_count = model.score_count = 0;
	while (model.pd_count < 2 || (pd > 10 && dice(8))) {
		model.pd[model.pd_count++] = (struct pd_point){points, pd};
		points += 1 + (int32_t)dice(120);
		pd -= 1 + (int32_t)dice((uint32_t)pd / 2);
	}
	while (model.score_count < 2 || (chance < 500000 && value > 0 && dice(8))) {
		model.score[model.score_count++] = (struct pd_point){chance, value};
		chance += 1 + (int32_t)dice((uint32_t)chance * 2);
		value -= 1 + (int32_t)dice(value > 30 ? 15 : (uint32_t)value / 2 + 1);
	}
}

static int32_t score_of(int32_t pd_ppm)
{
	int32_t got = SCORE_MAX;

	while (got > 0 && pd_ppm > model.score_up_to[got])
		got--;
	return got;
}

Test(scorecard, any_sound_table_is_met_at_its_points_and_monotone_between)
{
	for (int round = 0; round < 300; round++) {
		struct model_fault fault = {.why = ""};
		int32_t last = 1000000;

		roll_tables();
		cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK, "%s %s", fault.pointer, fault.why);
		for (int i = 0; i < model.pd_count; i++) {
			model.base_points = model.pd[i].from + 5;
			eval();
			cr_assert_eq(score.pd_ppm, model.pd[i].to);
		}
		for (int32_t points = -320; points < model.pd[model.pd_count - 1].from + 20; points += 7) {
			model.base_points = points;
			eval();
			cr_assert_leq(score.pd_ppm, last, "%d points", points);
			cr_assert_eq(score.score, score_of(score.pd_ppm));
			last = score.pd_ppm;
		}
		for (int i = 0; i < model.score_count; i++)
			cr_assert_eq(score_of(model.score[i].from), model.score[i].to);
		for (int i = 0; i < SCORE_MAX; i++)
			cr_assert_geq(model.score_up_to[i], model.score_up_to[i + 1]);
	}
}

Test(scorecard, a_table_that_spans_no_full_range_still_answers)
{
	struct model_fault fault;

	model.score_count = 2;
	model.score[0] = (struct pd_point){10000, 90};
	model.score[1] = (struct pd_point){20000, 10};
	cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK);
	model.base_points = 900;
	eval();
	cr_expect_eq(score.score, 90);
	model.base_points = 300;
	eval();
	cr_expect_eq(score.score, 10);
}

Test(scorecard, certainty_may_stand_in_the_points_table)
{
	struct model_fault fault;

	model.pd[0] = (struct pd_point){440, 1000000};
	cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK);
	model.base_points = 100;
	eval();
	cr_expect_eq(score.pd_ppm, 1000000);
	cr_expect_eq(score.score, 0);
}

Test(scorecard, hard_stops_end_the_matter_with_their_own_reason)
{
	static const struct {
		enum fact_id fact;
		int64_t value;
		enum reason reason;
	} CASES[] = {
	        {FACT_INSOLVENCY_STATUS, 1, REASON_INSOLVENCY_APPLIED},
	        {FACT_INSOLVENCY_STATUS, 2, REASON_NONE},
	        {FACT_INSOLVENCY_STATUS, 3, REASON_INSOLVENCY_OPENED},
	        {FACT_INSOLVENCY_STATUS, 4, REASON_NONE},
	        {FACT_INSOLVENCY_STATUS, 5, REASON_NONE},
	        {FACT_INSOLVENCY_STATUS, 6, REASON_NONE},
	        {FACT_INSOLVENCY_STATUS, 7, REASON_NONE},
	        {FACT_REJECTED_NO_ASSETS, 0, REASON_NONE},
	        {FACT_REJECTED_NO_ASSETS, 1, REASON_REJECTED_NO_ASSETS},
	        {FACT_REJECTED_NO_ASSETS, 3, REASON_REJECTED_NO_ASSETS},
	        {FACT_REGISTER_STATUS, REGISTER_STATUS_ACTIVE, REASON_NONE},
	        {FACT_REGISTER_STATUS, REGISTER_STATUS_LIQUIDATION, REASON_REGISTER_LIQUIDATION},
	        {FACT_REGISTER_STATUS, REGISTER_STATUS_DELETED, REASON_REGISTER_DELETED},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		init();
		set_equity_ratio(900000);
		set(CASES[i].fact, CASES[i].value);
		eval();
		cr_expect_eq(score.hard_stop, CASES[i].reason, "case %zu", i);
		if (CASES[i].reason != REASON_NONE) {
			cr_expect_eq(score.score, 0);
			cr_expect_eq(score.pd_ppm, 1000000);
		} else {
			cr_expect_gt(score.score, 0);
		}
	}
}

Test(scorecard, the_gravest_stop_is_named)
{
	set(FACT_REGISTER_STATUS, REGISTER_STATUS_LIQUIDATION);
	set(FACT_REJECTED_NO_ASSETS, 1);
	eval();
	cr_expect_eq(score.hard_stop, REASON_REJECTED_NO_ASSETS);
	set(FACT_INSOLVENCY_STATUS, 3);
	eval();
	cr_expect_eq(score.hard_stop, REASON_INSOLVENCY_OPENED);
}

Test(scorecard, past_events_fade_in_a_straight_line)
{
	static const struct {
		int64_t status;
		int32_t age, points;
	} CASES[] = {
	        {2, 0, -40}, {2, 73, -32},  {2, 364, 0},   {2, 365, 0},  {2, 9000, 0},    {4, 0, -80},  {4, 500, -40},
	        {4, 999, 0}, {5, 250, -45}, {6, 250, -15}, {7, 0, -100}, {7, 9000, -100}, {2, -5, -40},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		init();
		set(FACT_INSOLVENCY_STATUS, CASES[i].status);
		eval_at(DAY + CASES[i].age);
		cr_expect_eq(score.points, 595 + CASES[i].points, "case %zu: %d", i, score.points);
		cr_expect_eq(score.effect_count, CASES[i].points ? 4 : 3, "case %zu", i);
	}
}

Test(scorecard, a_past_event_is_an_effect_with_its_reason)
{
	static const enum reason REASONS[8] = {
	        [2] = REASON_INSOLVENCY_LIFTED, [4] = REASON_INSOLVENCY_CLOSED, [5] = REASON_DISCHARGE_ANNOUNCED,
	        [6] = REASON_DISCHARGE_GRANTED, [7] = REASON_DISCHARGE_REFUSED,
	};

	for (int64_t status = 2; status <= 7; status++) {
		if (REASONS[status] == REASON_NONE)
			continue;
		init();
		facts_set(&facts, FACT_INSOLVENCY_STATUS, status, DATE_NONE, 0);
		eval();
		cr_assert_eq(score.effect_count, 4);
		cr_expect_eq(score.effects[3].reason, REASONS[status]);
		cr_expect_eq(score.effects[3].fact, FACT_INSOLVENCY_STATUS);
		cr_expect_eq(score.effects[3].points, RULES.insolvency_points[status], "an undated event is a new one");
	}
}

Test(scorecard, a_forgotten_event_is_no_status_any_more)
{
	cr_expect_eq(scorecard_insolvency(&RULES, &facts, DAY), 0);
	for (int64_t status = 1; status <= 7; status++) {
		int32_t forget = RULES.insolvency_forget_days[status];

		init();
		set(FACT_INSOLVENCY_STATUS, status);
		cr_expect_eq(scorecard_insolvency(&RULES, &facts, DAY + forget - 1), status);
		cr_expect_eq(scorecard_insolvency(&RULES, &facts, DAY + forget), forget ? 0 : status);
		cr_expect_eq(scorecard_insolvency(&RULES, &facts, DAY + 9000), forget ? 0 : status);
		init();
		facts_set(&facts, FACT_INSOLVENCY_STATUS, status, DATE_NONE, 0);
		cr_expect_eq(scorecard_insolvency(&RULES, &facts, DAY + 9000), status, "an undated event is a new one");
	}
}

Test(scorecard, an_opened_insolvency_is_never_forgotten)
{
	struct event_rules rules = RULES;

	rules.insolvency_forget_days[1] = rules.insolvency_forget_days[3] = 10;
	for (int64_t status = 1; status <= 3; status += 2) {
		init();
		set(FACT_INSOLVENCY_STATUS, status);
		cr_expect_eq(scorecard_insolvency(&rules, &facts, DAY + 9000), status);
	}
}

Test(scorecard, equal_input_gives_equal_bytes)
{
	struct score again;

	set_equity_ratio(123456);
	eval();
	memset(&again, 0xa5, sizeof(again));
	scorecard_eval(&model, &RULES, &facts, DAY, &again);
	cr_expect_arr_eq(&again, &score, sizeof(score));
}

#define POKE(member, value) offsetof(struct model, member), sizeof(((struct model *)0)->member), (value)
#define C0                  characteristics[0]
#define C1                  characteristics[1]

/* One change each that breaks a promise of a sound model (little-endian as all machines this runs on). */
static const struct {
	const char *pointer;
	size_t at, size;
	uint64_t value;
} POKES[] = {
        {"/id", POKE(id[0], 0)},
        {"/version", POKE(version[0], 0)},
        {"/base_points", POKE(base_points, POINTS_MAX + 1)},
        {"/characteristics", POKE(characteristic_count, 0)},
        {"/characteristics", POKE(characteristic_count, MAX_CHARACTERISTICS + 1)},
        {"/characteristics/0/fact", POKE(C0.fact, FACT_NONE)},
        {"/characteristics/0/fact", POKE(C0.fact, FACT_COUNT)},
        {"/characteristics/0/fact", POKE(C0.fact, FACT_INSOLVENCY_STATUS)},
        {"/characteristics/2/fact", POKE(C0.fact, FACT_DAYS_BEYOND_TERMS)}, /* twice */
        {"/characteristics/0/fact", POKE(C0.by_code, true)},
        {"/characteristics/1/fact", POKE(C1.by_code, false)},
        {"/characteristics/0/missing_points", POKE(C0.missing_points, POINTS_MAX + 1)},
        {"/characteristics/0/good", POKE(C0.good, REASON_NONE)},
        {"/characteristics/0/good", POKE(C0.good, REASON_COUNT)},
        {"/characteristics/0/bad", POKE(C0.bad, REASON_NONE)},
        {"/characteristics/0/bad", POKE(C0.bad, REASON_COUNT)},
        {"/characteristics/0/bins", POKE(C0.bin_count, 0)},
        {"/characteristics/0/bins", POKE(C0.bin_count, MAX_BINS + 1)},
        {"/characteristics/0/bins/1/points", POKE(C0.bins[1].points, POINTS_MAX + 1)},
        {"/characteristics/0/bins/1/below", POKE(C0.bins[1].below, 0)},
        {"/characteristics/0/bins/2/below", POKE(C0.bins[2].below, 300000)},
        {"/characteristics/1/bins/1/in", POKE(C1.bins[1].codes[0], 1 << LEGAL_FORM_UG)}, /* twice */
        {"/characteristics/1/bins/2/in", POKE(C1.bins[2].codes[0], 1 << LEGAL_FORM_GMBH)},
        {"/evidence", POKE(evidence_count, MAX_EVIDENCE + 1)},
        {"/characteristics/0/evidence", POKE(C0.evidence, MAX_EVIDENCE)},
        {"/characteristics/0/evidence", POKE(C0.evidence, 1)}, /* the model has no kinds of it */
        {"/coverage", POKE(min_known_ppm, 1000001)},
        {"/coverage", POKE(thin_share_ppm, (uint64_t)-1)},
        {"/points_to_pd", POKE(pd_count, 1)},
        {"/points_to_pd", POKE(pd_count, MAX_PD_POINTS + 1)},
        {"/points_to_pd/0", POKE(pd[0].to, 0)},
        {"/points_to_pd/0", POKE(pd[0].to, 1000001)},
        {"/points_to_pd/4", POKE(pd[4].from, POINTS_MAX + 1)},
        {"/points_to_pd/1", POKE(pd[1].from, 440)},
        {"/points_to_pd/1", POKE(pd[1].to, 836601)},
        {"/pd_to_score", POKE(score_count, 1)},
        {"/pd_to_score", POKE(score_count, MAX_PD_POINTS + 1)},
        {"/pd_to_score/0", POKE(score[0].from, 0)},
        {"/pd_to_score/7", POKE(score[7].from, 1000001)},
        {"/pd_to_score/0", POKE(score[0].to, 101)},
        {"/pd_to_score/7", POKE(score[7].to, (uint64_t)-1)},
        {"/pd_to_score/1", POKE(score[1].from, 500)},
        {"/pd_to_score/1", POKE(score[1].to, 100)},
};

Test(scorecard, every_broken_promise_of_a_model_is_refused_by_name)
{
	for (size_t i = 0; i < COUNT(POKES); i++) {
		struct model_fault fault = {.why = NULL};

		init();
		memcpy((char *)&model + POKES[i].at, &POKES[i].value, POKES[i].size);
		cr_expect_eq(scorecard_check(&model, &fault), STATUS_INVALID, "case %zu", i);
		cr_expect_str_eq(fault.pointer, POKES[i].pointer, "case %zu: %s", i, fault.pointer);
		cr_expect_not_null(fault.why, "case %zu", i);
		cr_expect_eq(scorecard_prepare(&model, &fault), STATUS_INVALID, "case %zu", i);
	}
}

Test(scorecard, names_that_do_not_end_are_refused)
{
	struct model_fault fault;

	memset(model.id, 'x', sizeof(model.id));
	cr_expect_eq(scorecard_check(&model, &fault), STATUS_INVALID);
	init();
	memset(model.version, 'x', sizeof(model.version));
	cr_expect_eq(scorecard_check(&model, &fault), STATUS_INVALID);
}

Test(scorecard, a_model_whose_bins_earn_alike_is_known_in_full)
{
	struct model_fault fault;

	model.characteristic_count = 1;
	model.characteristics[0].bin_count = 1;
	model.characteristics[0].bins[0] = (struct bin){.below = INT64_MAX, .points = 3};
	cr_assert_eq(scorecard_prepare(&model, &fault), STATUS_OK);
	eval();
	cr_expect_eq(score.known_ppm, 1000000);
}
