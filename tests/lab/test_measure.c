/* SPDX-License-Identifier: MIT */
#include "lab/measure.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/lab/random.h"
#include "../../src/lab/solve.h"
#include "lab/compare.h"
#include "lab_cases.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST_ROWS    200

static struct measure_row rows[MOST_ROWS];

static struct measure measure_case(const struct ranking_case *c)
{
	struct measure measured;

	for (size_t i = 0; i < c->count; i++)
		rows[i] = (struct measure_row){c->rows[i].ppm / 1e6, c->rows[i].points, 0, c->rows[i].bad};
	cr_assert_eq(measure(rows, c->count, &measured), STATUS_OK);
	return measured;
}

Test(measure, figures_are_those_of_scikit_learn)
{
	for (size_t i = 0; i < COUNT(RANKING_CASES); i++) {
		const struct ranking_case *c = &RANKING_CASES[i];
		struct measure m = measure_case(c);

		cr_assert_float_eq(m.auc, c->auc, 1e-9, "case %zu: AUC %f", i, m.auc);
		cr_assert_float_eq(m.auc_error, c->auc_error, 1e-9, "case %zu: error %f", i, m.auc_error);
		cr_assert_float_eq(m.ks, c->ks, 1e-9, "case %zu: KS %f", i, m.ks);
		cr_assert_float_eq(m.recall, c->recall, 1e-9, "case %zu: recall %f", i, m.recall);
		cr_assert_float_eq(m.brier, c->brier, 1e-9, "case %zu: Brier %f", i, m.brier);
		cr_assert_float_eq(m.mean_pd, c->mean_pd, 1e-9, "case %zu: mean PD %f", i, m.mean_pd);
		cr_assert_float_eq(m.gini, 2 * c->auc - 1, 1e-9);
		cr_assert(m.auc_low < m.auc && m.auc < m.auc_high && m.auc_low > 0 && m.auc_high < 1);
	}
}

Test(measure, bands_and_lights_hold_every_company_once)
{
	struct measure m = measure_case(&RANKING_CASES[2]);
	size_t banded = 0;
	size_t failed = 0;

	for (size_t i = 0; i < MEASURE_BANDS; i++) {
		banded += m.bands[i].rows;
		failed += m.bands[i].failed;
		cr_assert(i == 0 || m.bands[i - 1].mean_pd <= m.bands[i].mean_pd);
	}
	cr_assert_eq(banded, m.rows);
	cr_assert_eq(failed, m.failed);
	cr_assert_eq(m.lights[0].rows, m.rows);
}

Test(measure, the_order_of_the_rows_does_not_matter)
{
	struct measure first = measure_case(&RANKING_CASES[1]);
	struct random random = {5};

	for (size_t i = RANKING_CASES[1].count - 1; i > 0; i--) {
		size_t k = random_below(&random, (uint32_t)i + 1);
		struct measure_row swapped = rows[i];
		rows[i] = rows[k];
		rows[k] = swapped;
	}
	struct measure second;
	cr_assert_eq(measure(rows, RANKING_CASES[1].count, &second), STATUS_OK);
	cr_assert_eq(memcmp(&first, &second, sizeof(first)), 0);
}

Test(measure, one_outcome_alone_cannot_be_measured)
{
	struct measure m = {.auc = -1};
	struct measure_row alike[3] = {{0.1, 600, 0, 0}, {0.2, 580, 0, 0}, {0.3, 560, 0, 0}};

	cr_assert_eq(measure(alike, 3, &m), STATUS_INVALID);
	cr_assert_eq(measure(alike, 0, &m), STATUS_INVALID);
	cr_assert_eq(m.auc, -1);
}

Test(compare, a_model_does_not_beat_itself)
{
	const struct ranking_case *c = &RANKING_CASES[2];
	struct compare_row pairs[MOST_ROWS];
	struct compare result;

	for (size_t i = 0; i < c->count; i++)
		pairs[i] = (struct compare_row){c->rows[i].points, c->rows[i].points, c->rows[i].bad};
	cr_assert_eq(compare(pairs, c->count, 100, 1, &result), STATUS_OK);
	cr_assert_float_eq(result.auc_a, c->auc, 1e-9);
	cr_assert_eq(result.difference, 0);
	cr_assert_eq(result.low, 0);
	cr_assert_eq(result.high, 0);
	cr_assert_float_eq(result.share_better, 0.5, 1e-9);
}

