/* SPDX-License-Identifier: MIT */
#ifndef LAB_READING_H
#define LAB_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "core/facts.h"
#include "lab/cohort.h"

/*
 * Table cells as the integers the scorecard compares: millionths, or the
 * fact's own unit. Unknown: empty, blanks, "nan", "na", "null", "none", "-",
 * "?", and infinities, which are what a spreadsheet makes of a denominator of
 * zero. Numbers are rounded down to the unit, so that a border given to the
 * unit divides as the exact number would; beyond the range they are clamped.
 */
enum reading {
	READING_VALUE,
	READING_UNKNOWN, /* *ret_value is COHORT_UNKNOWN */
	READING_FAULT    /* neither a number nor unknown; *ret_value is COHORT_UNKNOWN */
};

/* "comma": the decimal sign is a comma, as in files separated by semicolons. */
enum reading reading_millionths(struct slice text, bool comma, int64_t *ret_value);
/* A value of this fact: dates and codes by name, money in whole EUR; FACT_NONE as millionths. */
enum reading reading_fact(enum fact_id fact, struct slice text, bool comma, int64_t *ret_value);
/* 1/0, true/false, yes/no, ja/nein, failed/alive: READING_VALUE with 1 = failed. */
enum reading reading_label(struct slice text, int64_t *ret_value);

#endif
