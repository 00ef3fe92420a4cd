/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_IMAGE_H
#define CORE_MATCH_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/slice.h"
#include "base/status.h"

/*
 * The index as bytes: one header, then sections. Little-endian; every number
 * read from it is checked before it is used as a place, so that no image,
 * however broken, reaches outside of itself.
 *
 * Rows are names: row r < companies is the current name of company r; the
 * rows behind them are earlier names. Both parts are sorted by postal code.
 */
#define MATCH_IMAGE_MAGIC   "BGMATCH1"
#define MATCH_IMAGE_VERSION 3
#define MATCH_IMAGE_HEADER  1024

#define MATCH_ID_BYTES   160    /* of a company's id at most */
#define MATCH_POSTCODES  100001 /* the last one stands for "none" */
#define MATCH_SIG_WORDS  4      /* 256 bits: which trigrams the name has */
#define MATCH_COMPANY    21     /* bytes of a company record */
#define MATCH_WORD       12
#define MATCH_KIND_SHIFT 28 /* of a word: the count of its rows is below, its kind above */
#define MATCH_AFFIX      8
#define MATCH_CITY       12
#define MATCH_SORTED     128 /* names of a block in the order of their keys */
#define MATCH_HEAD       16  /* letters of a block's first key */
#define MATCH_COMMON     24  /* rows of a word that is too common for postings */

enum match_section {
	MATCH_SECTION_SIGNATURES,   /* row: 4 x u64 */
	MATCH_SECTION_ROWS,         /* row: u32 place in NAMES; one more as end */
	MATCH_SECTION_NAMES,        /* form u16, count u8, words (varint), packed name */
	MATCH_SECTION_COMPANIES,    /* company: see match_image_company() */
	MATCH_SECTION_ALIASES,      /* row - companies: u32 company */
	MATCH_SECTION_MAIN_PLACES,  /* postal code: u32 first row; one more as end */
	MATCH_SECTION_ALIAS_PLACES, /* the same for rows behind the companies */
	MATCH_SECTION_WORDS,        /* word: u32 text, u32 count of rows and kind, u32 postings; one more as end */
	MATCH_SECTION_WORD_TEXT,
	MATCH_SECTION_WORD_TABLE,   /* hash: u32 word + 1, linear probing */
	MATCH_SECTION_POSTINGS,     /* u32 row */
	MATCH_SECTION_TYPO_TABLE,   /* hash of a word less one letter: u32 place in TYPOS; one more as end */
	MATCH_SECTION_TYPOS,        /* u32 word */
	MATCH_SECTION_CORE_TABLE,   /* hash of the compact name: u32 place in CORES; one more as end */
	MATCH_SECTION_CORES,        /* u32 row */
	MATCH_SECTION_NUMBER_TABLE, /* hash of type and number: u32 place in NUMBERS */
	MATCH_SECTION_NUMBERS,      /* u32 company */
	MATCH_SECTION_KEY_TABLE,    /* hash of another identifier: u32 place in KEYS */
	MATCH_SECTION_KEYS,         /* u32 place in KEY_ITEMS */
	MATCH_SECTION_KEY_ITEMS,    /* upper half of the hash, company: 2 x u32 */
	MATCH_SECTION_CITIES,       /* city: u32 text, 3 x u16 region, u16 spare; one more as end */
	MATCH_SECTION_CITY_TEXT,
	MATCH_SECTION_CITY_TABLE,
	MATCH_SECTION_CITY_TYPO_TABLE,
	MATCH_SECTION_CITY_TYPOS,
	MATCH_SECTION_STREETS, /* street: u32 text; one more as end */
	MATCH_SECTION_STREET_TEXT,
	MATCH_SECTION_STREET_TABLE,
	MATCH_SECTION_HOUSE_TABLE, /* hash of street and house number: u32 place in HOUSES */
	MATCH_SECTION_HOUSES,      /* u32 company */
	MATCH_SECTION_AFFIXES,     /* u32 text, u32 affix with the court's code; one more as end: courts and suffixes */
	MATCH_SECTION_AFFIX_TEXT,
	MATCH_SECTION_IDS, /* u32 company, u32 place in ID_TEXT; for ids that are no register number */
	MATCH_SECTION_ID_TEXT,
	MATCH_SECTION_REPLACED,     /* of an update: companies of the base that are no longer to be found, ascending */
	MATCH_SECTION_SORTED_ROWS,  /* u32 row, ascending by match_name_key() */
	MATCH_SECTION_SORTED_RANKS, /* of each of them: u8 match_image_rank() */
	MATCH_SECTION_SORTED_BEST,  /* block of MATCH_SORTED of them: the least rank */
	MATCH_SECTION_SORTED_HEADS, /* block: beginning of the first key, filled up with zeros */
	MATCH_SECTION_SORTED_WORDS, /* u32 word, ascending by text */
	MATCH_SECTION_COMMON_ROWS,  /* word without postings, they are the first ones: its best rows by rank */
	MATCH_SECTION_COUNT
};

