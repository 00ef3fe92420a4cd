/* SPDX-License-Identifier: MIT */
#include "fake_crypto.h"

#include <sodium.h>
#include <string.h>

#include "adapter/openssl_sha256.h"

static const unsigned char seed[crypto_sign_SEEDBYTES] = {
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
        0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
};

static void keypair(unsigned char public[crypto_sign_PUBLICKEYBYTES], unsigned char secret[crypto_sign_SECRETKEYBYTES])
{
	crypto_sign_seed_keypair(public, secret, seed);
}

static enum status sign(void *self, struct slice message, uint8_t ret_signature[CRYPTO_SIGNATURE_LEN])
{
	const struct fake_crypto *crypto = self;
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];

	if (crypto->no_key)
		return STATUS_UNAVAILABLE;
	keypair(public, secret);
	crypto_sign_detached(ret_signature, NULL, (const unsigned char *)message.ptr, message.len, secret);
	return STATUS_OK;
}

static enum status public_key(void *self, uint8_t ret_key[CRYPTO_PUBLIC_KEY_LEN])
{
	const struct fake_crypto *crypto = self;
	unsigned char secret[crypto_sign_SECRETKEYBYTES];

	if (crypto->no_key)
		return STATUS_UNAVAILABLE;
	keypair(ret_key, secret);
	return STATUS_OK;
}

static void count_up(void *self, void *ret_bytes, size_t len)
{
	struct fake_crypto *crypto = self;
	uint64_t number = crypto->counter++;
	unsigned char *bytes = ret_bytes;

	for (size_t i = len; i > 0; i--, number >>= 8)
		bytes[i - 1] = (unsigned char)(number & 0xff);
}

static bool equal(void *self, const void *a, const void *b, size_t len)
{
	(void)self;
	return memcmp(a, b, len) == 0;
}

static const struct crypto_vtable vtable = {
        .sha256 = openssl_sha256,
        .sha256_start = openssl_sha256_start,
        .sha256_add = openssl_sha256_add,
        .sha256_finish = openssl_sha256_finish,
        .sign = sign,
        .public_key = public_key,
        .random = count_up,
        .equal = equal,
};

struct crypto_port fake_crypto_port(struct fake_crypto *crypto)
{
	return (struct crypto_port){&vtable, crypto};
}
