/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_PATH_H
#define SRC_WIRE_JSON_PATH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/maxima.h"
#include "base/slice.h"

/* Where and why a text is no JSON we accept. */
struct json_in_error {
	char pointer[MAX_POINTER + 1]; /* RFC 6901, of the innermost element begun; "" = the whole */
	const char *code;              /* static: "invalid_json", "duplicate_key", "invalid_encoding", ... */
};

/*
 * The JSON pointer of the element a (broken) JSON text has reached after
 * "position" bytes. The parser tells an offset only; a shop developer wants
 * the field. Never fails: what cannot be followed ends the pointer there.
 */
void json_path_at(struct slice text, size_t position, char ret_pointer[MAX_POINTER + 1]);
/* Appends a key to a pointer: "~" and "/" escaped (RFC 6901); bytes outside printable ASCII become "?". */
void json_path_key(struct buf *pointer, struct slice key);

#endif
