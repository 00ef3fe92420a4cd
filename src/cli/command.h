/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * The subcommands of bonigate: one file cmd_<name>.c each, one row in the
 * table of main.c each. argv[0] is the subcommand's name. Results go to
 * standard output, messages to standard error. Exit codes as below.
 */
enum {
	EXIT_FINE = 0,
	EXIT_FAILED = 1, /* the work could not be done, or parts were left out and said so */
	EXIT_USAGE = 2
};

int cmd_help(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_bureau(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_documents(int argc, char **argv);
int cmd_events(int argc, char **argv);
int cmd_evaluate(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_fit(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_index(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_match(int argc, char **argv);
int cmd_match_fit(int argc, char **argv);
int cmd_payments(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_provider(int argc, char **argv);
int cmd_ratios(int argc, char **argv);
int cmd_score(int argc, char **argv);
int cmd_tenant(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif
