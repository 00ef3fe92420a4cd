/* SPDX-License-Identifier: MIT */
#ifndef FCGI_EVENT_ROUTES_H
#define FCGI_EVENT_ROUTES_H

#include "base/status.h"
#include "server.h"

/* GET /v1/events?after=&limit=: what happened since, in order; a shop that asks with the last id it saw misses none. */
enum status event_list(struct call *call) MUST_CHECK;

#endif
