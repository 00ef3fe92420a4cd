/* SPDX-License-Identifier: MIT */
#ifndef FCGI_METRICS_H
#define FCGI_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "port/cache.h"
#include "port/store.h"

/* What a decision came to, as a label; METRICS_NO_OUTCOME where nothing was decided. */
enum metrics_outcome {
	METRICS_NO_OUTCOME,
	METRICS_DECLINE,
	METRICS_REVIEW,
	METRICS_APPROVE,
	METRICS_REPLAY, /* a stored answer again */
	METRICS_OUTCOMES
};

#define METRICS_MAX_ROUTES 24
#define METRICS_NO_ROUTE   METRICS_MAX_ROUTES /* a request that matched none */

/*
 * Counters of this process, one set per thread, added up when asked for, so
 * that counting costs a plain increment. Labels are closed lists: routes,
 * status codes, outcomes; never a company or a tenant.
 */
struct metrics;

/* names: of routes, borrowed, at most METRICS_MAX_ROUTES. */
enum status metrics_create(unsigned writers, const char *const *names, size_t count,
                           struct metrics **ret_metrics) MUST_CHECK;
void metrics_destroy(struct metrics *metrics);

/* One answered request. */
struct metrics_request {
	size_t route; /* index of the names, or METRICS_NO_ROUTE */
	int status;
	enum metrics_outcome outcome;
	int64_t duration_us;
};

/* Each thread only as its own writer. */
void metrics_count(struct metrics *metrics, unsigned writer, const struct metrics_request *request);

/* Prometheus text format 0.0.4; the caller checks overflow. */
void metrics_put(const struct metrics *metrics, struct buf *out);

/* What any process has to tell, whether it answers requests or not. */
struct metrics_extra {
	struct cache_stats cache;
	struct store_stats store;
	uint64_t log_dropped;
	int64_t start_ms; /* of the process */
};

void metrics_put_process(const struct metrics_extra *extra, struct buf *out);

#endif
