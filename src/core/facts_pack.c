/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <string.h>

#include "base/buf.h"
#include "pack.h"

/*
 * The bytes, numbers little-endian:
 *   u16 FACTS_FORMAT
 *   texts: u16 length and bytes: key, name, street, postal code, city, country
 *   u8 count of aliases, each: a text as above
 *   u8 match, i32 match probability
 *   u8 count of sources, each: u8 length and bytes of the id, u8 state, i32 day,
 *   and when SOURCE_HASHED is set in the state, 32 bytes of SHA-256
 *   u8 count of facts, rising ids, each: u8 id, u8 source, i32 day, i64 value
 * Raise FACTS_FORMAT whenever this or FACT_TABLE changes: an id is a place in
 * that table.
 */
#define FACTS_FORMAT 3

#define FACT_BYTES   14
#define SOURCE_BYTES 5 /* behind the id */

#define SOURCE_HASHED 0x80

_Static_assert((7 + MAX_ALIASES) * 2 + (1 + MAX_ALIASES) * sizeof(struct company_key) + MAX_NAME + MAX_STREET +
                               MAX_POSTAL_CODE + MAX_CITY + 16 +
                               MAX_SOURCES * (1 + MAX_SOURCE_ID + SOURCE_BYTES + SOURCE_HASH) +
                               FACT_COUNT * FACT_BYTES <=
                       MAX_FACTS_PACKED,
               "packed facts may outgrow their maximum");

static unsigned char *put_source(unsigned char *to, const struct source *source)
{
	size_t len = strlen(source->id);

	*to++ = (unsigned char)len;
	memcpy(to, source->id, len);
	to += len;
	*to++ = (unsigned char)((unsigned)source->state | (source->hashed ? SOURCE_HASHED : 0));
	to = pack_put_u32(to, (uint32_t)source->as_of);
	if (!source->hashed)
		return to;
	memcpy(to, source->raw_sha256, SOURCE_HASH);
	return to + SOURCE_HASH;
}

static unsigned char *put_items(unsigned char *to, const struct facts *facts)
{
	unsigned char *count = to++;

	*count = 0;
	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++) {
		const struct fact *fact = &facts->items[id];

		if (!fact->known)
			continue;
		*to++ = (unsigned char)id;
		*to++ = fact->source;
		to = pack_put_u32(to, (uint32_t)fact->as_of);
		to = pack_put_u64(to, (uint64_t)fact->value);
		++*count;
	}
	return to;
}

enum status facts_pack(const struct facts *facts, struct buf *out)
{
	unsigned char bytes[MAX_FACTS_PACKED];
	unsigned char *to = pack_put_u16(bytes, FACTS_FORMAT);

	to = pack_put_text(to, facts->key.text);
	to = pack_put_text(to, facts->name);
	to = pack_put_text(to, facts->street);
	to = pack_put_text(to, facts->postal_code);
	to = pack_put_text(to, facts->city);
	to = pack_put_text(to, facts->country);
	*to++ = facts->alias_count;
	for (int i = 0; i < facts->alias_count; i++)
		to = pack_put_text(to, facts->aliases[i].text);
	*to++ = (unsigned char)facts->match;
	to = pack_put_u32(to, (uint32_t)facts->match_probability);
	*to++ = facts->source_count;
	for (int i = 0; i < facts->source_count; i++)
		to = put_source(to, &facts->sources[i]);
	to = put_items(to, facts);
	buf_bytes(out, bytes, (size_t)(to - bytes));
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}

static void take_aliases(struct pack_reader *reader, struct facts *facts)
{
	unsigned count = pack_take_u8(reader);

	for (unsigned i = 0; i < count && reader->ok; i++) {
		struct company_key key = {{0}};

		pack_take_text(reader, key.text, sizeof(key.text));
		facts_alias(facts, &key);
	}
	/* What facts_alias() leaves out no pack holds. */
	if (facts->alias_count != count)
		reader->ok = false;
}

static bool day_ok(int32_t day)
{
	return day == DATE_NONE || (day >= DATE_FIRST && day <= DATE_LAST);
}

static void take_source(struct pack_reader *reader, struct source *source)
{
	const unsigned char *tail;

	pack_take_chars(reader, pack_take_u8(reader), source->id, sizeof(source->id));
	tail = pack_take(reader, SOURCE_BYTES);
	if (!tail)
		return;
	source->state = (enum source_state)(tail[0] & ~SOURCE_HASHED);
	source->as_of = (int32_t)pack_get_u32(tail + 1);
	source->hashed = tail[0] & SOURCE_HASHED;
	if (source->id[0] == '\0' || source->state > SOURCE_UNAVAILABLE || !day_ok(source->as_of))
		reader->ok = false;
	tail = source->hashed ? pack_take(reader, SOURCE_HASH) : NULL;
	if (tail)
		memcpy(source->raw_sha256, tail, SOURCE_HASH);
}

static void take_sources(struct pack_reader *reader, struct facts *facts)
{
	unsigned count = pack_take_u8(reader);

	if (count > MAX_SOURCES)
		reader->ok = false;
	for (unsigned i = 0; i < count && reader->ok; i++)
		take_source(reader, &facts->sources[i]);
	facts->source_count = (uint8_t)count;
}

static bool unpack_item(const unsigned char *from, struct facts *facts)
{
	struct fact fact = {
	        .value = (int64_t)pack_get_u64(from + 6),
	        .as_of = (int32_t)pack_get_u32(from + 2),
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

static void take_items(struct pack_reader *reader, struct facts *facts)
{
	unsigned count = pack_take_u8(reader);
	const unsigned char *from = pack_take(reader, (size_t)count * FACT_BYTES);
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
	struct pack_reader reader = {(const unsigned char *)bytes.ptr, bytes.len, bytes.ptr != NULL};
	struct facts facts;
	const unsigned char *head = pack_take(&reader, 2);

	if (!head || ((unsigned)head[0] | (unsigned)head[1] << 8) != FACTS_FORMAT)
		return STATUS_CORRUPT;
	facts_init(&facts);
	pack_take_text(&reader, facts.key.text, sizeof(facts.key.text));
	pack_take_text(&reader, facts.name, sizeof(facts.name));
	pack_take_text(&reader, facts.street, sizeof(facts.street));
	pack_take_text(&reader, facts.postal_code, sizeof(facts.postal_code));
	pack_take_text(&reader, facts.city, sizeof(facts.city));
	pack_take_text(&reader, facts.country, sizeof(facts.country));
	take_aliases(&reader, &facts);
	head = pack_take(&reader, 5);
	if (!head || head[0] > MATCH_EXACT || pack_get_u32(head + 1) > 1000000)
		return STATUS_CORRUPT;
	facts.match = (enum match_kind)head[0];
	facts.match_probability = (int32_t)pack_get_u32(head + 1);
	take_sources(&reader, &facts);
	take_items(&reader, &facts);
	if (!reader.ok || reader.left != 0)
		return STATUS_CORRUPT;
	*ret_facts = facts;
	return STATUS_OK;
}
