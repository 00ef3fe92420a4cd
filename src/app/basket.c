/* SPDX-License-Identifier: MIT */
#include "basket.h"

#include <string.h>

/* Older than any provider's word can get: by then everybody is asked anyway. */
#define LIFE_MS (MAX_STALE_DAYS * INT64_C(86400000))

/* As it lies in the cache, on one machine. */
struct checked {
	int64_t amount; /* BASKET_OPEN: not for an order so far */
	int64_t since_ms;
};

struct entry_key {
	char bytes[1 + MAX_TENANT_ID + 1 + MAX_COMPANY_KEY];
	size_t len;
};

_Static_assert(sizeof(((struct entry_key *)0)->bytes) <= MAX_CACHE_KEY, "the key of a checked amount is too long");

static bool make_key(const struct caller *caller, const struct company_key *company, struct entry_key *ret_key)
{
	struct buf text;

	buf_init(&text, ret_key->bytes, sizeof(ret_key->bytes));
	buf_char(&text, CACHE_CHECKED);
	buf_slice(&text, caller->tenant);
	buf_char(&text, '\0');
	buf_cstr(&text, company->text);
	ret_key->len = text.len;
	return !text.overflow && company->text[0];
}

static bool recall(const struct cache_port *cache, const struct entry_key *key, int64_t now_ms, struct arena *arena,
                   struct checked *ret_checked)
{
	struct slice value = SLICE_NONE;

	if (cache->vtable->get(cache->self, (struct slice){key->bytes, key->len}, now_ms, arena, &value) ==
	            CACHE_MISS ||
	    value.len != sizeof(*ret_checked))
		return false;
	memcpy(ret_checked, value.ptr, sizeof(*ret_checked));
	return true;
}

static bool exceeds(int64_t amount, int64_t checked, int32_t percent)
{
	return (__int128)amount * 100 > (__int128)checked * (100 + percent);
}

int64_t basket_not_before(const struct checkout_ports *ports, const struct caller *caller,
                          const struct company_key *company, int64_t amount, int64_t now_ms, struct arena *arena)
{
	const struct cache_port *cache = &ports->cache;
	int32_t percent = caller->policy->sources.recheck_basket_percent;
	struct checked checked = {amount, now_ms}, before;
	struct entry_key key;

	if (percent == RECHECK_OFF)
		return 0;
	if (!cache->vtable || !make_key(caller, company, &key))
		return now_ms;
	if (recall(cache, &key, now_ms, arena, &before)) {
		bool is_open = before.amount == BASKET_OPEN;

		if (amount == BASKET_OPEN || (!is_open && !exceeds(amount, before.amount, percent)))
			return before.since_ms;
		if (is_open)
			checked.since_ms = before.since_ms;
	}
	cache->vtable->put(cache->self, (struct slice){key.bytes, key.len},
	                   (struct slice){(const char *)&checked, sizeof(checked)}, now_ms + LIFE_MS, now_ms + LIFE_MS);
	return checked.since_ms;
}
