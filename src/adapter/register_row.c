/* SPDX-License-Identifier: MIT */
#include "register_row.h"

#include <string.h>

#define NAMES_FORMAT 1
#define FACTS_FORMAT 1

enum name_flag { NAME_PREVIOUS = 1, NAME_BEGINS_WITH_CORE = 2 };

/* ---- writing ---- */

static void put_u16(struct buf *out, size_t value)
{
	buf_char(out, (char)(value & 0xff));
	buf_char(out, (char)(value >> 8 & 0xff));
}

static void put_u32(struct buf *out, uint32_t value)
{
	put_u16(out, value & 0xffff);
	put_u16(out, value >> 16);
}

static void put_u64(struct buf *out, uint64_t value)
{
	put_u32(out, (uint32_t)value);
	put_u32(out, (uint32_t)(value >> 32));
}

static void put_text(struct buf *out, struct slice text)
{
	put_u16(out, text.len);
	buf_slice(out, text);
}

static void put_name(struct buf *out, const struct register_name *name)
{
	bool begins = slice_starts(name->name, name->core);

	buf_char(out, (char)((name->previous ? NAME_PREVIOUS : 0) | (begins ? NAME_BEGINS_WITH_CORE : 0)));
	put_text(out, name->form);
	put_text(out, name->name);
	if (begins)
		put_u16(out, name->core.len);
	else
		put_text(out, name->core);
}

enum status register_names_put(const struct register_names *names, struct buf *out)
{
	buf_char(out, NAMES_FORMAT);
	buf_char(out, names->deleted ? 1 : 0);
	put_text(out, slice_cstr(names->country));
	put_text(out, slice_cstr(names->postal_code));
	buf_char(out, (char)names->key_count);
	for (size_t i = 0; i < names->key_count; i++)
		put_text(out, names->keys[i]);
	buf_char(out, (char)names->name_count);
	for (size_t i = 0; i < names->name_count; i++)
		put_name(out, &names->names[i]);
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}

static void put_fact(struct buf *out, uint8_t number, const struct fact *fact)
{
	buf_char(out, (char)number);
	buf_char(out, (char)fact->source);
	put_u32(out, (uint32_t)fact->as_of);
	put_u64(out, (uint64_t)fact->value);
}

enum status register_facts_put(const struct facts *facts, const struct register_fact_map *map, struct buf *out)
{
	buf_char(out, FACTS_FORMAT);
	put_text(out, slice_cstr(facts->name));
	put_text(out, slice_cstr(facts->street));
	put_text(out, slice_cstr(facts->postal_code));
	put_text(out, slice_cstr(facts->city));
	put_text(out, slice_cstr(facts->country));
	buf_char(out, (char)facts->source_count);
	for (size_t i = 0; i < facts->source_count; i++) {
		put_text(out, slice_cstr(facts->sources[i].id));
		buf_char(out, (char)facts->sources[i].state);
		put_u32(out, (uint32_t)facts->sources[i].as_of);
	}
	for (size_t id = 1; id < FACT_FIRST_DERIVED; id++)
		if (facts->items[id].known && map->number[id] != 0)
			put_fact(out, map->number[id], &facts->items[id]);
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}

/* ---- reading: trusts nothing ---- */

struct reader {
	struct slice rest;
	bool bad;
};

static struct slice take(struct reader *reader, size_t len)
{
	struct slice part = {reader->rest.ptr, len};

	if (reader->bad || len > reader->rest.len) {
		reader->bad = true;
		return SLICE_LIT("");
	}
	reader->rest.ptr += len;
	reader->rest.len -= len;
	return part;
}

static uint64_t take_number(struct reader *reader, size_t bytes)
{
	struct slice part = take(reader, bytes);
	uint64_t value = 0;

	for (size_t i = part.len; i > 0; i--)
		value = value << 8 | (unsigned char)part.ptr[i - 1];
	return value;
}

static struct slice take_text(struct reader *reader)
{
	return take(reader, (size_t)take_number(reader, 2));
}

static void take_copy(struct reader *reader, char *dst, size_t cap)
{
	if (!slice_copy(take_text(reader), dst, cap))
		reader->bad = true;
}

