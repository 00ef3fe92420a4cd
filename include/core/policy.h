/* SPDX-License-Identifier: MIT */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/money.h"
#include "base/status.h"
#include "core/identity.h"
#include "core/scorecard.h"
#include "core/source_rules.h"

/*
 * In place of an amount or a share: this cap or maximum does not apply. Zero
 * is a real cap, so that a zeroed or mistyped rule gives no credit.
 */
#define POLICY_OFF INT64_C(-1)

enum light { LIGHT_RED, LIGHT_YELLOW, LIGHT_GREEN }; /* rising: comparable */

const char *light_name(enum light light); /* "green" */

enum policy_action { ACTION_ALLOW, ACTION_REVIEW, ACTION_DENY };

enum outage_rule { OUTAGE_DENY, OUTAGE_ALLOW, OUTAGE_ALLOW_UP_TO };

const char *outage_rule_name(enum outage_rule rule); /* "allow_up_to" */

/* What holds while a source that is required says nothing. */
struct outage_terms {
	enum outage_rule rule;
	int64_t amount; /* for OUTAGE_ALLOW_UP_TO, else 0 */
};

/* Whose order it is, as far as that can be known in an outage. */
enum customer_class {
	CUSTOMER_NEW,
	CUSTOMER_KNOWN,  /* on the allow list, or paid before, and no returned debit or collection is known */
	CUSTOMER_PERSON, /* a natural person, known or not */
	CUSTOMER_CLASS_COUNT
};

const char *customer_class_name(enum customer_class customer); /* "known" */

struct method_rule {
	char id[MAX_METHOD_ID + 1]; /* "invoice" */
	bool credit;                /* false: prepayment type, never withheld, so no rule below applies */
	int32_t min_score;          /* 0..100; 0 = none */
	enum light min_light;
	int64_t min_amount;      /* minor units, 0 = none */
	int64_t max_amount;      /* or POLICY_OFF */
	int32_t net_days;        /* 0..365 */
	int32_t deposit_percent; /* 0..100 */
	int32_t yellow_net_days; /* terms when the light is yellow */
	int32_t yellow_deposit_percent;
	struct outage_terms outage[CUSTOMER_CLASS_COUNT];
};

/* Shares are millionths, amounts minor units of "currency"; each may be POLICY_OFF. */
struct limit_rules {
	struct currency currency; /* EUR: money facts are kept in it */
	int64_t equity_share;
	int64_t revenue_share;
	int64_t bureau_share; /* of a bureau's own limit */
	int64_t pd_base;      /* full amount at PD <= pd_full_ppm, falling in proportion to 1/PD */
	int32_t pd_full_ppm;
	int64_t form_cap[LEGAL_FORM_COUNT];
	int64_t young_cap; /* while younger than young_years; an unknown age is not young */
	int32_t young_years;
	int64_t unknown_cap;  /* neither equity nor revenue known */
	int64_t yellow_share; /* of what the other caps leave, while yellow */
	int64_t max_total;
	int64_t per_order_share; /* of the total limit */
	int64_t per_order_max;
	int64_t first_order_max; /* while facts tell of no paid order */
};

/* An order's currency and what one of its minor units is worth in minor units of the limit, in millionths. */
struct currency_rule {
	struct currency currency;
	int64_t rate; /* > 0 */
};

struct list_entry {
	struct company_key key; /* one identifier per entry */
	bool allow;             /* false: deny */
};

/* A tenant's thresholds and rules; immutable once loaded. File: wire/policy_in.h. */
struct policy {
	char id[MAX_TENANT_ID + 1];
	char version[MAX_VERSION + 1];
	int32_t green_from;   /* score, default 70 */
	int32_t yellow_from;  /* default 40, < green_from */
	uint8_t method_count; /* order = preference */
	struct method_rule methods[MAX_METHODS];
	struct limit_rules limit;
	struct event_rules events;
	struct source_rules sources;
	uint8_t country_count; /* 0 = all */
	char countries[MAX_COUNTRIES][3];
	uint8_t currency_count; /* 0 = only limit.currency */
	struct currency_rule currencies[MAX_CURRENCIES];
	enum policy_action unknown_company;
	enum policy_action ambiguous_match;
	enum policy_action other_delivery_address;
	int32_t min_match_ppm; /* a fuzzy match below this counts as ambiguous */
	int32_t valid_hours;   /* validity of an answer */
	bool person_review;    /* natural persons: review instead of decline */
	bool token;            /* sign a token into each answer */
	uint16_t list_count;
	struct list_entry list[MAX_LIST_ENTRIES]; /* keys strictly rising, see policy_list_add() */
};

/* Which member breaks which promise. */
struct policy_fault {
	char pointer[MAX_POINTER + 1]; /* RFC 6901, in the policy file: "/limit/pd_base" */
	const char *why;               /* static English text */
};

/* Documented defaults: every field a policy file leaves out (README.md of src/data/policies). */
void policy_defaults(struct policy *ret_policy);
/* A credit method with the defaults of one; id is left empty. */
void policy_method_defaults(struct method_rule *ret_rule);
/* Every promise of struct policy; STATUS_INVALID names the first member that breaks one. */
enum status policy_check(const struct policy *policy, struct policy_fault *ret_fault) MUST_CHECK;

enum light policy_light(const struct policy *policy, int32_t score);
const struct method_rule *policy_method(const struct policy *policy, struct slice id); /* NULL if unknown */
/*
 * What an order of this many minor units counts against the limit, rounded up
 * and clamped; false when the policy does not serve the currency.
 */
bool policy_convert(const struct policy *policy, int64_t amount, struct currency currency, int64_t *ret_amount);
bool policy_serves_country(const struct policy *policy, const char *country);
/* The facts are of the company that was asked for, as surely as the policy demands. */
bool policy_identifies(const struct policy *policy, const struct facts *facts);

/* Keeps the list in order. STATUS_INVALID: the key stands on it already; STATUS_TOO_LARGE: the list is full. */
enum status policy_list_add(struct policy *policy, const struct company_key *key, bool allow) MUST_CHECK;
/* NULL when the key is on neither list. */
const struct list_entry *policy_list_find(const struct policy *policy, const struct company_key *key);
/* Whether the key of any entry begins with this text. */
bool policy_list_has_prefix(const struct policy *policy, const struct company_key *prefix);

#endif
