/* SPDX-License-Identifier: MIT */
#include "register_entry.h"

#include <string.h>

static void refresh_deleted(struct register_entry *entry)
{
	int64_t status = REGISTER_STATUS_UNKNOWN;

	(void)facts_get(&entry->facts, FACT_REGISTER_STATUS, &status);
	entry->names.deleted = status == REGISTER_STATUS_DELETED;
}

/* ---- identifiers ---- */

static bool has_key(const struct register_names *names, struct slice key)
{
	for (size_t i = 0; i < names->key_count; i++)
		if (slice_eq(names->keys[i], key))
			return true;
	return false;
}

/* What is told now comes first, so that the first key is the one in force. */
static enum status update_keys(struct register_entry *entry, const struct identity_norm *norm)
{
	struct company_key told[REGISTER_ROW_KEYS];
	size_t told_count = identity_all_keys(norm, told, REGISTER_ROW_KEYS);
	struct register_names before = entry->names;
	struct register_names *names = &entry->names;

	names->key_count = 0;
	for (size_t i = 0; i < told_count; i++) {
		struct slice key = slice_cstr(told[i].text);

		if (slice_eq(register_key_kind(key), SLICE_LIT("name")))
			continue;
		names->keys[names->key_count] = arena_copy(&entry->arena, key);
		if (names->keys[names->key_count].ptr == NULL)
			return STATUS_TOO_LARGE;
		names->key_count++;
	}
	for (size_t i = 0; i < before.key_count; i++) {
		if (has_key(names, before.keys[i]))
			continue;
		if (names->key_count == REGISTER_ROW_KEYS)
			return STATUS_TOO_LARGE;
		names->keys[names->key_count++] = before.keys[i];
	}
	return STATUS_OK;
}

/* ---- names ---- */

static struct register_name *find_name(struct register_names *names, struct slice name)
{
	for (size_t i = 0; i < names->name_count; i++)
		if (slice_eq(names->names[i].name, name))
			return &names->names[i];
	return NULL;
}

static enum status add_name(struct register_entry *entry, const struct identity_norm *norm, bool previous)
{
	struct register_names *names = &entry->names;
	struct register_name *name = find_name(names, norm->name);

	if (name != NULL) {
		if (!previous)
			name->previous = false;
		return STATUS_OK;
	}
	if (names->name_count == REGISTER_ROW_NAMES)
		return STATUS_TOO_LARGE;
	name = &names->names[names->name_count];
	name->previous = previous;
	name->name = arena_copy(&entry->arena, norm->name);
	name->core = arena_copy(&entry->arena, norm->core.ptr != NULL ? norm->core : SLICE_LIT(""));
	name->form = slice_cstr(legal_form_token(norm->form));
	if (name->name.ptr == NULL || name->core.ptr == NULL)
		return STATUS_TOO_LARGE;
	names->name_count++;
	return STATUS_OK;
}

static enum status update_names(struct register_entry *entry, const struct register_company *company)
{
	struct register_names *names = &entry->names;
	enum status status = STATUS_OK;

	if (company->norm->name.len > 0) {
		for (size_t i = 0; i < names->name_count; i++)
			names->names[i].previous = true;
		status = add_name(entry, company->norm, false);
	}
	for (size_t i = 0; i < company->previous_count && status == STATUS_OK; i++)
		if (company->previous[i].name.len > 0)
			status = add_name(entry, &company->previous[i], true);
	return status;
}

/* ---- address and facts ---- */

/* A guessed place (told to find by, not to show) never replaces a known one. */
static void update_place(struct register_entry *entry, const struct identity_norm *norm, const struct facts *told)
{
	struct register_names *names = &entry->names;
	bool guess = told->postal_code[0] == '\0';
	bool known = entry->facts.postal_code[0] != '\0';

	if (norm->country[0] != '\0')
		memcpy(names->country, norm->country, sizeof(names->country));
	if (norm->postal_code[0] != '\0' && !(guess && known))
		memcpy(names->postal_code, norm->postal_code, sizeof(names->postal_code));
}

static void update_shown(struct facts *facts, const struct facts *told)
{
	if (told->name[0] != '\0')
		memcpy(facts->name, told->name, sizeof(facts->name));
	if (told->country[0] != '\0')
		memcpy(facts->country, told->country, sizeof(facts->country));
	if (told->street[0] == '\0' && told->postal_code[0] == '\0' && told->city[0] == '\0')
		return;
	memcpy(facts->street, told->street, sizeof(facts->street));
	memcpy(facts->postal_code, told->postal_code, sizeof(facts->postal_code));
	memcpy(facts->city, told->city, sizeof(facts->city));
}

void register_entry_clear(struct register_entry *entry)
{
	arena_init(&entry->arena, entry->text, sizeof(entry->text));
	memset(&entry->names, 0, sizeof(entry->names));
	facts_init(&entry->facts);
}

enum status register_entry_read(struct register_entry *entry, struct slice names, struct slice facts,
                                const struct register_fact_map *map)
{
	struct slice copy;
	enum status status;

	register_entry_clear(entry);
	copy = arena_copy(&entry->arena, names);
	if (copy.ptr == NULL)
		return STATUS_CORRUPT;
	status = register_names_read(copy, &entry->names);
	if (status == STATUS_OK)
		status = register_facts_read(facts, map, &entry->facts);
	return status;
}

bool register_entry_has(const struct register_entry *entry, struct slice key)
{
	const struct register_names *names = &entry->names;
	struct company_key own;

	if (has_key(names, key))
		return true;
	for (size_t i = 0; i < names->name_count; i++)
		if (!names->names[i].previous &&
		    register_name_key(names->country, names->postal_code, names->names[i].name, &own) &&
		    slice_eq_cstr(key, own.text))
			return true;
	return false;
}

enum status register_entry_update(struct register_entry *entry, const struct register_company *company)
{
	enum status status = update_keys(entry, company->norm);

	if (status == STATUS_OK)
		status = update_names(entry, company);
	if (status != STATUS_OK)
		return status;
	update_place(entry, company->norm, company->facts);
	update_shown(&entry->facts, company->facts);
	return register_entry_merge(entry, company->facts);
}

enum status register_entry_merge(struct register_entry *entry, const struct facts *facts)
{
	struct facts *own = &entry->facts;
	uint8_t map[MAX_SOURCES] = {0};

	for (size_t i = 0; i < facts->source_count; i++) {
		int index = facts_source(own, facts->sources[i].id, facts->sources[i].state, facts->sources[i].as_of);

		if (index < 0)
			return STATUS_TOO_LARGE;
		map[i] = (uint8_t)index;
	}
	for (size_t id = 1; id < FACT_FIRST_DERIVED; id++) {
		const struct fact *fact = &facts->items[id];

		if (fact->known && fact->source < facts->source_count)
			facts_set(own, (enum fact_id)id, fact->value, fact->as_of, map[fact->source]);
	}
	refresh_deleted(entry);
	return STATUS_OK;
}
