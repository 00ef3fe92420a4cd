/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH   40
#define INTERVAL_NS INT64_C(100000000)

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void progress_start(struct progress *progress, const char *label, uint64_t total)
{
	progress->label = label;
	progress->total = total;
	progress->drawn_ns = 0;
	progress->shown = false;
	progress->terminal = isatty(STDERR_FILENO) == 1;
}

void progress_update(struct progress *progress, uint64_t done)
{
	char bar[BAR_WIDTH + 1];

	if (!progress->terminal)
		return;
	int64_t now = monotonic_ns();
	if (progress->shown && now - progress->drawn_ns < INTERVAL_NS)
		return;
	progress->drawn_ns = now;
	progress->shown = true;
	if (progress->total == 0) {
		fprintf(stderr, "\r%s %llu", progress->label, (unsigned long long)done);
		return;
	}
	uint64_t share = done >= progress->total ? BAR_WIDTH : done * BAR_WIDTH / progress->total;
	for (uint64_t i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < share ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3llu %%", progress->label, bar,
	        (unsigned long long)(done >= progress->total ? 100 : done * 100 / progress->total));
}

void progress_finish(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
