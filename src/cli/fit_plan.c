/* SPDX-License-Identifier: MIT */
#include "fit_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/hash.h"
#include "lab/reading.h"

/* Facts a card may be fitted on, the good direction, and what their reasons are called. */
struct known_input {
	enum fact_id fact;
	bool low_is_good;
	enum reason good;
	enum reason bad;
};

static const struct known_input KNOWN[] = {
        {FACT_EQUITY_RATIO, false, REASON_EQUITY_RATIO_STRONG, REASON_EQUITY_RATIO_WEAK},
        {FACT_RE_TA, false, REASON_RETAINED_EARNINGS_STRONG, REASON_RETAINED_EARNINGS_WEAK},
        {FACT_ROA, false, REASON_PROFITABILITY_STRONG, REASON_PROFITABILITY_WEAK},
        {FACT_EBIT_TA, false, REASON_EBIT_STRONG, REASON_EBIT_WEAK},
        {FACT_OP_MARGIN, false, REASON_MARGIN_STRONG, REASON_MARGIN_WEAK},
        {FACT_CF_TO_LIAB, false, REASON_DEBT_SERVICE_STRONG, REASON_DEBT_SERVICE_WEAK},
        {FACT_INTEREST_COVER, false, REASON_INTEREST_COVER_STRONG, REASON_INTEREST_COVER_WEAK},
        {FACT_WC_TA, false, REASON_WORKING_CAPITAL_STRONG, REASON_WORKING_CAPITAL_WEAK},
        {FACT_CURRENT_RATIO, false, REASON_CURRENT_RATIO_STRONG, REASON_CURRENT_RATIO_WEAK},
        {FACT_QUICK_RATIO, false, REASON_LIQUIDITY_STRONG, REASON_LIQUIDITY_WEAK},
        {FACT_CASH_RATIO, false, REASON_CASH_RATIO_STRONG, REASON_CASH_RATIO_WEAK},
        {FACT_CL_DAYS, true, REASON_SUPPLIER_CREDIT_SHORT, REASON_SUPPLIER_CREDIT_LONG},
        {FACT_REC_DAYS, true, REASON_COLLECTION_PERIOD_SHORT, REASON_COLLECTION_PERIOD_LONG},
        {FACT_INV_DAYS, true, REASON_STOCK_TURNOVER_FAST, REASON_STOCK_TURNOVER_SLOW},
        {FACT_SALES_GROWTH, false, REASON_SALES_GROWTH_STRONG, REASON_SALES_GROWTH_WEAK},
        {FACT_COST_RATIO, true, REASON_COST_RATIO_LOW, REASON_COST_RATIO_HIGH},
        {FACT_ASSET_TURNOVER, false, REASON_ASSET_TURNOVER_HIGH, REASON_ASSET_TURNOVER_LOW},
        {FACT_OPEX_TO_LIAB, false, REASON_EXPENSES_TO_DEBT_STRONG, REASON_EXPENSES_TO_DEBT_WEAK},
        {FACT_EQUITY_TO_LIAB, false, REASON_EQUITY_TO_DEBT_STRONG, REASON_EQUITY_TO_DEBT_WEAK},
        {FACT_LIAB_RATIO, true, REASON_INDEBTEDNESS_LOW, REASON_INDEBTEDNESS_HIGH},
        {FACT_LOG_TA, false, REASON_SIZE_LARGE, REASON_SIZE_SMALL},
        {FACT_AGE, false, REASON_AGE_ESTABLISHED, REASON_AGE_YOUNG},
        {FACT_EMPLOYEES, false, REASON_STAFF_LARGE, REASON_STAFF_SMALL},
        {FACT_FILING_DELAY, true, REASON_FILING_PUNCTUAL, REASON_FILING_LATE},
        {FACT_DAYS_BEYOND_TERMS, true, REASON_PAYMENT_PUNCTUAL, REASON_PAYMENT_LATE},
        {FACT_OWN_ORDERS, false, REASON_OWN_ORDERS_PAID, REASON_OWN_ORDERS_NONE},
        {FACT_COLLECTION_CASES, true, REASON_COLLECTION_NONE, REASON_COLLECTION_CASES},
        {FACT_ENFORCEMENTS, true, REASON_ENFORCEMENT_NONE, REASON_ENFORCEMENT_KNOWN},
        {FACT_RETURNED_DEBITS, true, REASON_RETURNED_DEBITS_NONE, REASON_RETURNED_DEBITS_KNOWN},
        {FACT_BUREAU_INDEX, true, REASON_BUREAU_INDEX_GOOD, REASON_BUREAU_INDEX_BAD},
};

