/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sqlite_schema.h"
#include "sqlite_store_impl.h"

/* Records read in one transaction: an export must not keep the log from being moved for long. */
#define CHUNK 256

struct walk {
	int64_t next_pos;
	int64_t last_pos;
	bool (*visit)(void *ctx, const struct store_record *record);
	void *ctx;
	bool stopped;
};

static uint64_t seq_of(int64_t pos)
{
	return (uint64_t)(pos & SQLITE_SEQ_MAX);
}

/* One chunk; the walk is over when it finds none. */
static enum status walk_chunk(struct sqlite_db *db, struct walk *walk, int *ret_count)
{
	sqlite3_stmt *stmt = db->stmt[STORE_DECISIONS];
	enum status status;
	int count = 0;

	sqlite3_bind_int64(stmt, 1, walk->next_pos);
	sqlite3_bind_int64(stmt, 2, walk->last_pos);
	sqlite3_bind_int(stmt, 3, CHUNK);
	for (status = sqlite_db_first(db, stmt); status == STATUS_OK; status = sqlite_db_first(db, stmt)) {
		struct store_record record = {
		        .seq = seq_of(sqlite3_column_int64(stmt, 0)),
		        .decision_id = sqlite_db_column(stmt, 1),
		        .text = sqlite_db_column(stmt, 2),
		};

		if (!sqlite_db_column_digest(stmt, 3, record.digest))
			memset(record.digest, 0, sizeof(record.digest)); /* hashes to nothing: the audit names it */
		walk->next_pos = sqlite3_column_int64(stmt, 0) + 1;
		count++;
		if (!walk->visit(walk->ctx, &record)) {
			walk->stopped = true;
			break;
		}
	}
	sqlite3_reset(stmt);
	*ret_count = count;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status sqlite_decision_head(struct sqlite_store *store, struct slice tenant, int64_t *ret_tenant_no,
                                 struct store_record *ret_head)
{
	struct store_record head = {0};
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&store->readers, &db);
	sqlite3_stmt *stmt;

	if (status != STATUS_OK)
		return status;
	stmt = db->stmt[STORE_HEAD];
	sqlite_db_bind_text(stmt, 1, tenant);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK) {
		*ret_tenant_no = sqlite3_column_int64(stmt, 0);
		head.seq = (uint64_t)sqlite3_column_int64(stmt, 1);
		(void)sqlite_db_column_digest(stmt, 2, head.digest);
		*ret_head = head;
	}
	sqlite3_reset(stmt);
	sqlite_pool_give(&store->readers, db);
	return status;
}

enum status sqlite_decision_each(void *self, struct slice tenant, uint64_t from_seq,
                                 bool (*visit)(void *ctx, const struct store_record *record), void *ctx)
{
	struct sqlite_store *store = self;
	struct walk walk = {.visit = visit, .ctx = ctx};
	struct store_record head;
	struct sqlite_db *db;
	int64_t tenant_no;
	enum status status;
	int count = 0;

	status = sqlite_decision_head(store, tenant, &tenant_no, &head);
	if (status != STATUS_OK)
		return status;
	status = sqlite_pool_take(&store->readers, &db);
	if (status != STATUS_OK)
		return status;
	if (from_seq > (uint64_t)SQLITE_SEQ_MAX)
		from_seq = (uint64_t)SQLITE_SEQ_MAX;
	walk.next_pos = tenant_no << SQLITE_SEQ_BITS | (int64_t)from_seq;
	walk.last_pos = tenant_no << SQLITE_SEQ_BITS | SQLITE_SEQ_MAX;
	do
		status = walk_chunk(db, &walk, &count);
	while (status == STATUS_OK && !walk.stopped && count == CHUNK);
	sqlite_pool_give(&store->readers, db);
	return status;
}

static enum status read_record(sqlite3_stmt *stmt, struct slice decision_id, struct arena *arena,
                               struct store_record *ret_record)
{
	struct store_record record = {.seq = seq_of(sqlite3_column_int64(stmt, 0))};

	record.decision_id = arena_copy(arena, decision_id);
	record.text = arena_copy(arena, sqlite_db_column(stmt, 1));
	if (record.decision_id.ptr == NULL || record.text.ptr == NULL)
		return STATUS_NO_MEMORY;
	if (!sqlite_db_column_digest(stmt, 2, record.digest))
		return STATUS_CORRUPT;
	*ret_record = record;
	return STATUS_OK;
}

enum status sqlite_decision_find(void *self, struct slice tenant, struct slice decision_id, struct arena *arena,
                                 struct store_record *ret_record)
{
	struct sqlite_store *store = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&store->readers, &db);
	sqlite3_stmt *stmt;

	if (status != STATUS_OK)
		return status;
	stmt = db->stmt[STORE_FIND_DECISION];
	sqlite_db_bind_text(stmt, 1, decision_id);
	sqlite_db_bind_text(stmt, 2, tenant);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = read_record(stmt, decision_id, arena, ret_record);
	sqlite3_reset(stmt);
	sqlite_pool_give(&store->readers, db);
	return status;
}
