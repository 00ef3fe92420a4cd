/* SPDX-License-Identifier: MIT */
#include "solve.h"

#include <stdlib.h>
#include <string.h>

#include "num.h"

#define MAX_STEPS   30
#define MAX_SWEEPS  400
#define MAX_HALVES  20
#define TOLERANCE   1e-9 /* of the objective, relative */
#define STILL       1e-7 /* a sweep that moves no weight by more standard errors ends the descent */
#define CURVATURE   1e-9 /* least second derivative of a column */
#define MAX_COLUMNS 4096

/* Columns of all blocks in one row, behind them one column per part. */
struct work {
	struct solve_problem *problem;
	size_t columns;
	size_t wide;       /* most cells of a block */
	size_t most;       /* most columns of a block */
	size_t *offset;    /* first column of each block */
	double *z;         /* log-odds of each row */
	double *slope;     /* first derivative of each row */
	double *curve;     /* second derivative of each row */
	double *histogram; /* cells x cells of a pair of blocks */
	double *product;
	double *gradient;
	double *hessian; /* columns x columns */
	double *weights;
	double *trial;
	double *ridge;
};

static size_t widest(const struct solve_problem *problem)
{
	size_t most = problem->part_count;

	for (size_t i = 0; i < problem->block_count; i++)
		if (problem->blocks[i].cells > most)
			most = problem->blocks[i].cells;
	return most;
}

/* Where each block's columns begin, and behind them those of the parts. */
static void set_offsets(struct work *work)
{
	const struct solve_problem *problem = work->problem;
	size_t columns = 0;

	work->most = problem->part_count;
	for (size_t i = 0; i < problem->block_count; i++) {
		work->offset[i] = columns;
		columns += problem->blocks[i].columns;
		if (problem->blocks[i].columns > work->most)
			work->most = problem->blocks[i].columns;
	}
	work->offset[problem->block_count] = columns;
	work->columns = columns + problem->part_count;
}

static double *take(double **memory, size_t count)
{
	double *taken = *memory;

	*memory += count;
	return taken;
}

static size_t work_doubles(const struct work *work)
{
	return 3 * work->problem->rows + work->wide * work->wide + work->wide * work->most +
	       work->columns * work->columns + 4 * work->columns;
}

/* Lays the arrays out in work_doubles() zeroed numbers. */
static void work_place(struct work *work, double *memory)
{
	size_t rows = work->problem->rows;
	size_t columns = work->columns;

	work->z = take(&memory, rows);
	work->slope = take(&memory, rows);
	work->curve = take(&memory, rows);
	work->histogram = take(&memory, work->wide * work->wide);
	work->product = take(&memory, work->wide * work->most);
	work->hessian = take(&memory, columns * columns);
	work->gradient = take(&memory, columns);
	work->weights = take(&memory, columns);
	work->trial = take(&memory, columns);
	work->ridge = take(&memory, columns);
}

static void load_weights(struct work *work)
{
	struct solve_problem *problem = work->problem;

	for (size_t i = 0; i < problem->block_count; i++) {
		size_t size = problem->blocks[i].columns * sizeof(double);
		memcpy(work->weights + work->offset[i], problem->blocks[i].weights, size);
		memcpy(work->ridge + work->offset[i], problem->blocks[i].ridge, size);
	}
	memcpy(work->weights + work->offset[problem->block_count], problem->constants,
	       problem->part_count * sizeof(double));
}

/* Cell values of every block and the log-odds of every row under these weights. */
static void set_log_odds(struct work *work, const double *weights)
{
	struct solve_problem *problem = work->problem;
	const double *constants = weights + work->offset[problem->block_count];

	for (size_t row = 0; row < problem->rows; row++)
		work->z[row] = constants[problem->part[row]];
	for (size_t i = 0; i < problem->block_count; i++) {
		struct solve_block *block = &problem->blocks[i];
		for (size_t cell = 0; cell < block->cells; cell++) {
			double sum = 0;
			for (size_t c = 0; c < block->columns; c++)
				sum += weights[work->offset[i] + c] * block->basis[cell * block->columns + c];
			block->values[cell] = sum;
		}
		for (size_t row = 0; row < problem->rows; row++)
			work->z[row] += block->values[block->codes[row]];
	}
}

