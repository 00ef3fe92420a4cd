/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "import_value.h"

static const struct {
	const char *column;
	enum identity_field field;
} identity_columns[] = {
        {"name", IDENTITY_NAME},
        {"street", IDENTITY_STREET},
        {"postal_code", IDENTITY_POSTAL_CODE},
        {"postcode", IDENTITY_POSTAL_CODE},
        {"city", IDENTITY_CITY},
        {"country", IDENTITY_COUNTRY},
        {"vat_id", IDENTITY_VAT_ID},
        {"lei", IDENTITY_LEI},
        {"economic_id", IDENTITY_ECONOMIC_ID},
        {"register_court", IDENTITY_COURT},
        {"register_type", IDENTITY_REGISTER_TYPE},
        {"register_number", IDENTITY_REGISTER_NUMBER},
};

static struct slice *identity_slot(struct identity *company, enum identity_field field)
{
	struct slice *const slots[IDENTITY_FIELD_COUNT] = {
	        [IDENTITY_NAME] = &company->name,
	        [IDENTITY_STREET] = &company->street,
	        [IDENTITY_POSTAL_CODE] = &company->postal_code,
	        [IDENTITY_CITY] = &company->city,
	        [IDENTITY_COUNTRY] = &company->country,
	        [IDENTITY_VAT_ID] = &company->vat_id,
	        [IDENTITY_LEI] = &company->lei,
	        [IDENTITY_ECONOMIC_ID] = &company->economic_id,
	        [IDENTITY_COURT] = &company->court,
	        [IDENTITY_REGISTER_TYPE] = &company->register_type,
	        [IDENTITY_REGISTER_NUMBER] = &company->register_number,
	        [IDENTITY_CUSTOMER_REF] = &company->customer_ref,
	};

	return slots[field];
}

static bool map_identity(struct import_columns *columns, struct slice name, int column)
{
	for (size_t i = 0; i < sizeof(identity_columns) / sizeof(identity_columns[0]); i++) {
		if (!slice_eq_nocase(name, slice_cstr(identity_columns[i].column)))
			continue;
		columns->identity[identity_columns[i].field] = column;
		return true;
	}
	return false;
}

static bool map_named(struct import_columns *columns, struct slice name, int column)
{
	const struct {
		const char *name;
		int *slot;
	} named[] = {
	        {"company", &columns->company},
	        {"date", &columns->date},
	        {"as_of", &columns->date},
	        {"previous_names", &columns->previous},
	        {"prev_names", &columns->previous},
	        {"addr_src", &columns->addr_src},
	        {"id", &columns->id},
	        {"status", &columns->status},
	        {"fact", &columns->fact},
	        {"value", &columns->value},
	        {"source", &columns->source},
	};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (!slice_eq_nocase(name, slice_cstr(named[i].name)))
			continue;
		*named[i].slot = column;
		return true;
	}
	return false;
}

/* Columns that a file may carry and that say nothing we keep. */
static bool is_ignored(enum import_kind kind, struct slice name)
{
	return kind == IMPORT_INSOLVENCY && (slice_eq_cstr(name, "court") || slice_eq_cstr(name, "file_number"));
}

static enum status require(const struct import_columns *columns, struct import_fault *fault)
{
	const char *const missing = "column is missing";
	bool has_company = columns->company >= 0;

	switch (columns->kind) {
	case IMPORT_COMPANIES:
		if (columns->identity[IDENTITY_NAME] < 0)
			return import_refuse(fault, SLICE_LIT("name"), missing);
		return STATUS_OK;
	case IMPORT_ACCOUNTS:
		break;
	case IMPORT_INSOLVENCY:
		if (columns->date < 0 || columns->status < 0)
			return import_refuse(fault, columns->date < 0 ? SLICE_LIT("date") : SLICE_LIT("status"),
			                     missing);
		break;
	case IMPORT_SIGNALS:
		if (columns->date < 0 || columns->fact < 0 || columns->value < 0)
			return import_refuse(fault, SLICE_LIT("date, fact or value"), missing);
		break;
	}
	return has_company ? STATUS_OK : import_refuse(fault, SLICE_LIT("company"), missing);
}

enum status import_columns_map(const struct csv *csv, enum import_kind kind, int32_t today, int32_t as_of,
                               struct import_columns *ret_columns, struct import_fault *ret_fault)
{
	struct import_columns columns = {.kind = kind, .today = today, .as_of = as_of};
	enum status status;

	columns.company = columns.date = columns.previous = columns.addr_src = -1;
	columns.id = columns.status = columns.fact = columns.value = columns.source = -1;
	for (size_t i = 0; i < IDENTITY_FIELD_COUNT; i++)
		columns.identity[i] = -1;
	for (size_t i = 0; i < csv->column_count; i++) {
		struct slice name = csv->columns[i];

		if (map_named(&columns, name, (int)i) || is_ignored(kind, name))
			continue;
		if (kind == IMPORT_COMPANIES && map_identity(&columns, name, (int)i))
			continue;
		columns.facts[i] = fact_find(name);
		if (columns.facts[i] == FACT_NONE || columns.facts[i] >= FACT_FIRST_DERIVED)
			return import_refuse(ret_fault, name, "unknown column");
	}
	columns.is_register_tsv = columns.id >= 0 && columns.addr_src >= 0;
	status = require(&columns, ret_fault);
	if (status == STATUS_OK)
		*ret_columns = columns;
	return status;
}

/* One cell that may tell a fact, and where it stands. */
struct cell {
	enum fact_id id;
	struct slice column;
	struct slice text;
};

static enum status take_fact(struct import_row *row, struct cell cell, int32_t today, struct import_fault *fault)
{
	int64_t value;
	const char *why;

