/* SPDX-License-Identifier: MIT */
#include "match_asked.h"

#include <string.h>

uint16_t match_asked_weight(uint32_t rows, uint32_t count)
{
	/* log2(1 + i/16) in sixteenths */
	static const uint8_t PART[16] = {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15};
	if (count == 0)
		count = 1;
	uint64_t ratio = ((uint64_t)rows << 16) / count;
	if (ratio < (1 << 16) + 4096)
		return 1;
	unsigned top = 63 - (unsigned)__builtin_clzll(ratio);
	return (uint16_t)((top - 16) * 16 + PART[(ratio >> (top - 4)) & 15]);
}

unsigned match_asked_grams(struct slice text, uint16_t *ret_slots)
{
	unsigned count = 0;
	uint32_t gram = 0x0101;
	for (size_t i = 0; i <= text.len && count < MATCH_GRAMS; i++) {
		gram = (gram << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 2)) & 0xffffff;
		ret_slots[count++] = (uint16_t)((gram * UINT32_C(0x9e3779b1)) >> 22);
	}
	return count;
}

/* Cities listed under the key less letter k: misspelt ones, and those whose first word it is. */
static void add_cities(struct match_asked *asked, const struct match_image *image, struct slice key, size_t k)
{
	uint32_t from, to;
	const struct slice *s = image->section;
	match_image_bucket(s[MATCH_SECTION_CITY_TYPO_TABLE], (uint32_t)match_image_hash_less(key, k),
	                   s[MATCH_SECTION_CITY_TYPOS].len / 4, &from, &to);
	for (; from < to && asked->city_count < MATCH_ASKED_CITIES; from++) {
		uint32_t city = match_image_u32(s[MATCH_SECTION_CITY_TYPOS], from);
		struct slice text = match_image_city(image, city);
		bool family = text.len >= key.len && k == key.len && memcmp(text.ptr, key.ptr, key.len) == 0;
		bool skip = !family && match_sim_distance(&asked->city_pattern, text) > 1;
		for (size_t i = 0; i < asked->city_count; i++)
			skip |= asked->cities[i] == city;
		if (!skip)
			asked->cities[asked->city_count++] = city;
	}
}

static void find_cities(struct match_asked *asked, const struct match_image *image)
{
	const struct slice *s = image->section;
	struct slice key = {asked->city.key, asked->city.len};
	asked->city_count = 0;
	if (key.len == 0)
		return;
	uint32_t city = match_image_find(s[MATCH_SECTION_CITY_TABLE], s[MATCH_SECTION_CITIES], MATCH_CITY,
	                                 s[MATCH_SECTION_CITY_TEXT], key);
	if (city != UINT32_MAX)
		asked->cities[asked->city_count++] = city;
	if (asked->city.first < key.len) {
		struct slice first = {asked->city.key, asked->city.first};
		city = match_image_find(s[MATCH_SECTION_CITY_TABLE], s[MATCH_SECTION_CITIES], MATCH_CITY,
		                        s[MATCH_SECTION_CITY_TEXT], first);
		if (city != UINT32_MAX)
			asked->cities[asked->city_count++] = city;
	}
	if (asked->city_count == 0) {
		for (size_t k = 0; k <= key.len; k++)
			add_cities(asked, image, key, k);
	}
	if (asked->city_count < 2)
		add_cities(asked, image, (struct slice){asked->city.key, asked->city.first}, asked->city.first);
}

/* A name that ends in a place ("..., Tornesch", "... in Kirn") stands in for a city that was not typed. */
static void find_city_in_name(struct match_asked *asked, const struct match_image *image)
{
	const struct slice *s = image->section;
	size_t count = asked->name.count;
	for (size_t i = count; i-- > 1 && i + 3 > count && asked->city_count < 2;) {
		struct slice word = match_name_word(&asked->name, i);
		uint32_t city = match_image_find(s[MATCH_SECTION_CITY_TABLE], s[MATCH_SECTION_CITIES], MATCH_CITY,
		                                 s[MATCH_SECTION_CITY_TEXT], word);
		if (word.len >= 3 && city != UINT32_MAX)
			asked->cities[asked->city_count++] = city;
	}
}

static bool contains(struct slice text, struct slice part)
{
	for (size_t i = 0; i + part.len <= text.len; i++) {
		if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
			return true;
	}
	return false;
}

bool match_asked_excludes(const struct match_asked *asked, uint32_t row)
{
	for (size_t i = 0; i < asked->excluded.count; i++) {
		if (asked->excluded.rows[i] == row)
			return true;
	}
	return match_set_hides(asked->set, asked->part, match_image_row_company(&asked->set->part[asked->part], row));
}

/* Rows of a word that are not excluded. */
static uint32_t count_rows(const struct match_asked *asked, const struct match_image *image, uint32_t word)
{
	uint32_t count = match_image_word_count(image, word);
	for (size_t i = 0; i < asked->excluded.count && count > 0; i++) {
		struct match_row row;
		bool has = false;
		if (!match_image_row(image, asked->excluded.rows[i], &row))
			continue;
		for (size_t k = 0; k < row.count; k++)
			has |= row.word[k] == word;
		count -= has;
	}
	return count;
}

static uint32_t find_word(const struct match_image *image, struct slice word)
{
	const struct slice *s = image->section;
	return match_image_find(s[MATCH_SECTION_WORD_TABLE], s[MATCH_SECTION_WORDS], MATCH_WORD,
	                        s[MATCH_SECTION_WORD_TEXT], word);
}

