/* SPDX-License-Identifier: MIT */
#include "base/json_out.h"

#include <string.h>

#include "base/date.h"
#include "base/word8.h"

static const char hex[] = "0123456789abcdef";

static void put_escape(struct buf *buf, unsigned char c)
{
	switch (c) {
	case '"':
		buf_bytes(buf, "\\\"", 2);
		return;
	case '\\':
		buf_bytes(buf, "\\\\", 2);
		return;
	case '\n':
		buf_bytes(buf, "\\n", 2);
		return;
	case '\r':
		buf_bytes(buf, "\\r", 2);
		return;
	case '\t':
		buf_bytes(buf, "\\t", 2);
		return;
	default:
		buf_bytes(buf, "\\u00", 4);
		buf_char(buf, hex[c >> 4]);
		buf_char(buf, hex[c & 15]);
	}
}

static bool needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

/* Copies eight bytes; not zero when one of them needs an escape. */
static uint64_t copy_word(char *to, const char *text)
{
	uint64_t word = word8_load(text);

	memcpy(to, text, sizeof(word));
	return word8_below(word, 0x20) | word8_equal(word, '"') | word8_equal(word, '\\') | word8_equal(word, 0x7f);
}

/* Texts are short and rarely need an escape: looked at while they are copied, the last eight bytes overlapping. */
static bool copy_plain(char *to, const char *text, size_t len)
{
	uint64_t marks = 0;
	size_t i = 0;

	if (len < sizeof(marks)) {
		for (; i < len; i++) {
			to[i] = text[i];
			marks |= needs_escape((unsigned char)text[i]);
		}
		return !marks;
	}
	for (; i + sizeof(marks) < len; i += sizeof(marks))
		marks |= copy_word(to + i, text + i);
	return !(marks | copy_word(to + len - sizeof(marks), text + len - sizeof(marks)));
}

static void put_escaped(struct buf *buf, struct slice s)
{
	size_t start = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (!needs_escape(c))
			continue;
		buf_bytes(buf, s.ptr + start, i - start);
		put_escape(buf, c);
		start = i + 1;
	}
	buf_bytes(buf, s.ptr + start, s.len - start);
}

void json_out_init(struct json_out *out, struct buf *buf)
{
	*out = (struct json_out){.buf = buf};
}

void json_out_put_string(struct buf *buf, struct slice value)
{
	char *at;

	if (!value.ptr) {
		buf_bytes(buf, "null", 4);
		return;
	}
	at = buf_room(buf, value.len + 2);
	if (!at)
		return;
	at[0] = '"';
	at[value.len + 1] = '"';
	if (copy_plain(at + 1, value.ptr, value.len))
		return;
	buf->len -= value.len + 1;
	put_escaped(buf, value);
	buf_char(buf, '"');
}

void json_out_put_word(struct buf *buf, const char *word)
{
	size_t len = word ? strlen(word) : 0;
	char *at = word ? buf_room(buf, len + 2) : NULL;

	if (!word)
		buf_bytes(buf, "null", 4);
	if (!at)
		return;
	*at++ = '"';
	memcpy(at, word, len);
	at[len] = '"';
}

void json_out_put_day(struct buf *buf, int32_t day)
{
	if (day == DATE_NONE) {
		buf_bytes(buf, "null", 4);
		return;
	}
	buf_char(buf, '"');
	date_put(buf, day);
	buf_char(buf, '"');
}

void json_out_put_instant(struct buf *buf, int64_t ms, bool with_ms)
{
	buf_char(buf, '"');
	if (with_ms)
		date_put_instant_ms(buf, ms);
	else
		date_put_instant(buf, ms);
	buf_char(buf, '"');
}
