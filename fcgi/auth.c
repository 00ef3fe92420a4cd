/* SPDX-License-Identifier: MIT */
#include "auth.h"

#include <string.h>

#define SCHEME      SLICE_LIT("Bearer")
#define LIVE_PREFIX SLICE_LIT("bg_live_")
#define TEST_PREFIX SLICE_LIT("bg_test_")
#define LIVE_FORM   SLICE_LIT("bf_live_")
#define TEST_FORM   SLICE_LIT("bf_test_")

/* A key as it came, and what it must be good for. */
struct shown_key {
	struct slice text;
	bool livemode;
	unsigned scope;
};

/* The key of a well-formed header (RFC 6750 section 2.1); the absent slice otherwise. */
static struct slice bearer_key(struct slice authorization)
{
	struct slice rest = authorization;
	struct slice scheme = slice_cut(&rest, ' ');
	struct slice key = slice_trim(rest);

	if (!slice_eq_nocase(scheme, SCHEME) || key.len > MAX_API_KEY)
		return SLICE_NONE;
	return slice_starts(key, LIVE_PREFIX) || slice_starts(key, TEST_PREFIX) ? key : SLICE_NONE;
}

static void forget(struct auth_entry *entry)
{
	rules_release(entry->rules);
	memset(entry, 0, sizeof(*entry));
}

void auth_cache_clear(struct auth_cache *cache)
{
	for (size_t i = 0; i < AUTH_SLOTS; i++)
		if (cache->entries[i].rules)
			forget(&cache->entries[i]);
	scorecard_release(cache->card);
	cache->card = NULL;
}

static void refresh(const struct auth *auth, struct auth_cache *cache)
{
	uint64_t epoch = rulebook_epoch(auth->book);

	if (cache->card && cache->epoch == epoch)
		return;
	auth_cache_clear(cache);
	cache->card = rulebook_scorecard(auth->book);
	cache->epoch = epoch;
}

/* A digest is as good as random, so any of its bytes choose a slot. */
static struct auth_entry *slot_of(struct auth_cache *cache, const uint8_t digest[CRYPTO_SHA256_LEN])
{
	return &cache->entries[digest[0] % AUTH_SLOTS];
}

static enum status load(const struct auth *auth, const uint8_t digest[CRYPTO_SHA256_LEN], struct auth_entry *entry)
{
	struct api_key key;
	struct rules *rules;
	enum status status = auth->store.vtable->find_key(auth->store.self, digest, &key);

	if (status == STATUS_NOT_FOUND)
		return STATUS_UNAUTHORIZED;
	if (status == STATUS_OK)
		status = rulebook_policy(auth->book, slice_cstr(key.tenant), &rules);
	if (status != STATUS_OK)
		return status;
	forget(entry);
	memcpy(entry->digest, digest, sizeof(entry->digest));
	entry->key = key;
	entry->rules = rules;
	return STATUS_OK;
}

static enum status check(const struct auth *auth, struct auth_cache *cache, const struct shown_key *shown,
                         int64_t now_ms, struct principal *ret_principal)
{
	uint8_t digest[CRYPTO_SHA256_LEN];
	struct auth_entry *entry;
	enum status status = STATUS_OK;

	refresh(auth, cache);
	auth->crypto.vtable->sha256(auth->crypto.self, shown->text, digest);
	entry = slot_of(cache, digest);
	if (!entry->rules || !auth->crypto.vtable->equal(auth->crypto.self, entry->digest, digest, sizeof(digest)))
		status = load(auth, digest, entry);
	if (status != STATUS_OK)
		return status;
	if (entry->key.livemode != shown->livemode)
		return STATUS_UNAUTHORIZED;
	if (entry->key.expires_ms && entry->key.expires_ms <= now_ms)
		return STATUS_UNAUTHORIZED;
	*ret_principal = (struct principal){.tenant = slice_cstr(entry->key.tenant),
	                                    .livemode = entry->key.livemode,
	                                    .policy = &entry->rules->policy,
	                                    .model = &cache->card->model};
	return (entry->key.scopes & shown->scope) == shown->scope ? STATUS_OK : STATUS_FORBIDDEN;
}

enum status auth_check(const struct auth *auth, struct auth_cache *cache, struct slice authorization, unsigned scope,
                       int64_t now_ms, struct principal *ret_principal)
{
	struct slice text = bearer_key(authorization);
	struct shown_key shown = {text, slice_starts(text, LIVE_PREFIX), scope};

	return text.ptr ? check(auth, cache, &shown, now_ms, ret_principal) : STATUS_UNAUTHORIZED;
}

enum status auth_check_form(const struct auth *auth, struct auth_cache *cache, struct slice key, int64_t now_ms,
                            struct principal *ret_principal)
{
	struct shown_key shown = {key, slice_starts(key, LIVE_FORM), SCOPE_FORM};

	if (key.len > MAX_API_KEY || (!shown.livemode && !slice_starts(key, TEST_FORM)))
		return STATUS_UNAUTHORIZED;
	return check(auth, cache, &shown, now_ms, ret_principal);
}
