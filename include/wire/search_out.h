/* SPDX-License-Identifier: MIT */
#ifndef WIRE_SEARCH_OUT_H
#define WIRE_SEARCH_OUT_H

#include "app/search.h"
#include "base/buf.h"

/* The answer of GET /v1/companies; see nginx/html/openapi.json. */
void search_out_put(struct buf *buf, const struct search_res *res, bool livemode);

#endif
