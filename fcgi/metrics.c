/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "wire/metric_out.h"

/* Counters live as long as their process. lint: allow free */
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROUTES       (METRICS_MAX_ROUTES + 1)

/* Every status a handler answers with; the last one stands for any other. */
static const int statuses[] = {200, 204, 400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429, 431, 503, 500};

#define STATUSES COUNT(statuses)

/* Upper bounds in microseconds: the 300 ms budget lies in the middle of the scale. */
static const struct {
	int64_t us;
	const char *label;
} bounds[] = {
        {100, "0.0001"}, {250, "0.00025"}, {500, "0.0005"},  {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},
        {10000, "0.01"}, {25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},  {250000, "0.25"}, {300000, "0.3"},
        {500000, "0.5"}, {1000000, "1"},   {2500000, "2.5"}, {10000000, "10"},
};

#define BUCKETS (COUNT(bounds) + 1)

static const char *const outcomes[METRICS_OUTCOMES] = {
        [METRICS_NO_OUTCOME] = "none", [METRICS_DECLINE] = "decline", [METRICS_REVIEW] = "review",
        [METRICS_APPROVE] = "approve", [METRICS_REPLAY] = "replay",
};

struct shard {
	_Alignas(64) _Atomic uint64_t requests[ROUTES][STATUSES][METRICS_OUTCOMES];
	_Atomic uint64_t buckets[ROUTES][BUCKETS];
	_Atomic uint64_t sum_us[ROUTES];
};

struct metrics {
	const char *names[ROUTES];
	size_t routes;
	unsigned writers;
	struct shard shards[];
};

/* One writer per counter: no need for a locked instruction. */
static void add(_Atomic uint64_t *counter, uint64_t value)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + value,
	                      memory_order_relaxed);
}

static size_t status_index(int status)
{
	size_t i = 0;

	while (i < STATUSES - 1 && statuses[i] != status)
		i++;
	return i;
}

static size_t bucket_index(int64_t duration_us)
{
	size_t i = 0;

	while (i < COUNT(bounds) && duration_us > bounds[i].us)
		i++;
	return i;
}

enum status metrics_create(unsigned writers, const char *const *names, size_t count, struct metrics **ret_metrics)
{
	size_t size = sizeof(struct metrics) + writers * sizeof(struct shard);
	struct metrics *metrics;

	if (count > METRICS_MAX_ROUTES)
		return STATUS_INVALID;
	metrics = aligned_alloc(64, (size + 63) / 64 * 64);
	if (!metrics)
		return STATUS_NO_MEMORY;
	memset(metrics, 0, size);
	metrics->writers = writers;
	metrics->routes = count;
	for (size_t i = 0; i < count; i++)
		metrics->names[i] = names[i];
	metrics->names[METRICS_NO_ROUTE] = "-";
	*ret_metrics = metrics;
	return STATUS_OK;
}

void metrics_destroy(struct metrics *metrics)
{
	free(metrics);
}

void metrics_count(struct metrics *metrics, unsigned writer, const struct metrics_request *request)
{
	struct shard *shard = &metrics->shards[writer];
	size_t at = request->route < metrics->routes ? request->route : METRICS_NO_ROUTE;

	add(&shard->requests[at][status_index(request->status)][request->outcome], 1);
	add(&shard->buckets[at][bucket_index(request->duration_us)], 1);
	add(&shard->sum_us[at], request->duration_us > 0 ? (uint64_t)request->duration_us : 0);
}

static void put_requests_of(const struct metrics *metrics, struct buf *out, size_t route, size_t status)
{
	for (size_t outcome = 0; outcome < METRICS_OUTCOMES; outcome++) {
		uint64_t sum = 0;

		for (unsigned i = 0; i < metrics->writers; i++)
			sum += atomic_load_explicit(&metrics->shards[i].requests[route][status][outcome],
			                            memory_order_relaxed);
		if (!sum)
			continue;
		buf_cstr(out, "bonigate_requests_total{route=\"");
		buf_cstr(out, metrics->names[route]);
		buf_cstr(out, "\",status=\"");
		buf_u64(out, (uint64_t)statuses[status]);
		buf_cstr(out, "\",outcome=\"");
		buf_cstr(out, outcomes[outcome]);
		buf_cstr(out, "\"}");
		metric_out_value(out, sum);
	}
}

static void put_requests(const struct metrics *metrics, struct buf *out)
{
	metric_out_head(out, "bonigate_requests_total", "counter", "Answered requests.");
	for (size_t route = 0; route < ROUTES; route++)
		for (size_t status = 0; metrics->names[route] && status < STATUSES; status++)
			put_requests_of(metrics, out, route, status);
}

