/* SPDX-License-Identifier: MIT */
#include "lab/fit.h"

#include <stdlib.h>
#include <string.h>

#include "bins.h"
#include "card.h"
#include "curve.h"
#include "num.h"
#include "solve.h"

#define FIRST_WEIGHT 0.5 /* where the search for the weights begins */
#define LEAST_IN_BIN 5

/* What one fit holds: per input its borders, its curve of log-odds by code, and each row's code. */
struct fitting {
	const struct cohort *cohort;
	const struct fit_input *inputs;
	const struct fit_options *options;
	struct curve_parts parts;
	struct bins *bins;
	double *curves; /* [input * CURVE_CELLS + code] */
	double *values; /* the same, weighted */
	uint8_t *codes; /* [input * rows + row] */
	int64_t *sorted;
	struct solve_block *blocks;
	double *weights;
	double constants[COHORT_PARTS];
};

void fit_defaults(size_t failed, struct fit_options *ret_options)
{
	size_t bins = failed / 3;
	double smoothing = (double)failed / 15.0;

	*ret_options = (struct fit_options){.bins = 100, .smoothing = 20.0, .ridge = 10.0, .trust = 1.0};
	if (bins < ret_options->bins)
		ret_options->bins = (unsigned)(bins < 5 ? 5 : bins);
	if (smoothing < ret_options->smoothing)
		ret_options->smoothing = smoothing < 1.0 ? 1.0 : smoothing;
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Known values of one input in one part, rising. */
static size_t sort_values(struct fitting *fitting, size_t input, uint8_t part)
{
	const struct cohort *cohort = fitting->cohort;
	size_t count = 0;

	for (size_t row = 0; row < cohort->rows; row++) {
		int64_t value = cohort->values[row * cohort->inputs + input];
		if (cohort->part[row] == part && value != COHORT_UNKNOWN)
			fitting->sorted[count++] = value;
	}
	qsort(fitting->sorted, count, sizeof(*fitting->sorted), by_value);
	return count;
}

/* Borders of every part's own quantiles together, so that each country is resolved where its companies are. */
static void make_bins(struct fitting *fitting, size_t input)
{
	struct bins *all = &fitting->bins[input];
	struct bins one;
	int64_t edges[COHORT_PARTS * BINS_EDGES];
	size_t count = 0;

	all->low_is_good = fitting->inputs[input].low_is_good;
	all->edges = 0;
	for (size_t part = 0; part < fitting->parts.count; part++) {
		size_t known = sort_values(fitting, input, (uint8_t)part);
		bins_make(fitting->sorted, known, fitting->options->bins / fitting->parts.count, LEAST_IN_BIN, &one);
		memcpy(edges + count, one.edge, one.edges * sizeof(*edges));
		count += one.edges;
	}
	qsort(edges, count, sizeof(*edges), by_value);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || edges[i] != edges[i - 1])
			if (all->edges < BINS_EDGES)
				all->edge[all->edges++] = edges[i];
}

static void make_input(struct fitting *fitting, size_t input)
{
	const struct cohort *cohort = fitting->cohort;
	uint8_t *codes = fitting->codes + input * cohort->rows;
	double *curve = fitting->curves + input * CURVE_CELLS;
	size_t cells;

	make_bins(fitting, input);
	cells = fitting->bins[input].edges + 2;
	for (size_t row = 0; row < cohort->rows; row++)
		codes[row] = bins_code(&fitting->bins[input], cohort->values[row * cohort->inputs + input]);
	curve_make(cohort, codes, cells - 1, &fitting->parts, curve);
	fitting->weights[input] = FIRST_WEIGHT;
	fitting->blocks[input] = (struct solve_block){
	        .cells = cells,
	        .columns = 1,
	        .basis = curve,
	        .ridge = &fitting->options->ridge,
	        .codes = codes,
	        .weights = &fitting->weights[input],
	        .values = fitting->values + input * CURVE_CELLS,
	};
}

static void release(struct fitting *fitting)
{
	free(fitting->bins);
	free(fitting->curves);
	free(fitting->values);
	free(fitting->codes);
	free(fitting->sorted);
	free(fitting->blocks);
	free(fitting->weights);
}

static bool acquire(struct fitting *fitting)
{
	size_t inputs = fitting->cohort->inputs;
	size_t rows = fitting->cohort->rows;

	fitting->bins = calloc(inputs, sizeof(*fitting->bins));
	fitting->curves = calloc(inputs * CURVE_CELLS, sizeof(*fitting->curves));
	fitting->values = calloc(inputs * CURVE_CELLS, sizeof(*fitting->values));
	fitting->codes = calloc(inputs * rows, sizeof(*fitting->codes));
	fitting->sorted = calloc(rows, sizeof(*fitting->sorted));
	fitting->blocks = calloc(inputs, sizeof(*fitting->blocks));
	fitting->weights = calloc(inputs, sizeof(*fitting->weights));
	return fitting->bins && fitting->curves && fitting->values && fitting->codes && fitting->sorted &&
	       fitting->blocks && fitting->weights;
}

static enum status solve_inputs(struct fitting *fitting)
{
	struct solve_problem problem = {
	        .rows = fitting->cohort->rows,
	        .bad = fitting->cohort->bad,
	        .part = fitting->cohort->part,
	        .part_count = fitting->parts.count,
	        .constants = fitting->constants,
	        .block_count = fitting->cohort->inputs,
	        .blocks = fitting->blocks,
	};

	for (size_t i = 0; i < fitting->cohort->inputs; i++)
		make_input(fitting, i);
	for (size_t part = 0; part < fitting->parts.count; part++)
		fitting->constants[part] = -num_log(fitting->parts.rate[part] / (1.0 - fitting->parts.rate[part]));
	return solve(&problem);
}

/* Rounds to points: the borders where points change are the bins of the card. */
static enum status make_card(const struct fitting *fitting, struct model *model)
{
	for (size_t i = 0; i < fitting->cohort->inputs; i++)
		card_input(model, &fitting->inputs[i], &fitting->bins[i], fitting->values + i * CURVE_CELLS);
	if (model->characteristic_count == 0)
		return STATUS_INVALID;
	return card_calibrate(model, fitting->cohort, fitting->inputs, fitting->options);
}

enum status fit(const struct cohort *cohort, const struct fit_input *inputs, const struct fit_options *options,
                struct model *ret_model)
{
	struct fitting fitting = {.cohort = cohort, .inputs = inputs, .options = options};
	enum status status = curve_parts(cohort, options, &fitting.parts);

	if (status)
		return status;
	status = acquire(&fitting) ? solve_inputs(&fitting) : STATUS_NO_MEMORY;
	if (status == STATUS_OK) {
		memset(ret_model, 0, sizeof(*ret_model));
		status = make_card(&fitting, ret_model);
	}
	release(&fitting);
	return status;
}
