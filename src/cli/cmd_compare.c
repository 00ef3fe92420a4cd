/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "judge.h"
#include "lab/compare.h"

#define DEFAULT_DRAWS 2000
#define MOST_DRAWS    100000

static const char usage[] =
        "usage: bonigate compare A.json B.json --in LABELLED.csv [--label COLUMN] [--draws N] [--seed N] [--json]\n"
        "Tells whether model B ranks companies better than model A: both AUC, their difference\n"
        "and its 95 % interval from a paired bootstrap (2000 draws unless told otherwise) over\n"
        "the same companies. An interval that holds 0 tells nothing between the two.\n";

struct options {
	struct judge_options judge;
	const char *models[2];
	unsigned draws;
	uint64_t seed;
	bool json;
};

static bool parse(int argc, char **argv, struct options *options, int *ret_code)
{
	static const struct option longs[] = {
	        {"in", required_argument, NULL, 'i'},
	        {"label", required_argument, NULL, 'l'},
	        {"draws", required_argument, NULL, 'n'},
	        {"seed", required_argument, NULL, 's'},
	        {"json", no_argument, NULL, 'j'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	uint64_t draws = options->draws;
	bool numbers = true;

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		if (c == 'i')
			options->judge.in = optarg;
		else if (c == 'l')
			options->judge.label = optarg;
		else if (c == 'n')
			numbers &= slice_to_u64(slice_cstr(optarg), &draws);
		else if (c == 's')
			numbers &= slice_to_u64(slice_cstr(optarg), &options->seed);
		else
			options->json = true;
	}
	*ret_code = EXIT_USAGE;
	if (numbers && options->judge.in && optind + 2 == argc && draws > 0 && draws <= MOST_DRAWS) {
		options->draws = (unsigned)draws;
		options->models[0] = argv[optind];
		options->models[1] = argv[optind + 1];
		return true;
	}
	fputs(usage, stderr);
	return false;
}

static void show(const struct options *options, const struct judgement *a, const struct judgement *b,
                 const struct compare *c)
{
	if (options->json) {
		printf("{\"a\": \"%s\", \"b\": \"%s\", \"companies\": %zu, \"auc_a\": %.6f, \"auc_b\": %.6f, "
		       "\"difference\": %.6f, \"error\": %.6f, \"low\": %.6f, \"high\": %.6f, \"share_better\": %.6f, "
		       "\"draws\": %u}\n",
		       a->model->id, b->model->id, a->count, c->auc_a, c->auc_b, c->difference, c->error, c->low,
		       c->high, c->share_better, options->draws);
		return;
	}
	printf("A  %s %s  AUC %.5f\nB  %s %s  AUC %.5f\n", a->model->id, a->model->version, c->auc_a, b->model->id,
	       b->model->version, c->auc_b);
	printf("B - A  %+.5f, 95 %% %+.5f to %+.5f, standard error %.5f\nB ahead in %.1f %% of %u draws: %s\n",
	       c->difference, c->low, c->high, c->error, 100 * c->share_better, options->draws,
	       c->low > 0    ? "B is better"
	       : c->high < 0 ? "A is better"
	                     : "no difference shown");
}

/* Both judgements hold the same companies in the order of the file. */
static int compare_judged(const struct options *options, const struct judgement *a, const struct judgement *b)
{
	struct compare_row *rows = calloc(a->count, sizeof(*rows));
	struct compare result;
	enum status status = rows ? STATUS_OK : STATUS_NO_MEMORY;

	for (size_t i = 0; rows && i < a->count; i++)
		rows[i] = (struct compare_row){a->rows[i].points, b->rows[i].points, a->rows[i].bad};
	if (rows)
		status = compare(rows, a->count, options->draws, options->seed, &result);
	free(rows);
	if (status == STATUS_OK)
		show(options, a, b, &result);
	else
		fprintf(stderr, "bonigate compare: %s\n",
		        status == STATUS_INVALID ? "the file needs failed and sound companies" : status_name(status));
	return status == STATUS_OK ? EXIT_FINE : EXIT_FAILED;
}

int cmd_compare(int argc, char **argv)
{
	struct options options = {.judge = {.command = "compare", .label = "y", .green = 70, .yellow = 40},
	                          .draws = DEFAULT_DRAWS,
	                          .seed = 1};
	struct judgement judged[2] = {0};
	int code;

	if (!parse(argc, argv, &options, &code))
		return code;
	code = EXIT_FAILED;
	if (strcmp(options.judge.in, "-") == 0) {
		fputs("bonigate compare: the file is read twice, so it cannot be standard input\n", stderr);
		return EXIT_USAGE;
	}
	options.judge.model = options.models[0];
	if (judge(&options.judge, &judged[0])) {
		options.judge.model = options.models[1];
		if (judge(&options.judge, &judged[1]))
			code = compare_judged(&options, &judged[0], &judged[1]);
		judge_finish(&judged[1]);
	}
	judge_finish(&judged[0]);
	return code;
}
