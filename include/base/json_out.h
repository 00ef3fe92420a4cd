/* SPDX-License-Identifier: MIT */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Writes one JSON text (RFC 8259) into a bounded buffer, in the order of the
 * calls, without a tree: the answer and the decision record are written once
 * and never changed. Commas are placed by the writer. name == NULL inside an
 * array; otherwise it is this program's own and needs no escape. Control
 * bytes, quotes and backslashes of values are escaped; other bytes go through
 * as they are, so strings must be valid UTF-8 already.
 *
 * What comes before a value is written inline: the compiler then knows the
 * length of a literal name and the name costs a few stores.
 */
#define JSON_OUT_INLINE static inline __attribute__((always_inline))

struct json_out {
	struct buf *buf;
	bool comma; /* the next element needs one before it */
};

void json_out_init(struct json_out *out, struct buf *buf);

/* The values alone, behind json_out_room() and in the functions below. */
void json_out_put_string(struct buf *buf, struct slice value);
void json_out_put_word(struct buf *buf, const char *word);
void json_out_put_day(struct buf *buf, int32_t day);
void json_out_put_instant(struct buf *buf, int64_t ms, bool with_ms);

/* Comma and name of the next element (an item has none), and behind them len bytes for its value; NULL: no room. */
JSON_OUT_INLINE char *json_out_room(struct json_out *out, struct slice name, size_t len)
{
	char *at = buf_room(out->buf, name.len + (name.ptr ? 3 : 0) + (out->comma ? 1 : 0) + len);

	if (!at)
		return NULL;
	if (out->comma)
		*at++ = ',';
	out->comma = true;
	if (!name.ptr)
		return at;
	*at++ = '"';
	memcpy(at, name.ptr, name.len);
	memcpy(at + name.len, "\":", 2);
	return at + name.len + 2;
}

JSON_OUT_INLINE void json_out_begin(struct json_out *out, const char *name)
{
	(void)json_out_room(out, (struct slice){name, name ? strlen(name) : 0}, 0);
}

/* A value that is these bytes. */
JSON_OUT_INLINE void json_out_bytes(struct json_out *out, const char *name, const char *bytes, size_t len)
{
	char *at = json_out_room(out, (struct slice){name, name ? strlen(name) : 0}, len);

	if (at)
		memcpy(at, bytes, len);
}

JSON_OUT_INLINE void json_out_object(struct json_out *out, const char *name)
{
	json_out_bytes(out, name, "{", 1);
	out->comma = false;
}

static inline void json_out_object_end(struct json_out *out)
{
	buf_char(out->buf, '}');
	out->comma = true;
}

JSON_OUT_INLINE void json_out_array(struct json_out *out, const char *name)
{
	json_out_bytes(out, name, "[", 1);
	out->comma = false;
}

static inline void json_out_array_end(struct json_out *out)
{
	buf_char(out->buf, ']');
	out->comma = true;
}

/* The absent slice is written as null, an empty one as "". */
JSON_OUT_INLINE void json_out_string(struct json_out *out, const char *name, struct slice value)
{
	json_out_begin(out, name);
	json_out_put_string(out->buf, value);
}

JSON_OUT_INLINE void json_out_cstr(struct json_out *out, const char *name, const char *value)
{
	json_out_begin(out, name);
	json_out_put_string(out->buf, slice_cstr(value));
}

JSON_OUT_INLINE void json_out_i64(struct json_out *out, const char *name, int64_t value)
{
	json_out_begin(out, name);
	buf_i64(out->buf, value);
}

/* millionths/1e6 with six places: 2400 is 0.002400. */
JSON_OUT_INLINE void json_out_millionths(struct json_out *out, const char *name, int64_t value)
{
	json_out_begin(out, name);
	buf_millionths(out->buf, value, 6);
}

JSON_OUT_INLINE void json_out_bool(struct json_out *out, const char *name, bool value)
{
	if (value)
		json_out_bytes(out, name, "true", 4);
	else
		json_out_bytes(out, name, "false", 5);
}

JSON_OUT_INLINE void json_out_null(struct json_out *out, const char *name)
{
	json_out_bytes(out, name, "null", 4);
}

/* A word or sentence of this program's own, in which nothing needs an escape; NULL is written as null. */
JSON_OUT_INLINE void json_out_word(struct json_out *out, const char *name, const char *word)
{
	size_t len = word ? strlen(word) : 0;
	char *at;

	if (!word) {
		json_out_null(out, name);
		return;
	}
	at = json_out_room(out, (struct slice){name, name ? strlen(name) : 0}, len + 2);
	if (!at)
		return;
	at[0] = '"';
	memcpy(at + 1, word, len);
	at[len + 1] = '"';
}

/* "2026-11-21"; DATE_NONE is written as null. */
JSON_OUT_INLINE void json_out_day(struct json_out *out, const char *name, int32_t day)
{
	json_out_begin(out, name);
	json_out_put_day(out->buf, day);
}

/* "2026-11-21T18:00:00Z", or with three decimals. */
JSON_OUT_INLINE void json_out_instant(struct json_out *out, const char *name, int64_t ms, bool with_ms)
{
	json_out_begin(out, name);
	json_out_put_instant(out->buf, ms, with_ms);
}

/* Bytes that are JSON already. */
JSON_OUT_INLINE void json_out_raw(struct json_out *out, const char *name, struct slice json)
{
	json_out_begin(out, name);
	buf_slice(out->buf, json);
}

#endif
