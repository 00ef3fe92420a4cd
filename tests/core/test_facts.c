/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/legal_form.h"

#define DAY 20000

static struct facts facts;

static void init(void)
{
	facts_init(&facts);
	facts_source(&facts, "register", SOURCE_ANSWER, DAY);
}

TestSuite(facts, .init = init);

static int64_t get(enum fact_id id)
{
	int64_t value = -1;

	cr_assert(facts_get(&facts, id, &value), "%s is unknown", fact_name(id));
	return value;
}

static bool known(enum fact_id id)
{
	int64_t value;

	return facts_get(&facts, id, &value);
}

Test(facts, every_fact_is_found_by_its_own_name)
{
	for (int id = FACT_NONE + 1; id < FACT_COUNT; id++)
		cr_expect_eq(fact_find(slice_cstr(fact_name((enum fact_id)id))), (enum fact_id)id);
	cr_expect_eq(fact_find(SLICE_LIT("")), FACT_NONE);
	cr_expect_eq(fact_find(SLICE_LIT("Equity")), FACT_NONE);
	cr_expect_str_empty(fact_name(FACT_NONE));
	cr_expect_str_empty(fact_name(FACT_COUNT));
	cr_expect_eq(fact_unit(FACT_REVENUE), UNIT_MONEY);
	cr_expect_eq(fact_unit(FACT_LOG_TA), UNIT_RATIO);
	cr_expect_eq(fact_unit((enum fact_id)999), UNIT_CODE);
}

Test(facts, names_of_states_and_matches)
{
	cr_expect_str_eq(source_state_name(SOURCE_ANSWER), "answer");
	cr_expect_str_eq(source_state_name(SOURCE_UNAVAILABLE), "unavailable");
	cr_expect_str_eq(source_state_name((enum source_state)9), "unknown");
	cr_expect_str_eq(match_kind_name(MATCH_NONE), "none");
	cr_expect_str_eq(match_kind_name(MATCH_EXACT), "exact");
	cr_expect_str_eq(match_kind_name((enum match_kind)9), "unknown");
}

Test(facts, only_a_company_found_surely_enough_is_called_by_its_name)
{
	static const struct {
		enum match_kind kind;
		bool matched;
	} cases[] = {{MATCH_NONE, false}, {MATCH_AMBIGUOUS, false}, {MATCH_FUZZY, true}, {MATCH_EXACT, true}};

	facts_init(&facts);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		facts.match = cases[i].kind;
		cr_expect_eq(facts_matched(&facts), cases[i].matched, "%s", match_kind_name(cases[i].kind));
	}
}

Test(facts, nothing_is_known_at_first)
{
	struct facts zero;

	memset(&zero, 0, sizeof(zero));
	facts_init(&facts);
	cr_expect_arr_eq(&facts, &zero, sizeof(zero));
	for (int id = FACT_NONE; id <= FACT_COUNT; id++)
		cr_expect_not(known((enum fact_id)id));
}

Test(facts, the_younger_value_stays_and_the_later_of_one_day_wins)
{
	facts_set(&facts, FACT_EMPLOYEES, 10, DAY, 0);
	facts_set(&facts, FACT_EMPLOYEES, 20, DAY - 1, 0);
	cr_expect_eq(get(FACT_EMPLOYEES), 10);
	facts_set(&facts, FACT_EMPLOYEES, 30, DAY, 0);
	cr_expect_eq(get(FACT_EMPLOYEES), 30);
	facts_set(&facts, FACT_EMPLOYEES, 40, DAY + 1, 0);
	cr_expect_eq(get(FACT_EMPLOYEES), 40);
	facts_set(&facts, FACT_EMPLOYEES, 50, DATE_NONE, 0);
	cr_expect_eq(get(FACT_EMPLOYEES), 40);
}

Test(facts, an_undated_value_gives_way_to_a_dated_one)
{
	facts_set(&facts, FACT_EMPLOYEES, 10, DATE_NONE, 0);
	facts_set(&facts, FACT_EMPLOYEES, 11, DATE_NONE, 0);
	cr_expect_eq(get(FACT_EMPLOYEES), 11);
	facts_set(&facts, FACT_EMPLOYEES, 12, -5, 0);
	cr_expect_eq(get(FACT_EMPLOYEES), 12);
}

