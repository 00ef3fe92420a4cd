/* SPDX-License-Identifier: MIT */
#include "panel_memory.h"

#include <string.h>

/* A value: two instants as this machine writes them, and the packed facts, whose first source tells the outcome. */
#define HEAD_LEN  (2 * sizeof(int64_t))
#define VALUE_MAX (HEAD_LEN + MAX_FACTS_PACKED)

static void add_text(const struct crypto_port *crypto, struct crypto_sha256 *state, const char *text)
{
	crypto->vtable->sha256_add(crypto->self, state, (struct slice){text, strlen(text) + 1});
}

static int64_t now_ms(const struct panel_memory *memory)
{
	return memory->clock.vtable->now_ms(memory->clock.self);
}

static bool unpack(struct slice value, struct panel_word *ret_word)
{
	struct source_memory *memory = &ret_word->memory;

	if (value.len < HEAD_LEN)
		return false;
	memcpy(&memory->at_ms, value.ptr, sizeof(memory->at_ms));
	memcpy(&memory->failed_ms, value.ptr + sizeof(memory->at_ms), sizeof(memory->failed_ms));
	if (facts_unpack((struct slice){value.ptr + HEAD_LEN, value.len - HEAD_LEN}, &ret_word->facts) != STATUS_OK ||
	    ret_word->facts.source_count == 0)
		return false;
	memory->outcome = ret_word->facts.sources[0].state;
	return true;
}

static void store(const struct panel_memory *memory, const struct panel_key *key, const struct panel_word *word)
{
	const struct cache_port *cache = &memory->cache;
	int64_t until = word->memory.at_ms + source_rules_life_ms(word->memory.outcome);
	char mem[VALUE_MAX];
	struct buf value;

	buf_init(&value, mem, sizeof(mem));
	buf_bytes(&value, &word->memory.at_ms, sizeof(word->memory.at_ms));
	buf_bytes(&value, &word->memory.failed_ms, sizeof(word->memory.failed_ms));
	if (facts_pack(&word->facts, &value) == STATUS_OK)
		cache->vtable->put(cache->self, (struct slice){key->bytes, key->len}, buf_view(&value), until, until);
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

	ret_key->bytes[0] = CACHE_PROVIDER;
	memcpy(ret_key->bytes + 1, id, len);
	ret_key->bytes[1 + len] = '\0';
	memcpy(ret_key->bytes + len + 2, digest, CRYPTO_SHA256_LEN);
	ret_key->len = len + 2 + CRYPTO_SHA256_LEN;
}

bool panel_memory_same(const struct panel_key *a, const struct panel_key *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

bool panel_memory_get(const struct panel_memory *memory, const struct panel_key *key, struct arena *arena,
                      struct panel_word *ret_word)
{
	const struct cache_port *cache = &memory->cache;
	struct slice value = SLICE_NONE;

	if (!cache->vtable || cache->vtable->get(cache->self, (struct slice){key->bytes, key->len}, now_ms(memory),
	                                         arena, &value) == CACHE_MISS)
		return false;
	return unpack(value, ret_word);
}

void panel_memory_put(const struct panel_memory *memory, const struct panel_key *key,
                      const struct provider_answer *answer)
{
	char mem[VALUE_MAX] __attribute__((aligned(16)));
	int64_t now = now_ms(memory);
	struct panel_word word;
	struct arena arena;

	if (!memory->cache.vtable)
		return;
	arena_init(&arena, mem, sizeof(mem));
	if (answer->outcome != SOURCE_UNAVAILABLE || !panel_memory_get(memory, key, &arena, &word))
		word = (struct panel_word){{answer->outcome, now, 0}, answer->facts};
	if (answer->outcome == SOURCE_UNAVAILABLE)
		word.memory.failed_ms = now;
	store(memory, key, &word);
}

bool panel_memory_settled(const struct panel_memory *memory, const struct panel_key *key)
{
	const struct cache_port *cache = &memory->cache;

	return !cache->vtable || !cache->vtable->settled ||
	       cache->vtable->settled(cache->self, (struct slice){key->bytes, key->len});
}
