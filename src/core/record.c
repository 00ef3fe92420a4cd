/* SPDX-License-Identifier: MIT */
#include "core/record.h"

#include "base/json_out.h"
#include "record_facts.h"

JSON_OUT_INLINE void put_present(struct json_out *out, const char *name, struct slice value)
{
	if (value.ptr)
		json_out_string(out, name, value);
}

static void put_reasons(struct json_out *out, const char *name, const enum reason *reasons, size_t count)
{
	json_out_array(out, name);
	for (size_t i = 0; i < count; i++)
		json_out_word(out, NULL, reason_code(reasons[i]));
	json_out_array_end(out);
}

static void put_version(struct json_out *out, const char *name, const char *id, const char *version)
{
	json_out_array(out, name);
	json_out_cstr(out, NULL, id);
	json_out_cstr(out, NULL, version);
	json_out_array_end(out);
}

static void put_head(struct json_out *out, const struct record_head *head)
{
	json_out_i64(out, "v", RECORD_FORMAT);
	json_out_string(out, "id", head->decision_id);
	json_out_string(out, "tenant", head->tenant);
	put_present(out, "request_id", head->request_id);
	json_out_bool(out, "livemode", head->livemode);
	if (head->lead)
		json_out_bool(out, "lead", true);
	put_present(out, "recheck_of", head->recheck_of);
	json_out_instant(out, "at", head->at_ms, true);
	json_out_i64(out, "valid_ms", money_sub(head->valid_until_ms, head->at_ms));
}

static void put_asked(struct json_out *out, const struct identity *asked)
{
	json_out_object(out, "asked");
	put_present(out, "name", asked->name);
	put_present(out, "street", asked->street);
	put_present(out, "postal_code", asked->postal_code);
	put_present(out, "city", asked->city);
	put_present(out, "country", asked->country);
	put_present(out, "vat_id", asked->vat_id);
	put_present(out, "lei", asked->lei);
	put_present(out, "economic_id", asked->economic_id);
	put_present(out, "court", asked->court);
	put_present(out, "register_type", asked->register_type);
	put_present(out, "register_number", asked->register_number);
	put_present(out, "customer_ref", asked->customer_ref);
	json_out_object_end(out);
}

/* Whether "methods" of the decision lists just what was asked for. */
static bool is_answered(const struct order *order, const struct decision *decision)
{
	if (order->method_count != decision->method_count)
		return false;
	for (size_t i = 0; i < order->method_count; i++) {
		if (!slice_eq_cstr(order->methods[i], decision->methods[i].rule->id))
			return false;
	}
	return true;
}

static void put_order_methods(struct json_out *out, const struct order *order, const struct decision *decision)
{
	if (is_answered(order, decision)) {
		json_out_bool(out, "methods", true);
		return;
	}
	json_out_array(out, "methods");
	for (size_t i = 0; i < order->method_count; i++)
		json_out_string(out, NULL, order->methods[i]);
	json_out_array_end(out);
}

static void put_order(struct json_out *out, const struct order *order, const struct decision *decision)
{
	json_out_object(out, "order");
	put_present(out, "ref", order->ref);
	json_out_i64(out, "amount", order->amount);
	json_out_word(out, "currency", order->currency.code);
	if (order->other_delivery_address)
		json_out_bool(out, "other_delivery_address", true);
	if (order->method_count)
		put_order_methods(out, order, decision);
	json_out_object_end(out);
}

static void put_score(struct json_out *out, const struct decision *decision)
{
	const struct score *score = &decision->score;

	json_out_object(out, "score");
	json_out_i64(out, "points", score->points);
	json_out_i64(out, "pd", score->pd_ppm);
	json_out_i64(out, "score", score->score);
	json_out_i64(out, "known", score->known_ppm);
	if (score->hard_stop != REASON_NONE)
		json_out_word(out, "stop", reason_code(score->hard_stop));
	if (decision->top_count)
		json_out_array(out, "effects");
	for (size_t i = 0; i < decision->top_count; i++) {
		const struct effect *effect = &score->effects[decision->top[i]];

		json_out_array(out, NULL);
		json_out_word(out, NULL, reason_code(effect->reason));
		json_out_i64(out, NULL, effect->points);
		json_out_array_end(out);
	}
	if (decision->top_count)
		json_out_array_end(out);
	json_out_object_end(out);
}

