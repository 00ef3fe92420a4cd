/* SPDX-License-Identifier: MIT */
#ifndef PORT_HTTP_H
#define PORT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "core/breaker.h"
#include "core/http_end.h"

/* One web service: its address, limits, breaker and budget belong to whoever made the port. */
struct http_port {
	const struct http_vtable *vtable;
	void *self;
};

enum http_method { HTTP_GET, HTTP_POST };

/* Slices are borrowed until begin() returns. */
struct http_request {
	enum http_method method;
	struct slice url;          /* within the service's own base address */
	struct slice content_type; /* of the body of a POST */
	struct slice body;
	struct slice headers[MAX_HTTP_HEADERS]; /* "Accept: application/json"; never secrets */
	size_t header_count;
	struct slice secret; /* one more line, with a credential: "Authorization: Bearer ..." */
	bool repeatable;     /* asking twice does no harm and costs nothing twice */
	bool free;           /* costs nothing: not counted, and sent when the budget is spent */
	bool faults_as_500;  /* code 500 is how the service says no (SOAP): nothing against its health */
};

/* Valid while it is told. */
struct http_reply {
	enum http_end end;
	int code; /* 200; 0 unless answered */
	struct slice body;
	struct slice content_type;
	uint32_t tries;
	int64_t took_ns; /* from begin() on */
};

/* Told exactly once, on the client's own thread, perhaps before begin() returns. Must not block. */
struct http_done {
	void (*tell)(void *ctx, const struct http_reply *reply);
	void *ctx;
};

/* Upper borders of the latency histogram in milliseconds; one more bucket for what is above. */
#define HTTP_BUCKETS 11
#define HTTP_BUCKETS_MS                                                \
	{                                                              \
		5, 10, 25, 50, 100, 250, 500, 1000, 5000, 15000, 60000 \
	}

struct http_stats {
	uint64_t ends[HTTP_END_COUNT]; /* calls by their end */
	uint64_t tries;
	uint64_t codes[6]; /* answers by the first digit of their code */
	uint64_t took[HTTP_BUCKETS + 1];
	uint64_t took_ns;
	enum breaker_state breaker; /* of all processes that share the ledger */
	uint32_t in_flight, peak_in_flight, waiting;
	/* Today, by all processes that share the ledger; the most of it, 0 = no limit. */
	int64_t spent_micros, most_micros;
	uint32_t day_calls, most_day_calls;
};

struct http_vtable {
	/* Any thread. The reply comes at the deadline or the service's own time-out at the latest. */
	void (*begin)(void *self, const struct http_request *request, struct deadline deadline, struct http_done done);
	void (*stats)(void *self, struct http_stats *ret_stats);
};

#endif
