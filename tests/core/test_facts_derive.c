/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN INT64_C(-7777777777777777777) /* stands for none in the tables */

#include "logit_cases.h"
#include "ratio_cases.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY          20000

static struct facts facts;

static void init(void)
{
	facts_init(&facts);
	facts_source(&facts, "accounts", SOURCE_ANSWER, DAY);
}

TestSuite(facts_derive, .init = init);

static int64_t get(enum fact_id id)
{
	int64_t value;

	return facts_get(&facts, id, &value) ? value : UNKNOWN;
}

static int32_t day(const char *text)
{
	int32_t ret_day = DATE_NONE;

	cr_assert(date_parse(slice_cstr(text), &ret_day), "%s", text);
	return ret_day;
}

Test(facts_derive, ratios_agree_with_values_computed_elsewhere)
{
	for (size_t i = 0; i < COUNT(RATIO_CASES); i++) {
		init();
		for (size_t k = 0; k < COUNT(RATIO_INPUTS); k++) {
			if (RATIO_CASES[i].inputs[k] != UNKNOWN)
				facts_set(&facts, RATIO_INPUTS[k], RATIO_CASES[i].inputs[k], DAY, 0);
		}
		facts_derive(&facts, DAY);
		for (size_t k = 0; k < COUNT(RATIO_RESULTS); k++)
			cr_expect_eq(get(RATIO_RESULTS[k]), RATIO_CASES[i].ratios[k], "case %zu %s: %ld", i,
			             fact_name(RATIO_RESULTS[k]), get(RATIO_RESULTS[k]));
	}
}

Test(facts_derive, the_size_agrees_with_values_computed_elsewhere)
{
	for (size_t i = 0; i < COUNT(SIZE_CASES); i++) {
		init();
		facts_set(&facts, FACT_TOTAL_ASSETS, SIZE_CASES[i][0], DAY, 0);
		facts_derive(&facts, DAY);
		cr_expect_leq(llabs(get(FACT_LOG_TA) - SIZE_CASES[i][1]), 1, "%ld: %ld", SIZE_CASES[i][0],
		              get(FACT_LOG_TA));
	}
	for (int64_t assets = -1; assets <= 0; assets++) {
		init();
		facts_set(&facts, FACT_TOTAL_ASSETS, assets, DAY, 0);
		facts_derive(&facts, DAY);
		cr_expect_eq(get(FACT_LOG_TA), UNKNOWN);
	}
}

Test(facts_derive, is_idempotent_and_forgets_what_no_longer_follows)
{
	struct facts once;

	facts_set(&facts, FACT_TOTAL_ASSETS, 1000, DAY, 0);
	facts_set(&facts, FACT_EQUITY, 350, DAY, 0);
	facts_derive(&facts, DAY);
	cr_expect_eq(get(FACT_EQUITY_RATIO), 350000);
	once = facts;
	facts_derive(&facts, DAY);
	cr_expect_arr_eq(&facts, &once, sizeof(facts));
	facts_set(&facts, FACT_TOTAL_ASSETS, 0, DAY, 0);
	facts_derive(&facts, DAY);
	cr_expect_eq(get(FACT_EQUITY_RATIO), UNKNOWN);
}

Test(facts_derive, two_balance_sheets_are_never_mixed)
{
	facts_set(&facts, FACT_TOTAL_ASSETS, 1000, DAY, 0);
	facts_set(&facts, FACT_EQUITY, 350, DAY - 365, 0);
	facts_set(&facts, FACT_CURRENT_ASSETS, 400, DAY, 0);
	facts_set(&facts, FACT_CURRENT_LIABILITIES, 200, DAY, 0);
	facts_derive(&facts, DAY);
	cr_expect_eq(get(FACT_EQUITY_RATIO), UNKNOWN);
	cr_expect_eq(get(FACT_WC_TA), 200000);
	facts_set(&facts, FACT_LIABILITIES, 900, DAY, 0);
	facts_derive(&facts, DAY);
	cr_expect_eq(get(FACT_EQUITY_RATIO), 100000, "from total assets and liabilities of one day");
}

