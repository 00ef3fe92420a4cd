/* SPDX-License-Identifier: MIT */
#include "base/base32.h"

#include <endian.h>
#include <string.h>

/* 128 bits fill 25.6 characters: the first one carries only 3 bits. */
void base32_ulid(const uint8_t bytes[16], char ret_text[27])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t high, low;

	memcpy(&high, bytes, sizeof(high));
	memcpy(&low, bytes + sizeof(high), sizeof(low));
	high = be64toh(high);
	low = be64toh(low);
	for (int i = 25; i >= 0; i--) {
		ret_text[i] = alphabet[low & 31];
		low = low >> 5 | high << 59;
		high >>= 5;
	}
	ret_text[26] = '\0';
}
