/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_links.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "adapter/state_dir.h"
#include "sqlite_pool.h"

#define LOOK_AGAIN_NS INT64_C(1000000000) /* how soon another process's first link is noticed */

enum statement { FIND, PUT, REMOVE, LIST, ANY };

static const char *const statements[] = {
        [FIND] = "SELECT customer_ref, company, name, at_ms FROM link"
                 " WHERE tenant = $1 AND livemode = $2 AND customer_ref = $3",
        [PUT] = "INSERT INTO link (tenant, livemode, customer_ref, company, name, at_ms)"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, livemode, customer_ref) DO UPDATE SET"
                " company = excluded.company, name = excluded.name, at_ms = excluded.at_ms",
        [REMOVE] = "DELETE FROM link WHERE tenant = $1 AND livemode = $2 AND customer_ref = $3",
        [LIST] = "SELECT customer_ref, company, name, at_ms FROM link"
                 " WHERE tenant = $1 AND livemode = $2 AND customer_ref > $3 ORDER BY customer_ref LIMIT $4",
        [ANY] = "SELECT count(*) FROM (SELECT 1 FROM link LIMIT 1)",
};

static const struct sqlite_db_sort sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-512;"
                   "CREATE TABLE IF NOT EXISTS link ("
                   " tenant TEXT NOT NULL,"
                   " livemode INTEGER NOT NULL,"
                   " customer_ref TEXT NOT NULL,"
                   " company TEXT NOT NULL,"
                   " name TEXT NOT NULL,"
                   " at_ms BIGINT NOT NULL,"
                   " PRIMARY KEY (tenant, livemode, customer_ref)) WITHOUT ROWID",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
};

struct sqlite_links {
	char file[STATE_PATH_MAX];
	struct sqlite_pool pool;
	_Atomic bool any;
	_Atomic int64_t looked_ns;
};

/* Most installations have no links: they ask the file once a second, not with every checkout. */
static bool has_any(struct sqlite_links *links)
{
	int64_t now_ns = sqlite_db_now_ns();
	struct sqlite_db *db;
	int64_t count = 0;

	if (atomic_load(&links->any))
		return true;
	if (now_ns - atomic_load(&links->looked_ns) < LOOK_AGAIN_NS ||
	    sqlite_pool_take_busy(&links->pool, &db) != STATUS_OK)
		return false;
	atomic_store(&links->looked_ns, now_ns);
	if (sqlite_db_number(db, db->stmt[ANY], &count) == STATUS_OK && count > 0)
		atomic_store(&links->any, true);
	sqlite_pool_give(&links->pool, db);
	return count > 0;
}

static void bind_owner(sqlite3_stmt *stmt, const struct link_owner *owner)
{
	sqlite_db_bind_text(stmt, 1, owner->tenant);
	sqlite3_bind_int(stmt, 2, owner->livemode);
}

static enum status read_link(sqlite3_stmt *stmt, struct link *ret_link)
{
	if (!slice_copy(sqlite_db_column(stmt, 0), ret_link->customer_ref, sizeof(ret_link->customer_ref)) ||
	    !slice_copy(sqlite_db_column(stmt, 1), ret_link->key.text, sizeof(ret_link->key.text)) ||
	    !slice_copy(sqlite_db_column(stmt, 2), ret_link->name, sizeof(ret_link->name)))
		return STATUS_CORRUPT;
	ret_link->at_ms = sqlite3_column_int64(stmt, 3);
	return STATUS_OK;
}

static enum status find(void *self, const struct link_owner *owner, struct slice customer_ref, struct link *ret_link)
{
	struct sqlite_links *links = self;
	struct sqlite_db *db;
	enum status status;

	if (!has_any(links))
		return STATUS_NOT_FOUND;
	status = sqlite_pool_take_busy(&links->pool, &db);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = db->stmt[FIND];
	bind_owner(stmt, owner);
	sqlite_db_bind_text(stmt, 3, customer_ref);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = read_link(stmt, ret_link);
	sqlite3_reset(stmt);
	sqlite_pool_give(&links->pool, db);
	return status;
}

static enum status put(void *self, const struct link_owner *owner, const struct link *link)
{
	struct sqlite_links *links = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&links->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = db->stmt[PUT];
	bind_owner(stmt, owner);
	sqlite_db_bind_text(stmt, 3, slice_cstr(link->customer_ref));
	sqlite_db_bind_text(stmt, 4, slice_cstr(link->key.text));
	sqlite_db_bind_text(stmt, 5, slice_cstr(link->name));
	sqlite3_bind_int64(stmt, 6, link->at_ms);
	status = sqlite_db_run(db, stmt);
	sqlite_pool_give(&links->pool, db);
	if (status == STATUS_OK)
		atomic_store(&links->any, true);
	return status;
}

static enum status remove_link(void *self, const struct link_owner *owner, struct slice customer_ref)
{
	struct sqlite_links *links = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take_busy(&links->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = db->stmt[REMOVE];
	bind_owner(stmt, owner);
	sqlite_db_bind_text(stmt, 3, customer_ref);
	status = sqlite_db_run(db, stmt);
	if (status == STATUS_OK && sqlite3_changes(db->handle) == 0)
		status = STATUS_NOT_FOUND;
	sqlite_pool_give(&links->pool, db);
	return status;
}

static enum status list(void *self, const struct link_owner *owner, struct slice after, size_t cap,
                        struct link *ret_links, size_t *ret_count)
{
	struct sqlite_links *links = self;
	struct sqlite_db *db;
	size_t count = 0;
	enum status status = sqlite_pool_take_busy(&links->pool, &db);

	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = db->stmt[LIST];
	bind_owner(stmt, owner);
	sqlite_db_bind_text(stmt, 3, after.ptr ? after : SLICE_LIT(""));
	sqlite3_bind_int64(stmt, 4, (sqlite3_int64)cap);
	for (status = sqlite_db_first(db, stmt); status == STATUS_OK && count < cap;
	     status = sqlite_db_first(db, stmt)) {
		status = read_link(stmt, &ret_links[count]);
		if (status != STATUS_OK)
			break;
		count++;
	}
	sqlite3_reset(stmt);
	sqlite_pool_give(&links->pool, db);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	*ret_count = count;
	return STATUS_OK;
}

static const struct links_vtable vtable = {.find = find, .put = put, .remove = remove_link, .list = list};

enum status sqlite_links_open(const char *file, struct sqlite_links **ret_links)
{
	struct sqlite_links *links = calloc(1, sizeof(*links));
	enum status status;

	if (!links)
		return STATUS_NO_MEMORY;
	status = sqlite_pool_make_file(file, links->file);
	if (status != STATUS_OK) {
		free(links);
		return status;
	}
	sqlite_pool_init(&links->pool, links->file, &sort);
	atomic_init(&links->looked_ns, INT64_MIN / 2);
	*ret_links = links;
	return STATUS_OK;
}

void sqlite_links_close(struct sqlite_links *links)
{
	if (!links)
		return;
	sqlite_pool_finish(&links->pool);
	free(links);
}

struct links_port sqlite_links_port(struct sqlite_links *links)
{
	return (struct links_port){&vtable, links};
}
