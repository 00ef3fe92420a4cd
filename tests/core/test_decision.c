/* SPDX-License-Identifier: MIT */
#include "core/decision.h"

#include <criterion/criterion.h>
#include <string.h>

#include "trade.h"

static struct trade trade;

static void init(void)
{
	trade_init(&trade);
}

TestSuite(decision, .init = init);

static const char *recommended(void)
{
	const struct decision *decision = trade_decide(&trade);

	return decision->recommended < 0 ? "" : decision->methods[decision->recommended].rule->id;
}

static struct method_rule *invoice(void)
{
	return &trade.policy.methods[0];
}

Test(decision, a_good_company_is_released)
{
	const struct decision *decision = trade_decide(&trade);
	const struct method_decision *first = &decision->methods[0];

	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
	cr_expect_eq(decision->recommendation, RECOMMEND_RELEASE);
	cr_expect_eq(decision->light, LIGHT_GREEN);
	cr_expect(decision->identified);
	cr_expect_not(decision->natural_person);
	cr_expect_eq(decision->method_count, trade.policy.method_count);
	cr_expect_str_eq(first->rule->id, "invoice");
	cr_expect(first->allowed);
	cr_expect_eq(first->net_days, 30);
	cr_expect_eq(first->deposit_percent, 0);
	cr_expect_eq(first->reason_count, 0);
	cr_expect_str_eq(recommended(), "invoice");
	cr_expect_eq(decision->limit.total, 10000000);
}

Test(decision, yellow_means_yellow_terms_and_half_the_limit)
{
	const struct method_decision *first;

	trade_light(&trade, LIGHT_YELLOW);
	trade_set(&trade, FACT_EQUITY, 16000000);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_YELLOW);
	first = &trade.out.methods[0];
	cr_expect(first->allowed);
	cr_expect_eq(first->net_days, 14);
	cr_expect_eq(first->deposit_percent, 30);
	cr_expect(trade_has(first->reasons, first->reason_count, REASON_SHORT_TERMS));
	cr_expect(trade_has(first->reasons, first->reason_count, REASON_DEPOSIT_REQUIRED));
	cr_expect(trade_has(trade.out.reasons, trade.out.reason_count, REASON_DEPOSIT_REQUIRED));
	cr_expect_eq(trade.out.limit.total, 800000);
	cr_expect_eq(trade.out.recommendation, RECOMMEND_OBSERVE);
}

Test(decision, red_is_declined_and_secured)
{
	trade_light(&trade, LIGHT_RED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIGHT_RED);
	cr_expect_eq(trade.out.recommendation, RECOMMEND_SECURE);
	cr_expect_eq(trade.out.limit.total, 0);
	trade_expect_withheld(&trade, "invoice", REASON_LIGHT_RED);
	trade_expect_allowed(&trade, "card");
	cr_expect_str_eq(recommended(), "prepayment", "the first prepayment type of the policy");
}

Test(decision, a_hard_stop_outweighs_everything)
{
	trade_list(&trade, "reg:R1101:HRB:12345", true);
	trade_set(&trade, FACT_INSOLVENCY_STATUS, 3);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_INSOLVENCY_OPENED);
	cr_expect_eq(trade.out.light, LIGHT_RED);
	cr_expect_eq(trade.out.limit.total, 0);
	cr_expect_eq(trade.out.limit.bound_by[0], REASON_INSOLVENCY_OPENED);
	cr_expect_not(trade_has(trade.out.reasons, trade.out.reason_count, REASON_ON_ALLOW_LIST));
	cr_expect_not(trade_has(trade.out.reasons, trade.out.reason_count, REASON_LIGHT_RED), "said already");
	trade_expect_withheld(&trade, "invoice", REASON_INSOLVENCY_OPENED);
}

