/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_HTTP_TARGET_H
#define SRC_ADAPTER_HTTP_TARGET_H

#include "adapter/http_client.h"
#include "http_job.h"

/* One service: its address, its rules, and the calls that wait for their turn. */
struct http_target {
	struct http_target *next;
	struct http_client *client;
	struct http_limits limits;
	struct call_rules rules;
	struct call_ledger *ledger;
	bool crowded; /* the last refusal was for other processes' calls */
	struct http_jobs waiting;
	int64_t first_deadline_ns; /* of those waiting; may be earlier than true, never later */
	int64_t total_ms;
	size_t queue_most;
	char *base, *secret, *ca_file;
	struct http_stats stats;
};

enum status http_target_create(const struct http_target_config *config, struct http_target **ret_target) MUST_CHECK;
void http_target_destroy(struct http_target *target);
/* Whether a URL is within the base: the rest begins a path, a query, or nothing. */
bool http_target_holds(const struct http_target *target, struct slice url);

/* Each of these with the lock of the client held. */

/* May the job be sent now? CALL_GO must end in http_target_leave(). */
enum call_verdict http_target_admit(struct http_target *target, struct http_job *job, struct call_time time);
void http_target_leave(struct http_target *target, const struct http_job *job, const struct http_try *got,
                       int64_t now_ms);
void http_target_count(struct http_target *target, const struct http_reply *reply);
void http_target_stats(const struct http_target *target, struct call_time time, struct http_stats *ret_stats);

#endif
