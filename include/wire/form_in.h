/* SPDX-License-Identifier: MIT */
#ifndef WIRE_FORM_IN_H
#define WIRE_FORM_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "wire/problem.h"

/*
 * One line of a form's input table: the one place that says what is
 * accepted. The value goes to a struct slice at this offset of the target;
 * a blank one counts as absent.
 */
struct form_field {
	const char *name;
	bool required;
	size_t max; /* bytes of UTF-8 */
	size_t offset;
	bool lines; /* line breaks and tabs are allowed: a text area */
};

/*
 * Reads application/x-www-form-urlencoded (URL Standard, section 5.1) by the
 * table: unknown and repeated names, broken escapes, text that is not UTF-8,
 * control characters and over-long values are refused with a pointer
 * "/<name>" each. Decoded values, blanks cut at both ends, live in the
 * arena. STATUS_INVALID fills ret_errors; what was sound is in the target
 * all the same, so that a page can show it again.
 */
enum status form_in_read(struct slice body, const struct form_field *table, size_t count, struct arena *arena,
                         void *target, struct field_errors *ret_errors) MUST_CHECK;

/* One name or value of such a text. STATUS_INVALID: a broken %-escape, a NUL, or no UTF-8. */
enum status form_in_decode(struct slice text, struct arena *arena, struct slice *ret_value) MUST_CHECK;
/* The same for a segment of a path (RFC 3986), where "+" stands for itself. */
enum status form_in_decode_segment(struct slice text, struct arena *arena, struct slice *ret_value) MUST_CHECK;

/*
 * An amount as people write it, in minor units: "1250", "1.250,00",
 * "1,250.00", "1 250". A separator before exactly three digits groups, one
 * before one or two digits at the end is the decimal sign. False for
 * anything else, for 0, and beyond MAX_AMOUNT.
 */
bool form_in_amount(struct slice text, int64_t *ret_minor);

/* The media type without parameters is application/x-www-form-urlencoded. */
bool form_in_is_form(struct slice content_type);

#endif
