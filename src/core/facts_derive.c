/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <stddef.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "fixed_log.h"

#define DAYS_OF_YEAR     365
#define LOG10_MILLIONTHS UINT64_C(315652828733) /* log10(2) in millionths, 20 more bits */
#define THOUSAND_EUR     100000                 /* minor units */

/*
 * The canonical ratios as rows: (a + plus - minus - less) * times / below.
 * FACT_NONE = no such operand. The definitions are those the public data sets
 * for fitting are prepared with, so that fitted and live ratios are the same.
 */
struct ratio_row {
	enum fact_id ret;
	enum fact_id a, plus, minus, less;
	enum fact_id below;
	int times;
};

static const struct ratio_row RATIOS[] = {
        {FACT_RE_TA, FACT_RETAINED_EARNINGS, 0, 0, 0, FACT_TOTAL_ASSETS, 1},
        {FACT_ROA, FACT_NET_INCOME, 0, 0, 0, FACT_TOTAL_ASSETS, 1},
        {FACT_EBIT_TA, FACT_EBIT, 0, 0, 0, FACT_TOTAL_ASSETS, 1},
        {FACT_OP_MARGIN, FACT_EBIT, 0, 0, 0, FACT_REVENUE, 1},
        {FACT_CF_TO_LIAB, FACT_NET_INCOME, FACT_DEPRECIATION, 0, 0, FACT_LIABILITIES, 1},
        {FACT_INTEREST_COVER, FACT_OPERATING_PROFIT, 0, 0, 0, FACT_FINANCIAL_EXPENSES, 1},
        {FACT_WC_TA, FACT_CURRENT_ASSETS, 0, FACT_CURRENT_LIABILITIES, 0, FACT_TOTAL_ASSETS, 1},
        {FACT_CURRENT_RATIO, FACT_CURRENT_ASSETS, 0, 0, 0, FACT_CURRENT_LIABILITIES, 1},
        {FACT_QUICK_RATIO, FACT_CURRENT_ASSETS, 0, FACT_INVENTORY, 0, FACT_CURRENT_LIABILITIES, 1},
        {FACT_CASH_RATIO, FACT_CURRENT_ASSETS, 0, FACT_INVENTORY, FACT_RECEIVABLES, FACT_CURRENT_LIABILITIES, 1},
        {FACT_CL_DAYS, FACT_CURRENT_LIABILITIES, 0, 0, 0, FACT_REVENUE, DAYS_OF_YEAR},
        {FACT_REC_DAYS, FACT_RECEIVABLES, 0, 0, 0, FACT_REVENUE, DAYS_OF_YEAR},
        {FACT_INV_DAYS, FACT_INVENTORY, 0, 0, 0, FACT_REVENUE, DAYS_OF_YEAR},
        {FACT_SALES_GROWTH, FACT_REVENUE, 0, 0, 0, FACT_REVENUE_PREVIOUS, 1},
        {FACT_COST_RATIO, FACT_OPERATING_EXPENSES, 0, 0, 0, FACT_REVENUE, 1},
        {FACT_ASSET_TURNOVER, FACT_REVENUE, 0, 0, 0, FACT_TOTAL_ASSETS, 1},
        {FACT_OPEX_TO_LIAB, FACT_OPERATING_EXPENSES, 0, 0, 0, FACT_LIABILITIES, 1},
        {FACT_LIAB_RATIO, FACT_LIABILITIES, 0, 0, 0, FACT_TOTAL_ASSETS, 1},
};

static void put(struct facts *facts, enum fact_id id, int64_t value, const struct fact *origin)
{
	facts->items[id] = (struct fact){
	        .value = value,
	        .as_of = origin->as_of,
	        .source = origin->source,
	        .known = true,
	};
}

/* Adds sign * operand to *sum; false when the operand is unknown or of another day than "day". */
static bool add(const struct facts *facts, enum fact_id id, int sign, int32_t day, int64_t *sum)
{
	const struct fact *fact = &facts->items[id];

	if (id == FACT_NONE)
		return true;
	if (!fact->known || fact->as_of != day)
		return false;
	*sum += sign * fact->value;
	return true;
}

static void derive_ratio(struct facts *facts, const struct ratio_row *row)
{
	const struct fact *below = &facts->items[row->below];
	int64_t sum = 0;
	int64_t ratio;

	if (!below->known || below->value <= 0)
		return;
	if (!add(facts, row->a, 1, below->as_of, &sum) || !add(facts, row->plus, 1, below->as_of, &sum) ||
	    !add(facts, row->minus, -1, below->as_of, &sum) || !add(facts, row->less, -1, below->as_of, &sum))
		return;
	if (!money_ratio(sum * row->times, below->value, &ratio))
		return;
	put(facts, row->ret, ratio, below);
}