Test(facts_derive, a_derived_fact_carries_the_day_and_source_of_its_origin)
{
	uint8_t source = (uint8_t)facts_source(&facts, "bureau", SOURCE_ANSWER, DAY);

	facts_set(&facts, FACT_TOTAL_ASSETS, 1000, DAY - 7, source);
	facts_set(&facts, FACT_EQUITY, 350, DAY - 7, source);
	facts_derive(&facts, DAY);
	cr_expect_eq(facts.items[FACT_EQUITY_RATIO].as_of, DAY - 7);
	cr_expect_eq(facts.items[FACT_EQUITY_RATIO].source, source);
}

Test(facts_derive, equity_is_reported_or_what_the_debts_leave)
{
	int64_t equity = 77;

	cr_expect_not(facts_equity(&facts, &equity));
	facts_set(&facts, FACT_TOTAL_ASSETS, 1000, DAY, 0);
	cr_expect_not(facts_equity(&facts, &equity));
	cr_expect_eq(equity, 77);
	facts_set(&facts, FACT_LIABILITIES, 1200, DAY, 0);
	cr_expect(facts_equity(&facts, &equity));
	cr_expect_eq(equity, -200);
	facts_set(&facts, FACT_EQUITY, 90, DAY, 0);
	cr_expect(facts_equity(&facts, &equity));
	cr_expect_eq(equity, 90);
}

Test(facts_derive, age_counts_completed_years)
{
	static const struct {
		const char *founded, *today;
		int64_t years;
	} CASES[] = {
	        {"2000-06-15", "2026-06-14", 25},  {"2000-06-15", "2026-06-15", 26},
	        {"2026-01-01", "2026-12-31", 0},   {"2026-01-01", "2026-01-01", 0},
	        {"2004-02-29", "2026-02-28", 21},  {"2004-02-29", "2026-03-01", 22},
	        {"1899-12-31", "2026-12-31", 127}, {"2027-01-01", "2026-12-31", UNKNOWN},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		init();
		facts_set(&facts, FACT_FOUNDED, day(CASES[i].founded), DAY, 0);
		facts_derive(&facts, day(CASES[i].today));
		cr_expect_eq(get(FACT_AGE), CASES[i].years, "%s at %s", CASES[i].founded, CASES[i].today);
	}
}

Test(facts_derive, filing_delay_counts_days_beyond_the_twelve_months)
{
	static const struct {
		const char *date, *filed, *today;
		int64_t age, delay;
	} CASES[] = {
	        {"2024-12-31", "2025-10-01", "2026-03-01", 425, 0},
	        {"2024-12-31", "2025-12-31", "2026-03-01", 425, 0},
	        {"2024-12-31", "2026-01-10", "2026-03-01", 425, 10},
	        {"2024-12-31", NULL, "2026-03-01", 425, UNKNOWN},
	        {"2023-12-31", "2024-12-01", "2026-01-30", 761, 30},
	        {"2023-12-31", NULL, "2026-01-30", 761, 30},
	        {"2023-12-31", "2025-03-01", "2026-01-30", 761, 60},
	        {"2024-02-29", "2025-03-01", "2025-04-01", 397, 1},
	        {"2024-12-31", "2026-01-10", "2026-01-05", 370, UNKNOWN},
	        {"2027-12-31", "2027-12-31", "2026-01-05", UNKNOWN, UNKNOWN},
	        {NULL, "2025-12-31", "2026-01-05", UNKNOWN, UNKNOWN},
	        {"9999-12-31", NULL, "9999-12-31", 0, UNKNOWN},
	};

	for (size_t i = 0; i < COUNT(CASES); i++) {
		init();
		if (CASES[i].date)
			facts_set(&facts, FACT_ACCOUNTS_DATE, day(CASES[i].date), DAY, 0);
		if (CASES[i].filed)
			facts_set(&facts, FACT_ACCOUNTS_FILED, day(CASES[i].filed), DAY, 0);
		facts_derive(&facts, day(CASES[i].today));
		cr_expect_eq(get(FACT_ACCOUNTS_AGE), CASES[i].age, "case %zu: %ld", i, get(FACT_ACCOUNTS_AGE));
		cr_expect_eq(get(FACT_FILING_DELAY), CASES[i].delay, "case %zu: %ld", i, get(FACT_FILING_DELAY));
	}
}
