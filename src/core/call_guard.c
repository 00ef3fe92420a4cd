/* SPDX-License-Identifier: MIT */
#include "core/call_guard.h"

/* What a provider may silence itself for; a wrong date in Retry-After must not switch it off for good. */
#define MOST_PAUSE_MS INT64_C(3600000)
#define MOST_DOUBLED  20

enum call_verdict call_guard_admit(struct call_guard *guard, const struct call_rules *rules, int64_t now_ms,
                                   struct breaker_pass *ret_pass)
{
	if (now_ms < guard->health.paused_until_ms)
		return CALL_PAUSED;
	if (guard->in_flight >= rules->in_flight)
		return CALL_WAIT;
	if (!breaker_admit(&guard->health.breaker, now_ms, ret_pass))
		return CALL_BREAKER_OPEN;
	guard->in_flight++;
	if (guard->in_flight > guard->peak_in_flight)
		guard->peak_in_flight = guard->in_flight;
	return CALL_GO;
}

bool call_health_is_plausible(const struct call_health *health, const struct call_rules *rules, int64_t now_ms)
{
	return breaker_is_plausible(&health->breaker, &rules->breaker, now_ms) &&
	       health->paused_until_ms <= now_ms + rules->breaker.window_ms + MOST_PAUSE_MS;
}

void call_guard_end(struct call_guard *guard, const struct call_rules *rules, int64_t now_ms,
                    const struct call_end *end)
{
	int64_t pause_ms = end->pause_ms < MOST_PAUSE_MS ? end->pause_ms : MOST_PAUSE_MS;

	guard->in_flight--;
	if (pause_ms > 0 && now_ms + pause_ms > guard->health.paused_until_ms)
		guard->health.paused_until_ms = now_ms + pause_ms;
	breaker_report(&guard->health.breaker, &rules->breaker, now_ms, end->pass, end->result);
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

bool call_budget_take(struct call_budget *budget, const struct call_rules *rules, int32_t today)
{
	if (budget->day < today || budget->day > today + 1)
		*budget = (struct call_budget){.day = today};
	if (rules->day_calls && budget->calls >= rules->day_calls)
		return false;
	if (rules->day_micros && budget->spent_micros > rules->day_micros - rules->cost_micros)
		return false;
	budget->calls += budget->calls < UINT32_MAX;
	if (budget->spent_micros <= INT64_MAX - rules->cost_micros)
		budget->spent_micros += rules->cost_micros;
	return true;
}

void call_budget_return(struct call_budget *budget, const struct call_rules *rules, int32_t day)
{
	if (budget->day != day)
		return;
	budget->calls -= budget->calls > 0;
	budget->spent_micros -= budget->spent_micros < rules->cost_micros ? budget->spent_micros : rules->cost_micros;
}

void call_budget_exhaust(struct call_budget *budget, const struct call_rules *rules, int32_t today)
{
	*budget = (struct call_budget){today, rules->day_calls, rules->day_micros};
}

bool call_rules_limited(const struct call_rules *rules)
{
	return rules->day_calls || rules->day_micros;
}
