/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

void buf_init(struct buf *buf, void *mem, size_t cap)
{
	*buf = (struct buf){.ptr = mem, .cap = cap};
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
}

void buf_u64(struct buf *buf, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	for (; value >= 10; value /= 10)
		digits[--at] = (char)('0' + value % 10);
	digits[--at] = (char)('0' + value);
	buf_bytes(buf, digits + at, sizeof(digits) - at);
}

void buf_i64(struct buf *buf, int64_t value)
{
	if (value < 0)
		buf_char(buf, '-');
	buf_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void buf_millionths(struct buf *buf, int64_t value, unsigned places)
{
	uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	uint64_t fraction = magnitude % 1000000;
	char digits[6];

	if (value < 0)
		buf_char(buf, '-');
	buf_u64(buf, magnitude / 1000000);
	if (!places)
		return;
	for (size_t i = sizeof(digits); i-- > 0; fraction /= 10)
		digits[i] = (char)('0' + fraction % 10);
	buf_char(buf, '.');
	buf_bytes(buf, digits, places < sizeof(digits) ? places : sizeof(digits));
}

void buf_hex(struct buf *buf, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len; i++) {
		buf_char(buf, digits[p[i] >> 4]);
		buf_char(buf, digits[p[i] & 15]);
	}
}

struct slice buf_view(const struct buf *buf)
{
	return (struct slice){buf->ptr, buf->len};
}
