/* SPDX-License-Identifier: MIT */
#ifndef FAKE_EVENTS_H
#define FAKE_EVENTS_H

#include "port/event.h"
#include "port/store.h"

/* Events and decisions to be made again, in memory, for any number of threads: a fake store's part of port/event.h. */
struct fake_events;

struct fake_events *fake_events_create(void);
void fake_events_destroy(struct fake_events *events);
/* What belongs to a decision that is being appended: all of it, or nothing and why. */
enum status fake_events_append(struct fake_events *events, const struct store_decision *decision) MUST_CHECK;
struct event_port fake_events_port(struct fake_events *events);
struct recheck_port fake_events_rechecks(struct fake_events *events);

#endif
