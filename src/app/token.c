/* SPDX-License-Identifier: MIT */
#include "token.h"

#include "base/base64.h"
#include "base/json_out.h"

#define PAYLOAD_CAP 2048
#define TOKEN_CAP   (PAYLOAD_CAP / 3 * 4 + 256)

/* {"alg":"EdDSA","typ":"JWT"} */
static const char header[] = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9";

static void put_payload(struct buf *buf, const struct caller *caller, const struct checkout_req *req,
                        const struct checkout_res *res)
{
	struct json_out out;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_cstr(&out, "iss", "bonigate");
	json_out_string(&out, "aud", caller->tenant);
	json_out_cstr(&out, "jti", res->decision_id);
	json_out_cstr(&out, "sub", res->key.text);
	json_out_bool(&out, "livemode", caller->livemode);
	json_out_cstr(&out, "outcome", outcome_name(res->decision->outcome));
	json_out_string(&out, "order_ref", req->order.ref);
	json_out_i64(&out, "amount", req->order.amount);
	json_out_cstr(&out, "currency", req->order.currency.code);
	json_out_array(&out, "methods");
	for (int i = 0; i < res->decision->method_count; i++)
		if (res->decision->methods[i].allowed)
			json_out_cstr(&out, NULL, res->decision->methods[i].rule->id);
	json_out_array_end(&out);
	json_out_i64(&out, "iat", res->at_ms / 1000);
	json_out_i64(&out, "exp", res->valid_until_ms / 1000);
	json_out_object_end(&out);
}

enum status token_make(const struct checkout_ports *ports, const struct caller *caller, const struct checkout_req *req,
                       struct arena *arena, struct checkout_res *res)
{
	struct buf payload, token;
	uint8_t signature[CRYPTO_SIGNATURE_LEN];
	char *payload_mem = arena_bytes(arena, PAYLOAD_CAP);
	char *token_mem = arena_bytes(arena, TOKEN_CAP);
	enum status status;

	if (!payload_mem || !token_mem)
		return STATUS_NO_MEMORY;
	buf_init(&payload, payload_mem, PAYLOAD_CAP);
	buf_init(&token, token_mem, TOKEN_CAP);
	put_payload(&payload, caller, req, res);
	buf_cstr(&token, header);
	buf_char(&token, '.');
	base64_url_put(&token, payload.ptr, payload.len);
	if (payload.overflow)
		return STATUS_TOO_LARGE;
	status = ports->crypto.vtable->sign(ports->crypto.self, buf_view(&token), signature);
	if (status)
		return status;
	buf_char(&token, '.');
	base64_url_put(&token, signature, sizeof(signature));
	if (token.overflow)
		return STATUS_TOO_LARGE;
	res->token = buf_view(&token);
	return STATUS_OK;
}
