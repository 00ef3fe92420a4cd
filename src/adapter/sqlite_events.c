/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_events.h"

#include <stdlib.h>

#include "adapter/state_dir.h"
#include "event_row.h"
#include "sqlite_log_vfs.h"
#include "sqlite_pool.h"
#include "sqlite_schema.h"

enum statement { BEGIN, COMMIT, TAKE, NEXT, COUNT, WAITING, HASTEN, PUT_OFF, DROP, PUT_EVENT, TENANT, PLACE, LIST };

#define RECHECK_OF_COMPANY        \
	" due_ms > $1 AND EXISTS" \
	" (SELECT 1 FROM decision WHERE decision.id = recheck.decision_id AND decision.company = $2)"

/* A lease is the due time moved. */
static const char *const statements[] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [TAKE] = ("UPDATE recheck SET due_ms = $1"
                  " WHERE decision_id = (SELECT decision_id FROM recheck WHERE due_ms <= $2 ORDER BY due_ms LIMIT 1)"
                  " RETURNING tenant, decision_id, at_ms, tries"),
        [NEXT] = "SELECT due_ms FROM recheck ORDER BY due_ms LIMIT 1",
        [COUNT] = "SELECT count(*), min(at_ms) FROM recheck",
        [WAITING] = ("SELECT 1 FROM recheck WHERE" RECHECK_OF_COMPANY " LIMIT 1"),
        [HASTEN] = ("UPDATE recheck SET due_ms = $1 WHERE" RECHECK_OF_COMPANY),
        [PUT_OFF] = "UPDATE recheck SET due_ms = $1, tries = tries + 1 WHERE decision_id = $2",
        [DROP] = RECHECK_ROW_DROP,
        [PUT_EVENT] = EVENT_ROW_PUT,
        [TENANT] = "SELECT no FROM tenant WHERE id = $1",
        [PLACE] = "SELECT pos FROM event WHERE id = $1 AND pos > $2 AND pos <= $3 AND livemode = $4",
        [LIST] = ("SELECT id, type, at_ms, data FROM event WHERE pos > $1 AND pos <= $2 AND livemode = $3"
                  " ORDER BY pos LIMIT $4"),
};

static const struct sqlite_db_sort sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .vfs = SQLITE_LOG_VFS,
        .pragmas = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-512",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = sqlite_schema_check_store,
};

struct sqlite_events {
	char file[STATE_PATH_MAX];
	struct sqlite_pool pool;
};

static enum status find_tenant(struct sqlite_db *db, struct slice tenant, int64_t *ret_no)
{
	sqlite_db_bind_text(db->stmt[TENANT], 1, tenant);
	return sqlite_db_number(db, db->stmt[TENANT], ret_no);
}

/* --- Rechecks --------------------------------------------------------------------------------------- */

static bool read_recheck(sqlite3_stmt *stmt, struct recheck *ret_recheck)
{
	ret_recheck->at_ms = sqlite3_column_int64(stmt, 2);
	ret_recheck->tries = (uint32_t)sqlite3_column_int64(stmt, 3);
	return slice_copy(sqlite_db_column(stmt, 0), ret_recheck->tenant, sizeof(ret_recheck->tenant)) &&
	       slice_copy(sqlite_db_column(stmt, 1), ret_recheck->decision_id, sizeof(ret_recheck->decision_id));
}

/* The change is durable when the statement has come to its end. */
static enum status take_row(struct sqlite_db *db, struct recheck *ret_recheck)
{
	sqlite3_stmt *stmt = db->stmt[TAKE];
	enum status status = sqlite_db_first(db, stmt), ended;

	if (status == STATUS_OK) {
		status = read_recheck(stmt, ret_recheck) ? STATUS_OK : STATUS_CORRUPT;
		ended = sqlite_db_first(db, stmt);
		if (ended != STATUS_NOT_FOUND)
			status = ended == STATUS_OK ? STATUS_INTERNAL : ended;
	}
	sqlite3_reset(stmt);
	return status;
}

