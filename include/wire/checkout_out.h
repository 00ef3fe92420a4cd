/* SPDX-License-Identifier: MIT */
#ifndef WIRE_CHECKOUT_OUT_H
#define WIRE_CHECKOUT_OUT_H

#include "app/checkout.h"

/* The 200 answer of DESIGN section 7 in the caller's language; overflow of buf is the caller's to check. */
void checkout_out_put(struct buf *buf, const struct caller *caller, const struct checkout_req *req,
                      const struct checkout_res *res, enum lang lang);

#endif
