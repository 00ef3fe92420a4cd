/* SPDX-License-Identifier: MIT */
#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "curve.h"
#include "lab/cohort.h"
#include "num.h"

#define POINTS_PER_UNIT 28.853900817779268 /* 20 / ln 2: points per unit of log-odds */
#define BASE_POINTS     600
#define BASE_LOG_ODDS   3.912023005428146 /* ln 50 */
#define TABLE_FROM      300
#define TABLE_TO        860
#define TABLE_STEP      40
#define MILLION         1000000.0
#define SEARCH_STEPS    60
#define SEARCH_WIDTH    12.0 /* log-odds either way */

/* Bins on their way, in the order of the values. */
struct draft {
	size_t count;
	int64_t below[CURVE_CELLS];
	int32_t points[CURVE_CELLS];
};

/* Joins equal neighbours; the left one's border goes. */
static void join_equal(struct draft *draft)
{
	size_t to = 0;

	for (size_t i = 1; i < draft->count; i++) {
		if (draft->points[i] != draft->points[to])
			to++;
		draft->points[to] = draft->points[i];
		draft->below[to] = draft->below[i];
	}
	draft->count = to + 1;
}

/* Joins the two neighbours whose points are closest, at the one nearer to 0: caution in both directions. */
static void join_closest(struct draft *draft)
{
	size_t best = 0;
	int32_t least = INT32_MAX;

	for (size_t i = 0; i + 1 < draft->count; i++) {
		int32_t apart = abs(draft->points[i + 1] - draft->points[i]);
		if (apart < least) {
			least = apart;
			best = i;
		}
	}
	if (abs(draft->points[best]) < abs(draft->points[best + 1]))
		draft->points[best + 1] = draft->points[best];
	draft->points[best] = draft->points[best + 1];
	join_equal(draft);
}

void card_input(struct model *model, const struct fit_input *input, const struct bins *bins, const double *values)
{
	struct characteristic *c = &model->characteristics[model->characteristic_count];
	struct draft draft = {.count = bins->edges + 1};

	for (size_t i = 0; i < draft.count; i++) {
		size_t code = bins->low_is_good ? draft.count - i : i + 1;
		draft.points[i] = (int32_t)num_round(values[code] * POINTS_PER_UNIT);
		draft.below[i] = i < bins->edges ? bins->edge[i] : INT64_MAX;
	}
	join_equal(&draft);
	while (draft.count > MAX_BINS)
		join_closest(&draft);
	if ((draft.count == 1 && draft.points[0] == 0) || model->characteristic_count == MAX_CHARACTERISTICS)
		return;
	memset(c, 0, sizeof(*c));
	c->fact = input->fact;
	if (input->fact == FACT_NONE)
		memcpy(c->input, input->name, sizeof(c->input));
	c->good = input->good;
	c->bad = input->bad;
	c->bin_count = (uint8_t)draft.count;
	c->best = draft.points[0];
	c->worst = draft.points[0];
	for (size_t i = 0; i < draft.count; i++) {
		c->bins[i] = (struct bin){.below = draft.below[i], .points = draft.points[i]};
		c->best = draft.points[i] > c->best ? draft.points[i] : c->best;
		c->worst = draft.points[i] < c->worst ? draft.points[i] : c->worst;
	}
	model->range += c->best - c->worst;
	model->characteristic_count++;
}

static size_t find_input(const struct characteristic *c, const struct cohort *cohort, const struct fit_input *inputs)
{
	size_t i = 0;

	while (i < cohort->inputs && strcmp(inputs[i].name, scorecard_input(c)) != 0)
		i++;
	return i;
}

/* Log-odds of each row from its points, without the base. */
static void row_log_odds(const struct model *model, const struct cohort *cohort, const struct fit_input *inputs,
                         double *ret_z)
{
	memset(ret_z, 0, cohort->rows * sizeof(*ret_z));
	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		size_t input = find_input(c, cohort, inputs);
		for (size_t row = 0; row < cohort->rows; row++) {
			int64_t value = cohort->values[row * cohort->inputs + input];
			if (value != COHORT_UNKNOWN)
				ret_z[row] += c->bins[scorecard_bin(c, value)].points / POINTS_PER_UNIT;
		}
	}
}

/* The constant at which the part's mean PD is its failure rate: bisection, the mean falls with it. */
static double find_constant(const struct cohort *cohort, const double *z, uint8_t part, double *ret_rate)
{
	double rows = 0;
	double failed = 0;

	for (size_t row = 0; row < cohort->rows; row++) {
		rows += cohort->part[row] == part;
		failed += cohort->part[row] == part && cohort->bad[row];
	}
	*ret_rate = failed / rows;
	double low = -SEARCH_WIDTH;
	double high = SEARCH_WIDTH;
	for (int i = 0; i < SEARCH_STEPS; i++) {
		double middle = 0.5 * (low + high);
		double sum = 0;
		for (size_t row = 0; row < cohort->rows; row++)
			if (cohort->part[row] == part)
				sum += num_logistic(-z[row] - middle);
		if (sum > failed)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}

/* Points and PD on one line of log-odds, the same for every card: 600 points are odds of 50:1. */
static void make_table(struct model *model)
{
	int32_t last = (int32_t)MILLION;

	model->pd_count = 0;
	for (int32_t points = TABLE_FROM; points <= TABLE_TO; points += TABLE_STEP) {
		double z = BASE_LOG_ODDS + (points - BASE_POINTS) / POINTS_PER_UNIT;
		int32_t ppm = (int32_t)num_round(MILLION * num_logistic(-z));
		if (ppm >= last || ppm < 1)
			continue;
		model->pd[model->pd_count++] = (struct pd_point){points, ppm};
		last = ppm;
	}
}

enum status card_calibrate(struct model *model, const struct cohort *cohort, const struct fit_input *inputs,
                           const struct fit_options *options)
{
	double *z = calloc(cohort->rows, sizeof(*z));
	uint8_t parts = 0;
	double above = 0; /* of the constants over the log-odds of their rates, mean of the parts */
	double odds = 0;

	if (!z)
		return STATUS_NO_MEMORY;
	row_log_odds(model, cohort, inputs, z);
	for (size_t row = 0; row < cohort->rows; row++)
		if (cohort->part[row] >= parts)
			parts = (uint8_t)(cohort->part[row] + 1);
	for (uint8_t part = 0; part < parts; part++) {
		double rate;
		double constant = find_constant(cohort, z, part, &rate);
		if (options->like == part + 1u || options->like == 0)
			above += (constant + num_log(rate / (1.0 - rate))) / (options->like ? 1 : parts);
		odds += num_log(rate / (1.0 - rate)) / parts;
	}
	free(z);
	if (options->base_rate > 0)
		odds = num_log(options->base_rate / (1.0 - options->base_rate));
	double constant = above - odds;
	model->base_points = (int32_t)(BASE_POINTS + num_round((constant - BASE_LOG_ODDS) * POINTS_PER_UNIT));
	model->base_rate_ppm = (int32_t)num_round(MILLION * num_logistic(odds));
	make_table(model);
	return model->pd_count >= 2 ? STATUS_OK : STATUS_INVALID;
}
