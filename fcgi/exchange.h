/* SPDX-License-Identifier: MIT */
#ifndef FCGI_EXCHANGE_H
#define FCGI_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * One request's way in and out, the same for FastCGI and plain CGI. Valid
 * until it is answered, used by one thread at a time.
 */
struct exchange {
	const struct exchange_vtable *vtable;
	void *self;
	char **env;       /* "NAME=value" each, NULL at the end */
	int64_t start_ns; /* monotonic: when the request was taken up */
	/*
	 * For a handler that has returned before its answer: runs the rest of
	 * it, at once where sending cannot block and otherwise on a thread that
	 * may wait, and then ends the exchange. The caller leaves both alone.
	 */
	void (*resume)(struct exchange *exchange, void (*rest)(void *ctx), void *ctx);
};

struct exchange_vtable {
	/* Up to cap bytes of the body; *ret_len 0 at its end. False: the peer is gone or broke the protocol. */
	bool (*read)(void *self, char *ret_bytes, size_t cap, size_t *ret_len);
	/* False: the peer is gone. Bytes may be held back until the handler returns. */
	bool (*write)(void *self, struct slice bytes);
};

#endif
