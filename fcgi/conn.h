/* SPDX-License-Identifier: MIT */
#ifndef FCGI_CONN_H
#define FCGI_CONN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/*
 * The connections of a process. Each is owned by one thread at a time:
 *
 *   FREE -take-> BUSY -rest-> RESTING -watched-> IDLE -claim-> BUSY
 *                             RESTING -claim-----------------> BUSY -close-> FREE
 *                                                IDLE -sweep---------------> FREE
 *
 * One at rest is owned by nobody; whoever wins the exchange of its state word
 * owns it. It is RESTING until epoll watches it: its event may come already,
 * but no sweep closes the descriptor that epoll is being told. The word
 * carries a generation, new with each rest, so that a late event for a
 * connection that is gone finds nothing. HELD lasts only as long as one
 * shutdown() or close().
 */
enum conn_state { CONN_FREE, CONN_IDLE, CONN_RESTING, CONN_BUSY, CONN_HELD };

struct conn {
	_Atomic uint64_t word;    /* generation << 8 | enum conn_state */
	_Atomic int64_t since_ns; /* when the state began */
	_Atomic bool doomed;      /* shut down from outside; close, do not keep */
	bool watched;             /* in the epoll set already */
	int fd;                   /* ours: watched and shut down */
	int lib_fd;               /* a duplicate that libfcgi reads, writes and may close; -1 = it did */
	uint32_t next;            /* in the list of free ones */
};

struct conn_table {
	struct conn *conns;
	uint32_t count;
	_Atomic uint32_t used;
	pthread_mutex_t lock; /* of the free list */
	uint32_t free;
};

enum status conn_table_create(struct conn_table *table, uint32_t count) MUST_CHECK;
void conn_table_destroy(struct conn_table *table);

/* A free place, or with "reap" that of the connection idle for longest, which is closed. NULL: all are busy. */
struct conn *conn_reserve(struct conn_table *table, bool reap);
void conn_cancel(struct conn_table *table, struct conn *conn);
/* A reserved place becomes the BUSY connection fd. False: no second descriptor could be had; fd stays the caller's. */
bool conn_open(struct conn_table *table, struct conn *conn, int fd, int64_t now_ns);
/* BUSY -> RESTING. What epoll shall hand back for its next event; never CONN_NO_TOKEN or below. */
uint64_t conn_rest(const struct conn_table *table, struct conn *conn, int64_t now_ns);
#define CONN_NO_TOKEN 16
/* RESTING -> IDLE, once epoll watches for this token; nothing when its event has come already. */
void conn_watched(struct conn_table *table, uint64_t token);
/* The connection an event is for, BUSY and the caller's from now on; NULL: gone. */
struct conn *conn_claim(struct conn_table *table, uint64_t token, int64_t now_ns);
/* BUSY -> FREE, both descriptors closed. */
void conn_close(struct conn_table *table, struct conn *conn);

/* Closes what is idle for longer than idle_ns, and shuts down what is busy for longer than busy_ns. */
void conn_sweep(struct conn_table *table, int64_t now_ns, int64_t idle_ns, int64_t busy_ns);
/* As conn_sweep() for idle ones, but leaves those with unread bytes. */
void conn_sweep_quiet(struct conn_table *table, int64_t now_ns, int64_t idle_ns);
/* True when bytes (or the end of the stream) can be read now. */
bool conn_readable(int fd);

#endif
