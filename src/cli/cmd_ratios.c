/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "command.h"
#include "core/account.h"
#include "explain.h"
#include "lab/reading.h"
#include "table.h"

#define OUT_CAP   (256u * 1024)
#define ROW_ROOM  (64u * 1024)
#define A_DAY     20000 /* one for all rows: ratios do not depend on it */
#define MOST_KEPT 16

static const char usage[] =
        "usage: bonigate ratios --in RAW.csv [--out FILE] [--unit 1|thousand|million] [--keep COLUMN ...]\n"
        "Writes the canonical ratios of each row of raw balance-sheet items, in decimals. Items\n"
        "are found by their German names of the HGB (Bilanzsumme, Eigenkapital, Umsatzerloese,\n"
        "...) or their English ones (total_assets, net_sales, ...). A denominator that is not\n"
        "positive makes a ratio unknown: its cell is empty. --keep copies a column.\n";

static const enum fact_id RATIOS[] = {
        FACT_EQUITY_RATIO, FACT_RE_TA,          FACT_ROA,          FACT_EBIT_TA,        FACT_OP_MARGIN,
        FACT_CF_TO_LIAB,   FACT_INTEREST_COVER, FACT_WC_TA,        FACT_CURRENT_RATIO,  FACT_QUICK_RATIO,
        FACT_CASH_RATIO,   FACT_CL_DAYS,        FACT_REC_DAYS,     FACT_INV_DAYS,       FACT_SALES_GROWTH,
        FACT_COST_RATIO,   FACT_ASSET_TURNOVER, FACT_OPEX_TO_LIAB, FACT_EQUITY_TO_LIAB, FACT_LIAB_RATIO,
        FACT_LOG_TA,
};
#define RATIO_COUNT (sizeof(RATIOS) / sizeof(RATIOS[0]))

struct ratios {
	const char *in;
	const char *out;
	const char *unit;
	const char *kept[MOST_KEPT];
	size_t kept_count;
	struct table *table;
	int column[ACCOUNT_ITEMS]; /* -1: not in the file */
	int kept_column[MOST_KEPT];
	int64_t times; /* minor = millionths * times / divided */
	int64_t divided;
	FILE *file;
	struct buf buf;
};

static bool take_unit(struct ratios *ratios)
{
	static const struct {
		const char *name;
		int64_t times;
		int64_t divided;
	} UNITS[] = {{"1", 1, 10000}, {"thousand", 1, 10}, {"million", 100, 1}};

	for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++)
		if (strcmp(ratios->unit, UNITS[i].name) == 0) {
			ratios->times = UNITS[i].times;
			ratios->divided = UNITS[i].divided;
			return true;
		}
	return false;
}

static bool parse(int argc, char **argv, struct ratios *ratios, int *ret_code)
{
	static const struct option longs[] = {
	        {"in", required_argument, NULL, 'i'},   {"out", required_argument, NULL, 'o'},
	        {"unit", required_argument, NULL, 'u'}, {"keep", required_argument, NULL, 'k'},
	        {"help", no_argument, NULL, 'h'},       {0},
	};
	bool fits = true;

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		if (c != 'k')
			*(c == 'i' ? &ratios->in : c == 'o' ? &ratios->out : &ratios->unit) = optarg;
		else if (ratios->kept_count < MOST_KEPT)
			ratios->kept[ratios->kept_count++] = optarg;
		else
			fits = false;
	}
	*ret_code = EXIT_USAGE;
	if (ratios->in && optind == argc && fits && take_unit(ratios))
		return true;
	fputs(usage, stderr);
	return false;
}

/* The first column of an item wins, so that "revenue" beside "net_sales" does no harm. */
static bool find_columns(struct ratios *ratios)
{
	const struct csv *csv = &ratios->table->csv;
	int found = 0;

	for (int i = 0; i < ACCOUNT_ITEMS; i++)
		ratios->column[i] = -1;
	for (size_t i = 0; i < csv->column_count; i++) {
		int item = account_find(csv->columns[i]);
		if (item >= 0 && ratios->column[item] < 0) {
			ratios->column[item] = (int)i;
			found++;
		}
	}
	for (size_t i = 0; i < ratios->kept_count; i++) {
		ratios->kept_column[i] = csv_column(csv, slice_cstr(ratios->kept[i]));
		if (ratios->kept_column[i] < 0) {
			fprintf(stderr, "bonigate ratios: %s: no column %s\n", ratios->table->path, ratios->kept[i]);
			return false;
		}
	}
	if (found < 2)
		fprintf(stderr,
		        "bonigate ratios: %s: fewer than two columns are items of annual accounts (Bilanzsumme, "
		        "Eigenkapital, total_assets, ...)\n",
		        ratios->table->path);
	return found >= 2;
}

