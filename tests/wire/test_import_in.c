/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/legal_form.h"
#include "wire/import_in.h"

#define TODAY 20778 /* 2026-11-21 */
#define AS_OF 20000

static char memory[1 << 20] __attribute__((aligned(16)));
static char block[CSV_BLOCK];
static struct csv csv;
static struct import_row row;

struct text {
	const char *ptr;
	size_t left;
};

static long read_text(void *ctx, void *mem, size_t cap)
{
	struct text *text = ctx;
	size_t n = text->left < cap ? text->left : cap;

	memcpy(mem, text->ptr, n);
	text->ptr += n;
	text->left -= n;
	return (long)n;
}

/* Header and one record; returns what the row reader says. */
static enum status read_one(enum import_kind kind, const char *file, struct import_fault *fault)
{
	struct text text = {file, strlen(file)};
	struct import_columns columns;
	struct arena arena;
	enum status status;

	memset(fault, 0, sizeof(*fault));
	arena_init(&arena, memory, sizeof(memory));
	csv_init(&csv, (struct csv_source){read_text, &text}, (struct csv_options){0}, block, sizeof(block));
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	status = import_columns_map(&csv, kind, TODAY, AS_OF, &columns, fault);
	if (status)
		return status;
	cr_assert_eq(csv_next(&csv), CSV_ROW, "%s", csv.fault);
	return import_csv_row(&columns, &csv, &arena, &row, fault);
}

static const struct import_fact *fact_of(enum fact_id id)
{
	for (size_t i = 0; i < row.fact_count; i++)
		if (row.facts[i].id == id)
			return &row.facts[i];
	return NULL;
}

Test(import_in, register_tsv)
{
	struct import_fault fault;

	cr_assert_eq(read_one(IMPORT_COMPANIES,
	                      "id\tname\tstreet\tpostcode\tcity\tstatus\tprev_names\taddr_src\n"
	                      "B1204_HRB260632\tA \"B\" GmbH\tWeg 1\t79110\tFreiburg\tR\tOld GmbH|Older GmbH\tS\n",
	                      &fault),
	             STATUS_OK, "%s %s", fault.column, fault.why);
	cr_assert(row.is_company);
	cr_assert(row.address_guessed);
	cr_assert(slice_eq_cstr(row.company.court, "B1204"));
	cr_assert(slice_eq_cstr(row.company.register_type, "HRB"));
	cr_assert(slice_eq_cstr(row.company.name, "A \"B\" GmbH"));
	cr_assert_eq(row.previous_count, 2);
	cr_assert(slice_eq_cstr(row.previous_names[1], "Older GmbH"));
	cr_assert_eq(fact_of(FACT_REGISTER_STATUS)->value, REGISTER_STATUS_DELETED);
	cr_assert_eq(row.as_of, AS_OF);
}

Test(import_in, companies_csv_with_facts_as_columns)
{
	struct import_fault fault;

	cr_assert_eq(read_one(IMPORT_COMPANIES,
	                      "register_court,register_type,register_number,name,legal_form,country,founded,branch,"
	                      "capital,status\n"
	                      "Köln,HRB,77,\"Müller, Söhne & Co. KG\",KG,,-400d,46,25000.50,active\n",
	                      &fault),
	             STATUS_OK, "%s %s", fault.column, fault.why);
	cr_assert(slice_eq_cstr(row.company.country, "DE"));
	cr_assert_eq(fact_of(FACT_LEGAL_FORM)->value, LEGAL_FORM_KG);
	cr_assert_eq(fact_of(FACT_FOUNDED)->value, TODAY - 400);
	cr_assert_eq(fact_of(FACT_CAPITAL)->value, 2500050);
	cr_assert_eq(fact_of(FACT_BRANCH)->value, 46);
}

Test(import_in, accounts_take_the_balance_sheet_day)
{
	struct import_fault fault;

	cr_assert_eq(read_one(IMPORT_ACCOUNTS,
	                      "company;accounts_date;equity;total_assets;net_income\n"
	                      "DE136695976;2025-12-31;-1234.5;99;\n",
	                      &fault),
	             STATUS_OK, "%s %s", fault.column, fault.why);
	cr_assert_not(row.is_company);
	cr_assert(slice_eq_cstr(row.company.vat_id, "DE136695976"));
	cr_assert_eq(fact_of(FACT_EQUITY)->value, -123450);
	cr_assert_eq(fact_of(FACT_EQUITY)->as_of, 20453);
	cr_assert_null(fact_of(FACT_NET_INCOME));
}

Test(import_in, insolvency_and_signals)
{
	struct import_fault fault;

	cr_assert_eq(read_one(IMPORT_INSOLVENCY,
	                      "company,date,status,court,file_number\n\"Düsseldorf HRB 12345\",-3d,3,Düsseldorf,505 IN "
	                      "1/26\n",
	                      &fault),
	             STATUS_OK, "%s %s", fault.column, fault.why);
	cr_assert_eq(fact_of(FACT_INSOLVENCY_STATUS)->value, 3);
	cr_assert_eq(fact_of(FACT_INSOLVENCY_STATUS)->as_of, TODAY - 3);
	cr_assert(slice_eq_cstr(row.company.register_type, "HRB"));
	cr_assert_eq(
	        read_one(IMPORT_SIGNALS,
	                 "company,date,fact,value,source\n529900T8BM49AURSDO55,2026-01-01,days_beyond_terms,-4,own\n",
	                 &fault),
	        STATUS_OK, "%s %s", fault.column, fault.why);
	cr_assert_eq(fact_of(FACT_DAYS_BEYOND_TERMS)->value, -4);
	cr_assert(slice_eq_cstr(row.source, "own"));
	cr_assert(slice_eq_cstr(row.company.lei, "529900T8BM49AURSDO55"));
}

