/* SPDX-License-Identifier: MIT */
#ifndef PORT_REGISTER_H
#define PORT_REGISTER_H

#include <stddef.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/status.h"
#include "core/facts.h"
#include "core/identity.h"

/* The local company register. Slots are callable from any thread; none writes. */
struct register_port {
	const struct register_vtable *vtable;
	void *self;
};

struct register_vtable {
	/*
	 * Finds the company by every identifier and the name given, and loads
	 * its facts (not derived) with match kind and probability:
	 *   MATCH_EXACT      one company carries an identifier given, or is the
	 *                    only one with this folded name and postal code, and
	 *                    no other identifier or name given contradicts it
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
};

#endif
