/* SPDX-License-Identifier: MIT */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv). For ids and tables of
 * trusted size; not against an adversary: where a collision would hurt, the
 * full key stands beside the hash and is compared.
 */
uint64_t hash_fnv64(struct slice bytes);
void hash_fnv128(struct slice bytes, uint8_t ret_digest[16]);

#endif
