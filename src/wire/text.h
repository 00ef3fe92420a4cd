/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_TEXT_H
#define SRC_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* Length of the valid UTF-8 sequence at p, 0 if it is none (RFC 3629: no overlong forms, no surrogates). */
size_t text_sequence(const unsigned char *p, size_t left);
bool text_is_utf8(struct slice text);

#endif
