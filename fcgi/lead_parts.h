/* SPDX-License-Identifier: MIT */
#ifndef FCGI_LEAD_PARTS_H
#define FCGI_LEAD_PARTS_H

#include "config.h"
#include "server.h"

/* parts_open(), and the thread that works off lists (job_run.h). */
enum status lead_parts_open(const struct config *config, struct server *server, void **ret_parts) MUST_CHECK;
void lead_parts_close(void *parts);

#endif
