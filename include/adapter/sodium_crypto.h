/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SODIUM_CRYPTO_H
#define ADAPTER_SODIUM_CRYPTO_H

#include "base/status.h"
#include "port/crypto.h"

/*
 * Ed25519, random bytes and constant-time compare by libsodium; SHA-256 by
 * libcrypto (adapter/openssl_sha256.h), because every decision is hashed on
 * the way to the disk and libsodium has no SHA-NI code: 1.4 kB cost 1.1 us
 * instead of 5 us on a current Xeon.
 */
struct sodium_crypto;

/*
 * Loads the installation's key: a file of exactly 32 bytes, the Ed25519 seed
 * (RFC 8032, 5.1.5), readable by its owner only. key_file NULL: no key, sign
 * answers STATUS_UNAVAILABLE. STATUS_NOT_FOUND: no such file;
 * STATUS_FORBIDDEN: others may read it, or we may not; STATUS_CORRUPT: not
 * 32 bytes. The caller closes.
 */
enum status sodium_crypto_open(const char *key_file, struct sodium_crypto **ret_crypto) MUST_CHECK;
void sodium_crypto_close(struct sodium_crypto *crypto); /* NULL is fine */
struct crypto_port sodium_crypto_port(struct sodium_crypto *crypto);

/* Writes a new random seed, mode 0600, durable. An existing file stays as it is: STATUS_OK. */
enum status sodium_crypto_create_key(const char *key_file) MUST_CHECK;

#endif