Test(decision, the_deny_list_holds_by_any_key_of_asked_or_found)
{
	static const char *const KEYS[] = {"reg:R1101:HRB:12345", "vat:DE136695976", "lei:529900T8BM49AURSDO55"};

	for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		init();
		facts_alias(&trade.facts, &(struct company_key){"lei:529900T8BM49AURSDO55"});
		trade_list(&trade, KEYS[i], false);
		trade_expect(&trade, OUTCOME_DECLINE, REASON_ON_DENY_LIST);
		cr_expect_eq(trade.out.light, LIGHT_RED);
		cr_expect_eq(trade.out.limit.total, 0);
		cr_expect_eq(trade.out.limit.bound_by[0], REASON_ON_DENY_LIST);
		cr_expect_eq(trade.out.recommendation, RECOMMEND_SECURE);
	}
	init();
	trade_list(&trade, "vat:DE136695977", false);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
}

Test(decision, deny_wins_over_allow)
{
	trade_list(&trade, "vat:DE136695976", true);
	trade_list(&trade, "reg:R1101:HRB:12345", false);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_ON_DENY_LIST);
}

Test(decision, the_keys_of_an_uncertain_match_are_a_strangers)
{
	trade.facts.match = MATCH_FUZZY;
	trade.facts.match_probability = 899999;
	trade_list(&trade, "reg:R1101:HRB:12345", false);
	trade_expect(&trade, OUTCOME_REVIEW, REASON_MATCH_UNCERTAIN);
	cr_expect_not(trade_has(trade.out.reasons, trade.out.reason_count, REASON_ON_DENY_LIST));
}

Test(decision, the_allow_list_waives_light_and_score_but_no_cap)
{
	invoice()->min_score = 90;
	invoice()->min_light = LIGHT_GREEN;
	trade_light(&trade, LIGHT_RED);
	trade_list(&trade, "vat:DE136695976", true);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_ON_ALLOW_LIST);
	cr_expect_eq(trade.out.light, LIGHT_YELLOW);
	cr_expect_gt(trade.out.limit.total, 0);
	trade.order.amount = 10000001;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIMIT_EXCEEDED);
}

Test(decision, the_allow_list_lets_an_unknown_company_in_but_no_ambiguous_one)
{
	trade.order.amount = 60000;
	trade_list(&trade, "vat:DE136695976", true);
	trade_nobody_found(&trade, MATCH_NONE);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_ON_ALLOW_LIST);
	cr_expect_eq(trade.out.limit.total, 120000, "unknown size, yellow: %ld", (long)trade.out.limit.total);
	trade_nobody_found(&trade, MATCH_AMBIGUOUS);
	trade_expect(&trade, OUTCOME_REVIEW, REASON_AMBIGUOUS_COMPANY);
	trade_expect_withheld(&trade, "invoice", REASON_AMBIGUOUS_COMPANY);
}

Test(decision, country_and_currency_must_be_served)
{
	trade.policy.country_count = 1;
	memcpy(trade.policy.countries[0], "AT", 3);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_COUNTRY_NOT_SERVED);
	cr_expect_gt(trade.out.limit.total, 0, "the company's limit is what it is");
	memcpy(trade.facts.country, "AT", 3);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
	trade.facts.country[0] = '\0';
	memcpy(trade.asked.country, "AT", 3);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
	trade.order.currency = (struct currency){"CHF"};
	trade_expect(&trade, OUTCOME_DECLINE, REASON_CURRENCY_NOT_SERVED);
	trade_expect_allowed(&trade, "prepayment");
	trade.policy.currencies[trade.policy.currency_count++] = (struct currency_rule){{"CHF"}, 1070000};
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
}

Test(decision, an_amount_in_another_currency_counts_at_its_rate)
{
	trade.policy.currencies[trade.policy.currency_count++] = (struct currency_rule){{"CHF"}, 1070000};
	trade.order.currency = (struct currency){"CHF"};
	invoice()->max_amount = 106999;
	trade_expect_withheld(&trade, "invoice", REASON_AMOUNT_ABOVE_MAXIMUM);
	invoice()->max_amount = 107000;
	trade_expect_allowed(&trade, "invoice");
}

