/* SPDX-License-Identifier: MIT */
#include "lab/compare.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#define TAIL 0.025

/* Rows in the order of one model's points, and where equal points end. */
struct ranking {
	uint32_t *row;
	uint32_t *end; /* of the run of ties that begins at i, for the first of each run */
};

struct bootstrap {
	const struct compare_row *rows;
	size_t count;
	size_t failed; /* the first rows */
	struct ranking rankings[2];
	uint32_t *times; /* how often each row was drawn */
	double *differences;
};

struct place {
	int32_t points;
	uint32_t row;
};

static int by_content(const void *a, const void *b)
{
	const struct compare_row *x = a;
	const struct compare_row *y = b;

	if (x->bad != y->bad)
		return x->bad > y->bad ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

static int by_points(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->points != y->points)
		return x->points < y->points ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void rank(const struct bootstrap *bootstrap, bool second, struct place *places, struct ranking *ranking)
{
	size_t end;

	for (size_t i = 0; i < bootstrap->count; i++)
		places[i] = (struct place){second ? bootstrap->rows[i].b : bootstrap->rows[i].a, (uint32_t)i};
	qsort(places, bootstrap->count, sizeof(*places), by_points);
	for (size_t i = 0; i < bootstrap->count; i = end) {
		for (end = i; end < bootstrap->count && places[end].points == places[i].points; end++)
			ranking->row[end] = places[end].row;
		ranking->end[i] = (uint32_t)end;
	}
}

/* The rows count as often as they were drawn; ties count half. */
static double weighted_auc(const struct bootstrap *bootstrap, const struct ranking *ranking)
{
	double sum = 0;
	double failed_below = 0;
	double sound_in_all = 0;
	size_t end;

	for (size_t i = 0; i < bootstrap->count; i = end) {
		double failed = 0;
		double sound = 0;
		for (end = i; end < ranking->end[i]; end++) {
			uint32_t row = ranking->row[end];
			*(row < bootstrap->failed ? &failed : &sound) += bootstrap->times[row];
		}
		sum += sound * (failed_below + 0.5 * failed);
		failed_below += failed;
		sound_in_all += sound;
	}
	return sum / (failed_below * sound_in_all);
}

static double draw(struct bootstrap *bootstrap, struct random *random)
{
	uint32_t failed = (uint32_t)bootstrap->failed;
	uint32_t sound = (uint32_t)bootstrap->count - failed;

	memset(bootstrap->times, 0, bootstrap->count * sizeof(*bootstrap->times));
	for (uint32_t i = 0; i < failed; i++)
		bootstrap->times[random_below(random, failed)]++;
	for (uint32_t i = 0; i < sound; i++)
		bootstrap->times[failed + random_below(random, sound)]++;
	return weighted_auc(bootstrap, &bootstrap->rankings[1]) - weighted_auc(bootstrap, &bootstrap->rankings[0]);
}

static void summarize(struct bootstrap *bootstrap, unsigned draws, struct compare *result)
{
	double *all = bootstrap->differences;
	double mean = 0;
	double squares = 0;

	for (unsigned i = 0; i < draws; i++) {
		mean += all[i] / draws;
		result->share_better += all[i] > 0 ? 1.0 : all[i] < 0 ? 0.0 : 0.5;
	}
	result->share_better /= draws;
	for (unsigned i = 0; i < draws; i++)
		squares += (all[i] - mean) * (all[i] - mean);
	result->error = draws > 1 ? sqrt(squares / (draws - 1)) : 0;
	qsort(all, draws, sizeof(*all), by_size);
	result->low = all[(unsigned)(TAIL * draws)];
	result->high = all[(unsigned)((1.0 - TAIL) * (draws - 1) + 0.5)];
}

static void run(struct bootstrap *bootstrap, struct place *places, unsigned draws, uint64_t seed,
                struct compare *result)
{
	struct random random = {seed};

	rank(bootstrap, false, places, &bootstrap->rankings[0]);
	rank(bootstrap, true, places, &bootstrap->rankings[1]);
	for (size_t i = 0; i < bootstrap->count; i++)
		bootstrap->times[i] = 1;
	result->auc_a = weighted_auc(bootstrap, &bootstrap->rankings[0]);
	result->auc_b = weighted_auc(bootstrap, &bootstrap->rankings[1]);
	result->difference = result->auc_b - result->auc_a;
	for (unsigned i = 0; i < draws; i++)
		bootstrap->differences[i] = draw(bootstrap, &random);
	summarize(bootstrap, draws, result);
}

enum status compare(struct compare_row *rows, size_t count, unsigned draws, uint64_t seed, struct compare *ret_compare)
{
	struct bootstrap bootstrap = {.rows = rows, .count = count};
	struct compare result = {0};

	for (size_t i = 0; i < count; i++)
		bootstrap.failed += rows[i].bad == 1;
	if (bootstrap.failed == 0 || bootstrap.failed == count || count > UINT32_MAX || draws == 0)
		return STATUS_INVALID;
	struct place *places = calloc(count, sizeof(*places));
	uint32_t *numbers = calloc(5 * count, sizeof(*numbers));
	bootstrap.differences = calloc(draws, sizeof(*bootstrap.differences));
	enum status status = places && numbers && bootstrap.differences ? STATUS_OK : STATUS_NO_MEMORY;
	if (status == STATUS_OK) {
		bootstrap.rankings[0] = (struct ranking){numbers, numbers + count};
		bootstrap.rankings[1] = (struct ranking){numbers + 2 * count, numbers + 3 * count};
		bootstrap.times = numbers + 4 * count;
		qsort(rows, count, sizeof(*rows), by_content);
		run(&bootstrap, places, draws, seed, &result);
		*ret_compare = result;
	}
	free(places);
	free(numbers);
	free(bootstrap.differences);
	return status;
}
