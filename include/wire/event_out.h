/* SPDX-License-Identifier: MIT */
#ifndef WIRE_EVENT_OUT_H
#define WIRE_EVENT_OUT_H

#include "base/buf.h"
#include "port/event.h"

/* {"id", "type", "created_at", "livemode", "data"}. */
void event_out_put(struct buf *buf, const struct event *event);
/* One page: as many of them as fit; "more": there are others behind these. */
void event_out_put_page(struct buf *buf, const struct event *events, size_t count, bool more, bool livemode);

#endif
