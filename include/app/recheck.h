/* SPDX-License-Identifier: MIT */
#ifndef APP_RECHECK_H
#define APP_RECHECK_H

#include "app/checkout.h"
#include "core/verdict.h"
#include "port/event.h"

/*
 * A decision that was made while a source was down is made again when it is
 * back, as the same request would be decided now. The first record stays as it
 * is; a further one names it, and the tenant learns of it when the answer would have been another.
 */
#define RECHECK_MAX_AGE_MS (INT64_C(24) * 3600 * 1000) /* then it is given up, which the tenant learns too */

struct recheck_req {
	struct checkout_req checkout; /* as it was asked then */
	struct slice decision_id;
	struct verdict before;
};

enum recheck_end {
	RECHECK_STILL_OUT, /* the source is still down: nothing is stored */
	RECHECK_SAME,
	RECHECK_DIFFERS
};

struct recheck_res {
	enum recheck_end end;
	char decision_id[MAX_DECISION_ID + 1]; /* of the further decision; "" = still out */
	enum outcome outcome;
};

/*
 * caller->recheck_of names the decision. STATUS_NOT_FOUND: another one was
 * quicker, and nothing is stored. STATUS_INVALID: it can no longer be asked like this (a method the
 * policy has no more). The arena holds what is in *ret_res no longer than the call.
 */
enum status recheck_decide(const struct checkout_ports *ports, const struct caller *caller,
                           const struct recheck_req *req, struct deadline deadline, struct arena *arena,
                           struct recheck_res *ret_res) MUST_CHECK;
/* When to try again after so many tries in vain. */
int64_t recheck_pause_ms(uint32_t tries);
/* Takes it off the list and tells the tenant. before: NULL when the record cannot be read. */
enum status recheck_give_up(const struct checkout_ports *ports, const struct recheck_port *list,
                            const struct recheck *recheck, bool livemode, const struct verdict *before,
                            struct arena *arena) MUST_CHECK;

#endif
