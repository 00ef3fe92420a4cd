/* SPDX-License-Identifier: MIT */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/slice.h"

/*
 * Append-only bytes in a block whose maximum is fixed at birth. An append
 * that does not fit is dropped whole and sets "overflow" for good, so that
 * a writer checks once, at the end.
 */
struct buf {
	char *ptr;
	size_t len;
	size_t cap;
	bool overflow;
};

void buf_init(struct buf *buf, void *mem, size_t cap);
void buf_reset(struct buf *buf);

/* Defined here: the answer and the record are thousands of these calls, most with a length the compiler knows. */
static inline void buf_bytes(struct buf *buf, const void *bytes, size_t len)
{
	if (__builtin_expect(buf->overflow || len > buf->cap - buf->len, false)) {
		buf->overflow = true;
		return;
	}
	if (len)
		memcpy(buf->ptr + buf->len, bytes, len);
	buf->len += len;
}

/* The next len bytes, for the caller to write; NULL when they do not fit. */
static inline char *buf_room(struct buf *buf, size_t len)
{
	char *at = buf->ptr + buf->len;

	if (__builtin_expect(buf->overflow || len > buf->cap - buf->len, false)) {
		buf->overflow = true;
		return NULL;
	}
	buf->len += len;
	return at;
}

static inline void buf_slice(struct buf *buf, struct slice s)
{
	buf_bytes(buf, s.ptr, s.len);
}

static inline void buf_cstr(struct buf *buf, const char *text)
{
	buf_bytes(buf, text, strlen(text));
}

static inline void buf_char(struct buf *buf, char c)
{
	if (__builtin_expect(buf->overflow || buf->len == buf->cap, false)) {
		buf->overflow = true;
		return;
	}
	buf->ptr[buf->len++] = c;
}

/* "00" to "99": digits are written two at a time, which takes half as many divisions. */
extern const char buf_pairs[];
static inline void buf_write_pair(char *to, uint64_t below_100)
{
	memcpy(to, buf_pairs + 2 * below_100, 2);
}

void buf_u64(struct buf *buf, uint64_t value);
void buf_i64(struct buf *buf, int64_t value);
/* value/1e6 with exactly "places" (0..6) decimals, cut, not rounded. */
void buf_millionths(struct buf *buf, int64_t value, unsigned places);
void buf_hex(struct buf *buf, const void *bytes, size_t len);
struct slice buf_view(const struct buf *buf);

#endif
