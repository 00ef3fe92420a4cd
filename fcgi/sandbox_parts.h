/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SANDBOX_PARTS_H
#define FCGI_SANDBOX_PARTS_H

#include "config.h"
#include "server.h"

/*
 * Opens what the sandbox works on: the demo register of the state folder, the
 * model and the demo policy that came with the program. No store, no cache,
 * no key: this process cannot reach a tenant's data. Given a folder that
 * holds register-test.db alone, it needs no right to any other.
 */
enum status sandbox_parts_open(const struct config *config, struct server *server, void **ret_parts) MUST_CHECK;
void sandbox_parts_close(void *parts);

#endif