static void put_header(struct ratios *ratios)
{
	for (size_t i = 0; i < ratios->kept_count; i++) {
		explain_put_cell(&ratios->buf, slice_cstr(ratios->kept[i]));
		buf_char(&ratios->buf, ',');
	}
	for (size_t i = 0; i < RATIO_COUNT; i++) {
		buf_cstr(&ratios->buf, i ? "," : "");
		buf_cstr(&ratios->buf, fact_name(RATIOS[i]));
	}
	buf_char(&ratios->buf, '\n');
}

static void read_account(struct ratios *ratios, struct account *ret_account)
{
	struct table *table = ratios->table;

	memset(ret_account, 0, sizeof(*ret_account));
	for (int i = 0; i < ACCOUNT_ITEMS; i++) {
		int64_t value;
		if (ratios->column[i] < 0)
			continue;
		struct slice text = table->csv.fields[ratios->column[i]];
		enum reading reading = reading_millionths(text, table->comma, &value);
		if (reading == READING_FAULT)
			table_complain(table, "an item", "no number, taken as unknown");
		if (reading != READING_VALUE)
			continue;
		/* beyond all money there is: not a number anybody's accounts hold */
		ret_account->known[i] = !__builtin_mul_overflow(value, ratios->times, &value);
		ret_account->minor[i] = value / ratios->divided;
		ret_account->known[i] &= fact_valid(FACT_TOTAL_ASSETS, ret_account->minor[i]);
	}
}

static void put_row(struct ratios *ratios, struct facts *facts)
{
	struct buf *out = &ratios->buf;
	struct account account;

	read_account(ratios, &account);
	facts_init(facts);
	account_facts(&account, A_DAY, (uint8_t)facts_source(facts, "accounts", SOURCE_ANSWER, A_DAY), facts);
	facts_derive(facts, A_DAY);
	for (size_t i = 0; i < RATIO_COUNT; i++) {
		int64_t value;
		buf_cstr(out, i ? "," : "");
		if (facts_get(facts, RATIOS[i], &value))
			buf_millionths(out, value, 6);
	}
	buf_char(out, '\n');
}

static bool flush(struct ratios *ratios)
{
	bool good = !ratios->buf.overflow &&
	            fwrite(ratios->buf.ptr, 1, ratios->buf.len, ratios->file) == ratios->buf.len;

	buf_reset(&ratios->buf);
	return good;
}

static bool put_rows(struct ratios *ratios, struct facts *facts)
{
	enum csv_result result;

	put_header(ratios);
	while ((result = table_next(ratios->table)) == CSV_ROW || result == CSV_FAULT) {
		if (result == CSV_FAULT)
			continue;
		for (size_t i = 0; i < ratios->kept_count; i++) {
			explain_put_cell(&ratios->buf, csv_field(&ratios->table->csv, ratios->kept_column[i]));
			buf_char(&ratios->buf, ',');
		}
		put_row(ratios, facts);
		if (ratios->buf.len > OUT_CAP - ROW_ROOM && !flush(ratios))
			return false;
	}
	return flush(ratios) && fflush(ratios->file) == 0 && result == CSV_END;
}

static int run(struct ratios *ratios)
{
	char *mem = malloc(OUT_CAP);
	struct facts *facts = malloc(sizeof(*facts));
	bool good = mem && facts && find_columns(ratios);

	ratios->file = good && ratios->out ? fopen(ratios->out, "w") : stdout;
	if (!ratios->file)
		perror(ratios->out);
	if (good && ratios->file) {
		buf_init(&ratios->buf, mem, OUT_CAP);
		good = put_rows(ratios, facts);
		if (!good)
			fputs("bonigate ratios: the rows could not all be read and written\n", stderr);
	}
	if (ratios->file && ratios->file != stdout && fclose(ratios->file) != 0)
		good = false;
	free(mem);
	free(facts);
	return good && ratios->file && ratios->table->faults == 0 ? EXIT_FINE : EXIT_FAILED;
}

int cmd_ratios(int argc, char **argv)
{
	struct ratios ratios = {.unit = "1"};
	int code;

	if (!parse(argc, argv, &ratios, &code))
		return code;
	code = EXIT_FAILED;
	ratios.table = malloc(sizeof(*ratios.table));
	if (ratios.table && table_open(ratios.table, "ratios", ratios.in)) {
		code = run(&ratios);
		table_close(ratios.table);
	}
	free(ratios.table);
	return code;
}
