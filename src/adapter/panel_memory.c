/* SPDX-License-Identifier: MIT */
#include "panel_memory.h"

#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define KEY_FORMAT 2 /* register look-ups have 1 */

/* How long an outcome is remembered: fresh, and usable while it is asked again behind the request. */
static const struct {
	int64_t fresh_ms, stale_ms;
} AGES[] = {
        [SOURCE_ANSWER] = {DAY, 30 * DAY},
        [SOURCE_NO_DATA] = {6 * HOUR, DAY},
        [SOURCE_INVALID_INPUT] = {HOUR, HOUR},
        [SOURCE_UNAVAILABLE] = {MINUTE / 4, MINUTE / 4},
};

static void add_text(const struct crypto_port *crypto, struct crypto_sha256 *state, const char *text)
{
	crypto->vtable->sha256_add(crypto->self, state, (struct slice){text, strlen(text) + 1});
}

static int64_t now_ms(const struct panel_memory *memory)
{
	return memory->clock.vtable->now_ms(memory->clock.self);
}

/* Names come from buyers: a digest that cannot be made to collide. */
void panel_memory_digest(const struct crypto_port *crypto, const struct subject *subject,
                         uint8_t ret_digest[CRYPTO_SHA256_LEN])
{
	struct crypto_sha256 state;
	char mem[64] = "";
	struct buf number;

	buf_init(&number, mem, sizeof(mem) - 1);
	if (subject->reg.type != REGISTER_NONE) {
		buf_u64(&number, subject->reg.court);
		buf_char(&number, ' ');
		register_number_put(&number, &subject->reg);
	}
	crypto->vtable->sha256_start(crypto->self, &state);
	add_text(crypto, &state, subject->typed_name);
	add_text(crypto, &state, subject->typed_street);
	add_text(crypto, &state, subject->typed_city);
	add_text(crypto, &state, subject->country);
	add_text(crypto, &state, subject->vat_id);
	add_text(crypto, &state, subject->lei);
	add_text(crypto, &state, subject->economic_id);
	add_text(crypto, &state, subject->postal_code);
	add_text(crypto, &state, mem);
	crypto->vtable->sha256_finish(crypto->self, &state, ret_digest);
}

void panel_memory_key(const char *id, const uint8_t digest[CRYPTO_SHA256_LEN], struct panel_key *ret_key)
{
	size_t len = strnlen(id, MAX_SOURCE_ID);

	ret_key->bytes[0] = KEY_FORMAT;
	memcpy(ret_key->bytes + 1, id, len);
	ret_key->bytes[1 + len] = '\0';
	memcpy(ret_key->bytes + len + 2, digest, CRYPTO_SHA256_LEN);
	ret_key->len = len + 2 + CRYPTO_SHA256_LEN;
}

bool panel_memory_same(const struct panel_key *a, const struct panel_key *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

enum cache_state panel_memory_get(const struct panel_memory *memory, const struct panel_key *key, struct arena *arena,
                                  struct facts *ret_facts)
{
	const struct cache_port *cache = &memory->cache;
	struct slice value = SLICE_NONE;
	enum cache_state state;

	if (!cache->vtable)
		return CACHE_MISS;
	state = cache->vtable->get(cache->self, (struct slice){key->bytes, key->len}, now_ms(memory), arena, &value);
	return state != CACHE_MISS && facts_unpack(value, ret_facts) == STATUS_OK ? state : CACHE_MISS;
}

void panel_memory_put(const struct panel_memory *memory, const struct panel_key *key,
                      const struct provider_answer *answer)
{
	const struct cache_port *cache = &memory->cache;
	char mem[MAX_FACTS_PACKED];
	int64_t now = now_ms(memory);
	struct buf packed;

	buf_init(&packed, mem, sizeof(mem));
	if (cache->vtable && facts_pack(&answer->facts, &packed) == STATUS_OK)
		cache->vtable->put(cache->self, (struct slice){key->bytes, key->len}, buf_view(&packed),
		                   now + AGES[answer->outcome].fresh_ms, now + AGES[answer->outcome].stale_ms);
}

bool panel_memory_settled(const struct panel_memory *memory, const struct panel_key *key)
{
	const struct cache_port *cache = &memory->cache;

	return !cache->vtable || !cache->vtable->settled ||
	       cache->vtable->settled(cache->self, (struct slice){key->bytes, key->len});
}
