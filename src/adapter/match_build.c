/* SPDX-License-Identifier: MIT */
#include "match_build.h"

#include <stdlib.h>
#include <string.h>

#include "core/match_image.h"
#include "core/match_text.h"

#define MAX_RAW_NAME 2048

enum status match_build_create(struct match_build **ret_build)
{
	struct match_build *build = calloc(1, sizeof(*build));
	if (!build)
		return STATUS_NO_MEMORY;
	/* number 0 of each table is the empty text */
	if (match_texts_add(&build->cities, SLICE_LIT("")) != 0 ||
	    match_texts_add(&build->streets, SLICE_LIT("")) != 0 ||
	    match_texts_add(&build->affixes, SLICE_LIT("")) != 0) {
		match_build_destroy(build);
		return STATUS_NO_MEMORY;
	}
	*ret_build = build;
	return STATUS_OK;
}

void match_build_destroy(struct match_build *build)
{
	if (!build)
		return;
	match_texts_finish(&build->words);
	match_texts_finish(&build->cities);
	match_texts_finish(&build->streets);
	match_texts_finish(&build->affixes);
	match_vec_finish(&build->city_firsts);
	match_vec_finish(&build->companies);
	match_vec_finish(&build->names);
	match_vec_finish(&build->tokens);
	match_vec_finish(&build->raw);
	match_texts_finish(&build->ids);
	match_vec_finish(&build->latest);
	match_vec_finish(&build->keys);
	free(build);
}

static bool add_word(struct match_build *build, struct slice word)
{
	uint32_t *token = match_vec_grow(&build->tokens, sizeof(*token));
	uint32_t id = match_texts_add(&build->words, word);
	if (!token || id == UINT32_MAX)
		return false;
	*token = id;
	return true;
}

static bool add_name(struct match_build *build, struct slice raw)
{
	struct match_name name;
	match_name_parse(raw, &name);
	char packed[MAX_RAW_NAME];
	size_t raw_len = match_image_pack(raw, packed, sizeof(packed));
	size_t first = build->tokens.len / sizeof(uint32_t);
	struct build_name *entry = match_vec_grow(&build->names, sizeof(*entry));
	char *copy = match_vec_grow(&build->raw, raw_len);
	if (!entry || !copy)
		return false;
	memcpy(copy, packed, raw_len);
	*entry = (struct build_name){.raw = build->raw.len - raw_len,
	                             .token = (uint32_t)first,
	                             .raw_len = (uint16_t)raw_len,
	                             .form = name.form,
	                             .count = name.count};
	for (size_t i = 0; i < name.count; i++) {
		if (!add_word(build, match_name_word(&name, i)))
			return false;
	}
	return true;
}

static bool add_key(struct match_build *build, struct slice key, uint32_t company)
{
	if (slice_is_blank(key))
		return true;
	struct build_key *entry = match_vec_grow(&build->keys, sizeof(*entry));
	if (!entry)
		return false;
	*entry = (struct build_key){match_image_hash(key), company};
	return true;
}

/* Notes which company has the id; one that had it before is out. */
static bool add_id(struct match_build *build, struct slice text, uint32_t company, uint32_t *ret_id)
{
	uint32_t before = build->ids.count;
	uint32_t id = match_texts_add(&build->ids, text);
	if (id == UINT32_MAX || (id == before && !match_vec_grow(&build->latest, sizeof(uint32_t))))
		return false;
	uint32_t *latest = (uint32_t *)(void *)build->latest.mem;
	if (id < before) {
		((struct build_company *)(void *)build->companies.mem)[latest[id]].replaced = true;
		build->replaced++;
	}
	latest[id] = company;
	*ret_id = id;
	return true;
}

/* An id that is the register number, the way registers write it, is not stored again. */
static enum match_id_style style_of(const struct match_build_record *record)
{
	struct match_number number = {record->court, record->type, record->number, record->suffix};
	for (enum match_id_style style = MATCH_ID_PLAIN; style <= MATCH_ID_KEY; style++) {
		char text[MATCH_ID_BYTES];
		size_t len = match_image_number_id(&number, style, text, sizeof(text));
		if (len > 0 && slice_eq(record->id, (struct slice){text, len}))
			return style;
	}
	return MATCH_ID_TEXT;
}

static bool add_names(struct match_build *build, const struct match_build_record *record, uint8_t *ret_count)
{
	uint8_t count = 0;
	for (size_t i = 0; i < record->name_count && count < MATCH_BUILD_NAMES; i++) {
		if (slice_is_blank(record->names[i]) || (i > 0 && slice_eq(record->names[i], record->names[0])))
			continue;
		if (!add_name(build, record->names[i]))
			return false;
		count++;
	}
	*ret_count = count;
	return true;
}

enum status match_build_add(struct match_build *build, const struct match_build_record *record)
{
	struct match_street street;
	struct match_city city;
	if (record->name_count == 0 || slice_is_blank(record->names[0]) || slice_is_blank(record->id) ||
	    record->id.len > MATCH_ID_BYTES)
		return STATUS_INVALID;
	match_street_parse(record->street, &street);
	match_city_parse(record->city, &city);
	struct build_company company = {.postcode = match_postcode_parse(record->postal_code),
	                                .first_name = (uint32_t)(build->names.len / sizeof(struct build_name)),
	                                .house = street.house,
	                                .letter = street.letter,
	                                .removed = record->removed};
	company.street = match_texts_add(&build->streets, (struct slice){street.key, street.len});
	company.city = match_texts_add(&build->cities, (struct slice){city.key, city.len});
	if (company.city != UINT32_MAX && build->city_firsts.len <= company.city) {
		char *first = match_vec_grow(&build->city_firsts, company.city + 1 - build->city_firsts.len);
		if (!first)
			return STATUS_NO_MEMORY;
		*first = 0;
		build->city_firsts.mem[company.city] = (char)city.first;
	}
	uint32_t court = match_texts_add(&build->affixes, record->court);
	uint32_t suffix = match_texts_add(&build->affixes, record->suffix);
	if (company.street == UINT32_MAX || company.city == UINT32_MAX || court == UINT32_MAX || suffix == UINT32_MAX)
		return STATUS_NO_MEMORY;
	if (company.street >= 1 << 24 || company.city >= 1 << 24 ||
	    build->names.len / sizeof(struct build_name) > INT32_MAX / 2)
		return STATUS_TOO_LARGE;
	if (court <= UINT16_MAX && suffix <= UINT16_MAX && record->number < 1 << 24) {
		company.court = (uint16_t)court;
		company.suffix = (uint16_t)suffix;
		company.number = record->number;
		company.type = (uint8_t)record->type;
		company.style = (uint8_t)style_of(record);
	}
	uint32_t index = (uint32_t)(build->companies.len / sizeof(company));
	if (!add_names(build, record, &company.name_count) || !add_key(build, record->vat_id, index) ||
	    !add_key(build, record->lei, index) || !add_id(build, record->id, index, &company.id))
		return STATUS_NO_MEMORY;
	struct build_company *entry = match_vec_grow(&build->companies, sizeof(*entry));
	if (!entry)
		return STATUS_NO_MEMORY;
	*entry = company;
	return STATUS_OK;
}
