/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <string.h>

#include "base/buf.h"

/*
 * The bytes, numbers little-endian:
 *   u16 FACTS_FORMAT
 *   texts: u16 length and bytes: key, name, street, postal code, city, country
 *   u8 count of aliases, each: a text as above
 *   u8 match, i32 match probability
 *   u8 count of sources, each: u8 length and bytes of the id, u8 state, i32 day
 *   u8 count of facts, rising ids, each: u8 id, u8 source, i32 day, i64 value
 * Raise FACTS_FORMAT whenever this or FACT_TABLE changes: an id is a place in
 * that table.
 */
#define FACTS_FORMAT 2

#define FACT_BYTES   14
#define SOURCE_BYTES 5 /* behind the id */
#define FIRST_DAY    (-719162)
#define LAST_DAY     2932896

_Static_assert((7 + MAX_ALIASES) * 2 + (1 + MAX_ALIASES) * sizeof(struct company_key) + MAX_NAME + MAX_STREET +
                               MAX_POSTAL_CODE + MAX_CITY + 16 + MAX_SOURCES * (1 + MAX_SOURCE_ID + SOURCE_BYTES) +
                               FACT_COUNT * FACT_BYTES <=
                       MAX_FACTS_PACKED,
               "packed facts may outgrow their maximum");

/* What is left to read; ok turns false for good when a read goes beyond the end. */
struct reader {
	const unsigned char *at;
	size_t left;
	bool ok;
};

static void put_u16(unsigned char *to, uint16_t value)
{
	to[0] = (unsigned char)value;
	to[1] = (unsigned char)(value >> 8);
}

static void put_u32(unsigned char *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> (8 * i));
}

