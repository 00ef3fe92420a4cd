/* SPDX-License-Identifier: MIT */
#ifndef APP_LEAD_H
#define APP_LEAD_H

#include "app/checkout.h"
#include "core/lead.h"

/* A company sales asks about; there is no order yet. */
struct lead_req {
	struct identity company;
	int64_t amount; /* of an expected first order, minor units of the policy's currency; 0 = not known */
};

struct lead_res {
	struct checkout_req asked; /* what was decided upon */
	struct checkout_res checkout;
	struct lead lead;
};

/* Whether the fields are sound, before anything is decided. STATUS_INVALID as identity_normalise() tells it. */
enum status lead_check(const struct lead_req *req, struct arena *arena, struct identity_error *ret_errors, size_t cap,
                       size_t *ret_count) MUST_CHECK;

/*
 * checkout_decide() for the amount expected, else for 100.00 or the least
 * that a credit method takes, and weighed for sales. There is no token. As
 * with the checkout nothing is durable before lead_record(), which marks the
 * record as that of a lead.
 */
enum status lead_decide(const struct checkout_ports *ports, const struct caller *caller, const struct lead_req *req,
                        struct deadline deadline, struct arena *arena, struct lead_res *ret_res) MUST_CHECK;
enum status lead_record(const struct checkout_ports *ports, const struct caller *caller, const struct lead_res *res,
                        const struct checkout_replay *replay, struct deadline deadline, struct arena *arena) MUST_CHECK;

#endif
