/* SPDX-License-Identifier: MIT */
#include "http_job.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/version.h"
#include "core/net_address.h"

#define FIRST_BODY 4096

static size_t store(struct http_job *job, const char *bytes, size_t len)
{
	if (len > job->got_cap - job->got_len) {
		job->too_large = true;
		return 0;
	}
	memcpy(job->got + job->got_len, bytes, len);
	job->got_len += len;
	return len;
}

/* The body's room grows by doubling up to the limit, so that a short answer costs little. */
static size_t receive(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_job *job = ctx;
	const struct http_limits *limits;
	size_t want = job->got_len + size * count, cap = job->got_cap ? job->got_cap : FIRST_BODY;
	char *grown;

	if (curl_easy_getinfo(job->easy, CURLINFO_PRIVATE, &limits) != CURLE_OK)
		return 0;
	if (want <= job->got_cap || want > limits->body_most)
		return store(job, bytes, size * count);
	while (cap < want)
		cap *= 2;
	if (cap > limits->body_most)
		cap = limits->body_most;
	grown = realloc(job->got, cap);
	if (!grown)
		return 0;
	job->got = grown;
	job->got_cap = cap;
	return store(job, bytes, size * count);
}

/* libcurl's type of callback. NOLINTNEXTLINE(readability-non-const-parameter) */
static size_t receive_head(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_job *job = ctx;
	struct slice line = {bytes, size * count};

	job->head_len += line.len;
	/* A status line begins a head, a blank line ends it; fields behind the body come here too. */
	if (slice_starts(line, SLICE_LIT("HTTP/")))
		job->head_whole = false;
	job->head_whole |= line.len <= 2 && bytes[0] <= '\r';
	job->too_large |= job->head_len > MAX_HTTP_HEAD;
	return job->too_large ? 0 : line.len;
}

static bool may_call(const struct curl_sockaddr *address)
{
	if (address->family == AF_INET) {
		const struct sockaddr_in *in = (const void *)&address->addr;

		return net_address_is_public((const uint8_t *)&in->sin_addr, sizeof(in->sin_addr));
	}
	if (address->family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)&address->addr;

		return net_address_is_public((const uint8_t *)&in->sin6_addr, sizeof(in->sin6_addr));
	}
	return false;
}

/* The address the name led to is judged here, where no second look-up can change it any more. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_job *job = ctx;
	const struct http_limits *limits;

	(void)purpose;
	if (curl_easy_getinfo(job->easy, CURLINFO_PRIVATE, &limits) != CURLE_OK)
		return CURL_SOCKET_BAD;
	if (!limits->private_network && !may_call(address)) {
		job->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool add_header(struct http_job *job, const char *line)
{
	struct curl_slist *longer = curl_slist_append(job->headers, line);

	if (longer)
		job->headers = longer;
	return longer != NULL;
}

/* A token may be long, and the copy is wiped. */
static bool add_secret(struct http_job *job, struct slice secret)
{
	char *line = strndup(secret.ptr, secret.len);
	bool added = line && add_header(job, line);

	if (line)
		explicit_bzero(line, secret.len);
	free(line);
	return added;
}

static bool add_headers(struct http_job *job, const struct http_request *request, const char *secret)
{
	char line[256] = "Content-Type: ";
	size_t mark = strlen(line);

	if (request->content_type.len &&
	    (!slice_copy(request->content_type, line + mark, sizeof(line) - mark) || !add_header(job, line)))
		return false;
	for (size_t i = 0; i < request->header_count; i++) {
		if (!slice_copy(request->headers[i], line, sizeof(line)) || !add_header(job, line))
			return false;
	}
	if (request->secret.len && !add_secret(job, request->secret))
		return false;
	/* No waiting for "100 Continue": bodies are small. */
	return (!secret || add_header(job, secret)) && add_header(job, "Expect:");
}

struct http_job *http_job_create(const struct http_request *request, const char *secret)
{
	struct http_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->method = request->method;
	job->repeatable = request->repeatable;
	job->free = request->free;
	job->faults_as_500 = request->faults_as_500;
	job->body_len = request->body.len;
	job->url = strndup(request->url.ptr, request->url.len);
	job->body = malloc(request->body.len + 1);
	if (job->url && job->body && add_headers(job, request, secret)) {
		if (request->body.len)
			memcpy(job->body, request->body.ptr, request->body.len);
		return job;
	}
	http_job_destroy(job);
	return NULL;
}

void http_job_destroy(struct http_job *job)
{
	if (!job)
		return;
	http_job_finish(job);
	curl_slist_free_all(job->headers);
	free(job->url);
	/* Some services want their passwords in it. */
	if (job->body)
		explicit_bzero(job->body, job->body_len);
	free(job->body);
	free(job->got);
	free(job);
}

static bool set_safety(CURL *easy, const struct http_limits *limits)
{
	bool good = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, limits->private_network ? "http,https" : "https") ==
	            0;

	good &= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_PROXY, "") == 0;
	good &= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) == 0;
	if (limits->ca_file)
		good &= curl_easy_setopt(easy, CURLOPT_CAINFO, limits->ca_file) == 0;
	/* A name server that hangs must not hold the one thread of all calls. */
	(void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	return good && curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == 0;
}

static bool set_limits(CURL *easy, const struct http_limits *limits, int64_t left_ms)
{
	int64_t connect_ms = limits->connect_ms < left_ms ? limits->connect_ms : left_ms;
	bool good = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left_ms) == 0;

	good &= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limits->body_most) == 0;
	return good && curl_easy_setopt(easy, CURLOPT_PRIVATE, limits) == 0;
}

