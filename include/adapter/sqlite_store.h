/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_STORE_H
#define ADAPTER_SQLITE_STORE_H

#include <stdint.h>

#include "base/status.h"
#include "port/clock.h"
#include "port/crypto.h"
#include "port/store.h"

/*
 * The store port on SQLite (WAL, synchronous=FULL). Threads that append at
 * the same time share one transaction: the first one commits for all that
 * queued up meanwhile and wakes them. Processes take turns through SQLite's
 * write lock. Open it after any fork, and start again after putting another
 * store.db in place: appends notice (STATUS_UNAVAILABLE), readers do not.
 * A background thread moves the log into the database and
 * removes stored answers that expired.
 */
struct sqlite_store;

/* A stored answer is replayed this long after the request's own time. */
#define SQLITE_STORE_REPLAY_MS (INT64_C(24) * 3600 * 1000)

/*
 * Opens dir/store.db, which must exist (sqlite_admin_init()). The ports must
 * outlive the store. STATUS_NOT_FOUND: no store there, or one of an older
 * version that sqlite_admin_init() brings up to date; STATUS_CORRUPT: not
 * ours or damaged; STATUS_INVALID: written by a newer version.
 */
enum status sqlite_store_open(const char *dir, struct crypto_port crypto, struct clock_port clock,
                              struct sqlite_store **ret_store) MUST_CHECK;
/* What an operator is told of a store that does not open for this reason; NULL: the status says it all. */
const char *sqlite_store_advice(enum status status);
/* No slot may be running. Moves the whole log into the database. NULL is fine. */
void sqlite_store_close(struct sqlite_store *store);
struct store_port sqlite_store_port(struct sqlite_store *store);

/* Where a chain breaks first. */
enum audit_fault {
	AUDIT_SOUND,
	AUDIT_DIGEST,    /* the text does not hash to the stored digest: text or digest was changed */
	AUDIT_PREV,      /* the record does not carry the digest of the one before it */
	AUDIT_GAP,       /* a record is missing before this one */
	AUDIT_ID,        /* the row's decision id, sequence or tenant is not the text's */
	AUDIT_TRUNCATED, /* records are missing at the end */
	AUDIT_FORK       /* more records than the chain's head knows of, or another last one */
};

struct audit_result {
	uint64_t records; /* sound ones, from the first on */
	enum audit_fault fault;
	uint64_t seq; /* of the broken record; of the first missing one when truncated */
	char decision_id[33];
};

const char *audit_fault_text(enum audit_fault fault); /* one English clause */
/*
 * Walks a tenant's chain as it stands now; appends may go on meanwhile.
 * STATUS_OK whatever was found; STATUS_NOT_FOUND: no such tenant.
 */
enum status sqlite_store_verify(struct sqlite_store *store, struct slice tenant,
                                struct audit_result *ret_result) MUST_CHECK;

#endif
