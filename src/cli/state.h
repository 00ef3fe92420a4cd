/* SPDX-License-Identifier: MIT */
#ifndef CLI_STATE_H
#define CLI_STATE_H

#include <stdbool.h>

#include "adapter/sqlite_admin.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * The options of a command that takes --state DIR and --help only: *ret_dir is what was given, else as before, and
 * optind stands behind them. False: the usage was printed, and the command ends with *ret_code.
 */
bool state_arguments(int argc, char **argv, const char *usage, const char **ret_dir, int *ret_code);

/* --state DIR, else BONIGATE_STATE, else NULL with a message on standard error. */
const char *state_option(const char *given);

/* What every command that opens the store holds. */
struct state {
	const char *dir;
	struct sodium_crypto *crypto;
	struct sqlite_admin *admin;
};

/* Opens the admin door; a message on standard error when it cannot be. */
bool state_open(struct state *state, const char *given);
void state_close(struct state *state);

/* "bonigate <command>: <what>: <status in words>" on standard error. */
void state_complain(const char *command, const char *what, enum status status);

/* Of a store that does not open, and what helps. */
void state_complain_store(const char *dir, enum status status);

/* The whole file (at most max bytes), NUL behind it; the caller frees. NULL with a message. */
char *state_read_file(const char *path, size_t max, size_t *ret_len);

#endif
