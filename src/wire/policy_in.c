/* SPDX-License-Identifier: MIT */
#include "wire/policy_in.h"

#include <string.h>

#include "json_in.h"
#include "load.h"
#include "policy_list_in.h"
#include "policy_sources_in.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const ACTIONS[] = {
        [ACTION_ALLOW] = "allow", [ACTION_REVIEW] = "review", [ACTION_DENY] = "deny", NULL};
static const char *const LIGHTS[] = {[LIGHT_RED] = "red", [LIGHT_YELLOW] = "yellow", [LIGHT_GREEN] = "green", NULL};
enum method_type { TYPE_PREPAYMENT, TYPE_CREDIT, TYPE_NONE };

static const char *const TYPES[] = {[TYPE_PREPAYMENT] = "prepayment", [TYPE_CREDIT] = "credit", NULL};
static const char *const OUTAGES[] = {
        [OUTAGE_DENY] = "deny",
        [OUTAGE_ALLOW] = "allow",
        [OUTAGE_ALLOW_UP_TO] = "allow_up_to",
        NULL,
};

static const char MEMBERS[] = "format id version description light payment_methods limit insolvency countries "
                              "currencies unknown_company ambiguous_match other_delivery_address min_match "
                              "recheck_days recheck_basket_percent providers valid_hours person_review token allow "
                              "deny";
static const char LIMIT_MEMBERS[] = "currency equity_share revenue_share bureau_share pd_base pd_full "
                                    "legal_form_caps young_cap young_years unknown_cap yellow_share max_total "
                                    "per_order_share per_order_max first_order_max";
static const char METHOD_MEMBERS[] = "id type min_score min_light min_amount max_amount net_days deposit_percent "
                                     "yellow outage";

/* An amount, or null for none. */
static void read_cap(struct load *load, const json_t *object, const char *name, int64_t *value)
{
	if (load_is_null(object, name)) {
		*value = POLICY_OFF;
		return;
	}
	load_integer(load, object, name, value);
	if (*value < 0 && json_object_get(object, name))
		load_fault_at(load, name, "must not be negative; null switches it off");
}

static void read_share(struct load *load, const json_t *object, const char *name, int64_t *value)
{
	if (load_is_null(object, name)) {
		*value = POLICY_OFF;
		return;
	}
	load_millionths(load, object, name, value);
	if (*value < 0 && json_object_get(object, name))
		load_fault_at(load, name, "must not be negative; null switches it off");
}

static void read_ppm(struct load *load, const json_t *object, const char *name, int32_t *value)
{
	int64_t wide = *value;

	load_millionths(load, object, name, &wide);
	if (wide < 0 || wide > MONEY_MILLION)
		load_fault_at(load, name, "must be from 0 to 1");
	else
		*value = (int32_t)wide;
}

static void read_action(struct load *load, const json_t *object, const char *name, enum policy_action *value)
{
	unsigned place = *value;

	load_choice(load, object, name, ACTIONS, &place);
	*value = (enum policy_action)place;
}

static void read_light(struct load *load, const json_t *root, struct policy *policy)
{
	const json_t *light = json_object_get(root, "light");
	size_t mark = load_enter(load, "light");

	if (light && load_object(load, light, "green_from yellow_from")) {
		load_small(load, light, "green_from", &policy->green_from);
		load_small(load, light, "yellow_from", &policy->yellow_from);
	}
	load_leave(load, mark);
}

/* Left out, the yellow terms are the normal ones. */
static void read_yellow(struct load *load, const json_t *method, struct method_rule *rule)
{
	const json_t *yellow = json_object_get(method, "yellow");
	size_t mark = load_enter(load, "yellow");

	rule->yellow_net_days = rule->net_days;
	rule->yellow_deposit_percent = rule->deposit_percent;
	if (yellow && load_object(load, yellow, "net_days deposit_percent")) {
		load_small(load, yellow, "net_days", &rule->yellow_net_days);
		load_small(load, yellow, "deposit_percent", &rule->yellow_deposit_percent);
	}
	load_leave(load, mark);
}

