/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <string.h>

#include "core/legal_form.h"

#define LARGEST_COUNT INT64_C(1000000000)
#define LARGEST_RATIO INT64_C(1000000000000000)
#define LAST_DIVISION 99 /* of WZ 2008 */

struct fact_row {
	const char *name;
	enum fact_unit unit;
};

static const struct fact_row ROWS[FACT_COUNT] = {[FACT_NONE] = {"", UNIT_CODE},
#define FACT_ROW(id, name, unit) [FACT_##id] = {name, unit},
                                                 FACT_TABLE(FACT_ROW)
#undef FACT_ROW
};

_Static_assert(FACT_COUNT <= MAX_FACTS, "the table of facts outgrew its maximum");

static bool is_fact(enum fact_id id)
{
	return (unsigned)id > FACT_NONE && (unsigned)id < FACT_COUNT;
}

static bool between(int64_t value, int64_t low, int64_t high)
{
	return value >= low && value <= high;
}

static bool code_valid(enum fact_id id, int64_t value)
{
	if (id == FACT_LEGAL_FORM)
		return between(value, LEGAL_FORM_NONE + 1, LEGAL_FORM_COUNT - 1);
	if (id == FACT_REGISTER_STATUS)
		return between(value, REGISTER_STATUS_ACTIVE, REGISTER_STATUS_DELETED);
	if (id == FACT_BUREAU_SCALE)
		return between(value, BUREAU_SCALE_CREDITREFORM_1_0, BUREAU_SCALE_CREDITREFORM_2_0);
	if (id == FACT_INSOLVENCY_STATUS)
		return between(value, 1, 7);
	return between(value, 1, LAST_DIVISION);
}

const char *fact_name(enum fact_id id)
{
	return is_fact(id) ? ROWS[id].name : "";
}

enum fact_unit fact_unit(enum fact_id id)
{
	return ROWS[is_fact(id) ? id : FACT_NONE].unit;
}

enum fact_id fact_find(struct slice name)
{
	for (int id = FACT_NONE + 1; id < FACT_COUNT; id++) {
		if (slice_eq_cstr(name, ROWS[id].name))
			return (enum fact_id)id;
	}
	return FACT_NONE;
}

bool fact_valid(enum fact_id id, int64_t value)
{
	if (!is_fact(id))
		return false;
	switch (ROWS[id].unit) {
	case UNIT_MONEY:
		return between(value, -FACT_MONEY_MAX, FACT_MONEY_MAX);
	case UNIT_RATIO:
		return between(value, -LARGEST_RATIO, LARGEST_RATIO);
	case UNIT_DAYS:
	case UNIT_YEARS:
	case UNIT_COUNT:
		return between(value, 0, LARGEST_COUNT);
	case UNIT_DATE:
		return between(value, DATE_FIRST, DATE_LAST);
	case UNIT_CODE:
		return code_valid(id, value);
	}
	return false;
}

const char *source_state_name(enum source_state state)
{
	static const char *const NAMES[] = {
	        [SOURCE_ANSWER] = "answer",
	        [SOURCE_NO_DATA] = "no_data",
	        [SOURCE_INVALID_INPUT] = "invalid_input",
	        [SOURCE_UNAVAILABLE] = "unavailable",
	};

	return (unsigned)state <= SOURCE_UNAVAILABLE ? NAMES[state] : "unknown";
}

const char *match_kind_name(enum match_kind kind)
{
	static const char *const NAMES[] = {
	        [MATCH_NONE] = "none",
	        [MATCH_AMBIGUOUS] = "ambiguous",
	        [MATCH_FUZZY] = "fuzzy",
	        [MATCH_EXACT] = "exact",
	};

	return (unsigned)kind <= MATCH_EXACT ? NAMES[kind] : "unknown";
}

void facts_init(struct facts *facts)
{
	memset(facts, 0, sizeof(*facts));
}