Test(compare, finds_the_better_model_whatever_the_order)
{
	const struct ranking_case *c = &RANKING_CASES[2];
	struct compare_row forward[MOST_ROWS];
	struct compare_row backward[MOST_ROWS];
	struct compare a;
	struct compare b;

	for (size_t i = 0; i < c->count; i++) {
		forward[i] = (struct compare_row){(int32_t)(i * 37 % 101), 600 - 100 * c->rows[i].bad, c->rows[i].bad};
		backward[c->count - 1 - i] = forward[i];
	}
	cr_assert_eq(compare(forward, c->count, 300, 9, &a), STATUS_OK);
	cr_assert_eq(compare(backward, c->count, 300, 9, &b), STATUS_OK);
	cr_assert_eq(memcmp(&a, &b, sizeof(a)), 0);
	cr_assert_eq(a.auc_b, 1);
	cr_assert(a.low > 0 && a.low <= a.difference && a.difference <= a.high && a.share_better == 1);
}

/* On a single case the bootstrap's spread has to be near the error by formula, which took no draws. */
Test(compare, the_spread_is_that_of_the_ranking)
{
	const struct ranking_case *c = &RANKING_CASES[0];
	struct compare_row pairs[MOST_ROWS];
	struct compare result;

	for (size_t i = 0; i < c->count; i++)
		pairs[i] = (struct compare_row){600, c->rows[i].points, c->rows[i].bad};
	cr_assert_eq(compare(pairs, c->count, 4000, 3, &result), STATUS_OK);
	cr_assert_eq(result.auc_a, 0.5);
	cr_assert(fabs(result.error - c->auc_error) < 0.1 * c->auc_error, "%f, %f", result.error, c->auc_error);
}

Test(compare, refuses_what_cannot_be_compared)
{
	struct compare_row pairs[2] = {{1, 2, 0}, {2, 1, 0}};
	struct compare result;

	cr_assert_eq(compare(pairs, 2, 10, 1, &result), STATUS_INVALID);
	pairs[0].bad = 1;
	cr_assert_eq(compare(pairs, 2, 0, 1, &result), STATUS_INVALID);
	cr_assert_eq(compare(pairs, 2, 1, 1, &result), STATUS_OK);
}

static void solve_fixture(double start, double *ret_weights, double *ret_constant)
{
	static const double ridge = SOLVE_RIDGE;
	static const uint8_t part[SOLVE_ROWS];
	struct solve_block blocks[SOLVE_INPUTS];
	double values[SOLVE_INPUTS][SOLVE_CELLS];
	struct solve_problem problem = {.rows = SOLVE_ROWS,
	                                .bad = SOLVE_BAD,
	                                .part = part,
	                                .part_count = 1,
	                                .constants = ret_constant,
	                                .block_count = SOLVE_INPUTS,
	                                .blocks = blocks};

	*ret_constant = start;
	for (size_t i = 0; i < SOLVE_INPUTS; i++) {
		ret_weights[i] = start;
		blocks[i] = (struct solve_block){SOLVE_CELLS,     1,        SOLVE_BASIS[i], &ridge, SOLVE_CODES[i],
		                                 &ret_weights[i], values[i]};
	}
	cr_assert_eq(solve(&problem), STATUS_OK);
}

Test(solve, weights_are_those_of_scikit_learn_from_any_start)
{
	static const double starts[] = {0, 0.5, 8};

	for (size_t k = 0; k < COUNT(starts); k++) {
		double weights[SOLVE_INPUTS];
		double constant;

		solve_fixture(starts[k], weights, &constant);
		cr_assert_float_eq(constant, SOLVE_CONSTANT, 1e-5, "%f", constant);
		for (size_t i = 0; i < SOLVE_INPUTS; i++)
			cr_assert_float_eq(weights[i], SOLVE_WEIGHTS[i], 1e-5, "weight %zu: %f", i, weights[i]);
	}
}
