/* SPDX-License-Identifier: MIT */
#include "adapter/inquiry_writer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RETRY_S   2
/* Beyond this many that no disk takes, the next is lost: a process must not grow without end. */
#define KEPT_MOST 1024

enum kind { ADD, PUT, REMOVE };

struct write {
	struct write *next;
	enum kind kind;
	char key[MAX_CACHE_KEY];
	size_t key_len;
	struct inquiry inquiry;
	struct inquiry_written written;
};

struct writes {
	struct write *head, *tail;
};

struct inquiry_writer {
	struct inquiry_port list;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t woken; /* there is something to do */
	pthread_cond_t idle;  /* there is nothing to do */
	struct writes queue;  /* its head stays until it is written, so that it can be found */
	struct writes kept;   /* orders that the list refused */
	size_t kept_count;
	enum status refused; /* how it took the last one */
	int64_t retry_s;     /* when the first of those kept is tried again, monotonic */
	bool running, busy, stopping;
};

static void push(struct writes *list, struct write *write)
{
	write->next = NULL;
	if (list->tail)
		list->tail->next = write;
	else
		list->head = write;
	list->tail = write;
}

static struct write *pop(struct writes *list)
{
	struct write *write = list->head;

	if (!write)
		return NULL;
	list->head = write->next;
	if (!list->head)
		list->tail = NULL;
	return write;
}

static const struct write *find_added(const struct writes *list, struct slice key)
{
	const struct write *write = list->head;

	while (write && (write->kind != ADD || !slice_eq((struct slice){write->key, write->key_len}, key)))
		write = write->next;
	return write;
}

static enum status carry_out(const struct inquiry_port *list, enum kind kind, struct slice key,
                             const struct inquiry *inquiry)
{
	return kind == REMOVE ? list->vtable->remove(list->self, key) : list->vtable->put(list->self, key, inquiry);
}

