/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUPERVISE_H
#define CLI_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SUPERVISE_MAX_ARGS 12

/* One long-running program. The caller fills name and argv; the rest is ours. */
struct child {
	const char *name;
	const char *argv[SUPERVISE_MAX_ARGS]; /* ends with NULL; argv[0] is looked up in PATH */
	pid_t pid;                            /* 0: not running */
	pid_t group;                          /* its process group; may outlive it */
	int64_t started_ms;
	int64_t restart_ms; /* when to start it again; 0: it runs */
	unsigned failures;  /* ends in a row that came soon after a start */
};

struct supervisor {
	struct child *children;
	unsigned count;
};

/*
 * Blocks the signals the supervisor lives by. Call it before anything is
 * started; SIGINT works even where a shell started us in the background and
 * had it ignored.
 */
void supervise_signals(void);
/* Starts a child in a process group of its own; it gets SIGTERM when we die. False: errno tells why. */
bool supervise_start(struct child *child);
/*
 * Until ready(ctx) says so, at most timeout_ms. False when a child ended,
 * a signal asked to stop, or the time is up; a message says which.
 */
bool supervise_wait(struct supervisor *all, bool (*ready)(void *ctx), void *ctx, int timeout_ms);
/* Restarts what ends, with growing pauses, and hands SIGHUP on, until SIGINT or SIGTERM. */
void supervise_run(struct supervisor *all);
/* The last child is asked first: SIGTERM, and SIGKILL after grace_ms or at a second signal. Returns with none left. */
void supervise_stop(struct supervisor *all, int grace_ms);

#endif
