/* SPDX-License-Identifier: MIT */
#include "wire/csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hands out a text in pieces of "step" bytes, then the end, or a failure. */
struct pieces {
	const char *text;
	size_t len;
	size_t step;
	bool fails;
};

static char block[CSV_BLOCK];
static struct csv csv;
static struct pieces pieces;

static long pieces_read(void *ctx, void *mem, size_t cap)
{
	struct pieces *p = ctx;
	size_t n = p->step < p->len ? p->step : p->len;

	if (p->fails && p->len == 0)
		return -1;
	if (n > cap)
		n = cap;
	memcpy(mem, p->text, n);
	p->text += n;
	p->len -= n;
	return (long)n;
}

static void open_bytes(const char *text, size_t len, size_t step)
{
	pieces = (struct pieces){text, len, step, false};
	csv_init(&csv, (struct csv_source){pieces_read, &pieces}, (struct csv_options){0}, block, sizeof(block));
}

static void open_text(const char *text, size_t step)
{
	open_bytes(text, strlen(text), step);
}

/* All records as one text: fields in <>, records by |, faults as !line:reason. */
static void render(char *out, size_t cap)
{
	size_t used = 0;

	out[0] = '\0';
	for (;;) {
		enum csv_result result = csv_next(&csv);
		cr_assert(used < cap - 64);
		if (result == CSV_END || result == CSV_READ_FAILED) {
			if (result == CSV_READ_FAILED)
				snprintf(out + used, cap - used, "!read");
			return;
		}
		if (result == CSV_FAULT)
			used += (size_t)snprintf(out + used, cap - used, "!%llu:%s", (unsigned long long)csv.line,
			                         csv.fault);
		for (size_t i = 0; i < csv.field_count; i++)
			used += (size_t)snprintf(out + used, cap - used, "<%.*s>", (int)csv.fields[i].len,
			                         csv.fields[i].ptr);
		used += (size_t)snprintf(out + used, cap - used, "|");
	}
}

struct reading {
	const char *text;
	const char *records;
};

static const struct reading readings[] = {
        {"", ""},
        {"\n\r\n\n", ""},
        {"a", "<a>|"},
        {"a,b\n1,2\n", "<a><b>|<1><2>|"},
        {"a,b\r\n1,2\r\n", "<a><b>|<1><2>|"},
        {"a,b\n\n1,2", "<a><b>|<1><2>|"},
        {"\xef\xbb\xbf"
         "a,b\n1,2",
         "<a><b>|<1><2>|"},
        {"a;b\n1,5;2\n", "<a><b>|<1,5><2>|"},
        {"a\tb\n\"1\t2,3\n", "<a><b>|<\"1><2,3>|"},
        {"a,b,c\n,,\n", "<a><b><c>|<><><>|"},
        {"a,b\n\"x,\"\"y\"\"\nz\",2\n", "<a><b>|<x,\"y\"\nz><2>|"},
        {"a,b\n\"\",\"\"\"\"\n", "<a><b>|<><\">|"},
        {"a,b\n5\" pipe,2\n", "<a><b>|<5\" pipe><2>|"},
        {"a,b\n\"x\"y,2\n3,4\n", "<a><b>|!2:text behind a closing quote|<3><4>|"},
        {"a,b\n\"x,2\n3,4\n", "<a><b>|!2:a quote is opened and never closed|<3><4>|"},
        {"a,b\nM\xfcller,2\n3,4\n", "<a><b>|!2:not valid UTF-8|<3><4>|"},
        {"a,b\nM\xc3\xbcller \xe2\x82\xac \xf0\x9f\x8f\xad,2\n",
         "<a><b>|<M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x8f\xad><2>|"},
        {"a,b\n\xc0\xaf,1\n\xed\xa0\x80,2\n\xf5\x80\x80\x80,3\n\xe2\x82,4\n",
         "<a><b>|!2:not valid UTF-8|!3:not valid UTF-8|!4:not valid UTF-8|!5:not valid UTF-8|"},
        {"a,b\n\"1\n2\",3\n\"x\"y,1\n", "<a><b>|<1\n2><3>|!4:text behind a closing quote|"},
};

Test(csv, reads_records_whatever_the_pieces)
{
	char got[512];

	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
		for (size_t step = 1; step < 9; step++) {
			open_text(readings[i].text, step);
			render(got, sizeof(got));
			cr_expect_str_eq(got, readings[i].records, "case %zu step %zu: %s", i, step, got);
		}
}

