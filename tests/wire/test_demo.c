/* SPDX-License-Identifier: MIT */
/*
 * The demo register leads to the results it is documented with, through the
 * importer's reading, the shipped model, the demo policy and the decision,
 * whatever the day of the import.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "core/decision.h"
#include "wire/import_in.h"
#include "wire/model_in.h"
#include "wire/policy_in.h"

#define MOST_COMPANIES 64
#define MOST_KEYS      8
#define ARENA_SIZE     (8 * 1024 * 1024)

struct company {
	struct company_key keys[MOST_KEYS];
	size_t key_count;
	struct facts facts;
};

static struct company companies[MOST_COMPANIES];
static size_t company_count;
static struct model model;
static struct policy policy;
static struct arena arena;
static char *memory;
static char *block;

static long read_fd(void *ctx, void *mem, size_t cap)
{
	return read(*(int *)ctx, mem, cap);
}

static struct slice read_file(const char *path)
{
	char *mem = arena_alloc(&arena, MAX_MODEL_FILE);
	int fd = open(path, O_RDONLY);
	ssize_t len;

	cr_assert(mem && fd >= 0, "%s is not there", path);
	len = read(fd, mem, MAX_MODEL_FILE);
	close(fd);
	cr_assert_gt(len, 0);
	return (struct slice){mem, (size_t)len};
}

static void normalise(const struct identity *company, struct identity_norm *ret_norm)
{
	struct identity_error errors[MAX_ERRORS];
	size_t count = 0;
	enum status status = identity_normalise(company, &arena, ret_norm, errors, MAX_ERRORS, &count);

	cr_assert_eq(status, STATUS_OK, "%.*s: %s %s", (int)company->name.len, company->name.ptr,
	             count ? identity_field_name(errors[0].field) : "",
	             count ? identity_fault_code(errors[0].fault) : "");
}

static struct company *find_by_key(const struct company_key *key)
{
	for (size_t i = 0; i < company_count; i++) {
		for (size_t k = 0; k < companies[i].key_count; k++) {
			if (strcmp(companies[i].keys[k].text, key->text) == 0)
				return &companies[i];
		}
	}
	return NULL;
}

static struct company *place_of(const struct import_row *row)
{
	struct identity_norm norm;
	struct company_key key;
	struct company *company;

	normalise(&row->company, &norm);
	cr_assert_eq(identity_key(&norm, &key), STATUS_OK);
	if (!row->is_company)
		return find_by_key(&key);
	cr_assert_null(find_by_key(&key), "%s twice", key.text);
	cr_assert_lt(company_count, MOST_COMPANIES);
	company = &companies[company_count++];
	facts_init(&company->facts);
	company->key_count = identity_all_keys(&norm, company->keys, MOST_KEYS);
	company->facts.key = key;
	company->facts.match = MATCH_EXACT;
	company->facts.match_probability = 1000000;
	cr_assert(slice_copy(row->company.name, company->facts.name, sizeof(company->facts.name)));
	memcpy(company->facts.country, "DE", 3);
	return company;
}

static void take_row(const struct import_row *row)
{
	char source_id[MAX_SOURCE_ID + 1];
	struct company *company = place_of(row);
	int source;

	cr_assert_not_null(company, "facts on a company that is not in companies.csv");
	cr_assert(slice_copy(row->source, source_id, sizeof(source_id)));
	source = facts_source(&company->facts, source_id, SOURCE_ANSWER, row->as_of);
	cr_assert_geq(source, 0);
	for (size_t i = 0; i < row->fact_count; i++)
		facts_set(&company->facts, row->facts[i].id, row->facts[i].value, row->facts[i].as_of, (uint8_t)source);
}

static void import(const char *path, enum import_kind kind, int32_t today)
{
	static struct import_columns columns;
	static struct import_row row;
	static struct csv csv;
	struct import_fault fault = {.why = ""};
	int fd = open(path, O_RDONLY);
	enum csv_result result;

	cr_assert_geq(fd, 0, "%s is not there", path);
	csv_init(&csv, (struct csv_source){read_fd, &fd}, (struct csv_options){0}, block, CSV_BLOCK);
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	cr_assert_eq(import_columns_map(&csv, kind, today, today, &columns, &fault), STATUS_OK, "%s %s", fault.column,
	             fault.why);
	while ((result = csv_next(&csv)) == CSV_ROW) {
		cr_assert_eq(import_csv_row(&columns, &csv, &arena, &row, &fault), STATUS_OK, "%s line %lu: %s %s",
		             path, csv.line, fault.column, fault.why);
		take_row(&row);
	}
	cr_assert_eq(result, CSV_END, "%s line %lu: %s", path, csv.line, csv.fault);
	close(fd);
}

static void import_all(int32_t today)
{
	company_count = 0;
	import("src/data/demo/companies.csv", IMPORT_COMPANIES, today);
	import("src/data/demo/accounts.csv", IMPORT_ACCOUNTS, today);
	import("src/data/demo/insolvency.csv", IMPORT_INSOLVENCY, today);
	import("src/data/demo/signals.csv", IMPORT_SIGNALS, today);
}

static void init(void)
{
	struct load_error error = {.detail = ""};

	memory = malloc(ARENA_SIZE);
	block = malloc(CSV_BLOCK);
	cr_assert(memory && block);
	arena_init(&arena, memory, ARENA_SIZE);
	cr_assert_eq(model_in_parse(read_file("src/data/models/de-base.json"), &arena, &model, &error), STATUS_OK,
	             "%s %s", error.pointer, error.detail);
	cr_assert_eq(policy_in_parse(read_file("src/data/policies/demo.json"), &arena, &policy, &error), STATUS_OK,
	             "%s %s", error.pointer, error.detail);
	arena_reset(&arena);
}

static void fini(void)
{
	free(memory);
	free(block);
}

TestSuite(demo, .init = init, .fini = fini);

static int32_t day(const char *text)
{
	int32_t ret_day = DATE_NONE;

	cr_assert(date_parse(slice_cstr(text), &ret_day));
	return ret_day;
}

/* An order of 100.00 EUR by the company called so. */
static void decide(const char *name, int32_t today, struct decision *ret_decision)
{
	struct order order = {.amount = 10000, .currency = {"EUR"}};
	struct decision_input input = {.policy = &policy, .model = &model, .order = &order, .today = today};
	static struct facts facts;
	struct identity_norm asked;

	normalise(&(struct identity){.name = slice_cstr(name), .country = SLICE_LIT("DE")}, &asked);
	facts_init(&facts);
	for (size_t i = 0; i < company_count; i++) {
		if (strcmp(companies[i].facts.name, name) == 0)
			facts = companies[i].facts;
	}
	facts_derive(&facts, today);
	input.facts = &facts;
	input.asked = &asked;
	decision_make(&input, ret_decision);
}

