/* SPDX-License-Identifier: MIT */
#include "core/decision.h"

#include <criterion/criterion.h>
#include <string.h>

#include "trade.h"

/* What decision_make() promises, over many made-up policies, companies and orders. */

#define ROUNDS 5000

static struct trade trade;
static uint64_t seed;

static int64_t below(int64_t n)
{
	return trade_below(&seed, n);
}

static int64_t any_amount(void)
{
	static const int64_t EDGES[] = {0, 1, 60000, 100000, 5000000, MAX_AMOUNT - 1, MAX_AMOUNT};

	return below(3) ? EDGES[below(7)] : below(10000000);
}

static void any_method(struct method_rule *rule)
{
	rule->min_score = (int32_t)below(101);
	rule->min_light = (enum light)below(3);
	rule->min_amount = below(2) ? 0 : any_amount();
	rule->max_amount = below(2) ? POLICY_OFF : any_amount();
	if (rule->max_amount != POLICY_OFF && rule->max_amount < rule->min_amount)
		rule->max_amount = rule->min_amount;
	rule->yellow_net_days = (int32_t)below(366);
	rule->yellow_deposit_percent = (int32_t)below(101);
	for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++)
		rule->outage[i] = (struct outage_terms){(enum outage_rule)below(3), any_amount()};
}

static void any_policy(void)
{
	struct policy *policy = &trade.policy;
	struct policy_fault fault;

	any_method(&policy->methods[0]);
	any_method(&policy->methods[1]);
	policy->unknown_company = (enum policy_action)below(3);
	policy->ambiguous_match = (enum policy_action)below(3);
	policy->other_delivery_address = (enum policy_action)below(3);
	policy->person_review = below(2) == 0;
	policy->yellow_from = (int32_t)below(60);
	policy->green_from = policy->yellow_from + 1 + (int32_t)below(40);
	policy->limit.yellow_share = below(MONEY_MILLION + 1);
	policy->limit.unknown_cap = below(2) ? POLICY_OFF : any_amount();
	policy->limit.max_total = below(2) ? POLICY_OFF : any_amount();
	policy->limit.per_order_share = below(2) ? POLICY_OFF : below(MONEY_MILLION + 1);
	policy->limit.first_order_max = below(2) ? POLICY_OFF : any_amount();
	if (below(3) == 0)
		memcpy(policy->countries[policy->country_count++], below(2) ? "DE" : "AT", 3);
	if (below(2))
		policy->currencies[policy->currency_count++] = (struct currency_rule){{"CHF"}, 1 + below(3000000)};
	if (below(4) == 0)
		(void)!policy_list_add(policy, &(struct company_key){"vat:DE136695976"}, below(2) == 0);
	if (below(4) == 0)
		(void)!policy_list_add(policy, &(struct company_key){"reg:R1101:HRB:12345"}, below(2) == 0);
	cr_assert_eq(policy_check(policy, &fault), STATUS_OK, "%s %s", fault.pointer, fault.why);
}

static void any_company(void)
{
	static const int64_t SIZES[] = {-FACT_MONEY_MAX, -1, 0, 1, 160000, 50000000, FACT_MONEY_MAX};
	struct facts *facts = &trade.facts;

	facts->match = (enum match_kind)below(4);
	facts->match_probability = (int32_t)below(1000001);
	if (below(3))
		facts->match = MATCH_EXACT;
	trade_set(&trade, FACT_LEGAL_FORM, 1 + below(LEGAL_FORM_COUNT - 1));
	trade_set(&trade, FACT_EQUITY, SIZES[below(7)]);
	trade_set(&trade, FACT_REVENUE, SIZES[below(7)]);
	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++)
		facts->items[id].known &= below(8) != 0;
	if (below(8) == 0)
		trade_set(&trade, FACT_INSOLVENCY_STATUS, 1 + below(7));
	if (below(16) == 0)
		trade_set(&trade, FACT_REGISTER_STATUS, 1 + below(3));
	if (below(2))
		trade_set(&trade, FACT_OWN_ORDERS, below(3));
	for (int i = 0; i < facts->source_count; i++)
		facts->sources[i].state = (enum source_state)below(4);
	trade.asked.form = (enum legal_form)below(LEGAL_FORM_COUNT);
}

