/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_HTML_FORM_H
#define SRC_WIRE_HTML_FORM_H

#include <stddef.h>

#include "base/buf.h"
#include "core/reason.h"
#include "wire/problem.h"

/* A labelled input of a page without scripts. */
struct html_input {
	const char *name;
	const char *label[LANG_COUNT];
	const char *attributes; /* " required"; markup of ours */
	size_t offset;          /* of its struct slice in the form's values */
};

struct html_form {
	const struct html_input *inputs;
	size_t count;
	const void *values;                /* as they were typed; may be anything */
	const struct field_errors *errors; /* NULL: none. "/company/city" and "/city" name the same input */
};

/* Each input with its label and value, the refused ones marked for screen readers too. */
void html_form_inputs(struct buf *out, const struct html_form *form, enum lang lang);
/* What is refused, and why. */
void html_form_errors(struct buf *out, const struct html_form *form, enum lang lang);

#endif