Test(decision, every_refusal_is_named)
{
	trade.policy.country_count = 1;
	memcpy(trade.policy.countries[0], "AT", 3);
	trade.order.currency = (struct currency){"USD"};
	trade.order.other_delivery_address = true;
	trade.policy.other_delivery_address = ACTION_DENY;
	trade_light(&trade, LIGHT_RED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_COUNTRY_NOT_SERVED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_CURRENCY_NOT_SERVED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIGHT_RED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_OTHER_DELIVERY_ADDRESS);
	trade_expect_withheld(&trade, "invoice", REASON_OTHER_DELIVERY_ADDRESS);
}

Test(decision, what_to_do_with_an_unknown_company_is_the_policys)
{
	static const struct {
		enum match_kind match;
		enum policy_action action;
		enum outcome outcome;
		enum reason reason;
	} CASES[] = {
	        {MATCH_NONE, ACTION_ALLOW, OUTCOME_APPROVE, REASON_DEPOSIT_REQUIRED},
	        {MATCH_NONE, ACTION_REVIEW, OUTCOME_REVIEW, REASON_UNKNOWN_COMPANY},
	        {MATCH_NONE, ACTION_DENY, OUTCOME_DECLINE, REASON_UNKNOWN_COMPANY},
	        {MATCH_AMBIGUOUS, ACTION_ALLOW, OUTCOME_APPROVE, REASON_DEPOSIT_REQUIRED},
	        {MATCH_AMBIGUOUS, ACTION_REVIEW, OUTCOME_REVIEW, REASON_AMBIGUOUS_COMPANY},
	        {MATCH_AMBIGUOUS, ACTION_DENY, OUTCOME_DECLINE, REASON_AMBIGUOUS_COMPANY},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		init();
		trade_nobody_found(&trade, CASES[i].match);
		trade.order.amount = 60000;
		trade.policy.unknown_company = CASES[i].match == MATCH_NONE ? CASES[i].action : ACTION_DENY;
		trade.policy.ambiguous_match = CASES[i].match == MATCH_NONE ? ACTION_DENY : CASES[i].action;
		trade_expect(&trade, CASES[i].outcome, CASES[i].reason);
		cr_expect_not(trade.out.identified);
		cr_expect_lt(trade.out.light, LIGHT_GREEN, "nobody knows it");
		if (CASES[i].action == ACTION_ALLOW)
			cr_expect_eq(trade.out.limit.total, 120000);
		else
			cr_expect_eq(trade.out.limit.bound_by[0], CASES[i].reason);
		if (CASES[i].action != ACTION_ALLOW)
			cr_expect_eq(trade.out.limit.total, 0);
	}
}

Test(decision, a_strangers_facts_never_count)
{
	trade.facts.match = MATCH_FUZZY;
	trade.facts.match_probability = 900000;
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
	cr_expect(trade.out.identified);
	trade.facts.match_probability = 899999;
	trade_expect(&trade, OUTCOME_REVIEW, REASON_MATCH_UNCERTAIN);
	cr_expect_not(trade.out.identified);
	cr_expect_eq(trade.out.limit.total, 0);
	cr_expect_eq(trade.out.top_count, 0);
	trade.policy.ambiguous_match = ACTION_ALLOW;
	trade.order.amount = 60000;
	trade_expect(&trade, OUTCOME_APPROVE, REASON_DEPOSIT_REQUIRED);
	cr_expect_eq(trade.out.limit.total, 120000, "of a company of unknown size");
	trade_set(&trade, FACT_INSOLVENCY_STATUS, 1);
	trade_expect(&trade, OUTCOME_REVIEW, REASON_MATCH_UNCERTAIN);
	cr_expect_neq(trade.out.light, LIGHT_RED, "nor is a stranger's insolvency held against it");
}

