/* SPDX-License-Identifier: MIT */
#ifndef LAB_SAMPLE_H
#define LAB_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define SAMPLE_UNKNOWN INT64_MIN
#define SAMPLE_PARTS   8 /* most files one card is fitted on */

/*
 * Labelled companies: a row of input values in millionths (SAMPLE_UNKNOWN
 * where a value is not known) and whether the company failed. Grows by
 * doubling; the memory is the sample's own.
 */
struct sample {
	size_t inputs;
	size_t rows;
	size_t cap;
	int64_t *values; /* [row * inputs + input] */
	uint8_t *bad;    /* 1 = failed */
	uint8_t *part;   /* number of the file it came from */
	uint64_t *group; /* rows of one company share it, and are kept together in cross-validation */
};

void sample_init(struct sample *sample, size_t inputs);
void sample_finish(struct sample *sample);
/* A copy of "values" (sample->inputs of them) becomes the last row. */
enum status sample_add(struct sample *sample, const int64_t *values, bool bad, uint8_t part, uint64_t group) MUST_CHECK;
size_t sample_bad(const struct sample *sample);
/* The rows whose fold is (keep) or is not (!keep) "fold", in their order. The copy is the caller's. */
enum status sample_split(const struct sample *sample, const uint8_t *folds, uint8_t fold, bool keep,
                         struct sample *ret_copy) MUST_CHECK;
/*
 * Assigns each row to one of "count" folds, 2..20: groups whole, failed and
 * sound companies of each part spread evenly, by the seed.
 */
enum status sample_folds(const struct sample *sample, unsigned count, uint64_t seed, uint8_t *ret_folds) MUST_CHECK;

#endif
