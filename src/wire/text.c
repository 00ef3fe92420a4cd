/* SPDX-License-Identifier: MIT */
#include "text.h"

size_t text_sequence(const unsigned char *p, size_t left)
{
	unsigned char lead = p[0];
	size_t len = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((lead == 0xe0 && p[1] < 0xa0) || (lead == 0xed && p[1] > 0x9f) || (lead == 0xf0 && p[1] < 0x90) ||
	    (lead == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

bool text_is_utf8(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t step;

	for (size_t i = 0; i < text.len; i += step) {
		step = text_sequence(p + i, text.len - i);
		if (step == 0)
			return false;
	}
	return true;
}