static void read_outage_terms(struct load *load, const json_t *object, struct outage_terms *terms)
{
	unsigned place = OUTAGE_DENY;

	*terms = (struct outage_terms){OUTAGE_DENY, 0};
	load_choice(load, object, "rule", OUTAGES, &place);
	terms->rule = (enum outage_rule)place;
	load_integer(load, object, "amount", &terms->amount);
	if (!json_object_get(object, "rule"))
		load_fault_at(load, "rule", "is required");
	if ((terms->rule == OUTAGE_ALLOW_UP_TO) != (json_object_get(object, "amount") != NULL))
		load_fault_at(load, "amount", "belongs to the rule allow_up_to, and to no other");
	if (terms->amount < 0 || terms->amount > MAX_AMOUNT)
		load_fault_at(load, "amount", "must be an amount in minor units from 0 up to the maximum");
}

/* A class that is not named has the method's plain rule. */
static void read_outage(struct load *load, const json_t *method, struct method_rule *rule)
{
	const json_t *outage = json_object_get(method, "outage");
	size_t mark = load_enter(load, "outage");

	if (outage && load_object(load, outage, "rule amount new known person")) {
		read_outage_terms(load, outage, &rule->outage[0]);
		for (int i = 1; i < CUSTOMER_CLASS_COUNT; i++)
			rule->outage[i] = rule->outage[0];
		for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++) {
			const char *name = customer_class_name((enum customer_class)i);
			const json_t *own = json_object_get(outage, name);
			size_t item = load_enter(load, name);

			if (own && load_object(load, own, "rule amount"))
				read_outage_terms(load, own, &rule->outage[i]);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

static void read_credit(struct load *load, const json_t *method, struct method_rule *rule)
{
	unsigned light;

	policy_method_defaults(rule);
	light = rule->min_light;
	load_small(load, method, "min_score", &rule->min_score);
	load_choice(load, method, "min_light", LIGHTS, &light);
	rule->min_light = (enum light)light;
	load_integer(load, method, "min_amount", &rule->min_amount);
	read_cap(load, method, "max_amount", &rule->max_amount);
	load_small(load, method, "net_days", &rule->net_days);
	load_small(load, method, "deposit_percent", &rule->deposit_percent);
	read_yellow(load, method, rule);
	read_outage(load, method, rule);
}

static void read_method(struct load *load, const json_t *method, struct method_rule *rule)
{
	unsigned type = TYPE_NONE;

	if (!load_object(load, method, METHOD_MEMBERS))
		return;
	load_choice(load, method, "type", TYPES, &type);
	if (type == TYPE_NONE)
		load_fault_at(load, "type", "is required: credit or prepayment");
	*rule = (struct method_rule){.max_amount = POLICY_OFF};
	if (type == TYPE_CREDIT)
		read_credit(load, method, rule);
	else if (json_object_size(method) > 2)
		load_fault(load, "a prepayment method is never withheld: it has an id and a type only");
	load_text(load, method, "id", rule->id, sizeof(rule->id));
	if (!rule->id[0])
		load_fault_at(load, "id", "is required");
}

static void read_methods(struct load *load, const json_t *root, struct policy *policy)
{
	const json_t *methods = json_object_get(root, "payment_methods");
	size_t mark = load_enter(load, "payment_methods");

	if (methods && load_array(load, methods, MAX_METHODS)) {
		memset(policy->methods, 0, sizeof(policy->methods));
		policy->method_count = (uint8_t)json_array_size(methods);
		for (size_t i = 0; i < policy->method_count; i++) {
			size_t item = load_enter_item(load, i);

			read_method(load, json_array_get(methods, i), &policy->methods[i]);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

/* Replaces the default caps: what is not named has none. */
static void read_form_caps(struct load *load, const json_t *limit, struct limit_rules *rules)
{
	const json_t *caps = json_object_get(limit, "legal_form_caps");
	size_t mark = load_enter(load, "legal_form_caps");
	const char *name;
	json_t *value;

	if (caps && !json_is_object(caps))
		load_fault(load, "must be an object");
	for (size_t i = 0; caps && i < LEGAL_FORM_COUNT; i++)
		rules->form_cap[i] = POLICY_OFF;
	json_object_foreach((json_t *)(uintptr_t)caps, name, value)
	{
		enum legal_form form = legal_form_parse(slice_cstr(name));

		if (form == LEGAL_FORM_NONE && strcmp(name, "none") != 0)
			load_fault_at(load, name, "is no legal form");
		else if (rules->form_cap[form] != POLICY_OFF)
			load_fault_at(load, name, "is the same legal form as another member");
		else
			read_cap(load, caps, name, &rules->form_cap[form]);
	}
	load_leave(load, mark);
}

static void read_limit_currency(struct load *load, const json_t *limit, struct limit_rules *rules)
{
	char code[4];

	(void)slice_copy(slice_cstr(rules->currency.code), code, sizeof(code));
	load_text(load, limit, "currency", code, sizeof(code));
	if (!money_currency(slice_cstr(code), &rules->currency, NULL))
		load_fault_at(load, "currency", "must be a currency code of ISO 4217");
}

static void read_limit(struct load *load, const json_t *root, struct limit_rules *rules)
{
	const json_t *limit = json_object_get(root, "limit");
	size_t mark = load_enter(load, "limit");

	if (limit && load_object(load, limit, LIMIT_MEMBERS)) {
		read_limit_currency(load, limit, rules);
		read_share(load, limit, "equity_share", &rules->equity_share);
		read_share(load, limit, "revenue_share", &rules->revenue_share);
		read_share(load, limit, "bureau_share", &rules->bureau_share);
		read_cap(load, limit, "pd_base", &rules->pd_base);
		read_ppm(load, limit, "pd_full", &rules->pd_full_ppm);
		read_form_caps(load, limit, rules);
		read_cap(load, limit, "young_cap", &rules->young_cap);
		load_small(load, limit, "young_years", &rules->young_years);
		read_cap(load, limit, "unknown_cap", &rules->unknown_cap);
		read_share(load, limit, "yellow_share", &rules->yellow_share);
		read_cap(load, limit, "max_total", &rules->max_total);
		read_share(load, limit, "per_order_share", &rules->per_order_share);
		read_cap(load, limit, "per_order_max", &rules->per_order_max);
		read_cap(load, limit, "first_order_max", &rules->first_order_max);
	}
	load_leave(load, mark);
}

static void read_event(struct load *load, const json_t *insolvency, const char *status, struct event_rules *events)
{
	const json_t *event = json_object_get(insolvency, status);
	size_t mark = load_enter(load, status);

	if (event && load_object(load, event, "points forget_days")) {
		load_small(load, event, "points", &events->insolvency_points[status[0] - '0']);
		load_small(load, event, "forget_days", &events->insolvency_forget_days[status[0] - '0']);
	}
	load_leave(load, mark);
}

static void read_insolvency(struct load *load, const json_t *root, struct event_rules *events)
{
	static const char *const statuses[] = {"2", "4", "5", "6", "7"};
	const json_t *insolvency = json_object_get(root, "insolvency");
	size_t mark = load_enter(load, "insolvency");

	if (insolvency && load_object(load, insolvency, "2 4 5 6 7")) {
		for (size_t i = 0; i < COUNT(statuses); i++)
			read_event(load, insolvency, statuses[i], events);
	}
	load_leave(load, mark);
}

static void read_countries(struct load *load, const json_t *root, struct policy *policy)
{
	const json_t *countries = json_object_get(root, "countries");
	size_t mark = load_enter(load, "countries");

	if (countries && load_array(load, countries, MAX_COUNTRIES)) {
		for (size_t i = 0; i < json_array_size(countries); i++) {
			const json_t *country = json_array_get(countries, i);
			size_t item = load_enter_item(load, i);

			if (!json_is_string(country) || !slice_copy(load_slice(country), policy->countries[i], 3))
				load_fault(load, "must be a country code of two capitals");
			load_leave(load, item);
		}
		policy->country_count = (uint8_t)json_array_size(countries);
	}
	load_leave(load, mark);
}

/* Minor digits differ: one yen is the smallest unit, one franc is a hundred of them. */
static int64_t minor_rate(int64_t rate, unsigned digits, unsigned limit_digits)
{
	for (; digits < limit_digits; digits++)
		rate *= 10;
	for (; digits > limit_digits; digits--)
		rate = rate / 10 + (rate % 10 > 0);
	return rate;
}

static void read_currency(struct load *load, const json_t *item, struct currency limit, struct currency_rule *rule)
{
	char code[4] = "";
	unsigned digits;
	unsigned limit_digits;
	int64_t rate = 0;

	if (!load_object(load, item, "code rate"))
		return;
	load_text(load, item, "code", code, sizeof(code));
	load_millionths(load, item, "rate", &rate);
	if (!money_currency(slice_cstr(code), &rule->currency, &digits)) {
		load_fault_at(load, "code", "must be a currency code of ISO 4217");
		return;
	}
	if (rate < 1 || rate > MONEY_MILLION * MONEY_MILLION)
		load_fault_at(load, "rate", "is required: what one unit is worth in the limit's currency, above 0");
	else if (money_currency(slice_cstr(limit.code), &limit, &limit_digits))
		rule->rate = minor_rate(rate, digits, limit_digits);
}

static void read_currencies(struct load *load, const json_t *root, struct policy *policy)
{
	const json_t *currencies = json_object_get(root, "currencies");
	size_t mark = load_enter(load, "currencies");

	if (currencies && load_array(load, currencies, MAX_CURRENCIES)) {
		policy->currency_count = (uint8_t)json_array_size(currencies);
		for (size_t i = 0; i < policy->currency_count; i++) {
			size_t item = load_enter_item(load, i);

			read_currency(load, json_array_get(currencies, i), policy->limit.currency,
			              &policy->currencies[i]);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

static enum status read_root(struct load *load, const json_t *root, struct arena *arena, struct policy *policy)
{
	if (!load_object(load, root, MEMBERS))
		return STATUS_OK;
	load_format(load, root, "bonigate-policy/1");
	load_text(load, root, "id", policy->id, sizeof(policy->id));
	load_text(load, root, "version", policy->version, sizeof(policy->version));
	if (!json_object_get(root, "id") || !json_object_get(root, "version"))
		load_fault_at(load, json_object_get(root, "id") ? "version" : "id", "is required");
	if (json_object_get(root, "description") && !json_is_string(json_object_get(root, "description")))
		load_fault_at(load, "description", "must be a text");
	read_light(load, root, policy);
	read_methods(load, root, policy);
	read_limit(load, root, &policy->limit);
	read_insolvency(load, root, &policy->events);
	read_countries(load, root, policy);
	read_currencies(load, root, policy);
	read_action(load, root, "unknown_company", &policy->unknown_company);
	read_action(load, root, "ambiguous_match", &policy->ambiguous_match);
	read_action(load, root, "other_delivery_address", &policy->other_delivery_address);
	read_ppm(load, root, "min_match", &policy->min_match_ppm);
	policy_sources_in_read(load, root, &policy->sources);
	load_small(load, root, "valid_hours", &policy->valid_hours);
	load_bool(load, root, "person_review", &policy->person_review);
	load_bool(load, root, "token", &policy->token);
	return policy_list_in_read(load, root, arena, policy);
}

enum status policy_in_parse(struct slice json, struct arena *arena, struct policy *ret_policy,
                            struct load_error *ret_error)
{
	struct policy *policy = arena_alloc(arena, sizeof(*policy));
	struct policy_fault fault;
	struct load load;
	json_t *root;
	enum status status;

	if (!policy)
		return STATUS_NO_MEMORY;
	status = load_open(&load, json, MAX_POLICY_FILE, arena, &root, ret_error);
	if (status)
		return status;
	policy_defaults(policy);
	status = read_root(&load, root, arena, policy);
	if (status)
		return status;
	if (load_failed(&load))
		return STATUS_INVALID;
	if (policy_check(policy, &fault) != STATUS_OK)
		return load_refuse(ret_error, fault.pointer, fault.why);
	*ret_policy = *policy;
	return STATUS_OK;
}
