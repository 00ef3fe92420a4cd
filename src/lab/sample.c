/* SPDX-License-Identifier: MIT */
#include "lab/sample.h"

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

void sample_init(struct sample *sample, size_t inputs)
{
	memset(sample, 0, sizeof(*sample));
	sample->inputs = inputs;
}

void sample_finish(struct sample *sample)
{
	free(sample->values);
	free(sample->bad);
	free(sample->part);
	free(sample->group);
	sample_init(sample, sample->inputs);
}

static bool enlarge(void **block, size_t count, size_t size)
{
	void *larger = reallocarray(*block, count, size);

	if (larger)
		*block = larger;
	return larger != NULL;
}

static bool reserve(struct sample *sample)
{
	size_t cap = sample->cap ? 2 * sample->cap : FIRST_CAP;

	if (sample->rows < sample->cap)
		return true;
	if (!enlarge((void **)&sample->values, cap * (sample->inputs ? sample->inputs : 1), sizeof(*sample->values)) ||
	    !enlarge((void **)&sample->bad, cap, sizeof(*sample->bad)) ||
	    !enlarge((void **)&sample->part, cap, sizeof(*sample->part)) ||
	    !enlarge((void **)&sample->group, cap, sizeof(*sample->group)))
		return false;
	sample->cap = cap;
	return true;
}

enum status sample_add(struct sample *sample, const int64_t *values, bool bad, uint8_t part, uint64_t group)
{
	if (!reserve(sample))
		return STATUS_NO_MEMORY;
	memcpy(sample->values + sample->rows * sample->inputs, values, sample->inputs * sizeof(*values));
	sample->bad[sample->rows] = bad;
	sample->part[sample->rows] = part;
	sample->group[sample->rows] = group;
	sample->rows++;
	return STATUS_OK;
}

size_t sample_bad(const struct sample *sample)
{
	size_t bad = 0;

	for (size_t row = 0; row < sample->rows; row++)
		bad += sample->bad[row];
	return bad;
}

enum status sample_split(const struct sample *sample, const uint8_t *folds, uint8_t fold, bool keep,
                         struct sample *ret_copy)
{
	struct sample copy;

	sample_init(&copy, sample->inputs);
	for (size_t row = 0; row < sample->rows; row++) {
		if ((folds[row] == fold) != keep)
			continue;
		enum status status = sample_add(&copy, sample->values + row * sample->inputs, sample->bad[row],
		                                sample->part[row], sample->group[row]);
		if (status) {
			sample_finish(&copy);
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
static size_t make_members(const struct sample *sample, uint64_t seed, struct member *members, size_t *ret_member)
{
	size_t count = 0;

	for (size_t i = 0; i < sample->rows; i++) {
		size_t row = members[i].row;
		if (count == 0 || members[count - 1].part != sample->part[row] ||
		    members[count - 1].group != sample->group[row]) {
			struct random random = {seed ^ (sample->group[row] * UINT64_C(0x9e3779b97f4a7c15))};
			members[count++] = (struct member){sample->group[row], random_next(&random), row,
			                                   sample->part[row], 0};
		}
		members[count - 1].bad |= sample->bad[row];
		ret_member[row] = members[count - 1].row;
	}
	return count;
}

enum status sample_folds(const struct sample *sample, unsigned count, uint64_t seed, uint8_t *ret_folds)
{
	struct member *members = calloc(sample->rows + 1, sizeof(*members));
	size_t *leader = calloc(sample->rows + 1, sizeof(*leader)); /* first row of each row's group */

	if (!members || !leader) {
		free(members);
		free(leader);
		return STATUS_NO_MEMORY;
	}
	for (size_t row = 0; row < sample->rows; row++)
		members[row] = (struct member){sample->group[row], 0, row, sample->part[row], 0};
	qsort(members, sample->rows, sizeof(*members), by_group);
	size_t groups = make_members(sample, seed, members, leader);
	qsort(members, groups, sizeof(*members), by_draw);
	for (size_t i = 0; i < groups; i++)
		ret_folds[members[i].row] = (uint8_t)(i % count);
	for (size_t row = 0; row < sample->rows; row++)
		ret_folds[row] = ret_folds[leader[row]];
	free(members);
	free(leader);
	return STATUS_OK;
}
