/* SPDX-License-Identifier: MIT */
#ifndef FCGI_BACKGROUND_H
#define FCGI_BACKGROUND_H

#include "app/checkout.h"
#include "port/event.h"
#include "port/inquiry.h"

/*
 * What a program needs that decides without being asked: the state, the
 * registers, the providers and the rules, opened just as a handler opens them, so that it
 * decides just as a handler would.
 */
struct background;

struct background_options {
	const char *state; /* folder */
	const char *model; /* file, NULL = the one that came with the program */
	const char *log;   /* "stderr", "none" or a file */
	uint64_t cache_mb;
};

/* What cannot be opened is told on standard error. The strings are borrowed. Call it before there are threads. */
enum status background_open(const struct background_options *options, struct background **ret_background) MUST_CHECK;
/* Ends every call under way. NULL is fine. */
void background_close(struct background *background);
/*
 * Loads model, policies and providers again and opens the log file anew (SIGHUP), as a handler does. What is wrong
 * stays as it was, and the log says so; calls under way and inquiries resumed end with the providers they began with.
 */
void background_reload(struct background *background);
/* Now and then, on the thread of background_reload(): lets go what nobody uses any more. */
void background_tick(struct background *background);

const struct checkout_ports *background_ports(const struct background *background, bool livemode);
struct inquiry_port background_inquiries(const struct background *background);
struct recheck_port background_rechecks(const struct background *background);

/* What decisions are made by, as long as it is not given back. */
struct background_rules {
	const struct policy *policy;
	const struct model *model;
	struct rules *held;
	struct scorecard *card;
};

/* The newest ones in the store. STATUS_UNAVAILABLE, STATUS_INVALID, ...: the tenant has none. */
enum status background_rules_take(struct background *background, struct slice tenant,
                                  struct background_rules *ret_rules) MUST_CHECK;
void background_rules_give(struct background_rules *rules);

/* One job done or put off; what is NULL or absent is left out. No personal data. */
struct background_job {
	const char *job;    /* "inquiry" */
	const char *result; /* "answered" */
	const char *provider;
	const char *outcome;
	const char *detail; /* static English */
	struct slice tenant, decision_id, new_decision_id;
	uint32_t tries;
};

void background_log_job(const struct background *background, const struct background_job *job);
/* What hinders the program's own work. */
void background_log_fault(const struct background *background, const char *what, enum status status);
void background_log_note(const struct background *background, const char *message, const char *subject);

/* What a handler's /metrics tells of its cache, store, log and providers, of this process; check overflow. */
void background_metrics(const struct background *background, struct buf *out);

#endif
