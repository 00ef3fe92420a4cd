/* SPDX-License-Identifier: MIT */
#include "core/policy.h"

#include <criterion/criterion.h>
#include <string.h>

static struct policy policy;
static struct policy_fault fault;

static void init(void)
{
	policy_defaults(&policy);
	memset(&fault, 0, sizeof(fault));
}

TestSuite(policy, .init = init);

static void expect_fault(const char *pointer)
{
	cr_expect_eq(policy_check(&policy, &fault), STATUS_INVALID, "%s", pointer);
	cr_expect_str_eq(fault.pointer, pointer);
	cr_expect_gt(fault.why ? strlen(fault.why) : 0, 5);
	init();
}

Test(policy, defaults_are_sound_and_documented)
{
	const struct method_rule *invoice = policy_method(&policy, SLICE_LIT("invoice"));

	cr_assert_eq(policy_check(&policy, &fault), STATUS_OK, "%s %s", fault.pointer, fault.why);
	cr_expect_eq(policy.green_from, 70);
	cr_expect_eq(policy.yellow_from, 40);
	cr_expect_eq(policy.unknown_company, ACTION_REVIEW);
	cr_expect_eq(policy.ambiguous_match, ACTION_REVIEW);
	cr_expect_eq(policy.other_delivery_address, ACTION_REVIEW);
	cr_expect(policy.person_review);
	cr_assert_not_null(invoice);
	cr_expect(invoice->credit);
	cr_expect_eq(invoice->net_days, 30);
	for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++)
		cr_expect_eq(invoice->outage[i].rule, OUTAGE_DENY);
	cr_expect_not(policy_method(&policy, SLICE_LIT("prepayment"))->credit);
}

Test(policy, a_zeroed_policy_gives_no_credit)
{
	memset(&policy, 0, sizeof(policy));
	cr_expect_eq(policy_check(&policy, &fault), STATUS_INVALID);
	cr_expect_eq(policy.limit.max_total, 0);
	cr_expect_neq(POLICY_OFF, 0);
}

Test(policy, lights_follow_the_thresholds)
{
	static const struct {
		int32_t score;
		enum light light;
	} CASES[] = {{0, LIGHT_RED},     {39, LIGHT_RED},   {40, LIGHT_YELLOW},
	             {69, LIGHT_YELLOW}, {70, LIGHT_GREEN}, {100, LIGHT_GREEN}};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		cr_expect_eq(policy_light(&policy, CASES[i].score), CASES[i].light);
	cr_expect_str_eq(light_name(LIGHT_RED), "red");
	cr_expect_str_eq(light_name(LIGHT_YELLOW), "yellow");
	cr_expect_str_eq(light_name(LIGHT_GREEN), "green");
	cr_expect_str_eq(light_name((enum light)7), "red", "what is no light is no good one");
}

Test(policy, methods_are_found_by_their_whole_id)
{
	cr_expect_null(policy_method(&policy, SLICE_LIT("invoic")));
	cr_expect_null(policy_method(&policy, SLICE_LIT("Invoice")));
	cr_expect_null(policy_method(&policy, SLICE_NONE));
	cr_expect_eq(policy_method(&policy, SLICE_LIT("sepa_debit")), &policy.methods[1]);
}

Test(policy, amounts_are_converted_up_and_clamped)
{
	static const struct {
		int64_t rate, amount, expected;
	} CASES[] = {
	        {1070000, 100, 107}, {1070000, 1, 2}, {1000000, 12345, 12345},         {610000, 100, 61},
	        {610000, 101, 62},   {1, 1, 1},       {2000000, INT64_MAX, INT64_MAX}, {1000001, INT64_MAX, INT64_MAX},
	};
	int64_t amount = 0;

	policy.currency_count = 1;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		policy.currencies[0] = (struct currency_rule){{"CHF"}, CASES[i].rate};
		cr_expect(policy_convert(&policy, CASES[i].amount, (struct currency){"CHF"}, &amount));
		cr_expect_eq(amount, CASES[i].expected, "case %zu: %ld", i, (long)amount);
	}
	cr_expect(policy_convert(&policy, INT64_MIN, (struct currency){"EUR"}, &amount));
	cr_expect_eq(amount, INT64_MIN);
	cr_expect_not(policy_convert(&policy, 1, (struct currency){"USD"}, &amount));
}

