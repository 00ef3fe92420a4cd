/* SPDX-License-Identifier: MIT */
#include "core/account.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY          20000

struct entry {
	const char *name;
	int64_t minor;
};

static struct facts facts;

static void derive(const struct entry *entries, size_t count)
{
	struct account account = {0};

	for (size_t i = 0; i < count; i++) {
		int item = account_find(slice_cstr(entries[i].name));
		cr_assert(item >= 0 && item < ACCOUNT_ITEMS, "%s", entries[i].name);
		account.minor[item] = entries[i].minor;
		account.known[item] = true;
	}
	facts_init(&facts);
	account_facts(&account, DAY, (uint8_t)facts_source(&facts, "accounts", SOURCE_ANSWER, DAY), &facts);
	facts_derive(&facts, DAY);
}

static bool is(enum fact_id id, int64_t expected)
{
	int64_t value;

	return facts_get(&facts, id, &value) && value == expected;
}

static bool is_unknown(enum fact_id id)
{
	int64_t value;

	return !facts_get(&facts, id, &value);
}

Test(account, names_are_found_however_they_are_written)
{
	static const char *const SAME[][3] = {
	        {"Vorräte", "VORRAETE", "inventory"},
	        {"Umsatzerlöse", "umsatzerloese", "Net sales"},
	        {"Bilanzsumme", "total_assets", "Total Assets"},
	        {"Rückstellungen", "RÜCKSTELLUNGEN", "provisions"},
	        {"Jahresüberschuss", "jahresueberschuß", "net_income"},
	        {"Zinsen und ähnliche Aufwendungen", "Zinsaufwand", "financial_expenses"},
	};

	for (size_t i = 0; i < COUNT(SAME); i++)
		for (size_t k = 0; k < 3; k++) {
			cr_assert_geq(account_find(slice_cstr(SAME[i][k])), 0, "%s", SAME[i][k]);
			cr_assert_eq(account_find(slice_cstr(SAME[i][k])), account_find(slice_cstr(SAME[i][0])), "%s",
			             SAME[i][k]);
		}
	cr_assert_eq(account_find(SLICE_LIT("")), -1);
	cr_assert_eq(account_find(SLICE_LIT("company")), -1);
	cr_assert_eq(account_find(SLICE_LIT("Vorrät")), -1);
}

Test(account, accounts_by_the_commercial_code_give_the_ratios)
{
	static const struct entry ENTRIES[] = {
	        {"Bilanzsumme", 100000000},
	        {"Umlaufvermögen", 60000000},
	        {"Vorräte", 20000000},
	        {"Forderungen", 25000000},
	        {"Eigenkapital", 30000000},
	        {"Gewinnrücklagen", 10000000},
	        {"Gewinnvortrag", 2000000},
	        {"Verbindlichkeiten", 55000000},
	        {"Rückstellungen", 12000000},
	        {"Umsatzerlöse", 200000000},
	        {"Materialaufwand", 90000000},
	        {"Personalaufwand", 60000000},
	        {"Abschreibungen", 8000000},
	        {"Zinsaufwand", 2000000},
	        {"Sonstige betriebliche Aufwendungen", 30000000},
	        {"Ertragsteuern", 3000000},
	        {"Jahresüberschuss", 7000000},
	        {"Verbindlichkeiten bis ein Jahr", 40000000},
	};

	derive(ENTRIES, COUNT(ENTRIES));
	cr_assert(is(FACT_EQUITY_RATIO, 300000));
	cr_assert(is(FACT_LIABILITIES, 70000000), "total assets less equity, not the debts alone");
	cr_assert(is(FACT_RE_TA, 120000));
	cr_assert(is(FACT_EBIT_TA, 120000));
	cr_assert(is(FACT_OP_MARGIN, 60000));
	cr_assert(is(FACT_CF_TO_LIAB, 15000000 * INT64_C(1000000) / 70000000));
	cr_assert(is(FACT_INTEREST_COVER, 6000000), "188 of 200 million are expenses: 12 over 2");
	cr_assert(is(FACT_WC_TA, 200000));
	cr_assert(is(FACT_QUICK_RATIO, 1000000));
	cr_assert(is(FACT_CASH_RATIO, 375000));
	cr_assert(is(FACT_CL_DAYS, 73000000));
	cr_assert(is(FACT_COST_RATIO, 940000));
}

