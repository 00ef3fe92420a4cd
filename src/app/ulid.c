/* SPDX-License-Identifier: MIT */
#include "ulid.h"

#include <string.h>

#include "base/base32.h"

#define KIND_LEN 3

void ulid_make(const struct crypto_port *crypto, int64_t now_ms, const char *kind, char ret_id[ULID_ID])
{
	uint8_t bytes[16];

	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)((uint64_t)now_ms >> (40 - 8 * i));
	crypto->vtable->random(crypto->self, bytes + 6, sizeof(bytes) - 6);
	memcpy(ret_id, kind, KIND_LEN);
	ret_id[KIND_LEN] = '_';
	base32_ulid(bytes, ret_id + KIND_LEN + 1);
}