Test(policy, no_country_listed_means_all)
{
	cr_expect(policy_serves_country(&policy, "DE"));
	cr_expect(policy_serves_country(&policy, ""));
	policy.country_count = 2;
	memcpy(policy.countries[0], "DE", 3);
	memcpy(policy.countries[1], "AT", 3);
	cr_expect(policy_serves_country(&policy, "AT"));
	cr_expect_not(policy_serves_country(&policy, "CH"));
	cr_expect_not(policy_serves_country(&policy, ""));
}

static struct company_key numbered_key(unsigned number)
{
	struct company_key key = {"vat:DE000000000"};

	for (size_t at = 14; number; at--, number /= 10)
		key.text[at] = (char)('0' + number % 10);
	return key;
}

Test(policy, knows_whether_an_entry_begins_so)
{
	static const char *const listed[] = {"eco:DE1", "name:DE:10115:0f", "name:DE:10117:aa",
	                                     "nbme:", "reg:R1:HRB:1"};
	static const struct {
		struct company_key prefix;
		bool found;
	} cases[] = {
	        {{"name:DE:10115:"}, true},
	        {{"name:DE:10117:"}, true},
	        {{"name:DE:"}, true},
	        {{"name:DE:10115:0f"}, true},
	        {{"eco:DE1"}, true},
	        {{""}, true},
	        {{"name:DE:10116:"}, false},
	        {{"name:DE::"}, false},
	        {{"name:AT:10115:"}, false},
	        {{"name:DE:1011:"}, false},
	        {{"name:DE:10115:0f0"}, false},
	        {{"zzz"}, false},
	        {{"a"}, false},
	};

	cr_expect_not(policy_list_has_prefix(&policy, &cases[0].prefix), "on an empty list");
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		struct company_key key = {""};

		memcpy(key.text, listed[i], strlen(listed[i]));
		cr_assert_eq(policy_list_add(&policy, &key, i % 2 == 0), STATUS_OK);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_eq(policy_list_has_prefix(&policy, &cases[i].prefix), cases[i].found, "%s",
		             cases[i].prefix.text);
}

Test(policy, every_listed_company_is_found_and_no_other)
{
	struct company_key key;

	/* in an order that is none: 389 is coprime to the size */
	for (unsigned i = 0; i < MAX_LIST_ENTRIES; i++) {
		unsigned number = i * 389 % MAX_LIST_ENTRIES;

		key = numbered_key(2 * number);
		cr_assert_eq(policy_list_add(&policy, &key, number % 3 == 0), STATUS_OK);
	}
	for (unsigned i = 0; i < MAX_LIST_ENTRIES; i++) {
		const struct list_entry *entry;

		key = numbered_key(2 * i);
		entry = policy_list_find(&policy, &key);
		cr_assert_not_null(entry);
		cr_expect_eq(entry->allow, i % 3 == 0);
		key = numbered_key(2 * i + 1);
		cr_expect_null(policy_list_find(&policy, &key));
	}
	cr_expect_eq(policy_check(&policy, &fault), STATUS_OK, "%s %s", fault.pointer, fault.why);
	cr_expect_eq(policy_list_add(&policy, &key, true), STATUS_TOO_LARGE);
	key = numbered_key(4);
	cr_expect_eq(policy_list_add(&policy, &key, true), STATUS_INVALID, "on the list already");
	cr_expect_eq(policy.list_count, MAX_LIST_ENTRIES);
}

#define BREAK(change, pointer)         \
	do {                           \
		change;                \
		expect_fault(pointer); \
	} while (0)

