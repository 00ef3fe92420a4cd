/* SPDX-License-Identifier: MIT */
#include "sqlite_schema.h"

#include <stdio.h>

#define APPLICATION_ID 0x424f4e49 /* "BONI" */

/*
 * One statement list per version; a file of version n runs the lists from n
 * on. decision.pos is tenant.no * 2^40 + seq, so that a chain is one range of
 * the table and needs no index of its own.
 */
static const char *const store_versions[] = {
        "CREATE TABLE tenant ("
        " no INTEGER PRIMARY KEY,"
        " id TEXT NOT NULL UNIQUE,"
        " name TEXT NOT NULL,"
        " created_ms BIGINT NOT NULL);"
        "CREATE TABLE api_key ("
        " digest BLOB NOT NULL PRIMARY KEY,"
        " tenant TEXT NOT NULL REFERENCES tenant (id),"
        " label TEXT NOT NULL,"
        " livemode INTEGER NOT NULL,"
        " scopes INTEGER NOT NULL,"
        " created_ms BIGINT NOT NULL,"
        " expires_ms BIGINT NOT NULL,"
        " revoked_ms BIGINT NOT NULL);"
        "CREATE TABLE policy ("
        " tenant TEXT NOT NULL REFERENCES tenant (id),"
        " number BIGINT NOT NULL,"
        " created_ms BIGINT NOT NULL,"
        " json TEXT NOT NULL,"
        " PRIMARY KEY (tenant, number));"
        "CREATE TABLE generation (id INTEGER PRIMARY KEY, number BIGINT NOT NULL);"
        "INSERT INTO generation (id, number) VALUES (1, 1);"
        "CREATE TABLE decision ("
        " pos INTEGER PRIMARY KEY,"
        " id TEXT NOT NULL UNIQUE,"
        " at_ms BIGINT NOT NULL,"
        " livemode INTEGER NOT NULL,"
        " company TEXT NOT NULL,"
        " outcome TEXT NOT NULL,"
        " digest BLOB NOT NULL,"
        " record TEXT NOT NULL);"
        "CREATE TABLE chain_head ("
        " tenant_no INTEGER PRIMARY KEY,"
        " seq BIGINT NOT NULL,"
        " digest BLOB NOT NULL);"
        "CREATE TABLE answer ("
        " pos INTEGER PRIMARY KEY,"
        " hash BIGINT NOT NULL,"
        " tenant TEXT NOT NULL,"
        " idempotency_key TEXT NOT NULL,"
        " body_digest BLOB NOT NULL,"
        " expires_ms BIGINT NOT NULL,"
        " body TEXT NOT NULL);"
        "CREATE INDEX answer_hash ON answer (hash);",
        "CREATE TABLE form_site ("
        " digest BLOB NOT NULL PRIMARY KEY REFERENCES api_key (digest),"
        " origins TEXT NOT NULL,"
        " return_url TEXT NOT NULL);",
        "CREATE TABLE recheck ("
        " decision_id TEXT NOT NULL PRIMARY KEY,"
        " tenant TEXT NOT NULL,"
        " at_ms BIGINT NOT NULL,"
        " due_ms BIGINT NOT NULL,"
        " tries INTEGER NOT NULL);"
        "CREATE INDEX recheck_due ON recheck (due_ms);"
        "CREATE TABLE event ("
        " pos INTEGER PRIMARY KEY,"
        " id TEXT NOT NULL UNIQUE,"
        " at_ms BIGINT NOT NULL,"
        " livemode INTEGER NOT NULL,"
        " type TEXT NOT NULL,"
        " data TEXT NOT NULL);",
};

static const char *const register_versions[] = {
        "CREATE TABLE company ("
        " id INTEGER PRIMARY KEY,"
        " names BLOB NOT NULL,"
        " facts BLOB NOT NULL);"
        "CREATE TABLE company_key ("
        " hash BIGINT NOT NULL,"
        " company BIGINT NOT NULL,"
        " PRIMARY KEY (hash, company)) WITHOUT ROWID;"
        "CREATE TABLE fact (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
        "CREATE TABLE import_progress ("
        " source TEXT NOT NULL PRIMARY KEY,"
        " position BIGINT NOT NULL);"
        "CREATE TABLE revision (id INTEGER PRIMARY KEY, number BIGINT NOT NULL);"
        /* begins anywhere, so that two files of one history are never taken for one */
        "INSERT INTO revision (id, number) VALUES (1, random() >> 2 & 1152921504606846975);",
};

static const struct layout {
	const char *const *versions;
	int count;
	int id;
} layouts[] = {
        [SQLITE_SCHEMA_STORE] = {store_versions, (int)(sizeof(store_versions) / sizeof(*store_versions)),
                                 APPLICATION_ID},
        [SQLITE_SCHEMA_REGISTER] = {register_versions, (int)(sizeof(register_versions) / sizeof(*register_versions)),
                                    APPLICATION_ID + 1},
};

static enum status pragma(struct sqlite_db *db, const char *sql, int64_t *ret_number)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
	enum status status = sqlite_db_status(db->handle, code);

	if (status == STATUS_OK)
		status = sqlite_db_number(db, stmt, ret_number);
	sqlite3_finalize(stmt);
	return status;
}

static enum status read_version(struct sqlite_db *db, const struct layout *layout, int64_t *ret_version)
{
	int64_t id = 0, version = 0;
	enum status status = pragma(db, "PRAGMA application_id", &id);

	if (status == STATUS_OK)
		status = pragma(db, "PRAGMA user_version", &version);
	if (status != STATUS_OK)
		return status;
	if (id != layout->id && (id != 0 || version != 0))
		return STATUS_CORRUPT;
	if (version > layout->count)
		return STATUS_INVALID;
	*ret_version = version;
	return STATUS_OK;
}

static enum status upgrade(struct sqlite_db *db, const struct layout *layout)
{
	char mark[96];
	int64_t version = 0;
	enum status status = read_version(db, layout, &version);

	for (; status == STATUS_OK && version < layout->count; version++)
		status = sqlite_db_exec(db, layout->versions[version]);
	if (status != STATUS_OK)
		return status;
	snprintf(mark, sizeof(mark), "PRAGMA application_id=%d; PRAGMA user_version=%d", layout->id, layout->count);
	return sqlite_db_exec(db, mark);
}

static enum status check(struct sqlite_db *db, enum sqlite_schema schema)
{
	int64_t version = 0;
	enum status status = read_version(db, &layouts[schema], &version);

	if (status == STATUS_OK && version < layouts[schema].count)
		status = STATUS_NOT_FOUND;
	return status;
}

enum status sqlite_schema_check_store(struct sqlite_db *db)
{
	return check(db, SQLITE_SCHEMA_STORE);
}

enum status sqlite_schema_check_register(struct sqlite_db *db)
{
	return check(db, SQLITE_SCHEMA_REGISTER);
}

enum status sqlite_schema_create(struct sqlite_db *db, enum sqlite_schema schema)
{
	const struct layout *layout = &layouts[schema];
	int64_t version = 0;
	enum status status = read_version(db, layout, &version);

	if (status != STATUS_OK || version == layout->count)
		return status;
	status = sqlite_db_exec(db, "BEGIN IMMEDIATE");
	if (status == STATUS_OK)
		status = upgrade(db, layout);
	if (status == STATUS_OK)
		status = sqlite_db_exec(db, "COMMIT");
	sqlite_db_rollback(db);
	return status;
}
