/* SPDX-License-Identifier: MIT */
#include "match_sample.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/match_text.h"

#define TRIES 20000

enum status sample_source_init(struct sample_source *source, const struct match_image *image,
                               const struct match_fit_company *companies)
{
	*source = (struct sample_source){.image = image, .companies = companies};
	source->alias_first = calloc((size_t)image->companies + 2, sizeof(uint32_t));
	source->alias_rows = malloc(((size_t)image->rows - image->companies + 1) * sizeof(uint32_t));
	if (!source->alias_first || !source->alias_rows) {
		sample_source_finish(source);
		return STATUS_NO_MEMORY;
	}
	for (uint32_t row = image->companies; row < image->rows; row++)
		source->alias_first[match_image_row_company(image, row) + 2]++;
	for (uint32_t i = 0; i < image->companies; i++)
		source->alias_first[i + 2] += source->alias_first[i + 1];
	for (uint32_t row = image->companies; row < image->rows; row++)
		source->alias_rows[source->alias_first[match_image_row_company(image, row) + 1]++] = row;
	return STATUS_OK;
}

void sample_source_finish(struct sample_source *source)
{
	free(source->alias_first);
	free(source->alias_rows);
}

enum sample_kind sample_kind_draw(struct noise_random *random)
{
	static const uint16_t SHARES[SAMPLE_KINDS] = {613, 687, 400, 150, 265, 391, 232, 150, 144, 50};
	uint32_t x = noise_below(random, 3082);
	for (unsigned kind = 0; kind < SAMPLE_KINDS; kind++) {
		if (x < SHARES[kind])
			return (enum sample_kind)kind;
		x -= SHARES[kind];
	}
	return SAMPLE_UNIQUE;
}

static void copy(char *out, size_t cap, struct slice text)
{
	size_t n = text.len < cap - 1 ? text.len : cap - 1;
	memcpy(out, text.ptr ? text.ptr : "", n);
	out[n] = 0;
}

static void copy_company(const struct sample_source *source, uint32_t company, struct noise_query *text)
{
	const struct match_fit_company *c = &source->companies[company];
	copy(text->name, 400, c->name);
	copy(text->street, 200, c->street);
	copy(text->postal_code, sizeof(text->postal_code), c->postal_code);
	copy(text->city, 200, c->city);
}

static uint32_t compact_hash(const struct match_image *image, uint32_t row, uint16_t *ret_form)
{
	struct match_row read;
	char text[MATCH_NAME_BYTES];
	size_t len = 0;
	*ret_form = 0;
	if (!match_image_row(image, row, &read))
		return 0;
	for (size_t i = 0; i < read.count; i++) {
		struct slice word = match_image_word(image, read.word[i]);
		if (len + word.len > sizeof(text))
			break;
		memcpy(text + len, word.ptr, word.len);
		len += word.len;
	}
	*ret_form = read.form;
	return (uint32_t)match_image_hash((struct slice){text, len});
}

static bool same_place(const struct match_company *a, const struct match_company *b)
{
	return a->city == b->city || a->postcode == b->postcode;
}

/* Companies of this compact name, by their current name. */
static size_t same_name(const struct sample_source *source, uint32_t company, uint32_t *out, size_t cap)
{
	const struct match_image *image = source->image;
	uint32_t from, to;
	uint16_t form, other_form;
	size_t n = 0;
	uint32_t hash = compact_hash(image, company, &form);
	match_image_bucket(image->section[MATCH_SECTION_CORE_TABLE], hash, image->section[MATCH_SECTION_CORES].len / 4,
	                   &from, &to);
	for (; from < to && n < cap; from++) {
		uint32_t row = match_image_u32(image->section[MATCH_SECTION_CORES], from);
		if (row < image->companies && row != company && compact_hash(image, row, &other_form) == hash &&
		    other_form == form)
			out[n++] = row;
	}
	return n;
}

static void exclude(const struct sample_source *source, struct sample *sample, uint32_t company)
{
	if (sample->excluded_count < SAMPLE_EXCLUDED)
		sample->excluded[sample->excluded_count++] = company;
	for (uint32_t i = source->alias_first[company]; i < source->alias_first[company + 1]; i++) {
		if (sample->excluded_count < SAMPLE_EXCLUDED)
			sample->excluded[sample->excluded_count++] = source->alias_rows[i];
	}
}

