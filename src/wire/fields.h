/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_FIELDS_H
#define SRC_WIRE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_tree.h"
#include "wire/problem.h"

enum field_kind {
	FIELD_STRING,  /* struct slice, at most "max" bytes, no control characters; blank counts as absent */
	FIELD_INTEGER, /* int64_t within min..max */
	FIELD_OBJECT, /* "children" into the same target; offset of a bool that says it was there, or FIELD_NO_OFFSET */
	FIELD_STRINGS /* struct field_strings: min..MAX_METHODS distinct identifiers of at most "max" bytes */
};

#define FIELD_NO_OFFSET SIZE_MAX

/*
 * One line of a request's input table: the one place that says what is
 * accepted. Offsets are into the target struct; null counts as absent.
 */
struct field {
	struct slice name;
	enum field_kind kind;
	bool required;
	size_t offset;
	int64_t min;
	int64_t max;
	const struct field *children;
	size_t child_count;
};

/* Identifiers are [a-z0-9_]. */
struct field_strings {
	uint8_t count;
	struct slice items[MAX_METHODS];
};

/* The tree of a request's body. The errors begin empty; of what is no JSON they tell where. */
enum status fields_open(struct slice body, struct arena *arena, const struct json_node **ret_root,
                        struct field_errors *ret_errors) MUST_CHECK;
/*
 * Reads object by the table into *target; every fault is added to errors
 * with its JSON pointer. Strings borrow what those of the tree do.
 */
void fields_read(const struct json_node *object, const struct field *table, size_t count, void *target,
                 struct field_errors *errors);

#endif
