/* SPDX-License-Identifier: MIT */
#ifndef PORT_PANEL_H
#define PORT_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "core/facts.h"
#include "core/source_rules.h"
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

/* Whom to ask about, and on whose terms. Borrowed until the call returns. */
struct panel_question {
	const struct subject *subject;
	const struct source_rules *rules;
	int64_t not_before_ms; /* what was said before this instant is asked for again */
};

struct panel_reply {
	bool proven;  /* an answer is shown by an identifier to be the company's and holds a fact */
	bool stale;   /* what an older answer says was used, and is asked for again */
	bool lacking; /* one that the rules require has said nothing that counts */
};

struct panel_vtable {
	/*
	 * Adds what each provider says of the subject to *facts (facts_merge()):
	 * from the cache as the rules allow, else asked now, all at once. Returns
	 * at the deadline at the latest. Who did not answer by then, and has said
	 * nothing that is still usable, becomes a source that is unavailable;
	 * the call goes on behind the request, and its answer is in the cache for the
	 * next. Equal questions share one call.
	 */
	void (*consult)(void *self, const struct panel_question *question, struct deadline deadline,
	                struct arena *arena, struct facts *facts, struct panel_reply *ret_reply);
	/* Of the provider with this index; false behind the last. */
	bool (*stats)(void *self, size_t index, struct panel_stats *ret_stats);
};

#endif