/* Penalised negative log-likelihood at work->z, and the derivatives of each row. */
static double set_derivatives(struct work *work, const double *weights)
{
	struct solve_problem *problem = work->problem;
	double loss = 0;

	for (size_t row = 0; row < problem->rows; row++) {
		double weight = problem->weight ? problem->weight[row] : 1.0;
		double z = work->z[row];
		double e = num_exp(z < 0 ? z : -z);       /* of -|z|: in 0..1 */
		double p = (z < 0 ? 1.0 : e) / (1.0 + e); /* of failing */
		loss += weight * (num_log(1.0 + e) + ((z < 0) != (problem->bad[row] == 1) ? (z < 0 ? -z : z) : 0.0));
		work->slope[row] = weight * (problem->bad[row] - p);
		work->curve[row] = weight * p * (1.0 - p);
	}
	for (size_t c = 0; c < work->columns; c++)
		loss += 0.5 * work->ridge[c] * weights[c] * weights[c];
	return loss;
}

/* Sums of the rows' second derivatives by cell of a and cell of b. */
static void sum_pairs(struct work *work, const uint8_t *a, const uint8_t *b, size_t b_cells, size_t cells)
{
	double *histogram = work->histogram;
	const double *curve = work->curve;

	memset(histogram, 0, cells * sizeof(double));
	for (size_t row = 0; row < work->problem->rows; row++)
		histogram[a[row] * b_cells + b[row]] += curve[row];
}

/* Second derivatives by columns of two blocks: basis_a' * histogram * basis_b. */
static void set_hessian_pair(struct work *work, size_t i, size_t j)
{
	const struct solve_block *a = &work->problem->blocks[i];
	const struct solve_block *b = &work->problem->blocks[j];

	sum_pairs(work, a->codes, b->codes, b->cells, a->cells * b->cells);
	memset(work->product, 0, a->cells * b->columns * sizeof(double));
	for (size_t ca = 0; ca < a->cells; ca++)
		for (size_t cb = 0; cb < b->cells; cb++) {
			double h = work->histogram[ca * b->cells + cb];
			double *out = work->product + ca * b->columns;
			const double *in = b->basis + cb * b->columns;
			for (size_t c = 0; h != 0 && c < b->columns; c++)
				out[c] += h * in[c];
		}
	for (size_t k = 0; k < a->columns; k++) {
		double *out = work->hessian + (work->offset[i] + k) * work->columns + work->offset[j];
		memset(out, 0, b->columns * sizeof(double));
		for (size_t ca = 0; ca < a->cells; ca++) {
			double x = a->basis[ca * a->columns + k];
			const double *in = work->product + ca * b->columns;
			for (size_t c = 0; x != 0 && c < b->columns; c++)
				out[c] += x * in[c];
		}
	}
}

static void set_hessian_parts(struct work *work, size_t i)
{
	const struct solve_problem *problem = work->problem;
	const struct solve_block *a = &problem->blocks[i];
	size_t parts = problem->part_count;

	sum_pairs(work, a->codes, problem->part, parts, a->cells * parts);
	for (size_t k = 0; k < a->columns; k++)
		for (size_t part = 0; part < parts; part++) {
			double sum = 0;
			for (size_t cell = 0; cell < a->cells; cell++)
				sum += a->basis[cell * a->columns + k] * work->histogram[cell * parts + part];
			work->hessian[(work->offset[i] + k) * work->columns + work->offset[problem->block_count] +
			              part] = sum;
		}
}

static void mirror_hessian(struct work *work)
{
	for (size_t r = 0; r < work->columns; r++)
		for (size_t c = 0; c < r; c++)
			work->hessian[r * work->columns + c] = work->hessian[c * work->columns + r];
}

static void set_hessian(struct work *work)
{
	const struct solve_problem *problem = work->problem;
	size_t first = work->offset[problem->block_count];

	for (size_t i = 0; i < problem->block_count; i++) {
		for (size_t j = i; j < problem->block_count; j++)
			set_hessian_pair(work, i, j);
		set_hessian_parts(work, i);
	}
	for (size_t r = first; r < work->columns; r++)
		memset(work->hessian + r * work->columns + first, 0, problem->part_count * sizeof(double));
	for (size_t row = 0; row < problem->rows; row++)
		work->hessian[(first + problem->part[row]) * (work->columns + 1)] += work->curve[row];
	mirror_hessian(work);
}

