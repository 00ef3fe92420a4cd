/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROVIDERS_H
#define FCGI_PROVIDERS_H

#include "config.h"
#include "port/cache.h"
#include "port/crypto.h"
#include "port/inquiry.h"
#include "port/panel.h"

/* The providers of state/providers/, each on the one http client of the process. */
struct providers;

/*
 * Reads every NAME.json of the folder; no folder is no provider. What is
 * wrong with a file is told on standard error, and nothing stays open.
 */
enum status providers_open(const struct config *config, struct crypto_port crypto, struct cache_port cache,
                           struct inquiry_port inquiries, struct providers **ret_providers) MUST_CHECK;
/* Ends every call under way. NULL is fine. */
void providers_close(struct providers *providers);
/* vtable NULL when there is no provider. */
struct panel_port providers_port(const struct providers *providers);
/* Threads that may wait for providers: some never do, so that one that hangs cannot hold the warm requests. */
unsigned providers_waiters(const struct config *config);

#endif
