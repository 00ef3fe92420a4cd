/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/call_guard.h"

#define TODAY 20000

static const struct call_rules rules = {
        .breaker = {.window_ms = 1000, .open_ms = 100, .open_most_ms = 400, .failures = 2, .percent = 50, .probes = 1},
        .in_flight = 2,
        .cost_micros = 400000,
        .day_micros = 1000000,
        .tries = 3,
        .backoff_ms = 100,
        .backoff_most_ms = 300,
};

static void finish(struct call_guard *guard, int64_t now_ms, struct call_end end)
{
	call_guard_end(guard, &rules, now_ms, &end);
}

Test(call_guard, keeps_the_bulkhead)
{
	struct call_guard guard = {0};
	struct call_rules free_rules = rules;
	struct breaker_pass pass;

	free_rules.cost_micros = 0;
	for (int round = 0; round < 100; round++) {
		cr_assert_eq(call_guard_admit(&guard, &free_rules, round, &pass), CALL_GO);
		cr_assert_eq(call_guard_admit(&guard, &free_rules, round, &pass), CALL_GO);
		cr_assert_eq(call_guard_admit(&guard, &free_rules, round, &pass), CALL_WAIT);
		finish(&guard, round, (struct call_end){.pass = pass});
		finish(&guard, round, (struct call_end){.pass = pass});
	}
	cr_expect_eq(guard.peak_in_flight, 2);
	cr_expect_eq(guard.in_flight, 0);
}

Test(call_guard, stops_at_the_budget_until_the_next_day)
{
	struct call_budget budget = {0};

	cr_assert(call_budget_take(&budget, &rules, TODAY));
	cr_assert(call_budget_take(&budget, &rules, TODAY));
	cr_expect_eq(budget.spent_micros, 800000);
	cr_expect_not(call_budget_take(&budget, &rules, TODAY));
	cr_expect_eq(budget.calls, 2);
	cr_expect(call_budget_take(&budget, &rules, TODAY + 1));
	cr_expect_eq(budget.spent_micros, 400000);
	cr_expect_eq(budget.calls, 1);
}

Test(call_guard, does_not_start_a_day_twice_when_the_clock_is_set_back)
{
	struct call_budget budget = {0};

	cr_assert(call_budget_take(&budget, &rules, TODAY));
	cr_assert(call_budget_take(&budget, &rules, TODAY));
	cr_expect_not(call_budget_take(&budget, &rules, TODAY - 1));
	/* A clock that was wrong by far does not stop calls for years. */
	cr_expect(call_budget_take(&budget, &rules, TODAY - 1000));
}

Test(call_guard, counts_no_cost_for_what_was_never_sent)
{
	struct call_budget budget = {0};

	for (int i = 0; i < 10; i++) {
		cr_assert(call_budget_take(&budget, &rules, TODAY));
		call_budget_return(&budget, &rules, TODAY);
	}
	cr_expect_eq(budget.spent_micros, 0);
	cr_expect_eq(budget.calls, 0);
	cr_assert(call_budget_take(&budget, &rules, TODAY + 1));
	call_budget_return(&budget, &rules, TODAY); /* of yesterday */
	cr_expect_eq(budget.calls, 1);
}

Test(call_guard, counts_calls_per_day)
{
	struct call_rules counted = rules;
	struct call_budget budget = {0};

	counted.day_micros = 0;
	counted.day_calls = 1;
	cr_expect(call_budget_take(&budget, &counted, TODAY));
	cr_expect_not(call_budget_take(&budget, &counted, TODAY));
}

Test(call_guard, an_exhausted_budget_is_whole_again_the_next_day)
{
	struct call_rules limits[] = {rules, rules, rules};
	struct call_budget budget;

	limits[1].day_micros = limits[2].day_micros = 0;
	limits[1].day_calls = 5;
	for (size_t i = 0; i < 3; i++) {
		call_budget_exhaust(&budget, &limits[i], TODAY);
		cr_expect_eq(call_rules_limited(&limits[i]), i < 2);
		cr_expect_eq(call_budget_take(&budget, &limits[i], TODAY), i == 2, "%zu", i);
		cr_expect(call_budget_take(&budget, &limits[i], TODAY + 1));
	}
}

