/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/source_rules.h"

#define SECOND INT64_C(1000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)
#define NOW    (20000 * DAY)
#define NEVER  INT64_MIN

static struct source_rules rules;

static void set_up(void)
{
	source_rules_defaults(&rules);
}

TestSuite(source_rules, .init = set_up);

/* Ages before now; failed NEVER = not since; asked_since NEVER = the policy does not mind. */
static const struct {
	enum source_state outcome;
	int64_t age, failed, asked_since;
	bool use, stale;
	enum source_asking asking;
} STEPS[] = {
        /* an answer under the default terms: fresh for a day, usable for 30 */
        {SOURCE_ANSWER, 0, NEVER, NEVER, true, false, ASK_NOT},
        {SOURCE_ANSWER, DAY - 1, NEVER, NEVER, true, false, ASK_NOT},
        {SOURCE_ANSWER, DAY, NEVER, NEVER, true, true, ASK_BEHIND},
        {SOURCE_ANSWER, 30 * DAY - 1, NEVER, NEVER, true, true, ASK_BEHIND},
        {SOURCE_ANSWER, 30 * DAY, NEVER, NEVER, false, false, ASK_BESIDE},
        /* asked for again although it is fresh, or stale */
        {SOURCE_ANSWER, HOUR, NEVER, HOUR - 1, true, true, ASK_BESIDE},
        {SOURCE_ANSWER, HOUR, NEVER, HOUR, true, false, ASK_NOT},
        {SOURCE_ANSWER, 10 * DAY, NEVER, 5 * DAY, true, true, ASK_BESIDE},
        {SOURCE_ANSWER, 31 * DAY, NEVER, 5 * DAY, false, false, ASK_BESIDE},
        /* a provider that failed just now is left alone, its last word counts */
        {SOURCE_ANSWER, 2 * DAY, 14 * SECOND, NEVER, true, true, ASK_NOT},
        {SOURCE_ANSWER, 2 * DAY, 15 * SECOND, NEVER, true, true, ASK_BEHIND},
        {SOURCE_ANSWER, HOUR, SECOND, 0, true, true, ASK_NOT},
        {SOURCE_ANSWER, 31 * DAY, SECOND, NEVER, false, false, ASK_NOT},
        {SOURCE_ANSWER, 31 * DAY, 15 * SECOND, NEVER, false, false, ASK_BESIDE},
        /* no data: six hours, and a day */
        {SOURCE_NO_DATA, 6 * HOUR - 1, NEVER, NEVER, true, false, ASK_NOT},
        {SOURCE_NO_DATA, 6 * HOUR, NEVER, NEVER, true, true, ASK_BEHIND},
        {SOURCE_NO_DATA, DAY, NEVER, NEVER, false, false, ASK_BESIDE},
        /* what cannot be asked: an hour */
        {SOURCE_INVALID_INPUT, HOUR - 1, NEVER, NEVER, true, false, ASK_NOT},
        {SOURCE_INVALID_INPUT, HOUR, NEVER, NEVER, false, false, ASK_BESIDE},
        /* nothing but failures */
        {SOURCE_UNAVAILABLE, 0, 0, NEVER, false, false, ASK_NOT},
        {SOURCE_UNAVAILABLE, 14 * SECOND, 14 * SECOND, NEVER, false, false, ASK_NOT},
        {SOURCE_UNAVAILABLE, 15 * SECOND, 15 * SECOND, NEVER, false, false, ASK_BESIDE},
        /* clocks of two processes differ a little; one that was set back proves nothing */
        {SOURCE_ANSWER, -60 * SECOND, NEVER, NEVER, true, false, ASK_NOT},
        {SOURCE_ANSWER, -61 * SECOND, NEVER, NEVER, false, false, ASK_BESIDE},
        {SOURCE_UNAVAILABLE, 0, -61 * SECOND, NEVER, false, false, ASK_BESIDE},
};

Test(source_rules, a_memory_is_judged_by_the_terms_of_who_reads_it)
{
	for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
		struct source_memory memory = {STEPS[i].outcome, NOW - STEPS[i].age,
		                               STEPS[i].failed == NEVER ? 0 : NOW - STEPS[i].failed};
		struct source_step step = source_rules_step(
		        &rules.others, &memory, STEPS[i].asked_since == NEVER ? 0 : NOW - STEPS[i].asked_since, NOW);

		cr_expect_eq(step.use, STEPS[i].use, "use in row %zu", i);
		cr_expect_eq(step.stale, STEPS[i].stale, "stale in row %zu", i);
		cr_expect_eq(step.asking, STEPS[i].asking, "asking in row %zu", i);
	}
}

