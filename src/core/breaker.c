/* SPDX-License-Identifier: MIT */
#include "core/breaker.h"

/* Two windows are kept, so that a burst over a border still counts as one. */
static void turn_window(struct breaker *breaker, const struct breaker_rules *rules, int64_t now_ms)
{
	int64_t age = now_ms - breaker->window_start_ms;

	if (age < rules->window_ms)
		return;
	breaker->good[1] = age < 2 * rules->window_ms ? breaker->good[0] : 0;
	breaker->bad[1] = age < 2 * rules->window_ms ? breaker->bad[0] : 0;
	breaker->good[0] = breaker->bad[0] = 0;
	breaker->window_start_ms = now_ms;
}

static void open_for(struct breaker *breaker, int64_t pause_ms, int64_t now_ms)
{
	breaker->state = BREAKER_OPEN;
	breaker->epoch++;
	breaker->pause_ms = pause_ms;
	breaker->open_until_ms = now_ms + pause_ms;
	breaker->good_probes = 0;
	breaker->probing = false;
}

static bool failed_too_often(const struct breaker *breaker, const struct breaker_rules *rules)
{
	uint64_t bad = (uint64_t)breaker->bad[0] + breaker->bad[1];
	uint64_t all = bad + breaker->good[0] + breaker->good[1];

	return bad >= rules->failures && bad * 100 >= all * rules->percent;
}

static void report_probe(struct breaker *breaker, const struct breaker_rules *rules, int64_t now_ms,
                         enum breaker_result result)
{
	int64_t pause_ms = 2 * breaker->pause_ms;

	breaker->probing = false;
	if (result == BREAKER_BAD) {
		open_for(breaker, pause_ms < rules->open_most_ms ? pause_ms : rules->open_most_ms, now_ms);
	} else if (result == BREAKER_GOOD && ++breaker->good_probes >= rules->probes) {
		uint32_t epoch = breaker->epoch;

		*breaker = (struct breaker){.epoch = epoch + 1, .window_start_ms = now_ms};
	}
}

bool breaker_admit(struct breaker *breaker, int64_t now_ms, struct breaker_pass *ret_pass)
{
	if (breaker->state == BREAKER_OPEN && now_ms >= breaker->open_until_ms)
		breaker->state = BREAKER_HALF_OPEN;
	if (breaker->state == BREAKER_OPEN || (breaker->state == BREAKER_HALF_OPEN && breaker->probing))
		return false;
	breaker->probing = breaker->state == BREAKER_HALF_OPEN;
	*ret_pass = (struct breaker_pass){breaker->epoch, breaker->probing};
	return true;
}

void breaker_report(struct breaker *breaker, const struct breaker_rules *rules, int64_t now_ms,
                    struct breaker_pass pass, enum breaker_result result)
{
	if (pass.epoch != breaker->epoch)
		return;
	if (pass.probe) {
		report_probe(breaker, rules, now_ms, result);
		return;
	}
	turn_window(breaker, rules, now_ms);
	breaker->good[0] += result == BREAKER_GOOD;
	breaker->bad[0] += result == BREAKER_BAD;
	if (result == BREAKER_BAD && failed_too_often(breaker, rules))
		open_for(breaker, rules->open_ms, now_ms);
}

void breaker_lose_probe(struct breaker *breaker)
{
	if (!breaker->probing)
		return;
	breaker->epoch++;
	breaker->probing = false;
}

/* Those who share it read their clocks before it is theirs: a window's length is more than they can differ. */
bool breaker_is_plausible(const struct breaker *breaker, const struct breaker_rules *rules, int64_t now_ms)
{
	int64_t most_ms = now_ms + rules->window_ms;

	if (breaker->state > BREAKER_HALF_OPEN || breaker->window_start_ms > most_ms)
		return false;
	return breaker->state != BREAKER_OPEN || breaker->open_until_ms <= most_ms + rules->open_most_ms;
}

const char *breaker_state_name(enum breaker_state state)
{
	static const char *const NAMES[] = {"closed", "open", "half_open"};

	return state <= BREAKER_HALF_OPEN ? NAMES[state] : "";
}
