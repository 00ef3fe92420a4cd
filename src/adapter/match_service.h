/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_MATCH_SERVICE_H
#define SRC_ADAPTER_MATCH_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/status.h"
#include "core/identity.h"
#include "core/match.h"

/*
 * Searches of many threads in one index file that may come, go over to a new
 * one and be missing while they run. A search needs a megabyte of scratch:
 * a few are shared, so that memory does not grow with the threads.
 */
struct match_service;

#define MATCH_SERVICE_SCRATCHES 4

/* Succeeds whether the file is there or not; one that comes later is noticed within a second. */
enum status match_service_create(const char *path, struct match_service **ret_service) MUST_CHECK;
void match_service_destroy(struct match_service *service); /* no search may be running; NULL is fine */

/* Another number for another content; 0 = no usable file. Cheap: looks once a second. */
uint64_t match_service_revision(struct match_service *service, int64_t now_ns);

/* A hit that outlives the index it was found in; its id there is the company's key in the register. */
struct match_copy {
	struct company_key key;
	bool earlier_name;
	struct match_hit hit;
};

struct match_answer {
	struct match_copy copies[MATCH_HITS];
	size_t count;
	enum match_verdict verdict;
};

/*
 * Copies at most "most" hits. STATUS_NOT_FOUND: there is no index, or it was
 * cut while it is in use instead of being replaced by renaming;
 * STATUS_TIMEOUT: all scratches were busy until the deadline; STATUS_NO_MEMORY.
 */
enum status match_service_search(struct match_service *service, const struct match_query *query,
                                 struct deadline deadline, size_t most, struct match_answer *ret_answer) MUST_CHECK;
/* The same question for an index: name, address and register number; borrows from norm. */
void match_query_of(const struct identity_norm *norm, struct match_query *ret_query);

#endif
