/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_store.h"

#include <stdlib.h>
#include <string.h>

#include "sqlite_schema.h"
#include "sqlite_store_impl.h"

/* A change whose hint was lost (its writer died in between) is seen after this. */
#define LOOK_AGAIN_NS INT64_C(1000000000)

static const char *const statements[] = {
        [STORE_FIND_KEY] = "SELECT tenant, livemode, scopes, expires_ms FROM api_key"
                           " WHERE digest = $1 AND revoked_ms = 0",
        [STORE_FIND_FORM] = "SELECT origins, return_url FROM form_site WHERE digest = $1",
        [STORE_FIND_POLICY] = "SELECT json FROM policy WHERE tenant = $1 ORDER BY number DESC LIMIT 1",
        [STORE_GENERATION] = "SELECT number FROM generation WHERE id = 1",
        [STORE_FIND_ANSWER] = "SELECT body_digest, body FROM answer WHERE hash = $1 AND tenant = $2"
                              " AND idempotency_key = $3 AND expires_ms > $4 ORDER BY pos DESC LIMIT 1",
        [STORE_FIND_DECISION] = "SELECT d.pos, d.record, d.digest FROM decision d JOIN tenant t ON t.no = d.pos >> 40"
                                " WHERE d.id = $1 AND t.id = $2",
        [STORE_DECISIONS] = "SELECT pos, id, record, digest FROM decision WHERE pos >= $1 AND pos <= $2"
                            " ORDER BY pos LIMIT $3",
        [STORE_HEAD] = "SELECT t.no, h.seq, h.digest FROM tenant t LEFT JOIN chain_head h ON h.tenant_no = t.no"
                       " WHERE t.id = $1",
};

static const struct sqlite_db_sort reader_sort = {
        .flags = SQLITE_OPEN_READWRITE, /* the log's index must be writable, the data are not touched */
        .pragmas = "PRAGMA query_only=ON; PRAGMA cache_size=-1024",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = sqlite_schema_check_store,
};

static enum status read_key(sqlite3_stmt *stmt, struct api_key *ret_key)
{
	struct api_key key = {0};

	if (!slice_copy(sqlite_db_column(stmt, 0), key.tenant, sizeof(key.tenant)))
		return STATUS_CORRUPT;
	key.livemode = sqlite3_column_int(stmt, 1) != 0;
	key.scopes = (unsigned)sqlite3_column_int(stmt, 2);
	key.expires_ms = sqlite3_column_int64(stmt, 3);
	*ret_key = key;
	return STATUS_OK;
}

static enum status find_key(void *self, const uint8_t digest[32], struct api_key *ret_key)
{
	struct sqlite_store *store = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&store->readers, &db);
	sqlite3_stmt *stmt;

	if (status != STATUS_OK)
		return status;
	stmt = db->stmt[STORE_FIND_KEY];
	sqlite_db_bind_blob(stmt, 1, digest, 32);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = read_key(stmt, ret_key);
	sqlite3_reset(stmt);
	sqlite_pool_give(&store->readers, db);
	return status;
}

static enum status copy_column(sqlite3_stmt *stmt, int column, struct arena *arena, struct slice *ret_text)
{
	struct slice copy = arena_copy(arena, sqlite_db_column(stmt, column));

	if (copy.ptr == NULL)
		return STATUS_NO_MEMORY;
	*ret_text = copy;
	return STATUS_OK;
}

static enum status find_form(void *self, const uint8_t digest[32], struct arena *arena, struct form_site *ret_site)
{
	struct sqlite_store *store = self;
	struct form_site site;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&store->readers, &db);
	sqlite3_stmt *stmt;

	if (status != STATUS_OK)
		return status;
	stmt = db->stmt[STORE_FIND_FORM];
	sqlite_db_bind_blob(stmt, 1, digest, 32);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = copy_column(stmt, 0, arena, &site.origins);
	if (status == STATUS_OK)
		status = copy_column(stmt, 1, arena, &site.return_url);
	sqlite3_reset(stmt);
	sqlite_pool_give(&store->readers, db);
	if (status == STATUS_OK)
		*ret_site = site;
	return status;
}

