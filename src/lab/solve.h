/* SPDX-License-Identifier: MIT */
#ifndef LAB_SOLVE_H
#define LAB_SOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Ridge-penalised logistic regression on inputs that come as few cells (bins,
 * or cells of a pair table), with weights that may not be negative. Each
 * block maps a cell to "columns" numbers; the log-odds of being good are the
 * part's constant plus the sum over all columns of weight times number.
 * Newton steps over histograms of cells, each step solved by coordinate
 * descent: exact, and in the order of the rows, so the same every time.
 */
struct solve_block {
	size_t cells;         /* cell 0 is "unknown", its numbers are zero */
	size_t columns;       /* at most 255 of all */
	const double *basis;  /* [cell * columns + column] */
	const double *ridge;  /* per column: penalty ridge/2 * weight^2 */
	const uint8_t *codes; /* cell of each row */
	double *weights;      /* per column, in: where to start, out: the fit */
	double *values;       /* per cell, out: log-odds of this block */
};

struct solve_problem {
	size_t rows;
	const uint8_t *bad;   /* 1 = failed */
	const uint8_t *part;  /* each part (file, country) has its own constant */
	const double *weight; /* of each row; NULL = 1 */
	size_t part_count;
	double *constants; /* per part, in: where to start, out: the fit */
	size_t block_count;
	struct solve_block *blocks;
};

/* STATUS_NO_MEMORY; otherwise the optimum up to rounding. */
enum status solve(struct solve_problem *problem) MUST_CHECK;

#endif