static enum status take_due(void *self, int64_t now_ms, int64_t lease_ms, struct recheck *ret_recheck)
{
	struct sqlite_events *events = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite3_bind_int64(db->stmt[TAKE], 1, now_ms + lease_ms);
	sqlite3_bind_int64(db->stmt[TAKE], 2, now_ms);
	status = take_row(db, ret_recheck);
	sqlite_pool_give(&events->pool, db);
	return status;
}

static enum status next_due(void *self, int64_t *ret_due_ms)
{
	struct sqlite_events *events = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_number(db, db->stmt[NEXT], ret_due_ms);
	sqlite_pool_give(&events->pool, db);
	return status;
}

static enum status count(void *self, uint64_t *ret_count, int64_t *ret_oldest_ms)
{
	struct sqlite_events *events = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_count(db, db->stmt[COUNT], ret_count, ret_oldest_ms);
	sqlite_pool_give(&events->pool, db);
	return status;
}

static enum status run_hasten(struct sqlite_db *db, struct slice company_key, int64_t now_ms)
{
	enum status status;

	/* Most companies have none waiting, and reading holds up no commit. */
	for (enum statement i = WAITING; i <= HASTEN; i++) {
		sqlite3_bind_int64(db->stmt[i], 1, now_ms);
		sqlite_db_bind_text(db->stmt[i], 2, company_key);
	}
	status = sqlite_db_first(db, db->stmt[WAITING]);
	sqlite3_reset(db->stmt[WAITING]);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[HASTEN]);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status hasten(void *self, struct slice company_key, int64_t now_ms)
{
	struct sqlite_events *events = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = run_hasten(db, company_key, now_ms);
	sqlite_pool_give(&events->pool, db);
	return status;
}

static enum status put_off(void *self, const struct recheck *recheck, int64_t due_ms)
{
	struct sqlite_events *events = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite3_bind_int64(db->stmt[PUT_OFF], 1, due_ms);
	sqlite_db_bind_text(db->stmt[PUT_OFF], 2, slice_cstr(recheck->decision_id));
	status = sqlite_db_run(db, db->stmt[PUT_OFF]);
	if (status == STATUS_OK && sqlite3_changes(db->handle) == 0)
		status = STATUS_NOT_FOUND;
	sqlite_pool_give(&events->pool, db);
	return status;
}

static enum status give_up(void *self, const struct recheck *recheck, const struct event *event)
{
	struct sqlite_events *events = self;
	struct sqlite_db *db;
	int64_t tenant_no = 0;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_run(db, db->stmt[BEGIN]);
	if (status == STATUS_OK)
		status = find_tenant(db, slice_cstr(recheck->tenant), &tenant_no);
	if (status == STATUS_OK)
		status = recheck_row_drop(db, db->stmt[DROP], slice_cstr(recheck->decision_id));
	if (status == STATUS_OK)
		status = event_row_put(db, db->stmt[PUT_EVENT], tenant_no, event);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[COMMIT]);
	sqlite_db_rollback(db);
	sqlite_pool_give(&events->pool, db);
	return status;
}

/* --- Events ----------------------------------------------------------------------------------------- */

static enum status read_event(sqlite3_stmt *stmt, bool livemode, struct arena *arena, struct event *ret_event)
{
	struct event event = {.livemode = livemode, .at_ms = sqlite3_column_int64(stmt, 2)};

	event.id = arena_copy(arena, sqlite_db_column(stmt, 0));
	event.type = arena_copy(arena, sqlite_db_column(stmt, 1));
	event.data = arena_copy(arena, sqlite_db_column(stmt, 3));
	if (!event.id.ptr || !event.type.ptr || !event.data.ptr)
		return STATUS_NO_MEMORY;
	*ret_event = event;
	return STATUS_OK;
}

