/* SPDX-License-Identifier: MIT */
#include "match_book.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "temp_dir.h"

#define SUM_AT   24
#define SUM_FROM 32

static const struct entry {
	const char *id;
	const char *court;
	enum register_type type;
	unsigned number;
	const char *suffix;
	const char *name;
	const char *previous;
	const char *street;
	const char *postal_code;
	const char *city;
	const char *vat_id;
	const char *lei;
	bool removed;
} ENTRIES[] = {
        {"R1101_HRB1", "R1101", REGISTER_HRB, 1, "", "Quendt Industrie GmbH", "", "Hafenstraße 12", "40213",
         "Düsseldorf", "DE136695976", "", false},
        {"R1101_HRB2", "R1101", REGISTER_HRB, 2, "", "Quendt Industrie Verwaltungs-GmbH", "", "Hafenstraße 12", "40213",
         "Düsseldorf", "", "", false},
        {"R1101_HRA3", "R1101", REGISTER_HRA, 3, "", "Quendt Industrie GmbH & Co. KG", "", "Hafenstraße 12", "40213",
         "Düsseldorf", "", "", false},
        {"D2601_HRB4", "D2601", REGISTER_HRB, 4, "", "Quendt Industrie GmbH", "", "Marktplatz 3", "80331", "München",
         "", "", false},
        {"K1101R_HRB5", "K1101R", REGISTER_HRB, 5, "", "Nordwind Elektrotechnik AG", "Westgote Anlagenbau AG",
         "Am Sportplatz 20a", "20095", "Hamburg", "", "5299000J2N45DDNE4Y28", false},
        {"K1101R_HRA6", "K1101R", REGISTER_HRA, 6, "", "Windpark Beaufort 8 GmbH & Co. KG", "", "Deichweg 1", "26835",
         "Hesel", "", "", false},
        {"K1101R_HRA7", "K1101R", REGISTER_HRA, 7, "", "Windpark Beaufort 9 GmbH & Co. KG", "", "Deichweg 1", "26835",
         "Hesel", "", "", false},
        {"K1101R_HRA8", "K1101R", REGISTER_HRA, 8, "", "Bäckerei Knusperle oHG", "", "Kirchgasse 107", "79098",
         "Freiburg im Breisgau", "", "", false},
        {"R2503_HRB9", "R2503", REGISTER_HRB, 9, "", "Altmetall Zollverein GmbH", "", "Zechenweg 5", "45127", "Essen",
         "", "", true},
        {"R2503_HRB10", "R2503", REGISTER_HRB, 10, "", "Altmetall Zollverein GmbH", "", "Zechenweg 5", "45127", "Essen",
         "", "", false},
        {"other-11", "", REGISTER_NONE, 0, "", "Grimmelshausen Feinmechanik Limited", "", "Postfach 77", "04109",
         "Leipzig", "", "529900T8BM49AURSDO55", false},
        {"reg:X1721R:HRB:1225HL", "X1721R", REGISTER_HRB, 1225, "HL", "Authaus Lauenstein GmbH", "", "Hauptstraße 110",
         "23627", "Groß Grönau", "", "", false},
        {"reg:X1721R:HRB:1225", "X1721R", REGISTER_HRB, 1225, "", "Travemünder Segelmacherei GmbH", "", "", "23570",
         "Lübeck", "", "", false},
        {"K1101R_GnR13", "K1101R", REGISTER_GNR, 13, "", "Kaffeerösterei Tornquist und Söhne Hamburg eG", "",
         "Speicherstadt 4", "20457", "Hamburg", "", "", false},
        {"K1101R_HRB14", "K1101R", REGISTER_HRB, 14, "", "Kallenbergs Transport Dienstleistungsgesellschaft mbH", "",
         "Ring 33", "01067", "Dresden", "", "", false},
        {"U1206_HRB15", "U1206", REGISTER_HRB, 15, "", "Zwillingsturm Kranbau GmbH", "", "Ring 1", "04109", "Leipzig",
         "", "", false},
        {"U1206_HRB16", "U1206", REGISTER_HRB, 16, "", "Zwillingsturm Kranbau GmbH", "", "Ring 1", "04109", "Leipzig",
         "", "", false},
};

