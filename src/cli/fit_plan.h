/* SPDX-License-Identifier: MIT */
#ifndef CLI_FIT_PLAN_H
#define CLI_FIT_PLAN_H

#include "lab/cohort.h"
#include "lab/fit.h"
#include "table.h"

/* What the command line says of one column: which fact it is, which direction is good. */
struct plan_column {
	const char *column; /* in the file */
	const char *fact;   /* NULL: its own name */
	int direction;      /* 1 high is good, -1 low is good, 0 not told */
};

struct plan {
	const char *label;
	const char *group; /* NULL: every row stands alone */
	const char *due;   /* with "paid" in place of a label: rows are invoices */
	const char *paid;
	int32_t late_days; /* later than this after the due day is bad */
	int32_t today;     /* when open invoices were looked at */
	size_t told_count;
	struct plan_column told[MAX_CSV_FIELDS];
	size_t drop_count;
	const char *drop[MAX_CSV_FIELDS];
	/* made by plan_inputs() */
	size_t input_count;
	struct fit_input inputs[MAX_CHARACTERISTICS];
};

/* "column=fact", "column=high" or "column=low"; false when it is neither. */
bool plan_map(struct plan *plan, char *text);
bool plan_direction(struct plan *plan, char *text);
/*
 * The inputs a file offers: columns named as facts or mapped to one, and
 * columns a direction was told for. False after a message.
 */
bool plan_inputs(struct plan *plan, const struct table *table);
/* Reads the rows of an open file as one part of the cohort. False after a message. */
bool plan_read(const struct plan *plan, struct table *table, uint8_t part, struct cohort *cohort);

#endif
