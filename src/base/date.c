/* SPDX-License-Identifier: MIT */
#include "base/date.h"

/* Days from 0000-03-01 to 1970-01-01: the count below starts its year in March. */
#define EPOCH_SHIFT  719468
#define DAYS_PER_ERA 146097 /* 400 Gregorian years */
#define ERAS_BEFORE  14700  /* more than an int32_t of days has */
#define SECONDS_LEN  19     /* "2026-11-21T18:00:00" */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool date_from_ymd(int year, int month, int day, int32_t *ret_day)
{
	int y = year - (month <= 2);
	int era = y / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*ret_day = era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
	           EPOCH_SHIFT;
	return true;
}

void date_to_ymd(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
	/* Counted from so early that no day is negative: dividing is cheaper without a sign. */
	uint64_t shifted = (uint64_t)(day + (EPOCH_SHIFT + ERAS_BEFORE * (int64_t)DAYS_PER_ERA));
	/* Quarters of days: a century has DAYS_PER_ERA of them, a year 1461. */
	uint64_t quarter = 4 * shifted + 3;
	uint32_t century = (uint32_t)(quarter / DAYS_PER_ERA);
	uint32_t quarter_of_century = (uint32_t)(quarter % DAYS_PER_ERA) | 3;
	uint32_t year_of_century = quarter_of_century / 1461;
	uint32_t day_of_year = quarter_of_century % 1461 / 4;
	uint32_t month_from_march = (5 * day_of_year + 2) / 153;

	*ret_day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
	*ret_month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	*ret_year = (int)(100 * century + year_of_century) - 400 * ERAS_BEFORE + (*ret_month <= 2);
}

/* Exactly "count" digits from the front of *text. */
static bool take_digits(struct slice *text, size_t count, int *ret_value)
{
	uint64_t value;

	if (text->len < count || !slice_to_u64((struct slice){text->ptr, count}, &value))
		return false;
	text->ptr += count;
	text->len -= count;
	*ret_value = (int)value;
	return true;
}

static bool take_char(struct slice *text, char c)
{
	if (!text->len || text->ptr[0] != c)
		return false;
	text->ptr++;
	text->len--;
	return true;
}

static bool take_date(struct slice *text, int32_t *ret_day)
{
	int year, month, day;

	return take_digits(text, 4, &year) && take_char(text, '-') && take_digits(text, 2, &month) &&
	       take_char(text, '-') && take_digits(text, 2, &day) && date_from_ymd(year, month, day, ret_day);
}

static bool take_fraction(struct slice *text, int *ret_ms)
{
	size_t digits = 0;
	int value;

	*ret_ms = 0;
	if (!take_char(text, '.'))
		return true;
	while (digits < text->len && digits < 3 && text->ptr[digits] >= '0' && text->ptr[digits] <= '9')
		digits++;
	if (!digits || !take_digits(text, digits, &value))
		return false;
	*ret_ms = digits == 1 ? value * 100 : digits == 2 ? value * 10 : value;
	return true;
}

bool date_parse(struct slice text, int32_t *ret_day)
{
	int32_t day;

	if (!take_date(&text, &day) || text.len)
		return false;
	*ret_day = day;
	return true;
}

bool date_parse_instant(struct slice text, int64_t *ret_ms)
{
	int32_t day;
	int hour, minute, second, ms;

	if (!take_date(&text, &day) || !take_char(&text, 'T'))
		return false;
	if (!take_digits(&text, 2, &hour) || !take_char(&text, ':') || !take_digits(&text, 2, &minute) ||
	    !take_char(&text, ':') || !take_digits(&text, 2, &second) || !take_fraction(&text, &ms))
		return false;
	if (!take_char(&text, 'Z') || text.len || hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_ms = day * DATE_MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + ms;
	return true;
}

void date_write(int32_t day, char ret_text[DATE_LEN])
{
	int y, m, d;

	date_to_ymd(day, &y, &m, &d);
	buf_write_pair(ret_text, (unsigned)y / 100 % 100);
	buf_write_pair(ret_text + 2, (unsigned)y % 100);
	ret_text[4] = '-';
	buf_write_pair(ret_text + 5, (unsigned)m);
	ret_text[7] = '-';
	buf_write_pair(ret_text + 8, (unsigned)d);
}

void date_put(struct buf *buf, int32_t day)
{
	char *at = buf_room(buf, DATE_LEN);

	if (at)
		date_write(day, at);
}

int32_t date_of_instant(int64_t ms)
{
	int64_t day = ms / DATE_MS_PER_DAY;

	return (int32_t)(ms % DATE_MS_PER_DAY < 0 ? day - 1 : day);
}

/* "2026-11-21T18:00:00", returns the milliseconds left. */
static unsigned write_seconds(char *at, int64_t ms)
{
	int32_t day = date_of_instant(ms);
	unsigned rest = (unsigned)(ms - day * DATE_MS_PER_DAY);

	date_write(day, at);
	at[10] = 'T';
	buf_write_pair(at + 11, rest / 3600000);
	at[13] = ':';
	buf_write_pair(at + 14, rest / 60000 % 60);
	at[16] = ':';
	buf_write_pair(at + 17, rest / 1000 % 60);
	return rest % 1000;
}

void date_put_instant(struct buf *buf, int64_t ms)
{
	char *at = buf_room(buf, SECONDS_LEN + 1);

	if (!at)
		return;
	(void)write_seconds(at, ms);
	at[SECONDS_LEN] = 'Z';
}

void date_put_instant_ms(struct buf *buf, int64_t ms)
{
	char *at = buf_room(buf, SECONDS_LEN + 5);
	unsigned thousandths;

	if (!at)
		return;
	thousandths = write_seconds(at, ms);
	at[SECONDS_LEN] = '.';
	at[SECONDS_LEN + 1] = (char)('0' + thousandths / 100);
	buf_write_pair(at + SECONDS_LEN + 2, thousandths % 100);
	at[SECONDS_LEN + 4] = 'Z';
}
