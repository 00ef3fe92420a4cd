/* SPDX-License-Identifier: MIT */
#ifndef WIRE_CSV_H
#define WIRE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * Streaming reader for comma, semicolon or tab separated text (RFC 4180):
 * one record at a time, fields are slices into the reader's own block.
 * UTF-8 with or without byte order mark, lines ended by LF or CR LF, blank
 * lines skipped. A record that breaks a rule is reported with its line
 * number and left out; reading goes on with the line behind it.
 */
#define CSV_BLOCK (2 * MAX_IMPORT_LINE) /* least size of the block given to csv_init() */

struct csv_source {
	/* Up to cap bytes into mem: how many, 0 at the end, -1 when reading failed. */
	long (*read)(void *ctx, void *mem, size_t cap);
	void *ctx;
};

enum csv_quotes {
	CSV_QUOTES_AUTO, /* off when the separator is a tab, else on */
	CSV_QUOTES_ON,
	CSV_QUOTES_OFF /* a quote is a character like any other */
};

struct csv_options {
	char separator; /* 0: tab, semicolon or comma, whichever the first line holds most */
	enum csv_quotes quotes;
};

enum csv_result {
	CSV_ROW,
	CSV_END,
	CSV_FAULT,      /* csv->fault says why the record at csv->line was left out */
	CSV_READ_FAILED /* the source returned -1 */
};

/* How far the end of a record with quotes was looked for. All places count from the beginning of the source. */
struct csv_look {
	uint64_t from;      /* the record's */
	uint64_t inside_to; /* every line feed of it before here is within quotes */
	uint64_t at;        /* what is next to be looked at */
	bool inside;        /* quotes */
	bool at_start;      /* of a field */
};

struct csv {
	/* the current record, valid until the next call */
	struct slice fields[MAX_CSV_FIELDS];
	size_t field_count;
	uint64_t line;     /* where it starts, from 1 */
	const char *fault; /* static English text */
	/* the header, valid for the reader's life */
	struct slice columns[MAX_CSV_FIELDS];
	size_t column_count; /* 0: no header was read */
	char separator;      /* known after the first record */
	/* private */
	bool quotes;
	bool begun;
	bool ended;
	bool discard;
	uint64_t next_line;
	struct csv_options options;
	struct csv_source source;
	char *block;
	size_t cap;
	size_t start;
	size_t end;
	uint64_t gone; /* bytes of the source before the block */
	struct csv_look look;
	char names[MAX_CSV_HEADER];
};

/* Borrows block (at least CSV_BLOCK bytes) for the reader's life. */
void csv_init(struct csv *csv, struct csv_source source, struct csv_options options, void *block, size_t cap);

/*
 * Reads the first record as column names (blanks around them cut). From then
 * on a record with another number of fields is a fault. STATUS_INVALID with
 * csv->fault: no record, a broken one, or a name that stands twice.
 * STATUS_TOO_LARGE: names longer than MAX_CSV_HEADER in all.
 * STATUS_UNAVAILABLE: the source failed.
 */
enum status csv_header(struct csv *csv) MUST_CHECK;

/* Index of a column by name (ASCII letters without case), -1 if there is none. */
int csv_column(const struct csv *csv, struct slice name);

enum csv_result csv_next(struct csv *csv) MUST_CHECK;

/* Field of the current record; absent for column -1. */
struct slice csv_field(const struct csv *csv, int column);

#endif
