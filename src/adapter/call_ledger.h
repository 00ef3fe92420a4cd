/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_CALL_LEDGER_H
#define SRC_ADAPTER_CALL_LEDGER_H

#include "base/status.h"
#include "core/call_guard.h"

/*
 * What all processes share about the calls of one provider, in one small
 * file: the calls and the cost of the day, which survive restarts, and the
 * places in flight, locked bytes that a dead process gives back. It is not
 * synced: a power failure may lose the last seconds' count.
 *
 * A file that was deleted or emptied starts the day again. One whose record
 * cannot be believed, read or written counts as a day's budget all spent, so
 * that nothing is paid for unseen; without a limit there is nothing to stop.
 *
 * The owner is one thread, or holds a lock.
 */
struct call_ledger;

/* Rules are borrowed. path NULL: the record of this process alone. STATUS_UNAVAILABLE, STATUS_NO_MEMORY. */
enum status call_ledger_open(const char *path, const struct call_rules *rules,
                             struct call_ledger **ret_ledger) MUST_CHECK;
void call_ledger_close(struct call_ledger *ledger); /* NULL is fine */

/* A place in flight and a call of the day's budget. */
struct call_entry {
	uint32_t place;
	int32_t day;
	bool free; /* a place only */
};

/* CALL_GO, to be ended by call_ledger_leave(); CALL_WAIT: other processes have all places; CALL_BUDGET_SPENT. */
enum call_verdict call_ledger_enter(struct call_ledger *ledger, int32_t today, struct call_entry *ret_entry);
/* A place for a call that costs nothing, also when the day's budget is spent: CALL_GO or CALL_WAIT. */
enum call_verdict call_ledger_enter_free(struct call_ledger *ledger, struct call_entry *ret_entry);
/* unsent: nothing was asked, and nothing is owed. */
void call_ledger_leave(struct call_ledger *ledger, const struct call_entry *entry, bool unsent);
/* As of the day. */
void call_ledger_read(struct call_ledger *ledger, int32_t today, struct call_budget *ret_budget);

#endif
