/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_EVENT_ROW_H
#define SRC_ADAPTER_EVENT_ROW_H

#include "port/event.h"
#include "sqlite_db.h"

/*
 * Rows that several connections write. event.pos is tenant.no * 2^40 and a
 * number that rises: a tenant's events are one range of the table, in the order of their
 * transactions.
 */
#define EVENT_ROW_PUT                                               \
	("INSERT INTO event (pos, id, at_ms, livemode, type, data)" \
	 " SELECT coalesce(max(pos), $1) + 1, $2, $3, $4, $5, $6 FROM event WHERE pos > $1 AND pos <= $7")
#define RECHECK_ROW_DROP "DELETE FROM recheck WHERE decision_id = $1"

/* Within a transaction. */
enum status event_row_put(struct sqlite_db *db, sqlite3_stmt *put, int64_t tenant_no,
                          const struct event *event) MUST_CHECK;
/* STATUS_NOT_FOUND: it is not on the list. */
enum status recheck_row_drop(struct sqlite_db *db, sqlite3_stmt *drop, struct slice decision_id) MUST_CHECK;

#endif
