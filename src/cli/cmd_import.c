/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "command.h"
#include "import_job.h"
#include "state.h"

static const char usage[] = "usage: bonigate import KIND FILE... --register test|live [--as-of DATE] [--state DIR]\n"
                            "KIND is companies, accounts, insolvency or signals; FILE may be - for standard\n"
                            "input and may be packed with gzip or Zstandard. Companies come as OffeneRegister\n"
                            "JSONL, as register TSV or as CSV; the rest as CSV (formats: bonigate-import(5)).\n"
                            "A bad row is reported with its line and left out whole. An import that was cut off\n"
                            "goes on where it stopped when it is started again with the same file.\n"
                            "--as-of is the day the data held, for rows that tell none; today when left out.\n";

struct arguments {
	const char *dir;
	const char *reg;
	int32_t as_of;
};

static bool parse_kind(const char *text, enum import_kind *ret_kind)
{
	static const char *const names[] = {"companies", "accounts", "insolvency", "signals"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		*ret_kind = (enum import_kind)i;
		return true;
	}
	return false;
}

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'},
	        {"register", required_argument, NULL, 'r'},
	        {"as-of", required_argument, NULL, 'a'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's')
			arguments->dir = optarg;
		else if (c == 'r')
			arguments->reg = optarg;
		else if (c != 'a' || !date_parse(slice_cstr(optarg), &arguments->as_of)) {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
	}
	if (argc - optind >= 2 && arguments->reg &&
	    (strcmp(arguments->reg, "test") == 0 || strcmp(arguments->reg, "live") == 0))
		return true;
	fputs(usage, stderr);
	*ret_code = EXIT_USAGE;
	return false;
}

static int run(struct import_job *job, const char *file, char **paths)
{
	enum status status = register_writer_open(file, &job->writer);
	bool good = true;

	if (status) {
		state_complain("import", file, status);
		return EXIT_FAILED;
	}
	for (; *paths && good; paths++)
		good = import_file(job, *paths);
	register_writer_close(job->writer);
	printf("%" PRIu64 " stored, %" PRIu64 " refused", job->stored, job->refused);
	if (job->partial)
		printf(", %" PRIu64 " stored without an address part that could not be read", job->partial);
	putchar('\n');
	return good ? EXIT_FINE : EXIT_FAILED;
}

int cmd_import(int argc, char **argv)
{
	struct clock_port clock = system_clock();
	int32_t today = date_of_instant(clock.vtable->now_ms(clock.self));
	struct arguments arguments = {.as_of = today};
	struct import_job job = {.today = today};
	char file[STATE_PATH_MAX];
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	if (!parse_kind(argv[optind], &job.kind)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	arguments.dir = state_option(arguments.dir);
	if (!arguments.dir)
		return EXIT_USAGE;
	job.as_of = arguments.as_of;
	if (state_path(arguments.dir, strcmp(arguments.reg, "live") == 0 ? STATE_REGISTER_LIVE : STATE_REGISTER_TEST,
	               file))
		return EXIT_FAILED;
	return run(&job, file, argv + optind + 1);
}