bool facts_matched(const struct facts *facts)
{
	return facts->match == MATCH_EXACT || facts->match == MATCH_FUZZY;
}

int facts_source(struct facts *facts, const char *id, enum source_state state, int32_t as_of)
{
	struct slice name = slice_cstr(id);
	int index = 0;

	while (index < facts->source_count && !slice_eq_cstr(name, facts->sources[index].id))
		index++;
	if (index >= MAX_SOURCES || name.len == 0 || name.len > MAX_SOURCE_ID)
		return -1;
	if (index == facts->source_count) {
		memcpy(facts->sources[index].id, name.ptr, name.len);
		facts->sources[index].id[name.len] = '\0';
		facts->source_count++;
	}
	facts->sources[index].state = state;
	facts->sources[index].as_of = between(as_of, DATE_FIRST, DATE_LAST) ? as_of : DATE_NONE;
	facts->sources[index].hashed = false;
	return index;
}

void facts_source_hash(struct facts *facts, int index, const uint8_t raw_sha256[SOURCE_HASH])
{
	if (index < 0 || index >= facts->source_count)
		return;
	facts->sources[index].hashed = true;
	memcpy(facts->sources[index].raw_sha256, raw_sha256, SOURCE_HASH);
}

void facts_alias(struct facts *facts, const struct company_key *key)
{
	if (key->text[0] == '\0' || strcmp(key->text, facts->key.text) == 0 || facts->alias_count == MAX_ALIASES)
		return;
	for (int i = 0; i < facts->alias_count; i++) {
		if (strcmp(key->text, facts->aliases[i].text) == 0)
			return;
	}
	facts->aliases[facts->alias_count++] = *key;
}

void facts_set(struct facts *facts, enum fact_id id, int64_t value, int32_t as_of, uint8_t source)
{
	struct fact *fact = &facts->items[is_fact(id) ? id : FACT_NONE];
	int32_t day = between(as_of, DATE_FIRST, DATE_LAST) ? as_of : DATE_NONE;

	if (!fact_valid(id, value) || id >= FACT_FIRST_DERIVED || source >= MAX_SOURCES)
		return;
	if (fact->known && fact->as_of > day)
		return;
	*fact = (struct fact){.value = value, .as_of = day, .source = source, .known = true};
}

bool facts_get(const struct facts *facts, enum fact_id id, int64_t *ret_value)
{
	if (!is_fact(id) || !facts->items[id].known)
		return false;
	*ret_value = facts->items[id].value;
	return true;
}

static void merge_text(char *mine, const char *other, size_t cap)
{
	if (mine[0] == '\0')
		memcpy(mine, other, cap);
}

void facts_merge(struct facts *facts, const struct facts *other)
{
	int map[MAX_SOURCES] = {0};

	for (int i = 0; i < other->source_count; i++) {
		const struct source *source = &other->sources[i];

		map[i] = facts_source(facts, source->id, source->state, source->as_of);
		if (source->hashed)
			facts_source_hash(facts, map[i], source->raw_sha256);
	}
	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++) {
		const struct fact *fact = &other->items[id];

		if (fact->known && fact->source < other->source_count && map[fact->source] >= 0)
			facts_set(facts, (enum fact_id)id, fact->value, fact->as_of, (uint8_t)map[fact->source]);
	}
	facts_alias(facts, &other->key);
	for (int i = 0; i < other->alias_count; i++)
		facts_alias(facts, &other->aliases[i]);
	merge_text(facts->name, other->name, sizeof(facts->name));
	if (facts->street[0] == '\0' && facts->city[0] == '\0') {
		merge_text(facts->street, other->street, sizeof(facts->street));
		merge_text(facts->postal_code, other->postal_code, sizeof(facts->postal_code));
		merge_text(facts->city, other->city, sizeof(facts->city));
		merge_text(facts->country, other->country, sizeof(facts->country));
	}
}
