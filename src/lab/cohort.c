/* SPDX-License-Identifier: MIT */
#include "lab/cohort.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

#define FIRST_CAP 1024

/* A company, for the folds: where its rows are, and what orders it. */
struct member {
	uint64_t group;
	uint64_t draw;
	size_t row;
	uint8_t part;
	uint8_t bad;
};

void cohort_init(struct cohort *cohort, size_t inputs)
{
	memset(cohort, 0, sizeof(*cohort));
	cohort->inputs = inputs;
}

void cohort_finish(struct cohort *cohort)
{
	free(cohort->values);
	free(cohort->bad);
	free(cohort->part);
	free(cohort->group);
	cohort_init(cohort, cohort->inputs);
}

static bool enlarge(void **block, size_t count, size_t size)
{
	void *larger = reallocarray(*block, count, size);

	if (larger)
		*block = larger;
	return larger != NULL;
}

static bool reserve(struct cohort *cohort)
{
	size_t cap = cohort->cap ? 2 * cohort->cap : FIRST_CAP;

	if (cohort->rows < cohort->cap)
		return true;
	if (!enlarge((void **)&cohort->values, cap * (cohort->inputs ? cohort->inputs : 1), sizeof(*cohort->values)) ||
	    !enlarge((void **)&cohort->bad, cap, sizeof(*cohort->bad)) ||
	    !enlarge((void **)&cohort->part, cap, sizeof(*cohort->part)) ||
	    !enlarge((void **)&cohort->group, cap, sizeof(*cohort->group)))
		return false;
	cohort->cap = cap;
	return true;
}

enum status cohort_add(struct cohort *cohort, const int64_t *values, bool bad, uint8_t part, uint64_t group)
{
	if (!reserve(cohort))
		return STATUS_NO_MEMORY;
	memcpy(cohort->values + cohort->rows * cohort->inputs, values, cohort->inputs * sizeof(*values));
	cohort->bad[cohort->rows] = bad;
	cohort->part[cohort->rows] = part;
	cohort->group[cohort->rows] = group;
	cohort->rows++;
	return STATUS_OK;
}

size_t cohort_bad(const struct cohort *cohort)
{
	size_t bad = 0;

	for (size_t row = 0; row < cohort->rows; row++)
		bad += cohort->bad[row];
	return bad;
}

enum status cohort_split(const struct cohort *cohort, const uint8_t *folds, uint8_t fold, bool keep,
                         struct cohort *ret_copy)
{
	struct cohort copy;

	cohort_init(&copy, cohort->inputs);
	for (size_t row = 0; row < cohort->rows; row++) {
		if ((folds[row] == fold) != keep)
			continue;
		enum status status = cohort_add(&copy, cohort->values + row * cohort->inputs, cohort->bad[row],
		                                cohort->part[row], cohort->group[row]);
		if (status) {
			cohort_finish(&copy);
			return status;
		}
	}
	*ret_copy = copy;
	return STATUS_OK;
}

static int by_group(const void *a, const void *b)
{
	const struct member *x = a;
	const struct member *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_draw(const void *a, const void *b)
{
	const struct member *x = a;
	const struct member *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->bad != y->bad)
		return x->bad < y->bad ? -1 : 1;
	if (x->draw != y->draw)
		return x->draw < y->draw ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* One member per group, in the order of "members", which is sorted by group; ret_member names each row's. */
static size_t make_members(const struct cohort *cohort, uint64_t seed, struct member *members, size_t *ret_member)
{
	size_t count = 0;

	for (size_t i = 0; i < cohort->rows; i++) {
		size_t row = members[i].row;
		if (count == 0 || members[count - 1].part != cohort->part[row] ||
		    members[count - 1].group != cohort->group[row]) {
			struct random random = {seed ^ (cohort->group[row] * UINT64_C(0x9e3779b97f4a7c15))};
			members[count++] = (struct member){cohort->group[row], random_next(&random), row,
			                                   cohort->part[row], 0};
		}
		members[count - 1].bad |= cohort->bad[row];
		ret_member[row] = members[count - 1].row;
	}
	return count;
}

enum status cohort_folds(const struct cohort *cohort, unsigned count, uint64_t seed, uint8_t *ret_folds)
{
	struct member *members = calloc(cohort->rows + 1, sizeof(*members));
	size_t *leader = calloc(cohort->rows + 1, sizeof(*leader)); /* first row of each row's group */

	if (!members || !leader) {
		free(members);
		free(leader);
		return STATUS_NO_MEMORY;
	}
	for (size_t row = 0; row < cohort->rows; row++)
		members[row] = (struct member){cohort->group[row], 0, row, cohort->part[row], 0};
	qsort(members, cohort->rows, sizeof(*members), by_group);
	size_t groups = make_members(cohort, seed, members, leader);
	qsort(members, groups, sizeof(*members), by_draw);
	for (size_t i = 0; i < groups; i++)
		ret_folds[members[i].row] = (uint8_t)(i % count);
	for (size_t row = 0; row < cohort->rows; row++)
		ret_folds[row] = ret_folds[leader[row]];
	free(members);
	free(leader);
	return STATUS_OK;
}
