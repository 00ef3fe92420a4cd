/* SPDX-License-Identifier: MIT */
#ifndef PORT_PANEL_H
#define PORT_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "core/facts.h"
#include "core/subject.h"
#include "port/http.h"

/* All providers of an installation, asked together. */
struct panel_port {
	const struct panel_vtable *vtable;
	void *self;
};

struct panel_stats {
	const char *id;
	uint64_t outcomes[SOURCE_UNAVAILABLE + 1]; /* answers by enum source_state */
	uint64_t joined;                           /* questions that shared another one's call */
	uint64_t shared;                           /* calls another process made for this one, too */
	uint64_t cached;                           /* questions answered from the cache */
	uint64_t late;                             /* answers that came after the one who asked had left */
	struct http_stats http;
};

struct panel_vtable {
	/*
	 * Adds what each provider says of the subject to *facts (facts_merge()):
	 * from the cache, else asked now, all at once. Returns at the deadline at
	 * the latest. Who did not answer by then becomes a source that is
	 * unavailable, goes on behind the request, and is in the cache for the
	 * next. Equal questions share one call. *ret_proven: an answer is shown by an identifier
	 * to be the company's and holds a fact.
	 */
	void (*consult)(void *self, const struct subject *subject, struct deadline deadline, struct arena *arena,
	                struct facts *facts, bool *ret_proven);
	/* Of the provider with this index; false behind the last. */
	bool (*stats)(void *self, size_t index, struct panel_stats *ret_stats);
};

#endif