/* Leaves the company out, with its doubles. Returns whether another of its name is somewhere else, in business. */
static bool leave_out(const struct sample_source *source, struct sample *sample, uint32_t company)
{
	uint32_t others[256];
	bool elsewhere = false;
	struct match_company own = match_image_company(source->image, company);
	size_t n = same_name(source, company, others, 256);
	exclude(source, sample, company);
	for (size_t i = 0; i < n; i++) {
		struct match_company other = match_image_company(source->image, others[i]);
		if (same_place(&own, &other))
			exclude(source, sample, others[i]);
		else
			elsewhere |= !other.removed;
	}
	return elsewhere;
}

/* Another company of the same city shares the rarest word of the name. */
static bool has_sibling(const struct sample_source *source, const struct sample *sample, uint32_t company)
{
	const struct match_image *image = source->image;
	struct match_row row;
	uint32_t rarest = UINT32_MAX;
	struct match_company own = match_image_company(image, company);
	if (!match_image_row(image, company, &row))
		return false;
	for (size_t i = 0; i < row.count; i++) {
		uint32_t count = match_image_word_count(image, row.word[i]);
		if (match_image_word(image, row.word[i]).len >= 3 &&
		    (rarest == UINT32_MAX || count < match_image_word_count(image, rarest)))
			rarest = row.word[i];
	}
	uint32_t count;
	const char *postings = match_image_postings(image, rarest, &count);
	if (count > 300)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t other;
		bool gone = false;
		memcpy(&other, postings + (size_t)i * 4, 4);
		for (size_t k = 0; k < sample->excluded_count; k++)
			gone |= sample->excluded[k] == other;
		if (!gone && other < image->companies && match_image_company(image, other).city == own.city)
			return true;
	}
	return false;
}

static bool take_previous(const struct sample_source *source, uint32_t company, struct noise_random *random, char *name)
{
	struct slice rest = source->companies[company].previous;
	struct slice names[32];
	size_t n = 0;
	while (rest.ptr && rest.len > 0 && n < 32) {
		struct slice one = slice_cut(&rest, '|');
		if (one.len > 2)
			names[n++] = one;
	}
	if (n == 0)
		return false;
	copy(name, 400, names[noise_below(random, (uint32_t)n)]);
	return true;
}

static bool change_number(char *name, struct noise_random *random)
{
	size_t places[16];
	size_t n = 0;
	for (size_t i = 0; name[i] && n < 16; i++) {
		if (isdigit((unsigned char)name[i]))
			places[n++] = i;
	}
	if (n == 0)
		return false;
	size_t at = places[n - 1 - (n > 1 && noise_chance(random, 30))];
	int step = noise_chance(random, 60) ? 1 : 1 + (int)noise_below(random, 9);
	name[at] = (char)('0' + (name[at] - '0' + step) % 10);
	return !(name[at] == '0' && (at == 0 || !isdigit((unsigned char)name[at - 1])));
}

static bool is_form_word(const char *word, size_t len)
{
	static const char *const WORDS[] = {"GmbH",
	                                    "mbH",
	                                    "KG",
	                                    "Co.",
	                                    "Co",
	                                    "&",
	                                    "+",
	                                    "AG",
	                                    "UG",
	                                    "OHG",
	                                    "oHG",
	                                    "eG",
	                                    "(haftungsbeschränkt)",
	                                    "Gesellschaft",
	                                    "mit",
	                                    "beschränkter",
	                                    "Haftung",
	                                    "und",
	                                    "-"};
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (strlen(WORDS[i]) == len && memcmp(WORDS[i], word, len) == 0)
			return true;
	}
	return false;
}

static bool pick_word(const char *name, struct noise_random *random, size_t *ret_at, size_t *ret_len)
{
	for (int tries = 0; tries < 10; tries++) {
		size_t len = strlen(name);
		size_t at = noise_below(random, (uint32_t)(len ? len : 1));
		while (at > 0 && name[at - 1] != ' ')
			at--;
		size_t n = strcspn(name + at, " ");
		if (n >= 4 && !is_form_word(name + at, n)) {
			*ret_at = at;
			*ret_len = n;
			return true;
		}
	}
	return false;
}

