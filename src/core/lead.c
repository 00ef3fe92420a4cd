/* SPDX-License-Identifier: MIT */
#include "core/lead.h"

static const struct {
	const char *name;
	const char *text[LANG_COUNT];
} PRIORITIES[] = {
        [LEAD_LOW] = {"low", {"Nachrangig: nur gegen Vorkasse beliefern.", "Later: deliver against prepayment only."}},
        [LEAD_MEDIUM] = {"medium",
                         {"Ansprechen, vor der Lieferung auf Rechnung prüfen oder eine Anzahlung vereinbaren.",
                          "Contact, but check or agree on a deposit before delivering on invoice."}},
        [LEAD_HIGH] = {"high",
                       {"Zuerst ansprechen: gute Bonität, Kauf auf Rechnung ab der ersten Bestellung.",
                        "Contact first: sound credit, invoice from the first order on."}},
};

static const char *const HINTS[][LANG_COUNT] = {
        {"Vorkasse vorschlagen", "propose prepayment"},
        {"Kauf auf Rechnung anbieten", "offer invoice"},
};

static bool has_credit(const struct decision *decision)
{
	for (size_t i = 0; i < decision->method_count; i++)
		if (decision->methods[i].rule->credit && decision->methods[i].allowed)
			return true;
	return false;
}

static enum lead_priority priority_of(const struct decision *decision, bool credit)
{
	if (decision->outcome == OUTCOME_DECLINE)
		return LEAD_LOW;
	if (decision->light == LIGHT_GREEN && decision->outcome == OUTCOME_APPROVE && credit)
		return LEAD_HIGH;
	return decision->light == LIGHT_RED && !decision->natural_person ? LEAD_LOW : LEAD_MEDIUM;
}

static void add_why(struct lead *lead, enum reason reason, int32_t points)
{
	for (size_t i = 0; i < lead->why_count; i++)
		if (lead->why[i].reason == reason)
			return;
	if (reason != REASON_NONE && lead->why_count < LEAD_WHY)
		lead->why[lead->why_count++] = (struct lead_why){reason, points};
}

void lead_weigh(const struct decision *decision, struct lead *ret_lead)
{
	const struct score *score = &decision->score;
	struct lead lead = {.invoice = has_credit(decision), .first_limit = decision->limit.per_order};

	lead.priority = priority_of(decision, lead.invoice);
	if (!lead.invoice)
		lead.first_limit = 0;
	add_why(&lead, score->hard_stop, 0);
	for (size_t i = 0; i < decision->reason_count && i < 2; i++)
		add_why(&lead, decision->reasons[i], 0);
	for (size_t i = 0; i < decision->top_count && decision->identified; i++)
		add_why(&lead, score->effects[decision->top[i]].reason, score->effects[decision->top[i]].points);
	*ret_lead = lead;
}

const char *lead_priority_name(enum lead_priority priority)
{
	return PRIORITIES[priority].name;
}

const char *lead_priority_text(enum lead_priority priority, enum lang lang)
{
	return PRIORITIES[priority].text[lang];
}

const char *lead_hint_text(bool invoice, enum lang lang)
{
	return HINTS[invoice][lang];
}