Test(decision, a_review_of_the_unknown_looks_at_amounts_only)
{
	trade_nobody_found(&trade, MATCH_NONE);
	invoice()->min_score = 100;
	invoice()->max_amount = 100000;
	trade_ask(&trade, (const char *const[]){"invoice", NULL});
	trade_expect(&trade, OUTCOME_REVIEW, REASON_UNKNOWN_COMPANY);
	trade.order.amount = 100001;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_AMOUNT_ABOVE_MAXIMUM);
}

Test(decision, goods_that_go_elsewhere_are_the_policys_to_judge)
{
	trade.order.other_delivery_address = true;
	trade_expect(&trade, OUTCOME_REVIEW, REASON_OTHER_DELIVERY_ADDRESS);
	trade_expect_withheld(&trade, "invoice", REASON_OTHER_DELIVERY_ADDRESS);
	cr_expect_eq(trade.out.recommendation, RECOMMEND_OBSERVE);
	cr_expect_str_eq(recommended(), "prepayment");
	cr_expect_gt(trade.out.limit.total, 0);
	trade.policy.other_delivery_address = ACTION_ALLOW;
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
	trade.policy.other_delivery_address = ACTION_DENY;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_OTHER_DELIVERY_ADDRESS);
	trade_nobody_found(&trade, MATCH_NONE);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_OTHER_DELIVERY_ADDRESS);
	cr_expect_not(trade_has(trade.out.reasons, trade.out.reason_count, REASON_UNKNOWN_COMPANY),
	              "what a person could have cleared no longer matters");
}

Test(decision, a_review_is_spared_when_a_person_could_not_help)
{
	trade.order.other_delivery_address = true;
	trade.order.amount = MAX_AMOUNT;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIMIT_EXCEEDED);
}

Test(decision, natural_persons_are_reviewed_instead_of_declined)
{
	static const enum legal_form FORMS[] = {LEGAL_FORM_EK, LEGAL_FORM_SOLE_TRADER, LEGAL_FORM_FREELANCER,
	                                        LEGAL_FORM_GBR};

	for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++) {
		init();
		trade_set(&trade, FACT_LEGAL_FORM, FORMS[i]);
		trade_light(&trade, LIGHT_RED);
		trade_expect(&trade, OUTCOME_REVIEW, REASON_NATURAL_PERSON);
		cr_expect_eq(trade.out.reasons[0], REASON_NATURAL_PERSON, "it is why");
		cr_expect(trade.out.natural_person);
		cr_expect_eq(trade.out.recommendation, RECOMMEND_SECURE);
		cr_expect_eq(trade.out.limit.total, 0);
		trade_expect_withheld(&trade, "invoice", REASON_NATURAL_PERSON);
		trade_expect_withheld(&trade, "invoice", REASON_LIGHT_RED);
		trade.policy.person_review = false;
		trade_expect(&trade, OUTCOME_DECLINE, REASON_LIGHT_RED);
	}
}

Test(decision, who_shows_no_form_and_no_company_register_may_be_a_person)
{
	static const struct {
		const char *key;
		enum register_type asked;
		bool person;
	} CASES[] = {
	        {"vat:DE136695976", REGISTER_NONE, true},  {"reg:R1101:HRA:1", REGISTER_NONE, true},
	        {"reg:R1101:HRB:1", REGISTER_NONE, false}, {"reg:R1101:GnR:1", REGISTER_NONE, false},
	        {"name:DE:40213:00", REGISTER_HRB, false}, {"name:DE:40213:00", REGISTER_HRA, true},
	};

	trade.facts.items[FACT_LEGAL_FORM].known = false;
	trade.asked.form = LEGAL_FORM_NONE;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		cr_assert(slice_copy(slice_cstr(CASES[i].key), trade.facts.key.text, sizeof(trade.facts.key.text)));
		trade.asked.reg.type = CASES[i].asked;
		cr_expect_eq(trade_decide(&trade)->natural_person, CASES[i].person, "case %zu", i);
	}
	trade.asked.form = LEGAL_FORM_GMBH;
	cr_expect_not(trade_decide(&trade)->natural_person);
	trade_set(&trade, FACT_LEGAL_FORM, LEGAL_FORM_SOLE_TRADER);
	cr_expect(trade_decide(&trade)->natural_person, "what the register says counts first");
}

