/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_TOKEN_H
#define SRC_APP_TOKEN_H

#include "app/checkout.h"

/*
 * Compact JWS (RFC 7515, EdDSA of RFC 8037) over decision id, company key,
 * amount, currency, allowed methods and expiry, in the arena. A shop that
 * passes the answer through a browser checks it offline with the key of
 * /.well-known/jwks.json.
 */
enum status token_make(const struct checkout_ports *ports, const struct caller *caller, const struct checkout_req *req,
                       struct arena *arena, struct checkout_res *res) MUST_CHECK;

#endif
