/* SPDX-License-Identifier: MIT */
#include "core/payment.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>

#include "base/date.h"

#define TODAY 20000

struct payment_case {
	struct payment payments[3];
	int count;
	int32_t days; /* -1: unknown */
	int32_t index;
};

Test(payment, histories_as_worked_out_by_hand)
{
	static const struct payment_case CASES[] = {
	        {{{0}}, 0, -1, -1},
	        {{{10000, TODAY, TODAY}}, 1, 0, 80},
	        {{{10000, TODAY - 30, TODAY}}, 1, 30, 50},
	        {{{10000, TODAY - 60, TODAY - 30}}, 1, 30, 50},
	        {{{10000, TODAY - 10, TODAY - 40}}, 1, 0, 100},
	        {{{10000, TODAY - 5, DATE_NONE}}, 1, 5, 77}, /* overdue and open */
	        {{{10000, TODAY + 5, DATE_NONE}}, 1, -1, -1},
	        {{{10000, TODAY, DATE_NONE}}, 1, -1, -1},
	        {{{30000, TODAY, TODAY}, {10000, TODAY - 40, TODAY}},
	         2,
	         10,
	         73}, /* three quarters of the amount on the day */
	        {{{10000, TODAY - 180, TODAY - 180}, {10000, TODAY - 30, TODAY}}, 2, 20, 63}, /* old one counts half */
	        {{{10000, TODAY - 900, TODAY}}, 1, 365, 0},
	        {{{0, TODAY - 30, TODAY}, {-5, TODAY - 30, TODAY}}, 2, -1, -1},
	        {{{INT64_MAX, TODAY - 30, TODAY}, {INT64_MAX, TODAY - 30, TODAY}}, 2, 30, 50},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct payment_history history = {0};
		int32_t days = -1;
		int32_t index = -1;
		for (int k = 0; k < CASES[i].count; k++)
			payment_add(&history, &CASES[i].payments[k], TODAY);
		cr_assert_eq(payment_days(&history, &days), CASES[i].days >= 0, "case %zu", i);
		cr_assert_eq(payment_index(&history, &index), CASES[i].days >= 0, "case %zu", i);
		cr_assert_eq(days, CASES[i].days, "case %zu: %d days", i, days);
		cr_assert_eq(index, CASES[i].index, "case %zu: index %d", i, index);
	}
}

Test(payment, what_is_left_halves_every_180_days)
{
	for (int32_t age = 0; age < 2000; age += 13) {
		struct payment_history history = {0};
		struct payment payment = {100000000, TODAY - age, TODAY - age};

		payment_add(&history, &payment, TODAY);
		double expected = 100000000.0 * 100 * pow(0.5, age / 180.0);
		cr_assert(fabs((double)history.weight / expected - 1) < 1e-4, "%d days", age);
	}
}

Test(payment, later_is_never_better)
{
	int32_t last = 100;

	for (int32_t late = -60; late < 400; late++) {
		struct payment_history history = {0};
		struct payment payment = {5000, TODAY - late, TODAY};
		int32_t index;

		payment_add(&history, &payment, TODAY);
		cr_assert(payment_index(&history, &index));
		cr_assert(index <= last && index >= 0, "%d days: %d", late, index);
		last = index;
	}
	cr_assert_eq(last, 0);
}
