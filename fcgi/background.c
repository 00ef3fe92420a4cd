/* SPDX-License-Identifier: MIT */
#include "fcgi/background.h"

#include <stdlib.h>

#include "parts.h"
#include "process.h"
#include "server.h"
#include "upkeep.h"

/* Opened once, closed once. lint: allow calloc, lint: allow free */
#define THREADS 4 /* that may wait for a provider at the same time, and then some */

struct background {
	struct config config;
	struct server server;
	void *parts;
};

enum status background_open(const struct background_options *options, struct background **ret_background)
{
	struct background *background = calloc(1, sizeof(*background));
	const struct clock_port *clock;
	enum status status;

	if (!background)
		return STATUS_NO_MEMORY;
	background->config = (struct config){.state = options->state,
	                                     .model = options->model,
	                                     .log = options->log,
	                                     .cache_mb = options->cache_mb,
	                                     .threads = THREADS,
	                                     .quota = 1};
	status = log_open(options->log, 1, &background->server.log);
	if (status != STATUS_OK) {
		process_complain("cannot open log", options->log, status);
		free(background);
		return status;
	}
	status = parts_open(&background->config, &background->server, &background->parts);
	if (status != STATUS_OK) {
		log_close(background->server.log);
		free(background);
		return status;
	}
	clock = &background->server.ports[0].clock;
	background->server.start_ms = clock->vtable->now_ms(clock->self);
	*ret_background = background;
	return STATUS_OK;
}

void background_close(struct background *background)
{
	if (!background)
		return;
	parts_close(background->parts);
	log_close(background->server.log);
	free(background);
}

void background_reload(struct background *background)
{
	upkeep_reload(&background->server);
}

void background_tick(struct background *background)
{
	upkeep_tick(&background->server);
}

const struct checkout_ports *background_ports(const struct background *background, bool livemode)
{
	return &background->server.ports[livemode];
}

struct inquiry_port background_inquiries(const struct background *background)
{
	return background->server.inquiries;
}

struct recheck_port background_rechecks(const struct background *background)
{
	return background->server.rechecks;
}

enum status background_rules_take(struct background *background, struct slice tenant,
                                  struct background_rules *ret_rules)
{
	struct rulebook *book = background->server.auth.book;
	struct background_rules rules = {.held = NULL};
	enum status status;

	rulebook_tick(book);
	status = rulebook_policy(book, tenant, &rules.held);
	if (status != STATUS_OK)
		return status;
	rules.card = rulebook_scorecard(book);
	rules.policy = &rules.held->policy;
	rules.model = &rules.card->model;
	*ret_rules = rules;
	return STATUS_OK;
}

void background_rules_give(struct background_rules *rules)
{
	rules_release(rules->held);
	scorecard_release(rules->card);
}

void background_metrics(const struct background *background, struct buf *out)
{
	upkeep_metrics(&background->server, out);
}

void background_log_job(const struct background *background, const struct background_job *job)
{
	log_job(background->server.log, job);
}

void background_log_fault(const struct background *background, const char *what, enum status status)
{
	log_note(background->server.log, LOG_ERROR, what, status_name(status));
}

void background_log_note(const struct background *background, const char *message, const char *subject)
{
	log_note(background->server.log, LOG_INFO, message, subject);
}
