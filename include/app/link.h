/* SPDX-License-Identifier: MIT */
#ifndef APP_LINK_H
#define APP_LINK_H

#include "app/checkout.h"

/* A person's choice: customer_ref of the caller's tenant means the company with this key. */
struct link_req {
	struct slice customer_ref;
	struct slice key;  /* of a search's answer */
	struct slice name; /* as the customer types it; absent = whatever is typed */
};

/* A link with the company as the register shows it now; known false: the register no longer has it. */
struct link_res {
	struct link link;
	bool known;
	const struct facts *facts; /* in the arena */
};

/*
 * Remembers the choice. STATUS_NOT_FOUND: the register of the caller's mode
 * has no such company; STATUS_INVALID: no text that can be a key, or a name
 * that is none.
 */
enum status link_put(const struct checkout_ports *ports, const struct caller *caller, const struct link_req *req,
                     struct deadline deadline, struct arena *arena, struct link_res *ret_res) MUST_CHECK;
/* STATUS_NOT_FOUND. */
enum status link_get(const struct checkout_ports *ports, const struct caller *caller, struct slice customer_ref,
                     struct deadline deadline, struct arena *arena, struct link_res *ret_res) MUST_CHECK;

/*
 * For the checkout: the facts of the company a request's customer_ref is
 * linked to. STATUS_NOT_FOUND: there is no link, its company is gone, another
 * name was typed than the confirmed one, or an identifier contradicts it;
 * then the request is treated as if there was none.
 */
enum status link_facts(const struct checkout_ports *ports, const struct caller *caller, struct slice customer_ref,
                       const struct identity_norm *asked, struct deadline deadline, struct facts *ret_facts) MUST_CHECK;

#endif
