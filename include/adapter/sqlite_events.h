/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_EVENTS_H
#define ADAPTER_SQLITE_EVENTS_H

#include "port/event.h"

/* Events and decisions to be made again, in the store's file (STATE_STORE), which must be there. */
struct sqlite_events;

enum status sqlite_events_open(const char *file, struct sqlite_events **ret_events) MUST_CHECK;
void sqlite_events_close(struct sqlite_events *events); /* no slot may be running; NULL is fine */
struct event_port sqlite_events_port(struct sqlite_events *events);
struct recheck_port sqlite_rechecks_port(struct sqlite_events *events);

#endif
