/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/logit.h"
#include "core/policy.h"
#include "lab/apply.h"
#include "lab/reading.h"
#include "load_model.h"
#include "table.h"

#define FIRST_CAP    4096
#define MILLION      1000000.0
#define WIDEST_SHIFT 12000000 /* of log-odds, millionths */

/* Labelled rows as they are read. */
struct gathering {
	const struct judge_options *options;
	struct judgement *judgement;
	struct table *table;
	struct apply apply;
	struct table_input inputs[MAX_CHARACTERISTICS];
	int label;
	size_t cap;
	double known;
};

static bool add_row(struct gathering *g, bool bad)
{
	struct judgement *judgement = g->judgement;
	int64_t values[MAX_CHARACTERISTICS];

	if (judgement->count == g->cap) {
		size_t cap = g->cap ? 2 * g->cap : FIRST_CAP;
		struct measure_row *rows = reallocarray(judgement->rows, cap, sizeof(*rows));
		if (!rows)
			return false;
		judgement->rows = rows;
		g->cap = cap;
	}
	table_values(g->table, g->inputs, judgement->model->characteristic_count, values);
	int32_t points = apply_points(&g->apply, values);
	g->known += apply_known(&g->apply, values) / MILLION;
	judgement->rows[judgement->count++] = (struct measure_row){
	        .points = points, .bad = bad, .light = apply_thin(&g->apply, values) ? LIGHT_YELLOW : LIGHT_GREEN};
	return true;
}

static bool gather(struct gathering *g)
{
	enum csv_result result;

	g->label = csv_column(&g->table->csv, slice_cstr(g->options->label));
	if (g->label < 0) {
		fprintf(stderr, "bonigate %s: %s: no column %s\n", g->options->command, g->table->path,
		        g->options->label);
		return false;
	}
	if (!table_find(g->table, g->judgement->model, g->inputs))
		return false;
	while ((result = table_next(g->table)) == CSV_ROW || result == CSV_FAULT) {
		int64_t bad;
		if (result == CSV_FAULT)
			continue;
		if (reading_label(g->table->csv.fields[g->label], &bad) != READING_VALUE)
			table_complain(g->table, g->options->label,
			               "tells neither failed nor sound; the row is left out");
		else if (!add_row(g, bad == 1))
			return false;
	}
	return result == CSV_END;
}

/* Mean PD of the companies under a shift of the log-odds. */
static double shifted_mean(const struct gathering *g, int64_t shift)
{
	const struct judgement *judgement = g->judgement;
	double sum = 0;

	for (size_t i = 0; i < judgement->count; i++) {
		int32_t pd = apply_grade(&g->apply, judgement->rows[i].points).pd_ppm;
		sum += (double)logit_to_ppm(logit_from_ppm(pd) + shift) / MILLION;
	}
	return sum / (double)judgement->count;
}

/* The shift at which the mean PD of the file is its failure rate: bisection, the mean rises with the shift. */
static int64_t match_own_rate(const struct gathering *g)
{
	const struct judgement *judgement = g->judgement;
	int64_t low = -WIDEST_SHIFT;
	int64_t high = WIDEST_SHIFT;
	double failed = 0;

	for (size_t i = 0; i < judgement->count; i++)
		failed += judgement->rows[i].bad;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (shifted_mean(g, middle) < failed / (double)judgement->count)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* "own" makes the mean PD the file's failure rate; anything else is a fraction. */
static bool find_shift(const struct gathering *g, int64_t *ret_shift)
{
	if (!g->options->base_rate || strcmp(g->options->base_rate, "own") != 0)
		return load_shift(g->options->command, g->judgement->model, g->options->base_rate, ret_shift);
	*ret_shift = match_own_rate(g);
	return true;
}

/* PD and lights, once the base rate is known. */
static bool grade(struct gathering *g)
{
	struct judgement *judgement = g->judgement;
	int64_t shift;

	if (judgement->count == 0 || !find_shift(g, &shift))
		return false;
	apply_finish(&g->apply);
	if (apply_init(&g->apply, judgement->model, shift) != STATUS_OK)
		return false;
	for (size_t i = 0; i < judgement->count; i++) {
		struct measure_row *row = &judgement->rows[i];
		struct apply_grade grade = apply_grade(&g->apply, row->points);
		row->pd = grade.pd_ppm / MILLION;
		if (grade.score < g->options->green)
			row->light = grade.score >= g->options->yellow ? LIGHT_YELLOW : LIGHT_RED;
	}
	judgement->known = g->known / (double)judgement->count;
	return true;
}

bool judge(const struct judge_options *options, struct judgement *ret_judgement)
{
	struct gathering g = {.options = options, .judgement = ret_judgement};
	bool good = false;

	memset(ret_judgement, 0, sizeof(*ret_judgement));
	g.table = malloc(sizeof(*g.table));
	ret_judgement->model = load_model(options->command, options->model);
	if (g.table && ret_judgement->model && apply_init(&g.apply, ret_judgement->model, 0) == STATUS_OK &&
	    table_open(g.table, options->command, options->in)) {
		good = gather(&g);
		table_close(g.table);
		good = good && grade(&g);
	}
	apply_finish(&g.apply);
	free(g.table);
	if (!good)
		judge_finish(ret_judgement);
	return good;
}

void judge_finish(struct judgement *judgement)
{
	free(judgement->model);
	free(judgement->rows);
	memset(judgement, 0, sizeof(*judgement));
}
