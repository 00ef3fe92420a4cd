/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_PANEL_MEMORY_H
#define SRC_ADAPTER_PANEL_MEMORY_H

#include "core/source_rules.h"
#include "port/cache.h"
#include "port/clock.h"
#include "port/crypto.h"
#include "port/provider.h"

/* What providers said, kept in the cache: every failing of it is a call more and nothing else. */
struct panel_memory {
	struct clock_port clock;
	struct cache_port cache; /* vtable NULL: nothing is remembered */
};

/* One provider's id and everything a question may hold. */
struct panel_key {
	char bytes[1 + MAX_SOURCE_ID + 1 + CRYPTO_SHA256_LEN];
	size_t len;
};

/* The part of the key that is equal for all providers. */
void panel_memory_digest(const struct crypto_port *crypto, const struct subject *subject,
                         uint8_t ret_digest[CRYPTO_SHA256_LEN]);
/* An id longer than MAX_SOURCE_ID is cut. */
void panel_memory_key(const char *id, const uint8_t digest[CRYPTO_SHA256_LEN], struct panel_key *ret_key);
bool panel_memory_same(const struct panel_key *a, const struct panel_key *b);

/* The last word of one provider about one company. */
struct panel_word {
	struct source_memory memory;
	struct facts facts;
};

/* False: nothing is remembered. How old it may be is the reader's to judge (source_rules_step()). */
bool panel_memory_get(const struct panel_memory *memory, const struct panel_key *key, struct arena *arena,
                      struct panel_word *ret_word);
/*
 * Any thread, also one that must not block. A failure does not drive out the
 * last word: that is still usable while the provider is down.
 */
void panel_memory_put(const struct panel_memory *memory, const struct panel_key *key,
                      const struct provider_answer *answer);
/* Whether other processes can get what was put last. */
bool panel_memory_settled(const struct panel_memory *memory, const struct panel_key *key);

#endif
