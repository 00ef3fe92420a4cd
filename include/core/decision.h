/* SPDX-License-Identifier: MIT */
#ifndef CORE_DECISION_H
#define CORE_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/money.h"
#include "core/facts.h"
#include "core/limit.h"
#include "core/policy.h"
#include "core/scorecard.h"

enum outcome { OUTCOME_DECLINE, OUTCOME_REVIEW, OUTCOME_APPROVE };
enum freshness { FRESHNESS_FRESH, FRESHNESS_STALE, FRESHNESS_FALLBACK };
enum recommendation { RECOMMEND_SECURE, RECOMMEND_OBSERVE, RECOMMEND_RELEASE };

const char *outcome_name(enum outcome outcome);
const char *freshness_name(enum freshness freshness);
const char *recommendation_name(enum recommendation recommendation); /* "release" */
/* The actions of DESIGN's three recommendations, NULL-terminated: "offer_invoice", ... */
const char *const *recommendation_actions(enum recommendation recommendation);
const char *recommendation_text(enum recommendation recommendation, enum lang lang);

/* What is decided upon: the order as asked. */
struct order {
	struct slice ref; /* the shop's own, may be absent */
	int64_t amount;   /* minor units, > 0 */
	struct currency currency;
	bool other_delivery_address; /* given and different from the company's */
	uint8_t method_count;        /* 0 = all of the policy */
	struct slice methods[MAX_METHODS];
};

struct method_decision {
	const struct method_rule *rule; /* of the policy */
	bool allowed;
	int32_t net_days;
	int32_t deposit_percent;
	uint8_t reason_count;
	enum reason reasons[8]; /* why not, or why changed */
};

struct decision_input {
	const struct policy *policy;
	const struct model *model;
	const struct facts *facts; /* derived as of today */
	const struct order *order;
	const struct identity_norm *asked; /* who was asked for; allow and deny lists look here and in facts */
	int64_t exposure;
	enum freshness freshness;
	int32_t today;
};

struct decision {
	enum outcome outcome;
	enum light light;
	enum freshness freshness;
	enum recommendation recommendation;
	bool natural_person;
	struct score score;
	struct credit_limit limit;
	int recommended; /* index into methods, -1 = none */
	uint8_t method_count;
	struct method_decision methods[MAX_METHODS];
	uint8_t reason_count; /* why this outcome, strongest first */
	enum reason reasons[MAX_REASONS];
	uint8_t top_count; /* indexes into score.effects: largest effects both ways */
	uint8_t top[8];
};

/* Pure: the same input gives the same bytes, always. Never fails: every input has a documented outcome. */
void decision_make(const struct decision_input *input, struct decision *ret_decision);

#endif