static void any_order(void)
{
	static const char *const METHODS[] = {"invoice", "sepa_debit", "card", "prepayment"};
	static const int64_t EXPOSURES[] = {0, 0, 1, 5000000, INT64_MAX, INT64_MIN, -1};
	struct order *order = &trade.order;

	order->amount = 1 + any_amount();
	if (below(20) == 0)
		order->amount = INT64_MAX;
	memcpy(order->currency.code, below(5) ? "EUR" : "CHF", 4);
	order->other_delivery_address = below(5) == 0;
	for (int i = 0; i < 4 && below(2); i++)
		order->methods[order->method_count++] = slice_cstr(METHODS[(i + below(4)) % 4]);
	trade.in.exposure = EXPOSURES[below(7)];
	trade.in.freshness = (enum freshness)below(3);
}

static void any_trade(int round)
{
	seed = (uint64_t)round;
	trade_init(&trade);
	any_policy();
	any_company();
	any_order();
	trade_grade(&trade, (int)below(TRADE_GRADES));
}

static bool is_identified(void)
{
	return trade.facts.match == MATCH_EXACT ||
	       (trade.facts.match == MATCH_FUZZY && trade.facts.match_probability >= trade.policy.min_match_ppm);
}

static int credit_allowed(const struct decision *decision)
{
	int count = 0;

	for (int i = 0; i < decision->method_count; i++)
		count += decision->methods[i].allowed && decision->methods[i].rule->credit;
	return count;
}

static int credit_asked(const struct decision *decision)
{
	int count = 0;

	for (int i = 0; i < decision->method_count; i++)
		count += decision->methods[i].rule->credit;
	return count;
}

Test(decision_property, the_same_input_gives_the_same_bytes)
{
	struct decision again;

	for (int round = 0; round < ROUNDS; round++) {
		any_trade(round);
		memset(&trade.out, round, sizeof(trade.out));
		memset(&again, ~round, sizeof(again));
		trade_decide(&trade);
		decision_make(&trade.in, &again);
		cr_assert_eq(memcmp(&trade.out, &again, sizeof(again)), 0, "round %d", round);
	}
}

Test(decision_property, prepayment_is_never_withheld)
{
	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;

		any_trade(round);
		decision = trade_decide(&trade);
		for (int i = 0; i < decision->method_count; i++)
			cr_assert(decision->methods[i].allowed || decision->methods[i].rule->credit, "round %d", round);
	}
}

Test(decision_property, what_is_withheld_has_its_reason)
{
	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;

		any_trade(round);
		decision = trade_decide(&trade);
		for (int i = 0; i < decision->method_count; i++)
			cr_assert(decision->methods[i].allowed || decision->methods[i].reason_count, "round %d", round);
		cr_assert(decision->outcome == OUTCOME_APPROVE || decision->reason_count, "round %d", round);
	}
}

Test(decision_property, the_outcome_says_what_is_allowed)
{
	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;
		const struct method_decision *recommended;

		any_trade(round);
		decision = trade_decide(&trade);
		cr_assert((decision->outcome == OUTCOME_APPROVE) == (credit_allowed(decision) > 0) ||
		                  !credit_asked(decision),
		          "round %d", round);
		if (decision->recommended < 0)
			continue;
		recommended = &decision->methods[decision->recommended];
		cr_assert(recommended->allowed, "round %d", round);
		cr_assert(decision->outcome == OUTCOME_APPROVE || !recommended->rule->credit, "round %d", round);
	}
}

Test(decision_property, red_and_hard_stops_bear_nothing)
{
	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;

		any_trade(round);
		decision = trade_decide(&trade);
		if (decision->score.hard_stop != REASON_NONE)
			cr_assert_eq(decision->light, LIGHT_RED);
		if (decision->light != LIGHT_RED)
			continue;
		cr_assert_eq(decision->limit.total, 0, "round %d", round);
		cr_assert_eq(credit_allowed(decision), 0, "round %d", round);
		cr_assert_neq(decision->outcome, OUTCOME_APPROVE, "round %d", round);
		cr_assert_eq(decision->recommendation, RECOMMEND_SECURE);
	}
}

