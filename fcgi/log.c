/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/json_out.h"
#include "fcgi/background.h"

/* The log lives as long as its process. lint: allow calloc, lint: allow free */
#define RING_BYTES 65536 /* a power of two */
#define LINE_BYTES 768
#define NOTE_BYTES 2048
#define GATHER_MS  5 /* lines of this long share one write */
#define CLOSE_SECS 1
#define MAX_PARTS  128 /* two for each of the rings a process usually has, and more */

/* Written by one thread, read by the log's; positions only grow. */
struct ring {
	_Alignas(64) _Atomic uint64_t head;
	_Atomic uint64_t dropped;
	_Alignas(64) _Atomic uint64_t tail;
	uint64_t taken; /* the writing thread's own: where the tail goes once this much is written */
	char bytes[RING_BYTES];
};

struct log {
	const char *path; /* NULL: stderr or none */
	_Atomic int fd;   /* -1 = none */
	int wake_fd;
	_Atomic bool awake; /* the writing thread looks at the rings anyway */
	_Atomic bool closing;
	_Atomic bool reopen;
	_Atomic uint64_t refused; /* lines the target did not take */
	bool cut;                 /* the last line it took lacks its end */
	pthread_t thread;
	sem_t started;             /* the thread runs */
	pthread_mutex_t note_lock; /* of the last ring, which all threads share */
	unsigned rings;
	struct ring ring[];
};

/* What one writev() is given. */
struct parts {
	unsigned first;
	unsigned count;
	struct iovec items[MAX_PARTS];
};

static void wake(struct log *log)
{
	if (!atomic_exchange(&log->awake, true))
		(void)eventfd_write(log->wake_fd, 1);
}

static void push(struct log *log, struct ring *ring, struct slice line)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
	size_t at = head % RING_BYTES;
	size_t first = RING_BYTES - at < line.len ? RING_BYTES - at : line.len;

	if (line.len > RING_BYTES - (head - tail)) {
		atomic_fetch_add_explicit(&ring->dropped, 1, memory_order_relaxed);
		return;
	}
	memcpy(ring->bytes + at, line.ptr, first);
	memcpy(ring->bytes, line.ptr + first, line.len - first);
	atomic_store_explicit(&ring->head, head + line.len, memory_order_release);
	wake(log);
}

/* Steps over what was written, "written" bytes of it; the last of them. */
static char advance(struct parts *parts, size_t written)
{
	char last = '\n';

	while (written && parts->first < parts->count) {
		struct iovec *item = &parts->items[parts->first];
		size_t len = written < item->iov_len ? written : item->iov_len;

		last = ((const char *)item->iov_base)[len - 1];
		item->iov_base = (char *)item->iov_base + len;
		item->iov_len -= len;
		written -= len;
		parts->first += !item->iov_len;
	}
	return last;
}

static uint64_t count_lines(const struct parts *parts)
{
	uint64_t lines = 0;

	for (unsigned i = parts->first; i < parts->count; i++) {
		const char *text = parts->items[i].iov_base;

		for (size_t at = 0; at < parts->items[i].iov_len; at++)
			lines += text[at] == '\n';
	}
	return lines;
}

/* A line that was cut ends where it was cut, so that the next one stands alone. False: it still has no end. */
static bool end_cut_line(struct log *log)
{
	if (log->cut && write(log->fd, "\n", 1) == 1)
		log->cut = false;
	return !log->cut;
}

/* A log that cannot be written is no reason to stop answering. */
static void write_all(struct log *log, struct parts *parts)
{
	bool good = parts->first == parts->count || end_cut_line(log);

	while (good && parts->first < parts->count) {
		ssize_t written = writev(log->fd, parts->items + parts->first, (int)(parts->count - parts->first));

		good = written > 0 || (written < 0 && errno == EINTR);
		if (written > 0)
			log->cut = advance(parts, (size_t)written) != '\n';
	}
	atomic_fetch_add_explicit(&log->refused, count_lines(parts), memory_order_relaxed);
}

static void add_part(struct parts *parts, struct ring *ring, size_t at, size_t len)
{
	if (len)
		parts->items[parts->count++] = (struct iovec){ring->bytes + at, len};
}

