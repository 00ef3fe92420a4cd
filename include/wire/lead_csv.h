/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LEAD_CSV_H
#define WIRE_LEAD_CSV_H

#include "app/lead.h"
#include "wire/csv.h"
#include "wire/problem.h"

/*
 * A list of companies as a table: a header of these names in any order,
 * others are passed over: name, street, postal_code, city, country (DE where
 * it is empty or there is no such column), vat_id, lei, economic_id,
 * register_court, register_type, register_number, customer_ref, amount (as
 * people write it). name or an identifier must be among them.
 */
#define LEAD_CSV_COLUMNS 13

struct lead_csv {
	int columns[LEAD_CSV_COLUMNS]; /* index in the file, -1 = not there */
};

/* After csv_header(). STATUS_INVALID: no column names a company. */
enum status lead_csv_columns(const struct csv *csv, struct lead_csv *ret_columns) MUST_CHECK;

/* The current row, copied into the arena. STATUS_INVALID fills ret_errors: pointers are "/<column>". */
enum status lead_csv_read(const struct lead_csv *columns, const struct csv *csv, struct arena *arena,
                          struct lead_req *ret_req, struct field_errors *ret_errors) MUST_CHECK;

#define LEAD_CSV_ROW 4096 /* no row of the result is longer */

/* The result (RFC 4180, UTF-8): cells that a spreadsheet would take for a formula get an apostrophe in front. */
void lead_csv_put_header(struct buf *out);
void lead_csv_put(struct buf *out, uint64_t line, const struct lead_res *res, enum lang lang);
void lead_csv_put_refused(struct buf *out, uint64_t line, const struct lead_req *req, struct slice why);

/* "vat_id: The check digit is wrong.": the first of them, for put_refused() and reports; borrows mem. */
struct slice lead_csv_why(const struct field_errors *errors, enum lang lang, char *mem, size_t cap);

#endif
