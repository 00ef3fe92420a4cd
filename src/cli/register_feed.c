/* SPDX-License-Identifier: MIT */
#include "register_feed.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/match_sqlite.h"
#include "base/arena.h"
#include "input.h"
#include "progress.h"
#include "state.h"
#include "wire/import_in.h"

#define ARENA_CAP      (16u << 20)
#define LINE_SEPARATOR '\x1f' /* a byte no JSON text holds: each line is one field */
#define COMPLAINTS     20     /* refused rows that are told; the rest is counted */

enum column {
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_STREET,
	COLUMN_POSTAL_CODE,
	COLUMN_CITY,
	COLUMN_STATUS,
	COLUMN_PREVIOUS,
	COLUMN_COURT,
	COLUMN_TYPE,
	COLUMN_NUMBER,
	COLUMN_VAT_ID,
	COLUMN_LEI,
	COLUMN_ADDRESS_SOURCE,
	COLUMN_COUNT
};

/* Two names each: the register TSV has its own. */
static const char *const column_names[COLUMN_COUNT][2] = {
        [COLUMN_ID] = {"id", "company_id"},
        [COLUMN_NAME] = {"name", "name"},
        [COLUMN_STREET] = {"street", "street"},
        [COLUMN_POSTAL_CODE] = {"postal_code", "postcode"},
        [COLUMN_CITY] = {"city", "city"},
        [COLUMN_STATUS] = {"status", "status"},
        [COLUMN_PREVIOUS] = {"previous_names", "prev_names"},
        [COLUMN_COURT] = {"register_court", "court"},
        [COLUMN_TYPE] = {"register_type", "register_type"},
        [COLUMN_NUMBER] = {"register_number", "register_number"},
        [COLUMN_VAT_ID] = {"vat_id", "vat_id"},
        [COLUMN_LEI] = {"lei", "lei"},
        [COLUMN_ADDRESS_SOURCE] = {"addr_src", "addr_src"},
};

struct reading {
	struct register_feed *feed;
	const char *path;
	struct input *input;
	char peeked; /* first byte, given back to the reader */
	bool has_peeked;
	struct csv csv;
	void *block;
	void *memory;
	struct arena arena;
	int columns[COLUMN_COUNT];
	struct import_row row;
	struct slice names[MATCH_BUILD_NAMES];
	char id[MATCH_ID_BYTES];
	struct progress progress;
};

static long read_peeked(void *ctx, void *mem, size_t cap)
{
	struct reading *reading = ctx;
	struct csv_source source = input_source(reading->input);

	if (!reading->has_peeked || !cap)
		return source.read(source.ctx, mem, cap);
	*(char *)mem = reading->peeked;
	reading->has_peeked = false;
	return 1;
}

static void refuse(struct reading *reading, const char *why)
{
	if (reading->feed->refused++ >= COMPLAINTS)
		return;
	progress_finish(&reading->progress);
	fprintf(stderr, "%s:%" PRIu64 ": %s\n", reading->path, reading->csv.line, why);
}

bool register_feed_split_id(struct slice id, struct match_build_record *record)
{
	size_t at = id.len;
	uint64_t number;

	while (at > 0 && id.ptr[at - 1] != '_')
		at--;
	if (at < 2)
		return false;
	size_t digits = at;
	while (digits < id.len && (id.ptr[digits] < '0' || id.ptr[digits] > '9'))
		digits++;
	size_t end = digits;
	while (end < id.len && id.ptr[end] >= '0' && id.ptr[end] <= '9')
		end++;
	enum register_type type = register_type_parse((struct slice){id.ptr + at, digits - at});
	if (type == REGISTER_NONE || !slice_to_u64((struct slice){id.ptr + digits, end - digits}, &number) ||
	    number > UINT32_MAX)
		return false;
	record->court = (struct slice){id.ptr, at - 1};
	record->type = type;
	record->number = (uint32_t)number;
	record->suffix = (struct slice){id.ptr + end, id.len - end};
	return true;
}

