/* SPDX-License-Identifier: MIT */
#include "lab/apply.h"

#include <stdlib.h>

#include "base/money.h"
#include "core/logit.h"
#include "lab/cohort.h"

#define MAX_SPAN 2000000

enum status apply_init(struct apply *apply, const struct model *model, int64_t shift)
{
	int64_t least = model->base_points;
	int64_t most = model->base_points;

	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		/* evidence that counts less comes near 0 from either side */
		int32_t low = c->worst < c->missing_points ? c->worst : c->missing_points;
		int32_t high = c->best > c->missing_points ? c->best : c->missing_points;
		least += low < 0 ? low : 0;
		most += high > 0 ? high : 0;
	}
	if (most - least > MAX_SPAN)
		return STATUS_TOO_LARGE;
	struct apply_grade *grades = calloc((size_t)(most - least) + 1, sizeof(*grades));
	if (!grades)
		return STATUS_NO_MEMORY;
	for (int64_t points = least; points <= most; points++) {
		int32_t pd = scorecard_pd(model, (int32_t)points);
		if (shift != 0)
			pd = (int32_t)logit_to_ppm(logit_from_ppm(pd) + shift);
		grades[points - least] = (struct apply_grade){pd, scorecard_grade(model, pd)};
	}
	*apply = (struct apply){model, (int32_t)least, (int32_t)most, grades};
	return STATUS_OK;
}

void apply_finish(struct apply *apply)
{
	free(apply->grades);
	apply->grades = NULL;
}

void apply_shares(const struct apply *apply, const int64_t *values, int64_t ret_shares[MAX_EVIDENCE])
{
	const struct model *model = apply->model;
	uint32_t known = 0;

	ret_shares[0] = EVIDENCE_FULL;
	for (int i = 0; i < model->characteristic_count; i++)
		if (values[i] != COHORT_UNKNOWN)
			known |= UINT32_C(1) << model->characteristics[i].evidence;
	evidence_shares(model->evidence, model->evidence_count, known, ret_shares);
}

/* The card of a model that knows kinds of evidence. */
static int32_t weighed_points(const struct apply *apply, const int64_t *values)
{
	const struct model *model = apply->model;
	int64_t shares[MAX_EVIDENCE];
	int32_t points = model->base_points;

	apply_shares(apply, values, shares);
	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		points += values[i] == COHORT_UNKNOWN
		                  ? c->missing_points
		                  : evidence_weigh(c->bins[scorecard_bin(c, values[i])].points, shares[c->evidence]);
	}
	return points;
}

int32_t apply_points(const struct apply *apply, const int64_t *values)
{
	const struct model *model = apply->model;
	int32_t points = model->base_points;

	if (model->evidence_count > 0)
		return weighed_points(apply, values);
	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		points += values[i] == COHORT_UNKNOWN ? c->missing_points : c->bins[scorecard_bin(c, values[i])].points;
	}
	return points;
}

struct apply_grade apply_grade(const struct apply *apply, int32_t points)
{
	return apply->grades[points - apply->least];
}

bool apply_thin(const struct apply *apply, const int64_t *values)
{
	return apply->model->min_known_ppm > 0 && apply_known(apply, values) < apply->model->min_known_ppm;
}

int32_t apply_known(const struct apply *apply, const int64_t *values)
{
	const struct model *model = apply->model;
	int64_t known = 0;

	for (int i = 0; i < model->characteristic_count; i++)
		if (values[i] != COHORT_UNKNOWN && !model->evidence[model->characteristics[i].evidence].optional)
			known += model->characteristics[i].best - model->characteristics[i].worst;
	return model->range > 0 ? (int32_t)(known * MONEY_MILLION / model->range) : (int32_t)MONEY_MILLION;
}