static struct plan_column *told(struct plan *plan, const char *column)
{
	for (size_t i = 0; i < plan->told_count; i++)
		if (strcasecmp(plan->told[i].column, column) == 0)
			return &plan->told[i];
	if (plan->told_count == MAX_CSV_FIELDS)
		return NULL;
	plan->told[plan->told_count] = (struct plan_column){.column = column};
	return &plan->told[plan->told_count++];
}

/* Cuts "name=value" at the sign. */
static const char *cut(char *text)
{
	char *sign = strchr(text, '=');

	if (!sign || sign == text || !sign[1])
		return NULL;
	*sign = '\0';
	return sign + 1;
}

bool plan_map(struct plan *plan, char *text)
{
	const char *fact = cut(text);
	struct plan_column *column = fact && fact_find(slice_cstr(fact)) ? told(plan, text) : NULL;

	if (column)
		column->fact = fact;
	return column != NULL;
}

bool plan_direction(struct plan *plan, char *text)
{
	const char *value = cut(text);
	int direction = !value ? 0 : strcmp(value, "high") == 0 ? 1 : strcmp(value, "low") == 0 ? -1 : 0;
	struct plan_column *column = direction ? told(plan, text) : NULL;

	if (column)
		column->direction = direction;
	return column != NULL;
}

static const struct known_input *find_known(enum fact_id fact)
{
	for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++)
		if (KNOWN[i].fact == fact)
			return &KNOWN[i];
	return NULL;
}

static bool is_dropped(const struct plan *plan, struct slice column)
{
	for (size_t i = 0; i < plan->drop_count; i++)
		if (slice_eq_nocase(column, slice_cstr(plan->drop[i])))
			return true;
	if (plan->due &&
	    (slice_eq_nocase(column, slice_cstr(plan->due)) || slice_eq_nocase(column, slice_cstr(plan->paid))))
		return true;
	return slice_eq_nocase(column, slice_cstr(plan->label)) ||
	       (plan->group && slice_eq_nocase(column, slice_cstr(plan->group)));
}

/* What this column would be as an input; false when it is none. */
static bool make_input(struct plan *plan, struct slice column, struct fit_input *ret_input)
{
	const struct plan_column *word = NULL;

	for (size_t i = 0; i < plan->told_count; i++)
		if (slice_eq_nocase(column, slice_cstr(plan->told[i].column)))
			word = &plan->told[i];
	enum fact_id fact = fact_find(word && word->fact ? slice_cstr(word->fact) : column);
	const struct known_input *known = find_known(fact);
	if (is_dropped(plan, column) || column.len == 0 || column.len > MAX_INPUT_NAME)
		return false;
	if (!known && (!word || word->direction == 0))
		return false;
	*ret_input = (struct fit_input){.fact = known ? fact : FACT_NONE,
	                                .low_is_good = known && known->low_is_good,
	                                .good = known ? known->good : REASON_INPUT_FAVOURABLE,
	                                .bad = known ? known->bad : REASON_INPUT_UNFAVOURABLE};
	if (word && word->direction)
		ret_input->low_is_good = word->direction < 0;
	struct slice name = known ? slice_cstr(fact_name(fact)) : column;
	memcpy(ret_input->name, name.ptr, name.len);
	return true;
}

static bool has_input(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->input_count; i++)
		if (strcmp(plan->inputs[i].name, name) == 0)
			return true;
	return false;
}

bool plan_inputs(struct plan *plan, const struct table *table)
{
	for (size_t i = 0; i < table->csv.column_count; i++) {
		struct fit_input input;
		if (!make_input(plan, table->csv.columns[i], &input))
			continue;
		if (has_input(plan, input.name) || plan->input_count == MAX_CHARACTERISTICS) {
			fprintf(stderr, "bonigate fit: %s: %s\n", input.name,
			        has_input(plan, input.name) ? "two columns for one input"
			                                    : "more inputs than a card may have");
			return false;
		}
		plan->inputs[plan->input_count++] = input;
	}
	if (plan->input_count == 0)
		fprintf(stderr,
		        "bonigate fit: %s: no column is named as a known input; say --map COLUMN=FACT or "
		        "--direction COLUMN=high\n",
		        table->path);
	return plan->input_count > 0;
}

