/* SPDX-License-Identifier: MIT */
#ifndef CORE_FACTS_H
#define CORE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/identity.h"

enum fact_unit {
	UNIT_MONEY, /* minor units of EUR */
	UNIT_RATIO, /* millionths: 350000 = 35 % */
	UNIT_DAYS,  /* whole days */
	UNIT_YEARS, /* completed years */
	UNIT_COUNT,
	UNIT_DATE, /* base/date.h day */
	UNIT_CODE  /* one of a closed list, as its number */
};

/*
 * Every fact the product knows: identifier, name (CSV imports, model files,
 * records), unit. Derived facts are computed by facts_derive(), never stored.
 * LIABILITIES are all debts, provisions included: total assets less equity.
 * A change of this table needs a new FACTS_FORMAT in src/core/facts_pack.c.
 */
#define FACT_TABLE(X)                                                                         \
	/* register */                                                                        \
	X(LEGAL_FORM, "legal_form", UNIT_CODE)                                                \
	X(FOUNDED, "founded", UNIT_DATE)                                                      \
	X(REGISTER_STATUS, "register_status", UNIT_CODE)                                      \
	X(BRANCH, "branch", UNIT_CODE) /* WZ 2008 division, 1..99 */                          \
	X(EMPLOYEES, "employees", UNIT_COUNT)                                                 \
	X(CAPITAL, "capital", UNIT_MONEY)                                                     \
	/* annual accounts */                                                                 \
	X(ACCOUNTS_DATE, "accounts_date", UNIT_DATE) /* balance sheet day */                  \
	X(ACCOUNTS_FILED, "accounts_filed", UNIT_DATE)                                        \
	X(TOTAL_ASSETS, "total_assets", UNIT_MONEY)                                           \
	X(FIXED_ASSETS, "fixed_assets", UNIT_MONEY)                                           \
	X(CURRENT_ASSETS, "current_assets", UNIT_MONEY)                                       \
	X(INVENTORY, "inventory", UNIT_MONEY)                                                 \
	X(RECEIVABLES, "receivables", UNIT_MONEY)                                             \
	X(CASH, "cash", UNIT_MONEY)                                                           \
	X(EQUITY, "equity", UNIT_MONEY)                                                       \
	X(RETAINED_EARNINGS, "retained_earnings", UNIT_MONEY)                                 \
	X(PROVISIONS, "provisions", UNIT_MONEY)                                               \
	X(LIABILITIES, "liabilities", UNIT_MONEY)                                             \
	X(CURRENT_LIABILITIES, "current_liabilities", UNIT_MONEY)                             \
	X(REVENUE, "revenue", UNIT_MONEY)                                                     \
	X(REVENUE_PREVIOUS, "revenue_previous", UNIT_MONEY)                                   \
	X(OPERATING_EXPENSES, "operating_expenses", UNIT_MONEY)                               \
	X(OPERATING_PROFIT, "operating_profit", UNIT_MONEY)                                   \
	X(EBIT, "ebit", UNIT_MONEY)                                                           \
	X(FINANCIAL_EXPENSES, "financial_expenses", UNIT_MONEY)                               \
	X(DEPRECIATION, "depreciation", UNIT_MONEY)                                           \
	X(NET_INCOME, "net_income", UNIT_MONEY)                                               \
	/* payment behaviour */                                                               \
	X(DAYS_BEYOND_TERMS, "days_beyond_terms", UNIT_DAYS)                                  \
	X(OWN_ORDERS, "own_orders", UNIT_COUNT) /* paid orders at this tenant */              \
	/* negative events */                                                                 \
	X(INSOLVENCY_STATUS, "insolvency_status", UNIT_CODE) /* 1..7, as_of = its day */      \
	X(REJECTED_NO_ASSETS, "rejected_no_assets", UNIT_COUNT)                               \
	X(COLLECTION_CASES, "collection_cases", UNIT_COUNT)                                   \
	X(ENFORCEMENTS, "enforcements", UNIT_COUNT) /* debtor's register, seizures */         \
	X(RETURNED_DEBITS, "returned_debits", UNIT_COUNT)                                     \
	/* bureaus */                                                                         \
	X(BUREAU_INDEX, "bureau_index", UNIT_COUNT) /* 100..600 */                            \
	X(BUREAU_SCALE, "bureau_scale", UNIT_CODE)  /* which of several scales it is of */    \
	X(BUREAU_PD, "bureau_pd", UNIT_RATIO)                                                 \
	X(BUREAU_LIMIT, "bureau_limit", UNIT_MONEY)                                           \
	/* derived: canonical ratios, an unknown denominator makes them unknown */            \
	X(AGE, "age", UNIT_YEARS)                                                             \
	X(ACCOUNTS_AGE, "accounts_age", UNIT_DAYS) /* since the balance sheet day */          \
	X(FILING_DELAY, "filing_delay", UNIT_DAYS) /* filed or still not, beyond 12 months */ \
	X(EQUITY_RATIO, "equity_ratio", UNIT_RATIO)                                           \
	X(RE_TA, "re_ta", UNIT_RATIO)                                                         \
	X(ROA, "roa", UNIT_RATIO)                                                             \
	X(EBIT_TA, "ebit_ta", UNIT_RATIO)                                                     \
	X(OP_MARGIN, "op_margin", UNIT_RATIO)                                                 \
	X(CF_TO_LIAB, "cf_to_liab", UNIT_RATIO)                                               \
	X(INTEREST_COVER, "interest_cover", UNIT_RATIO)                                       \
	X(WC_TA, "wc_ta", UNIT_RATIO)                                                         \
	X(CURRENT_RATIO, "current_ratio", UNIT_RATIO)                                         \
	X(QUICK_RATIO, "quick_ratio", UNIT_RATIO)                                             \
	X(CASH_RATIO, "cash_ratio", UNIT_RATIO)                                               \
	X(CL_DAYS, "cl_days", UNIT_RATIO)                                                     \
	X(REC_DAYS, "rec_days", UNIT_RATIO)                                                   \
	X(INV_DAYS, "inv_days", UNIT_RATIO)                                                   \
	X(SALES_GROWTH, "sales_growth", UNIT_RATIO)                                           \
	X(COST_RATIO, "cost_ratio", UNIT_RATIO)                                               \
	X(ASSET_TURNOVER, "asset_turnover", UNIT_RATIO)                                       \
	X(OPEX_TO_LIAB, "opex_to_liab", UNIT_RATIO)                                           \
	X(EQUITY_TO_LIAB, "equity_to_liab", UNIT_RATIO)                                       \
	X(LIAB_RATIO, "liab_ratio", UNIT_RATIO)                                               \
	X(LOG_TA, "log_ta", UNIT_RATIO) /* log10 of total assets in thousands */

