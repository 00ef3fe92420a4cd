/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SERVER_H
#define FCGI_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "app/checkout.h"
#include "auth.h"
#include "base/arena.h"
#include "base/deadline.h"
#include "log.h"
#include "metrics.h"
#include "port/document.h"
#include "port/event.h"
#include "port/inquiry.h"
#include "rate_limit.h"
#include "request.h"
#include "response.h"
#include "route.h"
#include "serve.h"
#include "wire/problem.h"

struct providers;

/* What a handler process is made of; the composition root fills it, all threads share it. */
struct server {
	const struct route *routes;
	size_t route_count;
	struct checkout_ports ports[2]; /* test mode, live mode: they differ in the register */
	struct auth auth;               /* book NULL: no route asks for a key */
	struct principal anonymous;     /* who calls without a key, where that is allowed */
	struct providers *providers;    /* read again with the rest; NULL = none */
	struct rate_limit *rate_limit;  /* of anonymous calls; NULL = none */
	struct log *log;
	struct metrics *metrics;
	struct lane *lanes; /* server_start() */
	unsigned lane_count;
	struct event_port events;
	struct recheck_port rechecks;
	struct inquiry_port inquiries;  /* what the program's providers are preparing; vtable NULL: nothing */
	struct document_port documents; /* what came beside providers' answers; vtable NULL: nothing is kept */
	const char *state;              /* folder, where a handler needs it */
	uint64_t budget_ms;
	int64_t start_ms;
};

/* One request being answered: all that a route's handler needs. */
struct call {
	const struct server *server;
	unsigned lane;
	const struct route *route; /* NULL = none matched */
	struct exchange *exchange;
	struct arena *arena;
	struct request request;
	struct slice path_rest; /* what "{}" of the route stands for */
	struct response response;
	struct deadline deadline;
	int64_t at_ms;
	struct principal principal; /* tenant absent = no key was accepted (yet) */

	/* What a handler leaves besides its response. */
	const char *fault;                 /* problem code, where the status alone says too little */
	const struct field_errors *errors; /* told in a problem */
	enum metrics_outcome outcome;
	const char *cache;
	int64_t store_ns; /* spent making it durable, -1 = nothing was */
};

/* What one request after the other uses, from its arrival until it is answered. */
struct lane {
	struct call call;
	struct arena arena;
	struct auth_cache auth;
	char arena_mem[MAX_REQUEST_ARENA] __attribute__((aligned(16)));
	char headers[RESPONSE_MAX_HEADERS];
	char body[MAX_ANSWER];
};

/* Allocates the lanes: this many requests are under way at once. */
enum status server_start(struct server *server, unsigned lanes) MUST_CHECK;
void server_stop(struct server *server);
/* How serve_run() and cgi_serve() drive it. */
struct serve_app server_app(struct server *server);
/* Answers one request in a free lane. False: the rest of it comes, or has come, by the exchange's resume(). */
bool server_handle(const struct server *server, unsigned lane, struct exchange *exchange);
/* Leaves one fault of a field or a parameter ("?after") for the problem that answers: STATUS_INVALID, or NO_MEMORY. */
enum status server_refuse_field(struct call *call, const char *pointer, const char *code) MUST_CHECK;
/* Sends the answer of a call whose handler said STATUS_PENDING: the end of what it gives resume(). */
void server_conclude(struct call *call, enum status status);

#endif
