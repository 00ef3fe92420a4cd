/* SPDX-License-Identifier: MIT */
#ifndef LAB_REPORT_H
#define LAB_REPORT_H

#include "base/buf.h"
#include "core/scorecard.h"
#include "lab/measure.h"

/* A measured model, for the reader: all figures of one evaluation. */
struct report {
	const struct model *model;
	const char *file;
	const struct measure *measure;
	const struct measure_row *rows; /* sorted by points, as measure() leaves them */
	double known;                   /* mean known share of the card's range */
};

/* Plain text, a JSON object, and a page that needs nothing beside it. out->overflow tells when there is no room. */
void report_text(const struct report *report, struct buf *out);
void report_json(const struct report *report, struct buf *out);
void report_html(const struct report *report, struct buf *out);

#endif
