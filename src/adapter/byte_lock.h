/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_BYTE_LOCK_H
#define SRC_ADAPTER_BYTE_LOCK_H

#include <stdint.h>

#include "base/status.h"

/*
 * Locks on single bytes of a file, held by an open file description: two
 * openings exclude each other, in one process and across processes, and the
 * kernel gives back what a dead process held. Within one opening a second
 * take of the same byte succeeds. The bytes need not exist.
 */
enum status byte_lock_open(const char *path, int *ret_fd) MUST_CHECK;
/* Never waits. STATUS_RUNNING: another opening holds it. */
enum status byte_lock_take(int fd, int64_t offset) MUST_CHECK;
void byte_lock_give(int fd, int64_t offset);

#endif
