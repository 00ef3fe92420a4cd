/* SPDX-License-Identifier: MIT */
#ifndef FAKE_CLOCK_H
#define FAKE_CLOCK_H

#include <stdint.h>

#include "port/clock.h"

/* A clock that stands still until told otherwise. Zeroed is 1970. */
struct fake_clock {
	int64_t now_ms;
	int64_t monotonic_ns;
};

struct clock_port fake_clock_port(struct fake_clock *clock);
void fake_clock_advance_ms(struct fake_clock *clock, int64_t ms);

#endif
