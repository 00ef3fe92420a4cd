/* SPDX-License-Identifier: MIT */
#include "common_routes.h"

#include "base/base64.h"
#include "base/json_out.h"
#include "base/version.h"
#include "server.h"
#include "upkeep.h"

static bool store_answers(const struct store_port *store)
{
	uint64_t generation;

	return !store->vtable || store->vtable->generation(store->self, &generation) == STATUS_OK;
}

/* Revision 0 is that of a register that is not there. */
static bool register_answers(const struct register_port *reg)
{
	return reg->vtable && reg->vtable->revision(reg->self) != 0;
}

enum status common_health(struct call *call)
{
	const struct checkout_ports *ports = call->server->ports;
	bool store = store_answers(&ports[0].store);
	bool test = register_answers(&ports[0].reg);
	bool live = register_answers(&ports[1].reg);
	bool able = store && (test || live);
	struct json_out out;

	json_out_init(&out, &call->response.body);
	json_out_object(&out, NULL);
	json_out_cstr(&out, "status", able ? "ok" : "degraded");
	json_out_cstr(&out, "version", BONIGATE_VERSION);
	json_out_object(&out, "checks");
	json_out_bool(&out, "store", store);
	json_out_bool(&out, "register_test", test);
	json_out_bool(&out, "register_live", live);
	json_out_object_end(&out);
	json_out_object_end(&out);
	call->response.status = able ? 200 : 503;
	call->response.content_type = "application/json";
	return STATUS_OK;
}

enum status common_metrics(struct call *call)
{
	metrics_put(call->server->metrics, &call->response.body);
	upkeep_metrics(call->server, &call->response.body);
	call->response.content_type = "text/plain; version=0.0.4; charset=utf-8";
	return STATUS_OK;
}

static void put_base64(struct json_out *out, const char *name, const uint8_t *bytes, size_t len)
{
	char mem[64];
	struct buf text;

	buf_init(&text, mem, sizeof(mem));
	base64_url_put(&text, bytes, len);
	json_out_string(out, name, buf_view(&text));
}

/* RFC 7638: the hash of the required members, in this order, names the key. */
static void put_thumbprint(struct json_out *out, const struct crypto_port *crypto, const uint8_t *key)
{
	uint8_t digest[CRYPTO_SHA256_LEN];
	char mem[128];
	struct json_out members;
	struct buf text;

	buf_init(&text, mem, sizeof(mem));
	json_out_init(&members, &text);
	json_out_object(&members, NULL);
	json_out_cstr(&members, "crv", "Ed25519");
	json_out_cstr(&members, "kty", "OKP");
	put_base64(&members, "x", key, CRYPTO_PUBLIC_KEY_LEN);
	json_out_object_end(&members);
	crypto->vtable->sha256(crypto->self, buf_view(&text), digest);
	put_base64(out, "kid", digest, sizeof(digest));
}

enum status common_key_set(struct call *call)
{
	const struct crypto_port *crypto = &call->server->ports[0].crypto;
	uint8_t key[CRYPTO_PUBLIC_KEY_LEN];
	struct json_out out;

	if (crypto->vtable->public_key(crypto->self, key) != STATUS_OK)
		return STATUS_NOT_FOUND;
	json_out_init(&out, &call->response.body);
	json_out_object(&out, NULL);
	json_out_array(&out, "keys");
	json_out_object(&out, NULL);
	json_out_cstr(&out, "kty", "OKP");
	json_out_cstr(&out, "crv", "Ed25519");
	put_base64(&out, "x", key, sizeof(key));
	json_out_cstr(&out, "use", "sig");
	json_out_cstr(&out, "alg", "EdDSA");
	put_thumbprint(&out, crypto, key);
	json_out_object_end(&out);
	json_out_array_end(&out);
	json_out_object_end(&out);
	call->response.content_type = "application/json";
	return STATUS_OK;
}