static void put_series(struct buf *out, const char *suffix, const char *route, const char *bound)
{
	buf_cstr(out, "bonigate_request_duration_seconds");
	buf_cstr(out, suffix);
	buf_cstr(out, "{route=\"");
	buf_cstr(out, route);
	if (bound) {
		buf_cstr(out, "\",le=\"");
		buf_cstr(out, bound);
	}
	buf_cstr(out, "\"}");
}

static bool was_asked(const struct metrics *metrics, size_t route)
{
	for (unsigned i = 0; i < metrics->writers; i++)
		for (size_t bucket = 0; bucket < BUCKETS; bucket++)
			if (atomic_load_explicit(&metrics->shards[i].buckets[route][bucket], memory_order_relaxed))
				return true;
	return false;
}

static void put_durations_of(const struct metrics *metrics, struct buf *out, size_t route)
{
	uint64_t total = 0;
	uint64_t sum = 0;

	for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
		for (unsigned i = 0; i < metrics->writers; i++)
			total += atomic_load_explicit(&metrics->shards[i].buckets[route][bucket], memory_order_relaxed);
		put_series(out, "_bucket", metrics->names[route],
		           bucket < COUNT(bounds) ? bounds[bucket].label : "+Inf");
		metric_out_value(out, total);
	}
	for (unsigned i = 0; i < metrics->writers; i++)
		sum += atomic_load_explicit(&metrics->shards[i].sum_us[route], memory_order_relaxed);
	put_series(out, "_sum", metrics->names[route], NULL);
	metric_out_millionths(out, (int64_t)(sum), 6);
	put_series(out, "_count", metrics->names[route], NULL);
	metric_out_value(out, total);
}

static void put_durations(const struct metrics *metrics, struct buf *out)
{
	metric_out_head(out, "bonigate_request_duration_seconds", "histogram",
	                "Time from request to answer in this process.");
	for (size_t route = 0; route < ROUTES; route++)
		if (metrics->names[route] && was_asked(metrics, route))
			put_durations_of(metrics, out, route);
}

static void put_cache(const struct cache_stats *cache, struct buf *out)
{
	metric_out_head(out, "bonigate_cache_lookups_total", "counter", "Lookups in the cache by their result.");
	buf_cstr(out, "bonigate_cache_lookups_total{result=\"hit\"}");
	metric_out_value(out, cache->hits);
	buf_cstr(out, "bonigate_cache_lookups_total{result=\"stale\"}");
	metric_out_value(out, cache->stale);
	buf_cstr(out, "bonigate_cache_lookups_total{result=\"miss\"}");
	metric_out_value(out, cache->misses);
	metric_out_single(out, "bonigate_cache_puts_total", "counter", "Values put into the cache.", cache->puts);
	metric_out_single(out, "bonigate_cache_evictions_total", "counter", "Values that made room for others.",
	                  cache->evictions);
	metric_out_single(out, "bonigate_cache_faults_total", "counter",
	                  "Broken or failed cache accesses, each a miss.", cache->faults);
}

static void put_store(const struct store_stats *store, struct buf *out)
{
	metric_out_single(out, "bonigate_store_decisions_total", "counter", "Decisions made durable.",
	                  store->decisions);
	metric_out_single(out, "bonigate_store_failures_total", "counter", "Decisions that could not be made durable.",
	                  store->failures);
	/* A summary without quantiles: how many commits, and how long they took together. */
	metric_out_head(out, "bonigate_store_commit_seconds", "summary", "Commits that made decisions durable.");
	buf_cstr(out, "bonigate_store_commit_seconds_sum");
	metric_out_millionths(out, (int64_t)(store->commit_ns / 1000), 6);
	buf_cstr(out, "bonigate_store_commit_seconds_count");
	metric_out_value(out, store->commits);
}

void metrics_put(const struct metrics *metrics, struct buf *out)
{
	put_requests(metrics, out);
	put_durations(metrics, out);
}

void metrics_put_process(const struct metrics_extra *extra, struct buf *out)
{
	static const struct metric_label VERSION = {"version", BONIGATE_VERSION};

	put_cache(&extra->cache, out);
	put_store(&extra->store, out);
	metric_out_single(out, "bonigate_log_dropped_total", "counter",
	                  "Log lines dropped because the log could not be written.", extra->log_dropped);
	metric_out_head(out, "bonigate_start_time_seconds", "gauge",
	                "When this process started, in seconds since 1970.");
	metric_out_name(out, "bonigate_start_time_seconds", NULL, 0);
	metric_out_millionths(out, extra->start_ms * 1000, 3);
	metric_out_head(out, "bonigate_build_info", "gauge", "The version that runs.");
	metric_out_name(out, "bonigate_build_info", &VERSION, 1);
	metric_out_value(out, 1);
}
