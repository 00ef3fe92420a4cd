/* SPDX-License-Identifier: MIT */
#ifndef FCGI_CHECKOUT_ROUTES_H
#define FCGI_CHECKOUT_ROUTES_H

#include "base/slice.h"
#include "base/status.h"

struct call;

/* POST /v1/checkout/payment-methods: decides, records, then answers. */
enum status checkout_post(struct call *call) MUST_CHECK;
/* GET /v1/decisions/{id}: the record as it was chained, of the key's own tenant and mode. */
enum status decision_get(struct call *call) MUST_CHECK;
/* GET /v1/decisions/{id}/explanation: why it came out so, in the caller's language. */
enum status explanation_get(struct call *call) MUST_CHECK;

/* What every POST that records does with its Idempotency-Key: the key as it is stored (absent: there is none) ... */
enum status checkout_read_key(struct call *call, struct slice *ret_key) MUST_CHECK;
/* ... and the answer that was given before. */
enum status checkout_replay_answer(struct call *call, struct slice answer) MUST_CHECK;

#endif
