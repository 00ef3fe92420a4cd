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
	bool told;
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
	struct writes kept;   /* refused by the list at least once */
	size_t kept_count;
	struct timespec retry_at;
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

/* With the lock held: what the list refused is kept or forgotten. */
static bool keep(struct inquiry_writer *writer, struct write *write)
{
	if (writer->stopping || writer->kept_count >= KEPT_MOST)
		return false;
	if (!writer->kept_count++) {
		(void)clock_gettime(CLOCK_MONOTONIC, &writer->retry_at);
		writer->retry_at.tv_sec += RETRY_S;
	}
	push(&writer->kept, write);
	return true;
}

/* With the lock held, which is given up meanwhile. */
static void write_next(struct inquiry_writer *writer)
{
	struct write *write = writer->queue.head;
	struct inquiry_written written = write->written;
	bool told = write->told;
	enum status status;

	writer->busy = true;
	pthread_mutex_unlock(&writer->lock);
	status = carry_out(&writer->list, write->kind, (struct slice){write->key, write->key_len}, &write->inquiry);
	pthread_mutex_lock(&writer->lock);
	(void)pop(&writer->queue);
	write->told = true;
	if (write->kind != ADD || status == STATUS_OK || !keep(writer, write))
		free(write);
	if (!told) {
		pthread_mutex_unlock(&writer->lock);
		written.tell(written.ctx, status);
		pthread_mutex_lock(&writer->lock);
	}
	writer->busy = false;
	if (!writer->queue.head)
		pthread_cond_broadcast(&writer->idle);
}

/* With the lock held. */
static void retry_all(struct inquiry_writer *writer)
{
	for (struct write *write; (write = pop(&writer->kept));)
		push(&writer->queue, write);
	writer->kept_count = 0;
}

/* With the lock held: until there is something to do; false at the end. */
static bool wait_for_work(struct inquiry_writer *writer)
{
	int fault = 0;

	while (!writer->queue.head) {
		if (fault || (writer->stopping && writer->kept_count))
			retry_all(writer);
		else if (writer->stopping)
			return false;
		else if (writer->kept_count)
			fault = pthread_cond_timedwait(&writer->woken, &writer->lock, &writer->retry_at);
		else
			(void)pthread_cond_wait(&writer->woken, &writer->lock);
	}
	return true;
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
