/* SPDX-License-Identifier: MIT */
#include "bins.h"

#include "lab/cohort.h"

#define READABLE 1000 /* three leading digits */

static int64_t round_edge(int64_t value)
{
	int64_t unit = 1;
	int64_t size = value < 0 ? -value : value;

	while (size / unit >= READABLE)
		unit *= 10;
	if (unit == 1)
		return value;
	int64_t half = unit / 2;
	return (value < 0 ? (value - half) / unit : (value + half) / unit) * unit;
}

/* How many of the sorted values are below this one. */
static size_t count_below(const int64_t *sorted, size_t count, int64_t value)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sorted[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void bins_make(const int64_t *sorted, size_t count, size_t wanted, size_t least, struct bins *bins)
{
	size_t before = 0; /* values below the last border taken */

	bins->edges = 0;
	if (wanted > BINS_EDGES + 1)
		wanted = BINS_EDGES + 1;
	for (size_t i = 1; count > 0 && i < wanted; i++) {
		int64_t edge = round_edge(sorted[count * i / wanted]);
		size_t below = count_below(sorted, count, edge);
		if (below < before + least || count - below < least)
			continue;
		if (bins->edges > 0 && edge <= bins->edge[bins->edges - 1])
			continue;
		bins->edge[bins->edges++] = edge;
		before = below;
	}
}

uint8_t bins_code(const struct bins *bins, int64_t value)
{
	size_t low = 0;
	size_t high = bins->edges;

	if (value == COHORT_UNKNOWN)
		return 0;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (bins->edge[middle] <= value)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint8_t)(bins->low_is_good ? bins->edges + 1 - low : 1 + low);
}

void bins_never_rise(double *rates, const double *weights, size_t count)
{
	double mean[BINS_EDGES + 1];
	double mass[BINS_EDGES + 1];
	size_t size[BINS_EDGES + 1];
	size_t pools = 0;

	for (size_t i = 0; i < count; i++) {
		mean[pools] = rates[i];
		mass[pools] = weights[i];
		size[pools++] = 1;
		while (pools > 1 && mean[pools - 2] < mean[pools - 1]) {
			double both = mass[pools - 2] + mass[pools - 1];
			mean[pools - 2] = (mean[pools - 2] * mass[pools - 2] + mean[pools - 1] * mass[pools - 1]) /
			                  both;
			mass[pools - 2] = both;
			size[pools - 2] += size[pools - 1];
			pools--;
		}
	}
	for (size_t pool = 0, i = 0; pool < pools; pool++)
		for (size_t k = 0; k < size[pool]; k++)
			rates[i++] = mean[pool];
}
