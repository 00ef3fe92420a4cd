/* SPDX-License-Identifier: MIT */
#ifndef PORT_PANEL_H
#define PORT_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/maxima.h"
#include "base/status.h"
#include "core/facts.h"
#include "core/source_rules.h"
#include "core/subject.h"
#include "port/document.h"
#include "port/http.h"
#include "port/inquiry.h"

/* As many as a record can name sources of beside the register's. */
#define PANEL_PROVIDERS 8

/* All providers of an installation, asked together. */
struct panel_port {
	const struct panel_vtable *vtable;
	void *self;
};

struct panel_stats {
	char id[MAX_SOURCE_ID + 1];
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
	/* Whose the report is that comes with an answer asked for now; NULL = it is not kept. */
	const struct document_owner *owner;
};

struct panel_reply {
	bool proven;  /* an answer is shown by an identifier to be the company's and holds a fact */
	bool stale;   /* what an older answer says was used, and is asked for again */
	bool lacking; /* one that the rules require has said nothing that counts */
};

/* What came of going on with an inquiry. */
struct panel_resumed {
	enum {
		PANEL_WAITS,    /* for the report, or for the provider */
		PANEL_ANSWERED, /* remembered; the list keeps it until every process is sure to see that */
		PANEL_CLOSED    /* no longer on the list: the answer is remembered, or none will come */
	} state;
	enum source_state outcome;
	const char *detail; /* static English sentence */
	uint32_t polls;
	enum status stored; /* how the list took it; anything but OK: it is due again when the lease ends */
};

/* Told exactly once, on any thread, perhaps before resume() returns. Must not block. */
struct panel_resumed_done {
	void (*tell)(void *ctx, const struct panel_resumed *resumed);
	void *ctx;
};

/* How it stands with one provider when nobody waits for it. */
enum panel_standing {
	PANEL_FRESH, /* its word is at hand and need not be asked for */
	PANEL_ASKED, /* a question is under way */
	PANEL_DOWN   /* it failed just now and is left alone; nothing usable is at hand */
};

struct panel_source {
	char id[MAX_SOURCE_ID + 1];
	enum panel_standing standing;
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
	/*
	 * Goes on with an inquiry that was taken from the list: its answer is
	 * remembered where consult() looks, and the list changed to what comes next. A
	 * provider that does not answer is asked again with growing pauses; after
	 * INQUIRY_MAX_AGE_MS, or when it no longer knows of the report, the inquiry
	 * ends as unavailable. The key and the inquiry are copied. STATUS_NOT_FOUND: the panel has no
	 * such provider; nothing is told.
	 */
	enum status (*resume)(void *self, struct slice key, const struct inquiry *inquiry, struct deadline deadline,
	                      struct panel_resumed_done done) MUST_CHECK;
	/*
	 * Asks whom consult() would ask, and does not wait: for a buyer who may
	 * come. "facts" is what is known so far. *ret_count of PANEL_PROVIDERS
	 * sources. STATUS_FULL: too many
	 * questions are under way already; those of buyers come first, so nobody is asked.
	 */
	enum status (*prefetch)(void *self, const struct panel_question *question, const struct facts *facts,
	                        struct arena *arena, struct panel_source ret_sources[PANEL_PROVIDERS],
	                        size_t *ret_count) MUST_CHECK;
	/* Whether there is nobody to ask at the moment; NULL = there always is somebody. */
	bool (*is_empty)(void *self);
	/* Whether anybody has to say something of a company known so far by these facts; NULL = perhaps. */
	bool (*concerns)(void *self, const struct facts *facts);
	/* Of the provider with this index; false behind the last. */
	bool (*stats)(void *self, size_t index, struct panel_stats *ret_stats);
};

#endif
