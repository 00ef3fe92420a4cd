/* SPDX-License-Identifier: MIT */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "core/facts.h"

/*
 * Items of annual accounts under the names that annual accounts and public
 * data sets use: HGB sections 266 and 275, in German, and the English names of
 * the facts. Several items may belong to one fact: liabilities and provisions,
 * the expenses of a profit and loss account by nature or by function.
 */
#define ACCOUNT_ITEMS 34

struct account {
	int64_t minor[ACCOUNT_ITEMS];
	bool known[ACCOUNT_ITEMS];
};

/*
 * Number of the item, -1 if it is none. Capitals, umlauts written out,
 * spaces and signs do not matter: "Vorräte", "VORRAETE" and "net_sales",
 * "Net sales" are the same.
 */
int account_find(struct slice name);
/*
 * Sets the facts of accounts of this day. A sum is known only when all it
 * needs is: liabilities as total assets less equity, else as debts plus
 * provisions; EBIT as reported, else net income before interest and income
 * taxes, else the operating profit; operating expenses as reported, else by
 * nature (material, staff, depreciation, other), else by function (cost of
 * sales, distribution, administration). Losses count minus under their own
 * name (Jahresfehlbetrag, Verlustvortrag); equity that is used up ("nicht durch
 * Eigenkapital gedeckter Fehlbetrag") is negative equity.
 */
void account_facts(const struct account *account, int32_t day, uint8_t source, struct facts *facts);

#endif
