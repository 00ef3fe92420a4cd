/* SPDX-License-Identifier: MIT */
#ifndef PORT_EVENT_H
#define PORT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"

/* What happened that nobody was waiting for, and a tenant has to learn of. */
struct event {
	struct slice id;   /* "evt_..." */
	struct slice type; /* "decision.recheck_differs" */
	bool livemode;
	int64_t at_ms;
	struct slice data; /* one JSON object */
};

/* A tenant's events, in the order in which they were stored. Callable from any thread of any process. */
struct event_port {
	const struct event_vtable *vtable;
	void *self;
};

struct event_vtable {
	/*
	 * The tenant's events of this mode behind the one named (absent: from the
	 * first on), at most cap of them, texts in the arena. What was listed once keeps its
	 * place, and nothing comes before it later. STATUS_NOT_FOUND: the tenant has no such event.
	 */
	enum status (*list)(void *self, struct slice tenant, bool livemode, struct slice after, size_t cap,
	                    struct arena *arena, struct event *ret_events, size_t *ret_count) MUST_CHECK;
};

/*
 * Decisions to be made again, because a source was down: the store lists them
 * with their records (port/store.h). Callable from any thread of any process.
 */
struct recheck_port {
	const struct recheck_vtable *vtable;
	void *self;
};

struct recheck {
	char tenant[MAX_TENANT_ID + 1];
	char decision_id[MAX_DECISION_ID + 1];
	int64_t at_ms; /* of the decision */
	uint32_t tries;
};

struct recheck_vtable {
	/*
	 * The one due longest, and nobody else's until lease_ms from now: then it is due again, unless
	 * it was put off or left the list. STATUS_NOT_FOUND: none is due.
	 */
	enum status (*take_due)(void *self, int64_t now_ms, int64_t lease_ms, struct recheck *ret_recheck) MUST_CHECK;
	/* When the next one is due. STATUS_NOT_FOUND: there is none. */
	enum status (*next_due)(void *self, int64_t *ret_due_ms) MUST_CHECK;
	/* How many are on the list, and when the oldest of them was decided (0 = none is). */
	enum status (*count)(void *self, uint64_t *ret_count, int64_t *ret_oldest_ms) MUST_CHECK;
	/*
	 * What waits for a decision on this company is due now, whoever's it is: a source that was out has spoken
	 * of it. What is due already, or not on the list, is left as it is.
	 */
	enum status (*hasten)(void *self, struct slice company_key, int64_t now_ms) MUST_CHECK;
	/* Due then, with one try more. STATUS_NOT_FOUND: it has left the list. */
	enum status (*put_off)(void *self, const struct recheck *recheck, int64_t due_ms) MUST_CHECK;
	/* It leaves the list and the event is stored, both or neither. STATUS_NOT_FOUND: it has left already. */
	enum status (*give_up)(void *self, const struct recheck *recheck, const struct event *event) MUST_CHECK;
};

#endif
