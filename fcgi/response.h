/* SPDX-License-Identifier: MIT */
#ifndef FCGI_RESPONSE_H
#define FCGI_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "exchange.h"

#define RESPONSE_MAX_HEADERS 1024

/* An answer being put together, in memory that its thread uses for one answer after the other. */
struct response {
	int status;
	const char *content_type; /* NULL: no body */
	struct buf headers;       /* whole lines, each with its line end */
	struct buf body;          /* MAX_ANSWER at most; "overflow" is checked before sending */
	int file;                 /* sent in place of the body, then closed; -1 = none */
	uint64_t file_len;        /* how much of it */
};

/* Borrows the room: RESPONSE_MAX_HEADERS and MAX_ANSWER bytes. */
void response_init(struct response *response, char *headers, char *body);
/* Drops what was written, for another answer. */
void response_reset(struct response *response);
/* Neither may hold a line break; values from outside never come here unchecked. */
void response_header(struct response *response, const char *name, struct slice value);
/* The status line text: "404 Not Found"; "500 ..." for a code that is not used here. */
const char *response_status_line(int status);
/*
 * Sends it: header fields first, then the body unless head_only (its length
 * is told all the same). False: the peer is gone.
 */
bool response_send(const struct response *response, struct exchange *exchange, bool head_only);

#endif
