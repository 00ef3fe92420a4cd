/* SPDX-License-Identifier: MIT */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

#include "base/buf.h"

/* RFC 4648 section 5 (URL-safe alphabet) without padding, as JOSE wants it (RFC 7515). */
void base64_url_put(struct buf *out, const void *bytes, size_t len);

#endif
