/* SPDX-License-Identifier: MIT */
#include "core/match_image.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/register_number.h"
#include "match_book.h"

Test(match_image, refuses_what_is_no_image)
{
	struct match_image image;
	static char bytes[4096];

	cr_expect_eq(match_image_open(SLICE_NONE, &image), STATUS_CORRUPT);
	cr_expect_eq(match_image_open((struct slice){bytes, sizeof(bytes)}, &image), STATUS_CORRUPT);
	memcpy(bytes, MATCH_IMAGE_MAGIC, 8);
	cr_expect_eq(match_image_open((struct slice){bytes, 100}, &image), STATUS_CORRUPT);
	bytes[8] = MATCH_IMAGE_VERSION + 1;
	cr_expect_eq(match_image_open((struct slice){bytes, sizeof(bytes)}, &image), STATUS_MISMATCH);
	bytes[8] = MATCH_IMAGE_VERSION;
	cr_expect_eq(match_image_open((struct slice){bytes, sizeof(bytes)}, &image), STATUS_CORRUPT);
}

Test(match_image, the_sum_sees_every_bit_and_the_length)
{
	char bytes[333];
	memset(bytes, 7, sizeof(bytes));
	uint64_t sum = match_image_sum((struct slice){bytes, sizeof(bytes)});

	for (size_t i = 0; i < sizeof(bytes) * 8; i++) {
		bytes[i / 8] = (char)(bytes[i / 8] ^ 1 << i % 8);
		cr_expect_neq(match_image_sum((struct slice){bytes, sizeof(bytes)}), sum, "bit %zu", i);
		bytes[i / 8] = (char)(bytes[i / 8] ^ 1 << i % 8);
	}
	for (size_t len = 0; len < sizeof(bytes); len++)
		cr_expect_neq(match_image_sum((struct slice){bytes, len}), sum, "length %zu", len);
}

Test(match_image, packed_names_come_back)
{
	static const char *const NAMES[] = {
	        "Tankschutz - Service H. Remshagen Gesellschaft mit beschränkter Haftung",
	        "Zweite Windpark Abens-Nord GmbH & Co. KG",
	        "ALPHANIS UG (haftungsbeschränkt)",
	        "Ärzte- und Apothekenberatung für Köln KG",
	        "\"Grundstücks\" Vermögensverwaltungsgesellschaft mbH",
	        "日本 GmbH",
	        "",
	};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		char packed[200];
		char name[200];
		size_t len = match_image_pack(slice_cstr(NAMES[i]), packed, sizeof(packed));
		cr_expect_leq(len, strlen(NAMES[i]));
		len = match_image_unpack((struct slice){packed, len}, name, sizeof(name));
		cr_expect(slice_eq_cstr((struct slice){name, len}, NAMES[i]), "%s: %.*s", NAMES[i], (int)len, name);
	}
}

Test(match_image, packing_takes_any_byte_and_stays_in_its_block)
{
	char raw[256];
	char packed[256];
	char name[64];

	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (char)i;
	size_t len = match_image_pack((struct slice){raw, sizeof(raw)}, packed, sizeof(packed));
	cr_expect_leq(len, sizeof(packed));
	cr_expect_leq(match_image_unpack((struct slice){packed, len}, name, sizeof(name)), sizeof(name));
	cr_expect_leq(match_image_unpack((struct slice){raw, sizeof(raw)}, name, sizeof(name)), sizeof(name));
	cr_expect_eq(match_image_pack((struct slice){raw, sizeof(raw)}, packed, 0), 0);
}

Test(match_image, writes_ids_as_registers_do)
{
	struct match_number number = {SLICE_LIT("X1721R"), REGISTER_HRB, 1225, SLICE_LIT("HL")};
	char text[64];

	size_t len = match_image_number_id(&number, MATCH_ID_PLAIN, text, sizeof(text));
	cr_expect(slice_eq_cstr((struct slice){text, len}, "X1721R_HRB1225HL"));
	len = match_image_number_id(&number, MATCH_ID_KEY, text, sizeof(text));
	cr_expect(slice_eq_cstr((struct slice){text, len}, "reg:X1721R:HRB:1225HL"));
	cr_expect_eq(match_image_number_id(&number, MATCH_ID_PLAIN, text, 5), 0);
	number.type = REGISTER_NONE;
	cr_expect_eq(match_image_number_id(&number, MATCH_ID_PLAIN, text, sizeof(text)), 0);
}

