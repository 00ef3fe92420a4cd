/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/reading.h"

#define PROGRESS_ROWS 4096 /* between two looks at the progress bar */

static bool complain_header(struct table *table, enum status status)
{
	const char *why = table->csv.fault ? table->csv.fault : "the header cannot be read";

	if (status == STATUS_UNAVAILABLE && input_error(table->input))
		why = input_error(table->input);
	if (status == STATUS_TOO_LARGE)
		why = "the header is too long";
	fprintf(stderr, "bonigate %s: %s: %s\n", table->command, table->path, why);
	return false;
}

bool table_open(struct table *table, const char *command, const char *path)
{
	memset(table, 0, sizeof(*table));
	table->command = command;
	table->path = strcmp(path, "-") == 0 ? "standard input" : path;
	table->input = input_open(path);
	table->block = malloc(CSV_BLOCK);
	if (!table->input || !table->block) {
		fprintf(stderr, "bonigate %s: %s: %s\n", command, table->path, strerror(errno));
		table_close(table);
		return false;
	}
	csv_init(&table->csv, input_source(table->input), (struct csv_options){0}, table->block, CSV_BLOCK);
	enum status status = csv_header(&table->csv);
	if (status) {
		complain_header(table, status);
		table_close(table);
		return false;
	}
	table->comma = table->csv.separator != ',';
	progress_start(&table->progress, path, input_size(table->input));
	return true;
}

void table_close(struct table *table)
{
	progress_finish(&table->progress);
	if (table->faults > TABLE_COMPLAINTS)
		fprintf(stderr, "%s: %" PRIu64 " more faults\n", table->path, table->faults - TABLE_COMPLAINTS);
	input_close(table->input);
	free(table->block);
	table->input = NULL;
	table->block = NULL;
	table->faults = 0;
}

void table_complain(struct table *table, const char *column, const char *why)
{
	if (table->faults++ >= TABLE_COMPLAINTS)
		return;
	progress_finish(&table->progress);
	fprintf(stderr, "%s:%" PRIu64 ": %s%s%s\n", table->path, table->csv.line, column ? column : "",
	        column ? ": " : "", why);
}

enum csv_result table_next(struct table *table)
{
	enum csv_result result = csv_next(&table->csv);

	if (result == CSV_ROW)
		table->rows++;
	if (result == CSV_FAULT)
		table_complain(table, NULL, table->csv.fault);
	if (result == CSV_READ_FAILED)
		fprintf(stderr, "%s: %s\n", table->path,
		        input_error(table->input) ? input_error(table->input) : "reading failed");
	if (table->rows % PROGRESS_ROWS == 0)
		progress_update(&table->progress, input_size(table->input) ? input_taken(table->input) : table->rows);
	return result;
}

bool table_find(const struct table *table, const struct model *model, struct table_input inputs[MAX_CHARACTERISTICS])
{
	int found = 0;

	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		inputs[i] = (struct table_input){c->fact, -1, scorecard_input(c)};
		inputs[i].column = csv_column(&table->csv, slice_cstr(inputs[i].name));
		found += inputs[i].column >= 0;
	}
	if (found > 0)
		return true;
	fprintf(stderr, "bonigate %s: %s: none of the columns the model %s asks for:", table->command, table->path,
	        model->id);
	for (int i = 0; i < model->characteristic_count; i++)
		fprintf(stderr, " %s", inputs[i].name);
	fprintf(stderr, "\nthe file has:");
	for (size_t i = 0; i < table->csv.column_count; i++)
		fprintf(stderr, " %.*s", (int)table->csv.columns[i].len, table->csv.columns[i].ptr);
	fputc('\n', stderr);
	return false;
}

void table_values(struct table *table, const struct table_input *inputs, size_t count, int64_t *ret_values)
{
	for (size_t i = 0; i < count; i++) {
		if (inputs[i].column < 0) {
			ret_values[i] = COHORT_UNKNOWN;
			continue;
		}
		struct slice text = table->csv.fields[inputs[i].column];
		if (reading_fact(inputs[i].fact, text, table->comma, &ret_values[i]) == READING_FAULT)
			table_complain(table, inputs[i].name, "no number, taken as unknown");
	}
}
