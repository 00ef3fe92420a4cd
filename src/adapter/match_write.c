/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/match_text.h"
#include "match_layout.h"

#define STEPS 12

static bool sort_companies(struct layout *lay)
{
	const struct build_company *all = (const struct build_company *)(const void *)lay->build->companies.mem;
	uint32_t added = (uint32_t)(lay->build->companies.len / sizeof(*all));
	uint32_t *places = calloc(MATCH_POSTCODES + 1, sizeof(*places));
	if (!places)
		return false;
	for (uint32_t i = 0; i < added; i++)
		places[all[i].postcode + 1] += !all[i].replaced;
	for (uint32_t i = 0; i < MATCH_POSTCODES; i++)
		places[i + 1] += places[i];
	for (uint32_t i = 0; i < added; i++) {
		if (!all[i].replaced)
			lay->order[places[all[i].postcode]++] = i;
	}
	free(places);
	uint32_t alias = lay->companies;
	for (uint32_t i = 0; i < lay->companies; i++) {
		const struct build_company *company = company_at(lay, i);
		lay->row_name[i] = company->first_name;
		lay->row_home[i] = i;
		for (uint32_t k = 1; k < company->name_count; k++) {
			lay->row_name[alias] = company->first_name + k;
			lay->row_home[alias++] = i;
		}
	}
	lay->rows = alias;
	return true;
}

static void count_words(struct layout *lay)
{
	for (uint32_t row = 0; row < lay->rows; row++) {
		const struct build_name *name = name_at(lay, row);
		const uint32_t *tokens = tokens_of(lay, name);
		for (unsigned i = 0; i < name->count; i++)
			lay->counts[tokens[i]] += !stands_before(tokens, i);
	}
}

/* Counting sort by falling count; counts above the cap share the first places. */
static bool rank_words(struct layout *lay)
{
	const uint32_t CAP = 1 << 20;
	const uint32_t *counts = lay->counts;
	uint32_t *places = calloc((size_t)CAP + 2, sizeof(*places));
	if (!places)
		return false;
	for (uint32_t i = 0; i < lay->build->words.count; i++)
		places[CAP - (counts[i] < CAP ? counts[i] : CAP) + 1]++;
	for (uint32_t i = 0; i <= CAP; i++)
		places[i + 1] += places[i];
	for (uint32_t i = 0; i < lay->build->words.count; i++) {
		uint32_t at = places[CAP - (counts[i] < CAP ? counts[i] : CAP)]++;
		lay->rank[i] = at;
		lay->by_rank[at] = i;
	}
	free(places);
	return true;
}

static void compact_of(const struct layout *lay, const struct build_name *name, char *out, size_t *ret_len)
{
	const uint32_t *tokens = tokens_of(lay, name);
	size_t len = 0;
	for (unsigned i = 0; i < name->count; i++) {
		struct slice word = match_texts_get(&lay->build->words, tokens[i]);
		memcpy(out + len, word.ptr, word.len);
		len += word.len;
	}
	*ret_len = len;
}

static enum status write_signatures(struct match_file *file, struct layout *lay)
{
	match_file_begin(file, MATCH_SECTION_SIGNATURES);
	for (uint32_t row = 0; row < lay->rows; row++) {
		char compact[MATCH_NAME_BYTES];
		size_t len;
		uint64_t bits[MATCH_SIG_WORDS];
		compact_of(lay, name_at(lay, row), compact, &len);
		match_image_signature((struct slice){compact, len}, bits);
		match_file_put(file, bits, sizeof(bits));
		lay->hashes[row] = (uint32_t)match_image_hash((struct slice){compact, len});
		lay->values[row] = row;
	}
	match_file_end(file, MATCH_SECTION_SIGNATURES);
	return match_file_lists(file, MATCH_SECTION_CORE_TABLE,
	                        (struct match_pairs){lay->hashes, lay->values, lay->rows, 4});
}

static size_t put_varint(char *out, uint32_t value)
{
	size_t n = 0;
	for (; value >= 128; value >>= 7)
		out[n++] = (char)(value | 128);
	out[n++] = (char)value;
	return n;
}

static size_t encode_name(const struct layout *lay, const struct build_name *name, char *out)
{
	const uint32_t *tokens = tokens_of(lay, name);
	size_t len = 3;
	out[0] = (char)name->form;
	out[1] = (char)(name->form >> 8);
	out[2] = (char)name->count;
	for (unsigned i = 0; i < name->count; i++)
		len += put_varint(out + len, lay->rank[tokens[i]]);
	return len;
}

