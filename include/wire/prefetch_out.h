/* SPDX-License-Identifier: MIT */
#ifndef WIRE_PREFETCH_OUT_H
#define WIRE_PREFETCH_OUT_H

#include "app/prefetch.h"

/* The body of the 202 to POST /v1/checkout/prefetch. */
void prefetch_out_put(struct buf *buf, const struct prefetch_res *res, bool livemode);

#endif
