/* SPDX-License-Identifier: MIT */
#ifndef LAB_FIT_H
#define LAB_FIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "core/scorecard.h"
#include "lab/cohort.h"

/* One input of a card to be: what it reads and which direction is the good one. */
struct fit_input {
	enum fact_id fact;             /* FACT_NONE: a column of its own name */
	char name[MAX_INPUT_NAME + 1]; /* of the fact or the column */
	bool low_is_good;
	enum reason good;
	enum reason bad;
};

struct fit_options {
	unsigned bins;    /* fine bins per input, before neighbours of equal points are joined */
	double smoothing; /* failures at the average rate mixed into each bin, against chance */
	double ridge;     /* penalty on the weight of each input */
	/*
	 * Whether values are missing by their nature (1: unknown, 0 points, is the
	 * average of all companies) or by how the sample was drawn (0: it is the
	 * average of the known ones, so that being known earns nothing).
	 */
	double trust;
	unsigned like; /* number of the part, from 1, whose companies are most like those to be judged; 0 = all alike */
	double base_rate; /* of the population the PD shall stand for; 0 = that of the cohort */
};

/*
 * Fits a scorecard: each input in monotone bins (quantiles, pooled until the
 * failure rate never rises toward the good end), their log-odds weighted by a
 * ridge logistic regression with one constant per part, and rounded to points
 * (20 double the odds, 600 are odds of 50:1). Unknown is 0 points: the
 * average of all companies. The result has no id, version and score table
 * yet. Rows may stand in any order. STATUS_INVALID: a part without a failed
 * or without a sound company, or no input with two distinct values.
 */
enum status fit(const struct cohort *cohort, const struct fit_input *inputs, const struct fit_options *options,
                struct model *ret_model) MUST_CHECK;

/* Defaults for a cohort of this many failed companies: few bins and a strong ridge when there are few. */
void fit_defaults(size_t failed, struct fit_options *ret_options);

/* Orders the rows by their content, so that a file's order cannot matter. */
enum status fit_sort(struct cohort *cohort) MUST_CHECK;

#endif
