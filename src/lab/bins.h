/* SPDX-License-Identifier: MIT */
#ifndef LAB_BINS_H
#define LAB_BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BINS_EDGES 126 /* most borders of one input before bins are merged */

/*
 * Borders of one input, rising: a value belongs to the bin above every border
 * it is not below. Codes count from 1 in the order from worst to best, 0 is
 * unknown.
 */
struct bins {
	bool low_is_good;
	size_t edges;
	int64_t edge[BINS_EDGES];
};

/*
 * Borders at equal shares of the known values ("sorted", rising), rounded to
 * three leading digits so that people can read them; bins of fewer than
 * "least" values are joined with the next.
 */
void bins_make(const int64_t *sorted, size_t count, size_t wanted, size_t least, struct bins *bins);
uint8_t bins_code(const struct bins *bins, int64_t value);
/*
 * Replaces rates[0..count-1] by the closest that never rise (pool adjacent
 * violators), each weighing weights[i] > 0.
 */
void bins_never_rise(double *rates, const double *weights, size_t count);

#endif