Test(facts, what_is_no_value_of_its_fact_is_not_taken)
{
	static const struct {
		enum fact_id id;
		int64_t value;
		bool valid;
	} CASES[] = {
	        {FACT_NONE, 1, false},
	        {FACT_COUNT, 1, false},
	        {(enum fact_id) - 1, 1, false},
	        {FACT_EQUITY, -5, true},
	        {FACT_EQUITY, FACT_MONEY_MAX, true},
	        {FACT_EQUITY, FACT_MONEY_MAX + 1, false},
	        {FACT_EQUITY, INT64_MIN, false},
	        {FACT_EMPLOYEES, 0, true},
	        {FACT_EMPLOYEES, -1, false},
	        {FACT_DAYS_BEYOND_TERMS, 90, true},
	        {FACT_DAYS_BEYOND_TERMS, -1, false},
	        {FACT_FOUNDED, -30000, true},
	        {FACT_FOUNDED, 3000000, false},
	        {FACT_BUREAU_PD, 2400, true},
	        {FACT_BUREAU_PD, INT64_MAX, false},
	        {FACT_LEGAL_FORM, LEGAL_FORM_NONE, false},
	        {FACT_LEGAL_FORM, LEGAL_FORM_GMBH, true},
	        {FACT_LEGAL_FORM, LEGAL_FORM_COUNT, false},
	        {FACT_BUREAU_SCALE, BUREAU_SCALE_UNKNOWN, false},
	        {FACT_BUREAU_SCALE, BUREAU_SCALE_CREDITREFORM_2_0, true},
	        {FACT_BUREAU_SCALE, BUREAU_SCALE_CREDITREFORM_2_0 + 1, false},
	        {FACT_REGISTER_STATUS, REGISTER_STATUS_UNKNOWN, false},
	        {FACT_REGISTER_STATUS, REGISTER_STATUS_DELETED, true},
	        {FACT_REGISTER_STATUS, 4, false},
	        {FACT_INSOLVENCY_STATUS, 0, false},
	        {FACT_INSOLVENCY_STATUS, 7, true},
	        {FACT_INSOLVENCY_STATUS, 8, false},
	        {FACT_BRANCH, 41, true},
	        {FACT_BRANCH, 100, false},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		cr_expect_eq(fact_valid(CASES[i].id, CASES[i].value), CASES[i].valid, "case %zu", i);
		init();
		facts_set(&facts, CASES[i].id, CASES[i].value, DAY, 0);
		cr_expect_eq(known(CASES[i].id), CASES[i].valid, "case %zu", i);
	}
}

Test(facts, derived_facts_and_facts_of_no_source_are_not_taken)
{
	facts_set(&facts, FACT_AGE, 5, DAY, 0);
	cr_expect_not(known(FACT_AGE));
	facts_set(&facts, FACT_EMPLOYEES, 5, DAY, MAX_SOURCES);
	facts_set(&facts, FACT_EMPLOYEES, 5, DAY, (uint8_t)-1);
	cr_expect_not(known(FACT_EMPLOYEES));
}

Test(facts, a_day_outside_the_calendar_is_unknown)
{
	facts_set(&facts, FACT_EMPLOYEES, 5, INT32_MAX, 0);
	cr_expect_eq(facts.items[FACT_EMPLOYEES].as_of, DATE_NONE);
	facts_source(&facts, "register", SOURCE_ANSWER, 5000000);
	cr_expect_eq(facts.sources[0].as_of, DATE_NONE);
}

Test(facts, a_source_is_kept_once)
{
	char id[] = "source-a";
	char longest[MAX_SOURCE_ID + 2] = {0};

	cr_expect_eq(facts_source(&facts, "accounts", SOURCE_NO_DATA, DAY), 1);
	cr_expect_eq(facts_source(&facts, "register", SOURCE_UNAVAILABLE, DAY + 1), 0);
	cr_expect_eq(facts.source_count, 2);
	cr_expect_eq(facts.sources[0].state, SOURCE_UNAVAILABLE);
	cr_expect_eq(facts.sources[0].as_of, DAY + 1);
	cr_expect_eq(facts_source(&facts, "", SOURCE_ANSWER, DAY), -1);
	cr_expect_eq(facts_source(&facts, NULL, SOURCE_ANSWER, DAY), -1);
	memset(longest, 'x', MAX_SOURCE_ID + 1);
	cr_expect_eq(facts_source(&facts, longest, SOURCE_ANSWER, DAY), -1);
	longest[MAX_SOURCE_ID] = '\0';
	cr_expect_eq(facts_source(&facts, longest, SOURCE_ANSWER, DAY), 2);
	for (int i = 3; i < MAX_SOURCES; i++) {
		id[7] = (char)('a' + i);
		cr_expect_eq(facts_source(&facts, id, SOURCE_ANSWER, DAY), i);
	}
	cr_expect_eq(facts_source(&facts, "one-more", SOURCE_ANSWER, DAY), -1);
	cr_expect_eq(facts_source(&facts, "accounts", SOURCE_ANSWER, DAY), 1);
}

