/* SPDX-License-Identifier: MIT */
#ifndef WIRE_IMPORT_IN_H
#define WIRE_IMPORT_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/facts.h"
#include "core/identity.h"
#include "wire/csv.h"

/*
 * One row of an import file, whatever its format: a company as a source
 * names it, or facts on a company named by an identifier.
 *
 *   companies   OffeneRegister JSONL as published (officers are never read);
 *               register TSV: id name street postcode city status prev_names
 *               addr_src (S: the address is filled in, it may find the
 *               company but is never shown); or CSV with any of
 *               register_court register_type register_number name legal_form
 *               street postal_code city country vat_id lei economic_id
 *               previous_names as_of, and fact names as columns
 *   accounts    CSV: company, accounts_date, then fact names as columns
 *   insolvency  CSV: company, date, status (1..7 or "rejected"), court, file_number
 *   signals     CSV: company, date, fact, value, source
 *
 * "company" is an identifier: "Düsseldorf HRB 12345", a VAT id or an LEI.
 * Money is in EUR with at most two decimals, ratios are decimals with at
 * most six, dates "2026-11-21" or relative to the import: "-400d".
 */
enum import_kind { IMPORT_COMPANIES, IMPORT_ACCOUNTS, IMPORT_INSOLVENCY, IMPORT_SIGNALS };

#define IMPORT_MAX_PREVIOUS 16

struct import_fact {
	enum fact_id id;
	int64_t value;
	int32_t as_of;
};

struct import_row {
	struct identity company;
	bool is_company;      /* else facts on a company that must be there */
	bool address_guessed; /* finds the company, is never shown */
	struct slice previous_names[IMPORT_MAX_PREVIOUS];
	size_t previous_count;
	struct slice source; /* "register", "accounts", ... */
	struct slice id;     /* OffeneRegister: the company's number there, "K1101R_HRB150148" */
	int32_t as_of;
	struct import_fact facts[MAX_FACTS];
	size_t fact_count;
};

/* Why a row was refused: a static text, and the column it is about ("" = the row). */
struct import_fault {
	const char *why;
	char column[64];
};

/* How a delimited file's columns are read; made once from its header. */
struct import_columns {
	enum import_kind kind;
	bool is_register_tsv;
	int32_t today; /* what relative dates count from */
	int32_t as_of; /* of rows that tell no day */
	int company;
	int date;
	int previous;
	int addr_src;
	int id;
	int status;
	int fact;
	int value;
	int source;
	int identity[IDENTITY_FIELD_COUNT];
	enum fact_id facts[MAX_CSV_FIELDS]; /* by column, FACT_NONE = no fact */
};

/* STATUS_INVALID names the column that is missing or unknown in ret_fault. */
enum status import_columns_map(const struct csv *csv, enum import_kind kind, int32_t today, int32_t as_of,
                               struct import_columns *ret_columns, struct import_fault *ret_fault) MUST_CHECK;

/* The current record; slices live until the next one (or in the arena). */
enum status import_csv_row(const struct import_columns *columns, const struct csv *csv, struct arena *arena,
                           struct import_row *ret_row, struct import_fault *ret_fault) MUST_CHECK;

/* One line of OffeneRegister's JSONL. */
enum status import_offeneregister_row(struct slice line, struct arena *arena, int32_t as_of, struct import_row *ret_row,
                                      struct import_fault *ret_fault) MUST_CHECK;

#endif
