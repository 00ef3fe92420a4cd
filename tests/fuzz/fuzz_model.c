/* SPDX-License-Identifier: MIT */
/* A model file: any bytes end in a model that keeps its promises, or in a pointer and a sentence. */
#include <stdlib.h>
#include <string.h>

#include "wire/model_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The range of what any facts may be worth; a prepared model never leaves it. */
static void check_score(const struct model *model)
{
	static const struct event_rules RULES = {.insolvency_points = {0, 0, -50}};
	struct facts facts;
	struct score score;

	facts_init(&facts);
	scorecard_eval(model, &RULES, &facts, 20000, &score);
	if (score.score < 0 || score.score > SCORE_MAX || score.pd_ppm < 1 || score.pd_ppm > 1000000)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[1024 * 1024] __attribute__((aligned(16)));
	static struct model model;
	struct load_error error = {.detail = ""};
	struct model_fault fault;
	struct arena arena;
	enum status status;

	arena_init(&arena, memory, sizeof(memory));
	status = model_in_parse((struct slice){(const char *)data, size}, &arena, &model, &error);
	if (status == STATUS_OK) {
		if (scorecard_check(&model, &fault) != STATUS_OK)
			abort();
		check_score(&model);
	} else if (status == STATUS_INVALID && error.detail[0] == '\0') {
		abort();
	}
	return 0;
}
