/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "adapter/sodium_crypto.h"
#include "adapter/state_dir.h"
#include "base/buf.h"
#include "change_hint.h"
#include "core/web_origin.h"
#include "port/store.h"
#include "sqlite_schema.h"

#define KEY_RANDOM_BYTES 20
#define KEY_MIN_TEXT     32
#define KEY_LABEL_MAX    64
#define RETURN_MAX       512 /* fits into the header fields of an answer */

static const char key_alphabet[32] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum statement {
	BEGIN,
	COMMIT,
	CHANGED,
	ADD_TENANT,
	EACH_TENANT,
	FIND_TENANT,
	ADD_KEY,
	ADD_FORM,
	FIND_KEY_ID,
	REVOKE_KEY,
	EACH_KEY,
	LAST_POLICY,
	ADD_POLICY,
	EACH_POLICY,
	GENERATION
};

static const char *const statements[] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [CHANGED] = "UPDATE generation SET number = number + 1 WHERE id = 1",
        [ADD_TENANT] = "INSERT INTO tenant (id, name, created_ms) VALUES ($1, $2, $3)",
        [EACH_TENANT] = "SELECT t.id, t.name, t.created_ms, h.seq FROM tenant t"
                        " LEFT JOIN chain_head h ON h.tenant_no = t.no ORDER BY t.id",
        [FIND_TENANT] = "SELECT no FROM tenant WHERE id = $1",
        [ADD_KEY] = "INSERT INTO api_key (digest, tenant, label, livemode, scopes, created_ms, expires_ms, revoked_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (digest) DO UPDATE SET"
                    " label = excluded.label, scopes = excluded.scopes, expires_ms = excluded.expires_ms,"
                    " revoked_ms = 0 WHERE api_key.tenant = excluded.tenant",
        [ADD_FORM] = "INSERT INTO form_site (digest, origins, return_url) VALUES ($1, $2, $3)"
                     " ON CONFLICT (digest) DO UPDATE SET origins = excluded.origins, return_url = excluded.return_url",
        [FIND_KEY_ID] = "SELECT digest FROM api_key WHERE lower(hex(digest)) LIKE $1 || '%'",
        [REVOKE_KEY] = "UPDATE api_key SET revoked_ms = $1 WHERE digest = $2 AND revoked_ms = 0",
        [EACH_KEY] = "SELECT digest, tenant, label, livemode, scopes, created_ms, expires_ms, revoked_ms FROM api_key"
                     " ORDER BY tenant, created_ms, digest",
        [LAST_POLICY] = "SELECT coalesce(max(number), 0) FROM policy WHERE tenant = $1",
        [ADD_POLICY] = "INSERT INTO policy (tenant, number, created_ms, json) VALUES ($1, $2, $3, $4)",
        [EACH_POLICY] = "SELECT tenant, number, created_ms, json FROM policy WHERE $1 IS NULL OR tenant = $1"
                        " ORDER BY tenant, number",
        [GENERATION] = "SELECT number FROM generation WHERE id = 1",
};

static const struct sqlite_db_sort create_sort = {
        .flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        .pragmas = "PRAGMA page_size=8192; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
};

static const struct sqlite_db_sort admin_sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .pragmas = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = sqlite_schema_check_store,
};

struct sqlite_admin {
	char path[STATE_PATH_MAX];
	struct crypto_port crypto;
	struct clock_port clock;
	struct sqlite_db *db;
	struct change_hint hint;
};

static enum status create_store(const char *dir)
{
	char path[STATE_PATH_MAX];
	struct sqlite_db *db;
	enum status status = state_path(dir, STATE_STORE, path);

	if (status == STATUS_OK)
		status = sqlite_db_open(path, &create_sort, &db);
	if (status != STATUS_OK)
		return status;
	status = sqlite_schema_create(db, SQLITE_SCHEMA_STORE);
	sqlite_db_close(db);
	if (status == STATUS_OK && chmod(path, 0600) != 0)
		status = STATUS_UNAVAILABLE;
	return status;
}

enum status sqlite_admin_init(const char *dir)
{
	char key[STATE_PATH_MAX];
	enum status status = state_dir_create(dir);

	if (status == STATUS_OK)
		status = state_path(dir, STATE_TOKEN_KEY, key);
	if (status == STATUS_OK)
		status = sodium_crypto_create_key(key);
	if (status == STATUS_OK)
		status = create_store(dir);
	return status;
}

enum status sqlite_admin_open(const char *dir, struct crypto_port crypto, struct clock_port clock,
                              struct sqlite_admin **ret_admin)
{
	struct sqlite_admin *admin = calloc(1, sizeof(*admin));
	struct stat info;
	enum status status;

