/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_CALL_LEDGER_H
#define SRC_ADAPTER_CALL_LEDGER_H

#include "base/status.h"
#include "core/call_guard.h"

/*
 * May this provider be called now, as far as all processes are concerned that
 * share one small file: the calls and the cost of the day and the provider's
 * health, which survive restarts, and the places in flight and the one of the
 * breaker's probe, locked bytes that a dead process gives back. It is not
 * synced: a power failure may lose the last seconds' count.
 *
 * A file that was deleted or emptied starts the day again. One whose budget
 * cannot be believed, read or written counts as a day's budget all spent, so
 * that nothing is paid for unseen; without a limit there is nothing to stop.
 * A health that cannot be believed, or is of a time before the machine was
 * started, is a good one: the provider is asked and shows what it is.
 *
 * The owner is one thread, or holds a lock.
 */
struct call_ledger;

/*
 * Rules are borrowed. path NULL: the record of this process alone. own_health: the places and the
 * budget are shared, the health is not. STATUS_UNAVAILABLE, STATUS_NO_MEMORY.
 */
enum status call_ledger_open(const char *path, const struct call_rules *rules, bool own_health,
                             struct call_ledger **ret_ledger) MUST_CHECK;
void call_ledger_close(struct call_ledger *ledger); /* NULL is fine */

struct call_time {
	int64_t now_ms; /* of the machine's monotonic clock */
	int32_t today;
};

/* A place in flight and a call of the day's budget. */
struct call_entry {
	struct breaker_pass pass;
	uint32_t place;
	int32_t day;
	bool free; /* not of the budget */
};

/*
 * CALL_GO, to be ended by call_ledger_leave(), and what else the guard says;
 * CALL_WAIT when other processes have all places, too. A free call costs
 * nothing, and goes when the day's budget is spent.
 */
enum call_verdict call_ledger_enter(struct call_ledger *ledger, struct call_time time, bool free,
                                    struct call_entry *ret_entry);

/* How it ended. */
struct call_exit {
	enum breaker_result result;
	int64_t pause_ms; /* the wait the provider asked for, 0 = none */
	bool unsent;      /* nothing was asked, and nothing is owed */
};

void call_ledger_leave(struct call_ledger *ledger, int64_t now_ms, const struct call_entry *entry,
                       const struct call_exit *exit);
/* Whether a CALL_WAIT is for this process's own calls: it ends with one of them. */
bool call_ledger_is_full(const struct call_ledger *ledger);

struct call_standing {
	struct call_budget budget; /* as of today */
	enum breaker_state breaker;
	uint32_t in_flight, peak_in_flight; /* of this process */
};

void call_ledger_read(const struct call_ledger *ledger, struct call_time time, struct call_standing *ret_standing);

#endif
