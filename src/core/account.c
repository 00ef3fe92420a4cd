/* SPDX-License-Identifier: MIT */
#include "core/account.h"

#include <stddef.h>
#include <string.h>

#define MAX_ITEM_NAME 96

enum item {
	ITEM_TOTAL_ASSETS,
	ITEM_FIXED_ASSETS,
	ITEM_CURRENT_ASSETS,
	ITEM_INVENTORY,
	ITEM_RECEIVABLES,
	ITEM_CASH,
	ITEM_EQUITY,
	ITEM_EQUITY_USED_UP,
	ITEM_RETAINED_EARNINGS,
	ITEM_RESERVES,
	ITEM_PROFIT_CARRIED,
	ITEM_LOSS_CARRIED,
	ITEM_LIABILITIES,
	ITEM_DEBTS,
	ITEM_PROVISIONS,
	ITEM_DEFERRED_INCOME,
	ITEM_CURRENT_LIABILITIES,
	ITEM_REVENUE,
	ITEM_REVENUE_PREVIOUS,
	ITEM_OPERATING_EXPENSES,
	ITEM_MATERIAL,
	ITEM_STAFF,
	ITEM_DEPRECIATION,
	ITEM_OTHER_EXPENSES,
	ITEM_COST_OF_SALES,
	ITEM_DISTRIBUTION,
	ITEM_ADMINISTRATION,
	ITEM_OPERATING_PROFIT,
	ITEM_EBIT,
	ITEM_EBITDA,
	ITEM_INTEREST,
	ITEM_INCOME_TAXES,
	ITEM_NET_INCOME,
	ITEM_NET_LOSS,
	ITEM_COUNT
};

_Static_assert((int)ITEM_COUNT == ACCOUNT_ITEMS, "struct account holds every item");

