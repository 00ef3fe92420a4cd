/* SPDX-License-Identifier: MIT */
#ifndef CLI_FILL_H
#define CLI_FILL_H

#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

struct fill {
	const char *name;
	const char *value;
};

/*
 * Appends text to out with every @NAME@ of the list replaced by its value.
 * STATUS_INVALID: a @NAME@ (capitals and _) that is not in the list.
 * STATUS_TOO_LARGE: out is full.
 */
enum status fill_text(struct slice text, const struct fill *list, size_t count, struct buf *out) MUST_CHECK;

#endif
