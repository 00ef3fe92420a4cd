/* SPDX-License-Identifier: MIT */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <stdint.h>

/* An absolute monotonic time in nanoseconds, passed down, never re-derived. */
struct deadline {
	int64_t at_ns;
};

#define DEADLINE_NEVER ((struct deadline){INT64_MAX})

/* Never negative; INT64_MAX for DEADLINE_NEVER. */
int64_t deadline_left_ns(struct deadline deadline, int64_t now_ns);
/* Whole milliseconds, rounded up, at most INT32_MAX: fits poll(2). */
int deadline_left_ms(struct deadline deadline, int64_t now_ns);

#endif
