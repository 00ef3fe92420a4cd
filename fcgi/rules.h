/* SPDX-License-Identifier: MIT */
#ifndef FCGI_RULES_H
#define FCGI_RULES_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/status.h"
#include "core/policy.h"
#include "core/scorecard.h"
#include "log.h"
#include "port/store.h"

/*
 * What decisions are made by, shared by all threads and counted: a request
 * keeps what it started with while a newer version is loaded beside it.
 * Immutable once handed out.
 */
struct rules {
	_Atomic unsigned users;
	char tenant[MAX_TENANT_ID + 1];
	struct policy policy;
};

struct scorecard {
	_Atomic unsigned users;
	struct model model;
};

struct rulebook;

/* STATUS_INVALID, STATUS_TOO_LARGE, STATUS_UNAVAILABLE: the model file is unusable; the log says why. */
enum status rulebook_open(const char *model_file, struct store_port store, struct log *log,
                          struct rulebook **ret_book) MUST_CHECK;
void rulebook_close(struct rulebook *book);

/* Changes whenever keys, policies or the model may have; threads drop what they kept from an older one. */
uint64_t rulebook_epoch(const struct rulebook *book);
/* Looks for changes in the store; cheap. One thread. */
void rulebook_tick(struct rulebook *book);
/* Loads the model file and all policies again; what is unusable leaves the old one in force. One thread. */
void rulebook_reload(struct rulebook *book);

/*
 * The tenant's policy in force; the documented defaults when it has none. The
 * last good one stays in force while a newer one cannot be read. The caller
 * releases it. STATUS_UNAVAILABLE, STATUS_INVALID, ...: there is none at all.
 */
enum status rulebook_policy(struct rulebook *book, struct slice tenant, struct rules **ret_rules) MUST_CHECK;
void rules_release(struct rules *rules); /* NULL is fine */
struct scorecard *rulebook_scorecard(struct rulebook *book);
void scorecard_release(struct scorecard *card); /* NULL is fine */

#endif
