/* SPDX-License-Identifier: MIT */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/scorecard.h"
#include "input.h"
#include "progress.h"
#include "wire/csv.h"

/*
 * A delimited file with a header, as score, evaluate, compare, fit and ratios
 * read them: what is wrong goes to standard error with path and line, the
 * first TABLE_COMPLAINTS of a file, the rest is counted.
 */
#define TABLE_COMPLAINTS 10

struct table {
	const char *command;
	const char *path;
	struct input *input;
	void *block;
	bool comma; /* decimals may have a comma */
	uint64_t rows;
	uint64_t faults; /* records left out and cells that could not be read */
	struct progress progress;
	struct csv csv;
};

/* False after a message. The table is large: not for the stack. */
bool table_open(struct table *table, const char *command, const char *path);
/* Tells how many faults were not shown. */
void table_close(struct table *table);
/* CSV_FAULT is reported already; CSV_READ_FAILED too. */
enum csv_result table_next(struct table *table);
/* Reports a cell of the current record. */
void table_complain(struct table *table, const char *column, const char *why);

/* One input of a card in a file: its column and unit. */
struct table_input {
	enum fact_id fact; /* FACT_NONE: in millionths */
	int column;        /* -1: this file does not have it */
	const char *name;
};

/* Where the file holds the inputs of a model. False, with a message that names them, when it holds none. */
bool table_find(const struct table *table, const struct model *model, struct table_input inputs[MAX_CHARACTERISTICS]);
/* The current record's values; a cell that cannot be read is reported and counts as unknown. */
void table_values(struct table *table, const struct table_input *inputs, size_t count, int64_t *ret_values);

#endif
