/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "import_job.h"
#include "input.h"
#include "progress.h"
#include "state.h"

#define BATCH_ROWS     20000
#define ARENA_CAP      (16u << 20)
#define LINE_SEPARATOR '\x1f' /* a byte no JSON text holds: each line is one field */

/* Rows up to the last commit: what was stored behind it is gone when the next one fails. */
struct counts {
	uint64_t stored;
	uint64_t partial;
};

struct reading {
	struct import_job *job;
	const char *path;
	struct input *input;
	char peeked; /* first byte, given back to the reader */
	bool has_peeked;
	bool is_jsonl;
	struct csv *csv;
	void *block;
	void *memory;
	struct arena arena;
	struct import_columns columns;
	struct import_row *row;
	struct progress progress;
	char name[256]; /* of the input, for going on where it stopped; "" = a pipe */
	uint64_t done;  /* records read */
	uint64_t skip;  /* records stored by an earlier run */
	struct counts kept;
};

/* The first byte tells JSON Lines from a table; the reader still gets to see it. */
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

static bool open_input(struct reading *reading)
{
	struct csv_source source;
	struct stat info;

	reading->input = input_open(reading->path);
	if (!reading->input) {
		fprintf(stderr, "bonigate import: %s: %s\n", reading->path, strerror(errno));
		return false;
	}
	source = input_source(reading->input);
	reading->has_peeked = source.read(source.ctx, &reading->peeked, 1) == 1;
	reading->is_jsonl = reading->job->kind == IMPORT_COMPANIES && reading->has_peeked && reading->peeked == '{';
	if (strcmp(reading->path, "-") != 0 && stat(reading->path, &info) == 0)
		(void)snprintf(reading->name, sizeof(reading->name), "%d:%ju:%jd.%09ld:%.180s", (int)reading->job->kind,
		               (uintmax_t)info.st_size, (intmax_t)info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
		               reading->path);
	return true;
}

static bool open_reader(struct reading *reading)
{
	struct csv_options lines = {.separator = LINE_SEPARATOR, .quotes = CSV_QUOTES_OFF};

	reading->csv = malloc(sizeof(*reading->csv));
	reading->block = malloc(CSV_BLOCK);
	reading->memory = malloc(ARENA_CAP);
	reading->row = malloc(sizeof(*reading->row));
	if (!reading->csv || !reading->block || !reading->memory || !reading->row) {
		fputs("bonigate import: out of memory\n", stderr);
		return false;
	}
	arena_init(&reading->arena, reading->memory, ARENA_CAP);
	csv_init(reading->csv, (struct csv_source){read_peeked, reading},
	         reading->is_jsonl ? lines : (struct csv_options){0}, reading->block, CSV_BLOCK);
	return true;
}

static bool read_header(struct reading *reading)
{
	struct import_fault fault = {0};

	if (reading->is_jsonl)
		return true;
	if (csv_header(reading->csv) != STATUS_OK) {
		fprintf(stderr, "bonigate import: %s: no usable header: %s\n", reading->path,
		        reading->csv->fault ? reading->csv->fault : "reading failed");
		return false;
	}
	if (import_columns_map(reading->csv, reading->job->kind, reading->job->today, reading->job->as_of,
	                       &reading->columns, &fault) == STATUS_OK)
		return true;
	fprintf(stderr, "bonigate import: %s: column \"%s\": %s\n", reading->path, fault.column, fault.why);
	return false;
}

static void refuse(struct reading *reading, const char *column, const char *why)
{
	progress_finish(&reading->progress);
	fprintf(stderr, "%s:%" PRIu64 ": %s%s%s\n", reading->path, reading->csv->line, column, *column ? " " : "", why);
	reading->job->refused++;
}

/* False when nothing more can be stored. */
static bool take_row(struct reading *reading)
{
	struct import_fault fault = {0};
	enum status fatal = STATUS_OK, status;
	const char *column = "";
	const char *why;

	arena_reset(&reading->arena);
	status = reading->is_jsonl
	                 ? import_offeneregister_row(reading->csv->fields[0], &reading->arena, reading->job->as_of,
	                                             reading->row, &fault)
	                 : import_csv_row(&reading->columns, reading->csv, &reading->arena, reading->row, &fault);
	if (status) {
		refuse(reading, fault.column, fault.why ? fault.why : "is too large");
		return true;
	}
	why = import_store(reading->job, reading->row, &reading->arena, &column, &fatal);
	if (why && fatal == STATUS_OK) {
		refuse(reading, column, why);
		return true;
	}
	reading->job->stored += !why;
	if (why)
		state_complain("import", reading->path, fatal);
	return !why;
}

static bool commit(struct reading *reading, uint64_t position)
{
	const char *name = reading->name[0] ? reading->name : "-";
	enum status status = register_writer_commit(reading->job->writer, slice_cstr(name), position);

	if (status)
		state_complain("import", reading->path, status);
	else
		reading->kept = (struct counts){reading->job->stored, reading->job->partial};
	return status == STATUS_OK;
}

static bool read_rows(struct reading *reading)
{
	enum csv_result result;

	while ((result = csv_next(reading->csv)) != CSV_END) {
		if (result == CSV_READ_FAILED) {
			progress_finish(&reading->progress);
			fprintf(stderr, "bonigate import: %s: %s\n", reading->path, input_error(reading->input));
			(void)commit(reading, reading->done);
			return false;
		}
		if (++reading->done <= reading->skip)
			continue;
		if (result == CSV_FAULT)
			refuse(reading, "", reading->csv->fault);
		else if (!take_row(reading))
			return false;
		if (reading->done % BATCH_ROWS == 0 && !commit(reading, reading->done))
			return false;
		if (reading->done % 256 == 0)
			progress_update(&reading->progress, input_taken(reading->input));
	}
	return commit(reading, 0); /* done: the same file may be imported anew */
}

bool import_file(struct import_job *job, const char *path)
{
	struct reading reading = {.job = job, .path = path, .kept = {job->stored, job->partial}};
	bool good = open_input(&reading) && open_reader(&reading) && read_header(&reading);

	if (good && reading.name[0] &&
	    register_writer_progress(job->writer, slice_cstr(reading.name), &reading.skip) != STATUS_OK)
		reading.skip = 0;
	if (good) {
		if (reading.skip)
			fprintf(stderr, "bonigate import: %s: going on behind record %" PRIu64 "\n", path,
			        reading.skip);
		progress_start(&reading.progress, path, input_size(reading.input));
		good = read_rows(&reading);
		progress_finish(&reading.progress);
	}
	job->stored = reading.kept.stored;
	job->partial = reading.kept.partial;
	free(reading.row);
	free(reading.memory);
	free(reading.block);
	free(reading.csv);
	input_close(reading.input);
	return good;
}
