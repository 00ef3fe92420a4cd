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

/* Bytes below limit (at most 0x80). */
static inline uint64_t word8_below(uint64_t word, unsigned char limit)
{
	return (word - WORD8_ONES * limit) & ~word & WORD8_TOPS;
}

static inline uint64_t word8_equal(uint64_t word, unsigned char c)
{
	return word8_below(word ^ (WORD8_ONES * c), 1);
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
