/* SPDX-License-Identifier: MIT */
#ifndef PORT_CRYPTO_H
#define PORT_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"

#define CRYPTO_SHA256_LEN     32
#define CRYPTO_SIGNATURE_LEN  64
#define CRYPTO_PUBLIC_KEY_LEN 32
#define CRYPTO_SHA256_STATE   128 /* room for an implementation's running state */

struct crypto_sha256 {
	_Alignas(16) unsigned char state[CRYPTO_SHA256_STATE];
};

/* Hashes, signatures, randomness. All slots are callable from any thread and hold no lock. */
struct crypto_port {
	const struct crypto_vtable *vtable;
	void *self;
};

struct crypto_vtable {
	void (*sha256)(void *self, struct slice bytes, uint8_t ret_digest[CRYPTO_SHA256_LEN]);
	/* Incremental; a started state may be copied by assignment and finished twice. */
	void (*sha256_start)(void *self, struct crypto_sha256 *ret_state);
	void (*sha256_add)(void *self, struct crypto_sha256 *state, struct slice bytes);
	void (*sha256_finish)(void *self, struct crypto_sha256 *state, uint8_t ret_digest[CRYPTO_SHA256_LEN]);
	/* Ed25519 (RFC 8032) with the installation's key. STATUS_UNAVAILABLE: no key is configured. */
	enum status (*sign)(void *self, struct slice message, uint8_t ret_signature[CRYPTO_SIGNATURE_LEN]) MUST_CHECK;
	enum status (*public_key)(void *self, uint8_t ret_key[CRYPTO_PUBLIC_KEY_LEN]) MUST_CHECK;
	void (*random)(void *self, void *ret_bytes, size_t len);             /* CSPRNG; never fails */
	bool (*equal)(void *self, const void *a, const void *b, size_t len); /* constant time */
};

#endif
