/* SPDX-License-Identifier: MIT */
#ifndef APP_CHECKOUT_H
#define APP_CHECKOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "core/decision.h"
#include "core/record.h"
#include "port/cache.h"
#include "port/clock.h"
#include "port/crypto.h"
#include "port/links.h"
#include "port/panel.h"
#include "port/register.h"
#include "port/store.h"

/* A checkout call as it arrived: the wire layer fills it, nothing is checked across fields yet. */
struct checkout_req {
	struct identity company;
	struct order order;
	bool has_delivery_address;
	struct identity delivery; /* street, postal code, city, country only */
};

/* Who calls, established by the process before the use case starts. */
struct caller {
	struct slice tenant;
	struct slice request_id;
	bool livemode;
	bool lead;                   /* sales asks, not a shop: the record says so, and there is no token */
	struct slice recheck_of;     /* the decision that is made again (app/recheck.h); absent = none */
	const struct policy *policy; /* outlives the call */
	const struct model *model;
};

/* What the composition root plugs in; shared by all threads. */
struct checkout_ports {
	struct clock_port clock;
	struct crypto_port crypto;
	struct cache_port cache;  /* vtable NULL: none */
	struct register_port reg; /* demo register in test mode, the imported one in live mode */
	struct store_port store;  /* vtable NULL: nothing is recorded (sandbox) */
	struct links_port links;  /* vtable NULL: no customer number means a company */
	struct panel_port panel;  /* vtable NULL: no provider is asked */
};

struct checkout_res {
	char decision_id[MAX_DECISION_ID + 1];
	char company_id[32];
	struct company_key key;
	int64_t at_ms;
	int64_t valid_until_ms;
	bool cache_hit;
	bool confirmed;            /* the company is the one that the customer_ref was linked to */
	const struct facts *facts; /* this and what follows: in the arena */
	const struct decision_input *input;
	const struct decision *decision;
	const struct event *event; /* stored with the record; NULL = none */
	struct slice token;        /* compact JWS, absent when the policy wants none */
	int unknown_method;        /* index of an asked method the policy lacks, -1 = none; with STATUS_INVALID */
	size_t error_count;        /* > 0 with STATUS_INVALID: which identity fields */
	struct identity_error errors[MAX_ERRORS];
};

/*
 * The use case in three steps: gather (cache, register), decide (pure),
 * prepare the record. STATUS_INVALID: res->errors tells the fields.
 * STATUS_UNAVAILABLE of the register does not fail the call: the outage rules
 * of the policy decide and freshness says "fallback".
 * Nothing is durable yet: the caller writes the answer, then checkout_record().
 */
enum status checkout_decide(const struct checkout_ports *ports, const struct caller *caller,
                            const struct checkout_req *req, struct deadline deadline, struct arena *arena,
                            struct checkout_res *ret_res) MUST_CHECK;

/* The idempotency part of a record; key absent = none. */
struct checkout_replay {
	struct slice key;
	uint8_t body_digest[32];
	struct slice answer;
};

/* Makes the decision durable. On any status but OK the answer must not leave: 503. */
enum status checkout_record(const struct checkout_ports *ports, const struct caller *caller,
                            const struct checkout_req *req, const struct checkout_res *res,
                            const struct checkout_replay *replay, struct deadline deadline,
                            struct arena *arena) MUST_CHECK;
/*
 * The same without a thread that waits: STATUS_PENDING, and done is told the
 * end exactly once, perhaps before this returns; all arguments and the arena
 * stay untouched until then. Any other status: nothing was begun.
 */
enum status checkout_begin_record(const struct checkout_ports *ports, const struct caller *caller,
                                  const struct checkout_req *req, const struct checkout_res *res,
                                  const struct checkout_replay *replay, struct deadline deadline, struct arena *arena,
                                  struct store_done done) MUST_CHECK;

#endif
