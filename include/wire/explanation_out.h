/* SPDX-License-Identifier: MIT */
#ifndef WIRE_EXPLANATION_OUT_H
#define WIRE_EXPLANATION_OUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/explanation.h"
#include "wire/record_in.h"

/* A recorded decision and why it came out so, scored again from the facts recorded with it. */
struct explanation_view {
	const struct record *record;
	bool exact; /* the model given is the one that decided: the same points came out */
	struct score score;
	struct explanation explanation;
};

/*
 * Scores the record's facts again by this model and these event rules. When
 * that is another model than the one that decided, "exact" is false and the
 * reasons recorded then are told instead, without borders. The record's facts
 * are derived as of its day.
 */
void explanation_view_make(struct record *record, const struct model *model, const struct event_rules *rules,
                           struct explanation_view *ret_view);
/* The body of GET /v1/decisions/{id}/explanation; its "statement" is explanation_out_text(). */
void explanation_out_json(const struct explanation_view *view, enum lang lang, struct buf *out);
/*
 * A statement that can be handed to the company concerned: what was decided,
 * what was used and where from, how it weighed, what is unknown, and who to
 * ask for a review by a human being. Lines ended by \n.
 */
void explanation_out_text(const struct explanation_view *view, enum lang lang, struct buf *out);

#endif
