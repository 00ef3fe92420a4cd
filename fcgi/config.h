/* SPDX-License-Identifier: MIT */
#ifndef FCGI_CONFIG_H
#define FCGI_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

/* What an operator can set; every option has an environment variable of the same name, the option wins. */
struct config {
	const char *listen; /* "unix:PATH", NULL = descriptor 0 */
	const char *state;  /* folder, required */
	const char *model;  /* file, NULL = the one that came with the program */
	const char *log;    /* "stderr", "none" or a file */
	uint64_t socket_mode;
	uint64_t threads;
	uint64_t connections;
	uint64_t idle_ms;
	uint64_t request_ms;
	uint64_t drain_ms;
	uint64_t budget_ms;
	uint64_t cache_mb;
	uint64_t quota; /* calls without a key from one address: of the sandbox in a minute, of forms in an hour */
};

enum config_result { CONFIG_RUN, CONFIG_DONE /* --help, --version */, CONFIG_WRONG };

/*
 * Reads BONIGATE_* of the environment, then the arguments. Prints help and
 * version to out and what is wrong to err. With argc 0 the environment alone
 * counts (CGI: a query string may become arguments, RFC 3875 section 4.4).
 */
enum config_result config_read(int argc, char **argv, struct config *ret_config, FILE *out, FILE *err);

#endif
