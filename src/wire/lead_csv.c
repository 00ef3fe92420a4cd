/* SPDX-License-Identifier: MIT */
#include "wire/lead_csv.h"

#include <string.h>

#include "company_fields.h"
#include "core/fold.h"
#include "csv_out.h"
#include "wire/form_in.h"

#define MAX_AMOUNT_TEXT 24

enum column {
	COLUMN_NAME,
	COLUMN_STREET,
	COLUMN_POSTAL_CODE,
	COLUMN_CITY,
	COLUMN_COUNTRY,
	COLUMN_VAT_ID,
	COLUMN_LEI,
	COLUMN_ECONOMIC_ID,
	COLUMN_COURT,
	COLUMN_REGISTER_TYPE,
	COLUMN_REGISTER_NUMBER,
	COLUMN_CUSTOMER_REF,
	COLUMN_AMOUNT
};

struct row {
	struct identity company;
	struct slice amount;
};

static const struct {
	struct slice name;
	size_t max;
	size_t offset;
} table[LEAD_CSV_COLUMNS] = {
        [COLUMN_NAME] = {SLICE_LIT("name"), MAX_NAME, offsetof(struct row, company.name)},
        [COLUMN_STREET] = {SLICE_LIT("street"), MAX_STREET, offsetof(struct row, company.street)},
        [COLUMN_POSTAL_CODE] = {SLICE_LIT("postal_code"), MAX_POSTAL_CODE, offsetof(struct row, company.postal_code)},
        [COLUMN_CITY] = {SLICE_LIT("city"), MAX_CITY, offsetof(struct row, company.city)},
        [COLUMN_COUNTRY] = {SLICE_LIT("country"), 2, offsetof(struct row, company.country)},
        [COLUMN_VAT_ID] = {SLICE_LIT("vat_id"), 2 * MAX_VAT_ID, offsetof(struct row, company.vat_id)},
        [COLUMN_LEI] = {SLICE_LIT("lei"), 2 * MAX_LEI, offsetof(struct row, company.lei)},
        [COLUMN_ECONOMIC_ID] = {SLICE_LIT("economic_id"), 2 * MAX_ECONOMIC_ID,
                                offsetof(struct row, company.economic_id)},
        [COLUMN_COURT] = {SLICE_LIT("register_court"), MAX_COURT, offsetof(struct row, company.court)},
        [COLUMN_REGISTER_TYPE] = {SLICE_LIT("register_type"), MAX_REGISTER_NUMBER,
                                  offsetof(struct row, company.register_type)},
        [COLUMN_REGISTER_NUMBER] = {SLICE_LIT("register_number"), MAX_REGISTER_NUMBER,
                                    offsetof(struct row, company.register_number)},
        [COLUMN_CUSTOMER_REF] = {SLICE_LIT("customer_ref"), MAX_CUSTOMER_REF,
                                 offsetof(struct row, company.customer_ref)},
        [COLUMN_AMOUNT] = {SLICE_LIT("amount"), MAX_AMOUNT_TEXT, offsetof(struct row, amount)},
};

static const char header[] = "line,status,customer_ref,name,company_id,match,score,light,first_limit,currency,priority,"
                             "payment_hint,why,decision_id,error\r\n";

enum status lead_csv_columns(const struct csv *csv, struct lead_csv *ret_columns)
{
	bool named = false;

	for (int i = 0; i < LEAD_CSV_COLUMNS; i++) {
		bool names = i == COLUMN_NAME || i == COLUMN_VAT_ID || i == COLUMN_LEI || i == COLUMN_ECONOMIC_ID ||
		             i == COLUMN_REGISTER_NUMBER;

		ret_columns->columns[i] = csv_column(csv, table[i].name);
		named |= names && ret_columns->columns[i] >= 0;
	}
	return named ? STATUS_OK : STATUS_INVALID;
}

static void fault(struct field_errors *errors, int column, const char *code)
{
	char pointer[MAX_POINTER + 1] = "/";

	memcpy(pointer + 1, table[column].name.ptr, table[column].name.len + 1);
	field_errors_add(errors, pointer, code);
}

enum status lead_csv_read(const struct lead_csv *columns, const struct csv *csv, struct arena *arena,
                          struct lead_req *ret_req, struct field_errors *ret_errors)
{
	struct row row = {0};

