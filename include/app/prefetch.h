/* SPDX-License-Identifier: MIT */
#ifndef APP_PREFETCH_H
#define APP_PREFETCH_H

#include "app/checkout.h"

/* What is made ready before there is an order: at login, or when the cart is opened. */
struct prefetch_res {
	char company_id[32];
	bool register_answers;
	size_t source_count;
	struct panel_source sources[PANEL_PROVIDERS]; /* of the providers the policy asks */
	size_t error_count;                           /* > 0 with STATUS_INVALID: which identity fields */
	struct identity_error errors[MAX_ERRORS];
};

/*
 * Looks the company up in the register, which warms the cache, and starts
 * every question to a provider that its next checkout would ask; waits for
 * none of them and records nothing. STATUS_FULL: too many questions are under way,
 * no provider was asked.
 */
enum status prefetch_company(const struct checkout_ports *ports, const struct caller *caller,
                             const struct identity *company, struct deadline deadline, struct arena *arena,
                             struct prefetch_res *ret_res) MUST_CHECK;

#endif
