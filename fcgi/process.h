/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROCESS_H
#define FCGI_PROCESS_H

#include "config.h"
#include "server.h"

/* What tells one handler program from another. */
struct program {
	const struct route *routes;
	size_t route_count;
	/* The composition root: opens adapters into server->ports and server->auth. On failure nothing stays open. */
	enum status (*open)(const struct config *config, struct server *server, void **ret_parts) MUST_CHECK;
	void (*close)(void *parts);
};

/*
 * The main of every handler program: FastCGI on --listen or on an inherited
 * descriptor 0, one request when a server started it as a CGI program.
 * Returns the exit code: 0, 1 for a failure, 2 for a wrong option.
 */
int process_main(int argc, char **argv, const struct program *program);

/* Tells on standard error, and so in the server's log, why the process cannot start. */
void process_complain(const char *what, const char *which, enum status status);

#endif
