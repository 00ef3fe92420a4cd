/* SPDX-License-Identifier: MIT */
#include "core/decision.h"

#include <string.h>

#include "ruling.h"

static const char *const OUTCOME_NAMES[] = {
        [OUTCOME_DECLINE] = "decline",
        [OUTCOME_REVIEW] = "review",
        [OUTCOME_APPROVE] = "approve",
};

static const char *const FRESHNESS_NAMES[] = {
        [FRESHNESS_FRESH] = "fresh",
        [FRESHNESS_STALE] = "stale",
        [FRESHNESS_FALLBACK] = "fallback",
};

static void method_reason(struct method_decision *method, enum reason reason)
{
	for (size_t i = 0; i < method->reason_count; i++) {
		if (method->reasons[i] == reason)
			return;
	}
	if (method->reason_count < DECISION_METHOD_REASONS)
		method->reasons[method->reason_count++] = reason;
}

/* While nothing is known the limit is the most that any method's outage rule allows. */
static int64_t outage_total(const struct policy *policy, enum customer_class customer)
{
	int64_t total = 0;

	for (size_t i = 0; i < policy->method_count; i++) {
		const struct method_rule *rule = &policy->methods[i];
		const struct outage_terms *terms = &rule->outage[customer];
		int64_t most = 0;

		if (rule->credit && terms->rule == OUTAGE_ALLOW_UP_TO)
			most = terms->amount;
		else if (rule->credit && terms->rule == OUTAGE_ALLOW)
			most = rule->max_amount != POLICY_OFF ? rule->max_amount : MAX_AMOUNT;
		if (most > total)
			total = most;
	}
	if (policy->limit.max_total != POLICY_OFF && total > policy->limit.max_total)
		total = policy->limit.max_total;
	return total;
}

static void set_limit(const struct decision_input *in, const struct ruling *ruling, struct decision *decision)
{
	const struct limit_rules *rules = &in->policy->limit;

	if (ruling->no_limit != REASON_NONE)
		limit_fixed(rules, 0, in->exposure, ruling->no_limit, &decision->limit);
	else if (ruling->blind)
		limit_fixed(rules, outage_total(in->policy, decision->outage.customer), in->exposure,
		            REASON_SOURCE_UNAVAILABLE, &decision->limit);
	else
		limit_make(rules, ruling->facts, &decision->score, decision->light, in->exposure, &decision->limit);
}

static void check_amounts(const struct method_rule *rule, const struct ruling *ruling, struct method_decision *method)
{
	if (ruling->amount < rule->min_amount)
		method_reason(method, REASON_AMOUNT_BELOW_MINIMUM);
	if (rule->max_amount != POLICY_OFF && ruling->amount > rule->max_amount)
		method_reason(method, REASON_AMOUNT_ABOVE_MAXIMUM);
}

static void check_limit(const struct credit_limit *limit, int64_t amount, struct method_decision *method)
{
	if (amount > limit->available)
		method_reason(method, REASON_LIMIT_EXCEEDED);
	if (amount <= limit->per_order || amount > limit->total)
		return;
	if (limit->bound_by[limit->bound_count - 1] == REASON_CAP_FIRST_ORDER)
		method_reason(method, REASON_FIRST_ORDER_LIMIT_EXCEEDED);
	else
		method_reason(method, REASON_PER_ORDER_LIMIT_EXCEEDED);
}

static void check_standing(const struct method_rule *rule, const struct decision *decision,
                           struct method_decision *method)
{
	if (decision->light < rule->min_light)
		method_reason(method, REASON_LIGHT_TOO_LOW);
	if (decision->score.score < rule->min_score)
		method_reason(method, REASON_SCORE_TOO_LOW);
}

static void check_outage(const struct outage_terms *terms, int64_t amount, struct method_decision *method)
{
	if (terms->rule == OUTAGE_DENY)
		method_reason(method, REASON_OUTAGE_DENIED);
	else if (terms->rule == OUTAGE_ALLOW_UP_TO && amount > terms->amount)
		method_reason(method, REASON_OUTAGE_AMOUNT_EXCEEDED);
}

/* Rule 8; true when nothing but a pending review stands against the method. */
static bool check_method(const struct ruling *ruling, const struct decision *decision, struct method_decision *method)
{
	const struct method_rule *rule = method->rule;
	uint8_t before = method->reason_count;

	if (method->outage)
		check_outage(method->outage, ruling->amount, method);
	if (!ruling->blind && !ruling->vouched && !ruling->unjudged)
		check_standing(rule, decision, method);
	check_amounts(rule, ruling, method);
	if (!ruling->unjudged)
		check_limit(&decision->limit, ruling->amount, method);
	return method->reason_count == before;
}

