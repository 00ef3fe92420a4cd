/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_HTTP_CLIENT_H
#define ADAPTER_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "core/call_guard.h"
#include "port/clock.h"
#include "port/http.h"

/*
 * Calls web services on one thread of its own and one libcurl multi handle:
 * connections are kept and shared, HTTP/2 where the service speaks it, TLS 1.2
 * or better with the peer verified. Redirects, proxies of the environment,
 * cookies and compressed bodies are not used.
 */
struct http_client;
struct http_target;

/* STATUS_NO_MEMORY, STATUS_UNAVAILABLE (no thread). One per process, after the last fork. */
enum status http_client_open(struct clock_port clock, struct http_client **ret_client) MUST_CHECK;
/* Ends every call (HTTP_STOPPED), joins the thread, frees the targets. NULL is fine. */
void http_client_close(struct http_client *client);

/* Strings are copied. */
struct http_target_config {
	const char *base;    /* "https://host[:port]/path": every URL begins with it */
	const char *secret;  /* a header line with a credential, NULL = none; shown nowhere */
	const char *ca_file; /* PEM, NULL = the system's */
	/*
	 * The file by which all processes of an installation keep rules.in_flight, day_micros and day_calls
	 * together, and know of each other's failures (rules.breaker), made when absent; NULL = this process
	 * keeps them alone.
	 */
	const char *ledger;
	bool own_health;      /* others' failures do not count, nor this one's for others */
	bool private_network; /* addresses that are not public, and http:// without TLS, are allowed */
	int64_t connect_ms;
	int64_t total_ms;  /* one call with all its tries and waits */
	size_t body_most;  /* of an answer */
	size_t queue_most; /* calls waiting for the bulkhead */
	struct call_rules rules;
};

/*
 * Another service, for the client's life. STATUS_INVALID: the base is no
 * https address (or http where the private network is allowed), or a limit
 * is not positive. STATUS_UNAVAILABLE: the ledger cannot be opened.
 */
enum status http_client_target(struct http_client *client, const struct http_target_config *config,
                               struct http_target **ret_target) MUST_CHECK;
struct http_port http_target_port(struct http_target *target);

#endif
