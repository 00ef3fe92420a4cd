/* SPDX-License-Identifier: MIT */
#include "core/fact_text.h"

#include "base/date.h"
#include "base/money.h"
#include "core/fact_code.h"

#define CENTS 100

/* How a ratio is read. */
enum style {
	STYLE_UNIT, /* as the fact's unit says */
	STYLE_PERCENT,
	STYLE_FACTOR,
	STYLE_DAYS
};

struct title {
	enum style style;
	const char *text[LANG_COUNT];
};

static const struct title TITLES[FACT_COUNT] = {
        [FACT_LEGAL_FORM] = {STYLE_UNIT, {"Rechtsform", "legal form"}},
        [FACT_BRANCH] = {STYLE_UNIT, {"Branche (Abteilung der WZ 2008)", "industry (division of WZ 2008)"}},
        [FACT_EMPLOYEES] = {STYLE_UNIT, {"Beschäftigte", "employees"}},
        [FACT_CAPITAL] = {STYLE_UNIT, {"Stamm- oder Grundkapital", "share capital"}},
        [FACT_REGISTER_STATUS] = {STYLE_UNIT, {"Stand im Register", "register status"}},
        [FACT_DAYS_BEYOND_TERMS] = {STYLE_UNIT, {"Zahlungen nach Fälligkeit", "payments beyond terms"}},
        [FACT_OWN_ORDERS] = {STYLE_UNIT, {"bezahlte Bestellungen bei diesem Händler", "orders paid at this merchant"}},
        [FACT_INSOLVENCY_STATUS] = {STYLE_UNIT, {"Insolvenzbekanntmachung", "insolvency notice"}},
        [FACT_COLLECTION_CASES] = {STYLE_UNIT, {"Inkassoverfahren", "collection cases"}},
        [FACT_ENFORCEMENTS] = {STYLE_UNIT, {"Vollstreckungen", "enforcements"}},
        [FACT_RETURNED_DEBITS] = {STYLE_UNIT, {"Rücklastschriften", "returned direct debits"}},
        [FACT_BUREAU_INDEX] = {STYLE_UNIT, {"Bonitätsindex einer Auskunftei", "credit index of a bureau"}},
        [FACT_BUREAU_SCALE] = {STYLE_UNIT, {"Skala des Bonitätsindex", "scale of the credit index"}},
        [FACT_BUREAU_PD] = {STYLE_PERCENT,
                            {"Ausfallwahrscheinlichkeit laut Auskunftei", "default probability told by a bureau"}},
        [FACT_AGE] = {STYLE_UNIT, {"Alter des Unternehmens", "age of the company"}},
        [FACT_ACCOUNTS_AGE] = {STYLE_UNIT, {"Alter des Jahresabschlusses", "age of the annual accounts"}},
        [FACT_FILING_DELAY] = {STYLE_UNIT,
                               {"Verspätung bei der Offenlegung des Jahresabschlusses", "delay in filing accounts"}},
        [FACT_EQUITY_RATIO] = {STYLE_PERCENT, {"Eigenkapitalquote", "equity ratio"}},
        [FACT_RE_TA] = {STYLE_PERCENT, {"Einbehaltene Gewinne zur Bilanzsumme", "retained earnings to total assets"}},
        [FACT_ROA] = {STYLE_PERCENT, {"Gesamtkapitalrentabilität", "return on assets"}},
        [FACT_EBIT_TA] = {STYLE_PERCENT, {"Betriebsergebnis zur Bilanzsumme", "EBIT to total assets"}},
        [FACT_OP_MARGIN] = {STYLE_PERCENT, {"Umsatzrendite", "operating margin"}},
        [FACT_CF_TO_LIAB] = {STYLE_PERCENT, {"Cashflow zu Schulden", "cash flow to liabilities"}},
        [FACT_INTEREST_COVER] = {STYLE_FACTOR, {"Zinsdeckung", "interest cover"}},
        [FACT_WC_TA] = {STYLE_PERCENT, {"Nettoumlaufvermögen zur Bilanzsumme", "working capital to total assets"}},
        [FACT_CURRENT_RATIO] = {STYLE_FACTOR, {"Liquidität 3. Grades", "current ratio"}},
        [FACT_QUICK_RATIO] = {STYLE_FACTOR, {"Liquidität 2. Grades", "quick ratio"}},
        [FACT_CASH_RATIO] = {STYLE_FACTOR, {"Liquidität 1. Grades", "cash ratio"}},
        [FACT_CL_DAYS] = {STYLE_DAYS, {"Kurzfristige Schulden in Tagen Umsatz", "short-term debt in days of sales"}},
        [FACT_REC_DAYS] = {STYLE_DAYS, {"Forderungslaufzeit", "days of sales outstanding"}},
        [FACT_INV_DAYS] = {STYLE_DAYS, {"Lagerdauer", "days of stock"}},
        [FACT_SALES_GROWTH] = {STYLE_FACTOR, {"Umsatz zum Vorjahr", "sales to the year before"}},
        [FACT_COST_RATIO] = {STYLE_PERCENT, {"Aufwandsquote", "cost ratio"}},
        [FACT_ASSET_TURNOVER] = {STYLE_FACTOR, {"Kapitalumschlag", "asset turnover"}},
        [FACT_OPEX_TO_LIAB] = {STYLE_FACTOR, {"Aufwendungen zu Schulden", "expenses to liabilities"}},
        [FACT_EQUITY_TO_LIAB] = {STYLE_FACTOR, {"Eigenkapital zu Schulden", "equity to liabilities"}},
        [FACT_LIAB_RATIO] = {STYLE_PERCENT, {"Verschuldungsgrad", "liabilities to total assets"}},
        [FACT_LOG_TA] = {STYLE_FACTOR,
                         {"Größe (Zehnerlogarithmus der Bilanzsumme in Tsd. EUR)",
                          "size (log10 of total assets in thousand EUR)"}},
};

