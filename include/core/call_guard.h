/* SPDX-License-Identifier: MIT */
#ifndef CORE_CALL_GUARD_H
#define CORE_CALL_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/breaker.h"

/*
 * May this provider be called now? The bulkhead (most calls in flight) is a
 * guard's, one per process. Its health, the circuit breaker and the pause it
 * asked for (Retry-After), and the budget of the day are plain bytes, because
 * all processes share them. Pure; the owner is one thread, or holds a lock.
 */
struct call_rules {
	struct breaker_rules breaker;
	uint32_t in_flight;  /* most calls at any moment */
	int64_t cost_micros; /* of one call, millionths of a currency unit */
	int64_t day_micros;  /* most per day; 0 = no limit */
	uint32_t day_calls;  /* most calls per day; 0 = no limit */
	/* tries of one call that may be repeated, and the waits between them */
	uint32_t tries;
	int64_t backoff_ms;
	int64_t backoff_most_ms;
};

/* Zeroed = nothing happened yet. */
struct call_health {
	struct breaker breaker;
	int64_t paused_until_ms;
};

/* Zeroed = nothing happened yet. */
struct call_guard {
	struct call_health health;
	uint32_t in_flight;
	uint32_t peak_in_flight;
};

/* What was spent on one day. Zeroed = nothing yet. */
struct call_budget {
	int32_t day;
	uint32_t calls;
	int64_t spent_micros;
};

enum call_verdict {
	CALL_GO,
	CALL_WAIT, /* the bulkhead is full: ask again when a call ended */
	CALL_BREAKER_OPEN,
	CALL_PAUSED,
	CALL_BUDGET_SPENT
};

/*
 * now_ms is monotonic. CALL_GO must end in call_guard_end(). Never
 * CALL_BUDGET_SPENT.
 */
enum call_verdict call_guard_admit(struct call_guard *guard, const struct call_rules *rules, int64_t now_ms,
                                   struct breaker_pass *ret_pass);
/* As breaker_is_plausible(). */
bool call_health_is_plausible(const struct call_health *health, const struct call_rules *rules, int64_t now_ms);
/* How the call ended; pause_ms is the wait the provider asked for, 0 = none. */
struct call_end {
	struct breaker_pass pass;
	enum breaker_result result;
	int64_t pause_ms;
};

void call_guard_end(struct call_guard *guard, const struct call_rules *rules, int64_t now_ms,
                    const struct call_end *end);
/*
 * Wait before try 2, 3, ...: "full jitter", an even choice up to
 * backoff_ms * 2^(try - 2), at most backoff_most_ms; random is any number.
 */
int64_t call_guard_backoff_ms(const struct call_rules *rules, uint32_t try_number, uint64_t random);

/*
 * Counts one more call and its cost; false: the rules of this calendar day do
 * not allow it. A budget of an earlier day starts again; a clock set back over
 * midnight does not start it twice.
 */
bool call_budget_take(struct call_budget *budget, const struct call_rules *rules, int32_t today);
/* Of a call taken on this day, of which no byte left this machine: it costs nothing. */
void call_budget_return(struct call_budget *budget, const struct call_rules *rules, int32_t day);
/* As if everything the rules limit had been spent today: for a record that cannot be believed. */
void call_budget_exhaust(struct call_budget *budget, const struct call_rules *rules, int32_t today);
bool call_rules_limited(const struct call_rules *rules);

#endif
