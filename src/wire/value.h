/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_VALUE_H
#define SRC_WIRE_VALUE_H

#include "core/decision.h"
#include "load.h"

/*
 * Readers of one value of a text this program wrote (a record). NULL is a missing value; every fault is
 * kept in load, and *ret_... is then unchanged.
 */
void value_text(struct load *load, const json_t *value, struct slice *ret_text);
void value_bool(struct load *load, const json_t *value, bool *ret_value);
void value_int64(struct load *load, const json_t *value, int64_t *ret_value);
void value_int32(struct load *load, const json_t *value, int32_t *ret_value);
void value_day(struct load *load, const json_t *value, int32_t *ret_day); /* null: DATE_NONE */
void value_instant(struct load *load, const json_t *value, int64_t *ret_ms);
void value_reason(struct load *load, const json_t *value, enum reason *ret_reason);
void value_reasons(struct load *load, const json_t *value, size_t cap, enum reason *ret_reasons, uint8_t *ret_count);
void value_currency(struct load *load, const json_t *value, struct currency *ret_currency);
void value_outcome(struct load *load, const json_t *value, enum outcome *ret_value);
void value_light(struct load *load, const json_t *value, enum light *ret_value);
void value_freshness(struct load *load, const json_t *value, enum freshness *ret_value);
void value_recommendation(struct load *load, const json_t *value, enum recommendation *ret_value);
void value_match(struct load *load, const json_t *value, enum match_kind *ret_value);
void value_outage_rule(struct load *load, const json_t *value, enum outage_rule *ret_value);
void value_customer(struct load *load, const json_t *value, enum customer_class *ret_value);
void value_source_state(struct load *load, const json_t *value, enum source_state *ret_value);

/* Reads the member "name" of object by one of the readers above. */
#define VALUE_MEMBER(load, object, name, reader, ret)                     \
	do {                                                              \
		size_t mark_ = load_enter((load), (name));                \
		reader((load), json_object_get((object), (name)), (ret)); \
		load_leave((load), mark_);                                \
	} while (0)

#define VALUE_OPTIONAL(load, object, name, reader, ret)                        \
	do {                                                                   \
		if (json_object_get((object), (name)))                         \
			VALUE_MEMBER((load), (object), (name), reader, (ret)); \
	} while (0)

#endif
