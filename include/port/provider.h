/* SPDX-License-Identifier: MIT */
#ifndef PORT_PROVIDER_H
#define PORT_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/facts.h"
#include "core/subject.h"
#include "port/http.h"

/* A bureau or registry asked over the network. */
struct provider_port {
	const struct provider_vtable *vtable;
	void *self;
};

/* One value of an answer and what became of it, for whoever maps a provider. */
struct provider_field {
	const char *name;     /* "name", "capital" */
	struct slice pointer; /* JSON pointer, where the answer is JSON */
	struct slice text;    /* as answered; absent = not there */
	enum fact_id fact;    /* FACT_NONE: part of the company's identity */
	int64_t value;        /* of the fact, in its unit */
	const char *fault;    /* static: why it is not used; NULL = used */
};

#define PROVIDER_FIELDS    (MAX_PROVIDER_FACTS + 16)
#define PROVIDER_REFERENCE 64

/*
 * What came of one question. The four outcomes stay apart:
 *   SOURCE_ANSWER         facts on the company asked about
 *   SOURCE_NO_DATA        it has none, or none shown to be this company's
 *   SOURCE_INVALID_INPUT  it cannot be asked with what is known of the company
 *   SOURCE_UNAVAILABLE    anything else: says nothing about the company
 * Slices are valid while it is told.
 */
struct provider_answer {
	enum source_state outcome;
	const char *detail; /* static English sentence, never NULL */
	enum subject_verdict verdict;
	/* Source 0 is this provider with its outcome and day; on SOURCE_ANSWER the facts, name and address it gave. */
	struct facts facts;
	int32_t as_of;
	uint8_t raw_sha256[32]; /* of the answer's body; zero without one */
	struct slice raw;
	char reference[PROVIDER_REFERENCE + 1]; /* the provider's own proof of the inquiry, "" = none */
	enum http_end end;
	int http_code;
	uint32_t tries;
	int64_t took_ns;
	struct provider_field fields[PROVIDER_FIELDS];
	size_t field_count;
};

/* Told exactly once, on any thread, perhaps before begin() returns. Must not block. */
struct provider_done {
	void (*tell)(void *ctx, const struct provider_answer *answer);
	void *ctx;
};

struct provider_vtable {
	/*
	 * Asks without waiting. The subject is copied. The answer comes at the
	 * deadline or the provider's own time-out at the latest.
	 */
	void (*begin)(void *self, const struct subject *subject, struct deadline deadline, struct provider_done done);
	void (*stats)(void *self, struct http_stats *ret_stats);
};

/*
 * How one provider is asked and understood, without any input or output: a
 * function of bytes. It lives as long as the provider that uses it.
 */
struct provider_codec {
	const struct provider_codec_vtable *vtable;
	const void *self;
};

struct provider_codec_vtable {
	/*
	 * The question below this base address, in the arena. STATUS_INVALID: the
	 * subject has not what it takes; *ret_why says what is missing.
	 */
	enum status (*encode)(const void *self, struct slice base, const struct subject *subject, struct arena *arena,
	                      struct http_request *ret_request, const char **ret_why) MUST_CHECK;
	/*
	 * Reads an answered reply, whatever its bytes. *answer comes as
	 * SOURCE_UNAVAILABLE with facts that name source 0; outcome, detail,
	 * verdict, facts, as_of, reference and fields are set.
	 */
	void (*decode)(const void *self, const struct subject *subject, const struct http_reply *reply,
	               struct arena *arena, struct provider_answer *answer);
};

#endif
