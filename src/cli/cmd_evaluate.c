/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "judge.h"
#include "lab/report.h"
#include "output.h"

#define REPORT_CAP (1024u * 1024)

static const char usage[] =
        "usage: bonigate evaluate --model MODEL.json --in LABELLED.csv [--label COLUMN] [--json FILE] [--html FILE]\n"
        "                         [--base-rate FRACTION|own] [--green SCORE] [--yellow SCORE]\n"
        "Measures a model on companies whose outcome is known: AUC with its 95 % interval, Gini,\n"
        "KS, failures caught at 5 % false positives, Brier score, calibration, and what each\n"
        "light holds. The label is column y unless told otherwise. --base-rate shifts the PD to\n"
        "a population of that failure rate; own: until their mean is the rate of the file. A\n"
        "FILE may be -.\n";

struct options {
	struct judge_options judge;
	const char *json;
	const char *html;
};

static bool parse(int argc, char **argv, struct options *options, int *ret_code)
{
	static const struct option longs[] = {
	        {"model", required_argument, NULL, 'm'}, {"in", required_argument, NULL, 'i'},
	        {"label", required_argument, NULL, 'l'}, {"base-rate", required_argument, NULL, 'b'},
	        {"json", required_argument, NULL, 'j'},  {"html", required_argument, NULL, 't'},
	        {"green", required_argument, NULL, 'g'}, {"yellow", required_argument, NULL, 'y'},
	        {"help", no_argument, NULL, 'h'},        {0},
	};
	const char **texts[128] = {
	        ['m'] = &options->judge.model,     ['i'] = &options->judge.in, ['l'] = &options->judge.label,
	        ['b'] = &options->judge.base_rate, ['j'] = &options->json,     ['t'] = &options->html};

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		if (texts[c])
			*texts[c] = optarg;
		else
			*(c == 'g' ? &options->judge.green : &options->judge.yellow) = (int32_t)strtol(optarg, NULL,
			                                                                               10);
	}
	*ret_code = EXIT_USAGE;
	if (options->judge.model && options->judge.in && optind == argc && options->judge.green > options->judge.yellow)
		return true;
	fputs(usage, stderr);
	return false;
}

static bool write_report(const char *path, const struct report *report,
                         void (*put)(const struct report *report, struct buf *out))
{
	char *mem = malloc(REPORT_CAP);
	struct buf out;
	bool good = false;

	if (mem) {
		buf_init(&out, mem, REPORT_CAP);
		put(report, &out);
		good = output_write("evaluate", path, &out);
	}
	free(mem);
	return good;
}

static int show(const struct options *options, const struct judgement *judgement)
{
	struct measure measured;

	if (measure(judgement->rows, judgement->count, &measured) != STATUS_OK) {
		fputs("bonigate evaluate: the file needs failed and sound companies\n", stderr);
		return EXIT_FAILED;
	}
	const char *slash = strrchr(options->judge.in, '/');
	const char *name = slash ? slash + 1
	                         : options->judge.in; /* a page is passed on: folders are nobody's business */
	struct report report = {judgement->model, name, &measured, judgement->rows, judgement->known};
	bool good = true;
	if (options->json)
		good = write_report(options->json, &report, report_json);
	if (options->html)
		good = write_report(options->html, &report, report_html) && good;
	if (!options->json && !options->html)
		good = write_report("-", &report, report_text);
	return good ? EXIT_FINE : EXIT_FAILED;
}

int cmd_evaluate(int argc, char **argv)
{
	struct options options = {.judge = {.command = "evaluate", .label = "y", .green = 70, .yellow = 40}};
	struct judgement judgement;
	int code;

	if (!parse(argc, argv, &options, &code))
		return code;
	if (!judge(&options.judge, &judgement))
		return EXIT_FAILED;
	code = show(&options, &judgement);
	judge_finish(&judgement);
	return code;
}
