/* SPDX-License-Identifier: MIT */
#ifndef LAB_VALIDATE_H
#define LAB_VALIDATE_H

#include <stdint.h>

#include "base/status.h"
#include "lab/fit.h"
#include "lab/measure.h"

struct validate_options {
	unsigned folds; /* 2..20 */
	uint64_t seed;
	void (*tell)(void *ctx, unsigned done); /* after each fold; NULL = nobody listens */
	void *ctx;
};

/*
 * Cross-validation: each company is judged by a card, points rounded as in
 * use, that was fitted without its fold. STATUS_INVALID: a fold leaves a part
 * without failed companies. With several parts the figures are the first
 * part's; ret_parts holds one measure for each.
 */
enum status validate(const struct cohort *cohort, const struct fit_input *inputs, const struct fit_options *fitting,
                     const struct validate_options *options, struct measure ret_parts[COHORT_PARTS]) MUST_CHECK;

/* What a fitted card says of the cohort's companies, one row each. The rows are the caller's memory. */
enum status validate_apply(const struct model *model, const struct cohort *cohort, const struct fit_input *inputs,
                           struct measure_row *ret_rows) MUST_CHECK;

#endif
