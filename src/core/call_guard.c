/* SPDX-License-Identifier: MIT */
#include "core/call_guard.h"

/* What a provider may silence itself for; a wrong date in Retry-After must not switch it off for good. */
#define MOST_PAUSE_MS INT64_C(3600000)
#define MOST_DOUBLED  20

static bool within_budget(struct call_guard *guard, const struct call_rules *rules, int32_t today)
{
	if (guard->day != today) {
		guard->day = today;
		guard->spent_micros = 0;
		guard->day_calls = 0;
	}
	if (rules->day_calls && guard->day_calls >= rules->day_calls)
		return false;
	return !rules->day_micros || guard->spent_micros <= rules->day_micros - rules->cost_micros;
}

enum call_verdict call_guard_admit(struct call_guard *guard, const struct call_rules *rules, int64_t now_ms,
                                   int32_t today, struct breaker_pass *ret_pass)
{
	if (!within_budget(guard, rules, today))
		return CALL_BUDGET_SPENT;
	if (now_ms < guard->paused_until_ms)
		return CALL_PAUSED;
	if (guard->in_flight >= rules->in_flight)
		return CALL_WAIT;
	if (!breaker_admit(&guard->breaker, now_ms, ret_pass))
		return CALL_BREAKER_OPEN;
	guard->in_flight++;
	if (guard->in_flight > guard->peak_in_flight)
		guard->peak_in_flight = guard->in_flight;
	guard->spent_micros += rules->cost_micros;
	guard->day_calls++;
	return CALL_GO;
}

void call_guard_end(struct call_guard *guard, const struct call_rules *rules, int64_t now_ms,
                    const struct call_end *end)
{
	int64_t pause_ms = end->pause_ms < MOST_PAUSE_MS ? end->pause_ms : MOST_PAUSE_MS;

	guard->in_flight--;
	if (end->unsent) {
		guard->spent_micros -= guard->spent_micros < rules->cost_micros ? guard->spent_micros
		                                                                : rules->cost_micros;
		guard->day_calls -= guard->day_calls > 0;
	}
	if (pause_ms > 0 && now_ms + pause_ms > guard->paused_until_ms)
		guard->paused_until_ms = now_ms + pause_ms;
	breaker_report(&guard->breaker, &rules->breaker, now_ms, end->pass, end->result);
}

int64_t call_guard_backoff_ms(const struct call_rules *rules, uint32_t try_number, uint64_t random)
{
	int64_t most = rules->backoff_ms;

	for (uint32_t i = 2; i < try_number && i < MOST_DOUBLED && most < rules->backoff_most_ms; i++)
		most *= 2;
	if (most > rules->backoff_most_ms)
		most = rules->backoff_most_ms;
	return most <= 0 ? 0 : (int64_t)(random % ((uint64_t)most + 1));
}
