/* SPDX-License-Identifier: MIT */
#ifndef CORE_LIMIT_H
#define CORE_LIMIT_H

#include <stdint.h>

#include "base/money.h"
#include "core/policy.h"
#include "core/scorecard.h"

#define LIMIT_BOUNDS 11 /* as many caps as can bind at once */

struct credit_limit {
	struct currency currency;
	int64_t total;                      /* minor units, >= 0 */
	int64_t exposure;                   /* open orders and invoices, as given */
	int64_t available;                  /* total - exposure, 0..total */
	int64_t per_order;                  /* <= total */
	enum reason bound_by[LIMIT_BOUNDS]; /* the caps that bound the total, then the per-order cap */
	uint8_t bound_count;
};

/*
 * The smallest cap that applies, the yellow share of it while yellow, rounded
 * down to a commercial step (limit_round()). Zero for red and for hard stops,
 * and when no cap applies at all: nothing then says what is bearable. A share
 * of a negative figure is zero. Every cap equal to the smallest is named.
 */
void limit_make(const struct limit_rules *rules, const struct facts *facts, const struct score *score, enum light light,
                int64_t exposure, struct credit_limit *ret_limit);
/* A limit that rests on one rule alone; total < 0 counts as 0. */
void limit_fixed(const struct limit_rules *rules, int64_t total, int64_t exposure, enum reason bound_by,
                 struct credit_limit *ret_limit);
/* Down to two leading digits: 12,345.67 -> 12,000.00; below 100 minor units unchanged, negative is 0. */
int64_t limit_round(int64_t minor);

#endif
