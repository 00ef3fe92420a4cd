/* SPDX-License-Identifier: MIT */
#include "wire/checkout_out.h"

#include "base/json_out.h"

/* "text" is for the credit manager, "buyer_text" may be shown in the shop. */
static void put_reasons(struct json_out *out, const char *name, const enum reason *reasons, size_t count,
                        enum lang lang)
{
	json_out_array(out, name);
	for (size_t i = 0; i < count; i++) {
		json_out_object(out, NULL);
		json_out_word(out, "code", reason_code(reasons[i]));
		json_out_word(out, "text", reason_text(reasons[i], lang));
		json_out_word(out, "buyer_text", reason_public(reasons[i], lang));
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_methods(struct json_out *out, const struct decision *decision, enum lang lang)
{
	json_out_array(out, "payment_methods");
	for (size_t i = 0; i < decision->method_count; i++) {
		const struct method_decision *method = &decision->methods[i];

		json_out_object(out, NULL);
		json_out_cstr(out, "id", method->rule->id);
		json_out_bool(out, "allowed", method->allowed);
		json_out_i64(out, "net_days", method->net_days);
		json_out_i64(out, "deposit_percent", method->deposit_percent);
		put_reasons(out, "reasons", method->reasons, method->reason_count, lang);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_company(struct json_out *out, const struct checkout_req *req, const struct checkout_res *res)
{
	json_out_object(out, "company");
	json_out_word(out, "id", res->company_id);
	json_out_string(out, "name", res->decision->identified ? slice_cstr(res->facts->name) : req->company.name);
	json_out_object(out, "match");
	json_out_word(out, "kind", match_kind_name(res->facts->match));
	json_out_millionths(out, "probability", res->facts->match_probability);
	if (res->confirmed)
		json_out_bool(out, "confirmed", true);
	json_out_object_end(out);
	json_out_object_end(out);
}

static void put_sources(struct json_out *out, const struct facts *facts)
{
	json_out_array(out, "sources");
	for (size_t i = 0; i < facts->source_count; i++) {
		json_out_object(out, NULL);
		json_out_cstr(out, "id", facts->sources[i].id);
		json_out_day(out, "as_of", facts->sources[i].as_of);
		json_out_word(out, "state", source_state_name(facts->sources[i].state));
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static int32_t newest_day(const struct facts *facts)
{
	int32_t newest = DATE_NONE;

	for (size_t i = 0; i < facts->source_count; i++)
		if (facts->sources[i].as_of > newest)
			newest = facts->sources[i].as_of;
	return newest;
}

static void put_effect(struct json_out *out, enum reason reason, int32_t points, enum lang lang)
{
	json_out_object(out, NULL);
	json_out_word(out, "code", reason_code(reason));
	json_out_i64(out, "points", points);
	json_out_word(out, "text", reason_text(reason, lang));
	json_out_object_end(out);
}

static void put_effects(struct json_out *out, const struct decision *decision, enum lang lang)
{
	const struct score *score = &decision->score;

	json_out_array(out, "reasons");
	if (score->hard_stop != REASON_NONE)
		put_effect(out, score->hard_stop, 0, lang);
	for (size_t i = 0; i < decision->top_count; i++) {
		const struct effect *effect = &score->effects[decision->top[i]];

		put_effect(out, effect->reason, effect->points, lang);
	}
	json_out_array_end(out);
}

/*
 * A company nobody knows has no score: base points would look like a
 * judgement. Nor has it an insolvency: that of a stranger, found by a weak
 * match, and one past its time are nobody's business.
 */
static void put_figures(struct json_out *out, const struct checkout_res *res)
{
	const struct decision *decision = res->decision;
	const struct event_rules *events = &res->input->policy->events;
	int64_t insolvency = 0;

	if (decision->identified) {
		json_out_i64(out, "score", decision->score.score);
		json_out_word(out, "light", light_name(decision->light));
		json_out_millionths(out, "pd", decision->score.pd_ppm);
		json_out_millionths(out, "known_share", decision->score.known_ppm);
		insolvency = scorecard_insolvency(events, res->facts, res->input->today);
	} else {
		json_out_null(out, "score");
		json_out_word(out, "light", light_name(decision->light));
		json_out_null(out, "pd");
		json_out_i64(out, "known_share", 0);
	}
	if (insolvency)
		json_out_i64(out, "insolvency_status", insolvency);
	else
		json_out_null(out, "insolvency_status");
}

static void put_assessment(struct json_out *out, const struct caller *caller, const struct checkout_res *res,
                           enum lang lang)
{
	json_out_object(out, "assessment");
	put_figures(out, res);
	json_out_day(out, "as_of", newest_day(res->facts));
	json_out_object(out, "model");
	json_out_cstr(out, "id", caller->model->id);
	json_out_cstr(out, "version", caller->model->version);
	json_out_object_end(out);
	json_out_object(out, "policy");
	json_out_cstr(out, "id", caller->policy->id);
	json_out_cstr(out, "version", caller->policy->version);
	json_out_object_end(out);
	put_sources(out, res->facts);
	put_effects(out, res->decision, lang);
	json_out_object_end(out);
}

static void put_limit(struct json_out *out, const struct credit_limit *limit, enum lang lang)
{
	json_out_object(out, "credit_limit");
	json_out_word(out, "currency", limit->currency.code);
	json_out_i64(out, "total", limit->total);
	json_out_i64(out, "exposure", limit->exposure);
	json_out_i64(out, "available", limit->available);
	json_out_i64(out, "per_order", limit->per_order);
	json_out_array(out, "bound_by");
	for (size_t i = 0; i < limit->bound_count; i++) {
		json_out_object(out, NULL);
		json_out_word(out, "code", reason_code(limit->bound_by[i]));
		json_out_word(out, "text", reason_text(limit->bound_by[i], lang));
		json_out_object_end(out);
	}
	json_out_array_end(out);
	json_out_object_end(out);
}

static void put_recommendation(struct json_out *out, enum recommendation recommendation, enum lang lang)
{
	json_out_object(out, "recommendation");
	json_out_word(out, "code", recommendation_name(recommendation));
	json_out_array(out, "actions");
	for (const char *const *action = recommendation_actions(recommendation); *action; action++)
		json_out_word(out, NULL, *action);
	json_out_array_end(out);
	json_out_word(out, "text", recommendation_text(recommendation, lang));
	json_out_object_end(out);
}

/* Why the answer is a makeshift. */
static void put_outage(struct json_out *out, const struct facts *facts, const struct outage *outage)
{
	json_out_object(out, "outage");
	json_out_cstr(out, "customer", customer_class_name(outage->customer));
	json_out_array(out, "missing");
	for (size_t i = 0; i < outage->missing_count; i++)
		json_out_cstr(out, NULL, facts->sources[outage->missing[i]].id);
	json_out_array_end(out);
	json_out_object_end(out);
}

void checkout_out_put(struct buf *buf, const struct caller *caller, const struct checkout_req *req,
                      const struct checkout_res *res, enum lang lang)
{
	const struct decision *decision = res->decision;
	struct json_out out;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_word(&out, "decision_id", res->decision_id);
	json_out_bool(&out, "livemode", caller->livemode);
	json_out_word(&out, "outcome", outcome_name(decision->outcome));
	json_out_cstr(&out, "recommended_method",
	              decision->recommended < 0 ? NULL : decision->methods[decision->recommended].rule->id);
	put_reasons(&out, "reasons", decision->reasons, decision->reason_count, lang);
	put_methods(&out, decision, lang);
	put_company(&out, req, res);
	put_assessment(&out, caller, res, lang);
	put_limit(&out, &decision->limit, lang);
	put_recommendation(&out, decision->recommendation, lang);
	json_out_word(&out, "freshness", freshness_name(decision->freshness));
	if (decision->freshness == FRESHNESS_FALLBACK)
		put_outage(&out, res->facts, &decision->outage);
	json_out_instant(&out, "valid_until", res->valid_until_ms, false);
	json_out_string(&out, "token", res->token);
	json_out_object_end(&out);
}