static bool set_request(struct http_job *job)
{
	CURL *easy = job->easy;
	bool may_share = job->repeatable && strncmp(job->url, "https", 5) == 0;
	bool good = curl_easy_setopt(easy, CURLOPT_URL, job->url) == 0;

	if (job->method == HTTP_POST) {
		good &= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)job->body_len) == 0;
		good &= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->body) == 0;
	}
	/* On a kept connection libcurl repeats by itself what met a closed end, a paid POST too. */
	good &= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, job->repeatable ? 0L : 1L) == 0;
	/* While the first connection is being made, others wait to see whether they can share it (HTTP/2). */
	good &= curl_easy_setopt(easy, CURLOPT_PIPEWAIT, may_share ? 1L : 0L) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_USERAGENT, "bonigate/" BONIGATE_VERSION) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_WRITEDATA, job) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_head) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_HEADERDATA, job) == 0;
	good &= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == 0;
	return good && curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, job) == 0;
}

bool http_job_start(struct http_job *job, const struct http_limits *limits, int64_t left_ms)
{
	job->forbidden = job->too_large = false;
	job->got_len = job->head_len = 0;
	job->head_whole = false;
	job->easy = curl_easy_init();
	if (job->easy && set_safety(job->easy, limits) && set_limits(job->easy, limits, left_ms) && set_request(job))
		return true;
	http_job_finish(job);
	return false;
}

static enum http_end end_of(const struct http_job *job, CURLcode result)
{
	/* A connection closed within the header lines is an answer to libcurl. */
	if (result == CURLE_OK)
		return job->head_whole ? HTTP_ANSWERED : HTTP_BROKEN;
	if (job->too_large || result == CURLE_FILESIZE_EXCEEDED)
		return HTTP_TOO_LARGE;
	switch ((int)result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return HTTP_NO_HOST;
	case CURLE_COULDNT_CONNECT:
		return job->forbidden ? HTTP_FORBIDDEN : HTTP_NO_CONNECTION;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return HTTP_TLS_FAILED;
	case CURLE_URL_MALFORMAT:
		return HTTP_REFUSED;
	case CURLE_OUT_OF_MEMORY:
		return HTTP_NO_MEMORY;
	default:
		return HTTP_BROKEN;
	}
}

struct http_try http_job_result(const struct http_job *job, CURLcode result)
{
	struct http_try got = {.end = end_of(job, result)};
	curl_off_t wait_s = 0;
	long code = 0, sent = 0;

	(void)curl_easy_getinfo(job->easy, CURLINFO_REQUEST_SIZE, &sent);
	got.unsent = sent == 0;
	if (got.end != HTTP_ANSWERED)
		return got;
	if (curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK)
		got.code = (int)code;
	if (curl_easy_getinfo(job->easy, CURLINFO_RETRY_AFTER, &wait_s) == CURLE_OK && wait_s > 0)
		got.retry_after_ms = wait_s < INT32_MAX ? (int64_t)wait_s * 1000 : INT64_C(1000) * INT32_MAX;
	return got;
}

void http_job_finish(struct http_job *job)
{
	if (job->easy)
		curl_easy_cleanup(job->easy);
	job->easy = NULL;
}

enum breaker_result http_job_blame(const struct http_job *job, const struct http_try *got)
{
	if (got->end == HTTP_ANSWERED && got->code == 500 && job->faults_as_500)
		return BREAKER_VOID;
	if (got->end == HTTP_ANSWERED)
		return got->code >= 500 ? BREAKER_BAD : got->code == 429 ? BREAKER_VOID : BREAKER_GOOD;
	if (got->end == HTTP_FORBIDDEN || got->end == HTTP_REFUSED || got->end == HTTP_STOPPED ||
	    got->end == HTTP_NO_MEMORY || (got->end == HTTP_TIMEOUT && job->cut_short))
		return BREAKER_VOID;
	return BREAKER_BAD;
}

bool http_job_may_repeat(const struct http_job *job, const struct http_try *got, uint32_t most)
{
	bool transport = got->end == HTTP_NO_HOST || got->end == HTTP_NO_CONNECTION || got->end == HTTP_BROKEN ||
	                 (got->end == HTTP_TIMEOUT && got->unsent);
	bool passing = got->end == HTTP_ANSWERED &&
	               (got->code == 429 || got->code == 502 || got->code == 503 || got->code == 504);

	if (job->tries >= most)
		return false;
	return (transport && (got->unsent || job->repeatable)) || (passing && job->repeatable);
}

void http_jobs_push(struct http_jobs *list, struct http_job *job)
{
	job->next = NULL;
	if (list->tail)
		list->tail->next = job;
	else
		list->head = job;
	list->tail = job;
	list->count++;
}

struct http_job *http_jobs_pop(struct http_jobs *list)
{
	struct http_job *job = list->head;

	if (!job)
		return NULL;
	list->head = job->next;
	if (!list->head)
		list->tail = NULL;
	list->count--;
	return job;
}

void http_jobs_remove(struct http_jobs *list, const struct http_job *job)
{
	struct http_jobs rest = {0};

	for (struct http_job *each; (each = http_jobs_pop(list));) {
		if (each != job)
			http_jobs_push(&rest, each);
	}
	*list = rest;
}
