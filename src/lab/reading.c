/* SPDX-License-Identifier: MIT */
#include "lab/reading.h"

#include <stddef.h>

#include "base/date.h"
#include "core/fact_code.h"

#define DIGITS_KEPT 18    /* of a number; later ones only tell whether it is whole */
#define EXPONENT    1000  /* beyond, any number is clamped or zero */
#define CENTS       10000 /* millionths of an EUR in a cent */
#define MILLIONTHS  1000000
#define LARGEST     (INT64_MAX - 1) /* INT64_MAX ends the last bin */

static const char *const UNKNOWN[] = {"nan", "-nan", "na",   "n/a",  "null",     "none",      "-",
                                      "?",   "inf",  "-inf", "+inf", "infinity", "-infinity", "#div/0!"};
static const char *const FAILED[] = {"1", "true", "yes", "ja", "failed", "bad", "1.0"};
static const char *const SOUND[] = {"0", "false", "no", "nein", "alive", "good", "0.0"};

/* A decimal number on its way: mantissa * 10^exponent, and whether digits were dropped. */
struct decimal {
	uint64_t mantissa;
	int exponent;
	int digits;
	bool negative;
	bool more;
};

static bool is_one_of(struct slice text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq_nocase(text, slice_cstr(words[i])))
			return true;
	return false;
}

static void add_digit(struct decimal *decimal, int digit, bool behind_point)
{
	if (decimal->digits < DIGITS_KEPT) {
		decimal->mantissa = decimal->mantissa * 10 + (uint64_t)digit;
		decimal->digits += decimal->mantissa > 0;
		decimal->exponent -= behind_point;
		return;
	}
	decimal->more |= digit != 0;
	decimal->exponent += !behind_point;
}

/* Optional sign and digits behind the "e"; false when there are none. */
static bool read_exponent(struct slice text, struct decimal *decimal)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	size_t i = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+') ? 1 : 0;
	int value = 0;

	if (i == text.len)
		return false;
	for (; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		if (value < EXPONENT)
			value = value * 10 + (text.ptr[i] - '0');
	}
	decimal->exponent += negative ? -value : value;
	return true;
}

static bool read_decimal(struct slice text, char point, struct decimal *ret_decimal)
{
	struct decimal decimal = {0};
	bool behind_point = false;
	bool any = false;
	size_t i = 0;

	if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
		decimal.negative = text.ptr[0] == '-';
		i = 1;
	}
	for (; i < text.len; i++) {
		char c = text.ptr[i];
		if (c >= '0' && c <= '9') {
			add_digit(&decimal, c - '0', behind_point);
			any = true;
		} else if (c == point && !behind_point) {
			behind_point = true;
		} else {
			break;
		}
	}
	*ret_decimal = decimal;
	if (!any || i == text.len)
		return any;
	return (text.ptr[i] == 'e' || text.ptr[i] == 'E') &&
	       read_exponent((struct slice){text.ptr + i + 1, text.len - i - 1}, ret_decimal);
}

/* Toward minus infinity. */
static int64_t scale_decimal(const struct decimal *decimal)
{
	uint64_t value = decimal->mantissa;
	int shift = decimal->exponent + 6;
	bool more = decimal->more;

	for (; shift > 0 && value > 0 && value <= LARGEST / 10; shift--)
		value *= 10;
	if (shift > 0 && value > 0)
		value = LARGEST;
	for (; shift < 0 && value > 0; shift++) {
		more |= value % 10 != 0;
		value /= 10;
	}
	more |= shift < 0 && decimal->mantissa > 0;
	if (value >= LARGEST)
		return decimal->negative ? -LARGEST : LARGEST;
	return decimal->negative ? -(int64_t)value - more : (int64_t)value;
}

enum reading reading_millionths(struct slice text, bool comma, int64_t *ret_value)
{
	struct decimal decimal;

	*ret_value = COHORT_UNKNOWN;
	text = slice_trim(text);
	if (text.len == 0)
		return READING_UNKNOWN;
	if (!read_decimal(text, '.', &decimal) && !(comma && read_decimal(text, ',', &decimal)))
		return is_one_of(text, UNKNOWN, sizeof(UNKNOWN) / sizeof(UNKNOWN[0])) ? READING_UNKNOWN : READING_FAULT;
	*ret_value = scale_decimal(&decimal);
	return READING_VALUE;
}

static int64_t floor_to(int64_t value, int64_t unit)
{
	return value / unit - (value % unit < 0);
}

/* Places in a list by name, branches by number, days of the calendar. */
static enum reading read_word(enum fact_id fact, struct slice text, int64_t *ret_value)
{
	uint64_t number;
	int32_t day;
	int64_t value;

	*ret_value = COHORT_UNKNOWN;
	text = slice_trim(text);
	if (text.len == 0 || is_one_of(text, UNKNOWN, sizeof(UNKNOWN) / sizeof(UNKNOWN[0])))
		return READING_UNKNOWN;
	if (fact_unit(fact) == UNIT_DATE) {
		if (!date_parse(text, &day))
			return READING_FAULT;
		value = day;
	} else if (!fact_code_find(fact, text, &value)) {
		if (!slice_to_u64(text, &number) || number > INT32_MAX)
			return READING_FAULT;
		value = (int64_t)number;
	}
	if (!fact_valid(fact, value))
		return READING_FAULT;
	*ret_value = value;
	return READING_VALUE;
}

enum reading reading_fact(enum fact_id fact, struct slice text, bool comma, int64_t *ret_value)
{
	enum fact_unit unit = fact == FACT_NONE ? UNIT_RATIO : fact_unit(fact);

	if (unit == UNIT_CODE || unit == UNIT_DATE)
		return read_word(fact, text, ret_value);
	enum reading reading = reading_millionths(text, comma, ret_value);
	if (reading == READING_VALUE && unit != UNIT_RATIO)
		*ret_value = floor_to(*ret_value, unit == UNIT_MONEY ? CENTS : MILLIONTHS);
	return reading;
}

enum reading reading_label(struct slice text, int64_t *ret_value)
{
	text = slice_trim(text);
	*ret_value = COHORT_UNKNOWN;
	if (text.len == 0)
		return READING_UNKNOWN;
	if (is_one_of(text, FAILED, sizeof(FAILED) / sizeof(FAILED[0])))
		*ret_value = 1;
	else if (is_one_of(text, SOUND, sizeof(SOUND) / sizeof(SOUND[0])))
		*ret_value = 0;
	else
		return READING_FAULT;
	return READING_VALUE;
}
