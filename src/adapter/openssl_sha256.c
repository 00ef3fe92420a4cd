/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL 3 marks this plain interface as deprecated in favour of EVP; EVP
 * keeps its state on the heap, which cannot be copied by assignment as the
 * port promises, and costs an allocation per hash.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "adapter/openssl_sha256.h"

#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= CRYPTO_SHA256_STATE, "the port's state is large enough");

static SHA256_CTX *context(struct crypto_sha256 *state)
{
	return (SHA256_CTX *)(void *)state->state;
}

void openssl_sha256_start(void *self, struct crypto_sha256 *ret_state)
{
	(void)self;
	SHA256_Init(context(ret_state));
}

void openssl_sha256_add(void *self, struct crypto_sha256 *state, struct slice bytes)
{
	(void)self;
	if (bytes.len > 0)
		SHA256_Update(context(state), bytes.ptr, bytes.len);
}

void openssl_sha256_finish(void *self, struct crypto_sha256 *state, uint8_t ret_digest[CRYPTO_SHA256_LEN])
{
	(void)self;
	SHA256_Final(ret_digest, context(state));
}

void openssl_sha256(void *self, struct slice bytes, uint8_t ret_digest[CRYPTO_SHA256_LEN])
{
	struct crypto_sha256 state;

	openssl_sha256_start(self, &state);
	openssl_sha256_add(self, &state, bytes);
	openssl_sha256_finish(self, &state, ret_digest);
}
