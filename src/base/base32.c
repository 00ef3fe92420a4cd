/* SPDX-License-Identifier: MIT */
#include "base/base32.h"

/* 128 bits fill 25.6 characters: the first one carries only 3 bits. */
void base32_ulid(const uint8_t bytes[16], char ret_text[27])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned __int128 value = 0;

	for (int i = 0; i < 16; i++)
		value = value << 8 | bytes[i];
	for (int i = 25; i >= 0; i--, value >>= 5)
		ret_text[i] = alphabet[(unsigned)value & 31];
	ret_text[26] = '\0';
}
