/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"

#ifndef BONIGATE_VERSION
#define BONIGATE_VERSION "development"
#endif

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help; /* one line */
};

static const struct command commands[] = {
        {"audit", cmd_audit, "verify or export the chain of decision records"},
        {"bureau", cmd_bureau, "turn a bureau's index or grade into a probability of default"},
        {"compare", cmd_compare, "tell which of two models ranks companies better"},
        {"documents", cmd_documents, "list, export or delete the reports bureaus sent"},
        {"evaluate", cmd_evaluate, "measure a model on companies whose outcome is known"},
        {"events", cmd_events, "list what happened that nobody was waiting for"},
        {"explain", cmd_explain, "tell why a decision came out as it did"},
        {"fit", cmd_fit, "fit a scorecard to labelled companies"},
        {"help", cmd_help, "list the commands"},
        {"import", cmd_import, "read companies, accounts, insolvencies or signals into a register"},
        {"index", cmd_index, "build or update the index companies are searched in"},
        {"init", cmd_init, "create the state directory"},
        {"key", cmd_key, "add, list or revoke API keys"},
        {"match", cmd_match, "find the company of each line of a file"},
        {"match-fit", cmd_match_fit, "fit the model that tells the probability of a match"},
        {"payments", cmd_payments, "add up own payment history, company by company"},
        {"policy", cmd_policy, "check, store or show a tenant's policy"},
        {"provider", cmd_provider, "check or try the bureaus and registries asked over the network"},
        {"ratios", cmd_ratios, "compute the canonical ratios of balance sheets"},
        {"run", cmd_run, "run nginx, the handlers and the worker until a signal"},
        {"score", cmd_score, "score companies of a file with a model"},
        {"tenant", cmd_tenant, "add or list tenants"},
        {"version", cmd_version, "print the version"},
};

static const size_t command_count = sizeof(commands) / sizeof(commands[0]);

int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("bonigate " BONIGATE_VERSION);
	return EXIT_FINE;
}

int cmd_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("usage: bonigate <command> [options]\n\ncommands (bonigate <command> --help tells more):");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].help);
	return EXIT_FINE;
}

/* What was printed must have arrived, or the command did not do what it was asked for. */
static int finish(const char *name, int code)
{
	if (code != EXIT_FINE || (fflush(stdout) == 0 && !ferror(stdout)))
		return code;
	fprintf(stderr, "bonigate %s: standard output cannot be written\n", name);
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		cmd_help(0, NULL);
		return EXIT_USAGE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return finish(name, commands[i].run(argc - 1, argv + 1));
	fprintf(stderr, "bonigate: no command \"%s\"; see bonigate help\n", name);
	return EXIT_USAGE;
}