struct match_image {
	struct slice section[MATCH_SECTION_COUNT];
	uint32_t companies;
	uint32_t rows;
	uint32_t words;
	uint32_t cities;
	uint32_t streets;
	uint32_t affixes;
	uint32_t population; /* rows that word counts refer to: an update's counts include its base */
	uint64_t revision;   /* checksum: another one for other content */
	uint64_t base;       /* of an update: the revision it belongs to; 0 = a whole index */
};

/*
 * What is searched: a whole index and, if there is one, the update of it. A
 * company is named by its part and its number there.
 */
#define MATCH_PARTS 2

struct match_set {
	struct match_image part[MATCH_PARTS];
	size_t count;
};

/* One part. */
void match_set_init(struct match_set *set, const struct match_image *image);
/* STATUS_MISMATCH: the update belongs to another index. */
enum status match_set_add(struct match_set *set, const struct match_image *update) MUST_CHECK;
/* The company was replaced or removed by the update. */
bool match_set_hides(const struct match_set *set, unsigned part, uint32_t company);

/* A register number in the register's own writing. */
struct match_number {
	struct slice court; /* code */
	unsigned type;      /* enum register_type */
	uint32_t number;
	struct slice suffix;
};

/* One company as stored. */
struct match_company {
	uint32_t number;
	uint32_t street;
	uint32_t city;
	uint32_t postcode;
	uint16_t court; /* affix */
	uint16_t house;
	uint8_t type;    /* enum register_type */
	uint16_t suffix; /* affix */
	char letter;
	uint8_t style; /* enum match_id_style */
	bool removed;
};

/* The check sum of a body: eight bytes at a time, so that a file of a gigabyte is checked in well under a second. */
uint64_t match_image_sum(struct slice body);
/*
 * Looks at the header, the sum over everything behind it and the size of each section.
 * STATUS_CORRUPT: not an image, cut, or changed; STATUS_MISMATCH: an image of another version.
 * ret_image borrows bytes.
 */
enum status match_image_open(struct slice bytes, struct match_image *ret_image) MUST_CHECK;

/* Little-endian numbers of a section; 0 outside of it. */
static inline uint32_t match_image_u32(struct slice section, uint64_t i)
{
	uint32_t value = 0;
	if (i < section.len / 4)
		memcpy(&value, section.ptr + i * 4, 4);
	return value;
}

static inline uint16_t match_image_u16(struct slice section, uint64_t at)
{
	uint16_t value = 0;
	if (at + 2 <= section.len)
		memcpy(&value, section.ptr + at, 2);
	return value;
}

/* Element i of a list of texts whose starts stand in "starts", "stride" bytes apart. */
static inline struct slice match_image_text(struct slice starts, size_t stride, struct slice text, uint64_t i)
{
	uint32_t from = 0;
	uint32_t to = 0;
	if ((i + 1) * stride + 4 > starts.len)
		return SLICE_NONE;
	memcpy(&from, starts.ptr + i * stride, 4);
	memcpy(&to, starts.ptr + (i + 1) * stride, 4);
	if (from > to || to > text.len)
		return SLICE_NONE;
	return (struct slice){text.ptr + from, to - from};
}

