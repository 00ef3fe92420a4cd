/* SPDX-License-Identifier: MIT */
#include "wire/lead_out.h"

#define SHOWN_ERRORS 2
#define SHOWN_NAME   200 /* bytes; a longer one is cut */

static struct slice cut(struct slice text)
{
	if (text.len <= SHOWN_NAME)
		return text;
	text.len = SHOWN_NAME;
	while (text.len && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
		text.len--;
	return text;
}

static void put_company(struct json_out *json, const struct lead_res *res)
{
	const struct facts *facts = res->checkout.facts;

	json_out_object(json, "company");
	json_out_cstr(json, "id", res->checkout.company_id);
	json_out_string(json, "name", cut(facts_matched(facts) ? slice_cstr(facts->name) : res->asked.company.name));
	json_out_string(json, "customer_ref", res->asked.company.customer_ref);
	json_out_object(json, "match");
	json_out_cstr(json, "kind", match_kind_name(facts->match));
	json_out_millionths(json, "probability", facts->match_probability);
	json_out_object_end(json);
	json_out_object_end(json);
}

static void put_why(struct json_out *json, const struct lead *lead, enum lang lang)
{
	json_out_array(json, "why");
	for (size_t i = 0; i < lead->why_count; i++) {
		json_out_object(json, NULL);
		json_out_cstr(json, "code", reason_code(lead->why[i].reason));
		json_out_i64(json, "points", lead->why[i].points);
		json_out_cstr(json, "text", reason_text(lead->why[i].reason, lang));
		json_out_object_end(json);
	}
	json_out_array_end(json);
}

void lead_out_begin(struct lead_out *out, struct buf *buf, const struct caller *caller, enum lang lang)
{
	*out = (struct lead_out){.lang = lang};
	json_out_init(&out->json, buf);
	json_out_object(&out->json, NULL);
	json_out_bool(&out->json, "livemode", caller->livemode);
	json_out_array(&out->json, "leads");
}

void lead_out_lead(struct lead_out *out, size_t index, const struct lead_res *res)
{
	const struct decision *decision = res->checkout.decision;
	const struct lead *lead = &res->lead;
	struct json_out *json = &out->json;

	json_out_object(json, NULL);
	json_out_i64(json, "index", (int64_t)index);
	json_out_cstr(json, "decision_id", res->checkout.decision_id);
	put_company(json, res);
	if (facts_matched(res->checkout.facts))
		json_out_i64(json, "score", decision->score.score);
	else
		json_out_null(json, "score");
	json_out_cstr(json, "light", light_name(decision->light));
	json_out_object(json, "first_limit");
	json_out_i64(json, "amount", lead->first_limit);
	json_out_cstr(json, "currency", decision->limit.currency.code);
	json_out_object_end(json);
	json_out_cstr(json, "priority", lead_priority_name(lead->priority));
	json_out_cstr(json, "priority_text", lead_priority_text(lead->priority, out->lang));
	json_out_cstr(json, "payment_hint", lead->invoice ? "invoice" : "prepayment");
	json_out_cstr(json, "payment_hint_text", lead_hint_text(lead->invoice, out->lang));
	json_out_cstr(json, "outcome", outcome_name(decision->outcome));
	put_why(json, lead, out->lang);
	json_out_object_end(json);
	out->judged++;
}

void lead_out_again(struct lead_out *out, struct slice lead)
{
	json_out_raw(&out->json, NULL, lead);
	out->judged++;
}

static void put_refused(struct json_out *json, size_t index, const struct field_errors *errors, enum lang lang)
{
	json_out_object(json, NULL);
	json_out_i64(json, "index", (int64_t)index);
	json_out_array(json, "errors");
	for (size_t i = 0; i < errors->count && i < SHOWN_ERRORS; i++) {
		json_out_object(json, NULL);
		json_out_cstr(json, "pointer", errors->items[i].pointer);
		json_out_cstr(json, "code", errors->items[i].code);
		json_out_cstr(json, "detail", errors->items[i].detail[lang]);
		json_out_object_end(json);
	}
	json_out_array_end(json);
	json_out_object_end(json);
}

void lead_out_end(struct lead_out *out, const struct lead_list *list)
{
	struct json_out *json = &out->json;

	json_out_array_end(json);
	json_out_array(json, "refused");
	for (size_t i = 0; i < list->count; i++) {
		if (!list->entries[i].errors)
			continue;
		put_refused(json, i, list->entries[i].errors, out->lang);
		out->refused++;
	}
	json_out_array_end(json);
	json_out_object(json, "counts");
	json_out_i64(json, "judged", (int64_t)out->judged);
	json_out_i64(json, "refused", (int64_t)out->refused);
	json_out_object_end(json);
	json_out_object_end(json);
}
