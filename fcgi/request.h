/* SPDX-License-Identifier: MIT */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/reason.h"
#include "exchange.h"
#include "port/crypto.h"

/* What we read of one HTTP request; all slices lie in the request's arena. */
struct request {
	struct slice method;
	struct slice path;  /* REQUEST_URI up to '?', as sent: servers disagree on SCRIPT_NAME and PATH_INFO */
	struct slice query; /* behind '?', absent when there is none */
	struct slice content_type;
	struct slice content_encoding;
	struct slice authorization;
	struct slice idempotency_key; /* the header as it came */
	struct slice origin;
	struct slice host;
	struct slice remote_addr;
	struct slice request_id; /* the caller's if it is a sane token, else a new one */
	enum lang lang;          /* Accept-Language; German when it names neither */
	struct slice body;       /* after request_read_body() */

	struct slice content_length;
	const char *fault; /* code of the problem when request_read_head() refuses */
};

/*
 * Copies what the server passed on. STATUS_INVALID, STATUS_TOO_LARGE: refused
 * for ret_request->fault; request_id and lang are valid even then, so that a
 * problem can be answered.
 */
enum status request_read_head(const struct exchange *exchange, const struct crypto_port *crypto, struct arena *arena,
                              struct request *ret_request) MUST_CHECK;

/*
 * Reads the body to its end, at most MAX_BODY bytes; without a Content-Length
 * (chunked) as much as comes. STATUS_TOO_LARGE: more than that.
 * STATUS_INVALID: fault says why, also when the peer is gone half-way.
 */
enum status request_read_body(struct exchange *exchange, struct arena *arena, struct request *request) MUST_CHECK;

/*
 * The key of an Idempotency-Key header: bare, or a quoted string (RFC 8941
 * section 3.3.3). STATUS_INVALID: neither, or empty, or over
 * MAX_IDEMPOTENCY_KEY.
 */
enum status request_idempotency_key(struct slice header, struct arena *arena, struct slice *ret_key) MUST_CHECK;

/* The first query parameter of this name, decoded. STATUS_NOT_FOUND; STATUS_INVALID: form_in_decode(). */
enum status request_query(const struct request *request, const char *name, struct arena *arena,
                          struct slice *ret_value) MUST_CHECK;

/* Whether the query has parameters of these names only. */
bool request_query_has_only(const struct request *request, const char *const *names, size_t count);

/* The media type without parameters is application/json (RFC 8259). */
bool request_is_json(struct slice content_type);
/* True for a body that is packed (Content-Encoding: gzip); none of those is read. */
bool request_is_encoded(const struct request *request);
/* The language asked for by an Accept-Language header (RFC 9110 section 12.5.4). */
enum lang request_lang(struct slice accept_language);

#endif
