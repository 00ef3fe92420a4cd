/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_register.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/state_dir.h"
#include "base/hash.h"
#include "change_hint.h"
#include "match_service.h"
#include "register_lookup.h"
#include "register_match.h"
#include "register_row.h"
#include "sqlite_pool.h"
#include "sqlite_schema.h"

/* How soon a file that was replaced without a hint is noticed. */
#define LOOK_AGAIN_NS INT64_C(1000000000)

static const char *const statements[] = {
        [REGISTER_BEGIN] = "BEGIN",
        [REGISTER_END] = "COMMIT",
        [REGISTER_FIND_HASH] = "SELECT company FROM company_key WHERE hash = $1",
        [REGISTER_READ_NAMES] = "SELECT names FROM company WHERE id = $1",
        [REGISTER_READ_FACTS] = "SELECT names, facts FROM company WHERE id = $1",
        [REGISTER_READ_REVISION] = "SELECT number FROM revision WHERE id = 1",
};

static const struct sqlite_db_sort reader_sort = {
        .flags = SQLITE_OPEN_READWRITE, /* for the log's index; read-only where that is all we may */
        .pragmas = "PRAGMA query_only=ON; PRAGMA cache_size=-1024",
        .keep_log = true,
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = sqlite_schema_check_register,
};

struct sqlite_register {
	char file[STATE_PATH_MAX];
	struct sqlite_pool readers;
	struct change_hint hint;
	struct match_service *search;
	pthread_mutex_t look_lock; /* one thread looks at a time */
	_Atomic int64_t looked_ns;
	_Atomic uint64_t hint_seen;
	_Atomic uint64_t revision; /* 0 = no usable file */
	ino_t inode;
	dev_t device;
	ino_t log_inode; /* of the files SQLite keeps beside it */
	ino_t index_inode;
};

/* ---- which file, which state of it ---- */

/* The file's own count and its identity: another file with the same count is another revision. */
static uint64_t mix_revision(const struct sqlite_register *reg, int64_t number)
{
	uint64_t parts[3] = {(uint64_t)number, (uint64_t)reg->inode, (uint64_t)reg->device};
	uint64_t mixed = hash_fnv64((struct slice){(const char *)parts, sizeof(parts)});

	return mixed == 0 ? 1 : mixed;
}

static uint64_t read_revision(struct sqlite_register *reg)
{
	struct sqlite_db *db;
	enum status status = sqlite_pool_take(&reg->readers, &db);
	int64_t number = 0;

	if (status != STATUS_OK)
		return 0;
	status = sqlite_db_number(db, db->stmt[REGISTER_READ_REVISION], &number);
	sqlite_pool_give(&reg->readers, db);
	return status == STATUS_OK ? mix_revision(reg, number) : 0;
}

static const char *beside(const struct sqlite_register *reg, const char *suffix, char path[STATE_PATH_MAX])
{
	int len = snprintf(path, STATE_PATH_MAX, "%s%s", reg->file, suffix);

	return len > 0 && len < STATE_PATH_MAX ? path : "";
}

static ino_t inode_of(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 ? info.st_ino : 0;
}

static void remove_left(const char *path, ino_t inode)
{
	if (inode != 0 && inode_of(path) == inode)
		(void)unlink(path);
}

/*
 * Another file took the name. The log and its index that were the old one's
 * still lie there and would be taken for the new one's.
 */
static void switch_file(struct sqlite_register *reg, const struct stat *info)
{
	char path[STATE_PATH_MAX];

	sqlite_pool_renew(&reg->readers);
	remove_left(beside(reg, "-shm", path), reg->index_inode);
	remove_left(beside(reg, "-wal", path), reg->log_inode);
	reg->inode = info->st_ino;
	reg->device = info->st_dev;
}

static void look_now(struct sqlite_register *reg)
{
	char path[STATE_PATH_MAX];
	struct stat info;

	if (stat(reg->file, &info) != 0) {
		sqlite_pool_renew(&reg->readers);
		atomic_store(&reg->revision, 0);
		return;
	}
	if (info.st_ino != reg->inode || info.st_dev != reg->device)
		switch_file(reg, &info);
	atomic_store(&reg->revision, read_revision(reg));
	reg->log_inode = inode_of(beside(reg, "-wal", path));
	reg->index_inode = inode_of(beside(reg, "-shm", path));
}

