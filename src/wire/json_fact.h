/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_FACT_H
#define SRC_WIRE_JSON_FACT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/facts.h"

/* How a provider writes a number. */
enum json_scale {
	JSON_SCALE_OWN,      /* the fact's own: EUR with decimals, a fraction, whole days, a count, an ISO date */
	JSON_SCALE_CENT,     /* money in minor units */
	JSON_SCALE_THOUSAND, /* money in thousands of EUR */
	JSON_SCALE_PERCENT   /* a ratio in percent */
};

/*
 * The fact's value of a JSON number, or of a string that is nothing but a
 * decimal number, an ISO date or a code's name. NULL, or a static text why
 * not: "Not Rated" where a number is expected is unknown, never zero.
 */
const char *json_fact_value(enum fact_id fact, enum json_scale scale, const json_t *value, int64_t *ret_value);

/* "-12.3456789" in millionths; what is behind the sixth place is cut. False when it is anything else. */
bool json_fact_decimal(struct slice text, int64_t *ret_millionths);

/* RFC 6901; NULL when it leads nowhere. "" is the root itself. */
json_t *json_fact_at(json_t *root, struct slice pointer);

#endif
