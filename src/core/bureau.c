/* SPDX-License-Identifier: MIT */
#include "core/bureau.h"

#include <stddef.h>

#include "core/logit.h"

#define MILLION     1000000
#define MOST_DIGITS 12

static const char *const NAMES[] = {
        [BUREAU_PD] = "pd", [BUREAU_DEFAULT] = "default", [BUREAU_UNKNOWN] = "unknown", [BUREAU_INVALID] = "invalid"};

/* Digits with at most one point or comma, as millionths. */
static bool read_number(struct slice text, int64_t *ret_value)
{
	int64_t value = 0;
	int64_t unit = MILLION; /* of the next digit, in millionths */
	bool behind = false;    /* the point */

	if (text.len == 0 || text.len > MOST_DIGITS)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if ((c == '.' || c == ',') && !behind && i > 0 && i + 1 < text.len) {
			behind = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		if (behind)
			unit /= 10;
		value = behind ? value + (c - '0') * unit : value * 10 + (c - '0') * unit;
	}
	*ret_value = value;
	return true;
}

static enum bureau_result between(const struct bureau_table *table, int64_t value, int32_t *ret_ppm)
{
	const struct bureau_point *point = table->points;
	const struct bureau_point *last = point + table->point_count - 1;

	if (table->point_count < 2 || value < point->value || value > last->value)
		return BUREAU_INVALID;
	while (point + 1 < last && value >= point[1].value)
		point++;
	int64_t low = logit_from_ppm(point[0].pd_ppm);
	int64_t high = logit_from_ppm(point[1].pd_ppm);
	__int128 part = (__int128)(high - low) * (value - point[0].value) / (point[1].value - point[0].value);
	*ret_ppm = (int32_t)logit_to_ppm(low + (int64_t)part);
	return BUREAU_PD;
}

enum bureau_result bureau_pd(const struct bureau_table *table, struct slice text, int32_t *ret_ppm)
{
	int64_t value;

	text = slice_trim(text);
	if (text.len == 0)
		return BUREAU_UNKNOWN;
	for (uint8_t i = 0; i < table->word_count; i++) {
		if (!slice_eq_nocase(text, slice_cstr(table->words[i].text)))
			continue;
		if (table->words[i].result != BUREAU_UNKNOWN)
			*ret_ppm = table->words[i].pd_ppm;
		return table->words[i].result;
	}
	if (!read_number(text, &value))
		return BUREAU_INVALID;
	for (uint8_t i = 0; i < table->default_count; i++) {
		if (table->defaults[i].value != value)
			continue;
		*ret_ppm = table->defaults[i].pd_ppm;
		return BUREAU_DEFAULT;
	}
	return between(table, value, ret_ppm);
}

static bool is_pd(int32_t ppm)
{
	return ppm > 0 && ppm < MILLION;
}

const char *bureau_check(const struct bureau_table *table)
{
	const struct bureau_point *p = table->points;

	for (uint8_t i = 0; i < table->point_count; i++) {
		if (!is_pd(p[i].pd_ppm) || (i > 0 && p[i].value <= p[i - 1].value))
			return "points";
		/* one direction all the way */
		if (i > 1 && (p[i].pd_ppm > p[i - 1].pd_ppm) != (p[1].pd_ppm > p[0].pd_ppm))
			return "points";
		if (i > 0 && p[i].pd_ppm == p[i - 1].pd_ppm)
			return "points";
	}
	for (uint8_t i = 0; i < table->default_count; i++)
		if (!is_pd(table->defaults[i].pd_ppm))
			return "defaults";
	for (uint8_t i = 0; i < table->word_count; i++)
		if (table->words[i].result != BUREAU_UNKNOWN && !is_pd(table->words[i].pd_ppm))
			return "words";
	return table->point_count == 1 || table->point_count + table->word_count == 0 ? "points" : NULL;
}

const char *bureau_result_name(enum bureau_result result)
{
	return NAMES[result];
}
