/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#include <string.h>

#include "adapter/openssl_sha256.h"

static int64_t clock_now(void *self)
{
	return ((struct fakes *)self)->now_ms;
}

static int64_t clock_monotonic(void *self)
{
	return ((struct fakes *)self)->now_ms * 1000000;
}

static const struct clock_vtable clock_vtable = {clock_now, clock_monotonic};

static enum status crypto_sign(void *self, struct slice message, uint8_t ret_signature[CRYPTO_SIGNATURE_LEN])
{
	(void)message;
	memset(ret_signature, 0x5a, CRYPTO_SIGNATURE_LEN);
	return ((struct fakes *)self)->sign_status;
}

static enum status crypto_public_key(void *self, uint8_t ret_key[CRYPTO_PUBLIC_KEY_LEN])
{
	(void)self;
	memset(ret_key, 1, CRYPTO_PUBLIC_KEY_LEN);
	return STATUS_OK;
}

static void crypto_random(void *self, void *ret_bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)ret_bytes)[i] = (uint8_t)(((struct fakes *)self)->random_byte + i);
}

static bool crypto_equal(void *self, const void *a, const void *b, size_t len)
{
	(void)self;
	return memcmp(a, b, len) == 0;
}

static const struct crypto_vtable crypto_vtable = {
        .sha256 = openssl_sha256,
        .sha256_start = openssl_sha256_start,
        .sha256_add = openssl_sha256_add,
        .sha256_finish = openssl_sha256_finish,
        .sign = crypto_sign,
        .public_key = crypto_public_key,
        .random = crypto_random,
        .equal = crypto_equal,
};

static enum cache_state cache_get(void *self, struct slice key, int64_t now_ms, struct arena *arena,
                                  struct slice *ret_value)
{
	struct fakes *fakes = self;
	struct slice stored = {fakes->cache_key, fakes->cache_key_len};

	if (!fakes->cache_works || !slice_eq(stored, key) || now_ms >= fakes->stale_until_ms)
		return CACHE_MISS;
	*ret_value = arena_copy(arena, (struct slice){fakes->cache_value, fakes->cache_value_len});
	return now_ms < fakes->fresh_until_ms ? CACHE_FRESH : CACHE_STALE;
}

static void cache_put(void *self, struct slice key, struct slice value, int64_t fresh_until_ms, int64_t stale_until_ms)
{
	struct fakes *fakes = self;

	if (key.len > sizeof(fakes->cache_key) || value.len > sizeof(fakes->cache_value))
		return;
	memcpy(fakes->cache_key, key.ptr, key.len);
	fakes->cache_key_len = key.len;
	memcpy(fakes->cache_value, value.ptr, value.len);
	fakes->cache_value_len = value.len;
	fakes->fresh_until_ms = fresh_until_ms;
	fakes->stale_until_ms = stale_until_ms;
}

static void cache_drop(void *self, struct slice key)
{
	(void)key;
	((struct fakes *)self)->cache_key_len = 0;
}

static void cache_stats(void *self, struct cache_stats *ret_stats)
{
	(void)self;
	memset(ret_stats, 0, sizeof(*ret_stats));
}

static const struct cache_vtable cache_vtable = {
        .get = cache_get, .put = cache_put, .drop = cache_drop, .stats = cache_stats};

static enum status register_find(void *self, const struct identity_norm *asked, struct deadline deadline,
                                 struct facts *ret_facts)
{
	struct fakes *fakes = self;

	(void)asked;
	(void)deadline;
	fakes->finds++;
	if (fakes->find_status == STATUS_OK)
		*ret_facts = fakes->found;
	return fakes->find_status;
}

static uint64_t register_revision(void *self)
{
	return ((struct fakes *)self)->revision;
}

static const struct register_vtable register_vtable = {.find = register_find, .revision = register_revision};

static enum status store_append(void *self, const struct store_decision *decision, struct deadline deadline)
{
	struct fakes *fakes = self;

	(void)deadline;
	if (fakes->append_status)
		return fakes->append_status;
	fakes->appends++;
	memcpy(fakes->record, decision->record.ptr, decision->record.len);
	fakes->record_len = decision->record.len;
	(void)slice_copy(decision->idempotency_key, fakes->idempotency_key, sizeof(fakes->idempotency_key));
	fakes->recheck = decision->recheck;
	(void)slice_copy(decision->recheck_of, fakes->recheck_of, sizeof(fakes->recheck_of));
	(void)slice_copy(decision->event ? decision->event->type : SLICE_NONE, fakes->event_type,
	                 sizeof(fakes->event_type));
	(void)slice_copy(decision->event ? decision->event->data : SLICE_NONE, fakes->event_data,
	                 sizeof(fakes->event_data));
	return STATUS_OK;
}

static void store_begin_append(void *self, const struct store_decision *decision, struct deadline deadline,
                               struct arena *arena, struct store_done done)
{
	(void)arena;
	done.tell(done.ctx, store_append(self, decision, deadline));
}

static const struct store_vtable store_vtable = {.append = store_append, .begin_append = store_begin_append};

void fakes_init(struct fakes *fakes, int64_t now_ms)
{
	memset(fakes, 0, sizeof(*fakes));
	fakes->now_ms = now_ms;
	fakes->cache_works = true;
	facts_init(&fakes->found);
}

struct checkout_ports fakes_ports(struct fakes *fakes)
{
	return (struct checkout_ports){
	        .clock = {&clock_vtable, fakes},
	        .crypto = {&crypto_vtable, fakes},
	        .cache = {&cache_vtable, fakes},
	        .reg = {&register_vtable, fakes},
	        .store = {&store_vtable, fakes},
	};
}
