/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/lead.h"

static const struct method_rule invoice = {.id = "invoice", .credit = true};
static const struct method_rule prepayment = {.id = "prepayment"};

static struct decision make(enum light light, enum outcome outcome, bool credit)
{
	struct decision decision = {.light = light, .outcome = outcome, .identified = true, .method_count = 2};

	decision.methods[0] = (struct method_decision){.rule = &invoice, .allowed = credit};
	decision.methods[1] = (struct method_decision){.rule = &prepayment, .allowed = true};
	decision.limit.total = 5000000;
	decision.limit.per_order = 2500000;
	return decision;
}

Test(lead, light_and_outcome_make_the_priority)
{
	static const struct {
		enum light light;
		enum outcome outcome;
		bool credit;
		bool person;
		enum lead_priority priority;
	} cases[] = {
	        {LIGHT_GREEN, OUTCOME_APPROVE, true, false, LEAD_HIGH},
	        {LIGHT_GREEN, OUTCOME_REVIEW, false, false, LEAD_MEDIUM},
	        {LIGHT_GREEN, OUTCOME_DECLINE, false, false, LEAD_LOW},
	        {LIGHT_YELLOW, OUTCOME_APPROVE, true, false, LEAD_MEDIUM},
	        {LIGHT_YELLOW, OUTCOME_REVIEW, false, false, LEAD_MEDIUM},
	        {LIGHT_YELLOW, OUTCOME_DECLINE, false, false, LEAD_LOW},
	        {LIGHT_RED, OUTCOME_DECLINE, false, false, LEAD_LOW},
	        {LIGHT_RED, OUTCOME_REVIEW, false, false, LEAD_LOW},
	        {LIGHT_RED, OUTCOME_REVIEW, false, true, LEAD_MEDIUM}, /* a person must look, so sales may */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decision decision = make(cases[i].light, cases[i].outcome, cases[i].credit);
		struct lead lead;

		decision.natural_person = cases[i].person;
		lead_weigh(&decision, &lead);
		cr_expect_eq(lead.priority, cases[i].priority, "case %zu", i);
		cr_expect_eq(lead.invoice, cases[i].credit, "case %zu", i);
		cr_expect_eq(lead.first_limit, cases[i].credit ? 2500000 : 0, "no limit without credit, case %zu", i);
	}
}

Test(lead, why_names_each_reason_once_and_what_decided_first)
{
	struct decision decision = make(LIGHT_RED, OUTCOME_DECLINE, false);
	struct lead lead;

	decision.score.hard_stop = REASON_INSOLVENCY_OPENED;
	decision.reason_count = 1;
	decision.reasons[0] = REASON_INSOLVENCY_OPENED;
	for (uint8_t i = 0; i < DECISION_TOP; i++) {
		decision.score.effects[i] = (struct effect){.reason = (enum reason)(REASON_NONE + 1 + i),
		                                            .points = 9 - i};
		decision.top[i] = i;
	}
	decision.top_count = DECISION_TOP;
	lead_weigh(&decision, &lead);
	cr_assert_eq(lead.why_count, LEAD_WHY);
	cr_assert_eq(lead.why[0].reason, REASON_INSOLVENCY_OPENED);
	for (size_t i = 0; i < lead.why_count; i++)
		for (size_t j = 0; j < i; j++)
			cr_assert_neq(lead.why[i].reason, lead.why[j].reason);
	decision.identified = false;
	lead_weigh(&decision, &lead);
	cr_assert_eq(lead.why_count, 1, "a stranger's effects are not told");
}

Test(lead, every_word_is_there_in_both_languages)
{
	for (int priority = LEAD_LOW; priority <= LEAD_HIGH; priority++) {
		cr_assert_not_null(lead_priority_name((enum lead_priority)priority));
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			cr_assert_gt(slice_cstr(lead_priority_text((enum lead_priority)priority, (enum lang)lang)).len,
			             10);
			cr_assert_gt(slice_cstr(lead_hint_text(priority == LEAD_HIGH, (enum lang)lang)).len, 10);
		}
	}
}
