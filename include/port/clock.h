/* SPDX-License-Identifier: MIT */
#ifndef PORT_CLOCK_H
#define PORT_CLOCK_H

#include <stdint.h>

/* The only way app learns the time. Both slots are callable from any thread. */
struct clock_port {
	const struct clock_vtable *vtable;
	void *self;
};

struct clock_vtable {
	int64_t (*now_ms)(void *self);       /* wall clock, base/date.h instant */
	int64_t (*monotonic_ns)(void *self); /* base/deadline.h */
};

#endif
