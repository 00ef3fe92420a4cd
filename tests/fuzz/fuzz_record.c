/* SPDX-License-Identifier: MIT */
/* A stored record: any bytes are corrupt and say where, or can be decided upon and written again. */
#include <stdlib.h>
#include <string.h>

#include "wire/record_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[2 * MAX_REQUEST_ARENA] __attribute__((aligned(16)));
static struct policy policy;
static struct model model;

static void make_rules(void)
{
	struct model_fault fault;

	policy_defaults(&policy);
	model = (struct model){
	        .id = "fuzz",
	        .version = "1",
	        .characteristic_count = 1,
	        .characteristics = {{.fact = FACT_AGE,
	                             .good = REASON_AGE_ESTABLISHED,
	                             .bad = REASON_AGE_YOUNG,
	                             .bin_count = 2,
	                             .bins = {{.below = 3, .points = -50}, {.below = INT64_MAX, .points = 50}}}},
	        .pd_count = 2,
	        .pd = {{-50, 200000}, {50, 500}},
	        .score_count = 2,
	        .score = {{500, 100}, {1000000, 0}},
	};
	if (scorecard_prepare(&model, &fault) != STATUS_OK)
		abort();
}

/* Writes what was decided and reads it back: the same again. */
static void check_round(const struct record *record, const struct decision_input *in, struct arena *arena)
{
	static char text[MAX_RECORD];
	static struct decision decision;
	static struct record again;
	struct load_error error;
	struct buf out;

	decision_make(in, &decision);
	buf_init(&out, text, sizeof(text));
	if (record_put(&out, &record->head, &record->asked, in, &decision) != STATUS_OK)
		return;
	record_close(&out, record->seq, record->prev);
	if (record_in_parse(buf_view(&out), arena, &again, &error) != STATUS_OK)
		abort();
	if (again.result.outcome != decision.outcome || again.result.limit.total != decision.limit.total ||
	    again.result.method_count != decision.method_count || again.order.amount != record->order.amount)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct record record;
	struct load_error error = {.detail = ""};
	struct identity_error faults[1];
	struct identity_norm asked;
	size_t count = 0;
	struct arena arena;
	struct decision_input in = {
	        .policy = &policy, .model = &model, .facts = &record.facts, .order = &record.order, .asked = &asked};

	if (!model.id[0])
		make_rules();
	arena_init(&arena, memory, sizeof(memory));
	switch ((int)record_in_parse((struct slice){(const char *)data, size}, &arena, &record, &error)) {
	case STATUS_OK:
		break;
	case STATUS_CORRUPT:
		if (error.detail[0] == '\0')
			abort();
		return 0;
	default:
		return 0;
	}
	if (identity_normalise(&record.asked, &arena, &asked, faults, 1, &count) != STATUS_OK)
		return 0;
	in.exposure = record.exposure;
	in.freshness = record.freshness;
	in.today = record.today;
	facts_derive(&record.facts, record.today);
	check_round(&record, &in, &arena);
	return 0;
}
