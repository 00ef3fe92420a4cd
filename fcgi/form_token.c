/* SPDX-License-Identifier: MIT */
#include "form_token.h"

#include "base/buf.h"
#include "base/maxima.h"

#define MAC_HEX (2 * CRYPTO_SHA256_LEN)

/* "<instant in ms>.<nonce>." and, over this and the form's key, the proof. A signature over a text is always the same.
 */
static enum status prove(const struct crypto_port *crypto, struct slice form_key, struct slice head,
                         char ret_mac[MAC_HEX])
{
	char mem[FORM_TOKEN_LEN + MAX_API_KEY + 32];
	uint8_t signature[CRYPTO_SIGNATURE_LEN], digest[CRYPTO_SHA256_LEN];
	struct buf text, mac;
	enum status status;

	buf_init(&text, mem, sizeof(mem));
	buf_cstr(&text, "bonigate-form-token:");
	buf_slice(&text, form_key);
	buf_char(&text, ':');
	buf_slice(&text, head);
	if (text.overflow)
		return STATUS_TOO_LARGE;
	status = crypto->vtable->sign(crypto->self, buf_view(&text), signature);
	if (status != STATUS_OK)
		return status;
	crypto->vtable->sha256(crypto->self, (struct slice){(const char *)signature, sizeof(signature)}, digest);
	buf_init(&mac, ret_mac, MAC_HEX);
	buf_hex(&mac, digest, sizeof(digest));
	return STATUS_OK;
}

enum status form_token_make(const struct crypto_port *crypto, struct slice form_key, int64_t now_ms,
                            char ret_token[FORM_TOKEN_LEN + 1])
{
	uint8_t nonce[FORM_TOKEN_NONCE / 2];
	char mac[MAC_HEX];
	struct buf token;
	enum status status;

	crypto->vtable->random(crypto->self, nonce, sizeof(nonce));
	buf_init(&token, ret_token, FORM_TOKEN_LEN);
	buf_i64(&token, now_ms);
	buf_char(&token, '.');
	buf_hex(&token, nonce, sizeof(nonce));
	buf_char(&token, '.');
	status = prove(crypto, form_key, buf_view(&token), mac);
	if (status != STATUS_OK)
		return status;
	buf_bytes(&token, mac, sizeof(mac));
	ret_token[token.len] = '\0';
	return STATUS_OK;
}

enum status form_token_check(const struct crypto_port *crypto, struct slice form_key, struct slice token,
                             int64_t now_ms, struct slice *ret_nonce)
{
	struct slice mac = token;
	struct slice instant = slice_cut(&mac, '.');
	struct slice nonce = slice_cut(&mac, '.');
	char proof[MAC_HEX];
	uint64_t made_ms;
	int64_t age_ms;
	enum status status;

	if (token.len > FORM_TOKEN_LEN || nonce.len != FORM_TOKEN_NONCE || mac.len != MAC_HEX ||
	    !slice_to_u64(instant, &made_ms) || made_ms > (uint64_t)now_ms)
		return STATUS_INVALID;
	status = prove(crypto, form_key, (struct slice){token.ptr, token.len - mac.len}, proof);
	if (status != STATUS_OK)
		return status;
	age_ms = now_ms - (int64_t)made_ms;
	if (!crypto->vtable->equal(crypto->self, proof, mac.ptr, MAC_HEX) ||
	    age_ms < FORM_TOKEN_LEAST_S * INT64_C(1000) || age_ms > FORM_TOKEN_MOST_S * INT64_C(1000))
		return STATUS_INVALID;
	*ret_nonce = nonce;
	return STATUS_OK;
}
