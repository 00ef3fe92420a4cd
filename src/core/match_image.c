/* SPDX-License-Identifier: MIT */
#include "core/match_image.h"

#include "base/buf.h"
#include "core/match_text.h"
#include "core/register_number.h"

#define SUM_SEED UINT64_C(0x9e3779b97f4a7c15)
#define SUM_MULT UINT64_C(0xff51afd7ed558ccd)

/* Where things stand in the header. */
#define AT_VERSION  8
#define AT_SECTIONS 12
#define AT_LENGTH   16
#define AT_SUM      24
#define AT_BASE     32 /* from here the sum covers the header too */
#define AT_ROWS     40
#define AT_TABLE    48

static uint64_t load64(const char *at)
{
	uint64_t value;
	memcpy(&value, at, 8);
	return value;
}

static uint32_t load32(const char *at)
{
	uint32_t value;
	memcpy(&value, at, 4);
	return value;
}

static uint32_t load24(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16;
}

static uint64_t stir(uint64_t x)
{
	x ^= x >> 32;
	x *= SUM_MULT;
	x ^= x >> 29;
	return x;
}

uint64_t match_image_sum(struct slice body)
{
	uint64_t lane[4] = {SUM_SEED, SUM_SEED * 3, SUM_SEED * 5, SUM_SEED * 7};
	size_t i = 0;
	for (; i + 32 <= body.len; i += 32) {
		for (size_t k = 0; k < 4; k++) {
			lane[k] = (lane[k] ^ load64(body.ptr + i + 8 * k)) * SUM_MULT;
			lane[k] ^= lane[k] >> 31;
		}
	}
	uint64_t sum = stir(lane[0]) ^ stir(lane[1] + 1) ^ stir(lane[2] + 2) ^ stir(lane[3] + 3) ^ body.len;
	for (; i < body.len; i++)
		sum = stir(sum ^ (unsigned char)body.ptr[i]) + i;
	return stir(sum);
}

static bool read_sections(struct slice bytes, struct match_image *image)
{
	for (size_t i = 0; i < MATCH_SECTION_COUNT; i++) {
		uint64_t at = load64(bytes.ptr + AT_TABLE + 16 * i);
		uint64_t len = load64(bytes.ptr + AT_TABLE + 16 * i + 8);
		if (at < MATCH_IMAGE_HEADER || at > bytes.len || len > bytes.len - at)
			return false;
		image->section[i] = (struct slice){bytes.ptr + at, len};
	}
	return true;
}

/* Elements of a section that ends with one more place; 0 when it is empty. */
static bool count_of(struct slice section, size_t stride, uint32_t *ret_count)
{
	if (section.len < stride || section.len % stride != 0 || section.len / stride - 1 > UINT32_MAX / 2)
		return false;
	*ret_count = (uint32_t)(section.len / stride - 1);
	return true;
}

static bool is_table(struct slice section, size_t extra)
{
	size_t n = section.len / 4 - extra;
	return section.len % 4 == 0 && section.len / 4 > extra && (n & (n - 1)) == 0;
}

static bool check_sorted(const struct match_image *image)
{
	const struct slice *s = image->section;
	size_t blocks = ((size_t)image->rows + MATCH_SORTED - 1) / MATCH_SORTED;
	size_t common = s[MATCH_SECTION_COMMON_ROWS].len / (4 * MATCH_COMMON);
	return s[MATCH_SECTION_SORTED_ROWS].len == (size_t)image->rows * 4 &&
	       s[MATCH_SECTION_SORTED_RANKS].len == image->rows && s[MATCH_SECTION_SORTED_BEST].len == blocks &&
	       s[MATCH_SECTION_SORTED_HEADS].len == blocks * MATCH_HEAD &&
	       s[MATCH_SECTION_SORTED_WORDS].len == (size_t)image->words * 4 &&
	       s[MATCH_SECTION_COMMON_ROWS].len == common * 4 * MATCH_COMMON && common <= image->words;
}