/* First derivatives of the likelihood by column; the penalty comes in with each descent step. */
static void set_gradient(struct work *work)
{
	const struct solve_problem *problem = work->problem;
	double *parts = work->gradient + work->offset[problem->block_count];

	memset(work->gradient, 0, work->columns * sizeof(double));
	for (size_t row = 0; row < problem->rows; row++)
		parts[problem->part[row]] += work->slope[row];
	for (size_t i = 0; i < problem->block_count; i++) {
		const struct solve_block *block = &problem->blocks[i];
		memset(work->histogram, 0, block->cells * sizeof(double));
		for (size_t row = 0; row < problem->rows; row++)
			work->histogram[block->codes[row]] += work->slope[row];
		for (size_t cell = 0; cell < block->cells; cell++)
			for (size_t c = 0; c < block->columns; c++)
				work->gradient[work->offset[i] + c] += block->basis[cell * block->columns + c] *
				                                       work->histogram[cell];
	}
}

/* One coordinate: its step, in standard errors. */
static double descend_one(struct work *work, size_t c)
{
	bool constant = c >= work->offset[work->problem->block_count];
	const double *row = work->hessian + c * work->columns;
	double curvature = row[c] + work->ridge[c];

	if (curvature < CURVATURE)
		return 0;
	double weight = work->trial[c] - (work->gradient[c] + work->ridge[c] * work->trial[c]) / curvature;
	if (!constant && weight < 0)
		weight = 0;
	double step = weight - work->trial[c];
	if (step == 0)
		return 0;
	work->trial[c] = weight;
	for (size_t k = 0; k < work->columns; k++)
		work->gradient[k] += step * row[k];
	return step * step * curvature;
}

/* Minimises the quadratic model around work->weights; the result stands in work->trial. */
static void descend(struct work *work)
{
	memcpy(work->trial, work->weights, work->columns * sizeof(double));
	for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
		double most = 0;
		for (size_t i = work->columns; i > 0; i--) {
			double moved = descend_one(work, i - 1);
			if (moved > most)
				most = moved;
		}
		if (most < STILL * STILL)
			break;
	}
}

/* Takes the largest of the steps 1, 1/2, 1/4 ... toward work->trial that lowers the loss. */
static bool step(struct work *work, double *loss)
{
	for (int half = 0; half < MAX_HALVES; half++) {
		set_log_odds(work, work->trial);
		double next = set_derivatives(work, work->trial);
		if (next <= *loss) {
			bool goes_on = *loss - next > TOLERANCE * (1.0 + *loss);
			memcpy(work->weights, work->trial, work->columns * sizeof(double));
			*loss = next;
			return goes_on;
		}
		for (size_t c = 0; c < work->columns; c++)
			work->trial[c] = 0.5 * (work->trial[c] + work->weights[c]);
	}
	set_log_odds(work, work->weights);
	return false;
}

static void store_weights(struct work *work)
{
	struct solve_problem *problem = work->problem;

	for (size_t i = 0; i < problem->block_count; i++)
		memcpy(problem->blocks[i].weights, work->weights + work->offset[i],
		       problem->blocks[i].columns * sizeof(double));
	memcpy(problem->constants, work->weights + work->offset[problem->block_count],
	       problem->part_count * sizeof(double));
}

static void improve(struct work *work)
{
	load_weights(work);
	set_log_odds(work, work->weights);
	double loss = set_derivatives(work, work->weights);
	for (int i = 0; i < MAX_STEPS; i++) {
		set_hessian(work);
		set_gradient(work);
		descend(work);
		if (!step(work, &loss))
			break;
	}
	store_weights(work);
}

enum status solve(struct solve_problem *problem)
{
	struct work work = {.problem = problem, .wide = widest(problem)};
	size_t *offset = calloc(problem->block_count + 1, sizeof(*offset));
	double *memory = NULL;

	work.offset = offset;
	if (offset) {
		set_offsets(&work);
		memory = work.columns <= MAX_COLUMNS ? calloc(work_doubles(&work), sizeof(*memory)) : NULL;
	}
	if (memory) {
		work_place(&work, memory);
		improve(&work);
	}
	free(memory);
	free(offset);
	return memory ? STATUS_OK : STATUS_NO_MEMORY;
}