/* As name_fold() leaves them. */
static const struct {
	const char *name;
	enum item item;
} NAMES[] = {
        {"bilanzsumme", ITEM_TOTAL_ASSETS},
        {"summeaktiva", ITEM_TOTAL_ASSETS},
        {"totalassets", ITEM_TOTAL_ASSETS},
        {"anlagevermoegen", ITEM_FIXED_ASSETS},
        {"fixedassets", ITEM_FIXED_ASSETS},
        {"umlaufvermoegen", ITEM_CURRENT_ASSETS},
        {"currentassets", ITEM_CURRENT_ASSETS},
        {"vorraete", ITEM_INVENTORY},
        {"inventory", ITEM_INVENTORY},
        {"forderungenundsonstigevermoegensgegenstaende", ITEM_RECEIVABLES},
        {"forderungen", ITEM_RECEIVABLES},
        {"receivables", ITEM_RECEIVABLES},
        {"kassenbestandundguthabenbeikreditinstituten", ITEM_CASH},
        {"kassenbestandbundesbankguthabenguthabenbeikreditinstitutenundschecks", ITEM_CASH},
        {"fluessigemittel", ITEM_CASH},
        {"liquidemittel", ITEM_CASH},
        {"cash", ITEM_CASH},
        {"eigenkapital", ITEM_EQUITY},
        {"equity", ITEM_EQUITY},
        {"nichtdurcheigenkapitalgedeckterfehlbetrag", ITEM_EQUITY_USED_UP},
        {"retainedearnings", ITEM_RETAINED_EARNINGS},
        {"gewinnruecklagen", ITEM_RESERVES},
        {"gewinnvortrag", ITEM_PROFIT_CARRIED},
        {"bilanzgewinn", ITEM_PROFIT_CARRIED},
        {"verlustvortrag", ITEM_LOSS_CARRIED},
        {"bilanzverlust", ITEM_LOSS_CARRIED},
        {"liabilities", ITEM_LIABILITIES},
        {"totalliab", ITEM_LIABILITIES},
        {"totalliabilities", ITEM_LIABILITIES},
        {"fremdkapital", ITEM_LIABILITIES},
        {"verbindlichkeiten", ITEM_DEBTS},
        {"rueckstellungen", ITEM_PROVISIONS},
        {"provisions", ITEM_PROVISIONS},
        {"passiverechnungsabgrenzungsposten", ITEM_DEFERRED_INCOME},
        {"verbindlichkeitenbiseinjahr", ITEM_CURRENT_LIABILITIES},
        {"verbindlichkeitenmitrestlaufzeitbiseinjahr", ITEM_CURRENT_LIABILITIES},
        {"kurzfristigeverbindlichkeiten", ITEM_CURRENT_LIABILITIES},
        {"currentliabilities", ITEM_CURRENT_LIABILITIES},
        {"currentliab", ITEM_CURRENT_LIABILITIES},
        {"umsatzerloese", ITEM_REVENUE},
        {"umsatz", ITEM_REVENUE},
        {"revenue", ITEM_REVENUE},
        {"netsales", ITEM_REVENUE},
        {"umsatzerloesevorjahr", ITEM_REVENUE_PREVIOUS},
        {"revenueprevious", ITEM_REVENUE_PREVIOUS},
        {"salesprev", ITEM_REVENUE_PREVIOUS},
        {"betrieblicheaufwendungen", ITEM_OPERATING_EXPENSES},
        {"operatingexpenses", ITEM_OPERATING_EXPENSES},
        {"opex", ITEM_OPERATING_EXPENSES},
        {"materialaufwand", ITEM_MATERIAL},
        {"personalaufwand", ITEM_STAFF},
        {"abschreibungen", ITEM_DEPRECIATION},
        {"depreciation", ITEM_DEPRECIATION},
        {"depamort", ITEM_DEPRECIATION},
        {"sonstigebetrieblicheaufwendungen", ITEM_OTHER_EXPENSES},
        {"herstellungskosten", ITEM_COST_OF_SALES},
        {"vertriebskosten", ITEM_DISTRIBUTION},
        {"allgemeineverwaltungskosten", ITEM_ADMINISTRATION},
        {"betriebsergebnis", ITEM_OPERATING_PROFIT},
        {"operatingprofit", ITEM_OPERATING_PROFIT},
        {"ebit", ITEM_EBIT},
        {"ebitda", ITEM_EBITDA},
        {"zinsenundaehnlicheaufwendungen", ITEM_INTEREST},
        {"zinsaufwand", ITEM_INTEREST},
        {"financialexpenses", ITEM_INTEREST},
        {"steuernvomeinkommenundvomertrag", ITEM_INCOME_TAXES},
        {"ertragsteuern", ITEM_INCOME_TAXES},
        {"jahresueberschuss", ITEM_NET_INCOME},
        {"jahresueberschussjahresfehlbetrag", ITEM_NET_INCOME},
        {"netincome", ITEM_NET_INCOME},
        {"jahresfehlbetrag", ITEM_NET_LOSS},
};

/* Items that are a fact by themselves. */
static const struct {
	enum item item;
	enum fact_id fact;
} DIRECT[] = {
        {ITEM_FIXED_ASSETS, FACT_FIXED_ASSETS},
        {ITEM_CURRENT_ASSETS, FACT_CURRENT_ASSETS},
        {ITEM_INVENTORY, FACT_INVENTORY},
        {ITEM_RECEIVABLES, FACT_RECEIVABLES},
        {ITEM_CASH, FACT_CASH},
        {ITEM_PROVISIONS, FACT_PROVISIONS},
        {ITEM_CURRENT_LIABILITIES, FACT_CURRENT_LIABILITIES},
        {ITEM_REVENUE, FACT_REVENUE},
        {ITEM_REVENUE_PREVIOUS, FACT_REVENUE_PREVIOUS},
        {ITEM_DEPRECIATION, FACT_DEPRECIATION},
        {ITEM_INTEREST, FACT_FINANCIAL_EXPENSES},
};