Test(csv, reports_a_nul_byte_with_its_line)
{
	static const char text[] = "a,b\n1\0,2\n3,4\n";
	char got[256];

	open_bytes(text, sizeof(text) - 1, 3);
	render(got, sizeof(got));
	cr_assert_str_eq(got, "<a><b>|!2:a NUL byte|<3><4>|");
}

Test(csv, header_maps_names_without_case)
{
	open_text(" Name ,PLZ,Umsatz\nx,1,2\n", 64);
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	cr_expect_eq(csv.column_count, 3);
	cr_expect_eq(csv_column(&csv, SLICE_LIT("name")), 0);
	cr_expect_eq(csv_column(&csv, SLICE_LIT("umsatz")), 2);
	cr_expect_eq(csv_column(&csv, SLICE_LIT("city")), -1);
	cr_assert_eq(csv_next(&csv), CSV_ROW);
	cr_expect(slice_eq_cstr(csv_field(&csv, 1), "1"));
	cr_expect_null(csv_field(&csv, -1).ptr);
}

Test(csv, header_refuses_what_cannot_be_mapped)
{
	open_text("", 64);
	cr_expect_eq(csv_header(&csv), STATUS_INVALID);
	cr_expect_str_eq(csv.fault, "no header line");
	open_text("a,b,A\n1,2,3\n", 64);
	cr_expect_eq(csv_header(&csv), STATUS_INVALID);
	cr_expect_str_eq(csv.fault, "a column name stands twice");
	open_text(",b,\n1,2,3\n", 64);
	cr_expect_eq(csv_header(&csv), STATUS_OK, "unnamed columns, as index columns are written, are harmless");
}

Test(csv, rows_unlike_the_header_are_faults)
{
	char got[256];

	open_text("a,b\n1\n1,2,3\n1,2\n", 5);
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	render(got, sizeof(got));
	cr_expect_str_eq(got,
	                 "!2:not as many fields as the header has|!3:not as many fields as the header has|<1><2>|");
}

Test(csv, an_overlong_record_is_left_out_and_reading_goes_on)
{
	size_t len = MAX_IMPORT_LINE + 100;
	char *text = malloc(len + 32);
	char got[256];

	cr_assert_not_null(text);
	memcpy(text, "a,b\n", 4);
	memset(text + 4, 'x', len);
	memcpy(text + 4 + len, ",1\n3,4\n", 7);
	for (size_t step = 4096; step <= 4 * CSV_BLOCK; step *= 16) {
		open_bytes(text, 4 + len + 7, step);
		render(got, sizeof(got));
		cr_expect_str_eq(got, "<a><b>|!2:a record longer than the maximum|<3><4>|", "%s", got);
	}
	free(text);
}

/* Each line opens a quote that the next one closes and opens anew: none of these records has an end. */
Test(csv, quotes_that_never_close_cost_no_more_than_other_lines, .timeout = 20)
{
	static const char LINE[] = "x\",\"\n";
	size_t lines = 5 * MAX_IMPORT_LINE / 2 / (sizeof(LINE) - 1);
	char *text = malloc(lines * (sizeof(LINE) - 1));
	size_t faults = 0;

	cr_assert_not_null(text);
	for (size_t i = 0; i < lines; i++)
		memcpy(text + i * (sizeof(LINE) - 1), LINE, sizeof(LINE) - 1);
	open_bytes(text, lines * (sizeof(LINE) - 1), SIZE_MAX);
	while (csv_next(&csv) == CSV_FAULT) {
		faults++;
		cr_assert_eq(csv.line, faults);
	}
	cr_expect_eq(faults, lines);
	free(text);
}

Test(csv, too_many_fields_are_a_fault)
{
	char text[2 * MAX_CSV_FIELDS + 8];

	memset(text, ',', MAX_CSV_FIELDS);
	memcpy(text + MAX_CSV_FIELDS, "\n1\n", 4);
	open_text(text, 64);
	cr_expect_eq(csv_next(&csv), CSV_FAULT);
	cr_expect_str_eq(csv.fault, "more fields than the maximum");
	cr_expect_eq(csv_next(&csv), CSV_ROW);
}

Test(csv, a_failing_source_is_told_apart_from_the_end)
{
	open_text("a,b\n1,2\n3", 4);
	pieces.fails = true;
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	cr_expect_eq(csv_next(&csv), CSV_ROW);
	cr_expect_eq(csv_next(&csv), CSV_READ_FAILED);
}
