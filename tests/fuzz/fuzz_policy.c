/* SPDX-License-Identifier: MIT */
/* A policy file: any bytes end in a policy that keeps its promises and decides, or in a pointer and a sentence. */
#include <stdlib.h>
#include <string.h>

#include "core/decision.h"
#include "wire/policy_in.h"

#define DAY 20000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make_model(struct model *model)
{
	struct model_fault fault;

	*model = (struct model){
	        .id = "fuzz",
	        .version = "1",
	        .characteristic_count = 1,
	        .characteristics = {{.fact = FACT_EQUITY_RATIO,
	                             .good = REASON_EQUITY_RATIO_STRONG,
	                             .bad = REASON_EQUITY_RATIO_WEAK,
	                             .bin_count = 2,
	                             .bins = {{.below = 100000, .points = -50}, {.below = INT64_MAX, .points = 50}}}},
	        .pd_count = 2,
	        .pd = {{-50, 200000}, {50, 500}},
	        .score_count = 2,
	        .score = {{500, 100}, {1000000, 0}},
	};
	if (scorecard_prepare(model, &fault) != STATUS_OK)
		abort();
}

static void check_decision(const struct decision_input *in)
{
	static struct decision decision;

	decision_make(in, &decision);
	if (decision.method_count != in->policy->method_count)
		abort();
	for (int i = 0; i < decision.method_count; i++) {
		const struct method_decision *method = &decision.methods[i];

		if (!method->rule->credit && !method->allowed)
			abort();
		if (method->rule->credit && method->allowed && decision.outcome != OUTCOME_APPROVE)
			abort();
	}
	if (decision.limit.available > decision.limit.total || decision.limit.per_order > decision.limit.total)
		abort();
	if (decision.light == LIGHT_RED && decision.limit.total != 0)
		abort();
}

/* Known and unknown, good and bad, through every promise of a decision. */
static void check_policy(const struct policy *policy)
{
	static struct model model;
	static struct facts facts;
	struct order order = {.amount = 100000, .currency = {"EUR"}};
	struct identity_norm asked = {.country = "DE", .vat_id = "DE136695976"};
	struct decision_input in = {
	        .policy = policy, .model = &model, .facts = &facts, .order = &order, .asked = &asked, .today = DAY};

	make_model(&model);
	for (unsigned i = 0; i < 16; i++) {
		facts_init(&facts);
		(void)facts_source(&facts, "fuzz", SOURCE_UNAVAILABLE, DAY);
		facts.match = i & 1 ? MATCH_EXACT : MATCH_NONE;
		facts_set(&facts, FACT_TOTAL_ASSETS, 1000000000, DAY, 0);
		facts_set(&facts, FACT_EQUITY, i & 2 ? 500000000 : 50000000, DAY, 0);
		facts_set(&facts, FACT_LEGAL_FORM, i & 4 ? LEGAL_FORM_UG : LEGAL_FORM_EK, DAY, 0);
		in.freshness = i & 8 ? FRESHNESS_FALLBACK : FRESHNESS_FRESH;
		facts_derive(&facts, DAY);
		check_decision(&in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[4 * 1024 * 1024] __attribute__((aligned(16)));
	static struct policy policy;
	struct load_error error = {.detail = ""};
	struct policy_fault fault;
	struct arena arena;
	enum status status;

	arena_init(&arena, memory, sizeof(memory));
	status = policy_in_parse((struct slice){(const char *)data, size}, &arena, &policy, &error);
	if (status == STATUS_OK) {
		if (policy_check(&policy, &fault) != STATUS_OK)
			abort();
		check_policy(&policy);
	} else if (status == STATUS_INVALID && error.detail[0] == '\0') {
		abort();
	}
	return 0;
}
