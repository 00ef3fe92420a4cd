/* SPDX-License-Identifier: MIT */
#ifndef FCGI_AUTH_H
#define FCGI_AUTH_H

#include <stdint.h>

#include "base/status.h"
#include "port/crypto.h"
#include "port/store.h"
#include "rules.h"

#define AUTH_SLOTS 256 /* keys one thread remembers */

/*
 * Who may call. Each thread keeps the keys it has seen, with the policy of
 * their tenant, until the rulebook's epoch changes: a revoked key or a new
 * policy takes effect with the next look at the store (serve's tick), that is
 * within a fraction of a second. Only keys that exist are kept, so made-up
 * ones cannot push them out.
 */
struct auth_entry {
	uint8_t digest[CRYPTO_SHA256_LEN];
	struct api_key key;
	struct rules *rules; /* NULL = slot is free */
};

struct auth_cache {
	uint64_t epoch;
	struct scorecard *card;
	struct auth_entry entries[AUTH_SLOTS];
};

struct auth {
	struct store_port store;
	struct crypto_port crypto;
	struct rulebook *book;
};

/* A caller; valid until this thread's next auth_check(). */
struct principal {
	struct slice tenant;
	bool livemode;
	const struct policy *policy;
	const struct model *model;
};

/*
 * Checks "Bearer bg_live_..." or "Bearer bg_test_...". STATUS_UNAUTHORIZED
 * for anything else, an unknown, revoked or expired key alike.
 * STATUS_FORBIDDEN: a good key without "scope"; the principal is filled, so
 * that the log can name the tenant. STATUS_UNAVAILABLE, ...: nobody can tell.
 */
enum status auth_check(const struct auth *auth, struct auth_cache *cache, struct slice authorization, unsigned scope,
                       int64_t now_ms, struct principal *ret_principal) MUST_CHECK;
/* The same for the key of a public form, which is no secret: "bf_live_..." or "bf_test_...". */
enum status auth_check_form(const struct auth *auth, struct auth_cache *cache, struct slice key, int64_t now_ms,
                            struct principal *ret_principal) MUST_CHECK;
void auth_cache_clear(struct auth_cache *cache);

#endif
