/* SPDX-License-Identifier: MIT */
#include "adapter/system_clock.h"

#include <time.h>

static int64_t now_ms(void *self)
{
	struct timespec now = {0};

	(void)self;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t monotonic_ns(void *self)
{
	struct timespec now = {0};

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static const struct clock_vtable vtable = {.now_ms = now_ms, .monotonic_ns = monotonic_ns};

struct clock_port system_clock(void)
{
	return (struct clock_port){&vtable, NULL};
}
