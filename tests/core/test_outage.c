/* SPDX-License-Identifier: MIT */
#include "core/decision.h"

#include <criterion/criterion.h>

#include "trade.h"

static struct trade trade;

static void init(void)
{
	trade_init(&trade);
}

TestSuite(outage, .init = init);

static struct method_rule *invoice(void)
{
	return &trade.policy.methods[0];
}

static void all_down(void)
{
	facts_init(&trade.facts);
	(void)facts_source(&trade.facts, "register", SOURCE_UNAVAILABLE, DATE_NONE);
	trade.in.freshness = FRESHNESS_FALLBACK;
}

/* Of every class. */
static void rule_in_outage(enum outage_rule rule, int64_t amount)
{
	for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++)
		invoice()->outage[i] = (struct outage_terms){rule, amount};
}

static void require(const char *id)
{
	struct source_terms *terms = &trade.policy.sources.named[trade.policy.sources.count++];

	*terms = trade.policy.sources.others;
	terms->required = true;
	cr_assert(slice_copy(slice_cstr(id), terms->id, sizeof(terms->id)));
}

/* The register knows the company; a bureau that the policy requires says nothing. */
static void lack_bureau(void)
{
	require("bureau");
	(void)facts_source(&trade.facts, "bureau", SOURCE_UNAVAILABLE, DATE_NONE);
	(void)facts_source(&trade.facts, "vies", SOURCE_UNAVAILABLE, DATE_NONE);
	trade.in.freshness = FRESHNESS_FALLBACK;
}

Test(outage, an_outage_says_nothing_about_the_company)
{
	all_down();
	trade_expect(&trade, OUTCOME_DECLINE, REASON_OUTAGE_DENIED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_SOURCE_UNAVAILABLE);
	cr_expect_eq(trade.out.limit.total, 0);
	cr_expect_eq(trade.out.light, LIGHT_YELLOW);
	rule_in_outage(OUTAGE_ALLOW_UP_TO, 100000);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_OUTAGE_ALLOWED);
	trade_expect_withheld(&trade, "sepa_debit", REASON_OUTAGE_DENIED);
	cr_expect_eq(trade.out.limit.total, 100000);
	cr_expect_eq(trade.out.limit.bound_by[0], REASON_SOURCE_UNAVAILABLE);
	cr_expect_eq(trade.out.recommendation, RECOMMEND_OBSERVE);
	trade.order.amount = 100001;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_OUTAGE_AMOUNT_EXCEEDED);
	trade.order.amount = 100000;
	trade.in.exposure = 1;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIMIT_EXCEEDED);
}

Test(outage, an_outage_rule_without_amount_has_the_methods_or_the_policys)
{
	all_down();
	rule_in_outage(OUTAGE_ALLOW, 0);
	trade.order.amount = 10000000;
	trade_expect(&trade, OUTCOME_APPROVE, REASON_OUTAGE_ALLOWED);
	cr_expect_eq(trade.out.limit.total, trade.policy.limit.max_total);
	invoice()->max_amount = 300000;
	trade_expect_withheld(&trade, "invoice", REASON_AMOUNT_ABOVE_MAXIMUM);
	cr_expect_eq(trade.out.limit.total, 300000);
	invoice()->max_amount = POLICY_OFF;
	trade.policy.limit.max_total = POLICY_OFF;
	trade.order.amount = MAX_AMOUNT;
	trade_expect_allowed(&trade, "invoice");
}

Test(outage, lists_markets_and_addresses_hold_in_an_outage_too)
{
	all_down();
	rule_in_outage(OUTAGE_ALLOW, 0);
	trade.order.other_delivery_address = true;
	trade_expect(&trade, OUTCOME_REVIEW, REASON_OTHER_DELIVERY_ADDRESS);
	trade_list(&trade, "vat:DE136695976", false);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_ON_DENY_LIST);
	cr_expect_eq(trade.out.limit.total, 0);
}

Test(outage, an_outage_rule_needs_an_outage)
{
	rule_in_outage(OUTAGE_ALLOW, 0);
	all_down();
	(void)facts_source(&trade.facts, "bureau", SOURCE_NO_DATA, DATE_NONE);
	trade_expect(&trade, OUTCOME_REVIEW, REASON_UNKNOWN_COMPANY);
	all_down();
	trade.in.freshness = FRESHNESS_FRESH;
	trade_expect(&trade, OUTCOME_REVIEW, REASON_UNKNOWN_COMPANY);
	all_down();
	trade.facts.match = MATCH_AMBIGUOUS;
	trade_expect(&trade, OUTCOME_REVIEW, REASON_AMBIGUOUS_COMPANY);
}

Test(outage, an_outage_rule_stands_beside_what_is_known)
{
	const struct decision *decision;

	lack_bureau();
	trade_expect(&trade, OUTCOME_DECLINE, REASON_OUTAGE_DENIED);
	decision = trade_decide(&trade);
	cr_expect_eq(decision->freshness, FRESHNESS_FALLBACK);
	cr_expect_eq(decision->light, LIGHT_GREEN);
	cr_expect_eq(decision->limit.total, 10000000);
	cr_assert_eq(decision->outage.missing_count, 1, "vies is not required");
	cr_expect_str_eq(trade.facts.sources[decision->outage.missing[0]].id, "bureau");
	rule_in_outage(OUTAGE_ALLOW, 0);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_OUTAGE_ALLOWED);
	trade_expect(&trade, OUTCOME_APPROVE, REASON_SOURCE_UNAVAILABLE);
	trade_expect_withheld(&trade, "sepa_debit", REASON_OUTAGE_DENIED);
	trade_expect_allowed(&trade, "prepayment");
	cr_expect_null(trade_method(&trade.out, "prepayment")->outage);
	/* never a yes against what is known */
	trade_light(&trade, LIGHT_RED);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_LIGHT_RED);
	trade_light(&trade, LIGHT_GREEN);
	trade_set(&trade, FACT_INSOLVENCY_STATUS, 3);
	trade_expect(&trade, OUTCOME_DECLINE, REASON_INSOLVENCY_OPENED);
}

