/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_CACHE_RING_H
#define SRC_ADAPTER_CACHE_RING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * Writes on their way from the threads of a process to its cache writer, a
 * process of its own (lmdb_writer.h). The memory is shared by the two; a
 * write that finds the ring full is dropped. What waits here is visible to
 * the own process's reads already.
 */
#define CACHE_RING_SLOTS 64

enum cache_op { CACHE_OP_PUT, CACHE_OP_DROP };

struct cache_ring_slot {
	enum cache_op op;
	uint32_t key_len;
	uint32_t value_len;
	int64_t fresh_until_ms;
	int64_t stale_until_ms;
	char key[MAX_CACHE_KEY];
	char value[MAX_CACHE_VALUE];
};

struct cache_ring_shared {
	_Atomic uint64_t head;   /* next to be filled */
	_Atomic uint64_t tail;   /* next to be applied */
	_Atomic uint32_t idle;   /* the writer sleeps: wake it */
	_Atomic uint64_t faults; /* damage the readers met */
	_Atomic uint64_t evictions;
	struct cache_ring_slot slots[CACHE_RING_SLOTS];
};

struct cache_ring {
	struct cache_ring_shared *shared;
	pthread_mutex_t lock; /* among the threads of this process */
	int wake_fd;          /* write end; the writer sees its end with the process's */
	int sleep_fd;         /* the writer's end */
};

enum status cache_ring_init(struct cache_ring *ring) MUST_CHECK;
void cache_ring_finish(struct cache_ring *ring);

struct cache_write {
	enum cache_op op;
	struct slice key;
	struct slice value; /* with CACHE_OP_PUT, as the ages */
	int64_t fresh_until_ms;
	int64_t stale_until_ms;
};

/* False: full. */
bool cache_ring_push(struct cache_ring *ring, const struct cache_write *write);

enum cache_waiting { CACHE_WAITS_NOT, CACHE_WAITS_PUT, CACHE_WAITS_DROP };

struct cache_waiting_put {
	struct slice value; /* in the arena */
	int64_t fresh_until_ms;
	int64_t stale_until_ms;
};

/* The newest waiting write of this key. */
enum cache_waiting cache_ring_find(struct cache_ring *ring, struct slice key, struct arena *arena,
                                   struct cache_waiting_put *ret_put);
/* Whether a write of this key waits. */
bool cache_ring_holds(struct cache_ring *ring, struct slice key);
/* Tells the writer that the file is damaged. */
void cache_ring_report(struct cache_ring *ring);

#endif