/* The counts of an update include those of its base. */
static uint32_t count_in_set(const struct match_asked *asked, struct slice word, uint32_t *ret_population)
{
	uint32_t count = 0;
	for (size_t i = asked->set->count; i-- > 0 && count == 0;) {
		const struct match_image *image = &asked->set->part[i];
		count = count_rows(asked, image, find_word(image, word));
		*ret_population = image->population;
	}
	return count;
}

static void weigh_words(struct match_asked *asked)
{
	struct slice city = {asked->city.key, asked->city.len};
	unsigned sum = 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		struct slice word = match_name_word(&asked->name, i);
		uint32_t population = 0;
		uint32_t count = count_in_set(asked, word, &population);
		asked->known[i] = count > 0;
		asked->weight[i] = match_asked_weight(population, count);
		asked->kind[i] = (uint8_t)match_word_kind(word);
		match_sim_prepare(&asked->pattern[i], word);
		bool misspelt = word.len >= 6 && match_sim_distance(&asked->pattern[i], city) <= 2;
		asked->is_city[i] = word.len >= 3 && (misspelt || contains(city, word));
		sum += asked->weight[i];
	}
	asked->weight_sum = (uint16_t)(sum > UINT16_MAX ? UINT16_MAX : sum);
}

/* What was typed in addition to the name, never all of it. */
static void find_extra(struct match_asked *asked)
{
	size_t count = asked->name.count;
	size_t extra = 0;
	bool branch = false;
	for (size_t i = 0; i < count; i++) {
		asked->is_extra[i] = asked->kind[i] == MATCH_KIND_NOISE ||
		                     (branch && (asked->is_city[i] || asked->kind[i] == MATCH_KIND_STOP));
		branch |= asked->kind[i] == MATCH_KIND_NOISE && i > 0;
	}
	for (size_t i = count; i-- > 1 && (asked->is_city[i] || asked->is_extra[i]);)
		asked->is_extra[i] = true;
	for (size_t i = 0; i < count; i++)
		extra += asked->is_extra[i];
	if (extra == count)
		memset(asked->is_extra, 0, sizeof(asked->is_extra));
	asked->core_len = 0;
	for (size_t i = 0; i < count; i++) {
		struct slice word = match_name_word(&asked->name, i);
		if (asked->is_extra[i])
			continue;
		memcpy(asked->core + asked->core_len, word.ptr, word.len);
		asked->core_len += word.len;
	}
}

/* Trigrams of the rarer half of the name count twice in the scan. */
static void make_signature(struct match_asked *asked)
{
	char rare[MATCH_NAME_BYTES];
	size_t len = 0;
	unsigned mean = asked->name.count ? (unsigned)asked->weight_sum / asked->name.count : 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		struct slice word = match_name_word(&asked->name, i);
		if (asked->weight[i] < mean || asked->is_extra[i])
			continue;
		memcpy(rare + len, word.ptr, word.len);
		len += word.len;
	}
	match_image_signature((struct slice){asked->core, asked->core_len}, asked->sig);
	match_image_signature((struct slice){rare, len}, asked->sig_rare);
}

void match_asked_bind(struct match_asked *asked, unsigned part)
{
	const struct match_image *image = &asked->set->part[part];
	struct slice street = {asked->street.key, asked->street.len};
	asked->part = part;
	for (size_t i = 0; i < asked->name.count; i++)
		asked->word[i] = asked->known[i] ? find_word(image, match_name_word(&asked->name, i)) : UINT32_MAX;
	find_cities(asked, image);
	if (asked->city_count == 0 && asked->postcode == MATCH_NO_POSTCODE)
		find_city_in_name(asked, image);
	asked->street_id = UINT32_MAX;
	if (street.len > 0 && !asked->street.po_box)
		asked->street_id = match_image_find(image->section[MATCH_SECTION_STREET_TABLE],
		                                    image->section[MATCH_SECTION_STREETS], 4,
		                                    image->section[MATCH_SECTION_STREET_TEXT], street);
}

void match_asked_init(struct match_asked *asked, const struct match_set *set, const struct match_query *query,
                      struct match_rows excluded)
{
	uint16_t slots[MATCH_GRAMS];
	asked->set = set;
	asked->excluded = excluded;
	match_name_parse(query->name, &asked->name);
	match_street_parse(query->street, &asked->street);
	match_city_parse(query->city, &asked->city);
	asked->postcode = match_postcode_parse(query->postal_code);
	asked->type = query->type;
	asked->number = query->number;
	asked->court = match_court_code(query->court);
	asked->suffix = query->suffix;
	struct slice compact = match_name_compact(&asked->name);
	match_sim_prepare(&asked->compact, compact);
	match_sim_prepare(&asked->city_pattern, (struct slice){asked->city.key, asked->city.len});
	match_sim_prepare(&asked->street_pattern, (struct slice){asked->street.key, asked->street.len});
	memset(asked->gram_count, 0, sizeof(asked->gram_count));
	asked->grams = match_asked_grams(compact, slots);
	for (unsigned i = 0; i < asked->grams; i++)
		asked->gram_count[slots[i]]++;
	weigh_words(asked);
	find_extra(asked);
	make_signature(asked);
	match_asked_bind(asked, 0);
}
