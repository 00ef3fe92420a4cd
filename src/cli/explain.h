/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "base/buf.h"
#include "lab/apply.h"

/*
 * Three more cells of a scored row: the known share of the card; the four
 * inputs that cost most against their best bin, largest first, each with its
 * points and the border of the next better bin; and what is unknown.
 */
void explain_put(struct buf *out, const struct apply *apply, const int64_t *values);
/* A CSV cell, quoted where it must be. */
void explain_put_cell(struct buf *out, struct slice text);

#endif
