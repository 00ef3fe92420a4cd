/* SPDX-License-Identifier: MIT */
#ifndef FAKE_CRYPTO_H
#define FAKE_CRYPTO_H

#include <stdbool.h>
#include <stdint.h>

#include "port/crypto.h"

/*
 * Real hashes and signatures, but the key is always the same (the seed of
 * RFC 8032, 7.1, test 1) and "random" bytes count up from zero, so that equal
 * tests give equal bytes. Not for several threads.
 */
struct fake_crypto {
	uint64_t counter;
	bool no_key; /* sign answers STATUS_UNAVAILABLE */
};

struct crypto_port fake_crypto_port(struct fake_crypto *crypto);

#endif
