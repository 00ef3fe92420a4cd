/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPLANATION_H
#define CORE_EXPLANATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/scorecard.h"

#define EXPLANATION_ITEMS 4

/* What one input did to the points, and what would change it. */
struct explanation_item {
	enum reason reason;
	enum fact_id fact;
	int64_t value;
	int32_t points; /* against an unknown value */
	int32_t lost;   /* against the best value there is */
	int32_t gain;   /* more points beyond the border; 0: there is no border (best already, or no number) */
	int64_t border; /* of the nearest better bin, in the fact's unit */
	bool below;     /* better below the border, not from it on */
};

/* Why a score is what it is. Unknown inputs stand apart: they are nobody's fault and cost nothing. */
struct explanation {
	uint8_t cost_count;
	struct explanation_item costs[EXPLANATION_ITEMS]; /* most points lost first */
	uint8_t strength_count;
	struct explanation_item strengths[EXPLANATION_ITEMS]; /* most points won first */
	uint8_t unknown_count;
	enum fact_id unknown[MAX_CHARACTERISTICS];
};

/* The score must be the model's own, see scorecard_eval(). */
void explanation_make(const struct model *model, const struct score *score, struct explanation *ret_explanation);

#endif
