/* SPDX-License-Identifier: MIT */
#include "load_model.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/logit.h"
#include "lab/reading.h"
#include "state.h"
#include "wire/model_in.h"

#define ARENA_CAP (16u << 20)
#define ONE_PPM   1000000

struct model *load_model(const char *command, const char *path)
{
	size_t len;
	char *text = state_read_file(path, MAX_MODEL_FILE, &len);
	struct model *model = malloc(sizeof(*model));
	void *mem = malloc(ARENA_CAP);
	struct load_error error = {{0}, {0}};
	struct arena arena;
	enum status status = STATUS_NO_MEMORY;

	if (text && model && mem) {
		arena_init(&arena, mem, ARENA_CAP);
		status = model_in_parse((struct slice){text, len}, &arena, model, &error);
	}
	if (status == STATUS_INVALID)
		fprintf(stderr, "%s: %s: %s\n", path, error.pointer[0] ? error.pointer : "/", error.detail);
	else if (status && text)
		state_complain(command, path, status);
	free(mem);
	free(text);
	if (status == STATUS_OK)
		return model;
	free(model);
	return NULL;
}

bool load_shift(const char *command, const struct model *model, const char *target, int64_t *ret_shift)
{
	int64_t rate;

	*ret_shift = 0;
	if (!target)
		return true;
	if (reading_millionths(slice_cstr(target), true, &rate) != READING_VALUE || rate < 1 || rate >= ONE_PPM) {
		fprintf(stderr, "bonigate %s: the base rate is a fraction between 0 and 1, as 0.0173\n", command);
		return false;
	}
	if (model->base_rate_ppm == 0) {
		fprintf(stderr, "bonigate %s: the model %s does not tell its own base rate, so it cannot be shifted\n",
		        command, model->id);
		return false;
	}
	*ret_shift = logit_from_ppm(rate) - logit_from_ppm(model->base_rate_ppm);
	return true;
}
