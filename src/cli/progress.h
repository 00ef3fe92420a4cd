/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* A progress bar on standard error, drawn only when that is a terminal, at most ten times a second. */
struct progress {
	const char *label;
	uint64_t total; /* 0: unknown, only the count is shown */
	int64_t drawn_ns;
	bool shown;
	bool terminal;
};

void progress_start(struct progress *progress, const char *label, uint64_t total);
void progress_update(struct progress *progress, uint64_t done);
/* Wipes the line, so that messages follow on a clean one. */
void progress_finish(struct progress *progress);

#endif
