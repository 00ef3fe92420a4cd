/* SPDX-License-Identifier: MIT */
#include "core/policy.h"

#include <string.h>

static const char *const LIGHT_NAMES[] = {[LIGHT_RED] = "red", [LIGHT_YELLOW] = "yellow", [LIGHT_GREEN] = "green"};

static const char *const OUTAGE_NAMES[] = {
        [OUTAGE_DENY] = "deny", [OUTAGE_ALLOW] = "allow", [OUTAGE_ALLOW_UP_TO] = "allow_up_to"};
static const char *const CUSTOMER_NAMES[] = {
        [CUSTOMER_NEW] = "new", [CUSTOMER_KNOWN] = "known", [CUSTOMER_PERSON] = "person"};

/* Forms behind which stands little or no liable capital, or one person's own: cents. */
static const struct {
	enum legal_form form;
	int64_t cap;
} FORM_CAPS[] = {
        {LEGAL_FORM_UG, 500000},          {LEGAL_FORM_UG_CO_KG, 500000},   {LEGAL_FORM_GBR, 500000},
        {LEGAL_FORM_SOLE_TRADER, 500000}, {LEGAL_FORM_FREELANCER, 500000}, {LEGAL_FORM_EK, 1000000},
};

static const struct limit_rules LIMIT_DEFAULTS = {
        .currency = {"EUR"},
        .equity_share = 100000,
        .revenue_share = 20000,
        .bureau_share = MONEY_MILLION,
        .pd_base = 25000000,
        .pd_full_ppm = 3000,
        .young_cap = 500000,
        .young_years = 2,
        .unknown_cap = 250000,
        .yellow_share = 500000,
        .max_total = 10000000,
        .per_order_share = 500000,
        .per_order_max = POLICY_OFF,
        .first_order_max = POLICY_OFF,
};

/*
 * Statuses 1 and 3 stop hard whatever stands here. Discharge granted is
 * forgotten with the public register, after six months (§ 3 InsBekV; CJEU
 * C-26/22 and C-64/22); the rest fades over three years.
 */
static const struct event_rules EVENT_DEFAULTS = {
        .insolvency_points = {[2] = -60, [4] = -90, [5] = -90, [6] = -60, [7] = -120},
        .insolvency_forget_days = {[2] = 1095, [4] = 1095, [5] = 1095, [6] = 180, [7] = 1095},
};

static struct method_rule *add_method(struct policy *policy, const char *id, bool credit)
{
	struct method_rule *rule = &policy->methods[policy->method_count++];

	if (credit)
		policy_method_defaults(rule);
	else
		*rule = (struct method_rule){.max_amount = POLICY_OFF};
	slice_copy(slice_cstr(id), rule->id, sizeof(rule->id));
	return rule;
}

static void default_methods(struct policy *policy)
{
	struct method_rule *rule = add_method(policy, "invoice", true);

	rule->yellow_net_days = 14;
	rule->yellow_deposit_percent = 30;
	rule = add_method(policy, "sepa_debit", true);
	rule->net_days = 0;
	rule->yellow_net_days = 0;
	add_method(policy, "prepayment", false);
	add_method(policy, "card", false);
}

static void default_limit(struct limit_rules *limit)
{
	*limit = LIMIT_DEFAULTS;
	for (size_t i = 0; i < LEGAL_FORM_COUNT; i++)
		limit->form_cap[i] = POLICY_OFF;
	for (size_t i = 0; i < sizeof(FORM_CAPS) / sizeof(FORM_CAPS[0]); i++)
		limit->form_cap[FORM_CAPS[i].form] = FORM_CAPS[i].cap;
}

/* amount * millionths / 1e6, up: a rounding never makes an order smaller than its limit. */
static int64_t scale_up(int64_t amount, int64_t millionths)
{
	__int128 scaled = (__int128)amount * millionths;

	scaled = scaled / MONEY_MILLION + (scaled % MONEY_MILLION > 0);
	return scaled > INT64_MAX ? INT64_MAX : (int64_t)scaled;
}

