/* SPDX-License-Identifier: MIT */
#include "record_facts_in.h"

#include <string.h>

#include "core/fact_code.h"
#include "value.h"

static void copy_chars(struct load *load, struct slice text, char *ret_text, size_t cap)
{
	if (!slice_copy(text, ret_text, cap))
		load_fault(load, "is too long");
}

static void read_name(struct load *load, const json_t *value, struct facts *facts)
{
	struct slice text = SLICE_NONE;

	value_text(load, value, &text);
	copy_chars(load, text, facts->name, sizeof(facts->name));
}

static void read_country(struct load *load, const json_t *value, struct facts *facts)
{
	struct slice text = SLICE_NONE;

	value_text(load, value, &text);
	copy_chars(load, text, facts->country, sizeof(facts->country));
}

static void read_key(struct load *load, const json_t *value, struct company_key *ret_key)
{
	struct slice text = SLICE_NONE;

	value_text(load, value, &text);
	if (!text.len || !slice_copy(text, ret_key->text, sizeof(ret_key->text)))
		load_fault(load, "must be a company key");
}

static void read_aliases(struct load *load, const json_t *value, struct facts *facts)
{
	if (!load_array(load, value, MAX_ALIASES))
		return;
	for (size_t i = 0; i < json_array_size(value); i++) {
		size_t mark = load_enter_item(load, i);
		struct company_key key = {{0}};

		read_key(load, json_array_get(value, i), &key);
		facts_alias(facts, &key);
		load_leave(load, mark);
	}
	if (facts->alias_count != json_array_size(value))
		load_fault(load, "names a key twice");
}

static void read_match(struct load *load, const json_t *match, struct facts *facts)
{
	if (!load_object(load, match, "kind probability key aliases name country"))
		return;
	VALUE_MEMBER(load, match, "kind", value_match, &facts->match);
	facts->match_probability = facts->match == MATCH_EXACT ? 1000000 : 0;
	VALUE_OPTIONAL(load, match, "probability", value_int32, &facts->match_probability);
	VALUE_OPTIONAL(load, match, "key", read_key, &facts->key);
	VALUE_OPTIONAL(load, match, "aliases", read_aliases, facts);
	VALUE_OPTIONAL(load, match, "name", read_name, facts);
	VALUE_OPTIONAL(load, match, "country", read_country, facts);
}

/* 64 small hexadecimal digits, as they are written. */
static bool read_hash(struct slice text, uint8_t ret_hash[SOURCE_HASH])
{
	static const char DIGITS[] = "0123456789abcdef";

	if (text.len != (size_t)2 * SOURCE_HASH)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *digit = memchr(DIGITS, text.ptr[i], 16);

		if (!digit)
			return false;
		ret_hash[i / 2] = (uint8_t)(ret_hash[i / 2] << 4 | (digit - DIGITS));
	}
	return true;
}

static void read_source(struct load *load, const json_t *tuple, struct facts *facts)
{
	char id[MAX_SOURCE_ID + 1];
	struct slice text = SLICE_NONE, hex = SLICE_NONE;
	enum source_state state = SOURCE_ANSWER;
	uint8_t hash[SOURCE_HASH] = {0};
	int32_t as_of = DATE_NONE;
	int before = facts->source_count;

	if (json_array_size(tuple) < 2 || json_array_size(tuple) > 4) {
		load_fault(load, "must be an id, a day, a state and a hash");
		return;
	}
	value_text(load, json_array_get(tuple, 0), &text);
	value_day(load, json_array_get(tuple, 1), &as_of);
	if (json_array_size(tuple) > 2)
		value_source_state(load, json_array_get(tuple, 2), &state);
	if (json_array_size(tuple) > 3)
		value_text(load, json_array_get(tuple, 3), &hex);
	if (!slice_copy(text, id, sizeof(id)) || facts_source(facts, id, state, as_of) != before)
		load_fault(load, "must be a source named once");
	else if (json_array_size(tuple) > 3 && read_hash(hex, hash))
		facts_source_hash(facts, before, hash);
	else if (json_array_size(tuple) > 3)
		load_fault(load, "must hold a SHA-256 of 64 digits");
}

static void read_sources(struct load *load, const json_t *sources, struct facts *facts)
{
	if (!load_array(load, sources, MAX_SOURCES))
		return;
	for (size_t i = 0; i < json_array_size(sources); i++) {
		size_t mark = load_enter_item(load, i);

		read_source(load, json_array_get(sources, i), facts);
		load_leave(load, mark);
	}
}

/* As put_value() of core/record_facts.c writes it: a day, a name, or a number. */
static void read_value(struct load *load, enum fact_id id, const json_t *value, int64_t *ret_value)
{
	int32_t day = DATE_NONE;

	if (fact_unit(id) == UNIT_DATE) {
		value_day(load, value, &day);
		*ret_value = day;
	} else if (!json_is_string(value)) {
		value_int64(load, value, ret_value);
	} else if (!fact_code_find(id, load_slice(value), ret_value)) {
		load_fault(load, "is no value of this fact");
	}
}

static void read_fact(struct load *load, const char *name, const json_t *value, const struct fact *origin,
                      struct facts *facts)
{
	enum fact_id id = fact_find(slice_cstr(name));
	size_t mark = load_enter(load, name);
	int64_t number = 0;

	if (id == FACT_NONE || id >= FACT_FIRST_DERIVED || facts->items[id].known) {
		load_fault(load, "is no fact that may stand here");
	} else {
		read_value(load, id, value, &number);
		facts_set(facts, id, number, origin->as_of, origin->source);
		if (!facts->items[id].known)
			load_fault(load, "is no value of this fact");
	}
	load_leave(load, mark);
}

static void read_group(struct load *load, const json_t *tuple, struct facts *facts)
{
	struct fact origin = {.as_of = DATE_NONE};
	size_t size = json_array_size(tuple);
	const json_t *items = json_array_get(tuple, size - 1);
	int32_t source = -1;
	const char *name;
	json_t *value;

	if (size < 2 || size > 3 || !json_is_object(items)) {
		load_fault(load, "must be a source, a day and an object of facts");
		return;
	}
	value_int32(load, json_array_get(tuple, 0), &source);
	if (source < 0 || source >= MAX_SOURCES) {
		load_fault(load, "must name one of the sources");
		return;
	}
	origin.source = (uint8_t)source;
	origin.as_of = facts->sources[source].as_of;
	if (size == 3)
		value_day(load, json_array_get(tuple, 1), &origin.as_of);
	json_object_foreach((json_t *)(uintptr_t)items, name, value)
	{
		read_fact(load, name, value, &origin, facts);
	}
}

static void read_groups(struct load *load, const json_t *groups, struct facts *facts)
{
	if (!load_array(load, groups, FACT_COUNT))
		return;
	for (size_t i = 0; i < json_array_size(groups); i++) {
		size_t mark = load_enter_item(load, i);

		read_group(load, json_array_get(groups, i), facts);
		load_leave(load, mark);
	}
}

void record_facts_in_read(struct load *load, const json_t *root, struct facts *ret_facts)
{
	VALUE_MEMBER(load, root, "match", read_match, ret_facts);
	VALUE_MEMBER(load, root, "sources", read_sources, ret_facts);
	VALUE_MEMBER(load, root, "facts", read_groups, ret_facts);
}
