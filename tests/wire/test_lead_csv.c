/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "wire/lead_csv.h"

struct text {
	const char *at;
};

static long read_text(void *ctx, void *mem, size_t cap)
{
	struct text *text = ctx;
	size_t len = strlen(text->at) < cap ? strlen(text->at) : cap;

	memcpy(mem, text->at, len);
	text->at += len;
	return (long)len;
}

static char block[CSV_BLOCK];
static char memory[65536] __attribute__((aligned(16)));
static struct csv csv;
static struct text source;
static struct arena arena;

static enum status open_csv(const char *content, struct lead_csv *columns)
{
	source.at = content;
	arena_init(&arena, memory, sizeof(memory));
	csv_init(&csv, (struct csv_source){read_text, &source}, (struct csv_options){0}, block, sizeof(block));
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	return lead_csv_columns(&csv, columns);
}

Test(lead_csv, columns_are_found_in_any_order_and_others_passed_over)
{
	struct lead_csv columns;
	struct lead_req req;
	struct field_errors errors;

	cr_assert_eq(open_csv("City;Note;NAME;amount\nKöln;x;\"A \"\"B\"\" GmbH\";1.250,00\n", &columns), STATUS_OK);
	cr_assert_eq(csv_next(&csv), CSV_ROW);
	cr_assert_eq(lead_csv_read(&columns, &csv, &arena, &req, &errors), STATUS_OK);
	cr_assert(slice_eq_cstr(req.company.name, "A \"B\" GmbH"));
	cr_assert(slice_eq_cstr(req.company.city, "Köln"));
	cr_assert(slice_eq_cstr(req.company.country, "DE"), "where no column tells it");
	cr_assert_eq(req.amount, 125000);
}

Test(lead_csv, a_table_without_companies_is_refused)
{
	struct lead_csv columns;

	cr_assert_eq(open_csv("city,country\nKöln,DE\n", &columns), STATUS_INVALID);
}

Test(lead_csv, bad_cells_are_named)
{
	static const char *const cases[][2] = {
	        {"name,country\n,DE\n", "/name"},
	        {"name,country\nA,Deutschland\n", "/country"},
	        {"name,amount\nA,viel\n", "/amount"},
	        {"name,vat_id\nA,DE12345678901234567890123456789012345678901234567890\n", "/vat_id"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lead_csv columns;
		struct lead_req req;
		struct field_errors errors;

		cr_assert_eq(open_csv(cases[i][0], &columns), STATUS_OK);
		cr_assert_eq(csv_next(&csv), CSV_ROW);
		cr_assert_eq(lead_csv_read(&columns, &csv, &arena, &req, &errors), STATUS_INVALID, "%s", cases[i][0]);
		cr_expect_str_eq(errors.items[0].pointer, cases[i][1]);
	}
}

Test(lead_csv, formulas_are_neutralised_and_rows_have_the_headers_cells)
{
	static char text[2 * LEAD_CSV_ROW + 1];
	struct lead_req req = {
	        .company = {.name = SLICE_LIT("=HYPERLINK(\"http://x\")"), .customer_ref = SLICE_LIT("@1")}};
	struct buf out;
	size_t commas = 0;

	buf_init(&out, text, sizeof(text) - 1);
	lead_csv_put_header(&out);
	for (size_t i = 0; i < out.len; i++)
		commas += text[i] == ',' ? 1u : 0u;
	buf_reset(&out);
	lead_csv_put_refused(&out, 7, &req, SLICE_LIT("-bad"));
	text[out.len] = '\0';
	cr_assert_str_eq(text, "7,refused,\"'@1\",\"'=HYPERLINK(\"\"http://x\"\")\",,,,,,,,,,,\"'-bad\"\r\n");
	for (size_t i = 0; i < out.len; i++)
		commas -= text[i] == ',' ? 1u : 0u;
	cr_assert_eq(commas, 0);
}

Test(lead_csv, no_row_is_longer_than_promised)
{
	static char text[2 * LEAD_CSV_ROW];
	static struct decision decision;
	static struct facts facts;
	char name[MAX_NAME];
	struct lead_res res = {.checkout = {.decision = &decision, .facts = &facts}};
	struct buf out;

	memset(name, '"', sizeof(name));
	res.asked.company.name = (struct slice){name, sizeof(name)};
	res.asked.company.customer_ref = (struct slice){name, MAX_CUSTOMER_REF};
	res.lead.why_count = LEAD_WHY;
	for (size_t i = 0; i < LEAD_WHY; i++)
		res.lead.why[i].reason = (enum reason)(REASON_COUNT - 1);
	buf_init(&out, text, sizeof(text));
	lead_csv_put(&out, UINT64_MAX, &res, LANG_DE);
	cr_assert_not(out.overflow);
	cr_assert_lt(out.len, LEAD_CSV_ROW);
}