static const char *const YEARS[LANG_COUNT] = {" Jahre", " years"};
static const char *const DAYS[LANG_COUNT] = {" Tage", " days"};

const char *fact_title(enum fact_id id, enum lang lang)
{
	if ((unsigned)id >= FACT_COUNT || !TITLES[id].text[lang])
		return fact_name(id);
	return TITLES[id].text[lang];
}

static void put_decimal(struct buf *out, int64_t millionths, unsigned places, enum lang lang)
{
	size_t start = out->len;

	buf_millionths(out, millionths, places);
	for (size_t i = start; lang == LANG_DE && i < out->len; i++)
		if (out->ptr[i] == '.')
			out->ptr[i] = ',';
}

/* Thousands apart. */
static void put_grouped(struct buf *out, int64_t value, enum lang lang)
{
	char digits[24];
	struct buf text;

	if (value < 0)
		buf_char(out, '-');
	buf_init(&text, digits, sizeof(digits));
	buf_u64(&text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	for (size_t i = 0; i < text.len; i++) {
		if (i > 0 && (text.len - i) % 3 == 0)
			buf_char(out, lang == LANG_DE ? '.' : ',');
		buf_char(out, text.ptr[i]);
	}
}

static void put_code(struct buf *out, enum fact_id id, int64_t value)
{
	const char *name = fact_code_name(id, value);

	if (name)
		buf_cstr(out, name);
	else
		buf_i64(out, value);
}

static void put_ratio(struct buf *out, enum style style, int64_t value, enum lang lang)
{
	switch (style) {
	case STYLE_PERCENT:
		put_decimal(out, value * 100, 2, lang); /* borders have three digits: 9.51% */
		buf_cstr(out, lang == LANG_DE ? " %" : "%");
		break;
	case STYLE_DAYS:
		buf_i64(out, value / MONEY_MILLION);
		buf_cstr(out, DAYS[lang]);
		break;
	case STYLE_UNIT:
	case STYLE_FACTOR:
		put_decimal(out, value, 3, lang);
		break;
	}
}

void fact_show(struct buf *out, enum fact_id id, int64_t value, enum lang lang)
{
	switch (fact_unit(id)) {
	case UNIT_MONEY:
		put_grouped(out, value / CENTS, lang);
		buf_cstr(out, " EUR");
		break;
	case UNIT_RATIO:
		/* beyond this nobody reads the number, and a percentage would overflow */
		if (value > INT64_MAX / 1000 || value < -INT64_MAX / 1000)
			value = value > 0 ? INT64_MAX / 1000 : -INT64_MAX / 1000;
		put_ratio(out, TITLES[id].style, value, lang);
		break;
	case UNIT_DAYS:
	case UNIT_YEARS:
		buf_i64(out, value);
		buf_cstr(out, fact_unit(id) == UNIT_DAYS ? DAYS[lang] : YEARS[lang]);
		break;
	case UNIT_DATE:
		if (value >= DATE_FIRST && value <= DATE_LAST)
			date_put(out, (int32_t)value);
		break;
	case UNIT_CODE:
		put_code(out, id, value);
		break;
	case UNIT_COUNT:
		put_grouped(out, value, lang);
		break;
	}
}
