/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#define FNV64_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV64_PRIME  UINT64_C(0x100000001b3)

uint64_t hash_fnv64(struct slice bytes)
{
	uint64_t hash = FNV64_OFFSET;

	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ (unsigned char)bytes.ptr[i]) * FNV64_PRIME;
	return hash;
}

void hash_fnv128(struct slice bytes, uint8_t ret_digest[16])
{
	unsigned __int128 prime = (unsigned __int128)1 << 88 | 0x13b;
	unsigned __int128 hash = (unsigned __int128)UINT64_C(0x6c62272e07bb0142) << 64 | UINT64_C(0x62b821756295c58d);

	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ (unsigned char)bytes.ptr[i]) * prime;
	for (int i = 15; i >= 0; i--, hash >>= 8)
		ret_digest[i] = (uint8_t)hash;
}
