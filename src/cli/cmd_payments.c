/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "command.h"
#include "core/payment.h"
#include "explain.h"
#include "lab/reading.h"
#include "output.h"
#include "table.h"

#define OUT_CAP   (64u << 20)
#define FIRST_CAP 4096
#define CENTS     10000 /* millionths in a cent */
#define MOST      INT64_C(100000000000000)

static const char usage[] =
        "usage: bonigate payments --in INVOICES.csv --today DATE [--out FILE]\n"
        "                         [--company COLUMN] [--amount COLUMN] [--due COLUMN] [--paid COLUMN]\n"
        "Adds up a shop's own payment history: for each company the amount-weighted days beyond\n"
        "terms (half-life 180 days, overdue open invoices count as late), the orders paid, and a\n"
        "payment index 0 to 100, as signals for bonigate import signals. An empty \"paid\" is an\n"
        "open invoice. Columns are called company, amount, due and paid unless told otherwise.\n";

struct arguments {
	const char *in;
	const char *out;
	const char *today;
	const char *columns[4]; /* company, amount, due, paid */
};

/* An invoice, and whose. */
struct invoice {
	char *company;
	struct payment payment;
};

struct ledger {
	struct invoice *invoices;
	size_t count;
	size_t cap;
	int32_t today;
	uint64_t companies;
};

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option longs[] = {
	        {"in", required_argument, NULL, 'i'},
	        {"out", required_argument, NULL, 'o'},
	        {"today", required_argument, NULL, 't'},
	        {"company", required_argument, NULL, 'c'},
	        {"amount", required_argument, NULL, 'a'},
	        {"due", required_argument, NULL, 'd'},
	        {"paid", required_argument, NULL, 'p'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	const char **texts[128] = {
	        ['i'] = &arguments->in,         ['o'] = &arguments->out,        ['t'] = &arguments->today,
	        ['c'] = &arguments->columns[0], ['a'] = &arguments->columns[1], ['d'] = &arguments->columns[2],
	        ['p'] = &arguments->columns[3]};

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		*texts[c] = optarg;
	}
	*ret_code = EXIT_USAGE;
	if (arguments->in && arguments->today && optind == argc)
		return true;
	fputs(usage, stderr);
	return false;
}

static bool read_invoice(struct table *table, const int columns[4], struct payment *ret_payment)
{
	const struct slice *fields = table->csv.fields;
	struct slice paid = slice_trim(fields[columns[3]]);
	int64_t amount;

	*ret_payment = (struct payment){.paid = DATE_NONE};
	if (reading_millionths(fields[columns[1]], table->comma, &amount) != READING_VALUE ||
	    amount > MOST * CENTS / 1000)
		table_complain(table, "amount", "is no amount; the row is left out");
	else if (!date_parse(slice_trim(fields[columns[2]]), &ret_payment->due))
		table_complain(table, "due", "is no date as 2026-11-21; the row is left out");
	else if (paid.len > 0 && !date_parse(paid, &ret_payment->paid))
		table_complain(table, "paid", "is no date as 2026-11-21; the row is left out");
	else {
		ret_payment->amount = amount / CENTS;
		return true;
	}
	return false;
}

static bool add_invoice(struct ledger *ledger, struct slice company, const struct payment *payment)
{
	if (ledger->count == ledger->cap) {
		size_t cap = ledger->cap ? 2 * ledger->cap : FIRST_CAP;
		struct invoice *more = reallocarray(ledger->invoices, cap, sizeof(*more));
		if (!more)
			return false;
		ledger->invoices = more;
		ledger->cap = cap;
	}
	char *copy = strndup(company.ptr, company.len);
	if (!copy)
		return false;
	ledger->invoices[ledger->count].company = copy;
	ledger->invoices[ledger->count].payment = *payment;
	ledger->count++;
	return true;
}

