/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SYSTEM_CLOCK_H
#define ADAPTER_SYSTEM_CLOCK_H

#include "port/clock.h"

/* CLOCK_REALTIME and CLOCK_MONOTONIC; has no state, needs no close. */
struct clock_port system_clock(void);

#endif