/* Letters and digits in lower case, umlauts written out; false when it is longer than any name. */
static bool name_fold(struct slice name, char ret_folded[MAX_ITEM_NAME])
{
	static const struct {
		const char *utf8;
		const char *ascii;
	} UMLAUTS[] = {{"ä", "ae"}, {"Ä", "ae"}, {"ö", "oe"}, {"Ö", "oe"}, {"ü", "ue"}, {"Ü", "ue"}, {"ß", "ss"}};
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (len + 3 > MAX_ITEM_NAME)
			return false;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			ret_folded[len++] = c;
		for (size_t k = 0; k < sizeof(UMLAUTS) / sizeof(UMLAUTS[0]); k++)
			if (i + 1 < name.len && memcmp(name.ptr + i, UMLAUTS[k].utf8, 2) == 0) {
				memcpy(ret_folded + len, UMLAUTS[k].ascii, 2);
				len += 2;
			}
	}
	ret_folded[len] = '\0';
	return true;
}

int account_find(struct slice name)
{
	char folded[MAX_ITEM_NAME];

	if (!name_fold(name, folded))
		return -1;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strcmp(NAMES[i].name, folded) == 0)
			return (int)NAMES[i].item;
	return -1;
}

static bool has(const struct account *account, enum item item)
{
	return account->known[item];
}

/* A part that is not told counts nothing. */
static int64_t part(const struct account *account, enum item item)
{
	return account->known[item] ? account->minor[item] : 0;
}

/* The sum of items of which all must be known. */
static bool all(const struct account *account, const enum item *items, size_t count, int64_t *ret_sum)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (!has(account, items[i]))
			return false;
		sum += account->minor[items[i]];
	}
	*ret_sum = sum;
	return true;
}

static bool equity(const struct account *account, int64_t *ret_minor)
{
	if (has(account, ITEM_EQUITY_USED_UP) && account->minor[ITEM_EQUITY_USED_UP] > 0) {
		*ret_minor = -account->minor[ITEM_EQUITY_USED_UP];
		return true;
	}
	if (has(account, ITEM_EQUITY)) {
		*ret_minor = account->minor[ITEM_EQUITY];
		return true;
	}
	*ret_minor = part(account, ITEM_TOTAL_ASSETS) - part(account, ITEM_LIABILITIES);
	return has(account, ITEM_TOTAL_ASSETS) && has(account, ITEM_LIABILITIES);
}

/* An asset side that ends with used-up equity is longer by it than the company's assets. */
static bool total_assets(const struct account *account, int64_t *ret_minor)
{
	*ret_minor = part(account, ITEM_TOTAL_ASSETS) - part(account, ITEM_EQUITY_USED_UP);
	return has(account, ITEM_TOTAL_ASSETS);
}

static bool liabilities(const struct account *account, int64_t *ret_minor)
{
	static const enum item BORROWED[] = {ITEM_DEBTS, ITEM_PROVISIONS};
	int64_t assets, own;

	if (has(account, ITEM_LIABILITIES)) {
		*ret_minor = account->minor[ITEM_LIABILITIES];
		return true;
	}
	if (total_assets(account, &assets) && equity(account, &own)) {
		*ret_minor = assets - own;
		return true;
	}
	if (!all(account, BORROWED, 2, ret_minor))
		return false;
	*ret_minor += part(account, ITEM_DEFERRED_INCOME);
	return true;
}

static bool retained_earnings(const struct account *account, int64_t *ret_minor)
{
	if (has(account, ITEM_RETAINED_EARNINGS)) {
		*ret_minor = account->minor[ITEM_RETAINED_EARNINGS];
		return true;
	}
	*ret_minor = part(account, ITEM_RESERVES) + part(account, ITEM_PROFIT_CARRIED) -
	             part(account, ITEM_LOSS_CARRIED);
	return has(account, ITEM_RESERVES) || has(account, ITEM_PROFIT_CARRIED) || has(account, ITEM_LOSS_CARRIED);
}

