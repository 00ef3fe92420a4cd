/* SPDX-License-Identifier: MIT */
#ifndef CORE_BREAKER_H
#define CORE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Circuit breaker: after too many failures nobody is asked for a while, then
 * one call at a time probes whether the other side is back. Times are
 * milliseconds of a monotonic clock, given by the caller.
 */
enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

struct breaker_rules {
	int64_t window_ms;    /* failures older than two of these do not count */
	int64_t open_ms;      /* pause after the first opening; doubled by each failed probe */
	int64_t open_most_ms; /* but never longer than this */
	uint32_t failures;    /* opens at this many failures within the window ... */
	uint32_t percent;     /* ... if they are at least this share of its calls */
	uint32_t probes;      /* good probes in a row that close it again */
};

/* Zeroed = closed. Plain bytes, which processes may share. Not locked: the owner is one thread, or holds a lock. */
struct breaker {
	enum breaker_state state;
	uint32_t epoch; /* grows with every opening: results of older calls do not count */
	uint32_t good[2], bad[2];
	int64_t window_start_ms;
	int64_t open_until_ms;
	int64_t pause_ms;
	uint32_t good_probes;
	bool probing;
};

/* Given with an admission, to be handed back with its result. */
struct breaker_pass {
	uint32_t epoch;
	bool probe;
};

/* False: do not call. An admitted call must end in breaker_report(). */
bool breaker_admit(struct breaker *breaker, int64_t now_ms, struct breaker_pass *ret_pass);

enum breaker_result {
	BREAKER_GOOD,
	BREAKER_BAD,
	BREAKER_VOID /* tells nothing about the other side: given up by us */
};

void breaker_report(struct breaker *breaker, const struct breaker_rules *rules, int64_t now_ms,
                    struct breaker_pass pass, enum breaker_result result);
/* Whoever probed is gone and reports no more: the next one may probe. */
void breaker_lose_probe(struct breaker *breaker);
/* Whether its times can be of this clock: one that outlived its machine's last start tells nothing. */
bool breaker_is_plausible(const struct breaker *breaker, const struct breaker_rules *rules, int64_t now_ms);
const char *breaker_state_name(enum breaker_state state); /* "half_open" */

#endif