static bool is_due(const struct sqlite_register *reg, uint64_t hint, int64_t now_ns)
{
	return hint != atomic_load(&reg->hint_seen) || now_ns - atomic_load(&reg->looked_ns) >= LOOK_AGAIN_NS;
}

/* Cheap when nothing happened: one pread and a clock. */
static uint64_t look(struct sqlite_register *reg)
{
	uint64_t hint = change_hint_read(&reg->hint);
	int64_t now_ns = sqlite_db_now_ns();

	if (!is_due(reg, hint, now_ns))
		return atomic_load(&reg->revision);
	pthread_mutex_lock(&reg->look_lock);
	if (is_due(reg, hint, now_ns)) {
		look_now(reg);
		atomic_store(&reg->hint_seen, hint);
		atomic_store(&reg->looked_ns, sqlite_db_now_ns());
	}
	pthread_mutex_unlock(&reg->look_lock);
	return atomic_load(&reg->revision);
}

/* A connection in a read transaction: all that is read belongs together. */
static enum status begin(struct sqlite_register *reg, struct deadline deadline, struct sqlite_db **ret_db)
{
	uint64_t revision = look(reg);
	int64_t now_ns = sqlite_db_now_ns();
	struct sqlite_db *db;
	enum status status;

	if (revision == 0)
		return STATUS_UNAVAILABLE;
	if (deadline_left_ns(deadline, now_ns) == 0)
		return STATUS_TIMEOUT;
	status = sqlite_pool_take(&reg->readers, &db);
	if (status != STATUS_OK)
		return status;
	db->busy_until_ns = deadline.at_ns < now_ns + SQLITE_DB_BUSY_NS ? deadline.at_ns : now_ns + SQLITE_DB_BUSY_NS;
	status = sqlite_db_run(db, db->stmt[REGISTER_BEGIN]);
	if (status == STATUS_OK)
		status = register_lookup_facts_map(db, revision);
	if (status == STATUS_OK) {
		*ret_db = db;
		return STATUS_OK;
	}
	sqlite_db_rollback(db);
	sqlite_pool_give(&reg->readers, db);
	return status;
}

/* A statement that still stands on a row would keep the transaction, and with it an old state of the file. */
static enum status end(struct sqlite_register *reg, struct sqlite_db *db, enum status status)
{
	sqlite3_reset(db->stmt[REGISTER_READ_NAMES]);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[REGISTER_END]);
	sqlite_db_rollback(db);
	sqlite_pool_give(&reg->readers, db);
	return status;
}

/* ---- the index ---- */

/* A name given up may be somebody else's by now: unless the index finds the same company, a person must choose. */
static void confirm(const struct match_answer *found, struct facts *facts)
{
	bool safe = found->verdict >= MATCH_VERDICT_FUZZY && found->count > 0;

	if (safe && strcmp(found->copies[0].key.text, facts->key.text) == 0)
		return;
	facts_init(facts);
	facts->match = MATCH_AMBIGUOUS;
	facts->match_probability = REGISTER_BY_PREVIOUS_NAME / 2;
}

static enum status find_in_index(struct sqlite_register *reg, const struct register_question *question,
                                 struct deadline deadline, struct facts *facts)
{
	struct match_query query;
	struct match_answer found;
	struct sqlite_db *db;
	enum status status;

	match_query_of(question->norm, &query);
	status = match_service_search(reg->search, &query, deadline, 1, &found);
	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	if (facts->match == MATCH_EXACT) {
		confirm(&found, facts);
		return STATUS_OK;
	}
	if (found.verdict == MATCH_VERDICT_NONE)
		return STATUS_OK;
	if (found.verdict == MATCH_VERDICT_AMBIGUOUS) {
		facts->match = MATCH_AMBIGUOUS;
		facts->match_probability = (int32_t)found.copies[0].hit.ppm;
		return STATUS_OK;
	}
	status = begin(reg, deadline, &db);
	if (status != STATUS_OK)
		return status;
	return end(reg, db, register_lookup_use(db, question, &found.copies[0], facts));
}