struct slice match_image_word(const struct match_image *image, uint32_t word);
unsigned match_image_word_kind(const struct match_image *image, uint32_t word); /* enum match_word_kind */
uint32_t match_image_word_count(const struct match_image *image, uint32_t word);
/* The word's rows, *ret_count of them, ascending; none when the word is too common to be listed. */
const char *match_image_postings(const struct match_image *image, uint32_t word, uint32_t *ret_count);
struct slice match_image_city(const struct match_image *image, uint32_t city);
struct slice match_image_street(const struct match_image *image, uint32_t street);
struct slice match_image_affix(const struct match_image *image, uint32_t affix);
/* The code of the court that an affix names: match_court_code() of it. */
struct slice match_image_court(const struct match_image *image, uint32_t affix);
/* The bucket of a hash: element numbers [*ret_from, *ret_to) of the section behind the table. */
void match_image_bucket(struct slice table, uint64_t hash, size_t count, uint32_t *ret_from, uint32_t *ret_to);
struct match_company match_image_company(const struct match_image *image, uint32_t company);
/* The company of a row; UINT32_MAX when the image is broken there. */
uint32_t match_image_row_company(const struct match_image *image, uint32_t row);

#define MATCH_ROW_WORDS 24

struct match_row {
	uint32_t word[MATCH_ROW_WORDS];
	uint8_t count;
	uint16_t form;
	struct slice packed; /* the name as registered: match_image_unpack() */
};

/* A name in fewer bytes and back. Control characters and bytes that are no UTF-8 become blanks. */
size_t match_image_pack(struct slice name, char *ret_packed, size_t cap);
size_t match_image_unpack(struct slice packed, char *ret_name, size_t cap);
/* The name of a row as registered, at most cap bytes; returns the length. */
size_t match_image_name(const struct match_image *image, uint32_t row, char *ret_name, size_t cap);

/*
 * Which of two names is offered first while one is typed: the lower. The
 * shorter one; before all of them who is still registered, and under the
 * present name.
 */
static inline uint8_t match_image_rank(size_t letters, bool removed, bool alias)
{
	return (uint8_t)((letters < 63 ? letters : 63) | (removed ? 64U : 0) | (alias ? 128U : 0));
}

/* False when the image is broken there. */
bool match_image_row(const struct match_image *image, uint32_t row, struct match_row *ret_row);

/* Hashes shared by builder and search. */
uint64_t match_image_hash(struct slice bytes);
/* The hash of a word without letter i; i = len leaves it whole. */
uint64_t match_image_hash_less(struct slice word, size_t i);
uint64_t match_image_hash_number(unsigned type, uint32_t number);
uint64_t match_image_hash_house(uint32_t street, unsigned house);
/* A word's or city's number, UINT32_MAX if unknown. */
uint32_t match_image_find(struct slice table, struct slice starts, size_t stride, struct slice text, struct slice key);
/* How a company's id is written: by itself, or as its register number in one of two ways. */
enum match_id_style {
	MATCH_ID_TEXT,
	MATCH_ID_PLAIN, /* "B1204_HRB260632HL" */
	MATCH_ID_KEY    /* "reg:B1204:HRB:260632HL" */
};

/* The id of that style; returns the length, 0 when it does not fit or there is no number. */
size_t match_image_number_id(const struct match_number *number, enum match_id_style style, char *ret_text, size_t cap);
/* The company's id as it was given to the builder; at most cap bytes, returns the length. */
size_t match_image_id(const struct match_image *image, uint32_t company, char *ret_text, size_t cap);
/* Sets the trigram bits of a compact name. */
void match_image_signature(struct slice compact, uint64_t ret_bits[MATCH_SIG_WORDS]);

#endif
