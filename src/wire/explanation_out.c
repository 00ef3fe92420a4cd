/* SPDX-License-Identifier: MIT */
#include "wire/explanation_out.h"

#include <string.h>

#include "base/json_out.h"
#include "core/fact_text.h"

#define STATEMENT_CAP 8192
#define SHOWN_CAP     64

void explanation_view_make(struct record *record, const struct model *model, const struct event_rules *rules,
                           struct explanation_view *ret_view)
{
	struct explanation_view *view = ret_view;

	memset(view, 0, sizeof(*view));
	view->record = record;
	facts_derive(&record->facts, record->today);
	if (!record->result.identified || record->result.hard_stop != REASON_NONE)
		return;
	scorecard_eval(model, rules, &record->facts, record->today, &view->score);
	view->exact = slice_eq_cstr(record->model_id, model->id) &&
	              slice_eq_cstr(record->model_version, model->version) &&
	              view->score.points == record->result.points && view->score.pd_ppm == record->result.pd_ppm;
	if (view->exact)
		explanation_make(model, &view->score, &view->explanation);
}

static void put_shown(struct json_out *json, const char *name, enum fact_id fact, int64_t value, enum lang lang)
{
	char text[SHOWN_CAP];
	struct buf shown;

	buf_init(&shown, text, sizeof(text));
	fact_show(&shown, fact, value, lang);
	json_out_string(json, name, buf_view(&shown));
}

static void put_item(struct json_out *json, const struct explanation_item *item, bool cost, enum lang lang)
{
	/* "High retained earnings" is no word for what could have been still higher. */
	bool speaks = item->points < 0 || (item->points > 0 && !cost);

	json_out_object(json, NULL);
	json_out_string(json, "code", speaks ? slice_cstr(reason_code(item->reason)) : SLICE_NONE);
	json_out_string(json, "text", speaks ? slice_cstr(reason_text(item->reason, lang)) : SLICE_NONE);
	json_out_cstr(json, "input", fact_name(item->fact));
	json_out_cstr(json, "title", fact_title(item->fact, lang));
	put_shown(json, "value", item->fact, item->value, lang);
	json_out_i64(json, "points", item->points);
	json_out_i64(json, "lost", item->lost);
	if (item->gain > 0) {
		json_out_object(json, "change");
		put_shown(json, item->below ? "below" : "from", item->fact, item->border, lang);
		json_out_i64(json, "points", item->gain);
		json_out_object_end(json);
	} else {
		json_out_null(json, "change");
	}
	json_out_object_end(json);
}

static void put_items(struct json_out *json, const struct explanation *e, enum lang lang)
{
	json_out_array(json, "costs");
	for (size_t i = 0; i < e->cost_count; i++)
		put_item(json, &e->costs[i], true, lang);
	json_out_array_end(json);
	json_out_array(json, "strengths");
	for (size_t i = 0; i < e->strength_count; i++)
		put_item(json, &e->strengths[i], false, lang);
	json_out_array_end(json);
}

/* Effects as recorded, when the model that decided is not at hand. */
static void put_recorded(struct json_out *json, const struct record_result *result, enum lang lang)
{
	json_out_array(json, "recorded_reasons");
	for (size_t i = 0; i < result->effect_count; i++) {
		json_out_object(json, NULL);
		json_out_cstr(json, "code", reason_code(result->effects[i].reason));
		json_out_cstr(json, "text", reason_text(result->effects[i].reason, lang));
		json_out_i64(json, "points", result->effects[i].points);
		json_out_object_end(json);
	}
	json_out_array_end(json);
}

static void put_unknown(struct json_out *json, const struct explanation *e, enum lang lang)
{
	json_out_array(json, "unknown");
	for (size_t i = 0; i < e->unknown_count; i++) {
		json_out_object(json, NULL);
		json_out_cstr(json, "input", fact_name(e->unknown[i]));
		json_out_cstr(json, "title", fact_title(e->unknown[i], lang));
		json_out_object_end(json);
	}
	json_out_array_end(json);
}

