/* SPDX-License-Identifier: MIT */
#include "fault_guard.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

static const int guarded_signals[] = {SIGBUS, SIGSEGV, SIGFPE};

#define SIGNAL_COUNT (sizeof(guarded_signals) / sizeof(*guarded_signals))

static struct sigaction before[SIGNAL_COUNT];
static pthread_once_t installed = PTHREAD_ONCE_INIT;
static _Thread_local sigjmp_buf *landing;

/* As if this handler was not there: an own handler is called, the default action happens on return. */
static void pass_on(int signal, siginfo_t *info, void *context)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		if (guarded_signals[i] != signal)
			continue;
		if ((before[i].sa_flags & SA_SIGINFO) != 0)
			before[i].sa_sigaction(signal, info, context);
		else if (before[i].sa_handler != SIG_DFL && before[i].sa_handler != SIG_IGN)
			before[i].sa_handler(signal);
		else
			sigaction(signal, &before[i], NULL);
	}
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	fault_guard_leave();
	pass_on(signal, info, context);
}

static void install(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_sigaction = on_fault;
	/* SA_NODEFER: the handler is left by a jump that does not restore the signal mask */
	action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(guarded_signals[i], &action, &before[i]);
}

void fault_guard_install(void)
{
	pthread_once(&installed, install);
}

bool fault_guard_run(void (*run)(void *ctx), void *ctx)
{
	sigjmp_buf here;

	if (sigsetjmp(here, 0) != 0) {
		landing = NULL;
		return false;
	}
	landing = &here;
	run(ctx);
	landing = NULL;
	return true;
}

void fault_guard_leave(void)
{
	if (landing != NULL)
		siglongjmp(*landing, 1);
}