Test(outage, an_outage_rule_makes_nobody_known)
{
	rule_in_outage(OUTAGE_ALLOW, 0);
	trade_nobody_found(&trade, MATCH_NONE);
	require("bureau");
	(void)facts_source(&trade.facts, "bureau", SOURCE_UNAVAILABLE, DATE_NONE);
	trade.in.freshness = FRESHNESS_FALLBACK;
	trade_expect(&trade, OUTCOME_REVIEW, REASON_UNKNOWN_COMPANY);
	trade.policy.unknown_company = ACTION_DENY;
	trade_expect(&trade, OUTCOME_DECLINE, REASON_UNKNOWN_COMPANY);
}

enum seen { SEEN_NOTHING, SEEN_COMPANY }; /* everything is down, or a required bureau only */

static void make_customer(enum customer_class customer, enum seen seen)
{
	trade.asked.form = customer == CUSTOMER_PERSON ? LEGAL_FORM_SOLE_TRADER : LEGAL_FORM_GMBH;
	if (seen == SEEN_NOTHING) {
		all_down();
		if (customer == CUSTOMER_KNOWN)
			trade_list(&trade, "vat:DE136695976", true);
		return;
	}
	if (customer == CUSTOMER_PERSON)
		trade_set(&trade, FACT_LEGAL_FORM, LEGAL_FORM_SOLE_TRADER);
	if (customer == CUSTOMER_KNOWN)
		trade_set(&trade, FACT_OWN_ORDERS, 1);
	trade.policy.limit.form_cap[LEGAL_FORM_SOLE_TRADER] = POLICY_OFF;
	lack_bureau();
}

static void expect_outage(const char *what, enum outage_rule rule, int64_t amount)
{
	const struct decision *decision = trade_decide(&trade);
	const struct method_decision *method = trade_method(decision, "invoice");
	bool allowed = rule == OUTAGE_ALLOW || (rule == OUTAGE_ALLOW_UP_TO && trade.order.amount <= amount);
	enum reason reason = allowed               ? REASON_OUTAGE_ALLOWED
	                     : rule == OUTAGE_DENY ? REASON_OUTAGE_DENIED
	                                           : REASON_OUTAGE_AMOUNT_EXCEEDED;

	cr_expect_eq(method->allowed, allowed, "%s %s %ld", what, outage_rule_name(rule), (long)trade.order.amount);
	cr_expect(trade_has(method->reasons, method->reason_count, reason), "%s %s %ld: %s is missing", what,
	          outage_rule_name(rule), (long)trade.order.amount, reason_code(reason));
	cr_assert_not_null(method->outage);
	cr_expect_eq(method->outage->rule, rule);
	cr_expect_eq(decision->freshness, FRESHNESS_FALLBACK);
}

/* One class has the rule, all others the opposite; whatever is known of the company. */
static void expect_rule(enum customer_class customer, enum seen seen, enum outage_rule rule)
{
	static const int64_t amounts[] = {1, 49999, 50000, 50001, 1000000};
	const char *name = customer_class_name(customer);

	init();
	make_customer(customer, seen);
	rule_in_outage(rule == OUTAGE_DENY ? OUTAGE_ALLOW : OUTAGE_DENY, 0);
	invoice()->outage[customer] = (struct outage_terms){rule, rule == OUTAGE_ALLOW_UP_TO ? 50000 : 0};
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
		trade.order.amount = amounts[i];
		expect_outage(name, rule, 50000);
		cr_expect_str_eq(customer_class_name(trade.out.outage.customer), name);
	}
}

Test(outage, rules_by_class_and_amount)
{
	for (int customer = 0; customer < CUSTOMER_CLASS_COUNT; customer++) {
		for (int rule = OUTAGE_DENY; rule <= OUTAGE_ALLOW_UP_TO; rule++) {
			expect_rule((enum customer_class)customer, SEEN_NOTHING, (enum outage_rule)rule);
			expect_rule((enum customer_class)customer, SEEN_COMPANY, (enum outage_rule)rule);
		}
	}
}

Test(outage, a_known_customer_has_paid_and_owes_nothing)
{
	static const struct {
		enum fact_id fact;
		int64_t value;
		enum customer_class customer;
	} cases[] = {
	        {FACT_OWN_ORDERS, 0, CUSTOMER_NEW},         {FACT_OWN_ORDERS, 1, CUSTOMER_KNOWN},
	        {FACT_RETURNED_DEBITS, 0, CUSTOMER_KNOWN},  {FACT_RETURNED_DEBITS, 1, CUSTOMER_NEW},
	        {FACT_RETURNED_DEBITS, 0, CUSTOMER_KNOWN},  {FACT_COLLECTION_CASES, 1, CUSTOMER_NEW},
	        {FACT_COLLECTION_CASES, 0, CUSTOMER_KNOWN}, {FACT_LEGAL_FORM, LEGAL_FORM_EK, CUSTOMER_PERSON},
	};

	lack_bureau();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		trade_set(&trade, cases[i].fact, cases[i].value);
		cr_expect_eq(trade_decide(&trade)->outage.customer, cases[i].customer, "row %zu", i);
	}
}
