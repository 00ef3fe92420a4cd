/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_DOCUMENT_KEEPER_H
#define ADAPTER_DOCUMENT_KEEPER_H

#include "adapter/sqlite_documents.h"
#include "port/clock.h"
#include "port/crypto.h"

/*
 * Keeps documents on a thread of its own, so that neither a request nor a
 * provider's answer waits for the disk, and deletes those whose days are
 * over: when it starts, and every hour.
 */
struct document_keeper;

struct document_keeper_config {
	struct clock_port clock;
	struct crypto_port crypto;
	struct sqlite_documents *documents; /* borrowed */
	/* Any thread; must not block. A document of this provider ("" = the deleting of old ones) came to nothing. */
	void (*fault)(void *ctx, const char *provider, enum status status);
	void *ctx;
};

enum status document_keeper_open(const struct document_keeper_config *config,
                                 struct document_keeper **ret_keeper) MUST_CHECK;
/* Keeps first what is still waiting. NULL is fine. */
void document_keeper_close(struct document_keeper *keeper);
struct document_port document_keeper_port(struct document_keeper *keeper);

#endif
