/* SPDX-License-Identifier: MIT */
#include "json_fact.h"

#include "base/date.h"
#include "base/money.h"
#include "core/fact_code.h"
#include "core/legal_form.h"

#define PLACES  6
#define MOST    INT64_C(9000000000000) /* whole units: as millionths they fit an int64 */
#define CENTS   100
#define PERCENT 100

static bool real_millionths(double real, int64_t *ret_millionths)
{
	if (!(real <= (double)MOST && real >= -(double)MOST))
		return false;
	*ret_millionths = (int64_t)(real * 1e6 + (real < 0 ? -0.5 : 0.5));
	return true;
}

static bool read_millionths(const json_t *value, int64_t *ret_millionths)
{
	if (json_is_integer(value)) {
		int64_t whole = json_integer_value(value);

		if (whole > MOST || whole < -MOST)
			return false;
		*ret_millionths = whole * MONEY_MILLION;
		return true;
	}
	if (json_is_real(value))
		return real_millionths(json_real_value(value), ret_millionths);
	if (!json_is_string(value))
		return false;
	return json_fact_decimal((struct slice){json_string_value(value), json_string_length(value)}, ret_millionths);
}

static int64_t divide_rounded(int64_t value, int64_t by)
{
	return (value + (value < 0 ? -by / 2 : by / 2)) / by;
}

static const char *read_whole(const json_t *value, int64_t *ret_value)
{
	int64_t millionths;

	if (!read_millionths(value, &millionths))
		return "is no number";
	if (millionths % MONEY_MILLION != 0)
		return "is no whole number";
	*ret_value = millionths / MONEY_MILLION;
	return NULL;
}

static const char *read_money(enum json_scale scale, const json_t *value, int64_t *ret_value)
{
	int64_t millionths;

	if (scale == JSON_SCALE_CENT)
		return read_whole(value, ret_value);
	if (!read_millionths(value, &millionths))
		return "is no number";
	if (scale == JSON_SCALE_THOUSAND)
		*ret_value = divide_rounded(millionths, MONEY_MILLION / CENTS / 1000);
	else
		*ret_value = divide_rounded(millionths, MONEY_MILLION / CENTS);
	return NULL;
}

static const char *read_date(const json_t *value, int64_t *ret_value)
{
	struct slice text = {json_string_value(value), json_string_length(value)};
	int32_t day;

	/* An instant counts as its own day, whatever its zone. */
	if (text.len > 10 && text.ptr[10] == 'T')
		text.len = 10;
	if (!json_is_string(value) || !date_parse(text, &day))
		return "is no date (2026-11-21)";
	*ret_value = day;
	return NULL;
}

static const char *read_code(enum fact_id fact, const json_t *value, int64_t *ret_value)
{
	struct slice text = {json_string_value(value), json_string_length(value)};

	if (fact != FACT_LEGAL_FORM && fact != FACT_REGISTER_STATUS && fact != FACT_BUREAU_SCALE)
		return read_whole(value, ret_value);
	if (!json_is_string(value))
		return "is no text";
	if (fact == FACT_BUREAU_SCALE)
		return fact_code_find(fact, text, ret_value) ? NULL : "is no scale known here";
	if (fact == FACT_REGISTER_STATUS)
		return fact_code_find(fact, text, ret_value) ? NULL : "is none of active, liquidation, deleted";
	*ret_value = legal_form_parse(text);
	return *ret_value == LEGAL_FORM_NONE ? "is no legal form known here" : NULL;
}

static const char *read_value(enum fact_id fact, enum json_scale scale, const json_t *value, int64_t *ret_value)
{
	switch (fact_unit(fact)) {
	case UNIT_MONEY:
		return read_money(scale, value, ret_value);
	case UNIT_RATIO:
		if (!read_millionths(value, ret_value))
			return "is no number";
		if (scale == JSON_SCALE_PERCENT)
			*ret_value = divide_rounded(*ret_value, PERCENT);
		return NULL;
	case UNIT_DATE:
		return read_date(value, ret_value);
	case UNIT_CODE:
		return read_code(fact, value, ret_value);
	case UNIT_DAYS:
	case UNIT_YEARS:
	case UNIT_COUNT:
		break;
	}
	return read_whole(value, ret_value);
}

bool json_fact_decimal(struct slice text, int64_t *ret_millionths)
{
	bool negative = text.len && text.ptr[0] == '-';
	struct slice fraction = {text.ptr + negative, text.len - negative}, whole = slice_cut(&fraction, '.');
	uint64_t units, part = 0, any;

	if (!slice_to_u64(whole, &units) || units > MOST || (fraction.ptr && !slice_to_u64(fraction, &any)))
		return false;
	for (size_t i = 0; i < PLACES; i++)
		part = part * 10 + (fraction.ptr && i < fraction.len ? (uint64_t)(fraction.ptr[i] - '0') : 0);
	*ret_millionths = (int64_t)(units * MONEY_MILLION + part) * (negative ? -1 : 1);
	return true;
}

const char *json_fact_value(enum fact_id fact, enum json_scale scale, const json_t *value, int64_t *ret_value)
{
	int64_t read = 0;
	const char *fault = read_value(fact, scale, value, &read);

	if (fault)
		return fault;
	if (!fact_valid(fact, read))
		return "is out of range";
	*ret_value = read;
	return NULL;
}

/* One part of a pointer with ~1 and ~0 undone; false when it is none or too long. */
static bool unescape(struct slice part, char text[MAX_POINTER + 1])
{
	size_t len = 0;

	if (part.len > MAX_POINTER)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i];

		if (c == '~') {
			if (++i == part.len || (part.ptr[i] != '0' && part.ptr[i] != '1'))
				return false;
			c = part.ptr[i] == '0' ? '~' : '/';
		}
		text[len++] = c;
	}
	text[len] = '\0';
	return true;
}

json_t *json_fact_at(json_t *root, struct slice pointer)
{
	char part[MAX_POINTER + 1];
	uint64_t index;

	if (!pointer.len)
		return root;
	if (slice_cut(&pointer, '/').len)
		return NULL;
	while (root && pointer.ptr) {
		if (!unescape(slice_cut(&pointer, '/'), part))
			return NULL;
		if (json_is_array(root))
			root = slice_to_u64(slice_cstr(part), &index) ? json_array_get(root, index) : NULL;
		else
			root = json_object_get(root, part);
	}
	return root;
}