static int64_t now_s(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Whether it is the list's own state, so that it would refuse others as well and may take this one later. */
static bool is_refusal(enum status status)
{
	return status != STATUS_OK && status != STATUS_TOO_LARGE && status != STATUS_INVALID;
}

/* With the lock held: an order that the list refused. */
static void keep(struct inquiry_writer *writer, struct write *write)
{
	if (writer->kept_count >= KEPT_MOST) {
		free(write);
		return;
	}
	writer->kept_count++;
	push(&writer->kept, write);
}

/* With the lock held, which is given up meanwhile: told once, at the first try. */
static void tell(struct inquiry_writer *writer, const struct inquiry_written *written, enum status status)
{
	pthread_mutex_unlock(&writer->lock);
	written->tell(written->ctx, status);
	pthread_mutex_lock(&writer->lock);
}

/* With the lock held, which is given up meanwhile. */
static enum status try_write(struct inquiry_writer *writer, const struct write *write)
{
	enum status status;

	pthread_mutex_unlock(&writer->lock);
	status = carry_out(&writer->list, write->kind, (struct slice){write->key, write->key_len}, &write->inquiry);
	pthread_mutex_lock(&writer->lock);
	if (write->kind == ADD) {
		writer->refused = status;
		writer->retry_s = now_s() + RETRY_S;
	}
	return status;
}

/* With the lock held: the next in line. Orders that would be refused are not tried, so that they hold up nobody. */
static void write_next(struct inquiry_writer *writer)
{
	struct write *write = writer->queue.head;
	struct inquiry_written written = write->written;
	enum status status = writer->refused;

	writer->busy = true;
	if (write->kind != ADD || !writer->kept_count)
		status = try_write(writer, write);
	(void)pop(&writer->queue);
	if (write->kind == ADD && is_refusal(status))
		keep(writer, write);
	else
		free(write);
	tell(writer, &written, status);
	writer->busy = false;
	if (!writer->queue.head)
		pthread_cond_broadcast(&writer->idle);
}

/* With the lock held: kept orders one by one, until the list refuses one. At the end those left are lost. */
static void retry(struct inquiry_writer *writer)
{
	bool last = writer->stopping && !writer->queue.head;
	struct write *write;

	while ((write = writer->kept.head) && !is_refusal(try_write(writer, write))) {
		free(pop(&writer->kept));
		writer->kept_count--;
	}
	while (last && (write = pop(&writer->kept))) {
		free(write);
		writer->kept_count--;
	}
}

/* With the lock held. */
static bool retry_is_due(const struct inquiry_writer *writer)
{
	return writer->kept_count && (now_s() >= writer->retry_s || (writer->stopping && !writer->queue.head));
}

/* With the lock held: until something is in line; false at the end. */
static bool wait_for_work(struct inquiry_writer *writer)
{
	while (true) {
		struct timespec retry_at = {.tv_sec = writer->retry_s};

		if (retry_is_due(writer))
			retry(writer);
		else if (writer->queue.head)
			return true;
		else if (writer->stopping)
			return false;
		else if (writer->kept_count)
			(void)pthread_cond_timedwait(&writer->woken, &writer->lock, &retry_at);
		else
			(void)pthread_cond_wait(&writer->woken, &writer->lock);
	}
}

static void *work(void *ctx)
{
	struct inquiry_writer *writer = ctx;

	pthread_mutex_lock(&writer->lock);
	while (wait_for_work(writer))
		write_next(writer);
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

/* With the lock held. Most processes never order a report, and need no thread for it. */
static bool is_running(struct inquiry_writer *writer)
{
	if (!writer->running)
		writer->running = pthread_create(&writer->thread, NULL, work, writer) == 0;
	return writer->running;
}

static struct write *make(enum kind kind, struct slice key, const struct inquiry *inquiry,
                          struct inquiry_written written)
{
	struct write *write = key.len <= MAX_CACHE_KEY ? calloc(1, sizeof(*write)) : NULL;

	if (!write)
		return NULL;
	write->kind = kind;
	memcpy(write->key, key.ptr, key.len);
	write->key_len = key.len;
	if (inquiry)
		write->inquiry = *inquiry;
	write->written = written;
	return write;
}

/* False: there is no thread to take it. */
static bool enqueue(struct inquiry_writer *writer, struct write *write)
{
	bool running;

	pthread_mutex_lock(&writer->lock);
	running = is_running(writer);
	if (running)
		push(&writer->queue, write);
	pthread_cond_signal(&writer->woken);
	pthread_mutex_unlock(&writer->lock);
	return running;
}

static void hand_over(struct inquiry_writer *writer, enum kind kind, struct slice key, const struct inquiry *inquiry,
                      struct inquiry_written written)
{
	struct write *write = make(kind, key, inquiry, written);

	if (write && enqueue(writer, write))
		return;
	free(write);
	/* Without memory or a thread: a caller who waits is better than a report that is paid for twice. */
	written.tell(written.ctx, carry_out(&writer->list, kind, key, inquiry));
}

enum status inquiry_writer_open(struct inquiry_port list, struct inquiry_writer **ret_writer)
{
	struct inquiry_writer *writer = calloc(1, sizeof(*writer));
	pthread_condattr_t monotonic;

	if (!writer)
		return STATUS_NO_MEMORY;
	writer->list = list;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->woken, &monotonic);
	pthread_cond_init(&writer->idle, NULL);
	pthread_condattr_destroy(&monotonic);
	*ret_writer = writer;
	return STATUS_OK;
}

void inquiry_writer_close(struct inquiry_writer *writer)
{
	bool running;

	if (!writer)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	running = writer->running;
	pthread_cond_signal(&writer->woken);
	pthread_mutex_unlock(&writer->lock);
	if (running)
		pthread_join(writer->thread, NULL);
	pthread_cond_destroy(&writer->woken);
	pthread_cond_destroy(&writer->idle);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}

enum status inquiry_writer_find(struct inquiry_writer *writer, struct slice key, int64_t *ret_begun_ms)
{
	const struct write *write;
	int64_t begun_ms = 0;
	bool found;

	pthread_mutex_lock(&writer->lock);
	write = find_added(&writer->queue, key);
	if (!write)
		write = find_added(&writer->kept, key);
	found = write != NULL;
	if (found)
		begun_ms = write->inquiry.begun_ms;
	pthread_mutex_unlock(&writer->lock);
	if (!found)
		return writer->list.vtable->find(writer->list.self, key, ret_begun_ms);
	*ret_begun_ms = begun_ms;
	return STATUS_OK;
}

void inquiry_writer_add(struct inquiry_writer *writer, struct slice key, const struct inquiry *inquiry,
                        struct inquiry_written written)
{
	hand_over(writer, ADD, key, inquiry, written);
}

void inquiry_writer_put(struct inquiry_writer *writer, struct slice key, const struct inquiry *inquiry,
                        struct inquiry_written written)
{
	hand_over(writer, PUT, key, inquiry, written);
}

void inquiry_writer_remove(struct inquiry_writer *writer, struct slice key, struct inquiry_written written)
{
	hand_over(writer, REMOVE, key, NULL, written);
}

void inquiry_writer_flush(struct inquiry_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	while (writer->queue.head || writer->busy)
		pthread_cond_wait(&writer->idle, &writer->lock);
	pthread_mutex_unlock(&writer->lock);
}
