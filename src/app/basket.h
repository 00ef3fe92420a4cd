/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_BASKET_H
#define SRC_APP_BASKET_H

#include "app/checkout.h"

/*
 * For how much a tenant last had a company checked, and since when: an order
 * larger than that by more than the policy's percentage makes what providers
 * said before worth asking for again.
 *
 * It lives in the cache, one entry per tenant and company. It is no fact and
 * proves nothing, so it needs no durable place, and a write to the store per
 * checkout would cost every buyer. Losing it makes the next order count as
 * the first one: that costs a call and nothing else.
 */

/* For "amount" when there is no order yet: whatever comes next counts as checked for. */
#define BASKET_OPEN INT64_C(0)

/*
 * Before which instant what was said is too old for this amount (minor units
 * of the limit's currency); 0 when the policy does not mind. A larger amount
 * is noted as checked for now: a provider that does not answer in time stays
 * asked for by later orders, because its old answer stays older than this.
 */
int64_t basket_not_before(const struct checkout_ports *ports, const struct caller *caller,
                          const struct company_key *company, int64_t amount, int64_t now_ms, struct arena *arena);

#endif
