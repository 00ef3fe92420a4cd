/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_HTTP_JOB_H
#define SRC_ADAPTER_HTTP_JOB_H

#include <curl/curl.h>

#include "adapter/http_client.h"
#include "call_ledger.h"

/* One call from begin() to its end, over all its tries. */
struct http_job {
	struct http_job *next; /* of the one list it is in */
	struct http_target *target;
	struct http_done done;
	int64_t begun_ns;
	int64_t deadline_ns; /* the service's own time-out or the caller's, whichever is first */
	int64_t wake_ns;     /* of the next try */
	bool cut_short;      /* the caller's deadline is the shorter one */
	bool repeatable;
	bool free;
	bool faults_as_500;
	enum http_method method;
	uint32_t tries;
	struct call_entry entry;
	char *url;
	char *body;
	size_t body_len;
	struct curl_slist *headers;
	/* the try at hand */
	CURL *easy;
	bool forbidden;
	bool too_large;
	bool head_whole; /* the blank line behind the header lines came */
	size_t head_len;
	char *got;
	size_t got_len, got_cap;
};

/* What a transfer needs to know of its target. */
struct http_limits {
	const char *ca_file;
	bool private_network;
	int64_t connect_ms;
	size_t body_most;
};

/* NULL: no memory. "secret" may be NULL. */
struct http_job *http_job_create(const struct http_request *request, const char *secret);
void http_job_destroy(struct http_job *job);
/* A fresh easy handle for the next try, of at most left_ms; false: no memory. */
bool http_job_start(struct http_job *job, const struct http_limits *limits, int64_t left_ms);
/* How the try ended, what was answered, and whether anything was sent. The easy handle is still there. */
struct http_try {
	enum http_end end;
	int code;
	int64_t retry_after_ms; /* 0 = not told */
	bool unsent;
};

struct http_try http_job_result(const struct http_job *job, CURLcode result);
/* Whether the service is to blame: what we gave up ourselves says nothing. */
enum breaker_result http_job_blame(const struct http_job *job, const struct http_try *got);
/* Only what cannot have had an effect, or may have it twice, is tried again, up to "most" tries. */
bool http_job_may_repeat(const struct http_job *job, const struct http_try *got, uint32_t most);
/* Releases the easy handle; what was received stays. */
void http_job_finish(struct http_job *job);

/* Jobs in the order they came. */
struct http_jobs {
	struct http_job *head, *tail;
	size_t count;
};

void http_jobs_push(struct http_jobs *list, struct http_job *job);
struct http_job *http_jobs_pop(struct http_jobs *list); /* NULL: none */
void http_jobs_remove(struct http_jobs *list, const struct http_job *job);

#endif
