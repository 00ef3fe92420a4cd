/* SPDX-License-Identifier: MIT */
/*
 * A model file, a zero byte, a table: whatever they hold, every row has a PD
 * above 0 and up to 1, the same by the columns' way and by the checkout's, and
 * its explanation adds up.
 */
#include <stdlib.h>
#include <string.h>

#include "core/explanation.h"
#include "lab/apply.h"
#include "lab/reading.h"
#include "wire/csv.h"
#include "wire/model_in.h"

#define TODAY 20000

struct rest {
	const uint8_t *bytes;
	size_t len;
};

static char memory[4 * 1024 * 1024] __attribute__((aligned(16)));
static char block[CSV_BLOCK];
static struct csv csv;
static struct model model;
static struct facts facts;
static struct score score;
static struct explanation explanation;

static void need(int holds)
{
	if (!holds)
		abort();
}

static long rest_read(void *ctx, void *mem, size_t cap)
{
	struct rest *rest = ctx;
	size_t n = rest->len < cap ? rest->len : cap;

	if (n > 0)
		memcpy(mem, rest->bytes, n);
	rest->bytes += n;
	rest->len -= n;
	return (long)n;
}

/* As of today, so that nothing has aged: a file tells no ages. */
static void read_row(const int *columns, int64_t *values)
{
	facts_init(&facts);
	for (int i = 0; i < model.characteristic_count; i++) {
		const struct characteristic *c = &model.characteristics[i];
		values[i] = COHORT_UNKNOWN;
		if (columns[i] < 0)
			continue;
		enum reading reading = reading_fact(c->fact, csv.fields[columns[i]], csv.separator != ',', &values[i]);
		need((reading == READING_VALUE) == (values[i] != COHORT_UNKNOWN));
		if (values[i] != COHORT_UNKNOWN)
			facts.items[c->fact] = (struct fact){.value = values[i], .as_of = TODAY, .known = true};
	}
}

static void check_explanation(void)
{
	explanation_make(&model, &score, &explanation);
	for (int i = 0; i < explanation.cost_count; i++) {
		const struct explanation_item *item = &explanation.costs[i];
		need(item->lost > 0 && item->gain >= 0);
		need(i == 0 || item->lost <= item[-1].lost);
	}
}

static void check_row(const struct apply *apply, const int *columns)
{
	static const struct event_rules NONE;
	int64_t values[MAX_CHARACTERISTICS];

	read_row(columns, values);
	int32_t points = apply_points(apply, values);
	struct apply_grade grade = apply_grade(apply, points);
	need(grade.pd_ppm >= 1 && grade.pd_ppm <= 1000000 && grade.score >= 0 && grade.score <= SCORE_MAX);
	int32_t known = apply_known(apply, values);
	need(known >= 0 && known <= 1000000);
	for (int i = 0; i < model.characteristic_count; i++)
		if (model.characteristics[i].fact == FACT_NONE)
			return; /* a checkout knows facts only */
	scorecard_eval(&model, &NONE, &facts, TODAY, &score);
	need(score.points == points && score.known_ppm == known);
	if (score.hard_stop == REASON_NONE)
		need(score.pd_ppm == grade.pd_ppm && score.score == grade.score);
	check_explanation();
}

static void check_table(const struct apply *apply, struct rest rest)
{
	int columns[MAX_CHARACTERISTICS];
	enum csv_result result;

	csv_init(&csv, (struct csv_source){rest_read, &rest}, (struct csv_options){0}, block, sizeof(block));
	if (csv_header(&csv) != STATUS_OK)
		return;
	for (int i = 0; i < model.characteristic_count; i++)
		columns[i] = csv_column(&csv, slice_cstr(scorecard_input(&model.characteristics[i])));
	while ((result = csv_next(&csv)) == CSV_ROW || result == CSV_FAULT)
		if (result == CSV_ROW)
			check_row(apply, columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
	struct load_error error = {.detail = ""};
	struct apply apply = {.grades = NULL};
	struct arena arena;

	if (!end)
		return 0;
	arena_init(&arena, memory, sizeof(memory));
	if (model_in_parse((struct slice){(const char *)data, (size_t)(end - data)}, &arena, &model, &error) !=
	    STATUS_OK)
		return 0;
	if (apply_init(&apply, &model, 0) != STATUS_OK)
		return 0;
	check_table(&apply, (struct rest){end + 1, size - (size_t)(end + 1 - data)});
	apply_finish(&apply);
	return 0;
}
