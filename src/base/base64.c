/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdbool.h>
#include <stdint.h>

/* In groups of up to three bytes; "pad" fills the last one up. */
static void put(struct buf *out, const void *bytes, size_t len, const char alphabet[static 64], bool pad)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i += 3) {
		size_t rest = len - i < 3 ? len - i : 3;
		uint32_t group = (uint32_t)p[i] << 16 | (rest > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
		                 (rest > 2 ? p[i + 2] : 0);
		char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
		                alphabet[group & 63]};

		buf_bytes(out, text, rest + 1);
		for (size_t missing = rest; pad && missing < 3; missing++)
			buf_char(out, '=');
	}
}

void base64_put(struct buf *out, const void *bytes, size_t len)
{
	put(out, bytes, len, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true);
}

void base64_url_put(struct buf *out, const void *bytes, size_t len)
{
	put(out, bytes, len, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false);
}

/* 0 to 63, or -1. */
static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_get(struct buf *out, struct slice text)
{
	uint32_t group = 0;
	unsigned have = 0, padding = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		int six = sextet(c);

		if (c == ' ' || (c >= '\t' && c <= '\r'))
			continue;
		padding += c == '=';
		/* Padding ends it, and stands for the last one or two of four. */
		if ((six < 0 && (c != '=' || have < 2)) || (six >= 0 && padding))
			return false;
		group = group << 6 | (uint32_t)(six < 0 ? 0 : six);
		if (++have < 4)
			continue;
		for (unsigned byte = 0; byte < 3 - padding; byte++)
			buf_char(out, (char)(group >> (16 - 8 * byte) & 0xff));
		have = 0;
	}
	return have == 0 && !out->overflow;
}
