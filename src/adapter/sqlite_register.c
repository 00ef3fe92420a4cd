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
#include "register_file.h"
#include "register_match.h"
#include "register_row.h"
#include "sqlite_pool.h"
#include "sqlite_schema.h"

/* How soon a file that was replaced without a hint is noticed. */
#define LOOK_AGAIN_NS INT64_C(1000000000)

enum statement { BEGIN, END, FIND_HASH, READ_NAMES, READ_FACTS, READ_REVISION };

static const char *const statements[] = {
        [BEGIN] = "BEGIN",
        [END] = "COMMIT",
        [FIND_HASH] = "SELECT company FROM company_key WHERE hash = $1",
        [READ_NAMES] = "SELECT names FROM company WHERE id = $1",
        [READ_FACTS] = "SELECT names, facts FROM company WHERE id = $1",
        [READ_REVISION] = "SELECT number FROM revision WHERE id = 1",
};

static const struct sqlite_db_sort reader_sort = {
        .flags = SQLITE_OPEN_READWRITE, /* for the log's index; read-only where that is all we may */
        .pragmas = "PRAGMA query_only=ON; PRAGMA cache_size=-2048",
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
	status = sqlite_db_number(db, db->stmt[READ_REVISION], &number);
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

/* ---- the look-up ---- */

/* Each connection knows its own file's numbers of facts, as of a revision. */
struct known_facts {
	uint64_t revision;
	struct register_fact_map map;
};

static enum status load_facts_map(struct sqlite_db *db, uint64_t revision)
{
	struct known_facts *known = db->extra;

	if (known != NULL && known->revision == revision)
		return STATUS_OK;
	if (known == NULL)
		db->extra = known = calloc(1, sizeof(*known));
	if (known == NULL)
		return STATUS_NO_MEMORY;
	known->revision = revision;
	return register_file_facts(db, false, &known->map);
}

struct candidates {
	size_t count; /* more than REGISTER_MATCH_MAX: not all are here */
	struct register_verdict verdicts[REGISTER_MATCH_MAX];
};

static void add_candidate(struct candidates *candidates, int64_t company)
{
	size_t known = candidates->count < REGISTER_MATCH_MAX ? candidates->count : REGISTER_MATCH_MAX;

	for (size_t i = 0; i < known; i++)
		if (candidates->verdicts[i].company == company)
			return;
	if (known < REGISTER_MATCH_MAX)
		candidates->verdicts[known].company = company;
	candidates->count++;
}

static enum status collect(struct sqlite_db *db, const struct company_key *key, struct candidates *candidates)
{
	sqlite3_stmt *stmt = db->stmt[FIND_HASH];
	enum status status;

	sqlite3_bind_int64(stmt, 1, register_file_hash(slice_cstr(key->text)));
	for (status = sqlite_db_first(db, stmt); status == STATUS_OK; status = sqlite_db_first(db, stmt)) {
		add_candidate(candidates, sqlite3_column_int64(stmt, 0));
		if (candidates->count > REGISTER_MATCH_MAX)
			break;
	}
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status judge(struct sqlite_db *db, const struct register_question *question,
                         struct register_verdict *verdict)
{
	sqlite3_stmt *stmt = db->stmt[READ_NAMES];
	struct register_names names;
	enum status status;

	sqlite3_bind_int64(stmt, 1, verdict->company);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = register_names_read(sqlite_db_column(stmt, 0), &names);
	if (status == STATUS_OK)
		register_judge(question, &names, verdict);
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

static void set_keys(const struct register_names *names, struct facts *facts)
{
	struct company_key key;

	for (size_t i = 0; i < names->key_count; i++) {
		if (!slice_copy(names->keys[i], key.text, sizeof(key.text)))
			continue;
		if (facts->key.text[0] == '\0')
			facts->key = key;
		else
			facts_alias(facts, &key);
	}
	for (size_t i = 0; i < names->name_count && facts->key.text[0] == '\0'; i++)
		if (!names->names[i].previous &&
		    register_name_key(names->country, names->postal_code, names->names[i].name, &key))
			facts->key = key;
}

static enum status load(struct sqlite_db *db, const struct register_choice *choice, struct facts *facts)
{
	const struct known_facts *known = db->extra;
	sqlite3_stmt *stmt = db->stmt[READ_FACTS];
	struct register_names names;
	enum status status;

	sqlite3_bind_int64(stmt, 1, choice->chosen->company);
	status = sqlite_db_first(db, stmt);
	if (status == STATUS_OK)
		status = register_names_read(sqlite_db_column(stmt, 0), &names);
	if (status == STATUS_OK)
		status = register_facts_read(sqlite_db_column(stmt, 1), &known->map, facts);
	if (status == STATUS_OK)
		set_keys(&names, facts);
	sqlite3_reset(stmt);
	return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

static enum status find_candidates(struct sqlite_db *db, const struct register_question *question,
                                   struct candidates *candidates)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < question->key_count && status == STATUS_OK; i++)
		status = collect(db, &question->keys[i], candidates);
	if (status == STATUS_OK && question->has_name_key)
		status = collect(db, &question->name_key, candidates);
	for (size_t i = 0; i < candidates->count && i < REGISTER_MATCH_MAX && status == STATUS_OK; i++)
		status = judge(db, question, &candidates->verdicts[i]);
	return status;
}

/* Whether an identifier asked for leads to anybody: then it decides, for or against. */
static bool has_identified(const struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count && i < REGISTER_MATCH_MAX; i++)
		if (candidates->verdicts[i].by_identifier)
			return true;
	return candidates->count > REGISTER_MATCH_MAX;
}

/* ret_open: neither an identifier nor an exact name decided. */
static enum status answer(struct sqlite_db *db, const struct register_question *question, struct facts *facts,
                          bool *ret_open)
{
	struct candidates candidates = {.count = 0};
	struct register_choice choice;
	enum status status = find_candidates(db, question, &candidates);

	if (status != STATUS_OK)
		return status;
	if (candidates.count > REGISTER_MATCH_MAX)
		choice = (struct register_choice){MATCH_AMBIGUOUS, 1000000 / REGISTER_MATCH_MAX, NULL};
	else
		register_choose(candidates.verdicts, candidates.count, &choice);
	facts_init(facts);
	if (choice.chosen != NULL)
		status = load(db, &choice, facts);
	facts->match = choice.match;
	facts->match_probability = choice.probability;
	*ret_open = choice.chosen == NULL && !has_identified(&candidates);
	return status;
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
	status = sqlite_db_run(db, db->stmt[BEGIN]);
	if (status == STATUS_OK)
		status = load_facts_map(db, revision);
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
	sqlite3_reset(db->stmt[READ_NAMES]);
	if (status == STATUS_OK)
		status = sqlite_db_run(db, db->stmt[END]);
	sqlite_db_rollback(db);
	sqlite_pool_give(&reg->readers, db);
	return status;
}

/* ---- the index ---- */

static bool carries_key(const struct register_names *names, const struct company_key *key)
{
	struct company_key by_name;

	for (size_t i = 0; i < names->key_count; i++)
		if (slice_eq_cstr(names->keys[i], key->text))
			return true;
	for (size_t i = 0; i < names->name_count; i++)
		if (!names->names[i].previous &&
		    register_name_key(names->country, names->postal_code, names->names[i].name, &by_name) &&
		    strcmp(by_name.text, key->text) == 0)
			return true;
	return false;
}

/*
 * The company an index calls by this key, if the file still has it; names
 * live until the next look. STATUS_NOT_FOUND.
 */
static enum status find_keyed(struct sqlite_db *db, const struct company_key *key, struct register_names *ret_names,
                              int64_t *ret_company)
{
	struct candidates candidates = {.count = 0};
	enum status status = collect(db, key, &candidates);

	for (size_t i = 0; i < candidates.count && i < REGISTER_MATCH_MAX && status == STATUS_OK; i++) {
		sqlite3_stmt *stmt = db->stmt[READ_NAMES];

		sqlite3_reset(stmt);
		sqlite3_bind_int64(stmt, 1, candidates.verdicts[i].company);
		status = sqlite_db_first(db, stmt);
		if (status == STATUS_OK)
			status = register_names_read(sqlite_db_column(stmt, 0), ret_names);
		if (status != STATUS_OK || !carries_key(ret_names, key))
			continue;
		*ret_company = candidates.verdicts[i].company;
		return STATUS_OK;
	}
	return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

/* The safe match is used if it is of the country asked for and nothing known of it contradicts. */
static enum status use(struct sqlite_db *db, const struct register_question *question, const struct match_copy *copy,
                       struct facts *facts)
{
	struct register_verdict verdict = {.company = 0};
	struct register_names names;
	enum status status = find_keyed(db, &copy->key, &names, &verdict.company);

	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	register_judge(question, &names, &verdict);
	if (!slice_eq_cstr(slice_cstr(question->norm->country), names.country))
		return STATUS_OK;
	facts->match_probability = (int32_t)copy->hit.ppm;
	if (verdict.contradicts_identifier) {
		facts->match = MATCH_AMBIGUOUS;
		return STATUS_OK;
	}
	status = load(db, &(struct register_choice){MATCH_FUZZY, 0, &verdict}, facts);
	facts->match = MATCH_FUZZY;
	facts->match_probability = (int32_t)copy->hit.ppm;
	return status;
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
	if (status != STATUS_OK || found.verdict == MATCH_VERDICT_NONE)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	if (found.verdict == MATCH_VERDICT_AMBIGUOUS) {
		facts->match = MATCH_AMBIGUOUS;
		facts->match_probability = (int32_t)found.copies[0].hit.ppm;
		return STATUS_OK;
	}
	status = begin(reg, deadline, &db);
	if (status != STATUS_OK)
		return status;
	return end(reg, db, use(db, question, &found.copies[0], facts));
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
	status = end(reg, db, answer(db, &question, ret_facts, &open));
	if (status == STATUS_OK && open && asked->name.len > 0)
		status = find_in_index(reg, &question, deadline, ret_facts);
	return status;
}

/* ---- the search ---- */

static void show(const struct match_copy *copy, const struct register_names *names, const struct facts *facts,
                 struct register_hit *hit)
{
	memset(hit, 0, sizeof(*hit));
	hit->key = copy->key;
	memcpy(hit->name, facts->name, sizeof(hit->name));
	memcpy(hit->street, facts->street, sizeof(hit->street));
	memcpy(hit->postal_code, facts->postal_code, sizeof(hit->postal_code));
	memcpy(hit->city, facts->city, sizeof(hit->city));
	memcpy(hit->country, names->country, sizeof(hit->country));
	hit->removed = names->deleted;
	hit->earlier_name = copy->earlier_name;
	hit->probability = (int32_t)copy->hit.ppm;
	memcpy(hit->evidence, copy->hit.evidence, sizeof(hit->evidence));
}

/* What the file no longer has is left out. */
static enum status show_all(struct sqlite_db *db, const struct match_answer *found, struct facts *facts,
                            struct register_hits *hits)
{
	for (size_t i = 0; i < found->count; i++) {
		struct register_verdict verdict = {.company = 0};
		struct register_names names;
		enum status status = find_keyed(db, &found->copies[i].key, &names, &verdict.company);

		if (status == STATUS_NOT_FOUND)
			continue;
		if (status == STATUS_OK) {
			facts_init(facts);
			status = load(db, &(struct register_choice){MATCH_NONE, 0, &verdict}, facts);
		}
		if (status != STATUS_OK)
			return status;
		show(&found->copies[i], &names, facts, &hits->hits[hits->count++]);
	}
	return STATUS_OK;
}

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
	status = match_service_search(reg->search, query, deadline, MATCH_HITS, found);
	if (status == STATUS_OK)
		status = begin(reg, deadline, &db);
	if (status != STATUS_OK)
		return status;
	hits.verdict = found->verdict;
	status = end(reg, db, show_all(db, found, facts, &hits));
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

static const struct register_vtable vtable = {.find = find, .revision = revision, .search = search};

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
