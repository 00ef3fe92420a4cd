/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "lab/fit.h"

/* A row as one piece, so that whole rows can be sorted. */
struct line {
	size_t inputs;
	const int64_t *values;
	uint64_t group;
	uint8_t part;
	uint8_t bad;
};

static int by_content(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	for (size_t i = 0; i < x->inputs; i++)
		if (x->values[i] != y->values[i])
			return x->values[i] < y->values[i] ? -1 : 1;
	return (int)x->bad - (int)y->bad;
}

enum status fit_sort(struct cohort *cohort)
{
	struct line *lines = calloc(cohort->rows + 1, sizeof(*lines));
	struct cohort sorted;
	enum status status = lines ? STATUS_OK : STATUS_NO_MEMORY;

	if (!lines)
		return status;
	for (size_t row = 0; row < cohort->rows; row++)
		lines[row] = (struct line){cohort->inputs, cohort->values + row * cohort->inputs, cohort->group[row],
		                           cohort->part[row], cohort->bad[row]};
	qsort(lines, cohort->rows, sizeof(*lines), by_content);
	cohort_init(&sorted, cohort->inputs);
	for (size_t row = 0; status == STATUS_OK && row < cohort->rows; row++)
		status = cohort_add(&sorted, lines[row].values, lines[row].bad, lines[row].part, lines[row].group);
	free(lines);
	if (status) {
		cohort_finish(&sorted);
		return status;
	}
	cohort_finish(cohort);
	*cohort = sorted;
	return STATUS_OK;
}