	if (admin == NULL)
		return STATUS_NO_MEMORY;
	admin->crypto = crypto;
	admin->clock = clock;
	admin->hint.fd = -1;
	status = state_path(dir, STATE_STORE, admin->path);
	if (status == STATUS_OK && stat(admin->path, &info) != 0)
		status = STATUS_NOT_FOUND;
	if (status == STATUS_OK)
		status = sqlite_db_open(admin->path, &admin_sort, &admin->db);
	if (status != STATUS_OK) {
		sqlite_admin_close(admin);
		return status;
	}
	change_hint_init(&admin->hint, admin->path);
	*ret_admin = admin;
	return STATUS_OK;
}

void sqlite_admin_close(struct sqlite_admin *admin)
{
	if (admin == NULL)
		return;
	sqlite_db_close(admin->db);
	change_hint_finish(&admin->hint);
	free(admin);
}

static int64_t now_ms(const struct sqlite_admin *admin)
{
	return admin->clock.vtable->now_ms(admin->clock.self);
}

static enum status begin(struct sqlite_admin *admin)
{
	admin->db->busy_until_ns = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;
	return sqlite_db_run(admin->db, admin->db->stmt[BEGIN]);
}

/* Ends the transaction: with OK the change is durable and announced, else it never was. */
static enum status end(struct sqlite_admin *admin, enum status status)
{
	int64_t number = 0;

	if (status == STATUS_OK)
		status = sqlite_db_run(admin->db, admin->db->stmt[CHANGED]);
	if (status == STATUS_OK)
		status = sqlite_db_number(admin->db, admin->db->stmt[GENERATION], &number);
	if (status == STATUS_OK)
		status = sqlite_db_run(admin->db, admin->db->stmt[COMMIT]);
	if (status == STATUS_OK)
		change_hint_write(&admin->hint, (uint64_t)number);
	else
		sqlite_db_rollback(admin->db);
	return status;
}

