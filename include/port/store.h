/* SPDX-License-Identifier: MIT */
#ifndef PORT_STORE_H
#define PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/slice.h"
#include "base/status.h"
#include "port/event.h"

/*
 * What must not be lost: tenants, API keys, policies, decision records and
 * stored answers. Every slot is callable from any thread of any process of
 * the installation. STATUS_FULL (disk), STATUS_UNAVAILABLE (busy beyond the
 * deadline, I/O error), STATUS_CORRUPT: nothing was stored.
 */
struct store_port {
	const struct store_vtable *vtable;
	void *self;
};

/* Rights of a key; bits. */
enum scope {
	SCOPE_CHECKOUT = 1,
	SCOPE_LEAD = 2,
	SCOPE_READ = 4, /* decisions, explanations, companies */
	SCOPE_ADMIN = 8,
	SCOPE_FORM = 16 /* a public web form may post leads; nothing is answered */
};

/* What a public form's key says besides; slices live in the arena. */
struct form_site {
	struct slice origins;    /* of the pages that may hold the form, parted by blanks */
	struct slice return_url; /* where the visitor goes afterwards */
};

struct api_key {
	char tenant[49]; /* MAX_TENANT_ID and NUL */
	bool livemode;
	unsigned scopes;
	int64_t expires_ms; /* 0 = never */
};

/* One decision to be made durable. Slices are borrowed for the call. */
struct store_decision {
	struct slice tenant;
	struct slice decision_id;
	bool livemode;
	int64_t at_ms;
	struct slice company_key;
	struct slice outcome;         /* "approve" */
	struct slice record;          /* record_put(): open, the store closes it */
	struct slice idempotency_key; /* {NULL,0} = none */
	uint8_t body_digest[32];      /* SHA-256 of the request body, for the idempotency key */
	struct slice answer;          /* the HTTP body to replay; only with a key */
	bool recheck;                 /* made while a source was down: goes on the list of port/event.h, due at once */
	/* This one makes that decision again, which leaves the list; not on it: STATUS_NOT_FOUND. Absent = none. */
	struct slice recheck_of;
	const struct event *event; /* NULL = none */
};

struct store_record {
	uint64_t seq;
	struct slice decision_id;
	struct slice text;  /* the closed record */
	uint8_t digest[32]; /* as stored */
};

/* How a begun append ends: told exactly once, on any thread, perhaps before begin_append returns. Must not block. */
struct store_done {
	void (*tell)(void *ctx, enum status status);
	void *ctx;
};

struct store_stats {
	uint64_t commits, decisions, commit_ns, failures;
};

struct store_vtable {
	/* digest = SHA-256 of the whole key; only digests are stored. STATUS_NOT_FOUND. */
	enum status (*find_key)(void *self, const uint8_t digest[32], struct api_key *ret_key) MUST_CHECK;
	/* By the digest of a form's key. STATUS_NOT_FOUND: no form's key. */
	enum status (*find_form)(void *self, const uint8_t digest[32], struct arena *arena,
	                         struct form_site *ret_site) MUST_CHECK;
	/* The newest policy JSON of the tenant, into the arena. STATUS_NOT_FOUND. */
	enum status (*find_policy)(void *self, struct slice tenant, struct arena *arena,
	                           struct slice *ret_json) MUST_CHECK;
	/* Grows with every change of keys or policies in any process: a cheap check for reloading. */
	enum status (*generation)(void *self, uint64_t *ret_generation) MUST_CHECK;

	/*
	 * Idempotency: claims tenant + key for this caller until release. OK:
	 * claimed and new. STATUS_RUNNING: another request holds it.
	 * STATUS_MISMATCH: answered before for another body. OK with
	 * ret_answer->ptr set: answered before, replay; nothing is claimed.
	 * A claim dies with its process. *ret_claim >= 0 must be released.
	 */
	enum status (*claim)(void *self, struct slice tenant, struct slice key, const uint8_t body_digest[32],
	                     int64_t now_ms, struct arena *arena, struct slice *ret_answer, int *ret_claim) MUST_CHECK;
	void (*release)(void *self, int claim);

	/*
	 * Returns STATUS_OK only after the record, chained to the tenant's
	 * previous one, is on stable storage with all that belongs to it (answer,
	 * lists, event): all or nothing. Calls in flight share one commit.
	 */
	enum status (*append)(void *self, const struct store_decision *decision, struct deadline deadline) MUST_CHECK;
	/*
	 * As append, without a thread that waits. The decision (and what it
	 * points to) and the arena stay untouched until told.
	 */
	void (*begin_append)(void *self, const struct store_decision *decision, struct deadline deadline,
	                     struct arena *arena, struct store_done done);
	/* Several times a second: tells those begun UNAVAILABLE whose deadline passed before their commit began. */
	void (*expire)(void *self);
	/* One record by its id. STATUS_NOT_FOUND (also for another tenant's). */
	enum status (*find_decision)(void *self, struct slice tenant, struct slice decision_id, struct arena *arena,
	                             struct store_record *ret_record) MUST_CHECK;
	/* Records of a tenant in chain order from seq on; visit returns false to stop. */
	enum status (*each_decision)(void *self, struct slice tenant, uint64_t from_seq,
	                             bool (*visit)(void *ctx, const struct store_record *record), void *ctx) MUST_CHECK;
	void (*stats)(void *self, struct store_stats *ret_stats);
};

#endif
