/* SPDX-License-Identifier: MIT */
#include "lead_parts.h"

#include <stdlib.h>

#include "job_run.h"
#include "parts.h"
#include "process.h"

/* Opened once, closed once. lint: allow calloc, lint: allow free */
struct lead_parts {
	void *parts;
	struct job_runner *runner;
};

enum status lead_parts_open(const struct config *config, struct server *server, void **ret_parts)
{
	struct lead_parts *all = calloc(1, sizeof(*all));
	enum status status = all ? parts_open(config, server, &all->parts) : STATUS_NO_MEMORY;

	if (status != STATUS_OK) {
		free(all);
		return status;
	}
	server->state = config->state;
	status = job_runner_start(server, config->state, &all->runner);
	if (status != STATUS_OK) {
		process_complain("cannot work off lists in", config->state, status);
		parts_close(all->parts);
		free(all);
		return status;
	}
	*ret_parts = all;
	return STATUS_OK;
}

void lead_parts_close(void *parts)
{
	struct lead_parts *all = parts;

	if (!all)
		return;
	job_runner_stop(all->runner);
	parts_close(all->parts);
	free(all);
}