/* Where this file has each input: under its own name, or under a column mapped to it. */
static void find_columns(const struct plan *plan, const struct table *table, struct table_input *ret_inputs)
{
	for (size_t i = 0; i < plan->input_count; i++) {
		const struct fit_input *input = &plan->inputs[i];
		ret_inputs[i] = (struct table_input){input->fact, csv_column(&table->csv, slice_cstr(input->name)),
		                                     input->name};
		for (size_t k = 0; k < plan->told_count; k++)
			if (plan->told[k].fact && strcmp(plan->told[k].fact, input->name) == 0 &&
			    csv_column(&table->csv, slice_cstr(plan->told[k].column)) >= 0)
				ret_inputs[i].column = csv_column(&table->csv, slice_cstr(plan->told[k].column));
	}
}

/* Rows without a group are told apart by what they hold, so that copies of a row stay together. */
static uint64_t group_of(const struct table *table, int column, const int64_t *values, size_t count)
{
	if (column >= 0)
		return hash_fnv64(table->csv.fields[column]);
	return hash_fnv64((struct slice){(const char *)values, count * sizeof(*values)});
}

/* Where a row's outcome stands. */
struct outcome {
	int label;
	int due;
	int paid;
};

static bool find_outcome(const struct plan *plan, const struct table *table, struct outcome *ret_outcome)
{
	const char *names[3] = {plan->due ? NULL : plan->label, plan->due, plan->due ? plan->paid : NULL};
	int *columns[3] = {&ret_outcome->label, &ret_outcome->due, &ret_outcome->paid};

	for (int i = 0; i < 3; i++) {
		*columns[i] = names[i] ? csv_column(&table->csv, slice_cstr(names[i])) : -1;
		if (names[i] && *columns[i] < 0) {
			fprintf(stderr, "bonigate %s: %s: no column %s\n", table->command, table->path, names[i]);
			return false;
		}
	}
	return true;
}

/*
 * An invoice is bad when it was paid too late or is still open then. One that
 * is open and may yet be paid in time tells nothing: unknown, no fault.
 */
static enum reading read_invoice(const struct plan *plan, const struct table *table, const struct outcome *outcome,
                                 int64_t *ret_bad)
{
	struct slice paid = slice_trim(table->csv.fields[outcome->paid]);
	int32_t due_day, paid_day;

	if (!date_parse(slice_trim(table->csv.fields[outcome->due]), &due_day))
		return READING_FAULT;
	int64_t last = (int64_t)due_day + plan->late_days;
	if (paid.len > 0 && !date_parse(paid, &paid_day))
		return READING_FAULT;
	*ret_bad = paid.len > 0 ? paid_day > last : 1;
	return paid.len > 0 || plan->today > last ? READING_VALUE : READING_UNKNOWN;
}

/* False when the row is left out; said when it is a fault. */
static bool read_outcome(const struct plan *plan, struct table *table, const struct outcome *outcome, int64_t *ret_bad)
{
	if (outcome->label >= 0) {
		if (reading_label(table->csv.fields[outcome->label], ret_bad) == READING_VALUE)
			return true;
		table_complain(table, plan->label, "tells neither failed nor sound; the row is left out");
		return false;
	}
	enum reading reading = read_invoice(plan, table, outcome, ret_bad);
	if (reading == READING_FAULT)
		table_complain(table, plan->due, "or paid is no date as 2026-11-21; the row is left out");
	return reading == READING_VALUE;
}

bool plan_read(const struct plan *plan, struct table *table, uint8_t part, struct cohort *cohort)
{
	struct table_input inputs[MAX_CHARACTERISTICS];
	int64_t values[MAX_CHARACTERISTICS];
	struct outcome outcome;
	int group = plan->group ? csv_column(&table->csv, slice_cstr(plan->group)) : -1;
	enum csv_result result;

	if (!find_outcome(plan, table, &outcome))
		return false;
	if (plan->group && group < 0) {
		fprintf(stderr, "bonigate %s: %s: no column %s\n", table->command, table->path, plan->group);
		return false;
	}
	find_columns(plan, table, inputs);
	while ((result = table_next(table)) == CSV_ROW || result == CSV_FAULT) {
		int64_t bad;
		if (result == CSV_FAULT || !read_outcome(plan, table, &outcome, &bad))
			continue;
		table_values(table, inputs, plan->input_count, values);
		if (cohort_add(cohort, values, bad == 1, part, group_of(table, group, values, plan->input_count)) !=
		    STATUS_OK) {
			fputs("bonigate: out of memory\n", stderr);
			return false;
		}
	}
	return result == CSV_END;
}
