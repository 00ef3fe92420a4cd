/* SPDX-License-Identifier: MIT */
#ifndef LAB_COMPARE_H
#define LAB_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* One company as two models judged it, and what became of it. */
struct compare_row {
	int32_t a; /* points: more is better */
	int32_t b;
	uint8_t bad;
};

struct compare {
	double auc_a;
	double auc_b;
	double difference; /* auc_b - auc_a */
	double error;      /* standard deviation of the difference over the draws */
	double low;        /* 95 % of the draws' differences lie between */
	double high;
	double share_better; /* of the draws in which b is ahead, ties half */
};

/*
 * Paired bootstrap (Efron 1979): each draw takes as many failed and as many
 * sound companies as there are, with replacement, the same ones for both
 * models. The same rows in any order and the same seed give the same result.
 * Sorts the rows. STATUS_INVALID: no failed or no sound company, or no draws.
 */
enum status compare(struct compare_row *rows, size_t count, unsigned draws, uint64_t seed,
                    struct compare *ret_compare) MUST_CHECK;

#endif
