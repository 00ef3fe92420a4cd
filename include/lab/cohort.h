/* SPDX-License-Identifier: MIT */
#ifndef LAB_COHORT_H
#define LAB_COHORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define COHORT_UNKNOWN INT64_MIN
#define COHORT_PARTS   8 /* most files one card is fitted on */

/*
 * Labelled companies: a row of input values in millionths (COHORT_UNKNOWN
 * where a value is not known) and whether the company failed. Grows by
 * doubling; the memory is the cohort's own.
 */
struct cohort {
	size_t inputs;
	size_t rows;
	size_t cap;
	int64_t *values; /* [row * inputs + input] */
	uint8_t *bad;    /* 1 = failed */
	uint8_t *part;   /* number of the file it came from */
	uint64_t *group; /* rows of one company share it, and are kept together in cross-validation */
};

void cohort_init(struct cohort *cohort, size_t inputs);
void cohort_finish(struct cohort *cohort);
/* A copy of "values" (cohort->inputs of them) becomes the last row. */
enum status cohort_add(struct cohort *cohort, const int64_t *values, bool bad, uint8_t part, uint64_t group) MUST_CHECK;
size_t cohort_bad(const struct cohort *cohort);
/* The rows whose fold is (keep) or is not (!keep) "fold", in their order. The copy is the caller's. */
enum status cohort_split(const struct cohort *cohort, const uint8_t *folds, uint8_t fold, bool keep,
                         struct cohort *ret_copy) MUST_CHECK;
/*
 * Assigns each row to one of "count" folds, 2..20: groups whole, failed and
 * sound companies of each part spread evenly, by the seed.
 */
enum status cohort_folds(const struct cohort *cohort, unsigned count, uint64_t seed, uint8_t *ret_folds) MUST_CHECK;

#endif
