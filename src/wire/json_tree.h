/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_TREE_H
#define SRC_WIRE_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "json_path.h"

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_BOOL,
	JSON_KIND_INTEGER,
	JSON_KIND_REAL, /* well formed and within a double's range; no request wants its value */
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT
};

/* One value of a request's body. */
struct json_node {
	enum json_kind kind;
	uint32_t count; /* of items or members */
	union {
		bool truth;
		int64_t integer;
		struct slice text;
		struct json_node *first; /* item or member, in the order of the text */
	};
	struct json_node *next;      /* item or member of the same whole */
	struct slice key;            /* of a member */
	struct json_node *branch[2]; /* the members behind this one, by the bits of their keys */
};

/*
 * Reads the body of a request in one pass: one node of the arena for each
 * value, texts borrowed from the body (from the arena where they held an
 * escape), so both must outlive the tree. Refused are duplicate keys, NUL in
 * texts and keys, invalid UTF-8, half surrogate pairs, integers beyond int64,
 * more than MAX_JSON_DEPTH arrays and objects in each other, and anything
 * behind the value. STATUS_INVALID fills ret_error; STATUS_TOO_LARGE: more
 * than the arena holds.
 */
enum status json_tree_parse(struct slice text, struct arena *arena, const struct json_node **ret_root,
                            struct json_in_error *ret_error) MUST_CHECK;

/* The member of this name; NULL when there is none, or when it is no object at all. */
const struct json_node *json_tree_member(const struct json_node *object, struct slice key);

#endif
