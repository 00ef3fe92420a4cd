/* SPDX-License-Identifier: MIT */
#include "ask.h"

#define BODY_BYTES 4096

void ask_body(struct buf *body, struct json_out *ret_out, struct arena *arena)
{
	char *mem = arena_bytes(arena, BODY_BYTES);

	buf_init(body, mem, mem ? BODY_BYTES : 0);
	json_out_init(ret_out, body);
}

enum status ask_get(const struct buf *url, struct slice secret, bool repeatable, struct http_request *ret_request)
{
	if (url->overflow)
		return STATUS_TOO_LARGE;
	*ret_request = (struct http_request){.method = HTTP_GET,
	                                     .url = buf_view(url),
	                                     .headers = {SLICE_LIT("Accept: application/json")},
	                                     .header_count = 1,
	                                     .secret = secret,
	                                     .repeatable = repeatable};
	return STATUS_OK;
}

enum status ask_post(const struct buf *url, const struct buf *body, struct slice secret, bool repeatable,
                     struct http_request *ret_request)
{
	enum status status = body->overflow ? STATUS_TOO_LARGE : ask_get(url, secret, repeatable, ret_request);

	if (status != STATUS_OK)
		return status;
	ret_request->method = HTTP_POST;
	ret_request->content_type = SLICE_LIT("application/json");
	ret_request->body = buf_view(body);
	return STATUS_OK;
}

enum status ask_free(enum status status, struct http_request *request)
{
	request->free = status == STATUS_OK;
	return status;
}

enum status ask_token(const struct http_reply *reply, const char *name, struct arena *arena,
                      struct provider_login *ret_login)
{
	json_t *root = answer_tree(reply, arena), *token = json_object_get(root, name);
	struct slice text = {json_string_value(token), json_string_length(token)};

	if (reply->code == 400 || reply->code == 401 || reply->code == 403)
		return STATUS_FORBIDDEN;
	if (reply->code != 200 && reply->code != 201)
		return STATUS_INVALID;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
			return STATUS_INVALID;
	}
	return text.len && slice_copy(text, ret_login->token, sizeof(ret_login->token)) ? STATUS_OK : STATUS_INVALID;
}