static bool read_invoices(const struct arguments *arguments, struct table *table, struct ledger *ledger)
{
	int columns[4];
	enum csv_result result;

	for (int i = 0; i < 4; i++) {
		columns[i] = csv_column(&table->csv, slice_cstr(arguments->columns[i]));
		if (columns[i] < 0) {
			fprintf(stderr, "bonigate payments: %s: no column %s\n", table->path, arguments->columns[i]);
			return false;
		}
	}
	while ((result = table_next(table)) == CSV_ROW || result == CSV_FAULT) {
		struct payment payment;
		if (result == CSV_ROW && read_invoice(table, columns, &payment) &&
		    !add_invoice(ledger, slice_trim(table->csv.fields[columns[0]]), &payment)) {
			fputs("bonigate payments: out of memory\n", stderr);
			return false;
		}
	}
	return result == CSV_END;
}

static int by_company(const void *a, const void *b)
{
	const struct invoice *x = a;
	const struct invoice *y = b;

	return strcmp(x->company, y->company);
}

static void put_signal(struct buf *out, const char *company, int32_t day, const char *fact, int64_t value)
{
	explain_put_cell(out, slice_cstr(company));
	buf_char(out, ',');
	date_put(out, day);
	buf_char(out, ',');
	buf_cstr(out, fact);
	buf_char(out, ',');
	buf_i64(out, value);
	buf_cstr(out, ",own\n");
}

/* The index is for the reader: the card weighs the days. */
static void put_company(struct ledger *ledger, const char *company, const struct payment_history *history,
                        struct buf *out)
{
	int32_t days, index;

	if (!payment_days(history, &days) || !payment_index(history, &index))
		return;
	ledger->companies++;
	put_signal(out, company, history->last, "days_beyond_terms", days);
	if (history->paid > 0)
		put_signal(out, company, history->last, "own_orders", history->paid);
	fprintf(stderr, "%s: payment index %d, %d days beyond terms, %u paid, %u overdue\n", company, index, days,
	        history->paid, history->overdue);
}

static bool put_signals(const struct arguments *arguments, struct ledger *ledger)
{
	char *mem = malloc(OUT_CAP);
	struct buf out;
	bool good = false;

	if (mem) {
		buf_init(&out, mem, OUT_CAP);
		buf_cstr(&out, "company,date,fact,value,source\n");
		if (ledger->count > 0)
			qsort(ledger->invoices, ledger->count, sizeof(*ledger->invoices), by_company);
		for (size_t i = 0, end; i < ledger->count; i = end) {
			struct payment_history history = {0};
			for (end = i;
			     end < ledger->count && by_company(&ledger->invoices[i], &ledger->invoices[end]) == 0;
			     end++)
				payment_add(&history, &ledger->invoices[end].payment, ledger->today);
			put_company(ledger, ledger->invoices[i].company, &history, &out);
		}
		good = output_write("payments", arguments->out ? arguments->out : "-", &out);
	}
	free(mem);
	return good;
}

static int run(const struct arguments *arguments, struct ledger *ledger)
{
	struct table *table = malloc(sizeof(*table));
	int code = EXIT_FAILED;

	if (table && table_open(table, "payments", arguments->in)) {
		if (read_invoices(arguments, table, ledger) && put_signals(arguments, ledger))
			code = table->faults == 0 ? EXIT_FINE : EXIT_FAILED;
		table_close(table);
	}
	for (size_t i = 0; i < ledger->count; i++)
		free(ledger->invoices[i].company);
	free(ledger->invoices);
	free(table);
	return code;
}

int cmd_payments(int argc, char **argv)
{
	struct arguments arguments = {.columns = {"company", "amount", "due", "paid"}};
	struct ledger ledger = {0};
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	if (!date_parse(slice_cstr(arguments.today), &ledger.today)) {
		fputs("bonigate payments: --today takes a date as 2026-11-21\n", stderr);
		return EXIT_USAGE;
	}
	return run(&arguments, &ledger);
}