static bool change_word(const struct sample_source *source, char *name, struct noise_random *random)
{
	char other[400];
	char out[NOISE_TEXT];
	size_t at, len, from, n;
	copy(other, sizeof(other), source->companies[noise_below(random, source->image->companies)].name);
	if (!pick_word(name, random, &at, &len) || !pick_word(other, random, &from, &n) || !strchr(name, ' '))
		return false;
	snprintf(out, sizeof(out), "%.*s%.*s%s", (int)at, name, (int)n, other + from, name + at + len);
	copy(name, 400, slice_cstr(out));
	return true;
}

static void club(const struct sample_source *source, struct sample *sample, struct noise_random *random)
{
	static const char *const HEADS[] = {"Förderverein",      "Sportverein",    "Freiwillige Feuerwehr",
	                                    "Kleingartenverein", "Schützenverein", "Musikverein",
	                                    "Turnverein",        "Angelverein",    "Bürgerverein",
	                                    "Freundeskreis",     "Heimatverein"};
	char name[2 * NOISE_TEXT];
	size_t at, len;
	const char *head = HEADS[noise_below(random, 11)];
	if (noise_chance(random, 50) && pick_word(sample->text.name, random, &at, &len))
		snprintf(name, sizeof(name), "%s %.*s %s e.V.", head, (int)len, sample->text.name + at,
		         sample->text.city);
	else
		snprintf(name, sizeof(name), "%s %s e.V.", head, sample->text.city);
	copy(sample->text.name, 400, slice_cstr(name));
	copy(sample->text.street, 200, source->companies[noise_below(random, source->image->companies)].street);
}

static void spoil(struct sample *sample, struct noise_random *random, unsigned name, bool keep, unsigned address)
{
	noise_name(&sample->text, random, name, keep);
	for (unsigned i = 0; i < address; i++)
		noise_address(&sample->text, random);
}

/* How registrars write a name in another company's entry when they do not copy it. */
static void vary_reference(struct sample *sample, struct noise_random *random)
{
	static const char *const ROLES[] = {"Verwaltungs", "Beteiligungs", "Geschäftsführungs",
	                                    "Management",  "Holding",      "Immobilien"};
	static const char *const HEADS[] = {"in und persönlich haftende Gesellschafterin: ", "Firma ", "Doctor ",
	                                    "die ", "jetzt "};
	char name[2 * NOISE_TEXT];
	unsigned kind = noise_below(random, 100);
	size_t at, len;
	if (kind < 35) {
		spoil(sample, random, 1 + noise_below(random, 2), true, 0);
	} else if (kind < 60) {
		spoil(sample, random, 1, false, 0);
	} else if (kind < 72 && pick_word(sample->text.name, random, &at, &len)) {
		snprintf(name, sizeof(name), "%.*s%s", (int)at, sample->text.name, sample->text.name + at + len);
		copy(sample->text.name, 400, slice_trim(slice_cstr(name)));
	} else if (kind < 90 && pick_word(sample->text.name, random, &at, &len)) {
		snprintf(name, sizeof(name), "%.*s %s%s", (int)(at + len), sample->text.name,
		         ROLES[noise_below(random, 6)], sample->text.name + at + len);
		copy(sample->text.name, 400, slice_cstr(name));
	} else {
		snprintf(name, sizeof(name), "%s%s", HEADS[noise_below(random, 5)], sample->text.name);
		copy(sample->text.name, 400, slice_cstr(name));
	}
}

