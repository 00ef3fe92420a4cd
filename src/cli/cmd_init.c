/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "adapter/sqlite_admin.h"
#include "adapter/state_dir.h"
#include "command.h"
#include "state.h"

static const char usage[] = "usage: bonigate init [--state DIR]\n"
                            "Creates the state directory, its store and the key that signs tokens.\n"
                            "What is there already stays, a store of an older version is brought up to date:\n"
                            "safe to repeat.\n";

/* The first thing that can go wrong on a new machine, so it is said in the system's own words. */
static bool is_usable(const char *dir)
{
	if (state_dir_create(dir) == STATUS_OK && faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0)
		return true;
	fprintf(stderr, "bonigate init: %s: %s\n", dir, strerror(errno));
	return false;
}

int cmd_init(int argc, char **argv)
{
	const char *dir = NULL;
	enum status status;
	int code;

	if (!state_arguments(argc, argv, usage, &dir, &code))
		return code;
	dir = state_option(dir);
	if (!dir)
		return EXIT_USAGE;
	if (optind != argc)
		return fputs(usage, stderr), EXIT_USAGE;
	if (!is_usable(dir))
		return EXIT_FAILED;
	status = sqlite_admin_init(dir);
	if (status)
		state_complain_store(dir, status);
	return status ? EXIT_FAILED : EXIT_FINE;
}
