/* SPDX-License-Identifier: MIT */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Writes one JSON text (RFC 8259) into a bounded buffer, in the order of the
 * calls, without a tree: the answer and the decision record are written once
 * and never changed. Commas are placed by the writer. name == NULL inside an
 * array. Control bytes, quotes and backslashes are escaped; other bytes go
 * through as they are, so strings must be valid UTF-8 already.
 */
struct json_out {
	struct buf *buf;
	bool comma; /* the next element needs one before it */
};

void json_out_init(struct json_out *out, struct buf *buf);
void json_out_object(struct json_out *out, const char *name);
void json_out_object_end(struct json_out *out);
void json_out_array(struct json_out *out, const char *name);
void json_out_array_end(struct json_out *out);
/* The absent slice is written as null, an empty one as "". */
void json_out_string(struct json_out *out, const char *name, struct slice value);
void json_out_cstr(struct json_out *out, const char *name, const char *value);
void json_out_i64(struct json_out *out, const char *name, int64_t value);
/* millionths/1e6 with six places: 2400 is 0.002400. */
void json_out_millionths(struct json_out *out, const char *name, int64_t value);
void json_out_bool(struct json_out *out, const char *name, bool value);
void json_out_null(struct json_out *out, const char *name);
/* Bytes that are JSON already. */
void json_out_raw(struct json_out *out, const char *name, struct slice json);

#endif
