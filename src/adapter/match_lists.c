/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "core/match_text.h"
#include "match_layout.h"

#define POSTINGS_MAX 3000 /* a more common word finds nobody; the scan of the region does */
#define TYPO_MIN     4    /* letters of a word whose misspellings are looked up */
#define TYPO_MAX     24

uint32_t match_listed(const struct layout *lay, uint32_t word)
{
	uint32_t count = word_count(lay, word);
	return count <= POSTINGS_MAX ? count : 0;
}

static enum status write_postings(struct match_file *file, const struct layout *lay)
{
	uint32_t words = lay->build->words.count;
	uint32_t *next = malloc(((size_t)words + 1) * sizeof(*next));
	if (!next)
		return STATUS_NO_MEMORY;
	uint32_t total = 0;
	for (uint32_t i = 0; i < words; i++) {
		next[i] = total;
		total += match_listed(lay, i);
	}
	uint32_t *postings = malloc(((size_t)total + 1) * sizeof(*postings));
	if (!postings) {
		free(next);
		return STATUS_NO_MEMORY;
	}
	for (uint32_t row = 0; row < lay->rows; row++) {
		const struct build_name *name = name_at(lay, row);
		const uint32_t *tokens = tokens_of(lay, name);
		for (unsigned i = 0; i < name->count; i++) {
			uint32_t word = lay->rank[tokens[i]];
			if (match_listed(lay, word) > 0 && !stands_before(tokens, i))
				postings[next[word]++] = row;
		}
	}
	match_file_begin(file, MATCH_SECTION_POSTINGS);
	match_file_put(file, postings, (size_t)total * 4);
	match_file_end(file, MATCH_SECTION_POSTINGS);
	free(postings);
	free(next);
	return STATUS_OK;
}

static void write_table(struct match_file *file, enum match_section section, const struct match_texts *texts,
                        const uint32_t *rank)
{
	size_t slots = 2;
	while (slots < (size_t)texts->count * 2)
		slots *= 2;
	uint32_t *table = calloc(slots, sizeof(*table));
	if (!table) {
		file->error = ENOMEM;
		return;
	}
	for (uint32_t i = 0; i < texts->count; i++) {
		size_t at = match_image_hash(match_texts_get(texts, i)) & (slots - 1);
		while (table[at])
			at = (at + 1) & (slots - 1);
		table[at] = (rank ? rank[i] : i) + 1;
	}
	match_file_begin(file, section);
	match_file_put(file, table, slots * sizeof(*table));
	match_file_end(file, section);
	free(table);
}

/* How often the base of an update has the word. */
static uint32_t base_count(const struct layout *lay, uint32_t word)
{
	if (!lay->update)
		return 0;
	const struct slice *s = lay->update->base->section;
	return match_image_word_count(lay->update->base,
	                              match_image_find(s[MATCH_SECTION_WORD_TABLE], s[MATCH_SECTION_WORDS], MATCH_WORD,
	                                               s[MATCH_SECTION_WORD_TEXT], word_text(lay, word)));
}

static uint32_t count_and_kind(const struct layout *lay, uint32_t word)
{
	return word_count(lay, word) + base_count(lay, word) +
	       ((uint32_t)match_word_kind(word_text(lay, word)) << MATCH_KIND_SHIFT);
}

enum status match_write_words(struct match_file *file, const struct layout *lay)
{
	uint32_t text = 0;
	uint32_t posting = 0;
	match_file_begin(file, MATCH_SECTION_WORDS);
	for (uint32_t i = 0; i <= lay->build->words.count; i++) {
		bool end = i == lay->build->words.count;
		uint32_t entry[3] = {text, end ? 0 : count_and_kind(lay, i), posting};
		match_file_put(file, entry, sizeof(entry));
		if (end)
			break;
		text += (uint32_t)word_text(lay, i).len;
		posting += match_listed(lay, i);
	}
	match_file_end(file, MATCH_SECTION_WORDS);
	match_file_begin(file, MATCH_SECTION_WORD_TEXT);
	for (uint32_t i = 0; i < lay->build->words.count; i++) {
		struct slice word = word_text(lay, i);
		match_file_put(file, word.ptr, word.len);
	}
	match_file_end(file, MATCH_SECTION_WORD_TEXT);
	write_table(file, MATCH_SECTION_WORD_TABLE, &lay->build->words, lay->rank);
	return write_postings(file, lay);
}

static bool has_typos(struct slice word)
{
	return word.len >= TYPO_MIN && word.len <= TYPO_MAX && match_word_kind(word) != MATCH_KIND_NUMBER;
}

