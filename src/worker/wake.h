/* SPDX-License-Identifier: MIT */
#ifndef WORKER_WAKE_H
#define WORKER_WAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter/change_watch.h"

/* All that ends the worker's sleep: a signal, a change in the state, something that came to its end. */
struct wake {
	int signals;
	int done;
	struct change_watch watch;
};

/* Blocks the signals it waits for: before there are threads. False: errno tells why. */
bool wake_init(struct wake *wake);
void wake_finish(struct wake *wake);
/* From any thread; a struct wake. */
void wake_up(void *ctx);

enum wake_cause { WAKE_DUE, WAKE_RELOAD, WAKE_STOP };

/* Sleeps until one of them, or for ms (negative: for good). */
enum wake_cause wake_wait(struct wake *wake, int64_t ms);

#endif
