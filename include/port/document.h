/* SPDX-License-Identifier: MIT */
#ifndef PORT_DOCUMENT_H
#define PORT_DOCUMENT_H

#include <stdint.h>

#include "base/maxima.h"
#include "core/identity.h"

struct provider_answer;

/*
 * Reports that come beside a provider's answer (a bureau's PDF) and are kept
 * as they came: the record of a decision names the SHA-256 of the raw answer,
 * and the report is found by it.
 */
struct document_port {
	const struct document_vtable *vtable;
	void *self;
};

/* Whose question brought the report, and nobody else's to read. Plain bytes, as it outlives the request. */
struct document_owner {
	char tenant[MAX_TENANT_ID + 1]; /* "" = nobody: nothing is kept */
	struct company_key company;     /* as the tenant's record names it */
};

struct document_stats {
	uint64_t kept;
	uint64_t refused; /* no report of a kind that is kept, or too large */
	uint64_t lost;    /* no room on the disk or in memory */
};

struct document_vtable {
	/*
	 * Of an answer that stands: what came beside it, if anything did. Copies
	 * it and returns, on any thread; it is on stable storage some time later. What
	 * cannot be kept is told where faults of the process are, and costs nothing else.
	 */
	void (*keep)(void *self, const struct document_owner *owner, const struct provider_answer *answer);
	void (*stats)(void *self, struct document_stats *ret_stats);
};

#endif