static void add(struct match_build *build, const struct entry *entry)
{
	struct slice names[2] = {slice_cstr(entry->name), slice_cstr(entry->previous)};
	struct match_build_record record = {.id = slice_cstr(entry->id),
	                                    .court = slice_cstr(entry->court),
	                                    .type = entry->type,
	                                    .number = entry->number,
	                                    .suffix = slice_cstr(entry->suffix),
	                                    .vat_id = slice_cstr(entry->vat_id),
	                                    .lei = slice_cstr(entry->lei),
	                                    .street = slice_cstr(entry->street),
	                                    .postal_code = slice_cstr(entry->postal_code),
	                                    .city = slice_cstr(entry->city),
	                                    .removed = entry->removed,
	                                    .names = names,
	                                    .name_count = entry->previous[0] ? 2 : 1};
	cr_assert_eq(match_build_add(build, &record), STATUS_OK);
}

static struct slice read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	cr_assert_not_null(file);
	cr_assert_eq(fseek(file, 0, SEEK_END), 0);
	long size = ftell(file);
	rewind(file);
	char *bytes = malloc((size_t)size);
	cr_assert_not_null(bytes);
	cr_assert_eq(fread(bytes, 1, (size_t)size, file), (size_t)size);
	fclose(file);
	return (struct slice){bytes, (size_t)size};
}

struct slice match_book_bytes(struct match_build *build, const struct match_build_update *update)
{
	struct match_build_progress silent = {NULL, NULL};
	struct temp_dir dir = temp_dir_make();
	const char *path = temp_dir_path(&dir, "index");
	enum status status = update ? match_build_write_update(build, update, path, silent)
	                            : match_build_write(build, path, silent);
	cr_assert_eq(status, STATUS_OK);
	struct slice bytes = read_file(path);
	temp_dir_remove(&dir);
	match_build_destroy(build);
	return bytes;
}

void match_book_open(struct match_book *book)
{
	struct match_build *build;
	struct match_image image;
	cr_assert_eq(match_build_create(&build), STATUS_OK);
	for (size_t i = 0; i < sizeof(ENTRIES) / sizeof(ENTRIES[0]); i++)
		add(build, &ENTRIES[i]);
	for (unsigned i = 0; i < MATCH_WORLD_COMPANIES; i++) {
		struct match_world_company company = match_world_company(i);
		cr_assert_eq(match_world_add(build, &company), STATUS_OK);
	}
	struct slice bytes = match_book_bytes(build, NULL);
	*book = (struct match_book){.bytes = (char *)(uintptr_t)bytes.ptr, .len = bytes.len};
	cr_assert_eq(match_image_open(bytes, &image), STATUS_OK);
	match_set_init(&book->set, &image);
	book->scratch = match_scratch_init(malloc(match_scratch_size()));
}

void match_book_close(struct match_book *book)
{
	free(book->bytes);
	free(book->scratch);
}

enum status match_book_reopen(struct match_book *book, struct match_image *ret_image)
{
	uint64_t sum = match_image_sum((struct slice){book->bytes + SUM_FROM, book->len - SUM_FROM});
	memcpy(book->bytes + SUM_AT, &sum, sizeof(sum));
	return match_image_open((struct slice){book->bytes, book->len}, ret_image);
}

uint32_t match_book_find(const struct match_book *book, const char *id)
{
	const struct match_image *image = &book->set.part[0];
	for (uint32_t i = 0; i < image->companies; i++) {
		char text[MATCH_ID_BYTES];
		size_t len = match_image_id(image, i, text, sizeof(text));
		if (slice_eq_cstr((struct slice){text, len}, id))
			return i;
	}
	return UINT32_MAX;
}

const char *match_book_id(const struct match_set *set, const struct match_hit *hit)
{
	static char text[MATCH_ID_BYTES + 1];
	text[match_image_id(&set->part[hit->part], hit->company, text, sizeof(text) - 1)] = 0;
	return text;
}