/* Where the list begins: behind the event named, else before the tenant's first. */
static enum status find_place(struct sqlite_db *db, int64_t first, bool livemode, struct slice after, int64_t *ret_pos)
{
	sqlite3_stmt *stmt = db->stmt[PLACE];

	if (!after.ptr) {
		*ret_pos = first;
		return STATUS_OK;
	}
	sqlite_db_bind_text(stmt, 1, after);
	sqlite3_bind_int64(stmt, 2, first);
	sqlite3_bind_int64(stmt, 3, first | SQLITE_SEQ_MAX);
	sqlite3_bind_int(stmt, 4, livemode);
	return sqlite_db_number(db, stmt, ret_pos);
}

static enum status read_list(struct sqlite_db *db, size_t cap, bool livemode, struct arena *arena,
                             struct event *ret_events, size_t *ret_count)
{
	sqlite3_stmt *stmt = db->stmt[LIST];
	enum status status = sqlite_db_first(db, stmt);
	size_t count = 0;

	while (status == STATUS_OK && count < cap) {
		status = read_event(stmt, livemode, arena, &ret_events[count]);
		if (status != STATUS_OK)
			break;
		count++;
		status = sqlite_db_first(db, stmt);
	}
	sqlite3_reset(stmt);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	*ret_count = count;
	return STATUS_OK;
}

static enum status list(void *self, struct slice tenant, bool livemode, struct slice after, size_t cap,
                        struct arena *arena, struct event *ret_events, size_t *ret_count)
{
	struct sqlite_events *events = self;
	int64_t first = 0, pos = 0;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&events->pool, &db);

	if (status != STATUS_OK)
		return status;
	status = find_tenant(db, tenant, &first);
	first <<= SQLITE_SEQ_BITS;
	if (status == STATUS_OK)
		status = find_place(db, first, livemode, after, &pos);
	if (status == STATUS_OK) {
		sqlite3_bind_int64(db->stmt[LIST], 1, pos);
		sqlite3_bind_int64(db->stmt[LIST], 2, first | SQLITE_SEQ_MAX);
		sqlite3_bind_int(db->stmt[LIST], 3, livemode);
		sqlite3_bind_int64(db->stmt[LIST], 4, (sqlite3_int64)cap);
		status = read_list(db, cap, livemode, arena, ret_events, ret_count);
	}
	sqlite_pool_give(&events->pool, db);
	return status;
}

static const struct event_vtable event_vtable = {.list = list};
static const struct recheck_vtable recheck_vtable = {.take_due = take_due,
                                                     .next_due = next_due,
                                                     .count = count,
                                                     .hasten = hasten,
                                                     .put_off = put_off,
                                                     .give_up = give_up};

enum status sqlite_events_open(const char *file, struct sqlite_events **ret_events)
{
	struct sqlite_events *events = calloc(1, sizeof(*events));
	struct sqlite_db *db;
	enum status status;

	if (!events)
		return STATUS_NO_MEMORY;
	if (!slice_copy(slice_cstr(file), events->file, sizeof(events->file))) {
		free(events);
		return STATUS_TOO_LARGE;
	}
	sqlite_pool_init(&events->pool, events->file, &sort);
	status = sqlite_pool_take_busy(&events->pool, &db);
	if (status != STATUS_OK) {
		sqlite_events_close(events);
		return status;
	}
	sqlite_pool_give(&events->pool, db);
	*ret_events = events;
	return STATUS_OK;
}

void sqlite_events_close(struct sqlite_events *events)
{
	if (!events)
		return;
	sqlite_pool_finish(&events->pool);
	free(events);
}

struct event_port sqlite_events_port(struct sqlite_events *events)
{
	return (struct event_port){&event_vtable, events};
}

struct recheck_port sqlite_rechecks_port(struct sqlite_events *events)
{
	return (struct recheck_port){&recheck_vtable, events};
}
