/* SPDX-License-Identifier: MIT */
#include "wire/record_in.h"

#include <string.h>

#include "json_in.h"
#include "record_facts_in.h"
#include "value.h"

static const char MEMBERS[] =
        "v id tenant request_id livemode lead recheck_of at valid_ms asked order exposure freshness today match "
        "sources facts model policy score light natural_person identified outage limit methods "
        "recommended recommendation outcome reasons seq prev";
static const char ASKED_MEMBERS[] = "name street postal_code city country vat_id lei economic_id court register_type "
                                    "register_number customer_ref";

static void read_head(struct load *load, const json_t *root, struct record_head *head)
{
	int64_t format = 0;
	int64_t valid_ms = 0;

	VALUE_MEMBER(load, root, "v", value_int64, &format);
	if (format != RECORD_FORMAT)
		load_fault_at(load, "v", "is a format this program does not read");
	VALUE_MEMBER(load, root, "id", value_text, &head->decision_id);
	VALUE_MEMBER(load, root, "tenant", value_text, &head->tenant);
	VALUE_OPTIONAL(load, root, "request_id", value_text, &head->request_id);
	VALUE_MEMBER(load, root, "livemode", value_bool, &head->livemode);
	VALUE_OPTIONAL(load, root, "lead", value_bool, &head->lead);
	VALUE_OPTIONAL(load, root, "recheck_of", value_text, &head->recheck_of);
	VALUE_MEMBER(load, root, "at", value_instant, &head->at_ms);
	VALUE_MEMBER(load, root, "valid_ms", value_int64, &valid_ms);
	head->valid_until_ms = money_add(head->at_ms, valid_ms);
}

static void read_asked(struct load *load, const json_t *asked, struct identity *identity)
{
	if (!load_object(load, asked, ASKED_MEMBERS))
		return;
	VALUE_OPTIONAL(load, asked, "name", value_text, &identity->name);
	VALUE_OPTIONAL(load, asked, "street", value_text, &identity->street);
	VALUE_OPTIONAL(load, asked, "postal_code", value_text, &identity->postal_code);
	VALUE_OPTIONAL(load, asked, "city", value_text, &identity->city);
	VALUE_OPTIONAL(load, asked, "country", value_text, &identity->country);
	VALUE_OPTIONAL(load, asked, "vat_id", value_text, &identity->vat_id);
	VALUE_OPTIONAL(load, asked, "lei", value_text, &identity->lei);
	VALUE_OPTIONAL(load, asked, "economic_id", value_text, &identity->economic_id);
	VALUE_OPTIONAL(load, asked, "court", value_text, &identity->court);
	VALUE_OPTIONAL(load, asked, "register_type", value_text, &identity->register_type);
	VALUE_OPTIONAL(load, asked, "register_number", value_text, &identity->register_number);
	VALUE_OPTIONAL(load, asked, "customer_ref", value_text, &identity->customer_ref);
}

/* True stands for those that were decided upon; they are filled in when these are read. */
static void read_order_methods(struct load *load, const json_t *methods, struct order *order)
{
	if (json_is_true(methods))
		return;
	if (!load_array(load, methods, MAX_METHODS))
		return;
	for (size_t i = 0; i < json_array_size(methods); i++)
		value_text(load, json_array_get(methods, i), &order->methods[i]);
	order->method_count = (uint8_t)json_array_size(methods);
}

static void read_order(struct load *load, const json_t *json, struct order *order)
{
	if (!load_object(load, json, "ref amount currency other_delivery_address methods"))
		return;
	VALUE_OPTIONAL(load, json, "ref", value_text, &order->ref);
	VALUE_MEMBER(load, json, "amount", value_int64, &order->amount);
	VALUE_MEMBER(load, json, "currency", value_currency, &order->currency);
	VALUE_OPTIONAL(load, json, "other_delivery_address", value_bool, &order->other_delivery_address);
	VALUE_OPTIONAL(load, json, "methods", read_order_methods, order);
}

struct version {
	struct slice id;
	struct slice version;
};

static void read_version(struct load *load, const json_t *pair, struct version *ret_version)
{
	if (json_array_size(pair) != 2)
		load_fault(load, "must be an id and a version");
	value_text(load, json_array_get(pair, 0), &ret_version->id);
	value_text(load, json_array_get(pair, 1), &ret_version->version);
}

static void read_effects(struct load *load, const json_t *effects, struct record_result *result)
{
	if (!load_array(load, effects, DECISION_TOP))
		return;
	for (size_t i = 0; i < json_array_size(effects); i++) {
		const json_t *pair = json_array_get(effects, i);
		size_t mark = load_enter_item(load, i);

		if (json_array_size(pair) != 2)
			load_fault(load, "must be a reason and its points");
		value_reason(load, json_array_get(pair, 0), &result->effects[i].reason);
		value_int32(load, json_array_get(pair, 1), &result->effects[i].points);
		load_leave(load, mark);
	}
	result->effect_count = (uint8_t)json_array_size(effects);
}

