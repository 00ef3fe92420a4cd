/* SPDX-License-Identifier: MIT */
#include "value.h"

#include "base/date.h"

void value_text(struct load *load, const json_t *value, struct slice *ret_text)
{
	if (json_is_string(value))
		*ret_text = load_slice(value);
	else
		load_fault(load, "must be a text");
}

void value_bool(struct load *load, const json_t *value, bool *ret_value)
{
	if (json_is_boolean(value))
		*ret_value = json_is_true(value);
	else
		load_fault(load, "must be true or false");
}

void value_int64(struct load *load, const json_t *value, int64_t *ret_value)
{
	if (json_is_integer(value))
		*ret_value = json_integer_value(value);
	else
		load_fault(load, "must be a whole number");
}

void value_int32(struct load *load, const json_t *value, int32_t *ret_value)
{
	int64_t wide = 0;

	value_int64(load, value, &wide);
	if (wide < INT32_MIN || wide > INT32_MAX)
		load_fault(load, "is out of range");
	else
		*ret_value = (int32_t)wide;
}

void value_day(struct load *load, const json_t *value, int32_t *ret_day)
{
	if (json_is_null(value))
		*ret_day = DATE_NONE;
	else if (!json_is_string(value) || !date_parse(load_slice(value), ret_day))
		load_fault(load, "must be a day");
}

void value_instant(struct load *load, const json_t *value, int64_t *ret_ms)
{
	if (!json_is_string(value) || !date_parse_instant(load_slice(value), ret_ms))
		load_fault(load, "must be an instant");
}

void value_reason(struct load *load, const json_t *value, enum reason *ret_reason)
{
	enum reason reason = json_is_string(value) ? reason_find(load_slice(value)) : REASON_NONE;

	if (reason == REASON_NONE)
		load_fault(load, "must be a reason code");
	else
		*ret_reason = reason;
}

void value_reasons(struct load *load, const json_t *value, size_t cap, enum reason *ret_reasons, uint8_t *ret_count)
{
	if (!load_array(load, value, cap))
		return;
	for (size_t i = 0; i < json_array_size(value); i++) {
		size_t mark = load_enter_item(load, i);

		value_reason(load, json_array_get(value, i), &ret_reasons[i]);
		load_leave(load, mark);
	}
	*ret_count = (uint8_t)json_array_size(value);
}

void value_currency(struct load *load, const json_t *value, struct currency *ret_currency)
{
	if (!json_is_string(value) || !money_currency(load_slice(value), ret_currency, NULL))
		load_fault(load, "must be a currency code");
}

/* Reads a word by the function that writes it, so that the two cannot drift apart. */
#define WORD_READER(reader, type, last, name_of)                                                                \
	void reader(struct load *load, const json_t *value, enum type *ret_value)                               \
	{                                                                                                       \
		for (int i = 0; i <= (int)(last); i++) {                                                        \
			if (!json_is_string(value) || !slice_eq_cstr(load_slice(value), name_of((enum type)i))) \
				continue;                                                                       \
			*ret_value = (enum type)i;                                                              \
			return;                                                                                 \
		}                                                                                               \
		load_fault(load, "is none of the words of this member");                                        \
	}

WORD_READER(value_outcome, outcome, OUTCOME_APPROVE, outcome_name)
WORD_READER(value_light, light, LIGHT_GREEN, light_name)
WORD_READER(value_freshness, freshness, FRESHNESS_FALLBACK, freshness_name)
WORD_READER(value_recommendation, recommendation, RECOMMEND_RELEASE, recommendation_name)
WORD_READER(value_match, match_kind, MATCH_EXACT, match_kind_name)
WORD_READER(value_outage_rule, outage_rule, OUTAGE_ALLOW_UP_TO, outage_rule_name)
WORD_READER(value_customer, customer_class, CUSTOMER_CLASS_COUNT - 1, customer_class_name)
WORD_READER(value_source_state, source_state, SOURCE_UNAVAILABLE, source_state_name)
