/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "base/date.h"
#include "creditreform_report.h"

#define OWN_BALANCE "BAFO-1" /* the company's own, not its group's */
#define TURNOVER    "TOTY-1"

/* Items of a balance sheet by the service's keys. */
static const struct {
	const char *key;
	enum fact_id fact;
} ITEMS[] = {
        {"BAIT-100001", FACT_TOTAL_ASSETS},   {"BAIT-100100", FACT_FIXED_ASSETS},
        {"BAIT-100200", FACT_CURRENT_ASSETS}, {"BAIT-100210", FACT_INVENTORY},
        {"BAIT-100220", FACT_RECEIVABLES},    {"BAIT-100250", FACT_CASH},
        {"BAIT-100600", FACT_EQUITY},         {"BAIT-100680", FACT_NET_INCOME},
        {"BAIT-100750", FACT_PROVISIONS},     {"BAIT-100820", FACT_CURRENT_LIABILITIES},
};

static bool in_euro(const struct xml_element *from, const char *path)
{
	return slice_eq_cstr(xml_text(from, path), "EUR");
}

/* --- Turnover and staff ----------------------------------------------------------------------------- */

/* What was turned over in a financial year, no expectation; NULL when it is not told in EUR. */
static const struct xml_element *turnover_of(const struct xml_element *year)
{
	const struct xml_element *entry = xml_at(year, "turnoverlist");

	for (; entry; entry = xml_next(entry)) {
		if (slice_eq_cstr(xml_text(entry, "type/key"), TURNOVER) &&
		    !slice_eq_cstr(xml_text(entry, "expectation"), "true") && in_euro(entry, "amount/currency/key"))
			return entry;
	}
	return NULL;
}

static const struct xml_element *staff_of(const struct xml_element *year)
{
	return xml_text(year, "totalstaff").len ? year : NULL;
}

/* The youngest year that has the figure and ended before this day. */
static const struct xml_element *youngest(const struct xml_element *company, int32_t before,
                                          const struct xml_element *(*figure_of)(const struct xml_element *year),
                                          int32_t *ret_end)
{
	const struct xml_element *year = xml_at(company, "fiscalyear"), *found = NULL;

	*ret_end = DATE_NONE;
	for (; year; year = xml_next(year)) {
		const struct xml_element *figure = figure_of(year);
		int32_t end = answer_day(xml_text(year, "period/dateend"));

		if (!figure || end >= before || (found && end <= *ret_end))
			continue;
		found = figure;
		*ret_end = end;
	}
	return found;
}

/* The day one year earlier; of 29 February the last of that month. */
static int32_t year_before(int32_t day)
{
	int year, month, of_month;
	int32_t earlier = DATE_NONE;

	date_to_ymd(day, &year, &month, &of_month);
	if (!date_from_ymd(year - 1, month, of_month, &earlier))
		(void)date_from_ymd(year - 1, month, of_month - 1, &earlier);
	return earlier;
}

static void take_turnover(const struct xml_element *data, struct provider_answer *answer)
{
	const struct xml_element *company = xml_at(data, "turnovercompany"), *figure;
	int32_t end, earlier;

	figure = youngest(company, DATE_LAST, turnover_of, &end);
	if (!figure || end == DATE_NONE)
		return;
	creditreform_number(answer, figure, FACT_REVENUE, "amount/value", end);
	figure = youngest(company, end, turnover_of, &earlier);
	/* Growth compares neighbouring years, as of the later one. */
	if (figure && earlier == year_before(end))
		creditreform_number(answer, figure, FACT_REVENUE_PREVIOUS, "amount/value", end);
}

static void take_staff(const struct xml_element *data, struct provider_answer *answer)
{
	int32_t end;
	const struct xml_element *year = youngest(xml_at(data, "staffcompany"), DATE_LAST, staff_of, &end);

	if (year)
		creditreform_number(answer, year, FACT_EMPLOYEES, "totalstaff", end == DATE_NONE ? answer->as_of : end);
}

/* --- Annual accounts -------------------------------------------------------------------------------- */

/* The youngest balance sheet of the company itself in EUR. */
static const struct xml_element *find_balance(const struct xml_element *data, int32_t *ret_day)
{
	const struct xml_element *sheet = xml_at(data, "balancesheet"), *found = NULL;

	*ret_day = DATE_NONE;
	for (; sheet; sheet = xml_next(sheet)) {
		if (!slice_eq_cstr(xml_text(sheet, "balanceform/key"), OWN_BALANCE))
			continue;
		for (const struct xml_element *each = xml_at(sheet, "balance"); each; each = xml_next(each)) {
			int32_t day = answer_day(xml_text(each, "reportperiod/dateend"));

			if (!in_euro(each, "currency/key") || day <= *ret_day)
				continue;
			found = each;
			*ret_day = day;
		}
	}
	return found;
}

static void take_items(const struct xml_element *item, int32_t day, struct provider_answer *answer)
{
	for (; item; item = xml_next(item)) {
		struct slice key = xml_text(item, "itemtext/key");

		for (size_t i = 0; i < sizeof(ITEMS) / sizeof(*ITEMS); i++) {
			if (slice_eq_cstr(key, ITEMS[i].key))
				creditreform_number(answer, item, ITEMS[i].fact, "amount", day);
		}
	}
}

static void take_accounts(const struct xml_element *data, struct provider_answer *answer)
{
	int32_t day;
	const struct xml_element *balance = find_balance(data, &day);
	struct provider_field field = {.name = "accounts_date",
	                               .pointer = SLICE_LIT("balancesheet/balance/reportperiod/dateend"),
	                               .text = xml_text(balance, "reportperiod/dateend"),
	                               .fact = FACT_ACCOUNTS_DATE,
	                               .value = day};

	if (!balance)
		return;
	answer_fact(answer, &field, day);
	take_items(xml_at(balance, "assets/assets"), day, answer);
	take_items(xml_at(balance, "liabilities/liabilities"), day, answer);
}

void creditreform_figures(const struct xml_element *data, struct provider_answer *answer)
{
	take_staff(data, answer);
	take_turnover(data, answer);
	take_accounts(data, answer);
}
