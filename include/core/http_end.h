/* SPDX-License-Identifier: MIT */
#ifndef CORE_HTTP_END_H
#define CORE_HTTP_END_H

/* How a call of a web service ended; only HTTP_ANSWERED says anything about what was asked. */
enum http_end {
	HTTP_ANSWERED,     /* a whole answer, whatever its code */
	HTTP_REFUSED,      /* the request is none this service may get: URL, size */
	HTTP_BREAKER_OPEN, /* not called: it failed too often lately */
	HTTP_PAUSED,       /* not called: it asked to be left alone (Retry-After) */
	HTTP_BUDGET_SPENT, /* not called: the day's budget is used up */
	HTTP_BUSY,         /* not called: too many calls in flight until the deadline */
	HTTP_FORBIDDEN,    /* its name leads to an address that may not be called */
	HTTP_NO_HOST,      /* its name leads nowhere */
	HTTP_NO_CONNECTION,
	HTTP_TLS_FAILED,
	HTTP_TIMEOUT,
	HTTP_BROKEN,    /* reset, cut off, or no HTTP */
	HTTP_TOO_LARGE, /* more than the service's maximum */
	HTTP_STOPPED,   /* this program is ending */
	HTTP_NO_MEMORY,
	HTTP_END_COUNT
};

const char *http_end_name(enum http_end end); /* "breaker_open" */

#endif
