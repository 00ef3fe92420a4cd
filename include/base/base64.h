/* SPDX-License-Identifier: MIT */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* RFC 4648 section 4, with padding, as HTTP authentication wants it (RFC 7617). */
void base64_put(struct buf *out, const void *bytes, size_t len);
/* RFC 4648 section 5 (URL-safe alphabet) without padding, as JOSE wants it (RFC 7515). */
void base64_url_put(struct buf *out, const void *bytes, size_t len);
/*
 * Undoes section 4 (the usual alphabet, padded), white space left out as XML Schema's base64Binary allows. False, with
 * "out" half written, when it is none or does not fit.
 */
bool base64_get(struct buf *out, struct slice text);

#endif
