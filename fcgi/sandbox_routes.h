/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SANDBOX_ROUTES_H
#define FCGI_SANDBOX_ROUTES_H

#include "base/status.h"

struct call;

/*
 * The anonymous sandbox: the checkout's own code with the demo register, the
 * demo policy and no store. Each is counted against the address's quota
 * (RateLimit and RateLimit-Policy on every answer, 429 with Retry-After).
 */

/*
 * POST /v1/sandbox/checkout/payment-methods?green_from=&yellow_from=: body and
 * answer of the real call; the thresholds may be moved to see what changes.
 */
enum status sandbox_checkout(struct call *call) MUST_CHECK;
/* GET /v1/sandbox/companies: the real search, in the demo register. */
enum status sandbox_search(struct call *call) MUST_CHECK;

#endif