/* Equity of the day "day", reported or total assets less liabilities. */
static bool equity_of(const struct facts *facts, int32_t day, int64_t *ret_minor)
{
	int64_t sum = 0;

	if (add(facts, FACT_EQUITY, 1, day, &sum)) {
		*ret_minor = sum;
		return true;
	}
	if (!add(facts, FACT_TOTAL_ASSETS, 1, day, &sum) || !add(facts, FACT_LIABILITIES, -1, day, &sum))
		return false;
	*ret_minor = sum;
	return true;
}

static void derive_equity_ratio(struct facts *facts, enum fact_id ret, enum fact_id below_id)
{
	const struct fact *below = &facts->items[below_id];
	int64_t equity;
	int64_t ratio;

	if (below->known && equity_of(facts, below->as_of, &equity) && money_ratio(equity, below->value, &ratio))
		put(facts, ret, ratio, below);
}

static void derive_size(struct facts *facts)
{
	const struct fact *assets = &facts->items[FACT_TOTAL_ASSETS];

	if (!assets->known || assets->value <= 0)
		return;
	put(facts, FACT_LOG_TA,
	    fixed_log_scale(fixed_log2((uint64_t)assets->value) - fixed_log2(THOUSAND_EUR), LOG10_MILLIONTHS), assets);
}

/* The same day "years" later; 29 February becomes the 28th. False beyond the calendar. */
static bool years_after(int32_t day, int years, int32_t *ret_day)
{
	int year, month, day_of_month;

	date_to_ymd(day, &year, &month, &day_of_month);
	return date_from_ymd(year + years, month, day_of_month, ret_day) ||
	       date_from_ymd(year + years, month, day_of_month - 1, ret_day);
}

static void derive_age(struct facts *facts, int32_t today)
{
	const struct fact *founded = &facts->items[FACT_FOUNDED];
	int year, month, day, year_now, month_now, day_now;

	if (!founded->known || founded->value > today)
		return;
	date_to_ymd((int32_t)founded->value, &year, &month, &day);
	date_to_ymd(today, &year_now, &month_now, &day_now);
	if (month_now < month || (month_now == month && day_now < day))
		year_now--;
	put(facts, FACT_AGE, year_now - year, founded);
}

/*
 * Accounts are due twelve months after their day (HGB section 325 (1a)), the
 * next ones therefore two years after it. A filing day nobody told is not held
 * against the company; accounts that should be there by now and are not, are.
 */
static void derive_filing(struct facts *facts, int32_t today)
{
	const struct fact *date = &facts->items[FACT_ACCOUNTS_DATE];
	const struct fact *filed = &facts->items[FACT_ACCOUNTS_FILED];
	bool told = filed->known && filed->as_of == date->as_of && filed->value <= today;
	int32_t due, next_due;
	int64_t delay = 0;

	if (!date->known || date->value > today)
		return;
	put(facts, FACT_ACCOUNTS_AGE, today - date->value, date);
	if (!years_after((int32_t)date->value, 1, &due) || !years_after((int32_t)date->value, 2, &next_due))
		return;
	if (told && filed->value > due)
		delay = filed->value - due;
	if (today > next_due && today - next_due > delay)
		delay = today - next_due;
	if (told || today > next_due)
		put(facts, FACT_FILING_DELAY, delay, date);
}

bool facts_equity(const struct facts *facts, int64_t *ret_minor)
{
	const struct fact *equity = &facts->items[FACT_EQUITY];
	const struct fact *assets = &facts->items[FACT_TOTAL_ASSETS];

	if (equity->known)
		return equity_of(facts, equity->as_of, ret_minor);
	return assets->known && equity_of(facts, assets->as_of, ret_minor);
}

void facts_derive(struct facts *facts, int32_t today)
{
	memset(&facts->items[FACT_FIRST_DERIVED], 0, sizeof(facts->items[0]) * (FACT_COUNT - FACT_FIRST_DERIVED));
	derive_age(facts, today);
	derive_filing(facts, today);
	derive_equity_ratio(facts, FACT_EQUITY_RATIO, FACT_TOTAL_ASSETS);
	derive_equity_ratio(facts, FACT_EQUITY_TO_LIAB, FACT_LIABILITIES);
	for (size_t i = 0; i < sizeof(RATIOS) / sizeof(RATIOS[0]); i++)
		derive_ratio(facts, &RATIOS[i]);
	derive_size(facts);
}