static void read_score(struct load *load, const json_t *score, struct record_result *result)
{
	if (!load_object(load, score, "points pd score known stop effects"))
		return;
	VALUE_MEMBER(load, score, "points", value_int32, &result->points);
	VALUE_MEMBER(load, score, "pd", value_int32, &result->pd_ppm);
	VALUE_MEMBER(load, score, "score", value_int32, &result->score);
	VALUE_MEMBER(load, score, "known", value_int32, &result->known_ppm);
	VALUE_OPTIONAL(load, score, "stop", value_reason, &result->hard_stop);
	VALUE_OPTIONAL(load, score, "effects", read_effects, result);
}

static void read_bounds(struct load *load, const json_t *bounds, struct credit_limit *limit)
{
	value_reasons(load, bounds, LIMIT_BOUNDS, limit->bound_by, &limit->bound_count);
}

static void read_limit(struct load *load, const json_t *json, struct credit_limit *limit)
{
	if (!load_object(load, json, "currency total available per_order bound_by"))
		return;
	VALUE_OPTIONAL(load, json, "currency", value_currency, &limit->currency);
	VALUE_MEMBER(load, json, "total", value_int64, &limit->total);
	VALUE_MEMBER(load, json, "available", value_int64, &limit->available);
	VALUE_MEMBER(load, json, "per_order", value_int64, &limit->per_order);
	VALUE_MEMBER(load, json, "bound_by", read_bounds, limit);
}

static void read_missing(struct load *load, const json_t *missing, struct record_outage *outage)
{
	if (!load_array(load, missing, MAX_SOURCES))
		return;
	for (size_t i = 0; i < json_array_size(missing); i++) {
		size_t mark = load_enter_item(load, i);

		value_text(load, json_array_get(missing, i), &outage->missing[i]);
		load_leave(load, mark);
	}
	outage->missing_count = (uint8_t)json_array_size(missing);
}

static void read_rule(struct load *load, const json_t *tuple, struct record_outage_rule *rule)
{
	size_t size = json_array_size(tuple);

	value_text(load, json_array_get(tuple, 0), &rule->method);
	value_outage_rule(load, json_array_get(tuple, 1), &rule->terms.rule);
	if (size != (rule->terms.rule == OUTAGE_ALLOW_UP_TO ? 3 : 2))
		load_fault(load, "must be a method, its rule and what belongs to that");
	else if (size == 3)
		value_int64(load, json_array_get(tuple, 2), &rule->terms.amount);
}

static void read_rules(struct load *load, const json_t *rules, struct record_outage *outage)
{
	if (!load_array(load, rules, MAX_METHODS))
		return;
	for (size_t i = 0; i < json_array_size(rules); i++) {
		size_t mark = load_enter_item(load, i);

		read_rule(load, json_array_get(rules, i), &outage->rules[i]);
		load_leave(load, mark);
	}
	outage->rule_count = (uint8_t)json_array_size(rules);
}

static void read_outage(struct load *load, const json_t *json, struct record_outage *outage)
{
	if (!load_object(load, json, "customer missing rules"))
		return;
	outage->told = true;
	VALUE_MEMBER(load, json, "customer", value_customer, &outage->customer);
	VALUE_MEMBER(load, json, "missing", read_missing, outage);
	VALUE_MEMBER(load, json, "rules", read_rules, outage);
}

#define METHOD_FIXED 4 /* id, allowed, days, deposit; reasons follow */

static void read_method(struct load *load, const json_t *tuple, struct record_method *method)
{
	size_t size = json_array_size(tuple);

	if (size < METHOD_FIXED || size > METHOD_FIXED + DECISION_METHOD_REASONS) {
		load_fault(load, "must be an id, allowed, days, deposit and reasons");
		return;
	}
	value_text(load, json_array_get(tuple, 0), &method->id);
	value_bool(load, json_array_get(tuple, 1), &method->allowed);
	value_int32(load, json_array_get(tuple, 2), &method->net_days);
	value_int32(load, json_array_get(tuple, 3), &method->deposit_percent);
	for (size_t i = METHOD_FIXED; i < size; i++)
		value_reason(load, json_array_get(tuple, i), &method->reasons[method->reason_count++]);
}

static void read_methods(struct load *load, const json_t *methods, struct record_result *result)
{
	if (!load_array(load, methods, MAX_METHODS))
		return;
	for (size_t i = 0; i < json_array_size(methods); i++) {
		size_t mark = load_enter_item(load, i);

		read_method(load, json_array_get(methods, i), &result->methods[i]);
		load_leave(load, mark);
	}
	result->method_count = (uint8_t)json_array_size(methods);
}

