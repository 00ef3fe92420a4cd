/* SPDX-License-Identifier: MIT */
#include "trade.h"

#include <criterion/criterion.h>
#include <string.h>

/* Grade g earns 10 * g points: PD 30 % at the worst, 0.05 % at the best. */
static const struct pd_point POINTS[] = {{0, 300000}, {50, 80000}, {100, 30000}, {140, 15000}, {200, 500}};
static const struct pd_point SCORES[] = {{500, 100},  {3000, 88},  {7000, 79},   {15000, 70},
                                         {30000, 58}, {80000, 40}, {200000, 20}, {1000000, 0}};

static void make_model(struct model *model)
{
	struct characteristic *grade = &model->characteristics[0];
	struct model_fault fault;

	memset(model, 0, sizeof(*model));
	(void)slice_copy(SLICE_LIT("trade"), model->id, sizeof(model->id));
	(void)slice_copy(SLICE_LIT("1"), model->version, sizeof(model->version));
	model->characteristic_count = 1;
	grade->fact = FACT_EMPLOYEES;
	grade->missing_points = 100;
	grade->good = REASON_STAFF_LARGE;
	grade->bad = REASON_STAFF_SMALL;
	grade->bin_count = TRADE_GRADES;
	for (int i = 0; i < TRADE_GRADES; i++)
		grade->bins[i] = (struct bin){.below = i + 1 < TRADE_GRADES ? i + 1 : INT64_MAX, .points = 10 * i};
	model->pd_count = sizeof(POINTS) / sizeof(POINTS[0]);
	memcpy(model->pd, POINTS, sizeof(POINTS));
	model->score_count = sizeof(SCORES) / sizeof(SCORES[0]);
	memcpy(model->score, SCORES, sizeof(SCORES));
	if (scorecard_prepare(model, &fault) != STATUS_OK)
		__builtin_trap();
}

void trade_init(struct trade *trade)
{
	memset(trade, 0, sizeof(*trade));
	make_model(&trade->model);
	policy_defaults(&trade->policy);
	facts_init(&trade->facts);
	trade->facts.match = MATCH_EXACT;
	trade->facts.match_probability = 1000000;
	trade->facts.key = (struct company_key){"reg:R1101:HRB:12345"};
	(void)slice_copy(SLICE_LIT("Schmidt Industrie GmbH"), trade->facts.name, sizeof(trade->facts.name));
	memcpy(trade->facts.country, "DE", 3);
	(void)facts_source(&trade->facts, "register", SOURCE_ANSWER, TRADE_DAY - 10);
	trade_set(trade, FACT_LEGAL_FORM, LEGAL_FORM_GMBH);
	trade_set(trade, FACT_FOUNDED, TRADE_DAY - 20 * 366);
	trade_set(trade, FACT_REGISTER_STATUS, REGISTER_STATUS_ACTIVE);
	trade_set(trade, FACT_EQUITY, INT64_C(500000000));
	trade_set(trade, FACT_REVENUE, INT64_C(2500000000));
	trade_grade(trade, TRADE_GRADES - 1);
	trade->order.amount = 100000;
	trade->order.currency = (struct currency){"EUR"};
	memcpy(trade->asked.country, "DE", 3);
	memcpy(trade->asked.vat_id, "DE136695976", 12);
	trade->asked.name = SLICE_LIT("schmidt industrie gmbh");
	trade->asked.core = SLICE_LIT("schmidt industrie");
	trade->asked.compact = SLICE_LIT("schmidtindustrie");
	trade->asked.form = LEGAL_FORM_GMBH;
	trade->in = (struct decision_input){
	        .policy = &trade->policy,
	        .model = &trade->model,
	        .facts = &trade->facts,
	        .order = &trade->order,
	        .asked = &trade->asked,
	        .today = TRADE_DAY,
	};
}

void trade_set(struct trade *trade, enum fact_id id, int64_t value)
{
	facts_set(&trade->facts, id, value, TRADE_DAY - 10, 0);
}

void trade_grade(struct trade *trade, int grade)
{
	trade_set(trade, FACT_EMPLOYEES, grade);
}

void trade_light(struct trade *trade, enum light light)
{
	for (int grade = TRADE_GRADES - 1; grade >= 0; grade--) {
		struct score score;

		trade_grade(trade, grade);
		scorecard_eval(&trade->model, &trade->policy.events, &trade->facts, TRADE_DAY, &score);
		if (policy_light(&trade->policy, score.score) == light)
			return;
	}
	__builtin_trap();
}

void trade_ask(struct trade *trade, const char *const *methods)
{
	trade->order.method_count = 0;
	for (; *methods; methods++)
		trade->order.methods[trade->order.method_count++] = slice_cstr(*methods);
}

void trade_list(struct trade *trade, const char *key, bool allow)
{
	struct company_key listed;

	cr_assert(slice_copy(slice_cstr(key), listed.text, sizeof(listed.text)));
	cr_assert_eq(policy_list_add(&trade->policy, &listed, allow), STATUS_OK);
}

void trade_nobody_found(struct trade *trade, enum match_kind match)
{
	facts_init(&trade->facts);
	trade->facts.match = match;
	(void)facts_source(&trade->facts, "register", SOURCE_NO_DATA, TRADE_DAY);
}

const struct decision *trade_decide(struct trade *trade)
{
	facts_derive(&trade->facts, trade->in.today);
	decision_make(&trade->in, &trade->out);
	return &trade->out;
}

const struct method_decision *trade_method(const struct decision *decision, const char *id)
{
	for (size_t i = 0; i < decision->method_count; i++) {
		if (strcmp(decision->methods[i].rule->id, id) == 0)
			return &decision->methods[i];
	}
	return NULL;
}

bool trade_has(const enum reason *reasons, size_t count, enum reason reason)
{
	for (size_t i = 0; i < count; i++) {
		if (reasons[i] == reason)
			return true;
	}
	return false;
}

void trade_expect(struct trade *trade, enum outcome outcome, enum reason reason)
{
	const struct decision *decision = trade_decide(trade);

	cr_expect_str_eq(outcome_name(decision->outcome), outcome_name(outcome));
	cr_expect(trade_has(decision->reasons, decision->reason_count, reason), "%s is missing", reason_code(reason));
}

void trade_expect_withheld(struct trade *trade, const char *method, enum reason reason)
{
	const struct method_decision *found = trade_method(trade_decide(trade), method);

	cr_assert_not_null(found);
	cr_expect_not(found->allowed);
	cr_expect(trade_has(found->reasons, found->reason_count, reason), "%s is missing", reason_code(reason));
}

void trade_expect_allowed(struct trade *trade, const char *method)
{
	const struct method_decision *found = trade_method(trade_decide(trade), method);

	cr_assert_not_null(found);
	cr_expect(found->allowed, "%s", found->reason_count ? reason_code(found->reasons[0]) : "");
}

uint64_t trade_random(uint64_t *state)
{
	/* SplitMix64 (Steele, Lea, Flood 2014). */
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int64_t trade_below(uint64_t *state, int64_t n)
{
	return (int64_t)(trade_random(state) % (uint64_t)n);
}
