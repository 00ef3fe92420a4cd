/* SPDX-License-Identifier: MIT */
#ifndef CORE_LIMIT_H
#define CORE_LIMIT_H

#include <stdint.h>

#include "base/money.h"
#include "core/policy.h"
#include "core/scorecard.h"

struct credit_limit {
	struct currency currency;
	int64_t total;           /* minor units, >= 0 */
	int64_t exposure;        /* open orders and invoices */
	int64_t available;       /* total - exposure, >= 0 */
	int64_t per_order;       /* <= total */
	enum reason bound_by[4]; /* the caps that bound the total, then the per-order cap */
	uint8_t bound_count;
};

/*
 * The smallest cap that applies, rounded down to a commercial step (two
 * leading digits: 12,345.67 -> 12,000.00). Zero for red and for hard stops.
 */
void limit_make(const struct limit_rules *rules, const struct facts *facts, const struct score *score, enum light light,
                int64_t exposure, struct credit_limit *ret_limit);
int64_t limit_round(int64_t minor);

#endif
