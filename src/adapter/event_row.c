/* SPDX-License-Identifier: MIT */
#include "event_row.h"

#include "sqlite_schema.h"

enum status event_row_put(struct sqlite_db *db, sqlite3_stmt *put, int64_t tenant_no, const struct event *event)
{
	sqlite3_bind_int64(put, 1, tenant_no << SQLITE_SEQ_BITS);
	sqlite_db_bind_text(put, 2, event->id);
	sqlite3_bind_int64(put, 3, event->at_ms);
	sqlite3_bind_int(put, 4, event->livemode);
	sqlite_db_bind_text(put, 5, event->type);
	sqlite_db_bind_text(put, 6, event->data);
	sqlite3_bind_int64(put, 7, tenant_no << SQLITE_SEQ_BITS | SQLITE_SEQ_MAX);
	return sqlite_db_run(db, put);
}

enum status recheck_row_drop(struct sqlite_db *db, sqlite3_stmt *drop, struct slice decision_id)
{
	enum status status;

	sqlite_db_bind_text(drop, 1, decision_id);
	status = sqlite_db_run(db, drop);
	return status == STATUS_OK && sqlite3_changes(db->handle) == 0 ? STATUS_NOT_FOUND : status;
}
