/* SPDX-License-Identifier: MIT */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Calendar days are int32 days since 1970-01-01 (proleptic Gregorian);
 * instants are int64 milliseconds since 1970-01-01T00:00:00Z without leap
 * seconds. Valid range of both: years 0001 to 9999. DATE_NONE = unknown.
 */
#define DATE_NONE       INT32_MIN
#define DATE_FIRST      (-719162) /* 0001-01-01 */
#define DATE_LAST       2932896   /* 9999-12-31 */
#define DATE_MS_PER_DAY INT64_C(86400000)

/* False when y-m-d is no calendar day of the range. */
bool date_from_ymd(int year, int month, int day, int32_t *ret_day);
void date_to_ymd(int32_t day, int *ret_year, int *ret_month, int *ret_day);
/* "2026-11-21", nothing around it. */
bool date_parse(struct slice text, int32_t *ret_day);
/* RFC 3339 in UTC ("Z" only), fraction of up to 3 digits allowed. */
bool date_parse_instant(struct slice text, int64_t *ret_ms);
#define DATE_LEN 10
void date_write(int32_t day, char ret_text[DATE_LEN]); /* "2026-11-21", no NUL */
void date_put(struct buf *buf, int32_t day);           /* the same */
void date_put_instant(struct buf *buf, int64_t ms);    /* to the second, "Z" */
void date_put_instant_ms(struct buf *buf, int64_t ms); /* three decimals, "Z" */
/* The UTC day an instant lies in; floors for instants before 1970. */
int32_t date_of_instant(int64_t ms);

#endif
