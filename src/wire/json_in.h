/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_IN_H
#define SRC_WIRE_JSON_IN_H

#include <jansson.h>

#include "base/arena.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"

/* Where and why a text is no JSON we accept. */
struct json_in_error {
	char pointer[MAX_POINTER + 1]; /* RFC 6901, of the innermost element begun; "" = the whole */
	const char *code;              /* static: "invalid_json", "duplicate_key", "invalid_encoding", ... */
};

/*
 * Parses one JSON text whose every allocation comes from the arena: the tree
 * must not be released, it goes with arena_reset(). Duplicate keys, NUL,
 * invalid UTF-8, and anything behind the value are refused.
 * STATUS_INVALID fills ret_error; STATUS_TOO_LARGE: more elements than the
 * arena holds.
 */
enum status json_in_parse(struct slice text, struct arena *arena, json_t **ret_root,
                          struct json_in_error *ret_error) MUST_CHECK;

#endif
