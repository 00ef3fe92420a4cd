/* SPDX-License-Identifier: MIT */
#include "http_target.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_MS        INT64_C(1000000)
/* How long a service that said "too many" without saying for how long is left alone. */
#define DEFAULT_PAUSE_MS 1000

static bool is_sound(const struct http_target_config *config)
{
	struct slice base = slice_cstr(config->base);
	bool plain = config->private_network && slice_starts(base, SLICE_LIT("http://"));

	return (plain || slice_starts(base, SLICE_LIT("https://"))) && base.len < MAX_HTTP_URL &&
	       config->connect_ms > 0 && config->total_ms > 0 && config->body_most > 0 && config->rules.in_flight > 0 &&
	       config->rules.tries > 0;
}

static bool copy_texts(const struct http_target_config *config, struct http_target *target)
{
	target->base = strdup(config->base);
	target->secret = config->secret ? strdup(config->secret) : NULL;
	target->ca_file = config->ca_file ? strdup(config->ca_file) : NULL;
	return target->base && (target->secret || !config->secret) && (target->ca_file || !config->ca_file);
}

enum status http_target_create(const struct http_target_config *config, struct http_target **ret_target)
{
	struct http_target *target;
	enum status status = STATUS_NO_MEMORY;

	if (!is_sound(config))
		return STATUS_INVALID;
	target = calloc(1, sizeof(*target));
	if (!target)
		return status;
	target->rules = config->rules;
	if (copy_texts(config, target))
		status = call_ledger_open(config->ledger, &target->rules, config->own_health, &target->ledger);
	if (status != STATUS_OK) {
		http_target_destroy(target);
		return status;
	}
	target->limits = (struct http_limits){target->ca_file, config->private_network, config->connect_ms,
	                                      config->body_most};
	target->total_ms = config->total_ms;
	target->queue_most = config->queue_most;
	*ret_target = target;
	return STATUS_OK;
}

void http_target_destroy(struct http_target *target)
{
	free(target->base);
	if (target->secret)
		explicit_bzero(target->secret, strlen(target->secret));
	free(target->secret);
	free(target->ca_file);
	call_ledger_close(target->ledger);
	free(target);
}

bool http_target_holds(const struct http_target *target, struct slice url)
{
	size_t len = strlen(target->base);

	if (url.len > MAX_HTTP_URL || !slice_starts(url, (struct slice){target->base, len}))
		return false;
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] <= ' ' || url.ptr[i] > '~')
			return false;
	}
	return url.len == len || strchr("/?", url.ptr[len]) != NULL || url.ptr[len - 1] == '/';
}

enum call_verdict http_target_admit(struct http_target *target, struct http_job *job, struct call_time time)
{
	enum call_verdict verdict = call_ledger_enter(target->ledger, time, job->free, &job->entry);

	target->crowded = verdict == CALL_WAIT && !call_ledger_is_full(target->ledger);
	target->stats.tries += verdict == CALL_GO;
	return verdict;
}

void http_target_leave(struct http_target *target, const struct http_job *job, const struct http_try *got,
                       int64_t now_ms)
{
	struct call_exit exit = {http_job_blame(job, got), got->retry_after_ms, got->unsent};

	if (got->code == 429 && !exit.pause_ms)
		exit.pause_ms = DEFAULT_PAUSE_MS;
	if (got->code != 429 && got->code != 503)
		exit.pause_ms = 0;
	call_ledger_leave(target->ledger, now_ms, &job->entry, &exit);
}

void http_target_count(struct http_target *target, const struct http_reply *reply)
{
	static const int64_t BORDERS[HTTP_BUCKETS] = HTTP_BUCKETS_MS;
	struct http_stats *stats = &target->stats;
	size_t bucket = 0;

	stats->ends[reply->end]++;
	stats->took_ns += (uint64_t)reply->took_ns;
	if (reply->code / 100 > 0 && reply->code / 100 < 6)
		stats->codes[reply->code / 100]++;
	while (bucket < HTTP_BUCKETS && reply->took_ns > BORDERS[bucket] * NS_PER_MS)
		bucket++;
	stats->took[bucket]++;
}

void http_target_stats(const struct http_target *target, struct call_time time, struct http_stats *ret_stats)
{
	struct call_standing standing;

	*ret_stats = target->stats;
	call_ledger_read(target->ledger, time, &standing);
	ret_stats->breaker = standing.breaker;
	ret_stats->in_flight = standing.in_flight;
	ret_stats->peak_in_flight = standing.peak_in_flight;
	ret_stats->day_calls = standing.budget.calls;
	ret_stats->spent_micros = standing.budget.spent_micros;
	ret_stats->most_day_calls = target->rules.day_calls;
	ret_stats->most_micros = target->rules.day_micros;
}