/* The number in columns of its own; an id is made of it when the table has none. */
static void take_number(struct reading *reading, struct match_build_record *record)
{
	struct slice text = csv_field(&reading->csv, reading->columns[COLUMN_NUMBER]);
	struct slice court = slice_trim(csv_field(&reading->csv, reading->columns[COLUMN_COURT]));
	struct register_number number = {
	        .type = register_type_parse(csv_field(&reading->csv, reading->columns[COLUMN_TYPE]))};

	if (slice_is_blank(text) || register_number_parse(text, &number) != STATUS_OK)
		return;
	record->court = court;
	record->type = number.type;
	record->number = number.number;
	record->suffix = slice_trim(text);
	while (record->suffix.len > 0 && (record->suffix.ptr[0] < '0' || record->suffix.ptr[0] > '9')) {
		record->suffix.ptr++;
		record->suffix.len--;
	}
	while (record->suffix.len > 0 &&
	       ((record->suffix.ptr[0] >= '0' && record->suffix.ptr[0] <= '9') || record->suffix.ptr[0] == ' ')) {
		record->suffix.ptr++;
		record->suffix.len--;
	}
}

static void name_row(struct reading *reading, struct match_build_record *record)
{
	struct match_number number = {record->court, record->type, record->number, record->suffix};
	size_t len = match_image_number_id(&number, MATCH_ID_PLAIN, reading->id, sizeof(reading->id));
	if (len == 0)
		len = (size_t)snprintf(reading->id, sizeof(reading->id), "line:%" PRIu64, reading->csv.line);
	record->id = (struct slice){reading->id, len};
}

static bool take_table_row(struct reading *reading)
{
	const struct csv *csv = &reading->csv;
	const int *columns = reading->columns;
	struct slice previous = csv_field(csv, columns[COLUMN_PREVIOUS]);
	struct slice status = slice_trim(csv_field(csv, columns[COLUMN_STATUS]));
	struct match_build_record record = {
	        .id = slice_trim(csv_field(csv, columns[COLUMN_ID])),
	        .street = csv_field(csv, columns[COLUMN_STREET]),
	        .postal_code = csv_field(csv, columns[COLUMN_POSTAL_CODE]),
	        .city = csv_field(csv, columns[COLUMN_CITY]),
	        .vat_id = slice_trim(csv_field(csv, columns[COLUMN_VAT_ID])),
	        .lei = slice_trim(csv_field(csv, columns[COLUMN_LEI])),
	        .removed = slice_eq_nocase(status, SLICE_LIT("R")) || slice_eq_nocase(status, SLICE_LIT("removed")),
	        .address_guessed = slice_eq_cstr(csv_field(csv, columns[COLUMN_ADDRESS_SOURCE]), "S"),
	        .names = reading->names,
	        .name_count = 1,
	};

	reading->names[0] = slice_trim(csv_field(csv, columns[COLUMN_NAME]));
	while (previous.len > 0 && record.name_count < MATCH_BUILD_NAMES) {
		struct slice name = slice_trim(slice_cut(&previous, '|'));
		if (name.len > 0)
			reading->names[record.name_count++] = name;
	}
	if (reading->names[0].len == 0) {
		refuse(reading, "name is missing");
		return true;
	}
	take_number(reading, &record);
	if (record.id.len == 0)
		name_row(reading, &record);
	else if (record.type == REGISTER_NONE)
		(void)register_feed_split_id(record.id, &record);
	reading->feed->taken++;
	return reading->feed->company(reading->feed->ctx, &record);
}

static bool is_removed(const struct import_row *row)
{
	for (size_t i = 0; i < row->fact_count; i++) {
		if (row->facts[i].id == FACT_REGISTER_STATUS)
			return row->facts[i].value == REGISTER_STATUS_DELETED;
	}
	return false;
}

static bool take_json_row(struct reading *reading)
{
	struct import_fault fault = {.why = "cannot be read"};
	struct import_row *row = &reading->row;

	arena_reset(&reading->arena);
	if (import_offeneregister_row(csv_field(&reading->csv, 0), &reading->arena, 0, row, &fault) != STATUS_OK) {
		refuse(reading, fault.why);
		return true;
	}
	struct match_build_record record = {.id = row->id,
	                                    .street = row->company.street,
	                                    .postal_code = row->company.postal_code,
	                                    .city = row->company.city,
	                                    .removed = is_removed(row),
	                                    .names = reading->names,
	                                    .name_count = 1 + row->previous_count};
	reading->names[0] = row->company.name;
	memcpy(reading->names + 1, row->previous_names, row->previous_count * sizeof(*row->previous_names));
	(void)register_feed_split_id(row->id, &record);
	reading->feed->taken++;
	return reading->feed->company(reading->feed->ctx, &record);
}

