/* SPDX-License-Identifier: MIT */
#include "lab/validate.h"

#include <stdlib.h>
#include <string.h>

#include "lab/apply.h"
#include "num.h"

#define MILLION 1000000.0

struct validation {
	const struct cohort *cohort;
	const struct fit_input *inputs;
	const struct fit_options *fitting;
	uint8_t *folds;
	struct measure_row *rows;
	struct model model;
};

static void pick_values(const struct model *model, const struct cohort *cohort, const size_t *column, size_t row,
                        int64_t *ret_values)
{
	for (int i = 0; i < model->characteristic_count; i++)
		ret_values[i] = cohort->values[row * cohort->inputs + column[i]];
}

static void find_columns(const struct model *model, const struct fit_input *inputs, size_t count, size_t *ret_column)
{
	for (int i = 0; i < model->characteristic_count; i++) {
		ret_column[i] = 0;
		while (ret_column[i] + 1 < count &&
		       strcmp(inputs[ret_column[i]].name, scorecard_input(&model->characteristics[i])) != 0)
			ret_column[i]++;
	}
}

enum status validate_apply(const struct model *model, const struct cohort *cohort, const struct fit_input *inputs,
                           struct measure_row *ret_rows)
{
	struct apply apply;
	size_t column[MAX_CHARACTERISTICS];
	int64_t values[MAX_CHARACTERISTICS];
	enum status status = apply_init(&apply, model, 0);

	if (status)
		return status;
	find_columns(model, inputs, cohort->inputs, column);
	for (size_t row = 0; row < cohort->rows; row++) {
		pick_values(model, cohort, column, row, values);
		int32_t points = apply_points(&apply, values);
		ret_rows[row] = (struct measure_row){
		        .pd = apply_grade(&apply, points).pd_ppm / MILLION,
		        .points = points,
		        .bad = cohort->bad[row],
		};
	}
	apply_finish(&apply);
	return STATUS_OK;
}

/* The tables every card needs before it can be applied. */
static enum status complete(struct model *model)
{
	static const struct pd_point scores[] = {{1, SCORE_MAX}, {(int32_t)MILLION, 0}};
	struct model_fault fault;

	memcpy(model->id, "fold", sizeof("fold"));
	memcpy(model->version, "0", sizeof("0"));
	memcpy(model->score, scores, sizeof(scores));
	model->score_count = 2;
	return scorecard_prepare(model, &fault);
}

static double part_log_odds(const struct cohort *cohort, uint8_t part)
{
	double rows = 0;
	double failed = 0;

	for (size_t row = 0; row < cohort->rows; row++) {
		rows += cohort->part[row] == part;
		failed += cohort->part[row] == part && cohort->bad[row];
	}
	return failed > 0 && rows > failed ? num_log(failed / (rows - failed)) : 0;
}

/* A card of several parts stands for the mean of their rates: back to each part's own. */
static void shift_parts(const struct cohort *train, const struct cohort *test, const struct model *model,
                        struct measure_row *judged)
{
	double base = model->base_rate_ppm / MILLION;
	double shift[COHORT_PARTS] = {0};

	for (uint8_t part = 0; part < COHORT_PARTS; part++)
		shift[part] = part_log_odds(train, part) - num_log(base / (1.0 - base));
	for (size_t row = 0; row < test->rows; row++) {
		double pd = judged[row].pd;
		judged[row].pd = num_logistic(num_log(pd / (1.0 - pd)) + shift[test->part[row]]);
	}
}

/* Fits without the fold, judges the fold. */
static enum status run_fold(struct validation *v, uint8_t fold)
{
	struct cohort train;
	struct cohort test;
	struct measure_row *judged = NULL;
	enum status status = cohort_split(v->cohort, v->folds, fold, false, &train);

	if (status)
		return status;
	status = cohort_split(v->cohort, v->folds, fold, true, &test);
	if (status == STATUS_OK) {
		judged = calloc(test.rows + 1, sizeof(*judged));
		status = judged ? fit(&train, v->inputs, v->fitting, &v->model) : STATUS_NO_MEMORY;
		if (status == STATUS_OK)
			status = complete(&v->model);
		if (status == STATUS_OK)
			status = validate_apply(&v->model, &test, v->inputs, judged);
		if (status == STATUS_OK)
			shift_parts(&train, &test, &v->model, judged);
		for (size_t row = 0, i = 0; status == STATUS_OK && row < v->cohort->rows; row++)
			if (v->folds[row] == fold)
				v->rows[row] = judged[i++];
		free(judged);
		cohort_finish(&test);
	}
	cohort_finish(&train);
	return status;
}

/* Rows of one part, measured together. */
static enum status measure_parts(const struct validation *v, struct measure ret_parts[COHORT_PARTS])
{
	struct measure_row *rows = calloc(v->cohort->rows + 1, sizeof(*rows));
	enum status status = rows ? STATUS_OK : STATUS_NO_MEMORY;

	for (uint8_t part = 0; status == STATUS_OK && part < COHORT_PARTS; part++) {
		size_t count = 0;
		for (size_t row = 0; row < v->cohort->rows; row++)
			if (v->cohort->part[row] == part)
				rows[count++] = v->rows[row];
		if (count > 0)
			status = measure(rows, count, &ret_parts[part]);
	}
	free(rows);
	return status;
}

enum status validate(const struct cohort *cohort, const struct fit_input *inputs, const struct fit_options *fitting,
                     const struct validate_options *options, struct measure ret_parts[COHORT_PARTS])
{
	struct validation *v = calloc(1, sizeof(*v));
	enum status status = STATUS_NO_MEMORY;

	if (!v)
		return status;
	v->cohort = cohort;
	v->inputs = inputs;
	v->fitting = fitting;
	v->folds = calloc(cohort->rows + 1, sizeof(*v->folds));
	v->rows = calloc(cohort->rows + 1, sizeof(*v->rows));
	if (v->folds && v->rows)
		status = cohort_folds(cohort, options->folds, options->seed, v->folds);
	for (unsigned fold = 0; status == STATUS_OK && fold < options->folds; fold++) {
		status = run_fold(v, (uint8_t)fold);
		if (options->tell)
			options->tell(options->ctx, fold + 1);
	}
	memset(ret_parts, 0, COHORT_PARTS * sizeof(*ret_parts));
	if (status == STATUS_OK)
		status = measure_parts(v, ret_parts);
	free(v->folds);
	free(v->rows);
	free(v);
	return status;
}