Test(decision, each_method_has_its_own_rules)
{
	trade_light(&trade, LIGHT_YELLOW);
	invoice()->min_light = LIGHT_GREEN;
	trade_expect_withheld(&trade, "invoice", REASON_LIGHT_TOO_LOW);
	trade_expect_allowed(&trade, "sepa_debit");
	cr_expect_str_eq(recommended(), "sepa_debit");
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_YELLOW);
	cr_expect_not(trade_has(trade.out.reasons, trade.out.reason_count, REASON_LIGHT_TOO_LOW),
	              "an approval is not explained by what it withholds");
	init();
	invoice()->min_score = 100;
	trade_grade(&trade, TRADE_GRADES - 2);
	trade_expect_withheld(&trade, "invoice", REASON_SCORE_TOO_LOW);
	init();
	invoice()->min_amount = 100001;
	trade_expect_withheld(&trade, "invoice", REASON_AMOUNT_BELOW_MINIMUM);
	invoice()->min_amount = 100000;
	trade_expect_allowed(&trade, "invoice");
	invoice()->max_amount = 99999;
	trade_expect_withheld(&trade, "invoice", REASON_AMOUNT_ABOVE_MAXIMUM);
	invoice()->max_amount = 100000;
	trade_expect_allowed(&trade, "invoice");
}

Test(decision, the_order_must_fit_what_is_left_of_the_limit)
{
	trade_set(&trade, FACT_EQUITY, 50000000);
	trade.policy.limit.per_order_share = POLICY_OFF;
	trade.order.amount = 5000000;
	trade_expect_allowed(&trade, "invoice");
	trade.in.exposure = 1;
	trade_expect_withheld(&trade, "invoice", REASON_LIMIT_EXCEEDED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIMIT_EXCEEDED);
	cr_expect_eq(trade.out.recommendation, RECOMMEND_SECURE);
	cr_expect_eq(trade.out.light, LIGHT_GREEN);
	trade.in.exposure = 0;
	trade.policy.limit.per_order_share = 500000;
	trade_expect_withheld(&trade, "invoice", REASON_PER_ORDER_LIMIT_EXCEEDED);
	trade.order.amount = 5000001;
	trade_expect_withheld(&trade, "invoice", REASON_LIMIT_EXCEEDED);
	cr_expect_eq(trade_method(&trade.out, "invoice")->reason_count, 1, "what one order may be is beside the point");
	trade.order.amount = 2500000;
	trade_expect_allowed(&trade, "invoice");
	trade.policy.limit.first_order_max = 2499999;
	trade_expect_withheld(&trade, "invoice", REASON_FIRST_ORDER_LIMIT_EXCEEDED);
	trade_set(&trade, FACT_OWN_ORDERS, 3);
	trade_expect_allowed(&trade, "invoice");
}

Test(decision, stale_facts_are_said_to_be_stale)
{
	trade.in.freshness = FRESHNESS_STALE;
	trade_expect(&trade, OUTCOME_APPROVE, REASON_FACTS_STALE);
}

Test(decision, only_what_is_asked_is_answered_in_the_order_asked)
{
	trade_ask(&trade, (const char *const[]){"prepayment", "unheard_of", "sepa_debit", NULL});
	trade_decide(&trade);
	cr_assert_eq(trade.out.method_count, 2);
	cr_expect_str_eq(trade.out.methods[0].rule->id, "prepayment");
	cr_expect_str_eq(trade.out.methods[1].rule->id, "sepa_debit");
	cr_expect_str_eq(recommended(), "sepa_debit", "preference is the policy's");
	trade_light(&trade, LIGHT_RED);
	cr_expect_str_eq(recommended(), "prepayment");
	trade_ask(&trade, (const char *const[]){"invoice", NULL});
	cr_expect_str_eq(recommended(), "", "nothing asked for is left");
}

