/* SPDX-License-Identifier: MIT */
#ifndef BASE_WORD8_H
#define BASE_WORD8_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Eight bytes of a text at once. A mark is the top bit of a byte that has
 * been asked for. The lowest mark is exact; bytes behind it may carry a mark
 * that a borrow left there, so ask for the first one, or for any.
 */
#define WORD8_ONES UINT64_C(0x0101010101010101)
#define WORD8_TOPS UINT64_C(0x8080808080808080)

/* The first byte of the text is the lowest one. */
static inline uint64_t word8_load(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return le64toh(word);
}

/*
 * A text of less than eight bytes, blanks for those it lacks, in no order
 * and some perhaps twice: for questions about any byte.
 */
static inline uint64_t word8_load_short(const char *text, size_t len)
{
	uint64_t word = WORD8_ONES * ' ';
	uint32_t first, last;

	if (len >= sizeof(first)) {
		memcpy(&first, text, sizeof(first));
		memcpy(&last, text + len - sizeof(last), sizeof(last));
		return (uint64_t)first << 32 | last;
	}
	for (size_t i = 0; i < len; i++)
		word = word << 8 | (unsigned char)text[i];
	return word;
}

/* Bytes below limit (at most 0x80). */
static inline uint64_t word8_below(uint64_t word, unsigned char limit)
{
	return (word - WORD8_ONES * limit) & ~word & WORD8_TOPS;
}

static inline uint64_t word8_equal(uint64_t word, unsigned char c)
{
	return word8_below(word ^ (WORD8_ONES * c), 1);
}

/* The same for c below 0x80: one mask then serves several questions about the word. */
static inline uint64_t word8_equal_ascii(uint64_t word, unsigned char c)
{
	return ((word ^ (WORD8_ONES * c)) - WORD8_ONES) & ~word & WORD8_TOPS;
}

/* Bytes from 0x80 up: what is not ASCII. */
static inline uint64_t word8_above(uint64_t word)
{
	return word & WORD8_TOPS;
}

/* Place of the first mark; there must be one. */
static inline size_t word8_first(uint64_t marks)
{
	return (size_t)__builtin_ctzll(marks) / 8;
}

#endif
