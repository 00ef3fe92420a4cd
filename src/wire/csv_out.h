/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_CSV_OUT_H
#define SRC_WIRE_CSV_OUT_H

#include "base/buf.h"

/*
 * Text inside a quoted cell (RFC 4180). At the cell's beginning, what a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
void csv_out_text(struct buf *out, struct slice text, bool first);
/* A whole quoted cell. */
void csv_out_cell(struct buf *out, struct slice text);

#endif