Test(facts, merging_keeps_the_younger_of_each_fact_with_its_source)
{
	struct facts other;

	facts_set(&facts, FACT_EMPLOYEES, 10, DAY, 0);
	facts_set(&facts, FACT_CAPITAL, 2500000, DAY, 0);
	facts_init(&other);
	facts_source(&other, "bureau", SOURCE_ANSWER, DAY + 9);
	facts_source(&other, "register", SOURCE_ANSWER, DAY + 1);
	facts_set(&other, FACT_EMPLOYEES, 12, DAY + 1, 0);
	facts_set(&other, FACT_CAPITAL, 1, DAY - 1, 0);
	facts_set(&other, FACT_BRANCH, 41, DAY, 1);
	facts_set(&other, FACT_REVENUE, 7, DAY, 5);
	facts_merge(&facts, &other);
	cr_expect_eq(get(FACT_EMPLOYEES), 12);
	cr_expect_str_eq(facts.sources[facts.items[FACT_EMPLOYEES].source].id, "bureau");
	cr_expect_eq(get(FACT_CAPITAL), 2500000);
	cr_expect_eq(get(FACT_BRANCH), 41);
	cr_expect_str_eq(facts.sources[facts.items[FACT_BRANCH].source].id, "register");
	cr_expect_eq(facts.sources[0].as_of, DAY + 1);
	cr_expect_not(known(FACT_REVENUE), "a fact whose source is not listed");
}

Test(facts, merging_does_not_mix_addresses)
{
	struct facts other;

	cr_assert(slice_copy(SLICE_LIT("Hamburg"), facts.city, sizeof(facts.city)));
	facts_init(&other);
	cr_assert(slice_copy(SLICE_LIT("Nordlicht GmbH"), other.name, sizeof(other.name)));
	cr_assert(slice_copy(SLICE_LIT("Hafenstraße 1"), other.street, sizeof(other.street)));
	cr_assert(slice_copy(SLICE_LIT("Kiel"), other.city, sizeof(other.city)));
	facts_merge(&facts, &other);
	cr_expect_str_eq(facts.name, "Nordlicht GmbH");
	cr_expect_str_eq(facts.city, "Hamburg");
	cr_expect_str_empty(facts.street);
	init();
	facts_merge(&facts, &other);
	cr_expect_str_eq(facts.city, "Kiel");
	cr_expect_str_eq(facts.street, "Hafenstraße 1");
}

Test(facts, a_company_keeps_each_of_its_other_keys_once)
{
	static const struct company_key VAT = {"vat:DE136695976"};
	static const struct company_key NONE = {""};
	struct facts other;

	facts.key = (struct company_key){"reg:F1103:HRB:1"};
	facts_alias(&facts, &VAT);
	facts_alias(&facts, &VAT);
	facts_alias(&facts, &NONE);
	facts_alias(&facts, &facts.key);
	cr_expect_eq(facts.alias_count, 1);
	cr_expect_str_eq(facts.aliases[0].text, VAT.text);
	facts_init(&other);
	other.key = (struct company_key){"lei:529900T8BM49AURSDO55"};
	facts_alias(&other, &VAT);
	facts_merge(&facts, &other);
	cr_expect_eq(facts.alias_count, 2);
	cr_expect_str_eq(facts.aliases[1].text, other.key.text);
	for (char c = 'a'; c <= 'z'; c++)
		facts_alias(&facts, &(struct company_key){{c}});
	cr_expect_eq(facts.alias_count, MAX_ALIASES, "one too many is left out");
}

Test(facts, merging_with_itself_changes_nothing)
{
	struct facts before;

	facts_set(&facts, FACT_EMPLOYEES, 10, DAY, 0);
	cr_assert(slice_copy(SLICE_LIT("Sigma Service GmbH"), facts.name, sizeof(facts.name)));
	before = facts;
	facts_merge(&facts, &before);
	cr_expect_arr_eq(&facts, &before, sizeof(facts));
}

Test(facts, merging_into_a_full_list_of_sources_leaves_its_facts_out)
{
	struct facts other;
	char id[] = "source-a";

	for (int i = 1; i < MAX_SOURCES; i++) {
		id[7] = (char)('a' + i);
		facts_source(&facts, id, SOURCE_ANSWER, DAY);
	}
	facts_init(&other);
	facts_source(&other, "bureau", SOURCE_ANSWER, DAY);
	facts_set(&other, FACT_EMPLOYEES, 12, DAY, 0);
	facts_merge(&facts, &other);
	cr_expect_not(known(FACT_EMPLOYEES));
}
