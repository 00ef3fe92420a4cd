/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "command.h"
#include "explain.h"
#include "output.h"
#include "state.h"
#include "table.h"
#include "wire/bureau_in.h"

#define ARENA_CAP (4u << 20)
#define FILE_CAP  (64u << 10)
#define OUT_CAP   (64u << 20)

static const char usage[] =
        "usage: bonigate bureau --table TABLE.json VALUE ...\n"
        "       bonigate bureau --table TABLE.json --in FILE --value COLUMN --company COLUMN --date COLUMN [--out "
        "FILE]\n"
        "What a bureau's index, grade or percentile means as a probability of default. With --in\n"
        "writes signals for bonigate import signals; values that say nothing are left out, values\n"
        "that are none of the scale are reported. Tables: src/data/bureaus or share/bonigate/bureaus.\n";

struct arguments {
	const char *table;
	const char *in;
	const char *out;
	const char *value;
	const char *company;
	const char *date;
};

/* Where a file's rows go. */
struct signals {
	const struct bureau_table *scale;
	struct table *table;
	int value;
	int company;
	int date;
	uint64_t unknown;
	uint64_t invalid;
	struct buf out;
};

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option longs[] = {
	        {"table", required_argument, NULL, 't'},   {"in", required_argument, NULL, 'i'},
	        {"out", required_argument, NULL, 'o'},     {"value", required_argument, NULL, 'v'},
	        {"company", required_argument, NULL, 'c'}, {"date", required_argument, NULL, 'd'},
	        {"help", no_argument, NULL, 'h'},          {0},
	};
	const char **texts[128] = {['t'] = &arguments->table, ['i'] = &arguments->in,      ['o'] = &arguments->out,
	                           ['v'] = &arguments->value, ['c'] = &arguments->company, ['d'] = &arguments->date};

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		*texts[c] = optarg;
	}
	*ret_code = EXIT_USAGE;
	bool columns = arguments->value && arguments->company && arguments->date;
	if (arguments->table && (arguments->in ? columns && optind == argc : optind < argc))
		return true;
	fputs(usage, stderr);
	return false;
}

static struct bureau_table *load_table(const char *path)
{
	size_t len;
	char *text = state_read_file(path, FILE_CAP, &len);
	struct bureau_table *table = calloc(1, sizeof(*table));
	void *mem = malloc(ARENA_CAP);
	struct load_error error = {{0}, {0}};
	struct arena arena;
	enum status status = STATUS_NO_MEMORY;

	if (text && table && mem) {
		arena_init(&arena, mem, ARENA_CAP);
		status = bureau_in_parse((struct slice){text, len}, &arena, table, &error);
	}
	if (status == STATUS_INVALID)
		fprintf(stderr, "%s: %s: %s\n", path, error.pointer[0] ? error.pointer : "/", error.detail);
	else if (status && text)
		state_complain("bureau", path, status);
	free(text);
	free(mem);
	if (status == STATUS_OK)
		return table;
	free(table);
	return NULL;
}

static int show_values(const struct bureau_table *scale, char **values, int count)
{
	int code = EXIT_FINE;

	printf("value,pd,state\n");
	for (int i = 0; i < count; i++) {
		int32_t ppm = 0;
		enum bureau_result result = bureau_pd(scale, slice_cstr(values[i]), &ppm);
		if (result == BUREAU_PD || result == BUREAU_DEFAULT)
			printf("%s,%d.%06d,%s\n", values[i], ppm / 1000000, ppm % 1000000, bureau_result_name(result));
		else
			printf("%s,,%s\n", values[i], bureau_result_name(result));
		if (result == BUREAU_INVALID)
			code = EXIT_FAILED;
	}
	return code;
}

static bool find_column(const struct table *table, const char *name, int *ret_column)
{
	*ret_column = csv_column(&table->csv, slice_cstr(name));
	if (*ret_column < 0)
		fprintf(stderr, "bonigate bureau: %s: no column %s\n", table->path, name);
	return *ret_column >= 0;
}

static void put_signal(struct signals *signals)
{
	const struct slice *fields = signals->table->csv.fields;
	struct buf *out = &signals->out;
	int32_t ppm;
	enum bureau_result result = bureau_pd(signals->scale, fields[signals->value], &ppm);

	signals->unknown += result == BUREAU_UNKNOWN;
	if (result == BUREAU_INVALID) {
		signals->invalid++;
		table_complain(signals->table, "value", "is none of this scale");
	}
	if (result != BUREAU_PD && result != BUREAU_DEFAULT)
		return;
	explain_put_cell(out, fields[signals->company]);
	buf_char(out, ',');
	explain_put_cell(out, fields[signals->date]);
	buf_cstr(out, ",bureau_pd,");
	buf_millionths(out, ppm, 6);
	buf_char(out, ',');
	buf_cstr(out, signals->scale->id);
	buf_char(out, '\n');
}

static int convert(const struct arguments *arguments, const struct bureau_table *scale, struct table *table, char *mem)
{
	struct signals signals = {.scale = scale, .table = table};
	enum csv_result result;

	if (!find_column(table, arguments->value, &signals.value) ||
	    !find_column(table, arguments->company, &signals.company) ||
	    !find_column(table, arguments->date, &signals.date))
		return EXIT_FAILED;
	buf_init(&signals.out, mem, OUT_CAP);
	buf_cstr(&signals.out, "company,date,fact,value,source\n");
	while ((result = table_next(table)) == CSV_ROW || result == CSV_FAULT)
		if (result == CSV_ROW)
			put_signal(&signals);
	bool good = result == CSV_END && output_write("bureau", arguments->out ? arguments->out : "-", &signals.out);
	fprintf(stderr, "%" PRIu64 " rows, %" PRIu64 " unknown, %" PRIu64 " none of the scale\n", table->rows,
	        signals.unknown, signals.invalid);
	return good && signals.invalid == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int convert_file(const struct arguments *arguments, const struct bureau_table *scale)
{
	struct table *table = malloc(sizeof(*table));
	char *mem = malloc(OUT_CAP);
	int code = EXIT_FAILED;

	if (table && mem && table_open(table, "bureau", arguments->in)) {
		code = convert(arguments, scale, table, mem);
		table_close(table);
	}
	free(table);
	free(mem);
	return code;
}

int cmd_bureau(int argc, char **argv)
{
	struct arguments arguments = {0};
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	struct bureau_table *scale = load_table(arguments.table);
	if (!scale)
		return EXIT_FAILED;
	code = arguments.in ? convert_file(&arguments, scale) : show_values(scale, argv + optind, argc - optind);
	free(scale);
	return code;
}