Test(decision_property, allowed_credit_fits_the_limit_and_the_method)
{
	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;
		int64_t amount = 0;

		any_trade(round);
		decision = trade_decide(&trade);
		if (!credit_allowed(decision))
			continue;
		cr_assert(policy_convert(&trade.policy, trade.order.amount, trade.order.currency, &amount));
		cr_assert_leq(amount, decision->limit.available, "round %d", round);
		cr_assert_leq(amount, decision->limit.per_order, "round %d", round);
		for (int i = 0; i < decision->method_count; i++) {
			const struct method_rule *rule = decision->methods[i].rule;

			if (!decision->methods[i].allowed || !rule->credit)
				continue;
			cr_assert_geq(amount, rule->min_amount);
			cr_assert(rule->max_amount == POLICY_OFF || amount <= rule->max_amount);
		}
	}
}

Test(decision_property, nobody_unknown_gets_credit_unless_the_policy_says_so)
{
	int met = 0;

	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;
		const struct list_entry *listed;
		bool said;

		any_trade(round);
		decision = trade_decide(&trade);
		if (is_identified())
			continue;
		listed = policy_list_find(&trade.policy, &(struct company_key){"vat:DE136695976"});
		said = trade.facts.match == MATCH_NONE
		               ? trade.policy.unknown_company == ACTION_ALLOW ||
		                         trade.in.freshness == FRESHNESS_FALLBACK || (listed && listed->allow)
		               : trade.policy.ambiguous_match == ACTION_ALLOW;
		cr_assert_not(decision->identified);
		cr_assert_neq(decision->light, LIGHT_GREEN);
		cr_assert(said || !credit_allowed(decision), "round %d", round);
		cr_assert(said || decision->limit.total == 0, "round %d", round);
		met++;
	}
	cr_assert_gt(met, ROUNDS / 10);
}

Test(decision_property, no_natural_person_is_declined)
{
	int met = 0;

	for (int round = 0; round < ROUNDS; round++) {
		const struct decision *decision;

		any_trade(round);
		trade.policy.person_review = true;
		trade_set(&trade, FACT_LEGAL_FORM, LEGAL_FORM_SOLE_TRADER + below(2));
		trade.asked.form = LEGAL_FORM_EK;
		decision = trade_decide(&trade);
		cr_assert(decision->natural_person, "round %d", round);
		cr_assert_neq(decision->outcome, OUTCOME_DECLINE, "round %d", round);
		met += trade_has(decision->reasons, decision->reason_count, REASON_NATURAL_PERSON);
	}
	cr_assert_gt(met, ROUNDS / 10);
}

Test(decision_property, a_better_score_never_makes_it_worse)
{
	struct decision before;

	for (int round = 0; round < ROUNDS / 10; round++) {
		any_trade(round);
		trade_grade(&trade, 0);
		before = *trade_decide(&trade);
		for (int grade = 1; grade < TRADE_GRADES; grade++) {
			const struct decision *after;

			trade_grade(&trade, grade);
			after = trade_decide(&trade);
			cr_assert_geq(after->outcome, before.outcome, "round %d grade %d", round, grade);
			cr_assert_geq(after->light, before.light, "round %d grade %d", round, grade);
			cr_assert_geq(after->recommendation, before.recommendation, "round %d grade %d", round, grade);
			cr_assert_geq(after->limit.total, before.limit.total, "round %d grade %d", round, grade);
			cr_assert_geq(after->limit.per_order, before.limit.per_order, "round %d", round);
			for (int i = 0; i < after->method_count; i++)
				cr_assert_geq(after->methods[i].allowed, before.methods[i].allowed, "round %d", round);
			before = *after;
		}
	}
}

Test(decision_property, a_larger_order_never_fares_better)
{
	struct decision before;

	for (int round = 0; round < ROUNDS / 10; round++) {
		any_trade(round);
		trade.policy.methods[0].min_amount = 0;
		trade.policy.methods[1].min_amount = 0;
		trade.order.amount = 1;
		before = *trade_decide(&trade);
		for (int bits = 4; bits < 63; bits += 4) {
			trade.order.amount = INT64_C(1) << bits;
			trade_decide(&trade);
			cr_assert_leq(trade.out.outcome, before.outcome, "round %d bits %d", round, bits);
			cr_assert_eq(trade.out.limit.total, before.limit.total);
			before = trade.out;
		}
	}
}
