/* SPDX-License-Identifier: MIT */
#ifndef FCGI_LOG_H
#define FCGI_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"

/*
 * One JSON object a line. Threads put their lines into a ring each, one
 * thread of the log writes them, so that a slow or stuck reader of the log
 * never holds up an answer: when a ring is full, lines are dropped and
 * counted, and so are those the target does not take (a full disk). Of these
 * the first may be cut; what follows it begins on a line of its own. No
 * personal data, no addresses: whatever a caller could choose freely is left
 * out.
 */
struct log;

struct log_request {
	int64_t at_ms;
	struct slice request_id; /* a token */
	const char *method;      /* of the closed list of HTTP methods */
	const char *route;       /* "-" when there is none */
	int status;
	int64_t duration_us;
	const char *outcome; /* NULL where there is none, as with the next three */
	const bool *livemode;
	struct slice tenant;
	const char *cache; /* "hit" or "miss" */
};

struct background_job; /* fcgi/background.h */

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

/*
 * target: "stderr", "none" or a file, which is appended to and opened anew by
 * log_reopen(); where that cannot be, the one before stays and tells so.
 * "writers" threads may log requests. STATUS_UNAVAILABLE: errno tells why.
 */
enum status log_open(const char *target, unsigned writers, struct log **ret_log) MUST_CHECK;
/* Writes what is left, for a second at most. */
void log_close(struct log *log);
void log_reopen(struct log *log);

void log_request(struct log *log, unsigned writer, const struct log_request *request);
/* From any thread, as log_note(). */
void log_job(struct log *log, const struct background_job *job);
/* From any thread; subject may be NULL. Both are escaped. */
void log_note(struct log *log, enum log_level level, const char *message, const char *subject);
/* Lines lost so far. */
uint64_t log_dropped(const struct log *log);

#endif
