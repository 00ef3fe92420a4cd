/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_FAULT_GUARD_H
#define SRC_ADAPTER_FAULT_GUARD_H

#include <stdbool.h>

/*
 * Runs code that reads a mapped file others may truncate or scribble over,
 * and survives what the hardware says then (SIGBUS, SIGSEGV, SIGFPE). Only
 * for code that holds no lock, allocates nothing and changes nothing but its
 * own variables: it is left in the middle.
 */

/* Once per process, before the first run; faults outside a guarded run go where they went before. */
void fault_guard_install(void);
/* False: "run" was left by a fault or by fault_guard_leave(). */
bool fault_guard_run(void (*run)(void *ctx), void *ctx);
/* Leaves the innermost guarded run of this thread; returns when there is none. */
void fault_guard_leave(void);

#endif
