/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_CHAIN_HEAD_H
#define SRC_ADAPTER_CHAIN_HEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/slice.h"

/* The end of a tenant's chain: what the next record continues. */
struct chain_head {
	char tenant[MAX_TENANT_ID + 1];
	int64_t tenant_no; /* 0 = slot is free */
	uint64_t seq;      /* 0 = no record yet */
	uint8_t digest[32];
	uint32_t batch; /* the last transaction that moved it */
};

#define CHAIN_HEADS_MAX   1024
#define CHAIN_HEADS_CLEAR (CHAIN_HEADS_MAX - 2 * MAX_BATCH) /* room for a batch of strangers is always left */

/* Heads known in memory, valid as long as nobody else writes. */
struct chain_heads {
	size_t count;
	struct chain_head slot[CHAIN_HEADS_MAX];
};

/* The tenant's slot, or a free one for it (tenant_no 0, id filled in). */
struct chain_head *chain_heads_find(struct chain_heads *heads, struct slice tenant);
void chain_heads_clear(struct chain_heads *heads);

#endif