Test(call_guard, pauses_as_long_as_it_was_asked_to_but_never_for_good)
{
	static const struct {
		int64_t asked_ms, now_ms;
		enum call_verdict expected;
	} cases[] = {
	        {0, 0, CALL_GO},
	        {-5, 0, CALL_GO},
	        {2000, 1999, CALL_PAUSED},
	        {2000, 2000, CALL_GO},
	        {INT64_MAX, 3599999, CALL_PAUSED},
	        {INT64_MAX, 3600000, CALL_GO},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct call_guard guard = {0};
		struct breaker_pass pass;

		cr_assert_eq(call_guard_admit(&guard, &rules, 0, &pass), CALL_GO);
		finish(&guard, 0, (struct call_end){.pass = pass, .pause_ms = cases[i].asked_ms});
		cr_expect_eq(call_guard_admit(&guard, &rules, cases[i].now_ms, &pass), cases[i].expected, "case %zu",
		             i);
	}
}

Test(call_guard, asks_the_breaker)
{
	struct call_guard guard = {0};
	struct call_rules free_rules = rules;
	struct breaker_pass pass;

	free_rules.cost_micros = 0;
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(call_guard_admit(&guard, &free_rules, 0, &pass), CALL_GO);
		finish(&guard, 0, (struct call_end){.pass = pass, .result = BREAKER_BAD});
	}
	cr_expect_eq(call_guard_admit(&guard, &free_rules, 99, &pass), CALL_BREAKER_OPEN);
	cr_expect_eq(guard.in_flight, 0);
	cr_expect_eq(call_guard_admit(&guard, &free_rules, 100, &pass), CALL_GO);
	cr_expect_eq(call_guard_admit(&guard, &free_rules, 100, &pass), CALL_BREAKER_OPEN);
}

Test(call_guard, backs_off_with_full_jitter)
{
	static const int64_t most[] = {100, 200, 300, 300, 300};

	for (uint32_t i = 0; i < 5; i++) {
		int64_t low = INT64_MAX, high = -1;

		for (uint64_t random = 0; random < 1000; random++) {
			int64_t wait = call_guard_backoff_ms(&rules, i + 2, random * 0x9e3779b97f4a7c15);

			low = wait < low ? wait : low;
			high = wait > high ? wait : high;
		}
		cr_expect_geq(low, 0);
		cr_expect_leq(high, most[i]);
		cr_expect_gt(high, most[i] * 9 / 10);
		cr_expect_lt(low, most[i] / 10);
	}
	cr_expect_eq(call_guard_backoff_ms(&(struct call_rules){0}, 1000000, 77), 0);
}

/* It may outlive the machine's last start in a file: then its times are of another clock. */
Test(call_guard, its_health_is_plausible_until_the_clock_begins_anew)
{
	struct call_guard guard = {0};
	struct breaker_pass pass;
	uint64_t random = 7;

	for (int64_t now_ms = 0; now_ms < 200000; now_ms += (int64_t)(random >> 60) * 10) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		if (call_guard_admit(&guard, &rules, now_ms, &pass) == CALL_GO)
			finish(&guard, now_ms,
			       (struct call_end){.pass = pass,
			                         .result = random >> 40 & 1 ? BREAKER_BAD : BREAKER_GOOD,
			                         .pause_ms = random >> 41 & 1 ? (int64_t)(random >> 50) : 0});
		cr_assert(call_health_is_plausible(&guard.health, &rules, now_ms), "%ld", (long)now_ms);
	}
	guard.health = (struct call_health){.paused_until_ms = INT64_C(86400000)};
	cr_expect_not(call_health_is_plausible(&guard.health, &rules, 1000));
	cr_expect(call_health_is_plausible(&guard.health, &rules, INT64_C(86400000)));
	guard.health = (struct call_health){.breaker = {.window_start_ms = INT64_C(86400000)}};
	cr_expect_not(call_health_is_plausible(&guard.health, &rules, 1000));
}