static bool is_tenant_id(struct slice id)
{
	if (id.len == 0 || id.len > MAX_TENANT_ID)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

enum status sqlite_admin_add_tenant(struct sqlite_admin *admin, struct slice id, struct slice name)
{
	sqlite3_stmt *stmt = admin->db->stmt[ADD_TENANT];
	enum status status;

	if (!is_tenant_id(id) || name.ptr == NULL || name.len > MAX_NAME)
		return STATUS_INVALID;
	status = begin(admin);
	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_text(stmt, 1, id);
	sqlite_db_bind_text(stmt, 2, name);
	sqlite3_bind_int64(stmt, 3, now_ms(admin));
	return end(admin, sqlite_db_run(admin->db, stmt));
}

enum status sqlite_admin_each_tenant(struct sqlite_admin *admin,
                                     bool (*visit)(void *ctx, const struct admin_tenant *tenant), void *ctx)
{
	sqlite3_stmt *stmt = admin->db->stmt[EACH_TENANT];
	enum status status;

	for (status = sqlite_db_first(admin->db, stmt); status == STATUS_OK;
	     status = sqlite_db_first(admin->db, stmt)) {
		struct admin_tenant tenant = {0};

		slice_copy(sqlite_db_column(stmt, 0), tenant.id, sizeof(tenant.id));
		slice_copy(sqlite_db_column(stmt, 1), tenant.name, sizeof(tenant.name));
		tenant.created_ms = sqlite3_column_int64(stmt, 2);
		tenant.decisions = (uint64_t)sqlite3_column_int64(stmt, 3);
		if (!visit(ctx, &tenant))
			break;
	}
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status find_tenant(struct sqlite_admin *admin, struct slice tenant)
{
	int64_t number;

	sqlite_db_bind_text(admin->db->stmt[FIND_TENANT], 1, tenant);
	return sqlite_db_number(admin->db, admin->db->stmt[FIND_TENANT], &number);
}

/* A form's key is public: it must not look like one that is not. */
static struct slice key_prefix(const struct admin_key_request *request)
{
	if (request->origins.ptr != NULL)
		return request->livemode ? SLICE_LIT("bf_live_") : SLICE_LIT("bf_test_");
	return request->livemode ? SLICE_LIT("bg_live_") : SLICE_LIT("bg_test_");
}

static void make_key(const struct sqlite_admin *admin, const struct admin_key_request *request,
                     char ret_text[MAX_API_KEY + 1])
{
	uint8_t random[KEY_RANDOM_BYTES];
	struct buf text;

	admin->crypto.vtable->random(admin->crypto.self, random, sizeof(random));
	buf_init(&text, ret_text, MAX_API_KEY);
	buf_slice(&text, key_prefix(request));
	for (size_t bit = 0; bit < sizeof(random) * 8; bit += 5) {
		unsigned two = (unsigned)random[bit / 8] << 8 |
		               (bit / 8 + 1 < sizeof(random) ? random[bit / 8 + 1] : 0);

		buf_char(&text, key_alphabet[two >> (11 - bit % 8) & 31]);
	}
	ret_text[text.len] = '\0';
}

static bool is_key_text(const struct admin_key_request *request)
{
	struct slice text = request->text;

	if (text.len < KEY_MIN_TEXT || text.len > MAX_API_KEY || !slice_starts(text, key_prefix(request)))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

static enum status insert_form(struct sqlite_admin *admin, const struct admin_key_request *request,
                               const uint8_t digest[32])
{
	sqlite3_stmt *stmt = admin->db->stmt[ADD_FORM];

	sqlite_db_bind_blob(stmt, 1, digest, 32);
	sqlite_db_bind_text(stmt, 2, request->origins);
	sqlite_db_bind_text(stmt, 3, request->return_url);
	return sqlite_db_run(admin->db, stmt);
}

/* Every page that may hold the form, and an address to go to on one of them. */
static bool is_form(const struct admin_key_request *request)
{
	struct slice rest = request->origins;

	while (rest.ptr != NULL)
		if (!web_origin_is(slice_cut(&rest, ' ')))
			return false;
	return request->scopes == SCOPE_FORM && request->origins.len <= MAX_URI &&
	       request->return_url.len <= RETURN_MAX &&
	       web_origin_listed(web_origin_of(request->return_url), request->origins);
}

static enum status insert_key(struct sqlite_admin *admin, const struct admin_key_request *request,
                              const uint8_t digest[32])
{
	sqlite3_stmt *stmt = admin->db->stmt[ADD_KEY];
	enum status status = find_tenant(admin, request->tenant);

	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_blob(stmt, 1, digest, 32);
	sqlite_db_bind_text(stmt, 2, request->tenant);
	sqlite_db_bind_text(stmt, 3, request->label.ptr != NULL ? request->label : SLICE_LIT(""));
	sqlite3_bind_int(stmt, 4, request->livemode);
	sqlite3_bind_int(stmt, 5, (int)request->scopes);
	sqlite3_bind_int64(stmt, 6, now_ms(admin));
	sqlite3_bind_int64(stmt, 7, request->expires_ms);
	status = sqlite_db_run(admin->db, stmt);
	if (status == STATUS_OK && sqlite3_changes(admin->db->handle) != 1)
		status = STATUS_MISMATCH;
	if (status == STATUS_OK && request->origins.ptr != NULL)
		status = insert_form(admin, request, digest);
	return status;
}

enum status sqlite_admin_add_key(struct sqlite_admin *admin, const struct admin_key_request *request,
                                 char ret_text[MAX_API_KEY + 1])
{
	char text[MAX_API_KEY + 1];
	uint8_t digest[32];
	enum status status;

	if (request->label.len > KEY_LABEL_MAX || (request->origins.ptr != NULL) != (request->scopes == SCOPE_FORM))
		return STATUS_INVALID;
	if (request->origins.ptr != NULL && !is_form(request))
		return STATUS_INVALID;
	if (request->text.ptr == NULL)
		make_key(admin, request, text);
	else if (!is_key_text(request) || !slice_copy(request->text, text, sizeof(text)))
		return STATUS_INVALID;
	admin->crypto.vtable->sha256(admin->crypto.self, slice_cstr(text), digest);
	status = begin(admin);
	if (status == STATUS_OK)
		status = end(admin, insert_key(admin, request, digest));
	if (status == STATUS_OK)
		memcpy(ret_text, text, sizeof(text));
	return status;
}

/* NOT_FOUND, or MISMATCH when the id names several. */
static enum status find_key_id(struct sqlite_admin *admin, struct slice id, uint8_t ret_digest[32])
{
	sqlite3_stmt *stmt = admin->db->stmt[FIND_KEY_ID];
	enum status status;

	sqlite_db_bind_text(stmt, 1, id);
	status = sqlite_db_first(admin->db, stmt);
	if (status == STATUS_OK && !sqlite_db_column_digest(stmt, 0, ret_digest))
		status = STATUS_CORRUPT;
	if (status == STATUS_OK && sqlite_db_first(admin->db, stmt) != STATUS_NOT_FOUND)
		status = STATUS_MISMATCH;
	sqlite3_reset(stmt);
	return status;
}

static enum status revoke(struct sqlite_admin *admin, const uint8_t digest[32])
{
	sqlite3_stmt *stmt = admin->db->stmt[REVOKE_KEY];

	sqlite3_bind_int64(stmt, 1, now_ms(admin));
	sqlite_db_bind_blob(stmt, 2, digest, 32);
	return sqlite_db_run(admin->db, stmt);
}

enum status sqlite_admin_revoke_key(struct sqlite_admin *admin, struct slice id)
{
	uint8_t digest[32];
	enum status status;

	if (id.len < ADMIN_KEY_ID - 1)
		return STATUS_NOT_FOUND;
	for (size_t i = 0; i < id.len; i++)
		if (!((id.ptr[i] >= '0' && id.ptr[i] <= '9') || (id.ptr[i] >= 'a' && id.ptr[i] <= 'f')))
			return STATUS_NOT_FOUND;
	status = begin(admin);
	if (status != STATUS_OK)
		return status;
	status = find_key_id(admin, id, digest);
	if (status == STATUS_OK)
		status = revoke(admin, digest);
	return end(admin, status);
}

static void read_key(sqlite3_stmt *stmt, struct admin_key *ret_key)
{
	struct slice digest = sqlite_db_column(stmt, 0);
	struct admin_key key = {0};
	struct buf id;

	buf_init(&id, key.id, sizeof(key.id) - 1);
	buf_hex(&id, digest.ptr, digest.len < 4 ? digest.len : 4);
	slice_copy(sqlite_db_column(stmt, 1), key.tenant, sizeof(key.tenant));
	slice_copy(sqlite_db_column(stmt, 2), key.label, sizeof(key.label));
	key.livemode = sqlite3_column_int(stmt, 3) != 0;
	key.scopes = (unsigned)sqlite3_column_int(stmt, 4);
	key.created_ms = sqlite3_column_int64(stmt, 5);
	key.expires_ms = sqlite3_column_int64(stmt, 6);
	key.revoked_ms = sqlite3_column_int64(stmt, 7);
	*ret_key = key;
}

enum status sqlite_admin_each_key(struct sqlite_admin *admin, bool (*visit)(void *ctx, const struct admin_key *key),
                                  void *ctx)
{
	sqlite3_stmt *stmt = admin->db->stmt[EACH_KEY];
	enum status status;

	for (status = sqlite_db_first(admin->db, stmt); status == STATUS_OK;
	     status = sqlite_db_first(admin->db, stmt)) {
		struct admin_key key;

		read_key(stmt, &key);
		if (!visit(ctx, &key))
			break;
	}
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status insert_policy(struct sqlite_admin *admin, struct slice tenant, struct slice json,
                                 int64_t *ret_number)
{
	sqlite3_stmt *stmt = admin->db->stmt[ADD_POLICY];
	int64_t last = 0;
	enum status status = find_tenant(admin, tenant);

	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_text(admin->db->stmt[LAST_POLICY], 1, tenant);
	status = sqlite_db_number(admin->db, admin->db->stmt[LAST_POLICY], &last);
	if (status != STATUS_OK)
		return status;
	sqlite_db_bind_text(stmt, 1, tenant);
	sqlite3_bind_int64(stmt, 2, last + 1);
	sqlite3_bind_int64(stmt, 3, now_ms(admin));
	sqlite_db_bind_text(stmt, 4, json);
	*ret_number = last + 1;
	return sqlite_db_run(admin->db, stmt);
}

enum status sqlite_admin_put_policy(struct sqlite_admin *admin, struct slice tenant, struct slice json,
                                    uint64_t *ret_number)
{
	int64_t number = 0;
	enum status status;

	if (json.len == 0 || json.len > MAX_POLICY_FILE)
		return STATUS_INVALID;
	status = begin(admin);
	if (status == STATUS_OK)
		status = end(admin, insert_policy(admin, tenant, json, &number));
	if (status == STATUS_OK)
		*ret_number = (uint64_t)number;
	return status;
}

enum status sqlite_admin_each_policy(struct sqlite_admin *admin, struct slice tenant,
                                     bool (*visit)(void *ctx, const struct admin_policy *policy), void *ctx)
{
	sqlite3_stmt *stmt = admin->db->stmt[EACH_POLICY];
	enum status status;

	sqlite_db_bind_text(stmt, 1, tenant);
	for (status = sqlite_db_first(admin->db, stmt); status == STATUS_OK;
	     status = sqlite_db_first(admin->db, stmt)) {
		struct admin_policy policy = {0};

		slice_copy(sqlite_db_column(stmt, 0), policy.tenant, sizeof(policy.tenant));
		policy.number = (uint64_t)sqlite3_column_int64(stmt, 1);
		policy.created_ms = sqlite3_column_int64(stmt, 2);
		policy.json = sqlite_db_column(stmt, 3);
		if (!visit(ctx, &policy))
			break;
	}
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
