/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SECRET_LINE_H
#define ADAPTER_SECRET_LINE_H

#include <stddef.h>

#include "base/status.h"

/* Where a credential is, and the header line it makes. */
struct secret_source {
	const char *header; /* "X-Api-Key" */
	const char *prefix; /* "Bearer " */
	const char *file;   /* "" = in the environment */
	const char *env;
};

/*
 * "X-Api-Key: Bearer 0123": reads the credential, one printable line whose
 * end is dropped. STATUS_FORBIDDEN: the file is open to others.
 * STATUS_NOT_FOUND: no such file or variable. STATUS_INVALID: no such line.
 * STATUS_TOO_LARGE. The caller wipes ret_line.
 */
enum status secret_line_read(const struct secret_source *source, char *ret_line, size_t cap) MUST_CHECK;
/* The credential alone; header and prefix are not used. */
enum status secret_read(const struct secret_source *source, char *ret_text, size_t cap) MUST_CHECK;

#endif
