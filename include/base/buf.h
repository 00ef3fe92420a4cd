/* SPDX-License-Identifier: MIT */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
void buf_bytes(struct buf *buf, const void *bytes, size_t len);
void buf_slice(struct buf *buf, struct slice s);
void buf_cstr(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_u64(struct buf *buf, uint64_t value);
void buf_i64(struct buf *buf, int64_t value);
/* value/1e6 with exactly "places" (0..6) decimals, cut, not rounded. */
void buf_millionths(struct buf *buf, int64_t value, unsigned places);
void buf_hex(struct buf *buf, const void *bytes, size_t len);
struct slice buf_view(const struct buf *buf);

#endif