static bool read_rows(struct reading *reading, bool json)
{
	progress_start(&reading->progress, reading->feed->label, input_size(reading->input));
	for (;;) {
		enum csv_result result = csv_next(&reading->csv);
		if (result == CSV_END)
			return true;
		if (result == CSV_READ_FAILED) {
			progress_finish(&reading->progress);
			fprintf(stderr, "bonigate %s: %s: %s\n", reading->feed->command, reading->path,
			        input_error(reading->input));
			return false;
		}
		if (result == CSV_FAULT)
			refuse(reading, reading->csv.fault);
		else if (!(json ? take_json_row(reading) : take_table_row(reading)))
			return false;
		progress_update(&reading->progress, input_taken(reading->input));
	}
}

static bool map_columns(struct reading *reading)
{
	if (csv_header(&reading->csv) != STATUS_OK) {
		fprintf(stderr, "bonigate %s: %s: no usable header: %s\n", reading->feed->command, reading->path,
		        reading->csv.fault ? reading->csv.fault : "reading failed");
		return false;
	}
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		reading->columns[i] = csv_column(&reading->csv, slice_cstr(column_names[i][0]));
		if (reading->columns[i] < 0)
			reading->columns[i] = csv_column(&reading->csv, slice_cstr(column_names[i][1]));
	}
	if (reading->columns[COLUMN_NAME] >= 0)
		return true;
	fprintf(stderr, "bonigate %s: %s: no column \"name\"\n", reading->feed->command, reading->path);
	return false;
}

static bool read_text(struct reading *reading)
{
	struct csv_source source = input_source(reading->input);
	struct csv_options lines = {.separator = LINE_SEPARATOR, .quotes = CSV_QUOTES_OFF};

	reading->has_peeked = source.read(source.ctx, &reading->peeked, 1) == 1;
	bool json = reading->has_peeked && reading->peeked == '{';
	csv_init(&reading->csv, (struct csv_source){read_peeked, reading}, json ? lines : (struct csv_options){0},
	         reading->block, CSV_BLOCK);
	return (json || map_columns(reading)) && read_rows(reading, json);
}

static bool read_file(struct register_feed *feed, const char *path)
{
	bool good = false;
	struct reading *reading = calloc(1, sizeof(*reading));

	if (reading) {
		reading->feed = feed;
		reading->path = path;
		reading->block = malloc(CSV_BLOCK);
		reading->memory = malloc(ARENA_CAP);
	}
	if (!reading || !reading->block || !reading->memory) {
		fprintf(stderr, "bonigate %s: out of memory\n", feed->command);
	} else {
		arena_init(&reading->arena, reading->memory, ARENA_CAP);
		reading->input = input_open(path);
		if (!reading->input)
			fprintf(stderr, "bonigate %s: %s: %s\n", feed->command, path, strerror(errno));
		else
			good = read_text(reading);
		progress_finish(&reading->progress);
		input_close(reading->input);
	}
	if (reading) {
		free(reading->block);
		free(reading->memory);
	}
	free(reading);
	return good;
}

struct sqlite_reading {
	struct register_feed *feed;
	struct progress progress;
};

static enum status take_sqlite_row(void *ctx, const struct match_build_record *record)
{
	struct sqlite_reading *reading = ctx;

	progress_update(&reading->progress, ++reading->feed->taken);
	return reading->feed->company(reading->feed->ctx, record) ? STATUS_OK : STATUS_INTERNAL;
}

static bool read_sqlite(struct register_feed *feed, const char *path)
{
	struct sqlite_reading reading = {.feed = feed};

	progress_start(&reading.progress, feed->label, match_sqlite_count(path));
	enum status status = match_sqlite_read(path, (struct match_sqlite_reader){take_sqlite_row, &reading});
	progress_finish(&reading.progress);
	if (status != STATUS_OK && status != STATUS_INTERNAL)
		state_complain(feed->command, path, status);
	return status == STATUS_OK;
}

static bool is_sqlite(const char *path)
{
	char magic[16] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool is = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) && memcmp(magic, "SQLite format 3", 16) == 0;
	close(fd);
	return is;
}

bool register_feed_read(struct register_feed *feed, const char *path)
{
	return strcmp(path, "-") != 0 && is_sqlite(path) ? read_sqlite(feed, path) : read_file(feed, path);
}
