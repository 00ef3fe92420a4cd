/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_OPENSSL_SHA256_H
#define ADAPTER_OPENSSL_SHA256_H

#include "port/crypto.h"

/* The SHA-256 slots of crypto_port (FIPS 180-4), by libcrypto; "self" is not used. */
void openssl_sha256(void *self, struct slice bytes, uint8_t ret_digest[CRYPTO_SHA256_LEN]);
void openssl_sha256_start(void *self, struct crypto_sha256 *ret_state);
void openssl_sha256_add(void *self, struct crypto_sha256 *state, struct slice bytes);
void openssl_sha256_finish(void *self, struct crypto_sha256 *state, uint8_t ret_digest[CRYPTO_SHA256_LEN]);

#endif