static bool check_sizes(struct match_image *image)
{
	const struct slice *s = image->section;
	if (!count_of(s[MATCH_SECTION_ROWS], 4, &image->rows) ||
	    !count_of(s[MATCH_SECTION_WORDS], MATCH_WORD, &image->words) ||
	    !count_of(s[MATCH_SECTION_CITIES], MATCH_CITY, &image->cities) ||
	    !count_of(s[MATCH_SECTION_STREETS], 4, &image->streets) ||
	    !count_of(s[MATCH_SECTION_AFFIXES], MATCH_AFFIX, &image->affixes))
		return false;
	size_t companies = s[MATCH_SECTION_COMPANIES].len / MATCH_COMPANY;
	if (companies > image->rows || s[MATCH_SECTION_COMPANIES].len != companies * MATCH_COMPANY)
		return false;
	image->companies = (uint32_t)companies;
	if (s[MATCH_SECTION_SIGNATURES].len != (size_t)image->rows * 8 * MATCH_SIG_WORDS)
		return false;
	if (s[MATCH_SECTION_ALIASES].len != ((size_t)image->rows - companies) * 4)
		return false;
	if (s[MATCH_SECTION_MAIN_PLACES].len != (MATCH_POSTCODES + 1) * 4 ||
	    s[MATCH_SECTION_ALIAS_PLACES].len != (MATCH_POSTCODES + 1) * 4)
		return false;
	return check_sorted(image) && is_table(s[MATCH_SECTION_WORD_TABLE], 0) &&
	       is_table(s[MATCH_SECTION_CITY_TABLE], 0) && is_table(s[MATCH_SECTION_TYPO_TABLE], 1) &&
	       is_table(s[MATCH_SECTION_CORE_TABLE], 1) && is_table(s[MATCH_SECTION_NUMBER_TABLE], 1) &&
	       is_table(s[MATCH_SECTION_KEY_TABLE], 1) && is_table(s[MATCH_SECTION_CITY_TYPO_TABLE], 1) &&
	       is_table(s[MATCH_SECTION_STREET_TABLE], 0) && is_table(s[MATCH_SECTION_HOUSE_TABLE], 1);
}

enum status match_image_open(struct slice bytes, struct match_image *ret_image)
{
	struct match_image image = {.revision = 0};
	if (bytes.len < MATCH_IMAGE_HEADER || memcmp(bytes.ptr, MATCH_IMAGE_MAGIC, 8) != 0)
		return STATUS_CORRUPT;
	if (load32(bytes.ptr + AT_VERSION) != MATCH_IMAGE_VERSION)
		return STATUS_MISMATCH;
	if (load32(bytes.ptr + AT_SECTIONS) != MATCH_SECTION_COUNT || load64(bytes.ptr + AT_LENGTH) != bytes.len)
		return STATUS_CORRUPT;
	image.revision = match_image_sum((struct slice){bytes.ptr + AT_BASE, bytes.len - AT_BASE});
	if (load64(bytes.ptr + AT_SUM) != image.revision)
		return STATUS_CORRUPT;
	image.base = load64(bytes.ptr + AT_BASE);
	image.population = load32(bytes.ptr + AT_ROWS);
	if (!read_sections(bytes, &image) || !check_sizes(&image))
		return STATUS_CORRUPT;
	*ret_image = image;
	return STATUS_OK;
}

void match_set_init(struct match_set *set, const struct match_image *image)
{
	set->part[0] = *image;
	set->count = 1;
}

enum status match_set_add(struct match_set *set, const struct match_image *update)
{
	if (update->base != set->part[0].revision || set->count != 1)
		return STATUS_MISMATCH;
	set->part[set->count++] = *update;
	return STATUS_OK;
}

