/* SPDX-License-Identifier: MIT */
#ifndef CORE_EVIDENCE_H
#define CORE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"

#define EVIDENCE_FULL 1000000 /* a share of 1 */

/* From this age on, a fact keeps this share of its points. */
struct evidence_age {
	int32_t days;
	int32_t share_ppm;
};

/*
 * A kind of evidence, such as annual accounts or a bureau's index. Points are
 * log-odds, and log-odds of independent evidence add up; evidence that
 * repeats what other evidence says counts less beside it.
 */
struct evidence {
	char id[MAX_INPUT_NAME + 1];
	int32_t weight_ppm;               /* on all its points */
	int32_t beside_ppm[MAX_EVIDENCE]; /* further weight while that evidence is known; EVIDENCE_FULL = independent */
	bool optional;                    /* usual to be unknown: no part of the known share */
	uint8_t age_count;                /* days rising, shares falling; linear between, flat beyond */
	struct evidence_age ages[MAX_AGES]; /* by the day of the fact */
};

/*
 * The share each evidence keeps: its weight, times "beside" for every other
 * one of which at least one input is known (bits of known).
 */
void evidence_shares(const struct evidence *list, uint8_t count, uint32_t known, int64_t ret_shares[MAX_EVIDENCE]);
/* The share that is left at this age; an unknown age (negative) is none. */
int64_t evidence_age_share(const struct evidence *evidence, int64_t days);
/* Points times a share in millionths, halves away from zero. */
int32_t evidence_weigh(int32_t points, int64_t share_ppm);
/* NULL, or which member of the list's item breaks a promise. */
const char *evidence_check(const struct evidence *evidence, uint8_t count);

#endif