/* firsts: the length of each text's first word, under which it is listed too; NULL: none. */
static enum status write_typos(struct match_file *file, enum match_section section, const struct match_texts *texts,
                               const uint32_t *rank, const uint8_t *firsts)
{
	size_t total = 0;
	for (uint32_t i = 0; i < texts->count; i++) {
		struct slice word = match_texts_get(texts, i);
		total += has_typos(word) ? word.len + 2 : 1;
	}
	uint32_t *hashes = malloc((total + 1) * sizeof(*hashes));
	uint32_t *values = malloc((total + 1) * sizeof(*values));
	enum status status = hashes && values ? STATUS_OK : STATUS_NO_MEMORY;
	size_t n = 0;
	for (uint32_t i = 0; i < texts->count && status == STATUS_OK; i++) {
		struct slice word = match_texts_get(texts, i);
		if (firsts && firsts[i] > 0 && firsts[i] < word.len) {
			hashes[n] = (uint32_t)match_image_hash((struct slice){word.ptr, firsts[i]});
			values[n++] = i;
		}
		if (!has_typos(word))
			continue;
		for (size_t k = 0; k <= word.len; k++) {
			if (k > 0 && k < word.len && word.ptr[k] == word.ptr[k - 1])
				continue;
			hashes[n] = (uint32_t)match_image_hash_less(word, k);
			values[n++] = rank ? rank[i] : i;
		}
	}
	if (status == STATUS_OK)
		status = match_file_lists(file, section, (struct match_pairs){hashes, values, n, 1});
	free(hashes);
	free(values);
	return status;
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

struct city_regions {
	uint16_t region[3];
	uint16_t spare;
	uint32_t size[3];
};

/* Keeps the three largest. */
static void note_region(struct city_regions *city, uint16_t region, uint32_t size)
{
	for (size_t k = 0; k < 3; k++) {
		if (size <= city->size[k])
			continue;
		uint32_t other_size = city->size[k];
		uint16_t other = city->region[k];
		city->size[k] = size;
		city->region[k] = region;
		size = other_size;
		region = other;
	}
}

/* The regions (first three digits) where most companies of a city are. */
static bool find_regions(const struct layout *lay, struct city_regions *cities)
{
	uint64_t *pairs = malloc(((size_t)lay->companies + 1) * sizeof(*pairs));
	if (!pairs)
		return false;
	for (uint32_t i = 0; i < lay->companies; i++) {
		const struct build_company *company = company_at(lay, i);
		pairs[i] = (uint64_t)company->city << 32 | company->postcode / 100;
	}
	qsort(pairs, lay->companies, sizeof(*pairs), compare_u64);
	for (uint32_t i = 0, run; i < lay->companies; i = run) {
		for (run = i; run < lay->companies && pairs[run] == pairs[i]; run++)
			;
		if ((uint16_t)pairs[i] < 1000)
			note_region(&cities[pairs[i] >> 32], (uint16_t)pairs[i], run - i);
	}
	free(pairs);
	return true;
}

enum status match_write_cities(struct match_file *file, const struct layout *lay)
{
	static const struct city_regions none;
	const struct match_texts *texts = &lay->build->cities;
	const uint32_t *starts = (const uint32_t *)(const void *)texts->starts.mem;
	struct city_regions *cities = malloc((size_t)texts->count * sizeof(*cities));
	if (!cities)
		return STATUS_NO_MEMORY;
	for (uint32_t i = 0; i < texts->count; i++)
		cities[i] = (struct city_regions){.region = {UINT16_MAX, UINT16_MAX, UINT16_MAX}};
	if (!find_regions(lay, cities)) {
		free(cities);
		return STATUS_NO_MEMORY;
	}
	match_file_begin(file, MATCH_SECTION_CITIES);
	for (uint32_t i = 0; i <= texts->count; i++) {
		match_file_put_u32(file, starts[i]);
		match_file_put(file, i < texts->count ? cities[i].region : none.region, 4 * sizeof(uint16_t));
	}
	match_file_end(file, MATCH_SECTION_CITIES);
	free(cities);
	match_file_begin(file, MATCH_SECTION_CITY_TEXT);
	match_file_put(file, texts->bytes.mem, texts->bytes.len);
	match_file_end(file, MATCH_SECTION_CITY_TEXT);
	write_table(file, MATCH_SECTION_CITY_TABLE, texts, NULL);
	return write_typos(file, MATCH_SECTION_CITY_TYPO_TABLE, texts, NULL,
	                   (const uint8_t *)lay->build->city_firsts.mem);
}

enum status match_write_houses(struct match_file *file, struct layout *lay)
{
	size_t count = 0;
	for (uint32_t i = 0; i < lay->companies; i++) {
		const struct build_company *company = company_at(lay, i);
		if (company->street == 0)
			continue;
		lay->hashes[count] = (uint32_t)match_image_hash_house(company->street, company->house);
		lay->values[count++] = i;
	}
	return match_file_lists(file, MATCH_SECTION_HOUSE_TABLE,
	                        (struct match_pairs){lay->hashes, lay->values, count, 4});
}

enum status match_write_numbers(struct match_file *file, struct layout *lay)
{
	size_t count = 0;
	for (uint32_t i = 0; i < lay->companies; i++) {
		const struct build_company *company = company_at(lay, i);
		if (company->type == 0)
			continue;
		lay->hashes[count] = (uint32_t)match_image_hash_number(company->type, company->number);
		lay->values[count++] = i;
	}
	return match_file_lists(file, MATCH_SECTION_NUMBER_TABLE,
	                        (struct match_pairs){lay->hashes, lay->values, count, 4});
}

/* Keys hold the company as added, the file holds it as sorted. */
enum status match_write_keys(struct match_file *file, struct layout *lay)
{
	size_t count = lay->build->keys.len / sizeof(struct build_key);
	const struct build_key *keys = (const struct build_key *)(const void *)lay->build->keys.mem;
	const struct build_company *all = (const struct build_company *)(const void *)lay->build->companies.mem;
	uint32_t *hashes = malloc((count + 1) * sizeof(*hashes));
	uint32_t *values = malloc((count + 1) * sizeof(*values));
	enum status status = STATUS_NO_MEMORY;
	if (hashes && values) {
		size_t kept = 0;
		for (uint32_t i = 0; i < lay->companies; i++)
			lay->values[lay->order[i]] = i;
		match_file_begin(file, MATCH_SECTION_KEY_ITEMS);
		for (size_t i = 0; i < count; i++) {
			if (all[keys[i].company].replaced)
				continue;
			hashes[kept] = (uint32_t)keys[i].hash;
			values[kept] = (uint32_t)kept;
			kept++;
			match_file_put_u32(file, (uint32_t)(keys[i].hash >> 32));
			match_file_put_u32(file, lay->values[keys[i].company]);
		}
		match_file_end(file, MATCH_SECTION_KEY_ITEMS);
		status = match_file_lists(file, MATCH_SECTION_KEY_TABLE, (struct match_pairs){hashes, values, kept, 4});
	}
	free(hashes);
	free(values);
	return status;
}

enum status match_write_typos(struct match_file *file, const struct layout *lay)
{
	return write_typos(file, MATCH_SECTION_TYPO_TABLE, &lay->build->words, lay->rank, NULL);
}

static void write_texts(struct match_file *file, enum match_section section, const struct match_texts *texts)
{
	match_file_begin(file, section);
	match_file_put(file, texts->starts.mem, texts->starts.len);
	match_file_end(file, section);
	match_file_begin(file, section + 1);
	match_file_put(file, texts->bytes.mem, texts->bytes.len);
	match_file_end(file, section + 1);
}

/* Every court with its code, which may be new itself. */
static void write_affixes(struct match_file *file, struct match_texts *affixes)
{
	for (uint32_t i = 0; i < affixes->count; i++)
		(void)match_texts_add(affixes, match_court_code(match_texts_get(affixes, i)));
	match_file_begin(file, MATCH_SECTION_AFFIXES);
	for (uint32_t i = 0; i <= affixes->count; i++) {
		bool end = i == affixes->count;
		match_file_put_u32(file, match_vec_u32(&affixes->starts)[i]);
		match_file_put_u32(file,
		                   end ? 0 : match_texts_add(affixes, match_court_code(match_texts_get(affixes, i))));
	}
	match_file_end(file, MATCH_SECTION_AFFIXES);
	match_file_begin(file, MATCH_SECTION_AFFIX_TEXT);
	match_file_put(file, affixes->bytes.mem, affixes->bytes.len);
	match_file_end(file, MATCH_SECTION_AFFIX_TEXT);
}

void match_write_places(struct match_file *file, struct layout *lay)
{
	write_table(file, MATCH_SECTION_STREET_TABLE, &lay->build->streets, NULL);
	write_texts(file, MATCH_SECTION_STREETS, &lay->build->streets);
	write_affixes(file, &lay->build->affixes);
}
