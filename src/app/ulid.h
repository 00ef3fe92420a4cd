/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_ULID_H
#define SRC_APP_ULID_H

#include "base/maxima.h"
#include "port/crypto.h"

#define ULID_ID (MAX_DECISION_ID + 1)

/* "dec_" and a ULID: 48 bits of time, 80 bits of chance; sorts by time, cannot be guessed. Kinds have three letters. */
void ulid_make(const struct crypto_port *crypto, int64_t now_ms, const char *kind, char ret_id[ULID_ID]);

#endif
