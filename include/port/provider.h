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
	struct slice pointer; /* JSON pointer, or the path of elements in XML */
	struct slice text;    /* as answered; absent = not there */
	enum fact_id fact;    /* FACT_NONE: part of the company's identity */
	int64_t value;        /* of the fact, in its unit */
	const char *fault;    /* static: why it is not used; NULL = used */
};

#define PROVIDER_FIELDS    (MAX_PROVIDER_FACTS + 16)
#define PROVIDER_REFERENCE 64
#define PROVIDER_STEP_REF  96
#define PROVIDER_EXCHANGES 8 /* most of one inquiry between two waits, logins not counted */

/*
 * Where an inquiry of several exchanges stands. Plain bytes, because a report
 * that takes minutes outlives the process that ordered it. Zeroed = at its beginning.
 */
struct provider_step {
	uint8_t number;                  /* the codec's own count */
	char ref[PROVIDER_STEP_REF + 1]; /* the provider's name of what was begun: a company, a job, a report */
};

/* What a decoded reply leads to. */
enum provider_turn {
	PROVIDER_ENDS,    /* the outcome stands */
	PROVIDER_GOES_ON, /* the step "next" at once */
	PROVIDER_WAITS /* the step "next", not before wait_ms: told as SOURCE_UNAVAILABLE, to be begun anew from there
	                */
};

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
	uint8_t raw_sha256[32];       /* of the bodies of all replies, one behind the other; zero without one */
	struct slice raw;             /* of the last reply */
	struct slice attachment;      /* a report to keep, as it came beside the answer; absent = none */
	struct slice attachment_type; /* "application/pdf" */
	char reference[PROVIDER_REFERENCE + 1]; /* the provider's own proof of the inquiry, "" = none */
	enum http_end end;
	int http_code;
	uint32_t tries;
	int64_t took_ns;
	struct provider_field fields[PROVIDER_FIELDS];
	size_t field_count;
	enum provider_turn turn; /* told: PROVIDER_ENDS or PROVIDER_WAITS */
	struct provider_step next;
	int64_t wait_ms;
	const struct subject *subject; /* told with PROVIDER_WAITS: whom it is about */
};

/* Told exactly once, on any thread, perhaps before begin() returns. Must not block. */
struct provider_done {
	void (*tell)(void *ctx, const struct provider_answer *answer);
	void *ctx;
};

struct provider_vtable {
	/*
	 * Asks without waiting, from the step on that an answer told
	 * (PROVIDER_WAITS), NULL = from the beginning. Both are copied. The answer comes at the
	 * deadline or the provider's own time-outs at the latest.
	 */
	void (*begin)(void *self, const struct subject *subject, const struct provider_step *from,
	              struct deadline deadline, struct provider_done done);
	void (*stats)(void *self, struct http_stats *ret_stats);
};

/* Credentials that stand in more than one header line, by name: "client_id", "password". Never printed. */
#define PROVIDER_SECRETS     4
#define PROVIDER_SECRET_NAME 24

struct provider_secrets {
	struct {
		char name[PROVIDER_SECRET_NAME + 1];
		char value[MAX_SECRET + 1];
	} items[PROVIDER_SECRETS];
	size_t count;
};

/* What one exchange is made from. */
struct provider_question {
	struct slice base; /* address that every URL begins with */
	const struct subject *subject;
	struct provider_step step;
	const struct provider_secrets *secrets; /* never NULL */
	struct slice token;                     /* of the login; absent without one */
	int64_t now_ms;
	uint8_t nonce[16]; /* another one for each exchange */
};

/* What a login gave. */
struct provider_login {
	char token[MAX_SECRET + 1];
	int64_t lifetime_ms;
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
	 * The exchange of this step, in the arena. STATUS_INVALID: the subject or
	 * the credentials have not what it takes; *ret_why says what is missing.
	 */
	enum status (*encode)(const void *self, const struct provider_question *question, struct arena *arena,
	                      struct http_request *ret_request, const char **ret_why) MUST_CHECK;
	/*
	 * Reads an answered reply, whatever its bytes. *answer comes as
	 * SOURCE_UNAVAILABLE that ends, with facts that name source 0 and what the
	 * exchanges before it have set; outcome, detail, verdict, facts, as_of, reference and fields are
	 * set, or the turn. Facts set before a wait are lost.
	 */
	void (*decode)(const void *self, const struct provider_question *question, const struct http_reply *reply,
	               struct arena *arena, struct provider_answer *answer);
	/*
	 * NULL: there is no login. The exchange that gives the token of all others;
	 * it is kept for its lifetime and fetched anew once when a call is answered 401.
	 */
	enum status (*encode_login)(const void *self, const struct provider_question *question, struct arena *arena,
	                            struct http_request *ret_request, const char **ret_why) MUST_CHECK;
	/* STATUS_FORBIDDEN: the credentials are not taken; STATUS_INVALID: no token in it. */
	enum status (*decode_login)(const void *self, const struct http_reply *reply, struct arena *arena,
	                            struct provider_login *ret_login) MUST_CHECK;
};

#endif
