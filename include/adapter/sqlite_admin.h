/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_ADMIN_H
#define ADAPTER_SQLITE_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "port/clock.h"
#include "port/crypto.h"

/* The store's other door, for the command-line tool: set up, tenants, keys, policies. One thread. */
struct sqlite_admin;

/* Creates the directory, the store, the token key; what is there stays. Safe to repeat. */
enum status sqlite_admin_init(const char *dir) MUST_CHECK;

/* STATUS_NOT_FOUND: not initialised. */
enum status sqlite_admin_open(const char *dir, struct crypto_port crypto, struct clock_port clock,
                              struct sqlite_admin **ret_admin) MUST_CHECK;
void sqlite_admin_close(struct sqlite_admin *admin); /* NULL is fine */

struct admin_tenant {
	char id[MAX_TENANT_ID + 1];
	char name[MAX_NAME + 1];
	int64_t created_ms;
	uint64_t decisions; /* length of the chain */
};

/* id: 1..MAX_TENANT_ID of a-z 0-9 - _. STATUS_INVALID; STATUS_MISMATCH: exists already. */
enum status sqlite_admin_add_tenant(struct sqlite_admin *admin, struct slice id, struct slice name) MUST_CHECK;
enum status sqlite_admin_each_tenant(struct sqlite_admin *admin,
                                     bool (*visit)(void *ctx, const struct admin_tenant *tenant), void *ctx) MUST_CHECK;

#define ADMIN_KEY_TEXT 41 /* "bg_live_" (of a form "bf_live_") and 32 base-32 characters (160 random bits), NUL */
#define ADMIN_KEY_ID   9  /* the digest's first 8 hex digits, NUL: names a key in lists */

struct admin_key {
	char id[ADMIN_KEY_ID];
	char tenant[MAX_TENANT_ID + 1];
	char label[65];
	bool livemode;
	unsigned scopes; /* port/store.h */
	int64_t created_ms;
	int64_t expires_ms; /* 0 = never */
	int64_t revoked_ms; /* 0 = not */
};

struct admin_key_request {
	struct slice tenant;
	struct slice label; /* at most 64 bytes */
	bool livemode;
	unsigned scopes;
	int64_t expires_ms;
	struct slice origins;    /* of a form's key: pages that may hold the form, parted by blanks; absent: no form */
	struct slice return_url; /* of a form's key: where its visitors go afterwards, on one of these origins */
	struct slice text;       /* a chosen key text instead of a random one (tests, demo); absent = random */
};

/*
 * The text is told once and stored nowhere. STATUS_NOT_FOUND: no such
 * tenant; STATUS_INVALID: a chosen text that does not begin with the mode's
 * prefix or is not 32..MAX_API_KEY characters of A-Z a-z 0-9 _; adding the
 * same chosen text to the same tenant again is STATUS_OK and updates it.
 */
enum status sqlite_admin_add_key(struct sqlite_admin *admin, const struct admin_key_request *request,
                                 char ret_text[MAX_API_KEY + 1]) MUST_CHECK;
/* By id as listed. STATUS_NOT_FOUND; STATUS_MISMATCH: the id names several keys. */
enum status sqlite_admin_revoke_key(struct sqlite_admin *admin, struct slice id) MUST_CHECK;
enum status sqlite_admin_each_key(struct sqlite_admin *admin, bool (*visit)(void *ctx, const struct admin_key *key),
                                  void *ctx) MUST_CHECK;

struct admin_policy {
	char tenant[MAX_TENANT_ID + 1];
	uint64_t number; /* 1, 2, ... per tenant; the largest is in force */
	int64_t created_ms;
	struct slice json; /* valid during the visit */
};

/* The JSON is stored as given: the caller has validated it. */
enum status sqlite_admin_put_policy(struct sqlite_admin *admin, struct slice tenant, struct slice json,
                                    uint64_t *ret_number) MUST_CHECK;
/* Every version, oldest first; tenant absent = all tenants. */
enum status sqlite_admin_each_policy(struct sqlite_admin *admin, struct slice tenant,
                                     bool (*visit)(void *ctx, const struct admin_policy *policy), void *ctx) MUST_CHECK;

#endif