Test(match_image, a_signature_forgives_one_letter)
{
	uint64_t a[MATCH_SIG_WORDS];
	uint64_t b[MATCH_SIG_WORDS];
	int common = 0;
	int bits = 0;

	match_image_signature(SLICE_LIT("feinmechanikvogl"), a);
	match_image_signature(SLICE_LIT("feinmechanikvofl"), b);
	for (size_t i = 0; i < MATCH_SIG_WORDS; i++) {
		common += __builtin_popcountll(a[i] & b[i]);
		bits += __builtin_popcountll(a[i]);
	}
	cr_expect_geq(common, bits - 4);
	cr_expect_leq(bits, 17);
}

/* ---- a whole image ---- */

static struct match_book book;

static void open_book(void)
{
	match_book_open(&book);
}

static void close_book(void)
{
	match_book_close(&book);
}

TestSuite(match_image_whole, .init = open_book, .fini = close_book);

Test(match_image_whole, what_is_not_there_is_nothing)
{
	const struct match_image *image = &book.set.part[0];
	struct match_row row;
	char text[MATCH_ID_BYTES];
	uint32_t count = 1;

	cr_expect_eq(match_image_word(image, image->words).len, 0);
	cr_expect_eq(match_image_word_count(image, image->words), 0);
	cr_expect_eq(match_image_word_count(image, UINT32_MAX), 0);
	cr_expect_null(match_image_postings(image, UINT32_MAX, &count));
	cr_expect_eq(count, 0);
	cr_expect_eq(match_image_city(image, image->cities).len, 0);
	cr_expect_eq(match_image_street(image, UINT32_MAX).len, 0);
	cr_expect_eq(match_image_affix(image, UINT32_MAX).len, 0);
	cr_expect_eq(match_image_court(image, UINT32_MAX).len, 0);
	cr_expect_eq(match_image_company(image, image->companies).type, REGISTER_NONE);
	cr_expect_eq(match_image_row_company(image, image->rows), UINT32_MAX);
	cr_expect_not(match_image_row(image, image->rows, &row));
	cr_expect_eq(match_image_id(image, UINT32_MAX, text, sizeof(text)), 0);
	cr_expect_eq(match_image_name(image, UINT32_MAX, text, sizeof(text)), 0);
}

Test(match_image_whole, names_and_ids_are_as_they_were_given)
{
	const struct match_image *image = &book.set.part[0];
	char text[256];
	uint32_t company = match_book_find(&book, "other-11");

	cr_assert_neq(company, UINT32_MAX);
	size_t len = match_image_name(image, company, text, sizeof(text));
	cr_expect(slice_eq_cstr((struct slice){text, len}, "Grimmelshausen Feinmechanik Limited"));
	cr_expect_eq(match_image_id(image, company, text, 5), 5, "as much as fits");
	company = match_book_find(&book, "reg:X1721R:HRB:1225HL");
	cr_assert_neq(company, UINT32_MAX);
	struct match_company c = match_image_company(image, company);
	cr_expect_eq(c.number, 1225);
	cr_expect_eq(c.house, 110);
	cr_expect_eq(c.postcode, 23627);
	cr_expect(slice_eq_cstr(match_image_affix(image, c.suffix), "HL"));
	cr_expect(slice_eq_cstr(match_image_city(image, c.city), "grossgroenau"));
	cr_expect(slice_eq_cstr(match_image_street(image, c.street), "hauptstr"));
}

