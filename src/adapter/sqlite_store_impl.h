/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_STORE_IMPL_H
#define SRC_ADAPTER_SQLITE_STORE_IMPL_H

#include <stdatomic.h>

#include "adapter/sqlite_store.h"
#include "adapter/state_dir.h"
#include "change_hint.h"
#include "sqlite_claim.h"
#include "sqlite_commit.h"
#include "sqlite_pool.h"
#include "sqlite_upkeep.h"

/* What sqlite_store.c, sqlite_decision.c and sqlite_audit.c share. */
struct sqlite_store {
	char path[STATE_PATH_MAX];
	char lock_path[STATE_PATH_MAX];
	struct crypto_port crypto;
	struct clock_port clock;
	struct sqlite_pool readers;
	struct sqlite_commit commit;
	struct sqlite_claims claims;
	struct sqlite_upkeep upkeep;
	struct change_hint hint;
	_Atomic uint64_t hint_seen; /* the hint's value when generation was read */
	_Atomic uint64_t generation;
	_Atomic int64_t generation_ns; /* when */
};

enum store_statement {
	STORE_FIND_KEY,
	STORE_FIND_FORM,
	STORE_FIND_POLICY,
	STORE_GENERATION,
	STORE_FIND_ANSWER,
	STORE_FIND_DECISION,
	STORE_DECISIONS,
	STORE_HEAD
};

/* sqlite_decision.c: reading records; slots of port/store.h. */
enum status sqlite_decision_find(void *self, struct slice tenant, struct slice decision_id, struct arena *arena,
                                 struct store_record *ret_record) MUST_CHECK;
enum status sqlite_decision_each(void *self, struct slice tenant, uint64_t from_seq,
                                 bool (*visit)(void *ctx, const struct store_record *record), void *ctx) MUST_CHECK;
/* The tenant's number and its chain's end (seq 0: none). STATUS_NOT_FOUND: no such tenant. */
enum status sqlite_decision_head(struct sqlite_store *store, struct slice tenant, int64_t *ret_tenant_no,
                                 struct store_record *ret_head) MUST_CHECK;

#endif
