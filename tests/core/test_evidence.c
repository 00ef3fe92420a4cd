/* SPDX-License-Identifier: MIT */
#include "core/evidence.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/scorecard.h"

#define DAY 20000

static const struct evidence ACCOUNTS = {
        .id = "accounts",
        .weight_ppm = EVIDENCE_FULL,
        .beside_ppm = {EVIDENCE_FULL, EVIDENCE_FULL},
        .age_count = 2,
        .ages = {{600, EVIDENCE_FULL}, {1100, 500000}},
};
static const struct evidence BUREAU = {
        .id = "bureau",
        .weight_ppm = 800000,
        .beside_ppm = {500000, EVIDENCE_FULL},
        .optional = true,
};

Test(evidence, counts_less_beside_what_says_the_same)
{
	const struct evidence list[] = {ACCOUNTS, BUREAU};
	int64_t shares[MAX_EVIDENCE];

	evidence_shares(list, 2, 2, shares);
	cr_assert_eq(shares[1], 800000, "alone");
	evidence_shares(list, 2, 3, shares);
	cr_assert_eq(shares[0], EVIDENCE_FULL);
	cr_assert_eq(shares[1], 400000, "beside accounts");
}

Test(evidence, fades_with_age)
{
	static const int64_t CASES[][2] = {{-1, EVIDENCE_FULL}, {0, EVIDENCE_FULL}, {600, EVIDENCE_FULL},
	                                   {850, 750000},       {1100, 500000},     {100000, 500000}};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		cr_assert_eq(evidence_age_share(&ACCOUNTS, CASES[i][0]), CASES[i][1], "%ld days", (long)CASES[i][0]);
	cr_assert_eq(evidence_age_share(&BUREAU, 5000), EVIDENCE_FULL, "no table: no ageing");
}

Test(evidence, weighing_keeps_the_order_of_points)
{
	for (int64_t share = 0; share <= EVIDENCE_FULL; share += 12345)
		for (int32_t points = -300; points < 300; points++) {
			cr_assert_leq(evidence_weigh(points, share), evidence_weigh(points + 1, share));
			cr_assert_eq(evidence_weigh(-points, share), -evidence_weigh(points, share));
		}
	cr_assert_eq(evidence_weigh(5, 500000), 3);
	cr_assert_eq(evidence_weigh(-5, 500000), -3);
}

Test(evidence, broken_promises_are_named)
{
	struct evidence broken = ACCOUNTS;

	cr_assert_null(evidence_check(&ACCOUNTS, 2));
	broken.id[0] = '\0';
	cr_assert_str_eq(evidence_check(&broken, 2), "id");
	broken = ACCOUNTS;
	broken.weight_ppm = EVIDENCE_FULL + 1;
	cr_assert_str_eq(evidence_check(&broken, 2), "weight");
	broken = ACCOUNTS;
	broken.beside_ppm[1] = -1;
	cr_assert_str_eq(evidence_check(&broken, 2), "beside");
	broken = ACCOUNTS;
	broken.ages[1].days = 600;
	cr_assert_str_eq(evidence_check(&broken, 2), "ages");
	broken.ages[1] = (struct evidence_age){700, EVIDENCE_FULL + 1};
	cr_assert_str_eq(evidence_check(&broken, 2), "ages");
}

/* Equity of the accounts earns 40, the bureau's PD 60 or -60; a quarter of the range must be known. */
static void make_model(struct model *model)
{
	struct model_fault fault = {.why = ""};

	memset(model, 0, sizeof(*model));
	memcpy(model->id, "t", 2);
	memcpy(model->version, "1", 2);
	model->base_points = 600;
	model->evidence_count = 2;
	model->evidence[0] = ACCOUNTS;
	model->evidence[1] = BUREAU;
	model->min_known_ppm = 250000;
	model->thin_share_ppm = 500000;
	model->characteristic_count = 2;
	model->characteristics[0] = (struct characteristic){
	        .fact = FACT_EQUITY_RATIO,
	        .good = REASON_EQUITY_RATIO_STRONG,
	        .bad = REASON_EQUITY_RATIO_WEAK,
	        .bin_count = 2,
	        .bins = {{.below = 200000, .points = -40}, {.below = INT64_MAX, .points = 40}}};
	model->characteristics[1] = (struct characteristic){
	        .fact = FACT_BUREAU_PD,
	        .evidence = 1,
	        .good = REASON_BUREAU_PD_LOW,
	        .bad = REASON_BUREAU_PD_HIGH,
	        .bin_count = 2,
	        .bins = {{.below = 10000, .points = 60}, {.below = INT64_MAX, .points = -60}}};
	model->pd_count = 2;
	model->pd[0] = (struct pd_point){400, 900000};
	model->pd[1] = (struct pd_point){800, 20};
	model->score_count = 2;
	model->score[0] = (struct pd_point){100, 100};
	model->score[1] = (struct pd_point){1000000, 0};
	cr_assert_eq(scorecard_prepare(model, &fault), STATUS_OK, "%s %s", fault.pointer, fault.why);
}

static int32_t points_of(const struct facts *facts, struct score *score)
{
	static struct model model;
	static const struct event_rules RULES;

	make_model(&model);
	scorecard_eval(&model, &RULES, facts, DAY, score);
	return score->points;
}

Test(evidence, a_scorecard_adds_what_is_left_of_each_kind)
{
	static struct facts facts;
	static struct score score;

	facts_init(&facts);
	cr_assert_eq(points_of(&facts, &score), 600);
	cr_assert(score.thin && score.known_ppm == 0);
	facts.items[FACT_BUREAU_PD] = (struct fact){.value = 5000, .as_of = DAY, .known = true};
	cr_assert_eq(points_of(&facts, &score), 648);
	cr_assert(score.thin, "optional evidence is no part of the known share");
	facts.items[FACT_EQUITY_RATIO] = (struct fact){.value = 300000, .as_of = DAY - 300, .known = true};
	cr_assert_eq(points_of(&facts, &score), 600 + 40 + 24);
	cr_assert(!score.thin && score.known_ppm == EVIDENCE_FULL);
	facts.items[FACT_EQUITY_RATIO].as_of = DAY - 1100;
	cr_assert_eq(points_of(&facts, &score), 600 + 20 + 24, "old accounts keep half");
	cr_assert_eq(score.effects[0].points, 20);
	cr_assert_eq(score.effects[0].lost, 0);
	facts.items[FACT_BUREAU_PD].value = 20000;
	cr_assert_eq(points_of(&facts, &score), 600 + 20 - 24);
	cr_assert_eq(score.effects[1].lost, 48);
}
