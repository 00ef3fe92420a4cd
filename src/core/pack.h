/* SPDX-License-Identifier: MIT */
#ifndef SRC_CORE_PACK_H
#define SRC_CORE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * The parts that packed bytes are made of, numbers little-endian. Defined
 * here: every decision unpacks what is known of its company.
 */

/*
 * The writers return where to write next; whoever calls them has asserted
 * that the sum of all maxima fits. Compilers make one store of the bytes.
 */
static inline unsigned char *pack_put_u16(unsigned char *to, uint16_t value)
{
	to[0] = (unsigned char)value;
	to[1] = (unsigned char)(value >> 8);
	return to + 2;
}

static inline unsigned char *pack_put_u32(unsigned char *to, uint32_t value)
{
	to[0] = (unsigned char)value;
	to[1] = (unsigned char)(value >> 8);
	to[2] = (unsigned char)(value >> 16);
	to[3] = (unsigned char)(value >> 24);
	return to + 4;
}

static inline unsigned char *pack_put_u64(unsigned char *to, uint64_t value)
{
	return pack_put_u32(pack_put_u32(to, (uint32_t)value), (uint32_t)(value >> 32));
}

/* u16 length and bytes; the text is shorter than 64 KiB. */
static inline unsigned char *pack_put_text(unsigned char *to, const char *text)
{
	size_t len = strlen(text);

	to = pack_put_u16(to, (uint16_t)len);
	memcpy(to, text, len);
	return to + len;
}

static inline uint32_t pack_get_u32(const unsigned char *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static inline uint64_t pack_get_u64(const unsigned char *from)
{
	return (uint64_t)pack_get_u32(from) | (uint64_t)pack_get_u32(from + 4) << 32;
}

/* What is left to read; ok turns false for good when a read goes beyond the end. */
struct pack_reader {
	const unsigned char *at;
	size_t left;
	bool ok;
};

static inline const unsigned char *pack_take(struct pack_reader *reader, size_t len)
{
	const unsigned char *at = reader->at;

	if (!reader->ok || reader->left < len) {
		reader->ok = false;
		return NULL;
	}
	reader->at += len;
	reader->left -= len;
	return at;
}

static inline unsigned pack_take_u8(struct pack_reader *reader)
{
	const unsigned char *at = pack_take(reader, 1);

	return at ? *at : 0;
}

/* dst is zeroed; a NUL inside would silently shorten the text. */
static inline void pack_take_chars(struct pack_reader *reader, size_t len, char *dst, size_t cap)
{
	const unsigned char *at = pack_take(reader, len);

	if (!at || len >= cap || memchr(at, '\0', len)) {
		reader->ok = false;
		return;
	}
	memcpy(dst, at, len);
}

static inline void pack_take_text(struct pack_reader *reader, char *dst, size_t cap)
{
	const unsigned char *at = pack_take(reader, 2);

	if (at)
		pack_take_chars(reader, (size_t)at[0] | (size_t)at[1] << 8, dst, cap);
}

#endif
