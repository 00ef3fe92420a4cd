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
#include "core/recommendation.h"
#include "core/scorecard.h"

enum outcome { OUTCOME_DECLINE, OUTCOME_REVIEW, OUTCOME_APPROVE };
enum freshness { FRESHNESS_FRESH, FRESHNESS_STALE, FRESHNESS_FALLBACK };

#define DECISION_METHOD_REASONS 12
#define DECISION_TOP            8

const char *outcome_name(enum outcome outcome);
const char *freshness_name(enum freshness freshness);

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
	int32_t net_days; /* terms under this light, of withheld methods too */
	int32_t deposit_percent;
	uint8_t reason_count;
	enum reason reasons[DECISION_METHOD_REASONS]; /* why not, or why changed */
	const struct outage_terms *outage; /* of the policy: what held in the outage; NULL = there was none */
};

/* Of a decision whose freshness is FRESHNESS_FALLBACK. */
struct outage {
	enum customer_class customer;
	uint8_t missing_count;
	uint8_t missing[MAX_SOURCES]; /* indexes into facts.sources: required, and not a word of it usable */
};

struct decision_input {
	const struct policy *policy;
	const struct model *model;
	const struct facts *facts; /* derived as of today */
	const struct order *order;
	const struct identity_norm *asked; /* who was asked for; allow and deny lists look here and in facts */
	int64_t exposure;                  /* minor units of the limit's currency */
	enum freshness freshness;
	int32_t today;
};

struct decision {
	enum outcome outcome;
	enum light light;
	enum freshness freshness;
	struct outage outage;
	enum recommendation recommendation;
	bool natural_person;
	bool identified;    /* false: facts, if there are any, are not known to be those of the company asked for */
	struct score score; /* of no facts at all unless identified */
	struct credit_limit limit;
	int recommended; /* index into methods, -1 = none */
	uint8_t method_count;
	struct method_decision
	        methods[MAX_METHODS]; /* in the order asked, else the policy's; unknown ids are left out */
	uint8_t reason_count;         /* why this outcome, strongest first */
	enum reason reasons[MAX_REASONS];
	uint8_t top_count; /* indexes into score.effects: largest effects both ways, largest first */
	uint8_t top[DECISION_TOP];
};

/*
 * Pure and total: the same input gives the same bytes, always, and every
 * input has an outcome. The rules in their order; every refusal is named, and
 * one refusal outweighs any review:
 *
 *  1 hard stop of the score: refused, light red, no limit, whatever else holds
 *  2 deny list, by any key of the asked or the found company: the same
 *  3 allow list, the same keys: from here on the company is vouched for.
 *    Light and score rules do not apply and the light is at least yellow;
 *    caps, amounts, delivery address and outage rules do. An ambiguous match
 *    is not vouched for: whoever knows a customer's name could use it
 *  4 country of the company and currency of the order must be served. An
 *    amount in another currency than the limit's counts at the policy's rate
 *  5 match: nobody found, several found, or a fuzzy match below
 *    min_match_ppm. The policy says allow, review or deny; facts of an
 *    uncertain match are a stranger's and do not count, save that their hard
 *    stop turns allow into review. Never a green light; without "allow" no limit
 *  6 red light: refused
 *  7 other delivery address: as the policy says
 *  8 each credit method: minimum light and score, amounts, available limit,
 *    per-order and first-order cap; yellow terms while yellow. The whole
 *    order counts, not what a deposit leaves of it
 *  9 natural person (also whoever shows neither a legal form nor a register
 *    entry of a company): a refusal becomes a review (Art. 22 GDPR)
 *
 * Outage: freshness FALLBACK says that the register, or a provider that the
 * policy requires, said nothing and no older word of it was usable. Then each
 * credit method's outage rule holds for the class of customer, on top of all
 * rules above: deny, allow, or allow up to an amount. When nothing at all is known,
 * because nobody was found and no source has spoken, rules 5 and 6 and
 * the score do not apply, and the limit is the most that any outage rule allows.
 *
 * Prepayment-type methods are allowed under every rule. Outcome: approve when
 * a credit method is allowed, or none was asked for and nothing was refused;
 * review when a person could allow one; else decline. Recommended is the
 * policy's first allowed method, and a prepayment type unless approved.
 */
void decision_make(const struct decision_input *input, struct decision *ret_decision);

#endif
