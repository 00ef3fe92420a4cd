/* SPDX-License-Identifier: MIT */
#include "core/policy.h"

#include <string.h>

#include "base/buf.h"

#define MAX_NET_DAYS        365
#define MAX_RECHECK_DAYS    3650
#define MAX_RECHECK_PERCENT 10000
#define MAX_VALID_HOURS     8760
#define MAX_FORGET_DAYS     36500
#define MAX_YEARS           200
#define MAX_RATE            (INT64_C(1000000) * MONEY_MILLION)

/* Walks the policy; the first fault stays. */
struct check {
	struct policy_fault *fault;
	const char *group; /* pointer of the object at hand, "" = the policy itself */
	int index;         /* in the array "group", -1 = it is an object */
	bool failed;
};

static void fail(struct check *check, const char *member, const char *why)
{
	struct buf pointer;

	if (check->failed)
		return;
	check->failed = true;
	check->fault->why = why;
	buf_init(&pointer, check->fault->pointer, MAX_POINTER);
	buf_cstr(&pointer, check->group);
	if (check->index >= 0) {
		buf_char(&pointer, '/');
		buf_u64(&pointer, (uint64_t)check->index);
	}
	if (member[0]) {
		buf_char(&pointer, '/');
		buf_cstr(&pointer, member);
	}
	check->fault->pointer[pointer.len] = '\0';
}

static void enter(struct check *check, const char *group, int index)
{
	check->group = group;
	check->index = index;
}

static void range(struct check *check, const char *member, int64_t value, int64_t high, const char *why)
{
	if (value < 0 || value > high)
		fail(check, member, why);
}

static void amount(struct check *check, const char *member, int64_t value)
{
	range(check, member, value, MAX_AMOUNT, "must be an amount in minor units from 0 up to the maximum");
}

static void cap(struct check *check, const char *member, int64_t value)
{
	if (value != POLICY_OFF)
		amount(check, member, value);
}

static void share(struct check *check, const char *member, int64_t value)
{
	if (value != POLICY_OFF)
		range(check, member, value, MONEY_MILLION, "must be a share from 0 to 1");
}

static bool is_name(const char *text, size_t cap_bytes)
{
	size_t len = strnlen(text, cap_bytes);

	if (len == 0 || len == cap_bytes)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f)
			return false;
	}
	return true;
}

static bool is_method_id(const char *text)
{
	if (!is_name(text, MAX_METHOD_ID + 1))
		return false;
	for (const char *c = text; *c; c++) {
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && *c != '_')
			return false;
	}
	return true;
}

static void check_head(struct check *check, const struct policy *policy)
{
	enter(check, "", -1);
	if (!is_name(policy->id, sizeof(policy->id)))
		fail(check, "id", "must be printable ASCII without blanks");
	if (!is_name(policy->version, sizeof(policy->version)))
		fail(check, "version", "must be printable ASCII without blanks");
	range(check, "min_match", policy->min_match_ppm, MONEY_MILLION, "must be a share from 0 to 1");
	if (policy->valid_hours < 1 || policy->valid_hours > MAX_VALID_HOURS)
		fail(check, "valid_hours", "must be 1 to 8760 hours");
	enter(check, "/light", -1);
	range(check, "green_from", policy->green_from, SCORE_MAX, "must be a score from 0 to 100");
	range(check, "yellow_from", policy->yellow_from, SCORE_MAX, "must be a score from 0 to 100");
	if (policy->yellow_from >= policy->green_from)
		fail(check, "yellow_from", "must be below green_from");
}

static void check_actions(struct check *check, const struct policy *policy)
{
	const char *why = "must be allow, review or deny";

	enter(check, "", -1);
	range(check, "unknown_company", (int64_t)policy->unknown_company, ACTION_DENY, why);
	range(check, "ambiguous_match", (int64_t)policy->ambiguous_match, ACTION_DENY, why);
	range(check, "other_delivery_address", (int64_t)policy->other_delivery_address, ACTION_DENY, why);
}

static void check_credit(struct check *check, const struct method_rule *rule)
{
	range(check, "min_score", rule->min_score, SCORE_MAX, "must be a score from 0 to 100");
	range(check, "min_light", (int64_t)rule->min_light, LIGHT_GREEN, "must be red, yellow or green");
	amount(check, "min_amount", rule->min_amount);
	cap(check, "max_amount", rule->max_amount);
	if (rule->max_amount != POLICY_OFF && rule->max_amount < rule->min_amount)
		fail(check, "max_amount", "must not be below min_amount");
	range(check, "net_days", rule->net_days, MAX_NET_DAYS, "must be 0 to 365 days");
	range(check, "deposit_percent", rule->deposit_percent, 100, "must be 0 to 100 percent");
	range(check, "yellow/net_days", rule->yellow_net_days, MAX_NET_DAYS, "must be 0 to 365 days");
	range(check, "yellow/deposit_percent", rule->yellow_deposit_percent, 100, "must be 0 to 100 percent");
	for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++) {
		range(check, "outage", (int64_t)rule->outage[i].rule, OUTAGE_ALLOW_UP_TO,
		      "must be deny, allow or allow_up_to");
		amount(check, "outage", rule->outage[i].amount);
	}
}

