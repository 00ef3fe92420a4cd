/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdint.h>

void base64_url_put(struct buf *out, const void *bytes, size_t len)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i += 3) {
		size_t rest = len - i < 3 ? len - i : 3;
		uint32_t group = (uint32_t)p[i] << 16 | (rest > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
		                 (rest > 2 ? p[i + 2] : 0);
		char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
		                alphabet[group & 63]};

		buf_bytes(out, text, rest + 1);
	}
}
