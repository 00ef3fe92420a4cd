/* SPDX-License-Identifier: MIT */
#include "adapter/http_client.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/date.h"
#include "base/deadline.h"
#include "http_target.h"

#define NS_PER_MS       INT64_C(1000000)
#define IDLE_POLL_MS    1000
/* While other processes have all places in flight; nothing tells when they give one back. */
#define CROWDED_POLL_MS 2

struct http_client {
	struct clock_port clock;
	pthread_t thread;
	CURLM *multi;
	/* The lock is held to hand over and to count, never while waiting or telling. */
	pthread_mutex_t lock;
	struct http_jobs inbox;
	struct http_target *targets;
	bool stopping;
	/* The thread's own. */
	struct http_jobs retries;
	struct http_jobs running;
};

static int64_t now_ns(const struct http_client *client)
{
	return client->clock.vtable->monotonic_ns(client->clock.self);
}

static struct call_time call_time(const struct http_client *client)
{
	return (struct call_time){now_ns(client) / NS_PER_MS,
	                          date_of_instant(client->clock.vtable->now_ms(client->clock.self))};
}

/* Tells and forgets a job that is in no list any more. */
static void finish(struct http_client *client, struct http_job *job, enum http_end end, int code)
{
	struct http_reply reply = {.end = end, .code = code, .tries = job->tries};
	char *type = NULL;

	reply.took_ns = now_ns(client) - job->begun_ns;
	if (end == HTTP_ANSWERED) {
		reply.body = (struct slice){job->got ? job->got : "", job->got_len};
		if (job->easy && curl_easy_getinfo(job->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK)
			reply.content_type = slice_cstr(type);
	}
	pthread_mutex_lock(&client->lock);
	http_target_count(job->target, &reply);
	pthread_mutex_unlock(&client->lock);
	job->done.tell(job->done.ctx, &reply);
	http_job_destroy(job);
}

static void end_try(struct http_client *client, struct http_job *job, const struct http_try *got)
{
	pthread_mutex_lock(&client->lock);
	http_target_leave(job->target, job, got, now_ns(client) / NS_PER_MS);
	pthread_mutex_unlock(&client->lock);
}

static bool try_later(struct http_client *client, struct http_job *job, const struct http_try *got)
{
	uint64_t random = 0;
	int64_t wait_ms;

	if (!http_job_may_repeat(job, got, job->target->rules.tries))
		return false;
	(void)!getrandom(&random, sizeof(random), GRND_NONBLOCK);
	wait_ms = call_guard_backoff_ms(&job->target->rules, job->tries + 1, random);
	if (wait_ms < got->retry_after_ms)
		wait_ms = got->retry_after_ms;
	job->wake_ns = now_ns(client) + wait_ms * NS_PER_MS;
	if (wait_ms > INT32_MAX || job->wake_ns >= job->deadline_ns)
		return false;
	http_jobs_push(&client->retries, job);
	return true;
}

/* Takes the job out of the multi handle and decides what comes of it. */
static void ended(struct http_client *client, struct http_job *job, CURLcode result)
{
	struct http_try got = http_job_result(job, result);

	(void)curl_multi_remove_handle(client->multi, job->easy);
	http_jobs_remove(&client->running, job);
	end_try(client, job, &got);
	if (try_later(client, job, &got))
		http_job_finish(job);
	else
		finish(client, job, got.end, got.code);
}

static void start(struct http_client *client, struct http_job *job)
{
	struct http_try failed = {.end = HTTP_NO_MEMORY, .unsent = true};
	int left_ms = deadline_left_ms((struct deadline){job->deadline_ns}, now_ns(client));

	job->tries++;
	if (http_job_start(job, &job->target->limits, left_ms > 0 ? left_ms : 1) &&
	    curl_multi_add_handle(client->multi, job->easy) == CURLM_OK) {
		http_jobs_push(&client->running, job);
		return;
	}
	end_try(client, job, &failed);
	finish(client, job, failed.end, 0);
}

static enum http_end refusal(enum call_verdict verdict)
{
	if (verdict == CALL_BREAKER_OPEN)
		return HTTP_BREAKER_OPEN;
	return verdict == CALL_PAUSED ? HTTP_PAUSED : HTTP_BUDGET_SPENT;
}

static void dispatch(struct http_client *client, struct http_target *target)
{
	while (target->waiting.head) {
		struct http_job *job = target->waiting.head;
		enum call_verdict verdict;

		pthread_mutex_lock(&client->lock);
		verdict = http_target_admit(target, job, call_time(client));
		if (verdict != CALL_WAIT)
			(void)http_jobs_pop(&target->waiting);
		target->stats.waiting = (uint32_t)target->waiting.count;
		pthread_mutex_unlock(&client->lock);
		if (verdict == CALL_WAIT)
			return;
		if (verdict == CALL_GO)
			start(client, job);
		else
			finish(client, job, refusal(verdict), 0);
	}
}

static void enqueue(struct http_client *client, struct http_job *job)
{
	struct http_target *target = job->target;

	if (target->waiting.count >= target->queue_most) {
		finish(client, job, HTTP_BUSY, 0);
		return;
	}
	if (!target->waiting.count || job->deadline_ns < target->first_deadline_ns)
		target->first_deadline_ns = job->deadline_ns;
	http_jobs_push(&target->waiting, job);
}

/* Whose deadline passed while the bulkhead was full. */
static void expire(struct http_client *client, struct http_target *target)
{
	int64_t now = now_ns(client), first = INT64_MAX;
	struct http_jobs all = target->waiting;

	if (!all.count || now < target->first_deadline_ns)
		return;
	target->waiting = (struct http_jobs){0};
	for (struct http_job *job; (job = http_jobs_pop(&all));) {
		if (job->deadline_ns <= now) {
			finish(client, job, HTTP_BUSY, 0);
			continue;
		}
		first = job->deadline_ns < first ? job->deadline_ns : first;
		http_jobs_push(&target->waiting, job);
	}
	target->first_deadline_ns = first;
}

static void wake_retries(struct http_client *client)
{
	struct http_jobs all = client->retries;
	int64_t now = now_ns(client);

	client->retries = (struct http_jobs){0};
	for (struct http_job *job; (job = http_jobs_pop(&all));) {
		if (job->wake_ns <= now)
			enqueue(client, job);
		else
			http_jobs_push(&client->retries, job);
	}
}

static int64_t next_event_ns(const struct http_client *client, const struct http_target *targets)
{
	int64_t now = now_ns(client), next = now + IDLE_POLL_MS * NS_PER_MS;

	for (const struct http_job *job = client->retries.head; job; job = job->next)
		next = job->wake_ns < next ? job->wake_ns : next;
	for (const struct http_target *each = targets; each; each = each->next) {
		if (each->waiting.count && each->first_deadline_ns < next)
			next = each->first_deadline_ns;
		if (each->waiting.count && each->crowded && now + CROWDED_POLL_MS * NS_PER_MS < next)
			next = now + CROWDED_POLL_MS * NS_PER_MS;
	}
	return next;
}

static void stop_all(struct http_client *client, struct http_target *targets)
{
	struct http_try stopped = {.end = HTTP_STOPPED};

	for (struct http_job *job; (job = http_jobs_pop(&client->running));) {
		(void)curl_multi_remove_handle(client->multi, job->easy);
		end_try(client, job, &stopped);
		finish(client, job, HTTP_STOPPED, 0);
	}
	for (struct http_job *job; (job = http_jobs_pop(&client->retries));)
		finish(client, job, HTTP_STOPPED, 0);
	for (struct http_target *each = targets; each; each = each->next) {
		for (struct http_job *job; (job = http_jobs_pop(&each->waiting));)
			finish(client, job, HTTP_STOPPED, 0);
	}
}

static void transfer(struct http_client *client)
{
	int running, left;

	(void)curl_multi_perform(client->multi, &running);
	for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left));) {
		struct http_job *job = client->running.head;
		CURLcode result = message->data.result;

		while (job && job->easy != message->easy_handle)
			job = job->next;
		if (message->msg == CURLMSG_DONE && job)
			ended(client, job, result);
	}
}