static bool has_no_outage(const struct method_rule *rule)
{
	for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++) {
		if (rule->outage[i].rule != OUTAGE_DENY || rule->outage[i].amount != 0)
			return false;
	}
	return true;
}

static bool is_bare(const struct method_rule *rule)
{
	return rule->min_score == 0 && rule->min_light == LIGHT_RED && rule->min_amount == 0 &&
	       rule->max_amount == POLICY_OFF && rule->net_days == 0 && rule->deposit_percent == 0 &&
	       rule->yellow_net_days == 0 && rule->yellow_deposit_percent == 0 && has_no_outage(rule);
}

static void check_method(struct check *check, const struct policy *policy, int index)
{
	const struct method_rule *rule = &policy->methods[index];

	enter(check, "/payment_methods", index);
	if (!is_method_id(rule->id)) {
		fail(check, "id", "must be lower-case letters, digits and underscores");
		return;
	}
	for (int i = 0; i < index; i++) {
		if (strcmp(policy->methods[i].id, rule->id) == 0)
			fail(check, "id", "is listed twice");
	}
	if (rule->credit)
		check_credit(check, rule);
	else if (!is_bare(rule))
		fail(check, "", "a prepayment method is never withheld and takes no rules");
}

static void check_methods(struct check *check, const struct policy *policy)
{
	bool prepayment = false;

	enter(check, "/payment_methods", -1);
	if (policy->method_count < 1 || policy->method_count > MAX_METHODS) {
		fail(check, "", "must list 1 to 16 methods");
		return;
	}
	for (int i = 0; i < policy->method_count; i++) {
		check_method(check, policy, i);
		prepayment |= !policy->methods[i].credit;
	}
	enter(check, "/payment_methods", -1);
	if (!prepayment)
		fail(check, "", "must list a method of type prepayment: what is left to a declined buyer");
}

static void check_limit(struct check *check, const struct limit_rules *limit)
{
	enter(check, "/limit", -1);
	if (strcmp(limit->currency.code, "EUR") != 0)
		fail(check, "currency", "must be EUR: the facts are kept in it");
	share(check, "equity_share", limit->equity_share);
	share(check, "revenue_share", limit->revenue_share);
	share(check, "bureau_share", limit->bureau_share);
	cap(check, "pd_base", limit->pd_base);
	if (limit->pd_full_ppm < 1 || limit->pd_full_ppm > MONEY_MILLION)
		fail(check, "pd_full", "must be above 0 and at most 1");
	cap(check, "young_cap", limit->young_cap);
	range(check, "young_years", limit->young_years, MAX_YEARS, "must be 0 to 200 years");
	cap(check, "unknown_cap", limit->unknown_cap);
	share(check, "yellow_share", limit->yellow_share);
	cap(check, "max_total", limit->max_total);
	share(check, "per_order_share", limit->per_order_share);
	cap(check, "per_order_max", limit->per_order_max);
	cap(check, "first_order_max", limit->first_order_max);
	enter(check, "/limit/legal_form_caps", -1);
	for (int i = 0; i < LEGAL_FORM_COUNT; i++)
		cap(check, i == LEGAL_FORM_NONE ? "none" : legal_form_name((enum legal_form)i), limit->form_cap[i]);
}

static void check_events(struct check *check, const struct event_rules *events)
{
	for (int status = 0; status < 8; status++) {
		enter(check, "/insolvency", status);
		if (events->insolvency_points[status] > 0 || events->insolvency_points[status] < -POINTS_MAX)
			fail(check, "points", "must be 0 or below: an insolvency never helps");
		range(check, "forget_days", events->insolvency_forget_days[status], MAX_FORGET_DAYS,
		      "must be 0 to 36500 days");
	}
}

static bool is_country(const char code[3])
{
	return code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z' && code[2] == '\0';
}

/* Only the first would ever be looked at. */
static bool is_repeated_country(const struct policy *policy, int at)
{
	for (int i = 0; i < at; i++)
		if (memcmp(policy->countries[i], policy->countries[at], sizeof(policy->countries[at])) == 0)
			return true;
	return false;
}

