/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_MULTIPART_H
#define SRC_WIRE_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "base/status.h"

/*
 * A message of several parts as a web service sends it: multipart/related (RFC
 * 2387) with a root and what the root refers to by Content-ID (MTOM, XOP).
 * Nothing is copied: every slice is of the bytes that came.
 */
#define MULTIPART_PARTS 8

struct multipart_part {
	struct slice type;     /* "application/pdf; ..." */
	struct slice id;       /* of Content-ID, without < and > */
	struct slice encoding; /* of Content-Transfer-Encoding */
	struct slice body;
	bool whole; /* false: the message ended before the part did */
};

struct multipart {
	struct multipart_part parts[MULTIPART_PARTS];
	size_t count;
	size_t root; /* of parts: the one "start" names, else the first */
};

/* The media type before its parameters, "multipart/related". */
struct slice multipart_type(struct slice content_type);
/*
 * The value of a parameter as written, quotes taken off; a quoted value with a backslash, and what is no parameter,
 * counts as absent.
 */
struct slice multipart_parameter(struct slice content_type, const char *name);
/*
 * Takes a body apart by its content type. STATUS_INVALID: no boundary, no part, a part without the end of its head, or
 * the part that "start" names is not there; STATUS_TOO_LARGE: more than MULTIPART_PARTS.
 */
enum status multipart_parse(struct slice content_type, struct slice body, struct multipart *ret_message) MUST_CHECK;
/*
 * The part that "cid:..." leads to (RFC 2392: percent-encoded); NULL when there is none, or when its bytes do not stand
 * there as they are (base64, quoted-printable).
 */
const struct multipart_part *multipart_find(const struct multipart *message, struct slice href);

#endif
