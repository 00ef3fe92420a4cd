/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_CHANGE_WATCH_H
#define ADAPTER_CHANGE_WATCH_H

#include "base/status.h"

/*
 * Tells a process that sleeps when another one has changed something: the
 * hint beside a database file of the state folder is written with each change that
 * others wait for. A help only: where there is none, they look by themselves.
 */
struct change_watch {
	int fd; /* to poll(2) for reading; -1: changes are not told */
};

void change_watch_init(struct change_watch *watch);
void change_watch_finish(struct change_watch *watch);
/* The database file, whose hint must be there: after its adapter was opened. */
void change_watch_add(struct change_watch *watch, const char *file);
/* Forgets what was told up to now. */
void change_watch_clear(const struct change_watch *watch);

#endif
