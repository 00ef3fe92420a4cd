/* SPDX-License-Identifier: MIT */
#include "base/json_out.h"

#include <string.h>

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

#define ONES UINT64_C(0x0101010101010101)
#define TOPS UINT64_C(0x8080808080808080)

/* Non-zero when one of eight bytes equals c: the classic test for a zero byte, on the bytes that remain after XOR. */
static uint64_t has_byte(uint64_t word, unsigned char c)
{
	uint64_t rest = word ^ (ONES * c);

	return (rest - ONES) & ~rest & TOPS;
}

static bool is_plain_word(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	/* a byte below 0x20 borrows from its top bit; bytes from 0x80 up are masked out */
	return !(((word - ONES * 0x20) & ~word & TOPS) | has_byte(word, '"') | has_byte(word, '\\') |
	         has_byte(word, 0x7f));
}

/* Texts are short and rarely need an escape: eight bytes at a time, the last eight overlapping. */
static bool is_plain(const char *text, size_t len)
{
	char padded[8] = {'-', '-', '-', '-', '-', '-', '-', '-'};

	if (len < sizeof(padded)) {
		memcpy(padded, text, len);
		return is_plain_word(padded);
	}
	for (size_t i = 0; i + sizeof(padded) < len; i += sizeof(padded))
		if (!is_plain_word(text + i))
			return false;
	return is_plain_word(text + len - sizeof(padded));
}

static void put_escaped(struct buf *buf, struct slice s)
{
	size_t start = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		buf_bytes(buf, s.ptr + start, i - start);
		put_escape(buf, c);
		start = i + 1;
	}
	buf_bytes(buf, s.ptr + start, s.len - start);
}

static void put_quoted(struct buf *buf, struct slice s)
{
	char *at = is_plain(s.ptr, s.len) ? buf_room(buf, s.len + 2) : NULL;

	if (at) {
		*at++ = '"';
		memcpy(at, s.ptr, s.len);
		at[s.len] = '"';
		return;
	}
	buf_char(buf, '"');
	put_escaped(buf, s);
	buf_char(buf, '"');
}

/* Member names are this program's own literals: no byte of them needs escaping. */
static void begin(struct json_out *out, const char *name)
{
	size_t len = name ? strlen(name) : 0;
	char *at = buf_room(out->buf, len + (name ? 3 : 0) + (out->comma ? 1 : 0));

	if (!at)
		return;
	if (out->comma)
		*at++ = ',';
	out->comma = true;
	if (!name)
		return;
	*at++ = '"';
	memcpy(at, name, len);
	at[len] = '"';
	at[len + 1] = ':';
}

void json_out_init(struct json_out *out, struct buf *buf)
{
	*out = (struct json_out){.buf = buf};
}

void json_out_object(struct json_out *out, const char *name)
{
	begin(out, name);
	buf_char(out->buf, '{');
	out->comma = false;
}

void json_out_object_end(struct json_out *out)
{
	buf_char(out->buf, '}');
	out->comma = true;
}

void json_out_array(struct json_out *out, const char *name)
{
	begin(out, name);
	buf_char(out->buf, '[');
	out->comma = false;
}

void json_out_array_end(struct json_out *out)
{
	buf_char(out->buf, ']');
	out->comma = true;
}

void json_out_string(struct json_out *out, const char *name, struct slice value)
{
	if (!value.ptr) {
		json_out_null(out, name);
		return;
	}
	begin(out, name);
	put_quoted(out->buf, value);
}

void json_out_cstr(struct json_out *out, const char *name, const char *value)
{
	json_out_string(out, name, slice_cstr(value));
}

void json_out_i64(struct json_out *out, const char *name, int64_t value)
{
	begin(out, name);
	buf_i64(out->buf, value);
}

void json_out_millionths(struct json_out *out, const char *name, int64_t value)
{
	begin(out, name);
	buf_millionths(out->buf, value, 6);
}

void json_out_bool(struct json_out *out, const char *name, bool value)
{
	begin(out, name);
	buf_cstr(out->buf, value ? "true" : "false");
}

void json_out_null(struct json_out *out, const char *name)
{
	begin(out, name);
	buf_cstr(out->buf, "null");
}

void json_out_raw(struct json_out *out, const char *name, struct slice json)
{
	begin(out, name);
	buf_slice(out->buf, json);
}
