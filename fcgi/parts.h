/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PARTS_H
#define FCGI_PARTS_H

#include "config.h"
#include "server.h"

struct parts;

/*
 * Opens what a program with tenants works on, all from the state folder: the
 * store, the two registers, the cache, the token key, model and policies; and
 * plugs it into server->ports and server->auth. What is missing is told on
 * standard error.
 */
enum status parts_open(const struct config *config, struct server *server, void **ret_parts) MUST_CHECK;
void parts_close(void *parts);

#endif