enum fact_id {
	FACT_NONE,
#define FACT_ENUM(id, name, unit) FACT_##id,
	FACT_TABLE(FACT_ENUM)
#undef FACT_ENUM
	        FACT_COUNT
};

/* FACT_AGE and all behind it are derived. */
#define FACT_FIRST_DERIVED FACT_AGE

enum register_status {
	REGISTER_STATUS_UNKNOWN,
	REGISTER_STATUS_ACTIVE,
	REGISTER_STATUS_LIQUIDATION,
	REGISTER_STATUS_DELETED
};

/* Money facts stay within this many minor units of zero, so that sums and days cannot overflow. */
#define FACT_MONEY_MAX INT64_C(10000000000000000)

/* Scales of bureau_index: by one and the same index they mean different PD. */
enum bureau_scale { BUREAU_SCALE_UNKNOWN, BUREAU_SCALE_CREDITREFORM_1_0, BUREAU_SCALE_CREDITREFORM_2_0 };

const char *fact_name(enum fact_id id); /* "" outside the table */
enum fact_unit fact_unit(enum fact_id id);
enum fact_id fact_find(struct slice name); /* FACT_NONE if unknown */
/*
 * Whether a value may stand for this fact: counts and days not negative, dates
 * of the calendar, codes of their list (0, "tells none", is no value), money
 * within FACT_MONEY_MAX. Importers ask this before they store.
 */
bool fact_valid(enum fact_id id, int64_t value);

/* How a source answered; the four provider outcomes stay apart. */
enum source_state {
	SOURCE_ANSWER,
	SOURCE_NO_DATA,
	SOURCE_INVALID_INPUT,
	SOURCE_UNAVAILABLE /* says nothing about the company */
};

