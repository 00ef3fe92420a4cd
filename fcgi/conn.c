/* SPDX-License-Identifier: MIT */
#include "conn.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* The table lives as long as the process serves. lint: allow calloc, lint: allow free */
#define STATE_BITS 8
#define NONE       UINT32_MAX
#define FIRST_FD   3 /* libfcgi takes 0 for "none" in places; 0..2 are never connections */

static uint64_t make_word(uint64_t generation, enum conn_state state)
{
	return generation << STATE_BITS | (uint64_t)state;
}

static uint64_t generation_of(uint64_t word)
{
	return word >> STATE_BITS;
}

static enum conn_state state_of(uint64_t word)
{
	return (enum conn_state)(word & ((1U << STATE_BITS) - 1));
}

/* Moves the connection on only if it is still in the state (and life) the caller saw. */
static bool exchange(struct conn *conn, uint64_t seen, enum conn_state next)
{
	return atomic_compare_exchange_strong_explicit(&conn->word, &seen, make_word(generation_of(seen), next),
	                                               memory_order_acq_rel, memory_order_relaxed);
}

static struct conn *pop_free(struct conn_table *table)
{
	struct conn *conn = NULL;

	pthread_mutex_lock(&table->lock);
	if (table->free != NONE) {
		conn = &table->conns[table->free];
		table->free = conn->next;
	}
	pthread_mutex_unlock(&table->lock);
	return conn;
}

static void push_free(struct conn_table *table, struct conn *conn)
{
	pthread_mutex_lock(&table->lock);
	conn->next = table->free;
	table->free = (uint32_t)(conn - table->conns);
	pthread_mutex_unlock(&table->lock);
}

static uint64_t token_of(const struct conn_table *table, const struct conn *conn, uint64_t word)
{
	return (generation_of(word) << 32 | (uint64_t)(conn - table->conns)) + CONN_NO_TOKEN + 1;
}

static struct conn *conn_of(const struct conn_table *table, uint64_t token)
{
	return &table->conns[(uint32_t)(token - CONN_NO_TOKEN - 1)];
}

/* Owned by the caller, whatever its state word says. */
static void release(struct conn_table *table, struct conn *conn)
{
	uint64_t generation = generation_of(atomic_load_explicit(&conn->word, memory_order_relaxed));

	if (conn->lib_fd >= 0)
		close(conn->lib_fd);
	close(conn->fd);
	atomic_store_explicit(&conn->word, make_word(generation + 1, CONN_FREE), memory_order_release);
	atomic_fetch_sub(&table->used, 1);
	push_free(table, conn);
}

/* Closes one idle connection, if it still is. */
static bool reap_idle(struct conn_table *table, struct conn *conn, uint64_t seen)
{
	if (!exchange(conn, seen, CONN_HELD))
		return false;
	release(table, conn);
	return true;
}

static bool reap_longest_idle(struct conn_table *table)
{
	struct conn *longest = NULL;
	uint64_t longest_word = 0;
	int64_t since = INT64_MAX;

	for (uint32_t i = 0; i < table->count; i++) {
		struct conn *conn = &table->conns[i];
		uint64_t word = atomic_load_explicit(&conn->word, memory_order_acquire);
		int64_t began = atomic_load_explicit(&conn->since_ns, memory_order_relaxed);

		if (state_of(word) == CONN_IDLE && began < since) {
			longest = conn;
			longest_word = word;
			since = began;
		}
	}
	return longest && reap_idle(table, longest, longest_word);
}

/* Wakes its owner out of any read or write; the descriptor cannot be closed meanwhile. */
static void doom(struct conn *conn, uint64_t seen)
{
	if (!exchange(conn, seen, CONN_HELD))
		return;
	atomic_store_explicit(&conn->doomed, true, memory_order_relaxed);
	shutdown(conn->fd, SHUT_RDWR);
	atomic_store_explicit(&conn->word, seen, memory_order_release);
}

enum status conn_table_create(struct conn_table *table, uint32_t count)
{
	*table = (struct conn_table){.conns = calloc(count, sizeof(struct conn)), .count = count};
	if (!table->conns)
		return STATUS_NO_MEMORY;
	pthread_mutex_init(&table->lock, NULL);
	for (uint32_t i = 0; i < count; i++)
		table->conns[i].next = i + 1 < count ? i + 1 : NONE;
	return STATUS_OK;
}

void conn_table_destroy(struct conn_table *table)
{
	for (uint32_t i = 0; i < table->count; i++) {
		struct conn *conn = &table->conns[i];

		if (state_of(atomic_load(&conn->word)) != CONN_FREE)
			release(table, conn);
	}
	pthread_mutex_destroy(&table->lock);
	free(table->conns);
	table->conns = NULL;
}

