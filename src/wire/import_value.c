/* SPDX-License-Identifier: MIT */
#include "import_value.h"

#include <string.h>

#include "core/court.h"
#include "core/fact_code.h"
#include "core/legal_form.h"

#define MAX_RELATIVE_DAYS 40000

enum status import_refuse(struct import_fault *fault, struct slice column, const char *why)
{
	fault->why = why;
	if (column.len >= sizeof(fault->column))
		column.len = sizeof(fault->column) - 1;
	(void)slice_copy(column, fault->column, sizeof(fault->column));
	return STATUS_INVALID;
}

bool import_date(struct slice text, int32_t today, int32_t *ret_day)
{
	int64_t days;

	if (text.len > 2 && text.ptr[0] == '-' && text.ptr[text.len - 1] == 'd') {
		text.len--;
		if (!slice_to_i64(text, &days) || days < -MAX_RELATIVE_DAYS)
			return false;
		*ret_day = today + (int32_t)days;
		return true;
	}
	return date_parse(text, ret_day);
}

/* A decimal with at most "places" places as an integer of that many places. */
static bool parse_decimal(struct slice text, unsigned places, int64_t *ret_value)
{
	bool negative = text.len && text.ptr[0] == '-';
	struct slice whole, fraction;
	uint64_t value, part = 0;

	if (negative) {
		text.ptr++;
		text.len--;
	}
	fraction = text;
	whole = slice_cut(&fraction, '.');
	if (fraction.len > places || (fraction.ptr && !slice_to_u64(fraction, &part)) || !slice_to_u64(whole, &value))
		return false;
	for (unsigned i = 0; i < places; i++) {
		if (__builtin_mul_overflow(value, UINT64_C(10), &value))
			return false;
		if (i >= fraction.len)
			part *= 10;
	}
	if (__builtin_add_overflow(value, part, &value) || value > INT64_MAX)
		return false;
	*ret_value = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

static bool parse_register_status(struct slice text, int64_t *ret_value)
{
	static const struct {
		const char *name;
		enum register_status status;
	} names[] = {
	        {"active", REGISTER_STATUS_ACTIVE},
	        {"A", REGISTER_STATUS_ACTIVE},
	        {"currently registered", REGISTER_STATUS_ACTIVE},
	        {"liquidation", REGISTER_STATUS_LIQUIDATION},
	        {"deleted", REGISTER_STATUS_DELETED},
	        {"R", REGISTER_STATUS_DELETED},
	        {"removed", REGISTER_STATUS_DELETED},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!slice_eq_cstr(text, names[i].name))
			continue;
		*ret_value = names[i].status;
		return true;
	}
	return false;
}

static const char *parse_code(enum fact_id id, struct slice text, int64_t *ret_value)
{
	int64_t most = id == FACT_BRANCH ? 99 : 7;
	int64_t value;

	if (id == FACT_LEGAL_FORM) {
		value = legal_form_parse(text);
		*ret_value = value;
		return value == LEGAL_FORM_NONE ? "unknown legal form" : NULL;
	}
	if (id == FACT_BUREAU_SCALE)
		return fact_code_find(id, text, ret_value) ? NULL : "is no scale known here";
	if (id == FACT_REGISTER_STATUS)
		return parse_register_status(text, ret_value) ? NULL : "is none of active, liquidation, deleted";
	if (!slice_to_i64(text, &value) || value < 1 || value > most)
		return id == FACT_BRANCH ? "is no WZ 2008 division (1..99)" : "is no status 1..7";
	*ret_value = value;
	return NULL;
}

const char *import_fact_value(enum fact_id id, struct slice text, int32_t today, int64_t *ret_value)
{
	int32_t day;

	switch (fact_unit(id)) {
	case UNIT_MONEY:
		return parse_decimal(text, 2, ret_value) ? NULL : "is no amount with at most two decimals";
	case UNIT_RATIO:
		return parse_decimal(text, 6, ret_value) ? NULL : "is no number with at most six decimals";
	case UNIT_DAYS:
		return slice_to_i64(text, ret_value) ? NULL : "is no whole number of days";
	case UNIT_YEARS:
	case UNIT_COUNT:
		return slice_to_i64(text, ret_value) && *ret_value >= 0 ? NULL : "is no whole number from 0 up";
	case UNIT_DATE:
		if (!import_date(text, today, &day))
			return "is no date (2026-11-21 or -400d)";
		*ret_value = day;
		return NULL;
	case UNIT_CODE:
		return parse_code(id, text, ret_value);
	}
	return "cannot be imported";
}

static bool is_code_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* 20 letters and digits are an LEI; two letters before a digit begin a VAT id. */
bool import_reference(struct slice text, struct arena *arena, struct identity *ret_company)
{
	struct register_number number = {0};
	char mem[64];
	struct buf buf;

	text = slice_trim(text);
	*ret_company = (struct identity){.country = SLICE_LIT("DE")};
	if (register_number_parse(text, &number) == STATUS_OK && number.court != COURT_NONE) {
		buf_init(&buf, mem, sizeof(mem));
		register_number_put(&buf, &number);
		ret_company->court = slice_cstr(court_name(number.court));
		ret_company->register_number = arena_copy(arena, buf_view(&buf));
		ret_company->register_type = slice_cstr(register_type_name(number.type));
		return ret_company->register_number.ptr != NULL;
	}
	for (size_t i = 0; i < text.len; i++)
		if (!is_code_char(text.ptr[i]))
			return false;
	if (text.len == MAX_LEI)
		ret_company->lei = text;
	else
		ret_company->vat_id = text;
	if (text.len != MAX_LEI && text.len > 2)
		ret_company->country = (struct slice){text.ptr, 2};
	return text.len > 4;
}

bool import_register_id(struct slice text, struct identity *ret_company)
{
	size_t at = text.len, letters;

	while (at && text.ptr[at - 1] != '_')
		at--;
	if (at < 2)
		return false;
	ret_company->court = (struct slice){text.ptr, at - 1};
	text.ptr += at;
	text.len -= at;
	for (letters = 0; letters < text.len && !(text.ptr[letters] >= '0' && text.ptr[letters] <= '9');)
		letters++;
	if (!letters || letters == text.len)
		return false;
	ret_company->register_type = (struct slice){text.ptr, letters};
	ret_company->register_number = text;
	return true;
}

bool import_add(struct import_row *row, enum fact_id id, int64_t value, int32_t as_of)
{
	if (row->fact_count == MAX_FACTS)
		return false;
	row->facts[row->fact_count++] = (struct import_fact){id, value, as_of};
	return true;
}