static bool net_income(const struct account *account, int64_t *ret_minor)
{
	if (has(account, ITEM_NET_INCOME)) {
		*ret_minor = account->minor[ITEM_NET_INCOME];
		return true;
	}
	*ret_minor = -part(account, ITEM_NET_LOSS);
	return has(account, ITEM_NET_LOSS);
}

static bool ebit(const struct account *account, int64_t *ret_minor)
{
	int64_t net;

	if (has(account, ITEM_EBIT)) {
		*ret_minor = account->minor[ITEM_EBIT];
		return true;
	}
	if (has(account, ITEM_EBITDA) && has(account, ITEM_DEPRECIATION)) {
		*ret_minor = account->minor[ITEM_EBITDA] - account->minor[ITEM_DEPRECIATION];
		return true;
	}
	if (net_income(account, &net) && has(account, ITEM_INTEREST) && has(account, ITEM_INCOME_TAXES)) {
		*ret_minor = net + account->minor[ITEM_INTEREST] + account->minor[ITEM_INCOME_TAXES];
		return true;
	}
	*ret_minor = part(account, ITEM_OPERATING_PROFIT);
	return has(account, ITEM_OPERATING_PROFIT);
}

static bool operating_expenses(const struct account *account, int64_t *ret_minor)
{
	static const enum item BY_NATURE[] = {ITEM_MATERIAL, ITEM_STAFF, ITEM_DEPRECIATION, ITEM_OTHER_EXPENSES};
	static const enum item BY_FUNCTION[] = {ITEM_COST_OF_SALES, ITEM_DISTRIBUTION, ITEM_ADMINISTRATION};

	if (has(account, ITEM_OPERATING_EXPENSES)) {
		*ret_minor = account->minor[ITEM_OPERATING_EXPENSES];
		return true;
	}
	if (all(account, BY_NATURE, 4, ret_minor))
		return true;
	if (!all(account, BY_FUNCTION, 3, ret_minor))
		return false;
	*ret_minor += part(account, ITEM_OTHER_EXPENSES);
	return true;
}

static bool operating_profit(const struct account *account, int64_t *ret_minor)
{
	int64_t expenses;

	if (has(account, ITEM_OPERATING_PROFIT)) {
		*ret_minor = account->minor[ITEM_OPERATING_PROFIT];
		return true;
	}
	if (!has(account, ITEM_REVENUE) || has(account, ITEM_OPERATING_EXPENSES) ||
	    !operating_expenses(account, &expenses))
		return false;
	*ret_minor = account->minor[ITEM_REVENUE] - expenses;
	return true;
}

void account_facts(const struct account *account, int32_t day, uint8_t source, struct facts *facts)
{
	static const struct {
		enum fact_id fact;
		bool (*sum)(const struct account *account, int64_t *ret_minor);
	} SUMS[] = {
	        {FACT_TOTAL_ASSETS, total_assets},
	        {FACT_EQUITY, equity},
	        {FACT_LIABILITIES, liabilities},
	        {FACT_RETAINED_EARNINGS, retained_earnings},
	        {FACT_NET_INCOME, net_income},
	        {FACT_EBIT, ebit},
	        {FACT_OPERATING_EXPENSES, operating_expenses},
	        {FACT_OPERATING_PROFIT, operating_profit},
	};

	for (size_t i = 0; i < sizeof(DIRECT) / sizeof(DIRECT[0]); i++)
		if (has(account, DIRECT[i].item))
			facts_set(facts, DIRECT[i].fact, account->minor[DIRECT[i].item], day, source);
	for (size_t i = 0; i < sizeof(SUMS) / sizeof(SUMS[0]); i++) {
		int64_t minor;
		if (SUMS[i].sum(account, &minor))
			facts_set(facts, SUMS[i].fact, minor, day, source);
	}
}