static void put_codes(struct json_out *json, const char *name, const enum reason *reasons, size_t count, enum lang lang)
{
	json_out_array(json, name);
	for (size_t i = 0; i < count; i++) {
		json_out_object(json, NULL);
		json_out_cstr(json, "code", reason_code(reasons[i]));
		json_out_cstr(json, "text", reason_text(reasons[i], lang));
		json_out_object_end(json);
	}
	json_out_array_end(json);
}

static void put_sources(struct json_out *json, const struct facts *facts)
{
	json_out_array(json, "sources");
	for (size_t i = 0; i < facts->source_count; i++) {
		json_out_object(json, NULL);
		json_out_cstr(json, "id", facts->sources[i].id);
		json_out_day(json, "as_of", facts->sources[i].as_of);
		json_out_cstr(json, "state", source_state_name(facts->sources[i].state));
		json_out_object_end(json);
	}
	json_out_array_end(json);
}

static void put_assessment(struct json_out *json, const struct explanation_view *view)
{
	const struct record *record = view->record;
	const struct record_result *result = &record->result;

	json_out_cstr(json, "outcome", outcome_name(result->outcome));
	json_out_cstr(json, "light", light_name(result->light));
	if (result->identified) {
		json_out_i64(json, "score", result->score);
		json_out_millionths(json, "pd", result->pd_ppm);
		json_out_millionths(json, "known_share", result->known_ppm);
	} else {
		json_out_null(json, "score");
		json_out_null(json, "pd");
		json_out_i64(json, "known_share", 0);
	}
	json_out_object(json, "model");
	json_out_string(json, "id", record->model_id);
	json_out_string(json, "version", record->model_version);
	json_out_bool(json, "in_use", view->exact);
	json_out_object_end(json);
}

static void put_outage(struct json_out *json, const struct record_outage *outage)
{
	json_out_object(json, "outage");
	json_out_cstr(json, "customer", customer_class_name(outage->customer));
	json_out_array(json, "missing");
	for (size_t i = 0; i < outage->missing_count; i++)
		json_out_string(json, NULL, outage->missing[i]);
	json_out_array_end(json);
	json_out_array(json, "rules");
	for (size_t i = 0; i < outage->rule_count; i++) {
		const struct record_outage_rule *rule = &outage->rules[i];

		json_out_object(json, NULL);
		json_out_string(json, "method", rule->method);
		json_out_cstr(json, "rule", outage_rule_name(rule->terms.rule));
		if (rule->terms.rule == OUTAGE_ALLOW_UP_TO)
			json_out_i64(json, "amount", rule->terms.amount);
		json_out_object_end(json);
	}
	json_out_array_end(json);
	json_out_object_end(json);
}

static void put_statement(struct json_out *json, const struct explanation_view *view, enum lang lang)
{
	char text[STATEMENT_CAP];
	struct buf statement;

	buf_init(&statement, text, sizeof(text));
	explanation_out_text(view, lang, &statement);
	json_out_string(json, "statement", buf_view(&statement));
	json->buf->overflow |= statement.overflow;
}

void explanation_out_json(const struct explanation_view *view, enum lang lang, struct buf *out)
{
	const struct record *record = view->record;
	const struct explanation *e = &view->explanation;
	struct json_out json;

	json_out_init(&json, out);
	json_out_object(&json, NULL);
	json_out_string(&json, "decision_id", record->head.decision_id);
	json_out_bool(&json, "livemode", record->head.livemode);
	put_assessment(&json, view);
	if (record->result.hard_stop != REASON_NONE)
		put_codes(&json, "decisive", &record->result.hard_stop, 1, lang);
	put_codes(&json, "reasons", record->result.reasons, record->result.reason_count, lang);
	put_items(&json, e, lang);
	put_unknown(&json, e, lang);
	if (!view->exact)
		put_recorded(&json, &record->result, lang);
	put_codes(&json, "limit_bound_by", record->result.limit.bound_by, record->result.limit.bound_count, lang);
	put_sources(&json, &record->facts);
	if (record->result.outage.told)
		put_outage(&json, &record->result.outage);
	put_statement(&json, view, lang);
	json_out_object_end(&json);
}
