/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEAD_H
#define CORE_LEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/decision.h"

enum lead_priority { LEAD_LOW, LEAD_MEDIUM, LEAD_HIGH }; /* rising: comparable */

#define LEAD_WHY 5

/* What sales wants to know of a company before there is an order. */
struct lead {
	enum lead_priority priority;
	bool invoice;        /* offer invoice; false: prepayment */
	int64_t first_limit; /* most of a first order on credit, minor units of the limit's currency */
	uint8_t why_count;
	struct lead_why {
		enum reason reason;
		int32_t points; /* 0: no points, a rule or a hard stop */
	} why[LEAD_WHY];        /* what decided, then the largest effects */
};

/*
 * Pure: weighs a decision made for an order that any credit method would
 * take. High: green and approved. Low: refused, or red and nobody could
 * change that. Medium: the rest, where a person, a deposit or a smaller
 * limit makes the difference.
 */
void lead_weigh(const struct decision *decision, struct lead *ret_lead);

const char *lead_priority_name(enum lead_priority priority); /* "high" */
const char *lead_priority_text(enum lead_priority priority, enum lang lang);
/* What to offer in a sentence: invoice or prepayment. */
const char *lead_hint_text(bool invoice, enum lang lang);

#endif