static void put_u64(unsigned char *to, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		to[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get_u32(const unsigned char *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static uint64_t get_u64(const unsigned char *from)
{
	return (uint64_t)get_u32(from) | (uint64_t)get_u32(from + 4) << 32;
}

static void pack_text(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	unsigned char head[2];

	put_u16(head, (uint16_t)len);
	buf_bytes(out, head, sizeof(head));
	buf_bytes(out, text, len);
}

static void pack_source(struct buf *out, const struct source *source)
{
	size_t len = strlen(source->id);
	unsigned char tail[SOURCE_BYTES];

	buf_char(out, (char)len);
	buf_bytes(out, source->id, len);
	tail[0] = (unsigned char)source->state;
	put_u32(tail + 1, (uint32_t)source->as_of);
	buf_bytes(out, tail, sizeof(tail));
}

static void pack_items(struct buf *out, const struct facts *facts)
{
	unsigned char bytes[1 + FACT_FIRST_DERIVED * FACT_BYTES];
	unsigned char *to = bytes + 1;
	unsigned char count = 0;

	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++) {
		const struct fact *fact = &facts->items[id];

		if (!fact->known)
			continue;
		to[0] = (unsigned char)id;
		to[1] = fact->source;
		put_u32(to + 2, (uint32_t)fact->as_of);
		put_u64(to + 6, (uint64_t)fact->value);
		to += FACT_BYTES;
		count++;
	}
	bytes[0] = count;
	buf_bytes(out, bytes, (size_t)(to - bytes));
}

enum status facts_pack(const struct facts *facts, struct buf *out)
{
	unsigned char head[5];

	put_u16(head, FACTS_FORMAT);
	buf_bytes(out, head, 2);
	pack_text(out, facts->key.text);
	pack_text(out, facts->name);
	pack_text(out, facts->street);
	pack_text(out, facts->postal_code);
	pack_text(out, facts->city);
	pack_text(out, facts->country);
	buf_char(out, (char)facts->alias_count);
	for (int i = 0; i < facts->alias_count; i++)
		pack_text(out, facts->aliases[i].text);
	head[0] = (unsigned char)facts->match;
	put_u32(head + 1, (uint32_t)facts->match_probability);
	buf_bytes(out, head, sizeof(head));
	buf_char(out, (char)facts->source_count);
	for (int i = 0; i < facts->source_count; i++)
		pack_source(out, &facts->sources[i]);
	pack_items(out, facts);
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}

static const unsigned char *take(struct reader *reader, size_t len)
{
	const unsigned char *at = reader->at;

	if (!reader->ok || reader->left < len) {
		reader->ok = false;
		return NULL;
	}
	reader->at += len;
	reader->left -= len;
	return at;
}

static unsigned take_u8(struct reader *reader)
{
	const unsigned char *at = take(reader, 1);

	return at ? *at : 0;
}

/* dst is zeroed; a NUL inside would silently shorten the text. */
static void take_chars(struct reader *reader, size_t len, char *dst, size_t cap)
{
	const unsigned char *at = take(reader, len);

	if (!at || len >= cap || memchr(at, '\0', len)) {
		reader->ok = false;
		return;
	}
	memcpy(dst, at, len);
}

static void take_text(struct reader *reader, char *dst, size_t cap)
{
	const unsigned char *at = take(reader, 2);

	if (at)
		take_chars(reader, (size_t)at[0] | (size_t)at[1] << 8, dst, cap);
}

static void take_aliases(struct reader *reader, struct facts *facts)
{
	unsigned count = take_u8(reader);

	for (unsigned i = 0; i < count && reader->ok; i++) {
		struct company_key key = {{0}};

		take_text(reader, key.text, sizeof(key.text));
		facts_alias(facts, &key);
	}
	/* What facts_alias() leaves out no pack holds. */
	if (facts->alias_count != count)
		reader->ok = false;
}

static bool day_ok(int32_t day)
{
	return day == DATE_NONE || (day >= FIRST_DAY && day <= LAST_DAY);
}

static void take_source(struct reader *reader, struct source *source)
{
	const unsigned char *tail;

	take_chars(reader, take_u8(reader), source->id, sizeof(source->id));
	tail = take(reader, SOURCE_BYTES);
	if (!tail)
		return;
	source->state = (enum source_state)tail[0];
	source->as_of = (int32_t)get_u32(tail + 1);
	if (source->id[0] == '\0' || tail[0] > SOURCE_UNAVAILABLE || !day_ok(source->as_of))
		reader->ok = false;
}

static void take_sources(struct reader *reader, struct facts *facts)
{
	unsigned count = take_u8(reader);

	if (count > MAX_SOURCES)
		reader->ok = false;
	for (unsigned i = 0; i < count && reader->ok; i++)
		take_source(reader, &facts->sources[i]);
	facts->source_count = (uint8_t)count;
}

static bool unpack_item(const unsigned char *from, struct facts *facts)
{
	struct fact fact = {
	        .value = (int64_t)get_u64(from + 6),
	        .as_of = (int32_t)get_u32(from + 2),
	        .source = from[1],
	        .known = true,
	};

	if (from[0] >= FACT_FIRST_DERIVED || !fact_valid((enum fact_id)from[0], fact.value))
		return false;
	if (fact.source >= MAX_SOURCES || !day_ok(fact.as_of))
		return false;
	facts->items[from[0]] = fact;
	return true;
}

static void take_items(struct reader *reader, struct facts *facts)
{
	unsigned count = take_u8(reader);
	const unsigned char *from = take(reader, (size_t)count * FACT_BYTES);
	unsigned previous = FACT_NONE;

	for (unsigned i = 0; from && i < count; i++, from += FACT_BYTES) {
		if (from[0] <= previous || !unpack_item(from, facts)) {
			reader->ok = false;
			return;
		}
		previous = from[0];
	}
}

enum status facts_unpack(struct slice bytes, struct facts *ret_facts)
{
	struct reader reader = {(const unsigned char *)bytes.ptr, bytes.len, bytes.ptr != NULL};
	struct facts facts;
	const unsigned char *head = take(&reader, 2);

	if (!head || ((unsigned)head[0] | (unsigned)head[1] << 8) != FACTS_FORMAT)
		return STATUS_CORRUPT;
	facts_init(&facts);
	take_text(&reader, facts.key.text, sizeof(facts.key.text));
	take_text(&reader, facts.name, sizeof(facts.name));
	take_text(&reader, facts.street, sizeof(facts.street));
	take_text(&reader, facts.postal_code, sizeof(facts.postal_code));
	take_text(&reader, facts.city, sizeof(facts.city));
	take_text(&reader, facts.country, sizeof(facts.country));
	take_aliases(&reader, &facts);
	head = take(&reader, 5);
	if (!head || head[0] > MATCH_EXACT || get_u32(head + 1) > 1000000)
		return STATUS_CORRUPT;
	facts.match = (enum match_kind)head[0];
	facts.match_probability = (int32_t)get_u32(head + 1);
	take_sources(&reader, &facts);
	take_items(&reader, &facts);
	if (!reader.ok || reader.left != 0)
		return STATUS_CORRUPT;
	*ret_facts = facts;
	return STATUS_OK;
}
