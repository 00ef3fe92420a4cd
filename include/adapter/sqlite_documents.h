/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_DOCUMENTS_H
#define ADAPTER_SQLITE_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "port/crypto.h"
#include "port/document.h"
#include "port/provider.h"

/*
 * The file of documents: apart from the decisions, so that its size and its
 * waits are nobody else's, and without a write-ahead log and with what is deleted
 * overwritten, so that nothing of it is left behind. Every
 * function is callable from any thread of any process of the installation and
 * waits for the disk. STATUS_FULL, STATUS_UNAVAILABLE (busy, I/O error), STATUS_CORRUPT.
 */
struct sqlite_documents;

#define DOCUMENT_DAYS      365  /* kept for, where nothing else is set */
#define DOCUMENT_DAYS_MOST 3660 /* no longer than books are */
#define DOCUMENT_COMPANY   32   /* identity_company_id() */

struct document {
	int64_t number; /* its name within the file, never used twice */
	struct document_owner owner;
	char company_id[DOCUMENT_COMPANY];
	char provider[MAX_SOURCE_ID + 1];
	char type[MAX_DOCUMENT_TYPE + 1];
	char reference[PROVIDER_REFERENCE + 1];
	uint8_t answer_sha256[CRYPTO_SHA256_LEN]; /* of the raw answer */
	uint8_t sha256[CRYPTO_SHA256_LEN];        /* of the document */
	int64_t received_ms;
	uint64_t size;
};

/* Created when it is not there (mode 0600); opened when first used. */
enum status sqlite_documents_open(const char *file, struct sqlite_documents **ret_documents) MUST_CHECK;
void sqlite_documents_close(struct sqlite_documents *documents); /* NULL is fine */

/*
 * Durable on STATUS_OK. Number, company_id and size are not looked at. The same
 * owner, provider and raw answer: replaces what was there.
 */
enum status sqlite_documents_put(struct sqlite_documents *documents, const struct document *document,
                                 struct slice bytes) MUST_CHECK;

/* Which documents of one tenant; what is absent, zero or NULL asks nothing. */
struct document_query {
	struct slice tenant;
	struct slice company_id;
	int64_t number;
	const uint8_t *answer_sha256;
};

/* In the order they were stored; visit returns false to stop. */
enum status sqlite_documents_each(struct sqlite_documents *documents, const struct document_query *query,
                                  bool (*visit)(void *ctx, const struct document *document), void *ctx) MUST_CHECK;
/* One with its bytes, in the arena. STATUS_NOT_FOUND, also for another tenant's. */
enum status sqlite_documents_read(struct sqlite_documents *documents, struct slice tenant, int64_t number,
                                  struct arena *arena, struct document *ret_document,
                                  struct slice *ret_bytes) MUST_CHECK;
/* All that the query asks for. */
enum status sqlite_documents_delete(struct sqlite_documents *documents, const struct document_query *query,
                                    uint64_t *ret_count) MUST_CHECK;
/* Those of all tenants whose days are over. */
enum status sqlite_documents_purge(struct sqlite_documents *documents, int64_t now_ms, uint64_t *ret_count) MUST_CHECK;

/* How many days a tenant's documents are kept. An empty tenant: all who have set nothing themselves. */
enum status sqlite_documents_set_days(struct sqlite_documents *documents, struct slice tenant, int64_t days) MUST_CHECK;
enum status sqlite_documents_days(struct sqlite_documents *documents, struct slice tenant,
                                  int64_t *ret_days) MUST_CHECK;

#endif
