/* SPDX-License-Identifier: MIT */
#ifndef WORKER_FIGURES_H
#define WORKER_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/facts.h"

/* What one of the lists holds that the worker goes through. */
struct backlog {
	bool known; /* the list could be read */
	uint64_t waiting;
	int64_t oldest_ms; /* wall clock; 0 = nothing waits */
};

struct inquiry_figures {
	struct backlog backlog;
	uint64_t polls;
	uint64_t ended[SOURCE_UNAVAILABLE + 1]; /* by enum source_state */
};

enum recheck_result { RECHECKED_SAME, RECHECKED_DIFFERS, RECHECKED_STILL_OUT, RECHECKED_GIVEN_UP, RECHECKED_FAILED };

#define RECHECK_RESULTS (RECHECKED_FAILED + 1)

struct recheck_figures {
	struct backlog backlog;
	uint64_t results[RECHECK_RESULTS];
};

const char *recheck_result_name(enum recheck_result result); /* "still_out" */

/* As Prometheus text; the caller checks overflow. */
void figures_put_inquiries(const struct inquiry_figures *figures, int64_t now_ms, struct buf *out);
void figures_put_rechecks(const struct recheck_figures *figures, int64_t now_ms, struct buf *out);

#endif