static enum status write_names(struct match_file *file, const struct layout *lay)
{
	char head[3 + 5 * MATCH_WORDS];
	uint64_t at = 0;
	match_file_begin(file, MATCH_SECTION_NAMES);
	for (uint32_t row = 0; row < lay->rows; row++) {
		const struct build_name *name = name_at(lay, row);
		match_file_put(file, head, encode_name(lay, name, head));
		match_file_put(file, lay->build->raw.mem + name->raw, name->raw_len);
	}
	match_file_end(file, MATCH_SECTION_NAMES);
	match_file_begin(file, MATCH_SECTION_ROWS);
	for (uint32_t row = 0; row < lay->rows; row++) {
		const struct build_name *name = name_at(lay, row);
		match_file_put_u32(file, (uint32_t)at);
		at += encode_name(lay, name, head) + name->raw_len;
	}
	match_file_put_u32(file, (uint32_t)at);
	match_file_end(file, MATCH_SECTION_ROWS);
	return at > UINT32_MAX ? STATUS_TOO_LARGE : STATUS_OK;
}

static void put_u24(char *at, uint32_t value)
{
	at[0] = (char)value;
	at[1] = (char)(value >> 8);
	at[2] = (char)(value >> 16);
}

static void write_companies(struct match_file *file, const struct layout *lay)
{
	match_file_begin(file, MATCH_SECTION_COMPANIES);
	for (uint32_t i = 0; i < lay->companies; i++) {
		const struct build_company *company = company_at(lay, i);
		char bytes[MATCH_COMPANY] = {0};
		put_u24(bytes, company->number);
		bytes[3] = (char)(company->type | (company->removed ? 16 : 0) | company->style << 5);
		memcpy(bytes + 4, &company->court, 2);
		memcpy(bytes + 19, &company->suffix, 2);
		bytes[7] = company->letter;
		put_u24(bytes + 8, company->street);
		put_u24(bytes + 11, company->city);
		put_u24(bytes + 14, company->postcode);
		memcpy(bytes + 17, &company->house, 2);
		match_file_put(file, bytes, sizeof(bytes));
	}
	match_file_end(file, MATCH_SECTION_COMPANIES);
	match_file_begin(file, MATCH_SECTION_ALIASES);
	match_file_put(file, lay->row_home + lay->companies, (size_t)(lay->rows - lay->companies) * 4);
	match_file_end(file, MATCH_SECTION_ALIASES);
}

static void write_places(struct match_file *file, const struct layout *lay, enum match_section section, uint32_t from,
                         uint32_t to)
{
	uint32_t row = from;
	match_file_begin(file, section);
	for (uint32_t postcode = 0; postcode <= MATCH_POSTCODES; postcode++) {
		while (row < to && company_at(lay, lay->row_home[row])->postcode < postcode)
			row++;
		match_file_put_u32(file, row);
	}
	match_file_end(file, section);
}

static void write_ids(struct match_file *file, const struct layout *lay)
{
	uint32_t at = 0;
	match_file_begin(file, MATCH_SECTION_IDS);
	for (uint32_t i = 0; i < lay->companies; i++) {
		if (company_at(lay, i)->style != MATCH_ID_TEXT)
			continue;
		match_file_put_u32(file, i);
		match_file_put_u32(file, at);
		at += (uint32_t)id_at(lay, i).len;
	}
	match_file_put_u32(file, UINT32_MAX);
	match_file_put_u32(file, at);
	match_file_end(file, MATCH_SECTION_IDS);
	match_file_begin(file, MATCH_SECTION_ID_TEXT);
	for (uint32_t i = 0; i < lay->companies; i++) {
		if (company_at(lay, i)->style == MATCH_ID_TEXT)
			match_file_put(file, id_at(lay, i).ptr, id_at(lay, i).len);
	}
	match_file_end(file, MATCH_SECTION_ID_TEXT);
}

