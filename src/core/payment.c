/* SPDX-License-Identifier: MIT */
#include "core/payment.h"

#include <stddef.h>

#include "base/date.h"

#define HALF_LIFE  180
#define MOST_EARLY (-30)
#define MOST_LATE  365
#define ONE        (UINT64_C(1) << 32)
#define BITS       16
#define FADED_OUT  (32 * HALF_LIFE) /* less than a billionth is left */

/* Weights are kept in hundredths of a minor unit, so that small invoices fade smoothly. */
#define FINE       100
#define MAX_WEIGHT (INT64_MAX / 1000) /* times 365 days it still is a number */

/* 2^(-1/2), 2^(-1/4), ... in 32 bits. */
static const uint64_t ROOTS[BITS] = {
        3037000500, 3611622603, 3938502376, 4112874773, 4202935003, 4248701965, 4271771996, 4283353945,
        4289156690, 4292061010, 4293513907, 4294240540, 4294603903, 4294785595, 4294876445, 4294921870,
};

/* What is left of 1 after so many days, in 32 bits: whole half-lives by shifting, the rest bit by bit. */
static uint64_t fade(int32_t days)
{
	uint64_t share = ONE;
	uint32_t part;

	if (days <= 0)
		return ONE;
	if (days >= FADED_OUT)
		return 0;
	part = ((uint32_t)(days % HALF_LIFE) << BITS) / HALF_LIFE;
	for (int i = 0; i < BITS; i++)
		if (part >> (BITS - 1 - i) & 1)
			share = share * ROOTS[i] >> 32;
	return share >> (days / HALF_LIFE);
}

static int32_t clamp(int64_t days)
{
	if (days < MOST_EARLY)
		return MOST_EARLY;
	return days > MOST_LATE ? MOST_LATE : (int32_t)days;
}

/* Whether the invoice tells something by today: how late, and since when that is known. */
static bool judge(const struct payment *payment, int32_t today, int32_t *ret_days, int32_t *ret_day)
{
	bool open = payment->paid == DATE_NONE || payment->paid > today;

	if (payment->amount <= 0 || payment->due == DATE_NONE || (open && payment->due >= today))
		return false;
	*ret_day = open ? today : payment->paid;
	*ret_days = clamp((int64_t)*ret_day - payment->due);
	return true;
}

void payment_add(struct payment_history *history, const struct payment *payment, int32_t today)
{
	int32_t days, day;

	if (!judge(payment, today, &days, &day))
		return;
	unsigned __int128 faded = (unsigned __int128)payment->amount * FINE * fade(today - day) >> 32;
	uint64_t room = (uint64_t)MAX_WEIGHT - history->weight;
	uint64_t weight = faded > room ? room : (uint64_t)faded;
	history->weight += weight;
	history->days += (int64_t)weight * days;
	if (day == today && (payment->paid == DATE_NONE || payment->paid > today))
		history->overdue++;
	else
		history->paid++;
	if (history->paid + history->overdue == 1 || day > history->last)
		history->last = day;
}

/* Mean days in millionths. */
static bool mean(const struct payment_history *history, int64_t *ret_millionths)
{
	if (history->weight == 0)
		return false;
	*ret_millionths = (int64_t)((__int128)history->days * 1000000 / (__int128)history->weight);
	return true;
}

bool payment_days(const struct payment_history *history, int32_t *ret_days)
{
	int64_t days;

	if (!mean(history, &days))
		return false;
	*ret_days = days <= 0 ? 0 : (int32_t)((days + 500000) / 1000000);
	return true;
}

bool payment_index(const struct payment_history *history, int32_t *ret_index)
{
	static const int32_t SCALE[][2] = {{-30, 100}, {0, 80},  {15, 70},  {22, 60}, {30, 50},
	                                   {60, 40},   {90, 30}, {120, 20}, {180, 0}};
	const size_t last = sizeof(SCALE) / sizeof(SCALE[0]) - 1;
	int64_t days;
	size_t i = 0;

	if (!mean(history, &days))
		return false;
	while (i + 1 < last && days >= INT64_C(1000000) * SCALE[i + 1][0])
		i++;
	int64_t run = INT64_C(1000000) * (SCALE[i + 1][0] - SCALE[i][0]);
	int64_t fall = SCALE[i][1] - SCALE[i + 1][1];
	int64_t index = SCALE[i][1] - (fall * (days - INT64_C(1000000) * SCALE[i][0]) + run / 2) / run;
	*ret_index = index < 0 ? 0 : (int32_t)index;
	return true;
}
