/* SPDX-License-Identifier: MIT */
#ifndef SRC_CORE_RULING_H
#define SRC_CORE_RULING_H

#include "core/decision.h"

/* Why, each reason once, in the order of the rules. */
struct why {
	uint8_t count;
	enum reason reasons[MAX_REASONS];
};

/* The company as a whole, before any payment method is looked at. */
struct ruling {
	enum policy_action action;
	struct why why;            /* of a review or a refusal */
	const struct facts *facts; /* those that count: the company's own, or none */
	bool identified;
	bool vouched;         /* on the allow list */
	bool outage;          /* a source that is required says nothing */
	bool blind;           /* so do all others: nothing is known of the company, for or against it */
	bool unjudged;        /* nothing is known that a score could rest on, and the policy does not allow that */
	enum reason no_limit; /* why there is none whatever the caps say; REASON_NONE */
	int64_t amount;       /* of the order, in the limit's currency */
};

/* Each reason once; a full list keeps what it has. */
void why_add(struct why *why, enum reason reason);

/* Rules 1 to 7 of decision_make(): fills *ret_ruling and the company's part of *decision. */
void ruling_make(const struct decision_input *in, struct decision *decision, struct ruling *ret_ruling);

#endif
