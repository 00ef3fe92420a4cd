/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_LMDB_WRITER_H
#define SRC_ADAPTER_LMDB_WRITER_H

#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"
#include "cache_ring.h"

/*
 * The writing side, in a process of its own: LMDB's writing code copies by
 * lengths it finds in the file, so over a damaged file it can ruin the memory
 * it runs in. That memory must not be one that decides on credit. When the
 * writer dies of it, its parent (one more small process) starts it again over
 * a fresh file. Both end when the process that opened the cache ends.
 */
struct lmdb_writer_options {
	const char *dir;
	const char *path; /* of the file, inside dir */
	size_t map_bytes;
};

/* Starts it; *ret_pid is a child to be waited for after cache_ring's wake end was closed. */
enum status lmdb_writer_start(const struct lmdb_writer_options *options, struct cache_ring *ring,
                              pid_t *ret_pid) MUST_CHECK;
/* Gives it a second to write what waits. */
void lmdb_writer_wait(pid_t pid);

#endif