bool match_set_hides(const struct match_set *set, unsigned part, uint32_t company)
{
	if (part > 0 || set->count < 2)
		return false;
	struct slice replaced = set->part[1].section[MATCH_SECTION_REPLACED];
	size_t from = 0;
	size_t to = replaced.len / 4;
	while (from < to) {
		size_t middle = (from + to) / 2;
		uint32_t there = match_image_u32(replaced, middle);
		if (there == company)
			return true;
		if (there < company)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

struct slice match_image_word(const struct match_image *image, uint32_t word)
{
	return match_image_text(image->section[MATCH_SECTION_WORDS], MATCH_WORD,
	                        image->section[MATCH_SECTION_WORD_TEXT], word);
}

static uint32_t word_field(const struct match_image *image, uint32_t word)
{
	if (word >= image->words)
		return 0;
	return load32(image->section[MATCH_SECTION_WORDS].ptr + (size_t)word * MATCH_WORD + 4);
}

uint32_t match_image_word_count(const struct match_image *image, uint32_t word)
{
	return word_field(image, word) & ((UINT32_C(1) << MATCH_KIND_SHIFT) - 1);
}

unsigned match_image_word_kind(const struct match_image *image, uint32_t word)
{
	return word_field(image, word) >> MATCH_KIND_SHIFT;
}

const char *match_image_postings(const struct match_image *image, uint32_t word, uint32_t *ret_count)
{
	*ret_count = 0;
	if (word >= image->words)
		return NULL;
	const char *at = image->section[MATCH_SECTION_WORDS].ptr + (size_t)word * MATCH_WORD;
	uint32_t from = load32(at + 8);
	uint32_t to = load32(at + MATCH_WORD + 8);
	struct slice postings = image->section[MATCH_SECTION_POSTINGS];
	if (from > to || to > postings.len / 4)
		return NULL;
	*ret_count = to - from;
	return postings.ptr + (size_t)from * 4;
}

struct slice match_image_city(const struct match_image *image, uint32_t city)
{
	return match_image_text(image->section[MATCH_SECTION_CITIES], MATCH_CITY,
	                        image->section[MATCH_SECTION_CITY_TEXT], city);
}

struct slice match_image_street(const struct match_image *image, uint32_t street)
{
	return match_image_text(image->section[MATCH_SECTION_STREETS], 4, image->section[MATCH_SECTION_STREET_TEXT],
	                        street);
}

struct slice match_image_affix(const struct match_image *image, uint32_t affix)
{
	return match_image_text(image->section[MATCH_SECTION_AFFIXES], MATCH_AFFIX,
	                        image->section[MATCH_SECTION_AFFIX_TEXT], affix);
}

struct slice match_image_court(const struct match_image *image, uint32_t affix)
{
	return match_image_affix(image,
	                         match_image_u32(image->section[MATCH_SECTION_AFFIXES], (uint64_t)affix * 2 + 1));
}

void match_image_bucket(struct slice table, uint64_t hash, size_t count, uint32_t *ret_from, uint32_t *ret_to)
{
	uint64_t i = hash & (table.len / 4 - 2);
	uint32_t from = match_image_u32(table, i);
	uint32_t to = match_image_u32(table, i + 1);
	*ret_from = from;
	*ret_to = from <= to && to <= count ? to : from;
}

struct match_company match_image_company(const struct match_image *image, uint32_t company)
{
	struct match_company out = {.postcode = MATCH_NO_POSTCODE};
	if (company >= image->companies)
		return out;
	const char *at = image->section[MATCH_SECTION_COMPANIES].ptr + (size_t)company * MATCH_COMPANY;
	out.number = load24(at);
	out.type = (uint8_t)(at[3] & 15);
	out.removed = (at[3] & 16) != 0;
	out.style = (uint8_t)(at[3] >> 5 & 3);
	memcpy(&out.court, at + 4, 2);
	memcpy(&out.suffix, at + 19, 2);
	out.letter = at[7];
	out.street = load24(at + 8);
	out.city = load24(at + 11);
	out.postcode = load24(at + 14);
	memcpy(&out.house, at + 17, 2);
	return out;
}

uint32_t match_image_row_company(const struct match_image *image, uint32_t row)
{
	if (row < image->companies)
		return row;
	if (row >= image->rows)
		return UINT32_MAX;
	uint32_t company = match_image_u32(image->section[MATCH_SECTION_ALIASES], row - image->companies);
	return company < image->companies ? company : UINT32_MAX;
}

/* Seven bits a byte, lowest first; false at the end of the bytes. */
static bool take_varint(struct slice *bytes, uint32_t *ret_value)
{
	uint32_t value = 0;
	for (unsigned shift = 0; shift < 32 && bytes->len > 0; shift += 7) {
		unsigned char b = (unsigned char)*bytes->ptr++;
		bytes->len--;
		value |= (uint32_t)(b & 127) << shift;
		if (b < 128) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

bool match_image_row(const struct match_image *image, uint32_t row, struct match_row *ret_row)
{
	struct slice bytes = match_image_text(image->section[MATCH_SECTION_ROWS], 4,
	                                      image->section[MATCH_SECTION_NAMES], row);
	if (bytes.len < 3)
		return false;
	ret_row->form = (uint16_t)((unsigned char)bytes.ptr[0] | (unsigned char)bytes.ptr[1] << 8);
	ret_row->count = (uint8_t)bytes.ptr[2];
	bytes.ptr += 3;
	bytes.len -= 3;
	if (ret_row->count > MATCH_ROW_WORDS)
		return false;
	for (unsigned i = 0; i < ret_row->count; i++) {
		if (!take_varint(&bytes, &ret_row->word[i]))
			return false;
	}
	ret_row->packed = bytes;
	return true;
}

uint64_t match_image_hash(struct slice bytes)
{
	return match_image_hash_less(bytes, bytes.len);
}

uint64_t match_image_hash_less(struct slice word, size_t i)
{
	uint64_t hash = SUM_SEED;
	for (size_t k = 0; k < word.len; k++) {
		if (k != i)
			hash = (hash ^ (unsigned char)word.ptr[k]) * UINT64_C(0x100000001b3);
	}
	return stir(hash);
}

uint64_t match_image_hash_number(unsigned type, uint32_t number)
{
	return stir((uint64_t)type << 32 ^ number ^ SUM_SEED);
}

uint64_t match_image_hash_house(uint32_t street, unsigned house)
{
	return stir((uint64_t)street << 16 ^ house ^ SUM_SEED);
}

uint32_t match_image_find(struct slice table, struct slice starts, size_t stride, struct slice text, struct slice key)
{
	uint64_t mask = table.len / 4 - 1;
	uint64_t at = match_image_hash(key) & mask;
	for (unsigned tries = 0; tries < 256; tries++) {
		uint32_t entry = match_image_u32(table, at);
		if (entry == 0)
			return UINT32_MAX;
		if (slice_eq(match_image_text(starts, stride, text, entry - 1), key))
			return entry - 1;
		at = (at + 1) & mask;
	}
	return UINT32_MAX;
}

size_t match_image_number_id(const struct match_number *number, enum match_id_style style, char *ret_text, size_t cap)
{
	struct buf buf;
	bool key = style == MATCH_ID_KEY;
	buf_init(&buf, ret_text, cap);
	if (number->type == REGISTER_NONE || number->type >= REGISTER_TYPE_COUNT || style == MATCH_ID_TEXT)
		return 0;
	buf_cstr(&buf, key ? "reg:" : "");
	buf_slice(&buf, number->court);
	buf_char(&buf, key ? ':' : '_');
	buf_cstr(&buf, register_type_name((enum register_type)number->type));
	buf_cstr(&buf, key ? ":" : "");
	buf_u64(&buf, number->number);
	buf_slice(&buf, number->suffix);
	return buf.overflow ? 0 : buf.len;
}

static struct slice find_id(const struct match_image *image, uint32_t company)
{
	struct slice ids = image->section[MATCH_SECTION_IDS];
	size_t from = 0;
	size_t to = ids.len / 8;
	while (from < to) {
		size_t middle = (from + to) / 2;
		uint32_t there = match_image_u32(ids, middle * 2);
		if (there == company) {
			struct slice starts = {ids.ptr + 4, ids.len - 4};
			return match_image_text(starts, 8, image->section[MATCH_SECTION_ID_TEXT], middle);
		}
		if (there < company)
			from = middle + 1;
		else
			to = middle;
	}
	return SLICE_NONE;
}

size_t match_image_id(const struct match_image *image, uint32_t company, char *ret_text, size_t cap)
{
	struct match_company c = match_image_company(image, company);
	struct match_number number = {match_image_affix(image, c.court), c.type, c.number,
	                              match_image_affix(image, c.suffix)};
	if (c.style != MATCH_ID_TEXT)
		return match_image_number_id(&number, (enum match_id_style)c.style, ret_text, cap);
	struct slice id = find_id(image, company);
	size_t len = id.len < cap ? id.len : cap;
	if (!id.ptr)
		return 0;
	memcpy(ret_text, id.ptr, len);
	return len;
}

void match_image_signature(struct slice compact, uint64_t ret_bits[MATCH_SIG_WORDS])
{
	memset(ret_bits, 0, MATCH_SIG_WORDS * 8);
	uint32_t gram = 0x0101;
	for (size_t i = 0; i <= compact.len; i++) {
		unsigned char c = i < compact.len ? (unsigned char)compact.ptr[i] : 2;
		gram = (gram << 8 | c) & 0xffffff;
		uint64_t hash = (gram * UINT64_C(0x9e3779b97f4a7c15)) >> 56;
		ret_bits[hash >> 6] |= UINT64_C(1) << (hash & 63);
	}
}
