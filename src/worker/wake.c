/* SPDX-License-Identifier: MIT */
#include "wake.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool wake_init(struct wake *wake)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	wake->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	wake->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	change_watch_init(&wake->watch);
	if (wake->signals >= 0 && wake->done >= 0)
		return true;
	wake_finish(wake);
	return false;
}

void wake_finish(struct wake *wake)
{
	if (wake->signals >= 0)
		close(wake->signals);
	if (wake->done >= 0)
		close(wake->done);
	change_watch_finish(&wake->watch);
}

void wake_up(void *ctx)
{
	const struct wake *wake = ctx;

	(void)eventfd_write(wake->done, 1);
}

static enum wake_cause read_signals(const struct wake *wake)
{
	enum wake_cause cause = WAKE_DUE;
	struct signalfd_siginfo info;

	while (cause != WAKE_STOP && read(wake->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		cause = info.ssi_signo == SIGHUP ? WAKE_RELOAD : WAKE_STOP;
	return cause;
}

enum wake_cause wake_wait(struct wake *wake, int64_t ms)
{
	struct pollfd fds[] = {{.fd = wake->signals, .events = POLLIN},
	                       {.fd = wake->done, .events = POLLIN},
	                       {.fd = wake->watch.fd, .events = POLLIN}};
	eventfd_t count;

	(void)poll(fds, sizeof(fds) / sizeof(fds[0]), ms > INT32_MAX ? INT32_MAX : (int)ms);
	(void)eventfd_read(wake->done, &count);
	change_watch_clear(&wake->watch);
	return read_signals(wake);
}