/* What DESIGN and README.md beside the data promise. -1 = promises nothing. */
struct promise {
	const char *name;
	enum light light;
	int32_t score;
	int64_t limit, per_order; /* cents */
	enum outcome outcome;
	enum reason hard_stop;
};

#define ANY (-1)

static const struct promise PROMISES[] = {
        {"Schmidt Industrie GmbH", LIGHT_GREEN, 91, 5000000, 2500000, OUTCOME_APPROVE, REASON_NONE},
        {"Berger Logistics KG", LIGHT_YELLOW, 61, 800000, 400000, OUTCOME_APPROVE, REASON_NONE},
        {"Neukunde Alpha UG", LIGHT_RED, 19, 0, 0, OUTCOME_DECLINE, REASON_NONE},
        {"Mustermann Großhandel GmbH", LIGHT_GREEN, 76, 2500000, 1250000, OUTCOME_APPROVE, REASON_NONE},
        {"Nordlicht Industrie AG", LIGHT_GREEN, 82, 1200000, 600000, OUTCOME_APPROVE, REASON_NONE},
        {"Süd-West GmbH", LIGHT_YELLOW, 54, 600000, 300000, OUTCOME_APPROVE, REASON_NONE},
        {"Konstruktiv AG", LIGHT_GREEN, 87, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Nordlicht GmbH", LIGHT_YELLOW, 62, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Sigma Service GmbH", LIGHT_GREEN, 79, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Fragezeichen KG", LIGHT_RED, 28, 0, 0, OUTCOME_DECLINE, REASON_NONE},
        {"Beta Solutions GmbH", LIGHT_GREEN, 81, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Helios GmbH", LIGHT_YELLOW, 55, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Antragsteller Bau GmbH", LIGHT_RED, 0, 0, 0, OUTCOME_DECLINE, REASON_INSOLVENCY_APPLIED},
        {"Wiederanlauf Handels GmbH", LIGHT_YELLOW, 64, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Eröffnet Logistik GmbH", LIGHT_RED, 0, 0, 0, OUTCOME_DECLINE, REASON_INSOLVENCY_OPENED},
        {"Eingestellt Metall GmbH", LIGHT_YELLOW, 49, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Ankündigung Reisen e.K.", LIGHT_YELLOW, 49, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Neuanfang Elektro e.K.", LIGHT_YELLOW, 63, ANY, ANY, OUTCOME_APPROVE, REASON_NONE},
        {"Versagt Immobilien e.K.", LIGHT_RED, 30, 0, 0, OUTCOME_REVIEW, REASON_NONE},
        {"Masselos Trading GmbH", LIGHT_RED, 0, 0, 0, OUTCOME_DECLINE, REASON_REJECTED_NO_ASSETS},
        {"Gelöscht Media GmbH", LIGHT_RED, 0, 0, 0, OUTCOME_DECLINE, REASON_REGISTER_DELETED},
        {"Abwicklung Textil GmbH", LIGHT_RED, 0, 0, 0, OUTCOME_DECLINE, REASON_REGISTER_LIQUIDATION},
        {"Blumenhaus Erika Beispiel", LIGHT_YELLOW, 57, 62000, 31000, OUTCOME_APPROVE, REASON_NONE},
        {"Rückstand Möbel GmbH", LIGHT_RED, 34, 0, 0, OUTCOME_DECLINE, REASON_NONE},
        {"Stammkunde Werkzeug GmbH", LIGHT_GREEN, 89, 2000000, 1000000, OUTCOME_APPROVE, REASON_NONE},
        {"Schneckenpost Versand GmbH", LIGHT_GREEN, 87, 2000000, 1000000, OUTCOME_APPROVE, REASON_NONE},
        {"Funkstille Systeme GmbH", LIGHT_GREEN, 87, 2000000, 1000000, OUTCOME_APPROVE, REASON_NONE},
};

static void expect_kept(const struct promise *promise, int32_t today)
{
	static struct decision d;

	decide(promise->name, today, &d);
	cr_expect_eq(d.light, promise->light, "%s: %s", promise->name, light_name(d.light));
	cr_expect_eq(d.score.score, promise->score, "%s: score %d, %d points", promise->name, d.score.score,
	             d.score.points);
	cr_expect_eq(d.outcome, promise->outcome, "%s: %s", promise->name, outcome_name(d.outcome));
	cr_expect_eq(d.score.hard_stop, promise->hard_stop, "%s", promise->name);
	if (promise->limit != ANY)
		cr_expect_eq(d.limit.total, promise->limit, "%s: limit %ld", promise->name, d.limit.total);
	if (promise->per_order != ANY)
		cr_expect_eq(d.limit.per_order, promise->per_order, "%s: per order %ld", promise->name,
		             d.limit.per_order);
	cr_assert_geq(d.recommended, 0);
	cr_expect_str_eq(d.methods[d.recommended].rule->id,
	                 promise->outcome == OUTCOME_APPROVE ? "invoice" : "prepayment", "%s", promise->name);
}

Test(demo, every_company_gets_what_is_promised_whatever_the_day_of_the_import)
{
	for (int32_t today = day("2026-01-01"); today <= day("2031-01-01"); today += 61) {
		arena_reset(&arena);
		import_all(today);
		for (size_t i = 0; i < sizeof(PROMISES) / sizeof(PROMISES[0]); i++)
			expect_kept(&PROMISES[i], today);
	}
}

/* The twelve of the design: a demo that nobody imports anew must not drift. Past events fade by design. */
#define LASTING 12

Test(demo, the_results_last_a_year_without_a_new_import)
{
	int32_t imported = day("2026-11-21");

	import_all(imported);
	for (int32_t today = imported; today <= imported + 300; today += 20) {
		for (size_t i = 0; i < LASTING; i++)
			expect_kept(&PROMISES[i], today);
	}
}

Test(demo, the_register_holds_two_of_one_name_and_nobody_called_nirgendwo)
{
	size_t twins = 0;

	import_all(day("2026-11-21"));
	for (size_t i = 0; i < company_count; i++) {
		twins += strcmp(companies[i].facts.name, "Doppelgänger Vertriebs GmbH") == 0;
		cr_expect_null(strstr(companies[i].facts.name, "Nirgendwo"));
	}
	cr_expect_eq(twins, 2);
	cr_expect_eq(company_count, sizeof(PROMISES) / sizeof(PROMISES[0]) + 2);
}

Test(demo, every_balance_sheet_adds_up)
{
	static const enum fact_id NEEDED[] = {FACT_FIXED_ASSETS, FACT_CURRENT_ASSETS, FACT_TOTAL_ASSETS, FACT_EQUITY,
	                                      FACT_LIABILITIES,  FACT_INVENTORY,      FACT_RECEIVABLES,  FACT_CASH};
	int64_t v[8];

	import_all(day("2026-11-21"));
	for (size_t i = 0; i < company_count; i++) {
		const struct facts *facts = &companies[i].facts;

		if (!facts_get(facts, FACT_TOTAL_ASSETS, &v[2]))
			continue;
		for (size_t k = 0; k < 8; k++)
			cr_assert(facts_get(facts, NEEDED[k], &v[k]), "%s: %s", facts->name, fact_name(NEEDED[k]));
		cr_expect_eq(v[0] + v[1], v[2], "%s", facts->name);
		cr_expect_eq(v[3] + v[4], v[2], "%s", facts->name);
		cr_expect_eq(v[5] + v[6] + v[7], v[1], "%s", facts->name);
	}
}