Test(decision, without_credit_asked_only_the_company_counts)
{
	trade_ask(&trade, (const char *const[]){"card", NULL});
	trade.order.amount = MAX_AMOUNT;
	trade_expect(&trade, OUTCOME_APPROVE, REASON_LIGHT_GREEN);
	trade_nobody_found(&trade, MATCH_NONE);
	trade_expect(&trade, OUTCOME_REVIEW, REASON_UNKNOWN_COMPANY);
	trade_init(&trade);
	trade_ask(&trade, (const char *const[]){"card", NULL});
	trade_light(&trade, LIGHT_RED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIGHT_RED);
	trade_expect_allowed(&trade, "card");
}

/* Characteristics of every second sign, each on a fact of its own. */
static void many_effects(int good, int bad)
{
	struct characteristic *cards = trade.model.characteristics;
	struct model_fault fault = {.why = NULL};

	for (int i = 0; i < good + bad; i++) {
		cards[i] = (struct characteristic){
		        .fact = (enum fact_id)(FACT_TOTAL_ASSETS + i),
		        .good = REASON_EQUITY_RATIO_STRONG,
		        .bad = REASON_EQUITY_RATIO_WEAK,
		        .bin_count = 2,
		        .bins = {{.below = 0, .points = 0},
		                 {.below = INT64_MAX, .points = (i % 5 + 1) * (i < good ? 1 : -1)}},
		};
		trade_set(&trade, cards[i].fact, 1);
	}
	trade.model.characteristic_count = (uint8_t)(good + bad);
	cr_assert_eq(scorecard_prepare(&trade.model, &fault), STATUS_OK, "%s", fault.why);
}

Test(decision, the_largest_effects_both_ways_are_named)
{
	static const struct {
		int good, bad, expected_good, expected_bad;
	} CASES[] = {{1, 0, 1, 0}, {3, 2, 3, 2}, {10, 0, 8, 0}, {0, 9, 0, 8}, {9, 9, 4, 4}, {9, 1, 7, 1}, {2, 9, 2, 6}};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct effect *effects = trade.out.score.effects;
		int good = 0;

		init();
		many_effects(CASES[i].good, CASES[i].bad);
		trade_decide(&trade);
		cr_assert_eq(trade.out.top_count, CASES[i].expected_good + CASES[i].expected_bad, "case %zu", i);
		for (int k = 0; k < trade.out.top_count; k++) {
			good += effects[trade.out.top[k]].points > 0;
			cr_expect_neq(effects[trade.out.top[k]].points, 0);
			if (k > 0)
				cr_expect_geq(abs(effects[trade.out.top[k - 1]].points),
				              abs(effects[trade.out.top[k]].points));
		}
		cr_expect_eq(good, CASES[i].expected_good, "case %zu", i);
	}
}

Test(decision, names_are_those_of_the_api)
{
	cr_expect_str_eq(outcome_name(OUTCOME_APPROVE), "approve");
	cr_expect_str_eq(outcome_name(OUTCOME_REVIEW), "review");
	cr_expect_str_eq(outcome_name(OUTCOME_DECLINE), "decline");
	cr_expect_str_eq(outcome_name((enum outcome)9), "decline");
	cr_expect_str_eq(freshness_name(FRESHNESS_FRESH), "fresh");
	cr_expect_str_eq(freshness_name(FRESHNESS_STALE), "stale");
	cr_expect_str_eq(freshness_name(FRESHNESS_FALLBACK), "fallback");
	cr_expect_str_eq(freshness_name((enum freshness)9), "fallback");
}
