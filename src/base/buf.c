/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

const char buf_pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243"
                         "4445464748495051525354555657585960616263646566676869707172737475767778798081828384858687"
                         "888990919293949596979899";

void buf_init(struct buf *buf, void *mem, size_t cap)
{
	*buf = (struct buf){.ptr = mem, .cap = cap};
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
}

/* 1233/4096 is just above log10(2): from the highest bit it tells the digits, or one too many. */
static size_t count_digits(uint64_t value)
{
	static const uint64_t POWERS[] = {
	        0, /* no digit less for 0 */
	        UINT64_C(10),
	        UINT64_C(100),
	        UINT64_C(1000),
	        UINT64_C(10000),
	        UINT64_C(100000),
	        UINT64_C(1000000),
	        UINT64_C(10000000),
	        UINT64_C(100000000),
	        UINT64_C(1000000000),
	        UINT64_C(10000000000),
	        UINT64_C(100000000000),
	        UINT64_C(1000000000000),
	        UINT64_C(10000000000000),
	        UINT64_C(100000000000000),
	        UINT64_C(1000000000000000),
	        UINT64_C(10000000000000000),
	        UINT64_C(100000000000000000),
	        UINT64_C(1000000000000000000),
	        UINT64_C(10000000000000000000),
	};
	size_t most = (size_t)(64 - __builtin_clzll(value | 1)) * 1233 >> 12;

	return most + (value >= POWERS[most]);
}

void buf_u64(struct buf *buf, uint64_t value)
{
	size_t at;
	char *digits;

	if (value < 10) { /* many are */
		buf_char(buf, (char)('0' + value));
		return;
	}
	at = count_digits(value);
	digits = buf_room(buf, at);
	if (!digits)
		return;
	for (; value >= 100; value /= 100) {
		at -= 2;
		buf_write_pair(digits + at, value % 100);
	}
	if (value >= 10)
		buf_write_pair(digits, value);
	else
		digits[0] = (char)('0' + value);
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
	buf_write_pair(digits, fraction / 10000);
	buf_write_pair(digits + 2, fraction / 100 % 100);
	buf_write_pair(digits + 4, fraction % 100);
	buf_char(buf, '.');
	buf_bytes(buf, digits, places < sizeof(digits) ? places : sizeof(digits));
}

void buf_hex(struct buf *buf, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	char *at = buf_room(buf, 2 * len);

	for (size_t i = 0; at && i < len; i++) {
		unsigned byte = p[i];

		at[2 * i] = digits[byte >> 4];
		at[2 * i + 1] = digits[byte & 15];
	}
}

struct slice buf_view(const struct buf *buf)
{
	return (struct slice){buf->ptr, buf->len};
}
