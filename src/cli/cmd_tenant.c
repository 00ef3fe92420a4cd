/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adapter/sqlite_admin.h"
#include "command.h"
#include "state.h"

static const char usage[] = "usage: bonigate tenant add ID NAME [--state DIR]\n"
                            "       bonigate tenant list [--state DIR]\n"
                            "A tenant is one shop or company that uses this installation.\n"
                            "ID: lower-case letters, digits, - and _.\n";

static bool print_tenant(void *ctx, const struct admin_tenant *tenant)
{
	(void)ctx;
	printf("%s\t%s\t%" PRIu64 " decisions\n", tenant->id, tenant->name, tenant->decisions);
	return true;
}

static int run(struct state *state, int argc, char **argv)
{
	enum status status;

	if (argc == 3 && strcmp(argv[0], "add") == 0)
		status = sqlite_admin_add_tenant(state->admin, slice_cstr(argv[1]), slice_cstr(argv[2]));
	else if (argc == 1 && strcmp(argv[0], "list") == 0)
		status = sqlite_admin_each_tenant(state->admin, print_tenant, NULL);
	else
		return fputs(usage, stderr), EXIT_USAGE;
	if (status)
		state_complain("tenant", argc == 3 ? argv[1] : "list", status);
	return status ? EXIT_FAILED : EXIT_FINE;
}

int cmd_tenant(int argc, char **argv)
{
	const char *dir = NULL;
	struct state state;
	int code;

	if (!state_arguments(argc, argv, usage, &dir, &code))
		return code;
	if (!state_open(&state, dir))
		return EXIT_FAILED;
	code = run(&state, argc - optind, argv + optind);
	state_close(&state);
	return code;
}
