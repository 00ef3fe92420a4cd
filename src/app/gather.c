/* SPDX-License-Identifier: MIT */
#include "gather.h"

#include <string.h>

#include "app/link.h"

/*
 * The register's revision is part of the key, so an import shows at once;
 * the ages only bound what a broken revision could hide.
 */
#define FRESH_MS    (INT64_C(24) * 3600 * 1000)
#define STALE_MS    (7 * FRESH_MS)
#define NO_MATCH_MS (INT64_C(60) * 1000)

#define KEY_LEN (2 + sizeof(uint64_t) + CRYPTO_SHA256_LEN)

static void add_field(const struct crypto_port *crypto, struct crypto_sha256 *state, struct slice field)
{
	crypto->vtable->sha256_add(crypto->self, state, field);
	crypto->vtable->sha256_add(crypto->self, state, (struct slice){"", 1});
}

/* The same of a text that has its NUL behind it. */
static void add_text(const struct crypto_port *crypto, struct crypto_sha256 *state, const char *text)
{
	crypto->vtable->sha256_add(crypto->self, state, (struct slice){text, strlen(text) + 1});
}

static void add_register(const struct crypto_port *crypto, struct crypto_sha256 *state,
                         const struct register_number *reg)
{
	char mem[64];
	struct buf buf;

	buf_init(&buf, mem, sizeof(mem));
	buf_u64(&buf, reg->court);
	buf_char(&buf, ' ');
	register_number_put(&buf, reg);
	add_field(crypto, state, buf_view(&buf));
}

/*
 * A digest of everything the look-up depends on. Names come from buyers, so
 * it must not be possible to make one that collides with another company's.
 */
static void cache_key(const struct checkout_ports *ports, bool livemode, const struct identity_norm *asked,
                      char ret_key[KEY_LEN])
{
	const struct crypto_port *crypto = &ports->crypto;
	uint64_t revision = ports->reg.vtable->revision(ports->reg.self);
	uint8_t digest[CRYPTO_SHA256_LEN];
	struct crypto_sha256 state;

	crypto->vtable->sha256_start(crypto->self, &state);
	add_text(crypto, &state, asked->country);
	add_text(crypto, &state, asked->vat_id);
	add_text(crypto, &state, asked->lei);
	add_text(crypto, &state, asked->economic_id);
	add_text(crypto, &state, asked->postal_code);
	add_field(crypto, &state, asked->name);
	add_field(crypto, &state, asked->street);
	add_field(crypto, &state, asked->city);
	if (asked->reg.type != REGISTER_NONE)
		add_register(crypto, &state, &asked->reg);
	crypto->vtable->sha256_finish(crypto->self, &state, digest);
	ret_key[0] = CACHE_REGISTER;
	ret_key[1] = livemode ? 'L' : 'T';
	memcpy(ret_key + 2, &revision, sizeof(revision));
	memcpy(ret_key + 2 + sizeof(revision), digest, sizeof(digest));
}

static void put_back(const struct checkout_ports *ports, struct slice key, const struct facts *facts, int64_t now_ms,
                     struct arena *arena)
{
	bool found = facts_matched(facts);
	char *mem = ports->cache.vtable ? arena_bytes(arena, MAX_CACHE_VALUE) : NULL;
	struct buf packed;

	if (!mem)
		return;
	buf_init(&packed, mem, MAX_CACHE_VALUE);
	if (facts_pack(facts, &packed) != STATUS_OK)
		return;
	ports->cache.vtable->put(ports->cache.self, key, buf_view(&packed), now_ms + (found ? FRESH_MS : NO_MATCH_MS),
	                         now_ms + (found ? STALE_MS : NO_MATCH_MS));
}

/* Without a cache everything is a miss. */
static enum cache_state look_up(const struct checkout_ports *ports, struct slice key, int64_t now_ms,
                                struct arena *arena, struct slice *ret_value)
{
	if (!ports->cache.vtable)
		return CACHE_MISS;
	return ports->cache.vtable->get(ports->cache.self, key, now_ms, arena, ret_value);
}

/* Asks the register; false when it gave no answer at all. */
static bool ask_register(const struct checkout_ports *ports, const struct identity_norm *asked,
                         struct deadline deadline, struct facts *facts)
{
	return ports->reg.vtable->find(ports->reg.self, asked, deadline, facts) == STATUS_OK;
}

/* Without regard to customer numbers. */
static enum status gather_facts(const struct checkout_ports *ports, const struct caller *caller,
                                const struct identity_norm *asked, int64_t now_ms, struct deadline deadline,
                                struct arena *arena, struct gathered *ret_gathered)
{
	struct facts *facts = arena_bytes(arena, sizeof(*facts));
	enum freshness freshness = FRESHNESS_FRESH;
	char key_mem[KEY_LEN];
	struct slice key = {key_mem, sizeof(key_mem)}, cached = SLICE_NONE;
	enum cache_state state;

	if (!facts)
		return STATUS_NO_MEMORY;
	cache_key(ports, caller->livemode, asked, key_mem);
	state = look_up(ports, key, now_ms, arena, &cached);
	if (state != CACHE_MISS && facts_unpack(cached, facts) != STATUS_OK)
		state = CACHE_MISS;
	if (state != CACHE_FRESH) {
		struct facts *asked_facts = arena_alloc(arena, sizeof(*facts));

		if (!asked_facts)
			return STATUS_NO_MEMORY;
		if (ask_register(ports, asked, deadline, asked_facts)) {
			facts = asked_facts;
			put_back(ports, key, facts, now_ms, arena);
		} else if (state == CACHE_STALE) {
			freshness = FRESHNESS_STALE;
		} else {
			facts_init(facts);
			(void)facts_source(facts, "register", SOURCE_UNAVAILABLE, DATE_NONE);
			freshness = FRESHNESS_FALLBACK;
		}
	}
	*ret_gathered = (struct gathered){facts, freshness, state == CACHE_FRESH, false};
	return STATUS_OK;
}

enum status gather_company(const struct checkout_ports *ports, const struct caller *caller,
                           const struct identity *company, const struct identity_norm *asked, int64_t now_ms,
                           struct deadline deadline, struct arena *arena, struct gathered *ret_gathered)
{
	bool may_be_linked = ports->links.vtable && company->customer_ref.len > 0;
	struct facts *facts = may_be_linked ? arena_bytes(arena, sizeof(*facts)) : NULL;

	if (!facts || link_facts(ports, caller, company->customer_ref, asked, deadline, facts) != STATUS_OK)
		return gather_facts(ports, caller, asked, now_ms, deadline, arena, ret_gathered);
	*ret_gathered = (struct gathered){.facts = facts, .freshness = FRESHNESS_FRESH, .confirmed = true};
	return STATUS_OK;
}
