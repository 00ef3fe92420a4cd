/* SPDX-License-Identifier: MIT */
#ifndef PORT_LINKS_H
#define PORT_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "core/identity.h"

/*
 * Choices a person confirmed: which company of the register a tenant means by
 * its own customer number. One a tenant, mode and number. Slots are callable
 * from any thread of any process of the installation.
 */
struct links_port {
	const struct links_vtable *vtable;
	void *self;
};

struct link_owner {
	struct slice tenant;
	bool livemode;
};

struct link {
	char customer_ref[MAX_CUSTOMER_REF + 1];
	struct company_key key;
	char name[MAX_NORMALISED + 1]; /* folded name that was typed when it was confirmed; "" = any */
	int64_t at_ms;
};

struct links_vtable {
	/* STATUS_NOT_FOUND; cheap as long as nobody has any link. */
	enum status (*find)(void *self, const struct link_owner *owner, struct slice customer_ref,
	                    struct link *ret_link) MUST_CHECK;
	/* Replaces what the number meant before; durable on STATUS_OK. */
	enum status (*put)(void *self, const struct link_owner *owner, const struct link *link) MUST_CHECK;
	/* STATUS_NOT_FOUND. */
	enum status (*remove)(void *self, const struct link_owner *owner, struct slice customer_ref) MUST_CHECK;
	/* Links with a number behind "after", in the order of numbers, at most cap of them. */
	enum status (*list)(void *self, const struct link_owner *owner, struct slice after, size_t cap,
	                    struct link *ret_links, size_t *ret_count) MUST_CHECK;
};

#endif
