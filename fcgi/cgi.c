/* SPDX-License-Identifier: MIT */
#include "cgi.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MAX_DISCARD (1024 * 1024)
#define MAX_SECONDS 30 /* a body that never ends must not keep the process */

/* Servers need not close standard input behind the body (RFC 3875, section 4.2). */
struct cgi {
	bool announced;
	uint64_t left;
	sem_t resumed;
	void (*rest)(void *ctx); /* of an answer that came from another thread */
	void *rest_ctx;
};

static bool cgi_read(void *self, char *ret_bytes, size_t cap, size_t *ret_len)
{
	struct cgi *cgi = self;
	ssize_t count;

	if (cgi->announced && cap > cgi->left)
		cap = (size_t)cgi->left;
	do {
		count = cap ? read(STDIN_FILENO, ret_bytes, cap) : 0;
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		return false;
	cgi->left -= cgi->announced ? (uint64_t)count : 0;
	*ret_len = (size_t)count;
	return true;
}

/* A server that cannot hand over the whole body may break off the answer. */
static void discard_rest(struct cgi *cgi)
{
	char trash[4096];
	size_t total = 0;
	size_t count = 1;

	while (total < MAX_DISCARD && cgi_read(cgi, trash, sizeof(trash), &count) && count)
		total += count;
}

static bool cgi_write(void *self, struct slice bytes)
{
	size_t sent = 0;

	(void)self;
	while (sent < bytes.len) {
		ssize_t count = write(STDOUT_FILENO, bytes.ptr + sent, bytes.len - sent);

		if (count < 0 && errno != EINTR)
			return false;
		sent += count > 0 ? (size_t)count : 0;
	}
	return true;
}

static const struct exchange_vtable cgi_vtable = {.read = cgi_read, .write = cgi_write};

bool cgi_is_request(void)
{
	return getenv("GATEWAY_INTERFACE") && getenv("REQUEST_METHOD");
}

/* The answer is sent by the thread that waits for it: nobody else's work stops when the server does not read. */
static void resume(struct exchange *exchange, void (*rest)(void *ctx), void *ctx)
{
	struct cgi *cgi = exchange->self;

	cgi->rest = rest;
	cgi->rest_ctx = ctx;
	sem_post(&cgi->resumed);
}

static void finish(struct cgi *cgi)
{
	while (sem_wait(&cgi->resumed) != 0) {
	}
	cgi->rest(cgi->rest_ctx);
}

void cgi_serve(const struct serve_app *app)
{
	struct cgi cgi = {.announced = false};
	struct exchange exchange = {&cgi_vtable, &cgi, environ, 0, resume};
	struct timespec now;

	signal(SIGPIPE, SIG_IGN);
	alarm(MAX_SECONDS);
	cgi.announced = slice_to_u64(slice_cstr(getenv("CONTENT_LENGTH")), &cgi.left);
	clock_gettime(CLOCK_MONOTONIC, &now);
	exchange.start_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	sem_init(&cgi.resumed, 0, 0);
	if (!app->handle(app->ctx, 0, &exchange))
		finish(&cgi);
	discard_rest(&cgi);
	sem_destroy(&cgi.resumed);
}
