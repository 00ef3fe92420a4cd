/* SPDX-License-Identifier: MIT */
#include "cache_ring.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static void wake(struct cache_ring *ring)
{
	if (atomic_load(&ring->shared->idle) == 0 || atomic_exchange(&ring->shared->idle, 0) == 0)
		return;
	/* A writer that is gone leaves the ring full: nothing to do about it here. */
	(void)!send(ring->wake_fd, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static struct cache_ring_slot *slot_at(struct cache_ring *ring, uint64_t at)
{
	return &ring->shared->slots[at % CACHE_RING_SLOTS];
}

enum status cache_ring_init(struct cache_ring *ring)
{
	int ends[2];
	void *shared;

	shared = mmap(NULL, sizeof(*ring->shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return STATUS_NO_MEMORY;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		munmap(shared, sizeof(*ring->shared));
		return STATUS_UNAVAILABLE;
	}
	ring->shared = shared;
	ring->wake_fd = ends[0];
	ring->sleep_fd = ends[1];
	pthread_mutex_init(&ring->lock, NULL);
	return STATUS_OK;
}

void cache_ring_finish(struct cache_ring *ring)
{
	if (ring->wake_fd >= 0)
		close(ring->wake_fd);
	if (ring->sleep_fd >= 0)
		close(ring->sleep_fd);
	munmap(ring->shared, sizeof(*ring->shared));
	pthread_mutex_destroy(&ring->lock);
}

static void fill_slot(struct cache_ring_slot *slot, const struct cache_write *write)
{
	slot->op = write->op;
	slot->key_len = (uint32_t)write->key.len;
	slot->value_len = (uint32_t)write->value.len;
	slot->fresh_until_ms = write->fresh_until_ms;
	slot->stale_until_ms = write->stale_until_ms;
	memcpy(slot->key, write->key.ptr, write->key.len);
	if (write->value.len > 0)
		memcpy(slot->value, write->value.ptr, write->value.len);
}

bool cache_ring_push(struct cache_ring *ring, const struct cache_write *write)
{
	struct cache_ring_shared *shared = ring->shared;
	uint64_t head;
	bool room;

	pthread_mutex_lock(&ring->lock);
	head = atomic_load_explicit(&shared->head, memory_order_relaxed);
	room = head - atomic_load_explicit(&shared->tail, memory_order_acquire) < CACHE_RING_SLOTS;
	if (room) {
		fill_slot(slot_at(ring, head), write);
		atomic_store(&shared->head, head + 1);
	}
	pthread_mutex_unlock(&ring->lock);
	if (room)
		wake(ring);
	return room;
}

static enum cache_waiting copy_slot(const struct cache_ring_slot *slot, struct arena *arena,
                                    struct cache_waiting_put *ret_put)
{
	if (slot->op == CACHE_OP_DROP)
		return CACHE_WAITS_DROP;
	ret_put->value = arena_copy(arena, (struct slice){slot->value, slot->value_len});
	ret_put->fresh_until_ms = slot->fresh_until_ms;
	ret_put->stale_until_ms = slot->stale_until_ms;
	return ret_put->value.ptr != NULL ? CACHE_WAITS_PUT : CACHE_WAITS_DROP;
}

/* With the lock held, under which alone slots are refilled. */
static const struct cache_ring_slot *find(struct cache_ring *ring, struct slice key)
{
	struct cache_ring_shared *shared = ring->shared;
	uint64_t head = atomic_load(&shared->head);

	for (uint64_t at = head; at != atomic_load(&shared->tail) && at + CACHE_RING_SLOTS != head; at--) {
		const struct cache_ring_slot *slot = slot_at(ring, at - 1);

		if (slice_eq(key, (struct slice){slot->key, slot->key_len}))
			return slot;
	}
	return NULL;
}

static bool is_empty(struct cache_ring *ring)
{
	struct cache_ring_shared *shared = ring->shared;
	uint64_t head = atomic_load_explicit(&shared->head, memory_order_acquire);

	return head == atomic_load_explicit(&shared->tail, memory_order_acquire);
}

enum cache_waiting cache_ring_find(struct cache_ring *ring, struct slice key, struct arena *arena,
                                   struct cache_waiting_put *ret_put)
{
	const struct cache_ring_slot *slot;
	enum cache_waiting waiting;

	if (is_empty(ring))
		return CACHE_WAITS_NOT;
	pthread_mutex_lock(&ring->lock);
	slot = find(ring, key);
	waiting = slot ? copy_slot(slot, arena, ret_put) : CACHE_WAITS_NOT;
	pthread_mutex_unlock(&ring->lock);
	return waiting;
}

bool cache_ring_holds(struct cache_ring *ring, struct slice key)
{
	bool holds;

	if (is_empty(ring))
		return false;
	pthread_mutex_lock(&ring->lock);
	holds = find(ring, key) != NULL;
	pthread_mutex_unlock(&ring->lock);
	return holds;
}

void cache_ring_report(struct cache_ring *ring)
{
	atomic_fetch_add(&ring->shared->faults, 1);
	wake(ring);
}
