/* SPDX-License-Identifier: MIT */
#include "fake_clock.h"

static int64_t now_ms(void *self)
{
	const struct fake_clock *clock = self;

	return clock->now_ms;
}

static int64_t monotonic_ns(void *self)
{
	const struct fake_clock *clock = self;

	return clock->monotonic_ns;
}

static const struct clock_vtable vtable = {.now_ms = now_ms, .monotonic_ns = monotonic_ns};

struct clock_port fake_clock_port(struct fake_clock *clock)
{
	return (struct clock_port){&vtable, clock};
}

void fake_clock_advance_ms(struct fake_clock *clock, int64_t ms)
{
	clock->now_ms += ms;
	clock->monotonic_ns += ms * 1000000;
}