struct conn *conn_reserve(struct conn_table *table, bool reap)
{
	struct conn *conn = pop_free(table);

	while (!conn && reap && reap_longest_idle(table))
		conn = pop_free(table);
	return conn;
}

void conn_cancel(struct conn_table *table, struct conn *conn)
{
	push_free(table, conn);
}

bool conn_open(struct conn_table *table, struct conn *conn, int fd, int64_t now_ns)
{
	uint64_t generation = generation_of(atomic_load_explicit(&conn->word, memory_order_relaxed));
	int lib_fd = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);

	if (lib_fd < 0)
		return false;
	conn->fd = fd;
	conn->lib_fd = lib_fd;
	conn->watched = false;
	atomic_store_explicit(&conn->doomed, false, memory_order_relaxed);
	atomic_store_explicit(&conn->since_ns, now_ns, memory_order_relaxed);
	atomic_fetch_add(&table->used, 1);
	atomic_store_explicit(&conn->word, make_word(generation, CONN_BUSY), memory_order_release);
	return true;
}

uint64_t conn_rest(const struct conn_table *table, struct conn *conn, int64_t now_ns)
{
	uint64_t word = atomic_load_explicit(&conn->word, memory_order_relaxed);
	uint64_t next;

	atomic_store_explicit(&conn->since_ns, now_ns, memory_order_relaxed);
	for (;;) {
		next = make_word(generation_of(word) + 1, CONN_RESTING);
		if (state_of(word) != CONN_HELD &&
		    atomic_compare_exchange_weak_explicit(&conn->word, &word, next, memory_order_acq_rel,
		                                          memory_order_relaxed))
			return token_of(table, conn, next);
		if (state_of(word) == CONN_HELD)
			sched_yield();
		word = atomic_load_explicit(&conn->word, memory_order_relaxed);
	}
}

void conn_watched(struct conn_table *table, uint64_t token)
{
	struct conn *conn = conn_of(table, token);
	uint64_t word = atomic_load_explicit(&conn->word, memory_order_relaxed);

	if (state_of(word) == CONN_RESTING && token_of(table, conn, word) == token)
		exchange(conn, word, CONN_IDLE);
}

struct conn *conn_claim(struct conn_table *table, uint64_t token, int64_t now_ns)
{
	struct conn *conn = conn_of(table, token);
	uint64_t word = atomic_load_explicit(&conn->word, memory_order_acquire);

	while (token_of(table, conn, word) == token && state_of(word) != CONN_FREE && state_of(word) != CONN_BUSY) {
		if (state_of(word) == CONN_HELD) {
			sched_yield();
		} else if (exchange(conn, word, CONN_BUSY)) {
			atomic_store_explicit(&conn->since_ns, now_ns, memory_order_relaxed);
			return conn;
		}
		word = atomic_load_explicit(&conn->word, memory_order_acquire);
	}
	return NULL;
}

void conn_close(struct conn_table *table, struct conn *conn)
{
	uint64_t word = atomic_load_explicit(&conn->word, memory_order_relaxed);

	while (state_of(word) == CONN_HELD || !exchange(conn, word, CONN_HELD)) {
		sched_yield();
		word = atomic_load_explicit(&conn->word, memory_order_relaxed);
	}
	release(table, conn);
}

void conn_sweep(struct conn_table *table, int64_t now_ns, int64_t idle_ns, int64_t busy_ns)
{
	for (uint32_t i = 0; i < table->count; i++) {
		struct conn *conn = &table->conns[i];
		uint64_t word = atomic_load_explicit(&conn->word, memory_order_acquire);
		int64_t age = now_ns - atomic_load_explicit(&conn->since_ns, memory_order_relaxed);

		if (state_of(word) == CONN_IDLE && age > idle_ns)
			reap_idle(table, conn, word);
		else if (state_of(word) == CONN_BUSY && age > busy_ns)
			doom(conn, word);
	}
}

void conn_sweep_quiet(struct conn_table *table, int64_t now_ns, int64_t idle_ns)
{
	for (uint32_t i = 0; i < table->count; i++) {
		struct conn *conn = &table->conns[i];
		uint64_t word = atomic_load_explicit(&conn->word, memory_order_acquire);
		int64_t age = now_ns - atomic_load_explicit(&conn->since_ns, memory_order_relaxed);

		/* Held while looking, an event would be lost; looking first may only be late. */
		if (state_of(word) == CONN_IDLE && age > idle_ns && !conn_readable(conn->fd))
			reap_idle(table, conn, word);
	}
}

bool conn_readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) > 0;
}
