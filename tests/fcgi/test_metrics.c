/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "../../fcgi/metrics.h"

#define THREADS 4
#define ROUNDS  20000

static const char *const names[] = {"checkout", "health"};
static char text[65536];

static const char *put(const struct metrics *metrics, const struct metrics_extra *extra)
{
	struct buf out;

	buf_init(&out, text, sizeof(text) - 1);
	metrics_put(metrics, &out);
	metrics_put_process(extra, &out);
	cr_assert_not(out.overflow);
	text[out.len] = '\0';
	return text;
}

static void has(const char *line)
{
	const char *at = strstr(text, line);

	cr_assert(at && (at == text || at[-1] == '\n') && at[strlen(line)] == '\n', "%s\n%s", line, text);
}

Test(metrics, all_threads_are_added_up)
{
	struct metrics_extra extra = {.start_ms = 1700000000123};
	struct metrics *metrics;

	cr_assert_eq(metrics_create(3, names, 2, &metrics), STATUS_OK);
	metrics_count(metrics, 0, &(struct metrics_request){0, 200, METRICS_APPROVE, 400});
	metrics_count(metrics, 2, &(struct metrics_request){0, 200, METRICS_APPROVE, 100});
	metrics_count(metrics, 1, &(struct metrics_request){0, 422, METRICS_NO_OUTCOME, 101});
	metrics_count(metrics, 1, &(struct metrics_request){METRICS_NO_ROUTE, 404, METRICS_NO_OUTCOME, 99999999});
	put(metrics, &extra);
	has("bonigate_requests_total{route=\"checkout\",status=\"200\",outcome=\"approve\"} 2");
	has("bonigate_requests_total{route=\"checkout\",status=\"422\",outcome=\"none\"} 1");
	has("bonigate_requests_total{route=\"-\",status=\"404\",outcome=\"none\"} 1");
	has("bonigate_request_duration_seconds_bucket{route=\"checkout\",le=\"0.0001\"} 1");
	has("bonigate_request_duration_seconds_bucket{route=\"checkout\",le=\"0.00025\"} 2");
	has("bonigate_request_duration_seconds_bucket{route=\"checkout\",le=\"+Inf\"} 3");
	has("bonigate_request_duration_seconds_sum{route=\"checkout\"} 0.000601");
	has("bonigate_request_duration_seconds_count{route=\"checkout\"} 3");
	has("bonigate_request_duration_seconds_bucket{route=\"-\",le=\"10\"} 0");
	has("bonigate_request_duration_seconds_bucket{route=\"-\",le=\"+Inf\"} 1");
	has("bonigate_start_time_seconds 1700000000.123");
	cr_assert_null(strstr(text, "health"), "a route nobody asked for has no series");
	metrics_destroy(metrics);
}

Test(metrics, what_is_not_on_a_list_counts_as_the_rest)
{
	struct metrics *metrics;

	cr_assert_eq(metrics_create(1, names, 2, &metrics), STATUS_OK);
	metrics_count(metrics, 0, &(struct metrics_request){7, 418, METRICS_NO_OUTCOME, -5});
	put(metrics, &(struct metrics_extra){0});
	has("bonigate_requests_total{route=\"-\",status=\"500\",outcome=\"none\"} 1");
	has("bonigate_request_duration_seconds_sum{route=\"-\"} 0.000000");
	metrics_destroy(metrics);
}

Test(metrics, cache_store_and_log_are_told)
{
	struct metrics_extra extra = {
	        .cache = {.hits = 1, .stale = 2, .misses = 3, .puts = 4, .evictions = 5, .faults = 6},
	        .store = {.commits = 7, .decisions = 8, .commit_ns = 1500000000, .failures = 9},
	        .log_dropped = 10};
	struct metrics *metrics;

	cr_assert_eq(metrics_create(1, names, 2, &metrics), STATUS_OK);
	put(metrics, &extra);
	has("bonigate_cache_lookups_total{result=\"hit\"} 1");
	has("bonigate_cache_lookups_total{result=\"stale\"} 2");
	has("bonigate_cache_lookups_total{result=\"miss\"} 3");
	has("bonigate_cache_evictions_total 5");
	has("bonigate_cache_faults_total 6");
	has("bonigate_store_commit_seconds_count 7");
	has("bonigate_store_commit_seconds_sum 1.500000");
	has("bonigate_store_decisions_total 8");
	has("bonigate_store_failures_total 9");
	has("bonigate_log_dropped_total 10");
	metrics_destroy(metrics);
}

Test(metrics, more_routes_than_there_is_room_for_are_refused)
{
	const char *many[METRICS_MAX_ROUTES + 1] = {0};
	struct metrics *metrics;

	cr_assert_eq(metrics_create(1, many, METRICS_MAX_ROUTES + 1, &metrics), STATUS_INVALID);
}

struct counting {
	struct metrics *metrics;
	unsigned writer;
};

static void *count_many(void *arg)
{
	const struct counting *counting = arg;

	for (int i = 0; i < ROUNDS; i++)
		metrics_count(counting->metrics, counting->writer,
		              &(struct metrics_request){0, 200, METRICS_REVIEW, i});
	return NULL;
}

Test(metrics, nothing_is_lost_between_threads)
{
	struct counting counting[THREADS];
	pthread_t threads[THREADS];
	struct metrics *metrics;

	cr_assert_eq(metrics_create(THREADS, names, 2, &metrics), STATUS_OK);
	for (unsigned i = 0; i < THREADS; i++) {
		counting[i] = (struct counting){metrics, i};
		pthread_create(&threads[i], NULL, count_many, &counting[i]);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	put(metrics, &(struct metrics_extra){0});
	has("bonigate_requests_total{route=\"checkout\",status=\"200\",outcome=\"review\"} 80000");
	metrics_destroy(metrics);
}