Test(import_in, a_bad_row_names_its_column)
{
	static const struct {
		enum import_kind kind;
		const char *file;
		const char *column;
	} cases[] = {
	        {IMPORT_COMPANIES, "name,nonsense\nA,1\n", "nonsense"},
	        {IMPORT_COMPANIES, "city\nBonn\n", "name"},
	        {IMPORT_COMPANIES, "name,equity_ratio\nA,1\n", "equity_ratio"},
	        {IMPORT_COMPANIES, "name,capital\nA,12.345\n", "capital"},
	        {IMPORT_COMPANIES, "name,capital\nA,1e9\n", "capital"},
	        {IMPORT_COMPANIES, "name,capital\nA,99999999999999999999\n", "capital"},
	        {IMPORT_COMPANIES, "name,employees\nA,-1\n", "employees"},
	        {IMPORT_COMPANIES, "name,founded\nA,2026-02-30\n", "founded"},
	        {IMPORT_COMPANIES, "name,legal_form\nA,Quatsch\n", "legal_form"},
	        {IMPORT_COMPANIES, "name,status\nA,asleep\n", "status"},
	        {IMPORT_COMPANIES, "id\tname\taddr_src\nHRB1\tA\tR\n", "id"},
	        {IMPORT_COMPANIES, "id\tname\taddr_src\nB1_123\tA\tR\n", "id"},
	        {IMPORT_ACCOUNTS, "accounts_date,equity\n2025-12-31,1\n", "company"},
	        {IMPORT_ACCOUNTS, "company,accounts_date,equity\nDE136695976,,1\n", "date"},
	        {IMPORT_ACCOUNTS, "company,accounts_date,equity\nHRB 12,2025-12-31,1\n", "company"},
	        {IMPORT_INSOLVENCY, "company,date,status\nDE136695976,2025-12-31,8\n", "status"},
	        {IMPORT_INSOLVENCY, "company,date,status\nDE136695976,2025-12-31,\n", "status"},
	        {IMPORT_SIGNALS, "company,date,fact,value\nDE136695976,2025-12-31,wealth,1\n", "fact"},
	        {IMPORT_SIGNALS, "company,date,fact,value\nDE136695976,2025-12-31,enforcements,\n", "value"},
	        {IMPORT_SIGNALS, "company,date,fact,value\nDE136695976,gestern,enforcements,1\n", "date"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct import_fault fault;

		cr_expect_eq(read_one(cases[i].kind, cases[i].file, &fault), STATUS_INVALID, "%s", cases[i].file);
		cr_expect_str_eq(fault.column, cases[i].column, "%s: %s", cases[i].file, fault.column);
		cr_expect_not_null(fault.why);
	}
}

static enum status read_line(const char *line, struct import_fault *fault)
{
	static struct arena arena;

	memset(fault, 0, sizeof(*fault));
	arena_init(&arena, memory, sizeof(memory));
	return import_offeneregister_row(slice_cstr(line), &arena, AS_OF, &row, fault);
}

Test(import_in, offeneregister_as_published_and_no_officers)
{
	struct import_fault fault;

	cr_assert_eq(
	        read_line(
	                "{\"all_attributes\":{\"registered_office\":\"Butzbach\"},\"company_number\":\"M1405_HRB8956\","
	                "\"current_status\":\"currently registered\",\"name\":\"H.A. UG (haftungsbeschränkt)\","
	                "\"officers\":[{\"name\":\"Erika Mustermann\"}],\"previous_names\":[{\"company_name\":\"Alt "
	                "UG\"}],"
	                "\"registered_address\":\"Zum Oberwerk 6, 35510 "
	                "Butzbach.\",\"retrieved_at\":\"2019-01-30T21:53:18Z\"}",
	                &fault),
	        STATUS_OK, "%s %s", fault.column, fault.why);
	cr_assert(slice_eq_cstr(row.company.street, "Zum Oberwerk 6"));
	cr_assert(slice_eq_cstr(row.company.postal_code, "35510"));
	cr_assert(slice_eq_cstr(row.company.city, "Butzbach"));
	cr_assert(slice_eq_cstr(row.company.register_number, "HRB8956"));
	cr_assert(slice_eq_cstr(row.previous_names[0], "Alt UG"));
	cr_assert_eq(row.as_of, 17926);
	cr_assert_eq(fact_of(FACT_REGISTER_STATUS)->value, REGISTER_STATUS_ACTIVE);
}

Test(import_in, offeneregister_faults)
{
	static const char *const lines[] = {
	        "",
	        "{",
	        "[]",
	        "{}",
	        "{\"name\":\"A\"}",
	        "{\"name\":\"A\",\"company_number\":\"x\"}",
	        "{\"name\":7,\"company_number\":\"M1405_HRB8956\"}",
	        "{\"name\":\"A\",\"company_number\":\"M1405_HRB8956\",\"current_status\":\"?\"}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct import_fault fault;

		cr_expect_eq(read_line(lines[i], &fault), STATUS_INVALID, "%s", lines[i]);
		cr_expect_not_null(fault.why);
	}
}

Test(import_in, an_address_without_a_postal_code_is_left_out)
{
	struct import_fault fault;

	cr_assert_eq(read_line("{\"name\":\"A\",\"company_number\":\"M1405_HRB8956\",\"registered_address\":\"Postfach,"
	                       " Bonn\"}",
	                       &fault),
	             STATUS_OK);
	cr_assert_null(row.company.postal_code.ptr);
	cr_assert_null(row.company.street.ptr);
}
