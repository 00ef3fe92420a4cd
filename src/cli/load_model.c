/* SPDX-License-Identifier: MIT */
#include "load_model.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

struct model *load_model_shipped(const char *command)
{
	static const char *const places[] = {"../share/bonigate/models", "../../src/data/models"};
	char self[PATH_MAX];
	char path[2 * PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (len <= 0)
		return NULL;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int n = snprintf(path, sizeof(path), "%s/%s/de-base.json", self, places[i]);
		if (n > 0 && (size_t)n < sizeof(path) && access(path, R_OK) == 0)
			return load_model(command, path);
	}
	fprintf(stderr, "bonigate %s: no model came with the program; name one with --model\n", command);
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