static void set_terms(enum light light, struct method_decision *method)
{
	const struct method_rule *rule = method->rule;
	bool yellow = light != LIGHT_GREEN;

	method->net_days = yellow ? rule->yellow_net_days : rule->net_days;
	method->deposit_percent = yellow ? rule->yellow_deposit_percent : rule->deposit_percent;
	if (!method->allowed)
		return;
	if (method->net_days < rule->net_days)
		method_reason(method, REASON_SHORT_TERMS);
	if (method->deposit_percent > 0)
		method_reason(method, REASON_DEPOSIT_REQUIRED);
}

/* How many credit methods were asked for, and against how many nothing stands that a person could not clear. */
struct credit {
	unsigned asked;
	unsigned possible;
};

static void decide_method(const struct ruling *ruling, const struct decision *decision, struct credit *credit,
                          struct method_decision *method)
{
	bool possible = false;

	if (!method->rule->credit) {
		method->allowed = true;
		return;
	}
	if (ruling->outage)
		method->outage = &method->rule->outage[decision->outage.customer];
	for (size_t i = 0; i < ruling->why.count; i++)
		method_reason(method, ruling->why.reasons[i]);
	if (ruling->action != ACTION_DENY)
		possible = check_method(ruling, decision, method);
	method->allowed = possible && ruling->action == ACTION_ALLOW;
	set_terms(decision->light, method);
	if (method->allowed && method->outage)
		method_reason(method, REASON_OUTAGE_ALLOWED);
	credit->asked++;
	credit->possible += possible;
}

static void list_methods(const struct decision_input *in, struct decision *decision)
{
	const struct order *order = in->order;
	uint8_t count = order->method_count ? order->method_count : in->policy->method_count;

	for (uint8_t i = 0; i < count; i++) {
		const struct method_rule *rule = order->method_count ? policy_method(in->policy, order->methods[i])
		                                                     : &in->policy->methods[i];

		if (rule)
			decision->methods[decision->method_count++].rule = rule;
	}
}

static bool is_hopeless(const struct ruling *ruling, const struct credit *credit)
{
	return ruling->action == ACTION_DENY || (credit->asked && !credit->possible);
}

static void settle_outcome(const struct decision_input *in, const struct ruling *ruling, const struct credit *credit,
                           struct decision *decision)
{
	if (is_hopeless(ruling, credit))
		decision->outcome = OUTCOME_DECLINE;
	else
		decision->outcome = ruling->action == ACTION_REVIEW ? OUTCOME_REVIEW : OUTCOME_APPROVE;
	if (decision->outcome != OUTCOME_DECLINE || !decision->natural_person || !in->policy->person_review)
		return;
	decision->outcome = OUTCOME_REVIEW;
	for (size_t i = 0; i < decision->method_count; i++) {
		if (!decision->methods[i].allowed)
			method_reason(&decision->methods[i], REASON_NATURAL_PERSON);
	}
}

/* An approval rests on what is allowed, anything else on what is withheld. */
static void explain_methods(const struct decision *decision, struct why *why)
{
	for (size_t i = 0; i < decision->method_count; i++) {
		const struct method_decision *method = &decision->methods[i];

		if (!method->rule->credit || method->allowed != (decision->outcome == OUTCOME_APPROVE))
			continue;
		for (size_t j = 0; j < method->reason_count; j++)
			why_add(why, method->reasons[j]);
	}
}

static void explain(const struct decision_input *in, const struct ruling *ruling, const struct credit *credit,
                    struct decision *decision)
{
	struct why why = {.count = 0};

	if (decision->outcome == OUTCOME_REVIEW && is_hopeless(ruling, credit))
		why_add(&why, REASON_NATURAL_PERSON);
	for (size_t i = 0; i < ruling->why.count; i++)
		why_add(&why, ruling->why.reasons[i]);
	if (ruling->vouched)
		why_add(&why, REASON_ON_ALLOW_LIST);
	if (ruling->action == ACTION_ALLOW && ruling->identified)
		why_add(&why, decision->light == LIGHT_GREEN ? REASON_LIGHT_GREEN : REASON_LIGHT_YELLOW);
	explain_methods(decision, &why);
	if (in->freshness == FRESHNESS_STALE)
		why_add(&why, REASON_FACTS_STALE);
	if (in->freshness == FRESHNESS_FALLBACK)
		why_add(&why, REASON_SOURCE_UNAVAILABLE);
	decision->reason_count = why.count;
	memcpy(decision->reasons, why.reasons, sizeof(decision->reasons));
}