Test(policy, a_broken_head_is_named)
{
	BREAK(policy.id[0] = '\0', "/id");
	BREAK(policy.id[0] = ' ', "/id");
	BREAK(memset(policy.id, 'x', sizeof(policy.id)), "/id");
	BREAK(policy.version[0] = '\t', "/version");
	BREAK(policy.min_match_ppm = 1000001, "/min_match");
	BREAK(policy.min_match_ppm = -1, "/min_match");
	BREAK(policy.sources.recheck_days = -1, "/recheck_days");
	BREAK(policy.sources.recheck_days = 3651, "/recheck_days");
	BREAK(policy.sources.recheck_basket_percent = -2, "/recheck_basket_percent");
	BREAK(policy.sources.recheck_basket_percent = 10001, "/recheck_basket_percent");
	BREAK(policy.valid_hours = 0, "/valid_hours");
	BREAK(policy.valid_hours = 8761, "/valid_hours");
	BREAK(policy.green_from = 101, "/light/green_from");
	BREAK(policy.yellow_from = -1, "/light/yellow_from");
	BREAK(policy.yellow_from = 70, "/light/yellow_from");
	BREAK(policy.unknown_company = (enum policy_action)3, "/unknown_company");
	BREAK(policy.ambiguous_match = (enum policy_action)3, "/ambiguous_match");
	BREAK(policy.other_delivery_address = (enum policy_action)3, "/other_delivery_address");
}

Test(policy, broken_terms_of_a_provider_are_named)
{
	struct source_rules *sources = &policy.sources;
	struct source_terms *named = sources->named;

#define NAME(at, name)                                                                                       \
	(named[at] = sources->others, (void)slice_copy(SLICE_LIT(name), named[at].id, sizeof(named[at].id)), \
	 sources->count = (at) + 1)

	BREAK(sources->count = MAX_SOURCES + 1, "/providers");
	BREAK(sources->others.id[0] = 'x', "/providers");
	BREAK(sources->others.fresh_hours = -1, "/providers/*/fresh_hours");
	BREAK((NAME(0, "bureau"), named[0].stale_days = MAX_STALE_DAYS + 1), "/providers/bureau/stale_days");
	BREAK((NAME(0, "bureau"), NAME(1, "bureau")), "/providers/bureau");
	BREAK((NAME(0, "bureau"), named[0].ask = false, named[0].required = true), "/providers/bureau/required");
	BREAK(NAME(0, "Bureau"), "/providers");
	BREAK(NAME(0, SOURCE_REGISTER), "/providers");
	BREAK(NAME(0, SOURCE_DEMO), "/providers");
	BREAK((NAME(0, "vies"), NAME(1, "")), "/providers");
	init();
	NAME(0, "bureau");
	NAME(1, "vies-2_b");
	cr_expect_eq(policy_check(&policy, &fault), STATUS_OK);
#undef NAME
}

Test(policy, a_broken_method_is_named)
{
	struct method_rule *invoice = &policy.methods[0];

	BREAK(policy.method_count = 0, "/payment_methods");
	BREAK(policy.method_count = MAX_METHODS + 1, "/payment_methods");
	BREAK(policy.method_count = 2, "/payment_methods");
	BREAK(policy.methods[1].id[0] = 'S', "/payment_methods/1/id");
	BREAK(policy.methods[2].id[0] = '\0', "/payment_methods/2/id");
	BREAK(memcpy(policy.methods[2].id, "invoice", 8), "/payment_methods/2/id");
	BREAK(invoice->min_score = 101, "/payment_methods/0/min_score");
	BREAK(invoice->min_light = (enum light)3, "/payment_methods/0/min_light");
	BREAK(invoice->min_amount = -1, "/payment_methods/0/min_amount");
	BREAK(invoice->max_amount = -2, "/payment_methods/0/max_amount");
	BREAK(invoice->max_amount = MAX_AMOUNT + 1, "/payment_methods/0/max_amount");
	BREAK((invoice->max_amount = 99, invoice->min_amount = 100), "/payment_methods/0/max_amount");
	BREAK(invoice->net_days = 366, "/payment_methods/0/net_days");
	BREAK(invoice->deposit_percent = 101, "/payment_methods/0/deposit_percent");
	BREAK(invoice->yellow_net_days = -1, "/payment_methods/0/yellow/net_days");
	BREAK(invoice->yellow_deposit_percent = -1, "/payment_methods/0/yellow/deposit_percent");
	BREAK(invoice->outage[1].rule = (enum outage_rule)3, "/payment_methods/0/outage");
	BREAK(invoice->outage[2].amount = -1, "/payment_methods/0/outage");
	BREAK(policy.methods[3].min_amount = 1, "/payment_methods/3");
	BREAK(policy.methods[3].min_score = 1, "/payment_methods/3");
	BREAK(policy.methods[3].max_amount = 0, "/payment_methods/3");
	BREAK(policy.methods[3].outage[0].rule = OUTAGE_ALLOW, "/payment_methods/3");
}

