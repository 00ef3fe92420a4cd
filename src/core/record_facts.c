/* SPDX-License-Identifier: MIT */
#include "record_facts.h"

#include "base/buf.h"
#include "core/fact_code.h"

/* What fact_name() and fact_unit() tell of each, the name's length known beforehand. */
static const struct {
	struct slice name;
	enum fact_unit unit;
} FACTS[FACT_COUNT] = {
#define FACT_ROW(id, name, unit) [FACT_##id] = {SLICE_LIT(name), unit},
        FACT_TABLE(FACT_ROW)
#undef FACT_ROW
};

static void put_match(struct json_out *out, const struct facts *facts)
{
	json_out_object(out, "match");
	json_out_word(out, "kind", match_kind_name(facts->match));
	if (facts->match_probability != (facts->match == MATCH_EXACT ? 1000000 : 0))
		json_out_i64(out, "probability", facts->match_probability);
	if (facts->key.text[0])
		json_out_cstr(out, "key", facts->key.text);
	if (facts->alias_count) {
		json_out_array(out, "aliases");
		for (size_t i = 0; i < facts->alias_count; i++)
			json_out_cstr(out, NULL, facts->aliases[i].text);
		json_out_array_end(out);
	}
	if (facts->name[0])
		json_out_cstr(out, "name", facts->name);
	if (facts->country[0])
		json_out_cstr(out, "country", facts->country);
	json_out_object_end(out);
}

static void put_hash(struct json_out *out, const uint8_t raw_sha256[SOURCE_HASH])
{
	char mem[2 * SOURCE_HASH + 1];
	struct buf hex;

	buf_init(&hex, mem, sizeof(mem));
	buf_hex(&hex, raw_sha256, SOURCE_HASH);
	json_out_string(out, NULL, buf_view(&hex));
}

static void put_sources(struct json_out *out, const struct facts *facts)
{
	json_out_array(out, "sources");
	for (size_t i = 0; i < facts->source_count; i++) {
		const struct source *source = &facts->sources[i];

		json_out_array(out, NULL);
		json_out_cstr(out, NULL, source->id);
		json_out_day(out, NULL, source->as_of);
		if (source->state != SOURCE_ANSWER || source->hashed)
			json_out_word(out, NULL, source_state_name(source->state));
		if (source->hashed)
			put_hash(out, source->raw_sha256);
		json_out_array_end(out);
	}
	json_out_array_end(out);
}

static void put_value(struct json_out *out, enum fact_id id, int64_t value)
{
	enum fact_unit unit = FACTS[id].unit;
	const char *word = unit == UNIT_CODE ? fact_code_name(id, value) : NULL;

	(void)json_out_room(out, FACTS[id].name, 0);
	if (word)
		json_out_put_word(out->buf, word);
	else if (unit == UNIT_DATE && value > INT32_MIN && value <= INT32_MAX)
		json_out_put_day(out->buf, (int32_t)value);
	else
		buf_i64(out->buf, value);
}

/* The group of ids[0]: all facts of the same source and day. What others are left moves up; returns how many. */
static size_t put_group(struct json_out *out, const struct facts *facts, uint8_t *ids, size_t count)
{
	const struct fact *origin = &facts->items[ids[0]];
	size_t left = 0;

	json_out_array(out, NULL);
	json_out_i64(out, NULL, origin->source);
	if (origin->as_of != facts->sources[origin->source].as_of)
		json_out_day(out, NULL, origin->as_of);
	json_out_object(out, NULL);
	for (size_t i = 0; i < count; i++) {
		const struct fact *fact = &facts->items[ids[i]];

		if (fact->source == origin->source && fact->as_of == origin->as_of)
			put_value(out, (enum fact_id)ids[i], fact->value);
		else
			ids[left++] = ids[i];
	}
	json_out_object_end(out);
	json_out_array_end(out);
	return left;
}

void record_facts_put(struct json_out *out, const struct facts *facts)
{
	uint8_t ids[FACT_FIRST_DERIVED];
	size_t count = 0;

	put_match(out, facts);
	put_sources(out, facts);
	json_out_array(out, "facts");
	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++) {
		if (facts->items[id].known)
			ids[count++] = (uint8_t)id;
	}
	while (count)
		count = put_group(out, facts, ids, count);
	json_out_array_end(out);
}