static enum status find(void *self, const struct identity_norm *asked, struct deadline deadline,
                        struct facts *ret_facts)
{
	struct sqlite_register *reg = self;
	struct register_question question;
	struct sqlite_db *db;
	bool open = false;
	enum status status = begin(reg, deadline, &db);

	if (status != STATUS_OK)
		return status;
	register_question_init(&question, asked);
	status = end(reg, db, register_lookup_answer(db, &question, ret_facts, &open));
	if (status == STATUS_OK && open && asked->name.len > 0)
		status = find_in_index(reg, &question, deadline, ret_facts);
	return status;
}

/* ---- by key ---- */

static enum status find_key(void *self, const struct company_key *key, const struct identity_norm *asked,
                            struct deadline deadline, struct facts *ret_facts)
{
	struct sqlite_register *reg = self;
	struct register_question question;
	struct sqlite_db *db;
	enum status status = begin(reg, deadline, &db);

	if (status != STATUS_OK)
		return status;
	if (asked)
		register_question_init(&question, asked);
	return end(reg, db, register_lookup_key(db, key, asked ? &question : NULL, ret_facts));
}

/* ---- the search ---- */

static enum status search(void *self, const struct match_query *query, struct deadline deadline, struct arena *arena,
                          struct register_hits *ret_hits)
{
	struct sqlite_register *reg = self;
	struct match_answer *found = arena_alloc(arena, sizeof(*found));
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	struct register_hits hits = {.hits = arena_alloc(arena, sizeof(*hits.hits) * MATCH_HITS)};
	struct sqlite_db *db;
	enum status status;

	if (!found || !facts || !hits.hits)
		return STATUS_NO_MEMORY;
	/* Where only searches come, nobody else looks whether an index has come. */
	(void)match_service_revision(reg->search, sqlite_db_now_ns());
	status = match_service_search(reg->search, query, deadline, MATCH_HITS, found);
	if (status == STATUS_OK)
		status = begin(reg, deadline, &db);
	if (status != STATUS_OK)
		return status;
	hits.verdict = found->verdict;
	status = end(reg, db, register_lookup_hits(db, found, facts, &hits));
	if (status == STATUS_OK)
		*ret_hits = hits;
	return status;
}

/* Another index may find another company, so it counts as another register. */
static uint64_t revision(void *self)
{
	struct sqlite_register *reg = self;
	uint64_t number = look(reg);
	uint64_t index = match_service_revision(reg->search, sqlite_db_now_ns());

	return number == 0 ? 0 : (number ^ index * UINT64_C(0x9e3779b97f4a7c15)) | 1;
}

static const struct register_vtable vtable = {
        .find = find, .revision = revision, .find_key = find_key, .search = search};

static enum status open_search(struct sqlite_register *reg)
{
	char path[STATE_PATH_MAX];

	if (beside(reg, SQLITE_REGISTER_INDEX, path)[0] == '\0')
		return STATUS_TOO_LARGE;
	return match_service_create(path, &reg->search);
}

enum status sqlite_register_open(const char *file, struct sqlite_register **ret_reg)
{
	struct sqlite_register *reg = calloc(1, sizeof(*reg));
	enum status status;

	if (reg == NULL)
		return STATUS_NO_MEMORY;
	if (!slice_copy(slice_cstr(file), reg->file, sizeof(reg->file))) {
		free(reg);
		return STATUS_TOO_LARGE;
	}
	status = open_search(reg);
	if (status != STATUS_OK) {
		free(reg);
		return status;
	}
	sqlite_pool_init(&reg->readers, reg->file, &reader_sort);
	pthread_mutex_init(&reg->look_lock, NULL);
	atomic_init(&reg->looked_ns, INT64_MIN / 2);
	change_hint_init(&reg->hint, reg->file);
	*ret_reg = reg;
	return STATUS_OK;
}

void sqlite_register_close(struct sqlite_register *reg)
{
	if (reg == NULL)
		return;
	match_service_destroy(reg->search);
	sqlite_pool_finish(&reg->readers);
	change_hint_finish(&reg->hint);
	pthread_mutex_destroy(&reg->look_lock);
	free(reg);
}

struct register_port sqlite_register_port(struct sqlite_register *reg)
{
	return (struct register_port){&vtable, reg};
}
