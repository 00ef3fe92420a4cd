/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "command.h"
#include "core/policy.h"
#include "explain.h"
#include "lab/apply.h"
#include "load_model.h"
#include "table.h"

#define OUT_CAP  (256u * 1024)
#define ROW_ROOM (32u * 1024) /* no written row is longer */

static const char usage[] =
        "usage: bonigate score --model MODEL.json --in ROWS.csv [--out FILE] [--id COLUMN] [--explain]\n"
        "                      [--base-rate FRACTION] [--green SCORE] [--yellow SCORE]\n"
        "Writes points,pd,score,light for each row (- is standard input; gzip and Zstandard are\n"
        "unpacked). Columns are found by the names of the model's inputs; a column that is not\n"
        "there, an empty cell, nan and inf are unknown. A record that cannot be read gives an\n"
        "empty row, so that rows stay in step. --explain adds the known share of the card and\n"
        "the inputs that cost most. --base-rate shifts the PD to a population of that failure\n"
        "rate. Green from 70, yellow from 40 unless told otherwise.\n";

struct options {
	const char *model;
	const char *in;
	const char *out;
	const char *id;
	const char *base_rate;
	int32_t green;
	int32_t yellow;
	bool explain;
};

struct scoring {
	const struct options *options;
	struct table *table;
	struct apply apply;
	struct table_input inputs[MAX_CHARACTERISTICS];
	int id_column;
	FILE *file;
	struct buf out;
};

static bool parse(int argc, char **argv, struct options *options, int *ret_code)
{
	static const struct option longs[] = {
	        {"model", required_argument, NULL, 'm'},
	        {"in", required_argument, NULL, 'i'},
	        {"out", required_argument, NULL, 'o'},
	        {"id", required_argument, NULL, 'd'},
	        {"base-rate", required_argument, NULL, 'b'},
	        {"green", required_argument, NULL, 'g'},
	        {"yellow", required_argument, NULL, 'y'},
	        {"explain", no_argument, NULL, 'e'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	const char **texts[] = {['m'] = &options->model, ['i'] = &options->in,        ['o'] = &options->out,
	                        ['d'] = &options->id,    ['b'] = &options->base_rate, ['y'] = NULL};

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'e')
			options->explain = true;
		else if (c == 'g')
			options->green = (int32_t)strtol(optarg, NULL, 10);
		else if (c == 'y')
			options->yellow = (int32_t)strtol(optarg, NULL, 10);
		else if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		} else {
			*texts[c] = optarg;
		}
	}
	*ret_code = EXIT_USAGE;
	if (options->model && options->in && optind == argc && options->green > options->yellow && options->yellow > 0)
		return true;
	fputs(usage, stderr);
	return false;
}

static bool flush(struct scoring *scoring)
{
	size_t written = fwrite(scoring->out.ptr, 1, scoring->out.len, scoring->file);
	bool good = written == scoring->out.len && !scoring->out.overflow;

	buf_reset(&scoring->out);
	return good;
}

static const char *light_of(const struct options *options, int32_t score, bool thin)
{
	if (score >= options->green)
		return light_name(thin ? LIGHT_YELLOW : LIGHT_GREEN);
	return light_name(score >= options->yellow ? LIGHT_YELLOW : LIGHT_RED);
}

static void put_row(struct scoring *scoring)
{
	const struct model *model = scoring->apply.model;
	struct buf *out = &scoring->out;
	int64_t values[MAX_CHARACTERISTICS];

	table_values(scoring->table, scoring->inputs, model->characteristic_count, values);
	int32_t points = apply_points(&scoring->apply, values);
	struct apply_grade grade = apply_grade(&scoring->apply, points);
	buf_i64(out, points);
	buf_char(out, ',');
	buf_millionths(out, grade.pd_ppm, 6);
	buf_char(out, ',');
	buf_i64(out, grade.score);
	buf_char(out, ',');
	buf_cstr(out, light_of(scoring->options, grade.score, apply_thin(&scoring->apply, values)));
	if (scoring->options->explain)
		explain_put(out, &scoring->apply, values);
	buf_char(out, '\n');
}

static void put_header(struct scoring *scoring)
{
	if (scoring->id_column >= 0) {
		explain_put_cell(&scoring->out, slice_cstr(scoring->options->id));
		buf_char(&scoring->out, ',');
	}
	buf_cstr(&scoring->out, "points,pd,score,light");
	buf_cstr(&scoring->out, scoring->options->explain ? ",known,reasons,unknown\n" : "\n");
}

static bool score_rows(struct scoring *scoring)
{
	enum csv_result result;

	put_header(scoring);
	while ((result = table_next(scoring->table)) == CSV_ROW || result == CSV_FAULT) {
		if (scoring->id_column >= 0) {
			explain_put_cell(&scoring->out, csv_field(&scoring->table->csv, scoring->id_column));
			buf_char(&scoring->out, ',');
		}
		if (result == CSV_ROW)
			put_row(scoring);
		else
			buf_cstr(&scoring->out, scoring->options->explain ? ",,,,,,\n" : ",,,\n");
		if (scoring->out.len > OUT_CAP - ROW_ROOM && !flush(scoring))
			return false;
	}
	return flush(scoring) && fflush(scoring->file) == 0 && result == CSV_END;
}

/* The table is open; everything else is opened and closed here. */
static int score_table(struct scoring *scoring, const struct model *model)
{
	const struct options *options = scoring->options;
	char *mem = malloc(OUT_CAP);
	bool good = mem && table_find(scoring->table, model, scoring->inputs);

	scoring->id_column = options->id ? csv_column(&scoring->table->csv, slice_cstr(options->id)) : -1;
	if (good && options->id && scoring->id_column < 0) {
		fprintf(stderr, "bonigate score: %s: no column %s\n", scoring->table->path, options->id);
		good = false;
	}
	scoring->file = good && options->out ? fopen(options->out, "w") : stdout;
	if (!scoring->file)
		perror(options->out);
	if (good && scoring->file) {
		buf_init(&scoring->out, mem, OUT_CAP);
		good = score_rows(scoring);
		if (!good)
			fputs("bonigate score: the rows could not all be read and written\n", stderr);
	}
	if (scoring->file && scoring->file != stdout && fclose(scoring->file) != 0)
		good = false;
	free(mem);
	return good && scoring->file && scoring->table->faults == 0 ? EXIT_FINE : EXIT_FAILED;
}

int cmd_score(int argc, char **argv)
{
	struct options options = {.green = 70, .yellow = 40};
	struct scoring scoring = {.options = &options};
	struct model *model = NULL;
	int64_t shift;
	int code;

	if (!parse(argc, argv, &options, &code))
		return code;
	code = EXIT_FAILED;
	scoring.table = malloc(sizeof(*scoring.table));
	model = load_model("score", options.model);
	if (scoring.table && model && load_shift("score", model, options.base_rate, &shift) &&
	    apply_init(&scoring.apply, model, shift) == STATUS_OK && table_open(scoring.table, "score", options.in)) {
		code = score_table(&scoring, model);
		table_close(scoring.table);
	}
	apply_finish(&scoring.apply);
	free(model);
	free(scoring.table);
	return code;
}
