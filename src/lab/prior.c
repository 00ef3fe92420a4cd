/* SPDX-License-Identifier: MIT */
#include "lab/prior.h"

#include <string.h>

static bool has_input(const struct model *model, const struct characteristic *c)
{
	for (int i = 0; i < model->characteristic_count; i++)
		if (strcmp(scorecard_input(&model->characteristics[i]), scorecard_input(c)) == 0)
			return true;
	return false;
}

enum status prior_join(const struct model *prior, struct model *model)
{
	for (int i = 0; i < prior->characteristic_count; i++) {
		if (has_input(model, &prior->characteristics[i]))
			continue;
		if (model->characteristic_count == MAX_CHARACTERISTICS)
			return STATUS_TOO_LARGE;
		model->characteristics[model->characteristic_count++] = prior->characteristics[i];
	}
	model->evidence_count = prior->evidence_count;
	memcpy(model->evidence, prior->evidence, sizeof(model->evidence));
	model->min_known_ppm = prior->min_known_ppm;
	model->thin_share_ppm = prior->thin_share_ppm;
	return STATUS_OK;
}
