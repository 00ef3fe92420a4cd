/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_ASK_H
#define SRC_WIRE_ASK_H

#include "answer.h"
#include "base/json_out.h"

/* What the encoders of JSON providers share. Addresses are made by answer_url(). */

/* An empty JSON body in the arena, open for writing. */
void ask_body(struct buf *body, struct json_out *ret_out, struct arena *arena);
/* An exchange that wants JSON. The secret is its credential line, absent when the service has one of its own. */
enum status ask_get(const struct buf *url, struct slice secret, bool repeatable,
                    struct http_request *ret_request) MUST_CHECK;
enum status ask_post(const struct buf *url, const struct buf *body, struct slice secret, bool repeatable,
                     struct http_request *ret_request) MUST_CHECK;
/* The same exchange as one that costs nothing: a login, or what was paid for when it was ordered. */
enum status ask_free(enum status status, struct http_request *request) MUST_CHECK;
/* A token that a login gives under this name. STATUS_FORBIDDEN, STATUS_INVALID as decode_login(). */
enum status ask_token(const struct http_reply *reply, const char *name, struct arena *arena,
                      struct provider_login *ret_login) MUST_CHECK;

#endif
