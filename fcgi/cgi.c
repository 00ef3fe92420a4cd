/* SPDX-License-Identifier: MIT */
#include "cgi.h"

#include <errno.h>
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

static void resume(struct exchange *exchange, void (*rest)(void *ctx), void *ctx)
{
	(void)exchange;
	rest(ctx);
}

void cgi_serve(const struct serve_app *app)
{
	struct cgi cgi = {false, 0};
	struct exchange exchange = {&cgi_vtable, &cgi, environ, 0, resume};
	struct timespec now;

	signal(SIGPIPE, SIG_IGN);
	alarm(MAX_SECONDS);
	cgi.announced = slice_to_u64(slice_cstr(getenv("CONTENT_LENGTH")), &cgi.left);
	clock_gettime(CLOCK_MONOTONIC, &now);
	exchange.start_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	/* The only thread there is: whatever is pending has ended when this returns. */
	(void)app->handle(app->ctx, 0, &exchange);
	discard_rest(&cgi);
}
