/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SERVE_H
#define FCGI_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "exchange.h"

/* What the process does with requests; all slots but handle run on the main thread. */
struct serve_app {
	void *ctx;
	/*
	 * Answers one request in "lane" (0 .. threads - 1), which is its own
	 * until it is answered. False: it is, or will be, by exchange->resume().
	 */
	bool (*handle)(void *ctx, unsigned lane, struct exchange *exchange);
	void (*tick)(void *ctx);   /* several times a second */
	void (*reload)(void *ctx); /* SIGHUP */
};

struct serve_options {
	int listen_fd;
	const char *path;     /* the socket is ours: removed when draining; NULL = inherited, leave it */
	unsigned threads;     /* and lanes: requests under way at once; 1 .. SERVE_MAX_THREADS */
	unsigned connections; /* at most this many at once; the longest idle one gives way */
	unsigned idle_ms;     /* a kept connection is closed after this long without a request */
	unsigned exchange_ms; /* one request must be read, answered and sent within this time */
	unsigned drain_ms;    /* running requests get this long after SIGTERM */
};

#define SERVE_MAX_THREADS     256
#define SERVE_MAX_CONNECTIONS 16384

/*
 * Blocks the signals serve_run() waits for; call it before the first thread
 * starts, because a thread that does not block them would swallow them.
 */
void serve_block_signals(void);

/*
 * Serves until SIGTERM, SIGINT or SIGUSR1, then drains. Idle kept-alive
 * connections hold no thread. SIGPIPE is ignored from then on.
 * STATUS_OK: every request was answered and no thread runs any more.
 * STATUS_TIMEOUT: threads were still busy when the time was up; they run on,
 * so the caller must _exit() and free nothing. STATUS_UNAVAILABLE,
 * STATUS_NO_MEMORY: never started.
 */
enum status serve_run(const struct serve_options *options, const struct serve_app *app) MUST_CHECK;

#endif