static bool is_repeated_currency(const struct policy *policy, int at)
{
	for (int i = 0; i < at; i++)
		if (money_same_currency(policy->currencies[i].currency, policy->currencies[at].currency))
			return true;
	return false;
}

static void check_markets(struct check *check, const struct policy *policy)
{
	if (policy->country_count > MAX_COUNTRIES || policy->currency_count > MAX_CURRENCIES) {
		enter(check, policy->country_count > MAX_COUNTRIES ? "/countries" : "/currencies", -1);
		fail(check, "", "has too many items");
		return;
	}
	for (int i = 0; i < policy->country_count; i++) {
		enter(check, "/countries", i);
		if (!is_country(policy->countries[i]))
			fail(check, "", "must be a country code of two capitals");
		else if (is_repeated_country(policy, i))
			fail(check, "", "stands in the list before");
	}
	for (int i = 0; i < policy->currency_count; i++) {
		const struct currency_rule *rule = &policy->currencies[i];
		struct currency known;

		enter(check, "/currencies", i);
		if (!money_currency(slice_cstr(rule->currency.code), &known, NULL))
			fail(check, "code", "must be a currency code of ISO 4217");
		else if (is_repeated_currency(policy, i))
			fail(check, "code", "stands in the list before");
		if (rule->rate < 1 || rule->rate > MAX_RATE)
			fail(check, "rate", "must be above 0 and at most 1000000");
		if (money_same_currency(rule->currency, policy->limit.currency) && rule->rate != MONEY_MILLION)
			fail(check, "rate", "must be 1 for the limit's own currency");
	}
}

static void check_terms(struct check *check, const struct source_terms *terms)
{
	const char *member;
	const char *why = source_rules_fault(terms, &member);
	char pointer[MAX_SOURCE_ID + sizeof("/no_data_stale_hours")];
	struct buf path;

	if (!why)
		return;
	buf_init(&path, pointer, sizeof(pointer) - 1);
	buf_cstr(&path, terms->id);
	buf_char(&path, '/');
	buf_cstr(&path, member);
	pointer[path.len] = '\0';
	fail(check, pointer, why);
}

static void check_sources(struct check *check, const struct source_rules *sources)
{
	enter(check, "", -1);
	range(check, "recheck_days", sources->recheck_days, MAX_RECHECK_DAYS, "must be 0 to 3650 days");
	if (sources->recheck_basket_percent != RECHECK_OFF)
		range(check, "recheck_basket_percent", sources->recheck_basket_percent, MAX_RECHECK_PERCENT,
		      "must be 0 to 10000 percent");
	enter(check, "/providers", -1);
	if (sources->count > MAX_SOURCES) {
		fail(check, "", "names too many providers");
		return;
	}
	if (strcmp(sources->others.id, SOURCE_OTHERS) != 0)
		fail(check, "", "must have the terms of all others as *");
	check_terms(check, &sources->others);
	for (int i = 0; i < sources->count; i++) {
		if (!source_id_is_sound(sources->named[i].id)) {
			fail(check, "", "names a provider by what cannot be its id");
			return;
		}
		if (source_rules_of(sources, sources->named[i].id) != &sources->named[i])
			fail(check, sources->named[i].id, "is named twice");
		check_terms(check, &sources->named[i]);
	}
}

static void check_list(struct check *check, const struct policy *policy)
{
	if (policy->list_count > MAX_LIST_ENTRIES) {
		enter(check, "", -1);
		fail(check, "deny", "allow and deny list together have too many entries");
		return;
	}
	for (int i = 0; i < policy->list_count; i++) {
		enter(check, policy->list[i].allow ? "/allow" : "/deny", -1);
		if (!memchr(policy->list[i].key.text, '\0', sizeof(policy->list[i].key.text)) ||
		    !policy->list[i].key.text[0])
			fail(check, "", "has an entry that identifies nobody");
		else if (i > 0 && strcmp(policy->list[i - 1].key.text, policy->list[i].key.text) >= 0)
			fail(check, "", "is not in order, or a company is listed twice");
	}
}

enum status policy_check(const struct policy *policy, struct policy_fault *ret_fault)
{
	struct policy_fault fault = {.why = ""};
	struct check check = {.fault = &fault, .group = "", .index = -1};

	check_head(&check, policy);
	check_actions(&check, policy);
	check_methods(&check, policy);
	check_limit(&check, &policy->limit);
	check_events(&check, &policy->events);
	check_markets(&check, policy);
	check_sources(&check, &policy->sources);
	check_list(&check, policy);
	if (!check.failed)
		return STATUS_OK;
	*ret_fault = fault;
	return STATUS_INVALID;
}