static enum status find_policy(void *self, struct slice tenant, struct arena *arena, struct slice *ret_json)
{
	struct sqlite_store *store = self;
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&store->readers, &db);
	sqlite3_stmt *stmt;

	if (status != STATUS_OK)
		return status;
	stmt = db->stmt[STORE_FIND_POLICY];
	sqlite_db_bind_text(stmt, 1, tenant);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = copy_column(stmt, 0, arena, ret_json);
	sqlite3_reset(stmt);
	sqlite_pool_give(&store->readers, db);
	return status;
}

/* The hint is read before the row: a change between the two is noticed next time. */
static enum status read_generation(struct sqlite_store *store, uint64_t hint)
{
	struct sqlite_db *db;
	int64_t number = 0;
	enum status status = sqlite_pool_take(&store->readers, &db);

	if (status != STATUS_OK)
		return status;
	status = sqlite_db_number(db, db->stmt[STORE_GENERATION], &number);
	sqlite_pool_give(&store->readers, db);
	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
	atomic_store(&store->generation, (uint64_t)number);
	atomic_store(&store->generation_ns, sqlite_db_now_ns());
	atomic_store(&store->hint_seen, hint);
	return STATUS_OK;
}

static enum status generation(void *self, uint64_t *ret_generation)
{
	struct sqlite_store *store = self;
	uint64_t hint = change_hint_read(&store->hint);
	enum status status = STATUS_OK;

	if (atomic_load(&store->hint_seen) != hint ||
	    sqlite_db_now_ns() - atomic_load(&store->generation_ns) >= LOOK_AGAIN_NS)
		status = read_generation(store, hint);
	if (status == STATUS_OK)
		*ret_generation = atomic_load(&store->generation);
	return status;
}

/* One request that may have been answered before. */
struct replay {
	struct slice tenant;
	struct slice key;
	const uint8_t *body_digest;
	int64_t hash; /* of tenant and key */
	int64_t now_ms;
};

static enum status read_answer(sqlite3_stmt *stmt, const struct replay *replay, struct arena *arena,
                               struct slice *ret_answer)
{
	uint8_t stored[32];

	if (!sqlite_db_column_digest(stmt, 0, stored))
		return STATUS_CORRUPT;
	if (memcmp(stored, replay->body_digest, sizeof(stored)) != 0)
		return STATUS_MISMATCH;
	return copy_column(stmt, 1, arena, ret_answer);
}

/* NOT_FOUND: never answered, or too long ago. */
static enum status find_answer(struct sqlite_store *store, const struct replay *replay, struct arena *arena,
                               struct slice *ret_answer)
{
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&store->readers, &db);
	sqlite3_stmt *stmt;

	if (status != STATUS_OK)
		return status;
	stmt = db->stmt[STORE_FIND_ANSWER];
	sqlite3_bind_int64(stmt, 1, replay->hash);
	sqlite_db_bind_text(stmt, 2, replay->tenant);
	sqlite_db_bind_text(stmt, 3, replay->key);
	sqlite3_bind_int64(stmt, 4, replay->now_ms);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = read_answer(stmt, replay, arena, ret_answer);
	sqlite3_reset(stmt);
	sqlite_pool_give(&store->readers, db);
	return status;
}

static enum status claim(void *self, struct slice tenant, struct slice key, const uint8_t body_digest[32],
                         int64_t now_ms, struct arena *arena, struct slice *ret_answer, int *ret_claim)
{
	struct sqlite_store *store = self;
	struct replay replay = {tenant, key, body_digest, 0, now_ms};
	struct slice answer = SLICE_NONE;
	enum status status;
	int taken = -1;

	if (tenant.len > MAX_TENANT_ID || key.len > MAX_STORED_KEY)
		return STATUS_TOO_LARGE;
	replay.hash = sqlite_commit_answer_hash(&store->crypto, tenant, key);
	status = sqlite_claims_take(&store->claims, replay.hash, &taken);
	if (status != STATUS_OK)
		return status;
	/* Only now: an answer stored before the claim was free is seen. */
	status = find_answer(store, &replay, arena, &answer);
	if (status == STATUS_NOT_FOUND) {
		*ret_answer = SLICE_NONE;
		*ret_claim = taken;
		return STATUS_OK;
	}
	sqlite_claims_give(&store->claims, taken);
	if (status == STATUS_OK) {
		*ret_answer = answer;
		*ret_claim = -1;
	}
	return status;
}