static void *serve(void *ctx)
{
	struct http_client *client = ctx;

	for (;;) {
		struct http_target *targets;
		struct http_jobs fresh;
		bool stopping;

		pthread_mutex_lock(&client->lock);
		fresh = client->inbox;
		client->inbox = (struct http_jobs){0};
		stopping = client->stopping;
		targets = client->targets;
		pthread_mutex_unlock(&client->lock);
		for (struct http_job *job; (job = http_jobs_pop(&fresh));)
			enqueue(client, job);
		if (stopping) {
			stop_all(client, targets);
			return NULL;
		}
		wake_retries(client);
		for (struct http_target *each = targets; each; each = each->next) {
			expire(client, each);
			dispatch(client, each);
		}
		transfer(client);
		for (struct http_target *each = targets; each; each = each->next)
			dispatch(client, each);
		(void)curl_multi_poll(
		        client->multi, NULL, 0,
		        deadline_left_ms((struct deadline){next_event_ns(client, targets)}, now_ns(client)), NULL);
	}
}

static void refuse(struct http_target *target, struct http_done done, enum http_end end)
{
	struct http_reply reply = {.end = end};

	pthread_mutex_lock(&target->client->lock);
	http_target_count(target, &reply);
	pthread_mutex_unlock(&target->client->lock);
	done.tell(done.ctx, &reply);
}

