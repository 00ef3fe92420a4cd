/* SPDX-License-Identifier: MIT */
#include "chain_head.h"

#include <string.h>

#include "base/hash.h"

_Static_assert((CHAIN_HEADS_MAX & (CHAIN_HEADS_MAX - 1)) == 0, "slots are found by mask");

struct chain_head *chain_heads_find(struct chain_heads *heads, struct slice tenant)
{
	size_t at = (size_t)hash_fnv64(tenant);

	for (;; at++) {
		struct chain_head *head = &heads->slot[at & (CHAIN_HEADS_MAX - 1)];

		if (head->tenant_no == 0) {
			slice_copy(tenant, head->tenant, sizeof(head->tenant));
			return head;
		}
		if (slice_eq_cstr(tenant, head->tenant))
			return head;
	}
}

void chain_heads_clear(struct chain_heads *heads)
{
	memset(heads, 0, sizeof(*heads));
}