static void recommend(struct decision *decision)
{
	decision->recommended = -1;
	for (int i = 0; i < decision->method_count; i++) {
		const struct method_decision *method = &decision->methods[i];

		if (!method->allowed || (decision->outcome != OUTCOME_APPROVE && method->rule->credit))
			continue;
		/* Rules lie in the policy's order of preference. */
		if (decision->recommended < 0 || method->rule < decision->methods[decision->recommended].rule)
			decision->recommended = i;
	}
	if (decision->outcome == OUTCOME_DECLINE || decision->light == LIGHT_RED)
		decision->recommendation = RECOMMEND_SECURE;
	else if (decision->outcome == OUTCOME_APPROVE && decision->light == LIGHT_GREEN)
		decision->recommendation = RECOMMEND_RELEASE;
	else
		decision->recommendation = RECOMMEND_OBSERVE;
}

static int32_t weight(const struct effect *effect)
{
	return effect->points < 0 ? -effect->points : effect->points;
}

struct ranking {
	uint8_t count;
	uint8_t items[DECISION_TOP];
};

/* Inserts by falling weight; equal ones stay in the model's order. */
static void rank(const struct effect *effects, struct ranking *ranking, uint8_t index)
{
	int32_t own = weight(&effects[index]);
	uint8_t at = ranking->count;

	if (ranking->count < DECISION_TOP)
		ranking->count++;
	else if (weight(&effects[ranking->items[--at]]) >= own)
		return;
	for (; at > 0 && weight(&effects[ranking->items[at - 1]]) < own; at--)
		ranking->items[at] = ranking->items[at - 1];
	ranking->items[at] = index;
}

/* Both ways by falling weight, of equal ones the good first. */
static void merge(const struct effect *effects, const struct ranking *good, const struct ranking *bad,
                  struct decision *decision)
{
	uint8_t from_good = 0, from_bad = 0;

	while (from_good < good->count || from_bad < bad->count) {
		bool is_good = from_bad == bad->count ||
		               (from_good < good->count &&
		                weight(&effects[good->items[from_good]]) >= weight(&effects[bad->items[from_bad]]));

		decision->top[decision->top_count++] = is_good ? good->items[from_good++] : bad->items[from_bad++];
	}
}

/* Half of the places to each way; what one way leaves free the other takes. */
static void pick_top(struct decision *decision)
{
	const struct score *score = &decision->score;
	struct ranking good = {.count = 0};
	struct ranking bad = {.count = 0};

	for (uint8_t i = 0; i < score->effect_count; i++) {
		if (score->effects[i].reason != REASON_NONE && score->effects[i].points != 0)
			rank(score->effects, score->effects[i].points > 0 ? &good : &bad, i);
	}
	while (good.count + bad.count > DECISION_TOP) {
		if (good.count > bad.count)
			good.count--;
		else
			bad.count--;
	}
	merge(score->effects, &good, &bad, decision);
}

const char *outcome_name(enum outcome outcome)
{
	return (unsigned)outcome <= OUTCOME_APPROVE ? OUTCOME_NAMES[outcome] : OUTCOME_NAMES[OUTCOME_DECLINE];
}

const char *freshness_name(enum freshness freshness)
{
	return (unsigned)freshness <= FRESHNESS_FALLBACK ? FRESHNESS_NAMES[freshness]
	                                                 : FRESHNESS_NAMES[FRESHNESS_FALLBACK];
}

void decision_make(const struct decision_input *input, struct decision *ret_decision)
{
	struct ruling ruling;
	struct credit credit = {.asked = 0};

	/* Padding too: equal decisions are equal bytes. */
	memset(ret_decision, 0, sizeof(*ret_decision));
	ret_decision->freshness = input->freshness;
	ruling_make(input, ret_decision, &ruling);
	set_limit(input, &ruling, ret_decision);
	list_methods(input, ret_decision);
	for (uint8_t i = 0; i < ret_decision->method_count; i++)
		decide_method(&ruling, ret_decision, &credit, &ret_decision->methods[i]);
	settle_outcome(input, &ruling, &credit, ret_decision);
	explain(input, &ruling, &credit, ret_decision);
	recommend(ret_decision);
	pick_top(ret_decision);
}