static void release(void *self, int claimed)
{
	struct sqlite_store *store = self;

	sqlite_claims_give(&store->claims, claimed);
}

static enum status append(void *self, const struct store_decision *decision, struct deadline deadline)
{
	struct sqlite_store *store = self;

	return sqlite_commit_append(&store->commit, decision, deadline);
}

static void begin_append(void *self, const struct store_decision *decision, struct deadline deadline,
                         struct arena *arena, struct store_done done)
{
	struct sqlite_store *store = self;

	sqlite_commit_begin(&store->commit, decision, deadline, arena, done);
}

static void expire(void *self)
{
	struct sqlite_store *store = self;

	sqlite_commit_expire(&store->commit);
}

static void stats(void *self, struct store_stats *ret_stats)
{
	struct sqlite_store *store = self;
	struct sqlite_commit *commit = &store->commit;

	*ret_stats = (struct store_stats){
	        .commits = atomic_load_explicit(&commit->commits, memory_order_relaxed),
	        .decisions = atomic_load_explicit(&commit->decisions, memory_order_relaxed),
	        .commit_ns = atomic_load_explicit(&commit->commit_ns, memory_order_relaxed),
	        .failures = atomic_load_explicit(&commit->failures, memory_order_relaxed),
	};
}

static const struct store_vtable vtable = {
        .find_key = find_key,
        .find_form = find_form,
        .find_policy = find_policy,
        .generation = generation,
        .claim = claim,
        .release = release,
        .append = append,
        .begin_append = begin_append,
        .expire = expire,
        .find_decision = sqlite_decision_find,
        .each_decision = sqlite_decision_each,
        .stats = stats,
};

enum status sqlite_store_open(const char *dir, struct crypto_port crypto, struct clock_port clock,
                              struct sqlite_store **ret_store)
{
	struct sqlite_store *store = calloc(1, sizeof(*store));
	enum status status;

	if (store == NULL)
		return STATUS_NO_MEMORY;
	store->crypto = crypto;
	store->clock = clock;
	store->generation_ns = INT64_MIN / 2;
	store->hint.fd = -1;
	status = state_path(dir, STATE_STORE, store->path);
	if (status == STATUS_OK)
		status = state_path(dir, STATE_LOCK, store->lock_path);
	if (status != STATUS_OK) {
		free(store);
		return status;
	}
	sqlite_pool_init(&store->readers, store->path, &reader_sort);
	status = sqlite_commit_init(&store->commit, store->path, crypto);
	if (status != STATUS_OK)
		goto fail_commit;
	status = sqlite_claims_init(&store->claims, store->lock_path);
	if (status != STATUS_OK)
		goto fail_claims;
	status = sqlite_upkeep_start(&store->upkeep, store->path, clock);
	if (status != STATUS_OK)
		goto fail_claims;
	store->commit.on_log_ctx = &store->upkeep;
	store->commit.on_log = sqlite_upkeep_log;
	change_hint_init(&store->hint, store->path);
	*ret_store = store;
	return STATUS_OK;
fail_claims:
	sqlite_claims_finish(&store->claims);
fail_commit:
	sqlite_commit_finish(&store->commit);
	sqlite_pool_finish(&store->readers);
	free(store);
	return status;
}

const char *sqlite_store_advice(enum status status)
{
	if (status == STATUS_NOT_FOUND)
		return "bonigate init creates it, or brings an older one up to date";
	return status == STATUS_INVALID ? "a newer version wrote it" : NULL;
}

void sqlite_store_close(struct sqlite_store *store)
{
	if (store == NULL)
		return;
	sqlite_commit_finish(&store->commit);
	sqlite_pool_finish(&store->readers);
	sqlite_upkeep_stop(&store->upkeep);
	sqlite_claims_finish(&store->claims);
	change_hint_finish(&store->hint);
	free(store);
}

struct store_port sqlite_store_port(struct sqlite_store *store)
{
	return (struct store_port){&vtable, store};
}
