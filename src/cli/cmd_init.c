/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>

#include "adapter/sqlite_admin.h"
#include "command.h"
#include "state.h"

static const char usage[] = "usage: bonigate init [--state DIR]\n"
                            "Creates the state directory, its store and the key that signs tokens.\n"
                            "What is there already stays: safe to repeat.\n";

int cmd_init(int argc, char **argv)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char *dir = NULL;
	enum status status;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's') {
			dir = optarg;
		} else {
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? EXIT_FINE : EXIT_USAGE;
		}
	}
	dir = state_option(dir);
	if (!dir || optind != argc)
		return EXIT_USAGE;
	status = sqlite_admin_init(dir);
	if (status)
		state_complain("init", dir, status);
	return status ? EXIT_FAILED : EXIT_FINE;
}
