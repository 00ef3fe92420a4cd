/* SPDX-License-Identifier: MIT */
#ifndef LAB_CURVE_H
#define LAB_CURVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "bins.h"
#include "lab/cohort.h"
#include "lab/fit.h"

#define CURVE_CELLS (BINS_EDGES + 2) /* unknown and the most bins */

/* The parts of a cohort (files, countries), each with its own failure rate. */
struct curve_parts {
	size_t count;
	double rate[COHORT_PARTS];
	double smoothing; /* failures mixed into each bin */
	double trust;     /* see fit_options */
};

/* STATUS_INVALID when a part has no failed or no sound company. */
enum status curve_parts(const struct cohort *cohort, const struct fit_options *options,
                        struct curve_parts *ret_parts) MUST_CHECK;

/*
 * Log-odds of being good by code (1..bins, worst first), never falling;
 * ret_curve[0] is the 0 of unknown, which stands for the average of all
 * companies of the part (trust 1), of the known ones (trust 0) or between. Bins lean toward the average of the known
 * ones by the smoothing, all the more the fewer companies they hold.
 */
void curve_make(const struct cohort *cohort, const uint8_t *codes, size_t bins, const struct curve_parts *parts,
                double ret_curve[CURVE_CELLS]);

#endif
