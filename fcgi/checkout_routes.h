/* SPDX-License-Identifier: MIT */
#ifndef FCGI_CHECKOUT_ROUTES_H
#define FCGI_CHECKOUT_ROUTES_H

#include "base/status.h"

struct call;

/* POST /v1/checkout/payment-methods: decides, records, then answers. */
enum status checkout_post(struct call *call) MUST_CHECK;
/* GET /v1/decisions/{id}: the record as it was chained, of the key's own tenant and mode. */
enum status decision_get(struct call *call) MUST_CHECK;

#endif