static void begin(void *self, const struct http_request *request, struct deadline deadline, struct http_done done)
{
	struct http_target *target = self;
	struct http_client *client = target->client;
	struct http_job *job;

	if (!http_target_holds(target, request->url) || request->body.len > MAX_HTTP_BODY ||
	    request->header_count > MAX_HTTP_HEADERS) {
		refuse(target, done, HTTP_REFUSED);
		return;
	}
	job = http_job_create(request, target->secret);
	if (!job) {
		refuse(target, done, HTTP_NO_MEMORY);
		return;
	}
	job->target = target;
	job->done = done;
	job->begun_ns = now_ns(client);
	job->deadline_ns = job->begun_ns + target->total_ms * NS_PER_MS;
	job->cut_short = deadline.at_ns < job->deadline_ns;
	if (job->cut_short)
		job->deadline_ns = deadline.at_ns;
	pthread_mutex_lock(&client->lock);
	http_jobs_push(&client->inbox, job);
	pthread_mutex_unlock(&client->lock);
	(void)curl_multi_wakeup(client->multi);
}

static void stats(void *self, struct http_stats *ret_stats)
{
	struct http_target *target = self;

	pthread_mutex_lock(&target->client->lock);
	http_target_stats(target, call_time(target->client), ret_stats);
	pthread_mutex_unlock(&target->client->lock);
}

static const struct http_vtable vtable = {.begin = begin, .stats = stats};

static void start_curl(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum status http_client_open(struct clock_port clock, struct http_client **ret_client)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http_client *client = calloc(1, sizeof(*client));

	if (!client)
		return STATUS_NO_MEMORY;
	(void)pthread_once(&once, start_curl);
	client->clock = clock;
	client->multi = curl_multi_init();
	if (!client->multi) {
		free(client);
		return STATUS_NO_MEMORY;
	}
	pthread_mutex_init(&client->lock, NULL);
	if (pthread_create(&client->thread, NULL, serve, client) != 0) {
		(void)curl_multi_cleanup(client->multi);
		free(client);
		return STATUS_UNAVAILABLE;
	}
	*ret_client = client;
	return STATUS_OK;
}

void http_client_close(struct http_client *client)
{
	if (!client)
		return;
	pthread_mutex_lock(&client->lock);
	client->stopping = true;
	pthread_mutex_unlock(&client->lock);
	(void)curl_multi_wakeup(client->multi);
	pthread_join(client->thread, NULL);
	(void)curl_multi_cleanup(client->multi);
	while (client->targets) {
		struct http_target *target = client->targets;

		client->targets = target->next;
		http_target_destroy(target);
	}
	pthread_mutex_destroy(&client->lock);
	free(client);
}

enum status http_client_target(struct http_client *client, const struct http_target_config *config,
                               struct http_target **ret_target)
{
	struct http_target *target;
	enum status status = http_target_create(config, &target);

	if (status != STATUS_OK)
		return status;
	target->client = client;
	pthread_mutex_lock(&client->lock);
	target->next = client->targets;
	client->targets = target;
	pthread_mutex_unlock(&client->lock);
	*ret_target = target;
	return STATUS_OK;
}

struct http_port http_target_port(struct http_target *target)
{
	return (struct http_port){&vtable, target};
}