static void take_name(struct reader *reader, struct register_name *ret_name)
{
	uint64_t flags = take_number(reader, 1);

	ret_name->previous = (flags & NAME_PREVIOUS) != 0;
	ret_name->form = take_text(reader);
	ret_name->name = take_text(reader);
	if ((flags & NAME_BEGINS_WITH_CORE) == 0) {
		ret_name->core = take_text(reader);
		return;
	}
	ret_name->core = (struct slice){ret_name->name.ptr, (size_t)take_number(reader, 2)};
	if (ret_name->core.len > ret_name->name.len)
		reader->bad = true;
}

enum status register_names_read(struct slice bytes, struct register_names *ret_names)
{
	struct reader reader = {.rest = bytes};
	struct register_names *names = ret_names;

	if (take_number(&reader, 1) != NAMES_FORMAT)
		return STATUS_CORRUPT;
	names->deleted = take_number(&reader, 1) != 0;
	take_copy(&reader, names->country, sizeof(names->country));
	take_copy(&reader, names->postal_code, sizeof(names->postal_code));
	names->key_count = (size_t)take_number(&reader, 1);
	if (names->key_count > REGISTER_ROW_KEYS)
		return STATUS_CORRUPT;
	for (size_t i = 0; i < names->key_count; i++)
		names->keys[i] = take_text(&reader);
	names->name_count = (size_t)take_number(&reader, 1);
	if (names->name_count > REGISTER_ROW_NAMES)
		return STATUS_CORRUPT;
	for (size_t i = 0; i < names->name_count; i++)
		take_name(&reader, &names->names[i]);
	return reader.bad || reader.rest.len > 0 ? STATUS_CORRUPT : STATUS_OK;
}

static void take_sources(struct reader *reader, struct facts *facts)
{
	size_t count = (size_t)take_number(reader, 1);

	if (count > MAX_SOURCES) {
		reader->bad = true;
		return;
	}
	facts->source_count = (uint8_t)count;
	for (size_t i = 0; i < count; i++) {
		take_copy(reader, facts->sources[i].id, sizeof(facts->sources[i].id));
		facts->sources[i].state = (enum source_state)take_number(reader, 1);
		facts->sources[i].as_of = (int32_t)take_number(reader, 4);
		if (facts->sources[i].state > SOURCE_UNAVAILABLE)
			reader->bad = true;
	}
}

static void take_fact(struct reader *reader, const struct register_fact_map *map, struct facts *facts)
{
	uint8_t id = map->fact[take_number(reader, 1)];
	uint8_t source = (uint8_t)take_number(reader, 1);
	int32_t as_of = (int32_t)take_number(reader, 4);
	int64_t value = (int64_t)take_number(reader, 8);

	if (source >= facts->source_count)
		reader->bad = true;
	else if (id > FACT_NONE && id < FACT_FIRST_DERIVED)
		facts->items[id] = (struct fact){.value = value, .as_of = as_of, .source = source, .known = true};
}

enum status register_facts_read(struct slice bytes, const struct register_fact_map *map, struct facts *ret_facts)
{
	struct reader reader = {.rest = bytes};
	struct facts *facts = ret_facts;

	facts_init(facts);
	if (take_number(&reader, 1) != FACTS_FORMAT)
		return STATUS_CORRUPT;
	take_copy(&reader, facts->name, sizeof(facts->name));
	take_copy(&reader, facts->street, sizeof(facts->street));
	take_copy(&reader, facts->postal_code, sizeof(facts->postal_code));
	take_copy(&reader, facts->city, sizeof(facts->city));
	take_copy(&reader, facts->country, sizeof(facts->country));
	take_sources(&reader, facts);
	while (!reader.bad && reader.rest.len > 0)
		take_fact(&reader, map, facts);
	return reader.bad ? STATUS_CORRUPT : STATUS_OK;
}

/* ---- keys ---- */

struct slice register_key_kind(struct slice key)
{
	return slice_cut(&key, ':');
}

bool register_name_key(const char *country, const char *postal_code, struct slice name, struct company_key *ret_key)
{
	struct identity_norm norm = {.name = name};

	if (name.len == 0 || country[0] == '\0' || postal_code[0] == '\0')
		return false;
	if (!slice_copy(slice_cstr(country), norm.country, sizeof(norm.country)) ||
	    !slice_copy(slice_cstr(postal_code), norm.postal_code, sizeof(norm.postal_code)))
		return false;
	return identity_key(&norm, ret_key) == STATUS_OK;
}
