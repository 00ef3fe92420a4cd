/* SPDX-License-Identifier: MIT */
#ifndef WIRE_PROBLEM_H
#define WIRE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "core/reason.h"

/* One refused field: RFC 6901 pointer, machine code, English or German sentence. */
struct field_error {
	char pointer[MAX_POINTER + 1];
	const char *code;               /* static: "required", "invalid_type", "unknown_field", ... */
	const char *detail[LANG_COUNT]; /* static texts */
};

struct field_errors {
	size_t count; /* at most MAX_ERRORS are kept, the first ones */
	struct field_error items[MAX_ERRORS];
};

/* Adds one; details may be NULL: the standard text of the code is used. Pointer is copied, cut at MAX_POINTER. */
void field_errors_add(struct field_errors *errors, const char *pointer, const char *code);

/* application/problem+json of RFC 9457 with the product's own members. */
struct problem {
	int status;       /* HTTP */
	const char *code; /* "invalid_request"; the type is "urn:bonigate:problem:<code>" */
	struct slice request_id;
	const bool *livemode;              /* NULL = not known: no key was accepted yet */
	const struct field_errors *errors; /* NULL = none */
};

void problem_put(struct buf *out, const struct problem *problem, enum lang lang);

#endif
