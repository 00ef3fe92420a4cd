/* SPDX-License-Identifier: MIT */
#include "curve.h"

#include <string.h>

#include "num.h"

#define MAX_STEPS 60
#define EXACT     1e-12
#define LARGEST   1.0 /* step of the search for a log-odds */

/* Companies of one pool of bins by part, and how many of them failed. */
struct pool {
	double count[COHORT_PARTS];
	double failed;
	double expected; /* failures, had the pool its parts' average rates */
};

struct counts {
	struct pool bins[CURVE_CELLS];
	struct pool known;
	size_t bin_count;
};

enum status curve_parts(const struct cohort *cohort, const struct fit_options *options, struct curve_parts *ret_parts)
{
	double rows[COHORT_PARTS] = {0};
	double failed[COHORT_PARTS] = {0};
	size_t count = 0;

	for (size_t row = 0; row < cohort->rows; row++) {
		uint8_t part = cohort->part[row];
		if (part >= COHORT_PARTS)
			return STATUS_INVALID;
		rows[part] += 1.0;
		failed[part] += cohort->bad[row];
		if (part >= count)
			count = part + 1u;
	}
	*ret_parts = (struct curve_parts){.count = count, .smoothing = options->smoothing, .trust = options->trust};
	for (size_t part = 0; part < count; part++) {
		if (failed[part] < 1.0 || failed[part] > rows[part] - 1.0)
			return STATUS_INVALID;
		ret_parts->rate[part] = failed[part] / rows[part];
	}
	return count > 0 ? STATUS_OK : STATUS_INVALID;
}

static void pool_add(struct pool *to, const struct pool *from)
{
	for (size_t part = 0; part < COHORT_PARTS; part++)
		to->count[part] += from->count[part];
	to->failed += from->failed;
	to->expected += from->expected;
}

static void count_rows(const struct cohort *cohort, const uint8_t *codes, const struct curve_parts *parts,
                       struct counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	for (size_t row = 0; row < cohort->rows; row++) {
		struct pool *bin = &counts->bins[codes[row]];
		bin->count[cohort->part[row]] += 1.0;
		bin->failed += cohort->bad[row];
		bin->expected += parts->rate[cohort->part[row]];
	}
	for (size_t code = 1; code < CURVE_CELLS; code++)
		pool_add(&counts->known, &counts->bins[code]);
}

/*
 * The shift of the parts' log-odds of failing that explains the pool's
 * failures, "extra" companies failing as at shift "toward" mixed in. Newton's
 * method in bounded steps; the sum rises with the shift.
 */
static double find_shift(const struct pool *pool, const struct curve_parts *parts, double extra, double toward)
{
	double total = 0;
	double shift = toward;

	for (size_t part = 0; part < parts->count; part++)
		total += pool->count[part];
	for (int i = 0; total > 0 && i < MAX_STEPS; i++) {
		double excess = -pool->failed;
		double slope = 0;
		for (size_t part = 0; part < parts->count; part++) {
			double odds = num_log(parts->rate[part] / (1.0 - parts->rate[part]));
			double mixed = extra * pool->count[part] / total;
			double rate = num_logistic(odds + shift);
			excess += (pool->count[part] + mixed) * rate - mixed * num_logistic(odds + toward);
			slope += (pool->count[part] + mixed) * rate * (1.0 - rate);
		}
		double step = excess / (slope > EXACT ? slope : EXACT);
		step = step > LARGEST ? LARGEST : step < -LARGEST ? -LARGEST : step;
		shift -= step;
		if (step < EXACT && step > -EXACT)
			break;
	}
	return shift;
}

/* Companies that stand for the smoothing's failures at the pool's average rate. */
static double extra_companies(const struct pool *pool, const struct curve_parts *parts)
{
	double total = 0;

	for (size_t part = 0; part < parts->count; part++)
		total += pool->count[part];
	return pool->expected > 0 ? parts->smoothing * total / pool->expected : 0;
}

/* One shift for each run of bins of the same pooled rate; "known" is the shift of all of them. */
static void shift_pools(const struct counts *counts, const double *rates, double known, const struct curve_parts *parts,
                        double *shifts)
{
	size_t bins = counts->bin_count;
	size_t end;

	for (size_t first = 1; first <= bins; first = end) {
		struct pool pool = {0};
		for (end = first; end <= bins && rates[end] == rates[first]; end++)
			pool_add(&pool, &counts->bins[end]);
		double shift = find_shift(&pool, parts, extra_companies(&pool, parts), known);
		for (size_t code = first; code < end; code++)
			shifts[code] = shift;
	}
}

void curve_make(const struct cohort *cohort, const uint8_t *codes, size_t bins, const struct curve_parts *parts,
                double ret_curve[CURVE_CELLS])
{
	struct counts counts;
	double rates[CURVE_CELLS] = {0};
	double weights[CURVE_CELLS] = {0};
	double shifts[CURVE_CELLS] = {0};

	memset(ret_curve, 0, CURVE_CELLS * sizeof(*ret_curve));
	count_rows(cohort, codes, parts, &counts);
	if (counts.known.expected <= 0 || bins < 2)
		return;
	for (size_t code = 1; code <= bins; code++) {
		weights[code] = counts.bins[code].expected > EXACT ? counts.bins[code].expected : EXACT;
		rates[code] = counts.bins[code].failed / weights[code];
	}
	bins_never_rise(rates + 1, weights + 1, bins);
	double known = find_shift(&counts.known, parts, 0, 0);
	counts.bin_count = bins;
	shift_pools(&counts, rates, known, parts, shifts);
	bins_never_rise(shifts + 1, weights + 1, bins); /* smoothing may have crossed neighbours */
	for (size_t code = 1; code <= bins; code++)
		ret_curve[code] = (1.0 - parts->trust) * known - shifts[code];
}
