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

/* Not zero when a byte of the word needs an escape. */
static uint64_t marks_of(uint64_t word)
{
	return word8_below(word, 0x20) | word8_equal_ascii(word, '"') | word8_equal_ascii(word, '\\') |
	       word8_equal_ascii(word, 0x7f);
}

/* Texts are short and rarely need an escape: all are looked at as words, the last one overlapping. */
static bool is_plain(const char *text, size_t len)
{
	if (len < sizeof(uint64_t))
		return !marks_of(word8_load_short(text, len));
	for (size_t i = 0; i + sizeof(uint64_t) < len; i += sizeof(uint64_t))
		if (marks_of(word8_load(text + i)))
			return false;
	return !marks_of(word8_load(text + len - sizeof(uint64_t)));
}

SELDOM static void put_escaped(struct buf *buf, struct slice s)
{
	size_t start = 0;

	buf_char(buf, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (!needs_escape(c))
			continue;
		buf_bytes(buf, s.ptr + start, i - start);
		put_escape(buf, c);
		start = i + 1;
	}
	buf_bytes(buf, s.ptr + start, s.len - start);
	buf_char(buf, '"');
}

/* A text in which nothing needs an escape. */
static void put_quoted(struct buf *buf, struct slice text)
{
	char *at = buf_room(buf, text.len + 2);

	if (!at)
		return;
	at[0] = '"';
	memcpy(at + 1, text.ptr, text.len);
	at[text.len + 1] = '"';
}

void json_out_init(struct json_out *out, struct buf *buf)
{
	*out = (struct json_out){.buf = buf};
}

void json_out_put_string(struct buf *buf, struct slice value)
{
	if (!value.ptr)
		buf_bytes(buf, "null", 4);
	else if (is_plain(value.ptr, value.len))
		put_quoted(buf, value);
	else
		put_escaped(buf, value);
}

void json_out_put_word(struct buf *buf, const char *word)
{
	if (word)
		put_quoted(buf, slice_cstr(word));
	else
		buf_bytes(buf, "null", 4);
}

void json_out_put_day(struct buf *buf, int32_t day)
{
	char text[DATE_LEN];

	if (day == DATE_NONE) {
		buf_bytes(buf, "null", 4);
		return;
	}
	date_write(day, text);
	put_quoted(buf, (struct slice){text, sizeof(text)});
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
