/* SPDX-License-Identifier: MIT */
#ifndef STORE_STAGE_H
#define STORE_STAGE_H

#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_admin.h"
#include "adapter/sqlite_store.h"
#include "fake_clock.h"
#include "fake_store.h"
#include "port/store.h"
#include "temp_dir.h"

/*
 * A store with tenants "shop" and "other" on either implementation, and what
 * a contract test needs besides the port.
 */
struct store_stage {
	struct store_port port;
	struct fake_clock clock;
	struct sodium_crypto *crypto;
	struct fake_store *fake; /* or: */
	struct temp_dir dir;
	struct sqlite_store *store;
	struct sqlite_admin *admin;
};

void store_stage_sqlite(struct store_stage *stage);
void store_stage_fake(struct store_stage *stage);
void store_stage_finish(struct store_stage *stage);
/* Of the SQLite stage: closes and opens again. SQLite does not survive a fork: close before, open after. */
void store_stage_reopen(struct store_stage *stage);
void store_stage_close(struct store_stage *stage);
void store_stage_open(struct store_stage *stage);

void store_stage_add_key(struct store_stage *stage, const char *text, const char *tenant, bool livemode,
                         unsigned scopes);
void store_stage_put_policy(struct store_stage *stage, const char *tenant, const char *json);
struct crypto_port store_stage_crypto(const struct store_stage *stage);

/* A decision on static memory: id "dec_<tag>", record {"id":"dec_<tag>","text":"...". */
struct store_decision store_stage_decision(const char *tenant, const char *tag);
enum status store_stage_append(struct store_stage *stage, const char *tenant, const char *tag);

#endif