static void put_limit(struct json_out *out, const struct credit_limit *limit, struct currency order)
{
	json_out_object(out, "limit");
	if (!money_same_currency(limit->currency, order))
		json_out_word(out, "currency", limit->currency.code);
	json_out_i64(out, "total", limit->total);
	json_out_i64(out, "available", limit->available);
	json_out_i64(out, "per_order", limit->per_order);
	put_reasons(out, "bound_by", limit->bound_by, limit->bound_count);
	json_out_object_end(out);
}

static void put_methods(struct json_out *out, const struct decision *decision)
{
	json_out_array(out, "methods");
	for (size_t i = 0; i < decision->method_count; i++) {
		const struct method_decision *method = &decision->methods[i];

		json_out_array(out, NULL);
		json_out_cstr(out, NULL, method->rule->id);
		json_out_bool(out, NULL, method->allowed);
		json_out_i64(out, NULL, method->net_days);
		json_out_i64(out, NULL, method->deposit_percent);
		for (size_t k = 0; k < method->reason_count; k++)
			json_out_word(out, NULL, reason_code(method->reasons[k]));
		json_out_array_end(out);
	}
	json_out_array_end(out);
}

static void put_input(struct json_out *out, const struct record_head *head, const struct identity *asked,
                      const struct decision_input *input, const struct decision *decision)
{
	put_asked(out, asked);
	put_order(out, input->order, decision);
	if (input->exposure)
		json_out_i64(out, "exposure", input->exposure);
	json_out_word(out, "freshness", freshness_name(input->freshness));
	if (input->today != DATE_NONE && input->today != date_of_instant(head->at_ms))
		json_out_day(out, "today", input->today);
	record_facts_put(out, input->facts);
	put_version(out, "model", input->model->id, input->model->version);
	put_version(out, "policy", input->policy->id, input->policy->version);
}

static void put_outage_rules(struct json_out *out, const struct decision *decision)
{
	json_out_array(out, "rules");
	for (size_t i = 0; i < decision->method_count; i++) {
		const struct method_decision *method = &decision->methods[i];

		if (!method->outage)
			continue;
		json_out_array(out, NULL);
		json_out_cstr(out, NULL, method->rule->id);
		json_out_cstr(out, NULL, outage_rule_name(method->outage->rule));
		if (method->outage->rule == OUTAGE_ALLOW_UP_TO)
			json_out_i64(out, NULL, method->outage->amount);
		json_out_array_end(out);
	}
	json_out_array_end(out);
}

static void put_outage(struct json_out *out, const struct facts *facts, const struct decision *decision)
{
	json_out_object(out, "outage");
	json_out_cstr(out, "customer", customer_class_name(decision->outage.customer));
	json_out_array(out, "missing");
	for (size_t i = 0; i < decision->outage.missing_count; i++)
		json_out_cstr(out, NULL, facts->sources[decision->outage.missing[i]].id);
	json_out_array_end(out);
	put_outage_rules(out, decision);
	json_out_object_end(out);
}

static void put_decision(struct json_out *out, const struct decision_input *input, const struct decision *decision)
{
	put_score(out, decision);
	json_out_word(out, "light", light_name(decision->light));
	if (decision->natural_person)
		json_out_bool(out, "natural_person", true);
	if (!decision->identified)
		json_out_bool(out, "identified", false);
	if (decision->freshness == FRESHNESS_FALLBACK)
		put_outage(out, input->facts, decision);
	put_limit(out, &decision->limit, input->order->currency);
	put_methods(out, decision);
	if (decision->recommended >= 0)
		json_out_cstr(out, "recommended", decision->methods[decision->recommended].rule->id);
	json_out_word(out, "recommendation", recommendation_name(decision->recommendation));
	json_out_word(out, "outcome", outcome_name(decision->outcome));
	put_reasons(out, "reasons", decision->reasons, decision->reason_count);
}

enum status record_put(struct buf *out, const struct record_head *head, const struct identity *asked,
                       const struct decision_input *input, const struct decision *decision)
{
	size_t start = out->len;
	struct json_out json;

	json_out_init(&json, out);
	json_out_object(&json, NULL);
	put_head(&json, head);
	put_input(&json, head, asked, input, decision);
	put_decision(&json, input, decision);
	if (out->overflow || out->len - start > MAX_RECORD - RECORD_CLOSE)
		return STATUS_TOO_LARGE;
	return STATUS_OK;
}

void record_close(struct buf *out, uint64_t seq, const uint8_t prev[32])
{
	buf_cstr(out, ",\"seq\":");
	buf_u64(out, seq);
	buf_cstr(out, ",\"prev\":\"");
	buf_hex(out, prev, 32);
	buf_cstr(out, "\"}");
}
