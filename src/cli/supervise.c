/* SPDX-License-Identifier: MIT */
#include "supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS          10
#define FIRST_PAUSE_MS   100
#define LONGEST_PAUSE_MS 10000
#define STEADY_MS        10000 /* a child that ran this long has not failed in a row */

static sigset_t ours;

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The next of our signals, 0 when none came within wait_ms. */
static int next_signal(int64_t wait_ms)
{
	struct timespec ts = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};
	int sig = sigtimedwait(&ours, NULL, &ts);

	return sig > 0 ? sig : 0;
}

static bool asks_to_stop(int sig)
{
	return sig == SIGINT || sig == SIGTERM;
}

void supervise_signals(void)
{
	static const int list[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};

	sigemptyset(&ours);
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		signal(list[i], SIG_DFL); /* an ignored signal would never become pending */
		sigaddset(&ours, list[i]);
	}
	sigprocmask(SIG_BLOCK, &ours, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void become(const struct child *child, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1); /* it died before the line above */
	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &ours, NULL);
	execvp(child->argv[0], (char *const *)child->argv);
	fprintf(stderr, "bonigate: cannot start %s: %s\n", child->argv[0], strerror(errno));
	_exit(127);
}

bool supervise_start(struct child *child)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0)
		become(child, parent);
	setpgid(pid, pid); /* here too: whoever comes first */
	child->pid = pid;
	child->group = pid;
	child->started_ms = now_ms();
	child->restart_ms = 0;
	return true;
}

/* How a process ended, in words. */
static const char *ending(int how, char *text, size_t cap)
{
	if (WIFSIGNALED(how))
		snprintf(text, cap, "was killed by signal %d", WTERMSIG(how));
	else
		snprintf(text, cap, "ended with status %d", WEXITSTATUS(how));
	return text;
}

/* Buries one child that ended; NULL when there is none. *ret_how is waitpid's status. */
static struct child *reap(struct supervisor *all, int *ret_how)
{
	pid_t pid;

	while ((pid = waitpid(-1, ret_how, WNOHANG)) > 0) {
		for (unsigned i = 0; i < all->count; i++) {
			if (all->children[i].pid == pid) {
				all->children[i].pid = 0;
				return &all->children[i];
			}
		}
	}
	return NULL;
}

bool supervise_wait(struct supervisor *all, bool (*ready)(void *ctx), void *ctx, int timeout_ms)
{
	int64_t until = now_ms() + timeout_ms;
	char text[64];
	int how;

	while (!ready(ctx)) {
		const struct child *gone;
		int sig = next_signal(POLL_MS);

		gone = reap(all, &how);
		if (gone) {
			fprintf(stderr, "bonigate: %s %s\n", gone->name, ending(how, text, sizeof(text)));
			return false;
		}
		if (asks_to_stop(sig))
			return false;
		if (now_ms() > until) {
			fprintf(stderr, "bonigate: not ready after %d s\n", timeout_ms / 1000);
			return false;
		}
	}
	return true;
}

static void plan_restart(struct child *child, int how)
{
	int64_t now = now_ms();
	int64_t pause = FIRST_PAUSE_MS;
	char text[64];

	kill(-child->group, SIGKILL); /* a killed nginx master leaves workers that hold the port */
	child->failures = now - child->started_ms < STEADY_MS ? child->failures + 1 : 1;
	for (unsigned i = 1; i < child->failures && pause < LONGEST_PAUSE_MS; i++)
		pause *= 2;
	if (pause > LONGEST_PAUSE_MS)
		pause = LONGEST_PAUSE_MS;
	child->restart_ms = now + pause;
	fprintf(stderr, "bonigate: %s %s; starting it again in %lld ms\n", child->name, ending(how, text, sizeof(text)),
	        (long long)pause);
}

/* Starts what is due; returns the milliseconds until the next one is. */
static int64_t restart_due(struct supervisor *all)
{
	int64_t next = 60000;

	for (unsigned i = 0; i < all->count; i++) {
		struct child *child = &all->children[i];
		int64_t left;

		if (child->pid)
			continue;
		left = child->restart_ms - now_ms();
		if (left <= 0) {
			if (supervise_start(child))
				continue;
			left = FIRST_PAUSE_MS;
		}
		next = left < next ? left : next;
	}
	return next;
}

static void signal_all(const struct supervisor *all, int sig)
{
	for (unsigned i = all->count; i-- > 0;) {
		if (all->children[i].pid)
			kill(all->children[i].pid, sig);
	}
}

void supervise_run(struct supervisor *all)
{
	for (;;) {
		int sig = next_signal(restart_due(all));
		struct child *gone;
		int how;

		if (asks_to_stop(sig))
			return;
		if (sig == SIGHUP)
			signal_all(all, SIGHUP);
		while ((gone = reap(all, &how)))
			plan_restart(gone, how);
	}
}

/* Asks one child to end and waits for it; false when patience ran out. */
static bool stop_one(struct supervisor *all, const struct child *child, int64_t until)
{
	int how;

	if (child->pid)
		kill(child->pid, SIGTERM);
	while (child->pid) {
		int sig = next_signal(POLL_MS);

		while (reap(all, &how)) {
		}
		if (child->pid && (asks_to_stop(sig) || now_ms() > until))
			return false;
	}
	return true;
}

void supervise_stop(struct supervisor *all, int grace_ms)
{
	int64_t until = now_ms() + grace_ms;
	bool patient = true;
	int how;

	for (unsigned i = all->count; i-- > 0 && patient;)
		patient = stop_one(all, &all->children[i], until);
	for (unsigned i = 0; i < all->count; i++) {
		if (all->children[i].pid) {
			kill(-all->children[i].group, SIGKILL);
			waitpid(all->children[i].pid, &how, 0);
			all->children[i].pid = 0;
		}
	}
}
