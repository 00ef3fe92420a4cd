/* SPDX-License-Identifier: MIT */
#ifndef WIRE_RECORD_CSV_H
#define WIRE_RECORD_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * Decision records as a table for spreadsheets (RFC 4180, UTF-8): one line
 * per record with what a credit manager filters by. Text cells that a
 * spreadsheet would take for a formula get an apostrophe in front.
 */
void record_csv_header(struct buf *out);
/* STATUS_CORRUPT: no record; STATUS_TOO_LARGE: out or the arena is too small. */
enum status record_csv_row(struct slice record, struct arena *arena, struct buf *out) MUST_CHECK;

#endif
