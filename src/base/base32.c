/* SPDX-License-Identifier: MIT */
#include "base/base32.h"

#include <endian.h>
#include <string.h>

/* The last "count" characters before "end", of the lowest bits. */
static void write_back(char *end, unsigned count, uint64_t bits)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

	for (; count; count--, bits >>= 5)
		*--end = alphabet[bits & 31];
}

/* 128 bits fill 25.6 characters: the first one carries only 3 bits. */
void base32_ulid(const uint8_t bytes[16], char ret_text[27])
{
	uint64_t high, low;

	memcpy(&high, bytes, sizeof(high));
	memcpy(&low, bytes + sizeof(high), sizeof(low));
	high = be64toh(high);
	low = be64toh(low);
	write_back(ret_text + 2, 2, high >> 56);
	write_back(ret_text + 14, 12, high << 4 | low >> 60);
	write_back(ret_text + 26, 12, low);
	ret_text[26] = '\0';
}
