/* SPDX-License-Identifier: MIT */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Money is int64 minor units (cents) and an ISO 4217 code. */
struct currency {
	char code[4]; /* three capitals and NUL; "" = none */
};

#define MONEY_MILLION INT64_C(1000000) /* 1.0 as a ratio in millionths */

/*
 * True for a code of the active ISO 4217 list that has two minor digits or
 * another number of them; ret_minor_digits may be NULL.
 */
bool money_currency(struct slice code, struct currency *ret_currency, unsigned *ret_minor_digits);
bool money_same_currency(struct currency a, struct currency b);
/* amount * ratio / 1e6 through 128 bits, toward zero, clamped to int64. */
int64_t money_scale(int64_t amount, int64_t millionths);
/* numerator * 1e6 / denominator through 128 bits, toward zero, clamped;
 * false when denominator <= 0. */
bool money_ratio(int64_t numerator, int64_t denominator, int64_t *ret_millionths);
int64_t money_add(int64_t a, int64_t b); /* clamped */
int64_t money_sub(int64_t a, int64_t b); /* clamped */

#endif
