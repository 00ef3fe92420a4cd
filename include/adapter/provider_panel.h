/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_PROVIDER_PANEL_H
#define ADAPTER_PROVIDER_PANEL_H

#include "adapter/inquiry_writer.h"
#include "port/cache.h"
#include "port/clock.h"
#include "port/crypto.h"
#include "port/document.h"
#include "port/panel.h"
#include "port/provider.h"

/* Asks several providers at once, remembers what they said, and lets equal questions share one call. */
struct provider_panel;

struct panel_config {
	struct clock_port clock;
	struct crypto_port crypto;
	struct cache_port cache;          /* vtable NULL: nothing is remembered */
	struct inquiry_writer *inquiries; /* NULL: a report that takes its time is lost */
	struct document_port documents;   /* vtable NULL: what comes beside an answer is not kept */
	/*
	 * Processes with the same cache and the same lock file (opened here, made when absent) share their calls
	 * too; NULL: only the threads of this process do. Borrowed until it is open.
	 */
	const char *lock_file;
	/* Threads that may wait at the same time; others take what is there, so that a dead provider cannot hold all.
	 */
	unsigned waiters;
};

enum status provider_panel_open(const struct panel_config *config, struct provider_panel **ret_panel) MUST_CHECK;
/* Before the first question. The id is borrowed. STATUS_FULL: PANEL_PROVIDERS are there. */
enum status provider_panel_add(struct provider_panel *panel, const char *id, struct provider_port port) MUST_CHECK;
/* How many questions have no answer yet, and inquiries that were resumed none. */
size_t provider_panel_under_way(struct provider_panel *panel);
/* From here on nothing is asked that was not asked before; to be called before the providers' client is closed. */
void provider_panel_stop(struct provider_panel *panel);
/* When no question is under way: after the http client of the providers was closed. NULL is fine. */
void provider_panel_close(struct provider_panel *panel);
struct panel_port provider_panel_port(struct provider_panel *panel);

#endif