Test(account, used_up_equity_is_negative_and_no_asset)
{
	static const struct entry ENTRIES[] = {{"Bilanzsumme", 12000000},
	                                       {"Eigenkapital", 0},
	                                       {"Nicht durch Eigenkapital gedeckter Fehlbetrag", 2000000}};

	derive(ENTRIES, COUNT(ENTRIES));
	cr_assert(is(FACT_TOTAL_ASSETS, 10000000));
	cr_assert(is(FACT_EQUITY_RATIO, -200000));
	cr_assert(is(FACT_LIABILITIES, 12000000));
}

Test(account, what_is_not_told_is_not_guessed)
{
	static const struct entry DEBTS[] = {{"Verbindlichkeiten", 5000000}, {"Umsatzerlöse", 9000000}};
	static const struct entry NOTHING_SOLD[] = {{"Umsatzerlöse", 0}, {"EBIT", 5}, {"Bilanzsumme", -1}};
	static const struct entry LOSS[] = {{"Bilanzsumme", 1000}, {"Jahresfehlbetrag", 100}, {"Verlustvortrag", 300}};

	derive(DEBTS, COUNT(DEBTS));
	cr_assert(is_unknown(FACT_LIABILITIES), "debts without provisions are not all liabilities");
	cr_assert(is_unknown(FACT_OPERATING_EXPENSES));
	derive(NOTHING_SOLD, COUNT(NOTHING_SOLD));
	cr_assert(is_unknown(FACT_OP_MARGIN) && is_unknown(FACT_EBIT_TA) && is_unknown(FACT_LOG_TA));
	derive(LOSS, COUNT(LOSS));
	cr_assert(is(FACT_ROA, -100000));
	cr_assert(is(FACT_RE_TA, -300000));
}

/* What an account tells itself is taken before what could be computed. */
Test(account, reported_figures_win)
{
	static const struct entry ENTRIES[] = {
	        {"total_assets", 1000},
	        {"equity", 400},
	        {"total_liab", 500},
	        {"retained_earnings", 100},
	        {"revenue", 2000},
	        {"opex", 1500},
	        {"ebit", 300},
	        {"operating_profit", 280},
	        {"net_income", 200},
	        {"financial_expenses", 20},
	        {"gewinnruecklagen", 77},
	};

	derive(ENTRIES, COUNT(ENTRIES));
	cr_assert(is(FACT_LIABILITIES, 500) && is(FACT_RETAINED_EARNINGS, 100) && is(FACT_OPERATING_EXPENSES, 1500));
	cr_assert(is(FACT_EBIT, 300) && is(FACT_OPERATING_PROFIT, 280) && is(FACT_INTEREST_COVER, 14000000));
}

Test(account, sums_of_the_other_kinds)
{
	static const struct entry DEBTS[] = {
	        {"Verbindlichkeiten", 700}, {"Rückstellungen", 200}, {"Passive Rechnungsabgrenzungsposten", 10}};
	static const struct entry FUNCTION[] = {{"Umsatzerlöse", 900},
	                                        {"Herstellungskosten", 500},
	                                        {"Vertriebskosten", 100},
	                                        {"Allgemeine Verwaltungskosten", 50},
	                                        {"Sonstige betriebliche Aufwendungen", 20}};
	static const struct entry EBITDA[] = {
	        {"ebitda", 90}, {"dep_amort", 30}, {"total_assets", 100}, {"total_liab", 80}};
	static const struct entry RESULT[] = {{"Betriebsergebnis", 40}, {"Bilanzsumme", 100}};
	static const struct entry OPEX[] = {{"revenue", 90}, {"opex", 60}};

	derive(DEBTS, COUNT(DEBTS));
	cr_assert(is(FACT_LIABILITIES, 910));
	derive(FUNCTION, COUNT(FUNCTION));
	cr_assert(is(FACT_OPERATING_EXPENSES, 670) && is(FACT_OPERATING_PROFIT, 230));
	derive(EBITDA, COUNT(EBITDA));
	cr_assert(is(FACT_EBIT, 60) && is(FACT_EQUITY, 20));
	derive(RESULT, COUNT(RESULT));
	cr_assert(is(FACT_EBIT, 40));
	derive(OPEX, COUNT(OPEX));
	cr_assert(is_unknown(FACT_OPERATING_PROFIT), "operating expenses of unknown kind do not make a profit");
	cr_assert_eq(
	        account_find(SLICE_LIT("a name that is longer than any item of annual accounts ever was, and then a "
	                               "good deal longer than that")),
	        -1);
}
