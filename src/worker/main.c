/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapter/state_dir.h"
#include "inquiries.h"
#include "metrics_file.h"
#include "options.h"
#include "rechecks.h"
#include "wake.h"

#define EXIT_FINE   0
#define EXIT_FAILED 1
#define LOOK_MS     INT64_C(60000) /* a change that nobody told is seen after this */
#define DRAIN_MS    INT64_C(10000)
/* The metrics are no older than this, and not written more often than that. */
#define METRICS_MS  INT64_C(15000)
#define METRICS_NS  INT64_C(1000000000)

/* The state's files that others change and the worker waits for. */
static const char *const WATCHED[] = {STATE_INQUIRIES};

struct worker {
	struct background *background;
	struct clock_port clock;
	struct wake wake;
	struct inquiries *inquiries;
	struct rechecks *rechecks;
	const char *metrics; /* file; NULL = none */
	int64_t metrics_ns;  /* when it was written, monotonic */
	enum status metrics_status;
};

static int64_t now_ms(const struct worker *worker)
{
	return worker->clock.vtable->now_ms(worker->clock.self);
}

static int64_t now_ns(const struct worker *worker)
{
	return worker->clock.vtable->monotonic_ns(worker->clock.self);
}

static void watch(struct worker *worker, const char *state)
{
	for (size_t i = 0; i < sizeof(WATCHED) / sizeof(WATCHED[0]); i++) {
		char path[STATE_PATH_MAX];

		if (state_path(state, WATCHED[i], path) == STATUS_OK)
			change_watch_add(&worker->wake.watch, path);
	}
}

/* A file that cannot be written is told once, not every few seconds. */
static void write_metrics(struct worker *worker)
{
	enum status status;

	if (!worker->metrics)
		return;
	status = metrics_file_write(worker->metrics, worker->background, worker->inquiries, worker->rechecks);
	if (status != STATUS_OK && status != worker->metrics_status)
		background_log_fault(worker->background, "the metrics file cannot be written", status);
	worker->metrics_status = status;
	worker->metrics_ns = now_ns(worker);
}

/* What is due now; when to look again, at the latest. */
static int64_t step(struct worker *worker)
{
	int64_t inquiry_ms = inquiries_step(worker->inquiries);
	int64_t recheck_ms = rechecks_step(worker->rechecks);

	return inquiry_ms < recheck_ms ? inquiry_ms : recheck_ms;
}

static bool is_busy(const struct worker *worker)
{
	return inquiries_busy(worker->inquiries);
}

static int64_t sleep_ms(const struct worker *worker, int64_t until_ms)
{
	int64_t left = until_ms - now_ms(worker), most = worker->metrics ? METRICS_MS : LOOK_MS;

	if (left > most)
		return most;
	return left > 0 ? left : 0;
}

static void serve(struct worker *worker)
{
	enum wake_cause cause = WAKE_DUE;

	while (cause != WAKE_STOP) {
		int64_t next_ms = step(worker);

		if (now_ns(worker) - worker->metrics_ns >= METRICS_NS)
			write_metrics(worker);
		cause = wake_wait(&worker->wake, sleep_ms(worker, next_ms));
		if (cause == WAKE_RELOAD)
			background_reload(worker->background);
		background_tick(worker->background);
	}
}

/* Until all that is due has been done. */
static void serve_once(struct worker *worker)
{
	while (step(worker) <= now_ms(worker) || is_busy(worker)) {
		if (wake_wait(&worker->wake, is_busy(worker) ? LOOK_MS : 0) == WAKE_STOP)
			return;
	}
}

/* What is under way may come to its end; what does not is due again when its lease ends. */
static void drain(struct worker *worker)
{
	int64_t until_ms = now_ms(worker) + DRAIN_MS;

	while (inquiries_finish(worker->inquiries) && now_ms(worker) < until_ms)
		(void)wake_wait(&worker->wake, sleep_ms(worker, until_ms));
}

static int work(struct worker *worker, const struct options *options)
{
	worker->metrics = options->metrics;
	worker->clock = background_ports(worker->background, true)->clock;
	worker->inquiries = inquiries_create(worker->background, wake_up, &worker->wake);
	worker->rechecks = rechecks_create(worker->background);
	if (!worker->inquiries || !worker->rechecks)
		return EXIT_FAILED;
	watch(worker, options->background.state);
	background_log_note(worker->background, "working on", options->background.state);
	if (options->once)
		serve_once(worker);
	else
		serve(worker);
	drain(worker);
	write_metrics(worker);
	return EXIT_FINE;
}

/* bonigate-worker: what no buyer waits for. */
int main(int argc, char **argv)
{
	static struct worker worker;
	struct options options;
	int code;

	if (!options_read(argc, argv, &options, &code))
		return code;
	if (!wake_init(&worker.wake)) {
		fprintf(stderr, "bonigate-worker: cannot wait for signals: %s\n", strerror(errno));
		return EXIT_FAILED;
	}
	code = EXIT_FAILED;
	if (background_open(&options.background, &worker.background) == STATUS_OK) {
		code = work(&worker, &options);
		background_close(worker.background);
	}
	inquiries_destroy(worker.inquiries);
	rechecks_destroy(worker.rechecks);
	wake_finish(&worker.wake);
	return code;
}