Test(source_rules, a_strict_tenant_is_not_served_by_what_a_lax_one_is_content_with)
{
	struct source_terms strict = rules.others;
	struct source_memory memory = {SOURCE_ANSWER, NOW - 2 * HOUR, 0};

	strict.fresh_hours = 1;
	strict.stale_days = 1;
	cr_expect_eq(source_rules_step(&rules.others, &memory, 0, NOW).asking, ASK_NOT);
	cr_expect_eq(source_rules_step(&strict, &memory, 0, NOW).asking, ASK_BEHIND);
	strict.fresh_hours = strict.stale_days = 0;
	cr_expect_eq(source_rules_step(&strict, &memory, 0, NOW).asking, ASK_BESIDE);
	cr_expect_not(source_rules_step(&strict, &memory, 0, NOW).use);
}

Test(source_rules, what_is_kept_outlives_the_most_patient_terms)
{
	struct source_terms patient = {.fresh_hours = MAX_FRESH_HOURS,
	                               .stale_days = MAX_STALE_DAYS,
	                               .no_data_hours = MAX_FRESH_HOURS,
	                               .no_data_stale_hours = MAX_FRESH_HOURS,
	                               .invalid_input_hours = MAX_FRESH_HOURS,
	                               .unavailable_seconds = MAX_UNAVAILABLE_SECONDS};

	cr_assert_null(source_rules_fault(&patient, NULL));
	for (unsigned outcome = SOURCE_ANSWER; outcome <= SOURCE_UNAVAILABLE; outcome++) {
		int64_t at = NOW - source_rules_life_ms((enum source_state)outcome);
		struct source_memory memory = {(enum source_state)outcome, at, outcome == SOURCE_UNAVAILABLE ? at : 0};

		cr_expect_eq(source_rules_step(&patient, &memory, 0, NOW).asking, ASK_BESIDE, "%u", outcome);
		cr_expect_not(source_rules_step(&patient, &memory, 0, NOW).use);
	}
}

Test(source_rules, who_is_not_named_has_the_terms_of_the_others)
{
	rules.named[rules.count] = rules.others;
	rules.named[rules.count].required = true;
	(void)slice_copy(SLICE_LIT("bureau"), rules.named[rules.count++].id, MAX_SOURCE_ID + 1);
	cr_expect(source_rules_of(&rules, "bureau")->required);
	cr_expect_eq(source_rules_of(&rules, "vies"), &rules.others);
	cr_expect_eq(source_rules_of(&rules, ""), &rules.others);
}

#define EXPECT_FAULT(change, named)                                               \
	do {                                                                      \
		struct source_terms terms = rules.others;                         \
		const char *member = "none";                                      \
                                                                                  \
		terms.change;                                                     \
		cr_expect_not_null(source_rules_fault(&terms, &member), #change); \
		cr_expect_str_eq(member, named, #change);                         \
	} while (0)

Test(source_rules, broken_terms_are_named)
{
	cr_expect_null(source_rules_fault(&rules.others, NULL));
	EXPECT_FAULT(fresh_hours = -1, "fresh_hours");
	EXPECT_FAULT(fresh_hours = MAX_FRESH_HOURS + 1, "fresh_hours");
	EXPECT_FAULT(stale_days = -1, "stale_days");
	EXPECT_FAULT(stale_days = MAX_STALE_DAYS + 1, "stale_days");
	EXPECT_FAULT(fresh_hours = 30 * 24 + 1, "stale_days");
	EXPECT_FAULT(no_data_hours = 25, "no_data_stale_hours");
	EXPECT_FAULT(no_data_hours = -1, "no_data_hours");
	EXPECT_FAULT(no_data_stale_hours = MAX_FRESH_HOURS + 1, "no_data_stale_hours");
	EXPECT_FAULT(invalid_input_hours = -1, "invalid_input_hours");
	EXPECT_FAULT(unavailable_seconds = MAX_UNAVAILABLE_SECONDS + 1, "unavailable_seconds");
	EXPECT_FAULT(ask = false; terms.required = true, "required");
}

Test(source_rules, the_demo_bureau_is_required_whatever_the_policy_says)
{
	rules.others.ask = rules.others.required = false;
	cr_expect(source_rules_of(&rules, SOURCE_DEMO)->required);
	cr_expect(source_rules_of(&rules, SOURCE_DEMO)->ask);
	cr_expect_null(source_rules_fault(source_rules_of(&rules, SOURCE_DEMO), &(const char *){NULL}));
}

Test(source_rules, an_id_is_small_letters_digits_and_none_that_is_taken)
{
	static const struct {
		const char *id;
		bool sound;
	} CASES[] = {
	        {"creditreform", true},
	        {"a", true},
	        {"0-9_z", true},
	        {"01234567890123456789012345678901", true},
	        {"012345678901234567890123456789012", false},
	        {"", false},
	        {"Vies", false},
	        {"a b", false},
	        {"a/b", false},
	        {"b\303\274ro", false},
	        {"*", false},
	        {SOURCE_REGISTER, false},
	        {SOURCE_DEMO, false},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		cr_expect_eq(source_id_is_sound(CASES[i].id), CASES[i].sound, "%s", CASES[i].id);
}