static void read_why(struct load *load, const json_t *reasons, struct record_result *result)
{
	value_reasons(load, reasons, MAX_REASONS, result->reasons, &result->reason_count);
}

static void read_result(struct load *load, const json_t *root, struct record_result *result)
{
	VALUE_MEMBER(load, root, "score", read_score, result);
	VALUE_MEMBER(load, root, "light", value_light, &result->light);
	VALUE_OPTIONAL(load, root, "natural_person", value_bool, &result->natural_person);
	result->identified = true;
	VALUE_OPTIONAL(load, root, "identified", value_bool, &result->identified);
	VALUE_OPTIONAL(load, root, "outage", read_outage, &result->outage);
	VALUE_MEMBER(load, root, "limit", read_limit, &result->limit);
	VALUE_MEMBER(load, root, "methods", read_methods, result);
	VALUE_OPTIONAL(load, root, "recommended", value_text, &result->recommended);
	VALUE_MEMBER(load, root, "recommendation", value_recommendation, &result->recommendation);
	VALUE_MEMBER(load, root, "outcome", value_outcome, &result->outcome);
	VALUE_MEMBER(load, root, "reasons", read_why, result);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_digest(struct load *load, const json_t *value, uint8_t ret_digest[32])
{
	struct slice text = SLICE_NONE;

	value_text(load, value, &text);
	if (text.len != 64) {
		load_fault(load, "must be 64 hexadecimal digits");
		return;
	}
	for (size_t i = 0; i < 32; i++) {
		int high = hex_digit(text.ptr[2 * i]);
		int low = hex_digit(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			load_fault(load, "must be 64 hexadecimal digits");
		ret_digest[i] = (uint8_t)((unsigned)high << 4 | (unsigned)low);
	}
}

static void read_input(struct load *load, const json_t *root, struct record *record)
{
	struct version model = {SLICE_NONE, SLICE_NONE};
	struct version policy = {SLICE_NONE, SLICE_NONE};

	VALUE_MEMBER(load, root, "asked", read_asked, &record->asked);
	VALUE_MEMBER(load, root, "order", read_order, &record->order);
	VALUE_OPTIONAL(load, root, "exposure", value_int64, &record->exposure);
	VALUE_MEMBER(load, root, "freshness", value_freshness, &record->freshness);
	record->today = date_of_instant(record->head.at_ms);
	VALUE_OPTIONAL(load, root, "today", value_day, &record->today);
	record_facts_in_read(load, root, &record->facts);
	VALUE_MEMBER(load, root, "model", read_version, &model);
	VALUE_MEMBER(load, root, "policy", read_version, &policy);
	record->model_id = model.id;
	record->model_version = model.version;
	record->policy_id = policy.id;
	record->policy_version = policy.version;
}

/* What the decision's own members say as well. */
static void fill_in(struct load *load, const json_t *root, struct record *record)
{
	struct record_result *result = &record->result;
	const json_t *order = json_object_get(root, "order");

	result->limit.exposure = record->exposure;
	if (!result->limit.currency.code[0])
		result->limit.currency = record->order.currency;
	if (!json_is_true(json_object_get(order, "methods")))
		return;
	record->order.method_count = result->method_count;
	for (size_t i = 0; i < result->method_count; i++)
		record->order.methods[i] = result->methods[i].id;
	if (!result->method_count)
		load_fault_at(load, "methods", "is empty");
}

static void read_chain(struct load *load, const json_t *root, struct record *record)
{
	int64_t seq = 0;

	VALUE_MEMBER(load, root, "seq", value_int64, &seq);
	if (seq < 1)
		load_fault_at(load, "seq", "must be 1 or above");
	record->seq = (uint64_t)seq;
	VALUE_MEMBER(load, root, "prev", read_digest, record->prev);
}

enum status record_in_parse(struct slice text, struct arena *arena, struct record *ret_record,
                            struct load_error *ret_error)
{
	struct record *record = arena_alloc(arena, sizeof(*record));
	struct json_in_error error;
	struct load load;
	json_t *root;
	enum status status;

	if (!record)
		return STATUS_NO_MEMORY;
	status = json_in_parse(text, arena, &root, &error);
	if (status == STATUS_TOO_LARGE)
		return STATUS_NO_MEMORY;
	load_init(&load, ret_error);
	if (status) {
		load_fault(&load, error.code);
		return STATUS_CORRUPT;
	}
	if (load_object(&load, root, MEMBERS)) {
		read_head(&load, root, &record->head);
		read_input(&load, root, record);
		read_result(&load, root, &record->result);
		fill_in(&load, root, record);
		read_chain(&load, root, record);
	}
	if (load_failed(&load))
		return STATUS_CORRUPT;
	*ret_record = *record;
	return STATUS_OK;
}