static bool make_positive(const struct sample_source *source, struct sample *sample, struct noise_random *random)
{
	uint32_t other = noise_below(random, source->image->companies);
	if (sample->kind == SAMPLE_LIGHT) {
		spoil(sample, random, 1, false, noise_chance(random, 51));
	} else if (sample->kind == SAMPLE_MEDIUM) {
		spoil(sample, random, 2, false, 1);
	} else if (sample->kind == SAMPLE_HEAVY) {
		spoil(sample, random, 3 + noise_below(random, 2), false, 0);
		if (noise_chance(random, 9)) {
			copy(sample->text.street, 200, source->companies[other].street);
			copy(sample->text.postal_code, sizeof(sample->text.postal_code),
			     source->companies[other].postal_code);
			copy(sample->text.city, 200, source->companies[other].city);
		} else {
			spoil(sample, random, 0, false, 2);
		}
	} else if (sample->kind == SAMPLE_PREVIOUS) {
		if (!take_previous(source, sample->company, random, sample->text.name))
			return false;
		spoil(sample, random, 0, true, noise_chance(random, 51));
	} else {
		if (noise_chance(random, 50) && !take_previous(source, sample->company, random, sample->text.name))
			return false;
		if (noise_chance(random, 28))
			vary_reference(sample, random);
		if (noise_chance(random, 6))
			copy(sample->text.city, 200, source->companies[other].city);
		if (noise_chance(random, 2))
			sample->text.city[0] = 0;
		sample->text.street[0] = 0;
		sample->text.postal_code[0] = 0;
	}
	return true;
}

static bool make_negative(const struct sample_source *source, struct sample *sample, struct noise_random *random)
{
	uint32_t company = sample->company;
	sample->company = UINT32_MAX;
	if (sample->kind == SAMPLE_CLUB) {
		club(source, sample, random);
	} else if (sample->kind == SAMPLE_NEAR) {
		bool changed = noise_chance(random, 50) ? change_number(sample->text.name, random)
		                                        : change_word(source, sample->text.name, random);
		if (!changed)
			return false;
	} else {
		bool namesake = leave_out(source, sample, company);
		if (sample->kind == SAMPLE_NAMESAKE && !namesake)
			return false;
		if (sample->kind == SAMPLE_SIBLING && !has_sibling(source, sample, company))
			return false;
		if (sample->kind == SAMPLE_UNIQUE && (namesake || has_sibling(source, sample, company)))
			return false;
	}
	if (sample->kind != SAMPLE_NEAR)
		noise_name(&sample->text, random, noise_chance(random, 55), true);
	if (sample->kind != SAMPLE_CLUB && noise_chance(random, 50))
		noise_address(&sample->text, random);
	return true;
}

static void point(const struct sample_source *source, struct sample *sample, uint32_t company,
                  struct noise_random *random)
{
	sample->query = (struct match_query){.name = slice_cstr(sample->text.name),
	                                     .street = slice_cstr(sample->text.street),
	                                     .postal_code = slice_cstr(sample->text.postal_code),
	                                     .city = slice_cstr(sample->text.city)};
	bool told = sample->kind <= SAMPLE_HEAVY || sample->kind == SAMPLE_UNIQUE;
	if (told && noise_chance(random, 5)) {
		sample->query.type = source->companies[company].type;
		sample->query.number = source->companies[company].number;
		sample->query.suffix = source->companies[company].suffix;
	}
}

bool sample_draw(const struct sample_source *source, enum sample_kind kind, struct noise_random *random,
                 struct sample *ret_sample)
{
	struct sample *sample = ret_sample;
	for (int tries = 0; tries < TRIES; tries++) {
		uint32_t company = noise_below(random, source->image->companies);
		const struct match_fit_company *c = &source->companies[company];
		if (kind <= SAMPLE_HEAVY && !c->real_address && !noise_chance(random, 5))
			continue;
		if (c->name.len < 3 || c->name.len > 300)
			continue;
		sample->kind = kind;
		sample->company = company;
		sample->excluded_count = 0;
		copy_company(source, company, &sample->text);
		bool made = kind < SAMPLE_UNIQUE ? make_positive(source, sample, random)
		                                 : make_negative(source, sample, random);
		if (!made || sample->excluded_count == SAMPLE_EXCLUDED)
			continue;
		point(source, sample, company, random);
		return true;
	}
	return false;
}

bool sample_is_meant(const struct sample_source *source, const struct sample *sample, const struct match_candidate *c)
{
	uint16_t form, other_form;
	if (sample->company == UINT32_MAX)
		return false;
	if (c->company == sample->company)
		return true;
	struct match_company own = match_image_company(source->image, sample->company);
	struct match_company other = match_image_company(source->image, c->company);
	return same_place(&own, &other) &&
	       compact_hash(source->image, sample->company, &form) ==
	               compact_hash(source->image, c->company, &other_form) &&
	       form == other_form;
}