	if (slice_is_blank(cell.text))
		return STATUS_OK;
	why = import_fact_value(cell.id, slice_trim(cell.text), today, &value);
	if (why)
		return import_refuse(fault, cell.column, why);
	return import_add(row, cell.id, value, row->as_of) ? STATUS_OK
	                                                   : import_refuse(fault, cell.column, "too many facts");
}

static enum status take_facts(const struct import_columns *columns, const struct csv *csv, struct import_row *row,
                              struct import_fault *fault)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < csv->field_count && status == STATUS_OK; i++)
		if (columns->facts[i] != FACT_NONE)
			status = take_fact(row, (struct cell){columns->facts[i], csv->columns[i], csv->fields[i]},
			                   columns->today, fault);
	return status;
}

static void take_previous(struct slice text, struct import_row *row)
{
	while (text.ptr && row->previous_count < IMPORT_MAX_PREVIOUS) {
		struct slice name = slice_trim(slice_cut(&text, '|'));

		if (name.len)
			row->previous_names[row->previous_count++] = name;
	}
}

static enum status company_row(const struct import_columns *columns, const struct csv *csv, struct import_row *row,
                               struct import_fault *fault)
{
	struct slice status_text = csv_field(csv, columns->status);

	row->is_company = true;
	for (size_t i = 0; i < IDENTITY_FIELD_COUNT; i++) {
		struct slice text = slice_trim(csv_field(csv, columns->identity[i]));

		if (text.len)
			*identity_slot(&row->company, (enum identity_field)i) = text;
	}
	if (!row->company.country.ptr)
		row->company.country = SLICE_LIT("DE");
	if (columns->is_register_tsv && !import_register_id(csv_field(csv, columns->id), &row->company))
		return import_refuse(fault, SLICE_LIT("id"), "is no court code, register type and number");
	row->address_guessed = slice_eq_cstr(csv_field(csv, columns->addr_src), "S");
	take_previous(csv_field(csv, columns->previous), row);
	return take_fact(row, (struct cell){FACT_REGISTER_STATUS, SLICE_LIT("status"), status_text}, columns->today,
	                 fault);
}

static enum status insolvency_row(const struct import_columns *columns, const struct csv *csv, struct import_row *row,
                                  struct import_fault *fault)
{
	struct slice text = slice_trim(csv_field(csv, columns->status));

	if (slice_eq_cstr(text, "rejected"))
		return import_add(row, FACT_REJECTED_NO_ASSETS, 1, row->as_of) ? STATUS_OK : STATUS_INTERNAL;
	if (slice_is_blank(text))
		return import_refuse(fault, SLICE_LIT("status"), "is empty");
	return take_fact(row, (struct cell){FACT_INSOLVENCY_STATUS, SLICE_LIT("status"), text}, columns->today, fault);
}

static enum status signal_row(const struct import_columns *columns, const struct csv *csv, struct import_row *row,
                              struct import_fault *fault)
{
	enum fact_id id = fact_find(slice_trim(csv_field(csv, columns->fact)));
	struct slice source = slice_trim(csv_field(csv, columns->source));

	if (id == FACT_NONE || id >= FACT_FIRST_DERIVED)
		return import_refuse(fault, SLICE_LIT("fact"), "is no fact that can be imported");
	if (source.len > MAX_SOURCE_ID)
		return import_refuse(fault, SLICE_LIT("source"), "is too long");
	if (source.len)
		row->source = source;
	if (slice_is_blank(csv_field(csv, columns->value)))
		return import_refuse(fault, SLICE_LIT("value"), "is empty");
	return take_fact(row, (struct cell){id, SLICE_LIT("value"), csv_field(csv, columns->value)}, columns->today,
	                 fault);
}

/* The day the row's facts held: its own date column, for accounts the balance sheet day. */
static enum status take_date(const struct import_columns *columns, const struct csv *csv, struct import_row *row,
                             struct import_fault *fault)
{
	struct slice text = slice_trim(csv_field(csv, columns->date));

	row->as_of = columns->as_of;
	for (size_t i = 0; columns->kind == IMPORT_ACCOUNTS && i < csv->field_count; i++)
		if (columns->facts[i] == FACT_ACCOUNTS_DATE)
			text = slice_trim(csv->fields[i]);
	if (text.len && !import_date(text, columns->today, &row->as_of))
		return import_refuse(fault, SLICE_LIT("date"), "is no date (2026-11-21 or -400d)");
	if (!text.len && columns->kind != IMPORT_COMPANIES)
		return import_refuse(fault, SLICE_LIT("date"), "is empty");
	return STATUS_OK;
}

enum status import_csv_row(const struct import_columns *columns, const struct csv *csv, struct arena *arena,
                           struct import_row *ret_row, struct import_fault *ret_fault)
{
	static const char *const sources[] = {"register", "accounts", "insolvency", "signals"};
	struct import_row *row = ret_row;
	enum status status;

	memset(row, 0, sizeof(*row));
	row->source = slice_cstr(sources[columns->kind]);
	status = take_date(columns, csv, row, ret_fault);
	if (status)
		return status;
	if (columns->kind == IMPORT_COMPANIES)
		status = company_row(columns, csv, row, ret_fault);
	else if (!import_reference(csv_field(csv, columns->company), arena, &row->company))
		status = import_refuse(ret_fault, SLICE_LIT("company"),
		                       "is no register number with court, VAT id or LEI");
	else if (columns->kind == IMPORT_INSOLVENCY)
		status = insolvency_row(columns, csv, row, ret_fault);
	else if (columns->kind == IMPORT_SIGNALS)
		status = signal_row(columns, csv, row, ret_fault);
	return status ? status : take_facts(columns, csv, row, ret_fault);
}
