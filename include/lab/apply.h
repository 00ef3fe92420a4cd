/* SPDX-License-Identifier: MIT */
#ifndef LAB_APPLY_H
#define LAB_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "core/scorecard.h"

/*
 * A scorecard over columns: what scorecard_eval() says of a company's facts,
 * at a million rows a second. Every sum of points a card can reach is
 * tabulated once with its PD and score.
 */
struct apply_grade {
	int32_t pd_ppm;
	int32_t score;
};

struct apply {
	const struct model *model; /* borrowed */
	int32_t least;             /* points of the first grade */
	int32_t most;
	struct apply_grade *grades;
};

/*
 * "shift" is added to the log-odds of failing, in millionths: a base-rate
 * shift. STATUS_TOO_LARGE: the card spans more than 2,000,000 points.
 */
enum status apply_init(struct apply *apply, const struct model *model, int64_t shift) MUST_CHECK;
void apply_finish(struct apply *apply);
/* Points of one company; values[i] for characteristic i, COHORT_UNKNOWN where not known. */
int32_t apply_points(const struct apply *apply, const int64_t *values);
/* What is left of the points of each kind of evidence, as evidence_shares() says; a file tells no ages. */
void apply_shares(const struct apply *apply, const int64_t *values, int64_t ret_shares[MAX_EVIDENCE]);
/* PD and score of points that apply_points() returned. */
struct apply_grade apply_grade(const struct apply *apply, int32_t points);
/* Whether less is known than the model asks for: never green. */
bool apply_thin(const struct apply *apply, const int64_t *values);
/* The share of the card's range of points whose inputs are known, in millionths. */
int32_t apply_known(const struct apply *apply, const int64_t *values);

#endif
