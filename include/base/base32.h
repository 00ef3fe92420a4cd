/* SPDX-License-Identifier: MIT */
#ifndef BASE_BASE32_H
#define BASE_BASE32_H

#include <stddef.h>
#include <stdint.h>

/* Crockford's base 32 alphabet, upper case, as ULIDs use it. */

/* 26 characters and NUL for 16 bytes, most significant bits first. */
void base32_ulid(const uint8_t bytes[16], char ret_text[27]);

#endif
