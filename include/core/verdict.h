/* SPDX-License-Identifier: MIT */
#ifndef CORE_VERDICT_H
#define CORE_VERDICT_H

#include "base/json_out.h"
#include "core/decision.h"

/* What a shop acts upon: two decisions that agree in it are one to its buyer. */
struct verdict {
	enum outcome outcome;
	uint8_t count;
	struct {
		struct slice id; /* borrowed */
		bool allowed;
	} methods[MAX_METHODS];
};

/* Borrows the policy's ids. */
void verdict_of(const struct decision *decision, struct verdict *ret_verdict);
/* The same outcome and the same methods allowed, in whatever order; a method that is not there is not allowed. */
bool verdict_same(const struct verdict *a, const struct verdict *b);
/* As a member: {"outcome": ..., "payment_methods": [{"id": ..., "allowed": ...}]}. */
void verdict_put(struct json_out *out, const char *name, const struct verdict *verdict);

#endif
