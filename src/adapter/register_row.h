/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_REGISTER_ROW_H
#define SRC_ADAPTER_REGISTER_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/facts.h"
#include "core/identity.h"

/*
 * A company in the register file is one row with two blobs: "names" is what
 * a look-up compares, "facts" what it answers with. Both outlive program
 * versions: facts carry the number their name has in the file's own table
 * (fact_name), not their place in FACT_TABLE.
 */
#define REGISTER_ROW_KEYS  12 /* identifiers of one company */
#define REGISTER_ROW_NAMES 32 /* its name and previous ones */
#define REGISTER_ROW_BYTES 65536

struct register_name {
	bool previous;
	struct slice name; /* folded: identity_norm.name */
	struct slice core; /* folded, without legal form */
	struct slice form; /* legal_form_token(), "" = none */
};

/* Slices borrow from whatever the struct was made from. */
struct register_names {
	bool deleted;
	char country[3];
	char postal_code[MAX_POSTAL_CODE + 1]; /* canonical; may be guessed and is never shown */
	size_t key_count;
	struct slice keys[REGISTER_ROW_KEYS]; /* identity_all_keys() without the name's; strongest first */
	size_t name_count;
	struct register_name names[REGISTER_ROW_NAMES];
};

enum status register_names_put(const struct register_names *names, struct buf *out) MUST_CHECK;
enum status register_names_read(struct slice bytes, struct register_names *ret_names) MUST_CHECK;

/* A file's own numbers of facts, 1..255; 0 = none. */
struct register_fact_map {
	uint8_t number[FACT_COUNT];
	uint8_t fact[256];
};

enum status register_facts_put(const struct facts *facts, const struct register_fact_map *map,
                               struct buf *out) MUST_CHECK;
/* Keys, match and derived facts stay empty. Facts this program does not know are left out. */
enum status register_facts_read(struct slice bytes, const struct register_fact_map *map,
                                struct facts *ret_facts) MUST_CHECK;

/* Kind of a key, "reg", "vat", ...: what is before its first colon. */
struct slice register_key_kind(struct slice key);
/* The key by name and postal code, or false when there is no name, country or postal code. */
bool register_name_key(const char *country, const char *postal_code, struct slice name, struct company_key *ret_key);

#endif
