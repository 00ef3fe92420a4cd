/* SPDX-License-Identifier: MIT */
#ifndef CORE_PAYMENT_H
#define CORE_PAYMENT_H

#include <stdbool.h>
#include <stdint.h>

/* One invoice of a company. */
struct payment {
	int64_t amount; /* minor units, > 0; others tell nothing */
	int32_t due;    /* day */
	int32_t paid;   /* day, DATE_NONE = open */
};

/*
 * A company's payment history as it is added up: days beyond terms weighed by
 * amount, a payment counting half after each 180 days. An open invoice that is
 * overdue is late already, by the days since it was due; one that is not due
 * yet tells nothing. Early days count as far as 30, late ones as far as 365.
 * Zeroed = nothing known.
 */
struct payment_history {
	uint64_t weight; /* amounts, faded */
	int64_t days;    /* weight times days, in whole units of weight */
	uint32_t paid;
	uint32_t overdue;
	int32_t last; /* youngest day that told something */
};

void payment_add(struct payment_history *history, const struct payment *payment, int32_t today);
/* False when nothing is known. Mean days beyond terms, rounded; early payment is 0. */
bool payment_days(const struct payment_history *history, int32_t *ret_days);
/*
 * 0 to 100 on the scale that trade payment indices share: 100 is 30 days
 * early, 80 on the day, 70 15, 60 22, 50 30, 40 60, 30 90, 20 120 days late;
 * linear between, 0 from 180 days on. False when nothing is known.
 */
bool payment_index(const struct payment_history *history, int32_t *ret_index);

#endif
