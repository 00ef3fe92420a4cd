/* SPDX-License-Identifier: MIT */
#ifndef LAB_REPORT_PART_H
#define LAB_REPORT_PART_H

#include "lab/report.h"

#define REPORT_FIGURES 11

/* One figure of an evaluation, as all three forms of the report show it. */
struct report_figure {
	const char *name;
	const char *title;
	double value;
};

size_t report_figures(const struct report *report, struct report_figure ret_figures[REPORT_FIGURES]);
/* Rounded to places (0..6). */
void report_decimal(struct buf *out, double value, unsigned places);
double report_rate(const struct measure_band *band);

#endif
