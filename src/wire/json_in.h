/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_IN_H
#define SRC_WIRE_JSON_IN_H

#include <jansson.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "json_path.h"

/*
 * Parses one JSON text of an operator, a provider or this program itself
 * (what a shop sends goes through json_tree.h). Every allocation comes from
 * the arena: the tree must not be released, it goes with arena_reset().
 * Duplicate keys, NUL, invalid UTF-8, and anything behind the value are
 * refused. STATUS_INVALID fills ret_error; STATUS_TOO_LARGE: more elements
 * than the arena holds.
 */
enum status json_in_parse(struct slice text, struct arena *arena, json_t **ret_root,
                          struct json_in_error *ret_error) MUST_CHECK;

#endif