/* What lies in the ring now, in one piece or around its end in two. */
static void take_ring(struct ring *ring, struct parts *parts)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
	size_t at = tail % RING_BYTES;
	size_t len = (size_t)(head - tail);
	size_t first = RING_BYTES - at < len ? RING_BYTES - at : len;

	add_part(parts, ring, at, first);
	add_part(parts, ring, 0, len - first);
	ring->taken = head;
}

/* All rings' lines with as few writes as possible. */
static bool drain(struct log *log)
{
	bool any = false;

	for (unsigned i = 0, done = 0; i < log->rings; done = i) {
		struct parts parts = {.count = 0};

		for (; i < log->rings && parts.count + 2 <= MAX_PARTS; i++)
			take_ring(&log->ring[i], &parts);
		any |= parts.count > 0;
		write_all(log, &parts);
		for (; done < i; done++)
			atomic_store_explicit(&log->ring[done].tail, log->ring[done].taken, memory_order_release);
	}
	return any;
}

static int open_file(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

/* After the file was rotated away; the old one stays in use when the new one cannot be had. */
static void reopen_file(struct log *log)
{
	int fd = open_file(log->path);

	if (fd < 0) {
		log_note(log, LOG_ERROR, "log not opened anew, the one before stays", log->path);
		return;
	}
	(void)end_cut_line(log);
	dup3(fd, log->fd, O_CLOEXEC);
	close(fd);
}

static void *writer_main(void *arg)
{
	struct log *log = arg;
	eventfd_t count;

	sem_post(&log->started);
	for (;;) {
		bool closing = atomic_load(&log->closing);

		if (atomic_exchange(&log->reopen, false))
			reopen_file(log);
		atomic_store(&log->awake, false);
		if (drain(log)) {
			atomic_store(&log->awake, true);
			poll(NULL, 0, GATHER_MS);
			continue;
		}
		if (closing)
			return NULL;
		(void)eventfd_read(log->wake_fd, &count);
		poll(NULL, 0, GATHER_MS);
	}
}

static enum status open_target(struct log *log, const char *target)
{
	if (strcmp(target, "none") == 0) {
		log->fd = -1;
		return STATUS_OK;
	}
	if (strcmp(target, "stderr") == 0) {
		log->fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	} else {
		log->path = target;
		log->fd = open_file(target);
	}
	return log->fd < 0 ? STATUS_UNAVAILABLE : STATUS_OK;
}

/* The caller may fork next: the thread's start, which takes memory and its locks, must be over by then. */
static bool start_writer(struct log *log)
{
	if (pthread_create(&log->thread, NULL, writer_main, log) != 0)
		return false;
	while (sem_wait(&log->started) != 0) {
	}
	return true;
}

enum status log_open(const char *target, unsigned writers, struct log **ret_log)
{
	struct log *log = aligned_alloc(64, sizeof(*log) + (writers + 1) * sizeof(struct ring));
	enum status status;

	if (!log)
		return STATUS_NO_MEMORY;
	memset(log, 0, sizeof(*log) + (writers + 1) * sizeof(struct ring));
	log->rings = writers + 1;
	status = open_target(log, target);
	if (status != STATUS_OK)
		goto fail;
	status = STATUS_UNAVAILABLE;
	log->wake_fd = eventfd(0, EFD_CLOEXEC);
	if (log->wake_fd < 0)
		goto fail_target;
	pthread_mutex_init(&log->note_lock, NULL);
	sem_init(&log->started, 0, 0);
	if (log->fd >= 0 && !start_writer(log))
		goto fail_wake;
	*ret_log = log;
	return STATUS_OK;
fail_wake:
	sem_destroy(&log->started);
	pthread_mutex_destroy(&log->note_lock);
	close(log->wake_fd);
fail_target:
	if (log->fd >= 0)
		close(log->fd);
fail:
	free(log);
	return status;
}

void log_close(struct log *log)
{
	struct timespec until;

	if (!log)
		return;
	if (log->fd >= 0) {
		atomic_store(&log->closing, true);
		(void)eventfd_write(log->wake_fd, 1);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += CLOSE_SECS;
		/* Nobody reads the log: its thread is stuck in write() and keeps what it needs. */
		if (pthread_timedjoin_np(log->thread, NULL, &until) != 0)
			return;
		close(log->fd);
	}
	close(log->wake_fd);
	sem_destroy(&log->started);
	pthread_mutex_destroy(&log->note_lock);
	free(log);
}

void log_reopen(struct log *log)
{
	if (!log->path)
		return;
	atomic_store(&log->reopen, true);
	wake(log);
}

void log_request(struct log *log, unsigned writer, const struct log_request *request)
{
	char mem[LINE_BYTES];
	struct json_out out;
	struct buf line;

	if (log->fd < 0)
		return;
	buf_init(&line, mem, sizeof(mem));
	json_out_init(&out, &line);
	json_out_object(&out, NULL);
	json_out_instant(&out, "time", request->at_ms, true);
	json_out_word(&out, "level", "info");
	json_out_string(&out, "request_id", request->request_id);
	json_out_word(&out, "method", request->method);
	json_out_word(&out, "route", request->route);
	json_out_i64(&out, "status", request->status);
	json_out_i64(&out, "duration_us", request->duration_us);
	if (request->outcome)
		json_out_word(&out, "outcome", request->outcome);
	if (request->livemode)
		json_out_bool(&out, "livemode", *request->livemode);
	if (request->tenant.ptr)
		json_out_string(&out, "tenant", request->tenant);
	if (request->cache)
		json_out_word(&out, "cache", request->cache);
	json_out_object_end(&out);
	buf_char(&line, '\n');
	if (!line.overflow)
		push(log, &log->ring[writer], buf_view(&line));
}

/* A line that does not belong to a request. */
struct note {
	char mem[NOTE_BYTES];
	struct json_out out;
	struct buf line;
};

static void begin_note(struct note *note, enum log_level level)
{
	static const char *const levels[] = {[LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	buf_init(&note->line, note->mem, sizeof(note->mem));
	json_out_init(&note->out, &note->line);
	json_out_object(&note->out, NULL);
	json_out_instant(&note->out, "time", now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000, true);
	json_out_cstr(&note->out, "level", levels[level]);
}

static void push_note(struct log *log, struct note *note)
{
	json_out_object_end(&note->out);
	buf_char(&note->line, '\n');
	if (note->line.overflow)
		return;
	pthread_mutex_lock(&log->note_lock);
	push(log, &log->ring[log->rings - 1], buf_view(&note->line));
	pthread_mutex_unlock(&log->note_lock);
}

void log_note(struct log *log, enum log_level level, const char *message, const char *subject)
{
	struct note note;

	if (log->fd < 0)
		return;
	begin_note(&note, level);
	json_out_cstr(&note.out, "message", message);
	if (subject)
		json_out_cstr(&note.out, "subject", subject);
	push_note(log, &note);
}

static void put_given(struct json_out *out, const char *name, struct slice value)
{
	if (value.ptr)
		json_out_string(out, name, value);
}

void log_job(struct log *log, const struct background_job *job)
{
	struct note note;

	if (log->fd < 0)
		return;
	begin_note(&note, LOG_INFO);
	json_out_cstr(&note.out, "job", job->job);
	json_out_cstr(&note.out, "result", job->result);
	put_given(&note.out, "provider", slice_cstr(job->provider));
	put_given(&note.out, "outcome", slice_cstr(job->outcome));
	put_given(&note.out, "detail", slice_cstr(job->detail));
	put_given(&note.out, "tenant", job->tenant);
	put_given(&note.out, "decision_id", job->decision_id);
	put_given(&note.out, "new_decision_id", job->new_decision_id);
	json_out_i64(&note.out, "tries", job->tries);
	push_note(log, &note);
}

uint64_t log_dropped(const struct log *log)
{
	uint64_t sum = atomic_load_explicit(&log->refused, memory_order_relaxed);

	for (unsigned i = 0; i < log->rings; i++)
		sum += atomic_load_explicit(&log->ring[i].dropped, memory_order_relaxed);
	return sum;
}