/* First place in the list whose key is not below this one. */
static size_t list_place(const struct policy *policy, const struct company_key *key)
{
	size_t low = 0;
	size_t high = policy->list_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(policy->list[middle].key.text, key->text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *light_name(enum light light)
{
	return (unsigned)light <= LIGHT_GREEN ? LIGHT_NAMES[light] : LIGHT_NAMES[LIGHT_RED];
}

const char *outage_rule_name(enum outage_rule rule)
{
	return (unsigned)rule <= OUTAGE_ALLOW_UP_TO ? OUTAGE_NAMES[rule] : OUTAGE_NAMES[OUTAGE_DENY];
}

const char *customer_class_name(enum customer_class customer)
{
	return (unsigned)customer < CUSTOMER_CLASS_COUNT ? CUSTOMER_NAMES[customer] : CUSTOMER_NAMES[CUSTOMER_NEW];
}

void policy_method_defaults(struct method_rule *ret_rule)
{
	*ret_rule = (struct method_rule){
	        .credit = true,
	        .min_light = LIGHT_YELLOW,
	        .max_amount = POLICY_OFF,
	        .net_days = 30,
	        .yellow_net_days = 30,
	        .outage = {{OUTAGE_DENY, 0}, {OUTAGE_DENY, 0}, {OUTAGE_DENY, 0}},
	};
}

void policy_defaults(struct policy *ret_policy)
{
	memset(ret_policy, 0, sizeof(*ret_policy));
	slice_copy(SLICE_LIT("default"), ret_policy->id, sizeof(ret_policy->id));
	slice_copy(SLICE_LIT("1"), ret_policy->version, sizeof(ret_policy->version));
	ret_policy->green_from = 70;
	ret_policy->yellow_from = 40;
	default_methods(ret_policy);
	default_limit(&ret_policy->limit);
	ret_policy->events = EVENT_DEFAULTS;
	source_rules_defaults(&ret_policy->sources);
	ret_policy->unknown_company = ACTION_REVIEW;
	ret_policy->ambiguous_match = ACTION_REVIEW;
	ret_policy->other_delivery_address = ACTION_REVIEW;
	ret_policy->min_match_ppm = 900000;
	ret_policy->valid_hours = 24;
	ret_policy->person_review = true;
	ret_policy->token = true;
}

enum light policy_light(const struct policy *policy, int32_t score)
{
	if (score >= policy->green_from)
		return LIGHT_GREEN;
	return score >= policy->yellow_from ? LIGHT_YELLOW : LIGHT_RED;
}

const struct method_rule *policy_method(const struct policy *policy, struct slice id)
{
	for (size_t i = 0; i < policy->method_count; i++) {
		if (slice_eq_cstr(id, policy->methods[i].id))
			return &policy->methods[i];
	}
	return NULL;
}

bool policy_convert(const struct policy *policy, int64_t amount, struct currency currency, int64_t *ret_amount)
{
	if (money_same_currency(currency, policy->limit.currency)) {
		*ret_amount = amount;
		return true;
	}
	for (size_t i = 0; i < policy->currency_count; i++) {
		const struct currency_rule *rule = &policy->currencies[i];

		if (!money_same_currency(currency, rule->currency))
			continue;
		*ret_amount = scale_up(amount, rule->rate);
		return true;
	}
	return false;
}

bool policy_serves_country(const struct policy *policy, const char *country)
{
	for (size_t i = 0; i < policy->country_count; i++) {
		if (strcmp(policy->countries[i], country) == 0)
			return true;
	}
	return policy->country_count == 0;
}

bool policy_identifies(const struct policy *policy, const struct facts *facts)
{
	return facts->match == MATCH_EXACT ||
	       (facts->match == MATCH_FUZZY && facts->match_probability >= policy->min_match_ppm);
}

enum status policy_list_add(struct policy *policy, const struct company_key *key, bool allow)
{
	size_t at = list_place(policy, key);
	struct list_entry *entry = &policy->list[at];

	if (at < policy->list_count && strcmp(entry->key.text, key->text) == 0)
		return STATUS_INVALID;
	if (policy->list_count == MAX_LIST_ENTRIES)
		return STATUS_TOO_LARGE;
	memmove(entry + 1, entry, (policy->list_count - at) * sizeof(*entry));
	*entry = (struct list_entry){*key, allow};
	policy->list_count++;
	return STATUS_OK;
}

const struct list_entry *policy_list_find(const struct policy *policy, const struct company_key *key)
{
	size_t at = list_place(policy, key);

	if (at < policy->list_count && strcmp(policy->list[at].key.text, key->text) == 0)
		return &policy->list[at];
	return NULL;
}

bool policy_list_has_prefix(const struct policy *policy, const struct company_key *prefix)
{
	size_t at = list_place(policy, prefix);

	return at < policy->list_count && slice_starts(slice_cstr(policy->list[at].key.text), slice_cstr(prefix->text));
}