static void search_all(const struct match_image *image)
{
	static const struct match_query QUERIES[] = {
	        {.name = SLICE_LIT("Nordwind Elektrotechnik AG"),
	         .street = SLICE_LIT("Am Sportplatz 20a"),
	         .postal_code = SLICE_LIT("20095"),
	         .city = SLICE_LIT("Hamburg")},
	        {.name = SLICE_LIT("Quendtindustrie Gmhb"), .city = SLICE_LIT("Düseldorf")},
	        {.name = SLICE_LIT("x"), .type = REGISTER_HRB, .number = 1, .court = SLICE_LIT("R1101")},
	        {.vat_id = SLICE_LIT("DE136695976")},
	        {.name = SLICE_LIT("Authaus Lauenstein, Groß Grönau")},
	};
	struct match_set set;
	struct match_result result;
	char text[256];

	match_set_init(&set, image);
	for (size_t i = 0; i < sizeof(QUERIES) / sizeof(QUERIES[0]); i++) {
		match_search(&set, &QUERIES[i], book.scratch, &result);
		cr_assert_leq(result.count, MATCH_HITS);
		for (size_t k = 0; k < result.count; k++) {
			cr_assert_lt(result.hits[k].company, image->companies);
			cr_assert_leq(match_image_id(image, result.hits[k].company, text, sizeof(text)), sizeof(text));
			cr_assert_leq(match_image_name(image, result.hits[k].row, text, sizeof(text)), sizeof(text));
		}
	}
}

/* A sum that fits does not make an image sound: its places are never trusted. */
Test(match_image_whole, a_broken_image_is_refused_or_searched_within_its_bounds)
{
	struct match_image image;
	uint32_t state = 11;
	size_t searched = 0;

	for (unsigned round = 0; round < 600; round++) {
		size_t at[8];
		char was[8];
		for (size_t i = 0; i < 8; i++) {
			state = state * 1664525 + 1013904223;
			bool in_table = round % 3 == 0 && i == 0;
			at[i] = in_table ? 32 + (state >> 8) % 600 : 640 + (state >> 4) % (book.len - 640);
			was[i] = book.bytes[at[i]];
			book.bytes[at[i]] = (char)(round % 2 ? state >> 24 : 0xff);
		}
		if (match_book_reopen(&book, &image) == STATUS_OK) {
			search_all(&image);
			searched++;
		}
		for (size_t i = 8; i-- > 0;)
			book.bytes[at[i]] = was[i];
	}
	cr_expect_gt(searched, 300);
	cr_assert_eq(match_book_reopen(&book, &image), STATUS_OK);
	search_all(&image);
}

/* Whole sections overwritten: every number in them is a place outside. */
Test(match_image_whole, a_section_of_nonsense_is_refused_or_searched_within_its_bounds)
{
	struct match_image image;
	char *copy = malloc(book.len);

	cr_assert_not_null(copy);
	memcpy(copy, book.bytes, book.len);
	for (unsigned s = 0; s < MATCH_SECTION_COUNT; s++) {
		static const unsigned char VALUES[] = {0xff, 0x7f, 0x00, 0x01, 0x80};
		struct slice section = book.set.part[0].section[s];
		for (size_t v = 0; v < sizeof(VALUES) && section.len > 0; v++) {
			memset(book.bytes + (section.ptr - book.bytes), VALUES[v], section.len);
			if (match_book_reopen(&book, &image) == STATUS_OK)
				search_all(&image);
			memcpy(book.bytes, copy, book.len);
		}
	}
	free(copy);
}

Test(match_image_whole, a_table_of_sections_that_does_not_fit_is_refused)
{
	struct match_image image;

	for (size_t at = 32; at < 48 + 16 * MATCH_SECTION_COUNT; at += 8) {
		uint64_t was;
		uint64_t wrong = book.len + 1;
		memcpy(&was, book.bytes + at, 8);
		memcpy(book.bytes + at, &wrong, 8);
		if (at >= 48)
			cr_expect_eq(match_book_reopen(&book, &image), STATUS_CORRUPT, "at %zu", at);
		wrong = was + 1;
		memcpy(book.bytes + at, &wrong, 8);
		if (match_book_reopen(&book, &image) == STATUS_OK)
			search_all(&image);
		memcpy(book.bytes + at, &was, 8);
	}
	cr_expect_eq(match_book_reopen(&book, &image), STATUS_OK);
}