Test(policy, a_broken_limit_is_named)
{
	struct limit_rules *limit = &policy.limit;

	BREAK(memcpy(limit->currency.code, "CHF", 4), "/limit/currency");
	BREAK(limit->equity_share = 1000001, "/limit/equity_share");
	BREAK(limit->revenue_share = -2, "/limit/revenue_share");
	BREAK(limit->bureau_share = INT64_MAX, "/limit/bureau_share");
	BREAK(limit->pd_base = -2, "/limit/pd_base");
	BREAK(limit->pd_full_ppm = 0, "/limit/pd_full");
	BREAK(limit->young_cap = MAX_AMOUNT + 1, "/limit/young_cap");
	BREAK(limit->young_years = -1, "/limit/young_years");
	BREAK(limit->unknown_cap = -2, "/limit/unknown_cap");
	BREAK(limit->yellow_share = -2, "/limit/yellow_share");
	BREAK(limit->max_total = -2, "/limit/max_total");
	BREAK(limit->per_order_share = -2, "/limit/per_order_share");
	BREAK(limit->per_order_max = -2, "/limit/per_order_max");
	BREAK(limit->first_order_max = -2, "/limit/first_order_max");
	BREAK(limit->form_cap[LEGAL_FORM_NONE] = -2, "/limit/legal_form_caps/none");
	BREAK(limit->form_cap[LEGAL_FORM_AG] = -2, "/limit/legal_form_caps/AG");
}

Test(policy, a_broken_table_is_named)
{
	struct company_key a = {"vat:DE1"};
	struct company_key b = {"vat:DE2"};

	BREAK(policy.events.insolvency_points[4] = 1, "/insolvency/4/points");
	BREAK(policy.events.insolvency_points[7] = -100001, "/insolvency/7/points");
	BREAK(policy.events.insolvency_forget_days[2] = -1, "/insolvency/2/forget_days");
	BREAK(policy.country_count = MAX_COUNTRIES + 1, "/countries");
	BREAK((policy.country_count = 1, memcpy(policy.countries[0], "de", 3)), "/countries/0");
	BREAK((policy.country_count = 1, memcpy(policy.countries[0], "D", 2)), "/countries/0");
	BREAK((policy.country_count = 1, memcpy(policy.countries[0], "DEU", 3)), "/countries/0");
	BREAK((policy.country_count = 2, memcpy(policy.countries[0], "DE", 3), memcpy(policy.countries[1], "DE", 3)),
	      "/countries/1");
	BREAK(policy.currency_count = MAX_CURRENCIES + 1, "/currencies");
	BREAK((policy.currency_count = 2, policy.currencies[0] = (struct currency_rule){{"CHF"}, 950000},
	       policy.currencies[1] = (struct currency_rule){{"CHF"}, 1050000}),
	      "/currencies/1/code");
	BREAK((policy.currency_count = 1, policy.currencies[0] = (struct currency_rule){{"XXX"}, 1}),
	      "/currencies/0/code");
	BREAK((policy.currency_count = 1, policy.currencies[0] = (struct currency_rule){{"CHF"}, 0}),
	      "/currencies/0/rate");
	BREAK((policy.currency_count = 1, policy.currencies[0] = (struct currency_rule){{"EUR"}, 2}),
	      "/currencies/0/rate");
	BREAK(policy.list_count = MAX_LIST_ENTRIES + 1, "/deny");
	BREAK((policy.list_count = 1, policy.list[0].allow = true), "/allow");
	BREAK((policy.list_count = 2, policy.list[0].key = b, policy.list[1].key = a), "/deny");
	BREAK((policy.list_count = 2, policy.list[0].key = b, policy.list[1].key = b), "/deny");
	BREAK((policy.list_count = 1, memset(&policy.list[0].key, 'x', sizeof(a))), "/deny");
}
