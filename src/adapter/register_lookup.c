/* SPDX-License-Identifier: MIT */
#include "register_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "adapter/sqlite_register.h"
#include "register_file.h"
#include "register_row.h"

/* Each connection knows its own file's numbers of facts, as of a revision. */
struct known_facts {
	uint64_t revision;
	struct register_fact_map map;
};

enum status register_lookup_facts_map(struct sqlite_db *db, uint64_t revision)
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
	sqlite3_stmt *stmt = db->stmt[REGISTER_FIND_HASH];
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
	sqlite3_stmt *stmt = db->stmt[REGISTER_READ_NAMES];
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
	sqlite3_stmt *stmt = db->stmt[REGISTER_READ_FACTS];
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
enum status register_lookup_answer(struct sqlite_db *db, const struct register_question *question, struct facts *facts,
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
	*ret_open = !has_identified(&candidates) &&
	            (choice.chosen == NULL || choice.chosen->name_hit == NAME_HIT_PREVIOUS);
	return status;
}

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
		sqlite3_stmt *stmt = db->stmt[REGISTER_READ_NAMES];

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
enum status register_lookup_use(struct sqlite_db *db, const struct register_question *question,
                                const struct match_copy *copy, struct facts *facts)
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

enum status register_lookup_key(struct sqlite_db *db, const struct company_key *key,
                                const struct register_question *question, struct facts *facts)
{
	struct register_verdict verdict = {.company = 0};
	struct register_names names;
	enum status status = find_keyed(db, key, &names, &verdict.company);

	if (status != STATUS_OK)
		return status;
	if (question) {
		register_judge(question, &names, &verdict);
		if (verdict.contradicts_identifier ||
		    !slice_eq_cstr(slice_cstr(question->norm->country), names.country))
			return STATUS_NOT_FOUND;
	}
	facts_init(facts);
	status = load(db, &(struct register_choice){MATCH_EXACT, 0, &verdict}, facts);
	facts->match = MATCH_EXACT;
	facts->match_probability = REGISTER_BY_IDENTIFIER;
	return status;
}

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
	hit->completes = copy->hit.completes;
	hit->probability = (int32_t)copy->hit.ppm;
	memcpy(hit->evidence, copy->hit.evidence, sizeof(hit->evidence));
}

/* What the file no longer has is left out. */
enum status register_lookup_hits(struct sqlite_db *db, const struct match_answer *found, struct facts *facts,
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