/* Which companies of the base the update hides: one pass over the base's ids. */
static enum status write_replaced(struct match_file *file, const struct layout *lay)
{
	struct match_texts ids = {.count = 0};
	enum status status = STATUS_OK;
	if (!lay->update)
		return STATUS_OK;
	for (uint32_t i = 0; i < lay->companies && status == STATUS_OK; i++) {
		if (match_texts_add(&ids, id_at(lay, i)) == UINT32_MAX)
			status = STATUS_NO_MEMORY;
	}
	for (size_t i = 0; i < lay->update->gone_count && status == STATUS_OK; i++) {
		if (match_texts_add(&ids, lay->update->gone[i]) == UINT32_MAX)
			status = STATUS_NO_MEMORY;
	}
	match_file_begin(file, MATCH_SECTION_REPLACED);
	for (uint32_t i = 0; i < lay->update->base->companies && status == STATUS_OK && ids.count > 0; i++) {
		char id[MATCH_ID_BYTES];
		size_t len = match_image_id(lay->update->base, i, id, sizeof(id));
		if (match_texts_has(&ids, (struct slice){id, len}))
			match_file_put_u32(file, i);
	}
	match_file_end(file, MATCH_SECTION_REPLACED);
	match_texts_finish(&ids);
	return status;
}

static void layout_finish(struct layout *lay)
{
	free(lay->order);
	free(lay->row_name);
	free(lay->row_home);
	free(lay->counts);
	free(lay->rank);
	free(lay->by_rank);
	free(lay->hashes);
	free(lay->values);
}

static enum status layout_init(struct layout *lay, struct match_build *build)
{
	uint32_t rows = (uint32_t)(build->names.len / sizeof(struct build_name));
	*lay = (struct layout){.build = build,
	                       .companies = (uint32_t)(build->companies.len / sizeof(struct build_company)) -
	                                    build->replaced,
	                       .rows = rows};
	size_t size = ((size_t)rows + 1) * sizeof(uint32_t);
	size_t words = ((size_t)build->words.count + 1) * sizeof(uint32_t);
	lay->order = malloc(size);
	lay->row_name = malloc(size);
	lay->row_home = malloc(size);
	lay->hashes = malloc(size);
	lay->values = malloc(size);
	lay->counts = calloc((size_t)build->words.count + 1, sizeof(uint32_t));
	lay->rank = malloc(words);
	lay->by_rank = malloc(words);
	if (!lay->order || !lay->row_name || !lay->row_home || !lay->hashes || !lay->values || !lay->counts ||
	    !lay->rank || !lay->by_rank)
		return STATUS_NO_MEMORY;
	if (!sort_companies(lay))
		return STATUS_NO_MEMORY;
	count_words(lay);
	if (!rank_words(lay))
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static enum status write_step(struct match_file *file, struct layout *lay, unsigned step)
{
	switch (step) {
	case 0:
		return write_signatures(file, lay);
	case 1:
		return write_names(file, lay);
	case 2:
		write_companies(file, lay);
		write_places(file, lay, MATCH_SECTION_MAIN_PLACES, 0, lay->companies);
		write_places(file, lay, MATCH_SECTION_ALIAS_PLACES, lay->companies, lay->rows);
		return STATUS_OK;
	case 3:
		return match_write_words(file, lay);
	case 4:
		return match_write_typos(file, lay);
	case 5:
		return match_write_cities(file, lay);
	case 6:
		return match_write_numbers(file, lay);
	case 7:
		return match_write_keys(file, lay);
	case 9:
		return match_write_houses(file, lay);
	case 10:
		return write_replaced(file, lay);
	case 11:
		return match_write_sorted(file, lay);
	case 8:
		match_write_places(file, lay);
		write_ids(file, lay);
		return STATUS_OK;
	default:
		return STATUS_OK;
	}
}

static enum status write_index(struct match_build *build, const struct match_build_update *update, const char *path,
                               struct match_build_progress progress)
{
	struct match_file file;
	struct layout lay;
	enum status status = layout_init(&lay, build);
	lay.update = update;
	if (status == STATUS_OK) {
		status = match_file_open(&file, path);
		file.base = update ? update->base->revision : 0;
		file.population = lay.rows + (update ? update->base->population : 0);
		for (unsigned step = 0; step < STEPS && status == STATUS_OK; step++) {
			status = write_step(&file, &lay, step);
			if (progress.report)
				progress.report(progress.ctx, step + 1, STEPS + 1);
		}
		if (status == STATUS_OK)
			status = match_file_publish(&file, path);
		match_file_close(&file);
	}
	layout_finish(&lay);
	return status;
}

enum status match_build_write(struct match_build *build, const char *path, struct match_build_progress progress)
{
	return write_index(build, NULL, path, progress);
}

enum status match_build_write_update(struct match_build *build, const struct match_build_update *update,
                                     const char *path, struct match_build_progress progress)
{
	return write_index(build, update, path, progress);
}