	ret_errors->count = 0;
	*ret_req = (struct lead_req){0};
	for (int i = 0; i < LEAD_CSV_COLUMNS; i++) {
		struct slice text = slice_trim(csv_field(csv, columns->columns[i]));

		if (!text.len)
			continue;
		if (text.len > table[i].max || fold_has_control(text)) {
			fault(ret_errors, i, text.len > table[i].max ? "too_long" : "control_character");
			continue;
		}
		text = arena_copy(arena, text);
		if (!text.ptr)
			return STATUS_NO_MEMORY;
		memcpy((char *)&row + table[i].offset, &text, sizeof(text));
	}
	if (!row.company.country.ptr)
		row.company.country = SLICE_LIT("DE");
	ret_req->company = row.company;
	if (!ret_errors->count && !company_fields_identify(&row.company))
		fault(ret_errors, COLUMN_NAME, "required");
	if (row.amount.ptr && !form_in_amount(row.amount, &ret_req->amount))
		fault(ret_errors, COLUMN_AMOUNT, "invalid_format");
	return ret_errors->count ? STATUS_INVALID : STATUS_OK;
}

void lead_csv_put_header(struct buf *out)
{
	buf_cstr(out, header);
}

static void put_start(struct buf *out, uint64_t line, const char *state, const struct lead_req *req)
{
	buf_u64(out, line);
	buf_char(out, ',');
	buf_cstr(out, state);
	buf_char(out, ',');
	csv_out_cell(out, req->company.customer_ref);
	buf_char(out, ',');
}

static void put_why(struct buf *out, const struct lead *lead, enum lang lang)
{
	buf_char(out, '"');
	for (size_t i = 0; i < lead->why_count; i++) {
		if (i)
			buf_cstr(out, "; ");
		csv_out_text(out, slice_cstr(reason_text(lead->why[i].reason, lang)), i == 0);
	}
	buf_char(out, '"');
}

static void put_figures(struct buf *out, const struct lead_res *res, bool matched)
{
	const struct decision *decision = res->checkout.decision;

	buf_cstr(out, match_kind_name(res->checkout.facts->match));
	buf_char(out, ',');
	if (matched)
		buf_i64(out, decision->score.score);
	buf_char(out, ',');
	buf_cstr(out, light_name(decision->light));
	buf_char(out, ',');
	buf_i64(out, res->lead.first_limit / 100);
	buf_char(out, '.');
	buf_char(out, (char)('0' + res->lead.first_limit % 100 / 10));
	buf_char(out, (char)('0' + res->lead.first_limit % 10));
	buf_char(out, ',');
	buf_cstr(out, decision->limit.currency.code);
	buf_char(out, ',');
	buf_cstr(out, lead_priority_name(res->lead.priority));
	buf_cstr(out, res->lead.invoice ? ",invoice," : ",prepayment,");
}

void lead_csv_put(struct buf *out, uint64_t line, const struct lead_res *res, enum lang lang)
{
	const struct facts *facts = res->checkout.facts;
	struct lead_req req = {.company = res->asked.company};
	bool matched = facts_matched(facts);

	put_start(out, line, "judged", &req);
	csv_out_cell(out, matched ? slice_cstr(facts->name) : req.company.name);
	buf_char(out, ',');
	buf_cstr(out, res->checkout.company_id);
	buf_char(out, ',');
	put_figures(out, res, matched);
	put_why(out, &res->lead, lang);
	buf_char(out, ',');
	buf_cstr(out, res->checkout.decision_id);
	buf_cstr(out, ",\r\n");
}

void lead_csv_put_refused(struct buf *out, uint64_t line, const struct lead_req *req, struct slice why)
{
	put_start(out, line, "refused", req);
	csv_out_cell(out, req->company.name);
	buf_cstr(out, ",,,,,,,,,,,");
	csv_out_cell(out, why);
	buf_cstr(out, "\r\n");
}

struct slice lead_csv_why(const struct field_errors *errors, enum lang lang, char *mem, size_t cap)
{
	const struct field_error *first = &errors->items[0];
	const char *slash = strrchr(first->pointer, '/');
	struct buf text;

	buf_init(&text, mem, cap);
	buf_cstr(&text, slash ? slash + 1 : first->pointer);
	buf_cstr(&text, ": ");
	buf_cstr(&text, first->detail[lang]);
	return buf_view(&text);
}
