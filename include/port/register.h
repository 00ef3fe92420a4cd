/* SPDX-License-Identifier: MIT */
#ifndef PORT_REGISTER_H
#define PORT_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/status.h"
#include "core/facts.h"
#include "core/identity.h"
#include "core/match.h"

/* The local company register. Slots are callable from any thread; none writes. */
struct register_port {
	const struct register_vtable *vtable;
	void *self;
};

/* One company that may be meant, as the register shows it. */
struct register_hit {
	struct company_key key;
	char name[MAX_NAME + 1];
	char street[MAX_STREET + 1];
	char postal_code[MAX_POSTAL_CODE + 1];
	char city[MAX_CITY + 1];
	char country[3];
	bool removed;                        /* deleted from its register */
	bool earlier_name;                   /* found by a name it no longer has */
	uint8_t completes;                   /* enum match_completes */
	int32_t probability;                 /* millionths */
	uint8_t evidence[MATCH_FIELD_COUNT]; /* enum match_evidence */
};

struct register_hits {
	struct register_hit *hits; /* most probable first */
	size_t count;
	enum match_verdict verdict;
};

struct register_vtable {
	/*
	 * Finds the company by every identifier and the name given, and loads
	 * its facts (not derived) with match kind and probability:
	 *   MATCH_EXACT      one company carries an identifier given, or is the
	 *                    only one with this folded name and postal code, and
	 *                    no other identifier or name given contradicts it
	 *   MATCH_FUZZY      a search by name and address found it, safe to use
	 *   MATCH_AMBIGUOUS  several, or identifiers that contradict each other;
	 *                    no facts are loaded: a stranger's credit is never
	 *                    given away
	 *   MATCH_NONE       nobody
	 * STATUS_UNAVAILABLE, STATUS_CORRUPT, STATUS_TIMEOUT say nothing about
	 * the company. *ret_facts is valid on STATUS_OK only.
	 */
	enum status (*find)(void *self, const struct identity_norm *asked, struct deadline deadline,
	                    struct facts *ret_facts) MUST_CHECK;
	/* A number that changes whenever the register's content does; part of cache keys. */
	uint64_t (*revision)(void *self);
	/*
	 * The company with this key, as MATCH_EXACT. STATUS_NOT_FOUND: nobody has
	 * it, or, with asked, an identifier or the country asked for contradicts
	 * it. A NULL slot finds nobody.
	 */
	enum status (*find_key)(void *self, const struct company_key *key, const struct identity_norm *asked,
	                        struct deadline deadline, struct facts *ret_facts) MUST_CHECK;
	/*
	 * Who may be meant by what was typed, at most MATCH_HITS companies, in the
	 * arena. STATUS_NOT_FOUND: the register has no index to search;
	 * STATUS_UNAVAILABLE, STATUS_CORRUPT, STATUS_TIMEOUT as for find. A NULL
	 * slot is a register that cannot be searched.
	 */
	enum status (*search)(void *self, const struct match_query *query, struct deadline deadline,
	                      struct arena *arena, struct register_hits *ret_hits) MUST_CHECK;
};

#endif