const char *source_state_name(enum source_state state); /* "answer" */

#define SOURCE_HASH 32

struct source {
	char id[MAX_SOURCE_ID + 1]; /* "register", "accounts", "creditreform" */
	enum source_state state;
	int32_t as_of; /* day of the data, DATE_NONE = unknown */
	bool hashed;
	uint8_t raw_sha256[SOURCE_HASH]; /* of its answer as it came, once hashed */
};

struct fact {
	int64_t value;
	int32_t as_of;  /* day the value held, DATE_NONE = unknown */
	uint8_t source; /* index into facts.sources */
	bool known;
};

enum match_kind {
	MATCH_NONE,      /* no such company in any source */
	MATCH_AMBIGUOUS, /* several, a person must choose */
	MATCH_FUZZY,
	MATCH_EXACT
};

const char *match_kind_name(enum match_kind kind);

/*
 * Everything the sources said on one company: who it is, and one value per
 * fact, each with source and day. Plain bytes without pointers, so that it
 * can be packed, cached and compared. Zeroed = nothing known.
 */
struct facts {
	struct company_key key;
	struct company_key aliases[MAX_ALIASES]; /* its other keys: who is on a list is found by any of them */
	uint8_t alias_count;
	char name[MAX_NAME + 1]; /* as registered */
	char street[MAX_STREET + 1];
	char postal_code[MAX_POSTAL_CODE + 1];
	char city[MAX_CITY + 1];
	char country[3];
	enum match_kind match;
	int32_t match_probability; /* millionths */
	struct source sources[MAX_SOURCES];
	uint8_t source_count;
	struct fact items[FACT_COUNT];
};

void facts_init(struct facts *facts);
/* They are of one company, sure enough to call it by its name. */
bool facts_matched(const struct facts *facts);
/*
 * Index of the source, added if new (a known one gets the new state and day);
 * -1 when MAX_SOURCES are there or the id is empty or too long.
 */
int facts_source(struct facts *facts, const char *id, enum source_state state, int32_t as_of);
/* What the source at this index answered, as SHA-256 of the bytes; naming the source anew forgets it. */
void facts_source_hash(struct facts *facts, int index, const uint8_t raw_sha256[SOURCE_HASH]);
/*
 * Adds another key of the company. An empty one, one it has already, and one
 * beyond MAX_ALIASES are left out.
 */
void facts_alias(struct facts *facts, const struct company_key *key);
/*
 * Sets a fact. An existing value stays when it is younger than as_of; equal
 * days: the later call wins. Never touches derived facts; a value that is not
 * fact_valid() or a source that is none leaves the facts as they are.
 */
void facts_set(struct facts *facts, enum fact_id id, int64_t value, int32_t as_of, uint8_t source);
bool facts_get(const struct facts *facts, enum fact_id id, int64_t *ret_value);
/* Equity as reported, else total assets less liabilities of the same day. */
bool facts_equity(const struct facts *facts, int64_t *ret_minor);
/*
 * Adds what another source said of the same company: its facts by the rule of
 * facts_set(), its sources and keys, and name and address where this one has
 * none. Key and match stay.
 */
void facts_merge(struct facts *facts, const struct facts *other);
/*
 * Computes every derived fact from the others as of "today". Idempotent.
 * Ratios are cut toward zero, a denominator that is not positive makes them
 * unknown, and so do operands of different days: two balance sheets are never
 * mixed. filing_delay: days the last accounts came after their 12 months
 * (HGB section 325 (1a)), or days the next ones are overdue, the larger.
 */
void facts_derive(struct facts *facts, int32_t today);
/*
 * Compact bytes for cache and store (little-endian, versioned, derived facts
 * left out) and back: equal facts are equal bytes. At most MAX_FACTS_PACKED;
 * STATUS_TOO_LARGE when "out" has no room. facts_unpack() trusts nothing:
 * STATUS_CORRUPT, also for the bytes of another version.
 */
enum status facts_pack(const struct facts *facts, struct buf *out) MUST_CHECK;
enum status facts_unpack(struct slice bytes, struct facts *ret_facts) MUST_CHECK;

#endif
