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
	const char *dir = NULL;
	enum status status;
	int code;

	if (!state_arguments(argc, argv, usage, &dir, &code))
		return code;
	dir = state_option(dir);
	if (!dir || optind != argc)
		return EXIT_USAGE;
	status = sqlite_admin_init(dir);
	if (status)
		state_complain("init", dir, status);
	return status ? EXIT_FAILED : EXIT_FINE;
}
