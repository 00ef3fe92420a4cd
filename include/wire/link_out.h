/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LINK_OUT_H
#define WIRE_LINK_OUT_H

#include "app/link.h"
#include "base/json_out.h"

/* The answers of /v1/company-links; see nginx/html/openapi.json. */
void link_out_put(struct buf *buf, const struct link_res *res, bool livemode);
/* next: more links follow behind the last one. */
void link_out_put_list(struct buf *buf, const struct link *links, size_t count, bool next, bool livemode);

#endif
