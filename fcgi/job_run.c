/* SPDX-License-Identifier: MIT */
#include "job_run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapter/job_dir.h"
#include "wire/lead_csv.h"
#include "wire/lead_in.h"

/* A job's memory lives as long as it is worked on. lint: allow calloc, lint: allow free */
#define LANES       32  /* rows judged at once: they share commits */
#define CHUNK       256 /* rows between two looks at the disk */
#define CHUNK_ARENA (CHUNK * 4096)
#define LOOK_MS     500
#define ROW_NS      INT64_C(10000000000) /* nobody waits for a row */
#define NS_PER_MS   INT64_C(1000000)
#define HOUR_MS     (INT64_C(3600) * 1000)
#define KEEP_MS     (30 * 24 * HOUR_MS) /* results */

struct job_runner {
	const struct server *server;
	const char *state;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

struct row {
	uint64_t line;
	struct lead_req req;
	struct slice why; /* refused */
	char why_mem[JOB_WHY];
	bool judged;
	enum status status;
	struct buf text; /* of the result */
};

struct work {
	struct job_runner *runner;
	const struct checkout_ports *ports;
	struct caller caller;
	struct job job;
	enum lang lang;
	struct csv csv;
	struct lead_csv columns;
	size_t count;
	_Atomic size_t next; /* row that no lane has taken yet */
	struct row rows[CHUNK];
	struct arena arena; /* of the rows */
	char block[CSV_BLOCK];
	char arena_mem[CHUNK_ARENA] __attribute__((aligned(16)));
	char text[CHUNK][LEAD_CSV_ROW];
	char out[(CHUNK + 1) * LEAD_CSV_ROW];
	char lane_mem[LANES][MAX_REQUEST_ARENA] __attribute__((aligned(16)));
};

struct job_lane {
	struct work *work;
	size_t index;
	pthread_t thread;
};

static bool stopped(struct job_runner *runner)
{
	bool stop;

	pthread_mutex_lock(&runner->lock);
	stop = runner->stop;
	pthread_mutex_unlock(&runner->lock);
	return stop;
}

static void pause_a_while(struct job_runner *runner)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_MS * NS_PER_MS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&runner->lock);
	if (!runner->stop)
		pthread_cond_timedwait(&runner->wake, &runner->lock, &until);
	pthread_mutex_unlock(&runner->lock);
}

static long read_input(void *ctx, void *mem, size_t cap)
{
	return (long)read(*(const int *)ctx, mem, cap);
}

static enum status fail(struct work *work, const char *why)
{
	enum status status;

	work->job.phase = JOB_FAILED;
	(void)slice_copy(slice_cstr(why), work->job.fault, sizeof(work->job.fault));
	status = job_dir_save(work->runner->state, &work->job);
	if (status == STATUS_OK)
		job_dir_finish(work->runner->state, &work->job);
	return status;
}

static void explain(struct work *work, struct row *row, const struct field_errors *errors)
{
	row->why = lead_csv_why(errors, work->lang, row->why_mem, sizeof(row->why_mem));
}

/* The row csv stands at, or the one it had to leave out. */
static enum status add_row(struct work *work, enum csv_result result)
{
	struct row *row = &work->rows[work->count];
	struct field_errors errors;
	enum status status = STATUS_OK;

	*row = (struct row){.line = work->csv.line};
	buf_init(&row->text, work->text[work->count], LEAD_CSV_ROW);
	if (result == CSV_FAULT)
		row->why = slice_cstr(work->csv.fault);
	else
		status = lead_csv_read(&work->columns, &work->csv, &work->arena, &row->req, &errors);
	if (status == STATUS_INVALID)
		explain(work, row, &errors);
	work->count++;
	return status == STATUS_INVALID ? STATUS_OK : status;
}

/* Up to CHUNK rows behind what is done. STATUS_NOT_FOUND: there are no more. */
static enum status gather(struct work *work)
{
	enum status status = STATUS_OK;

	work->count = 0;
	arena_reset(&work->arena);
	while (work->count < CHUNK && status == STATUS_OK) {
		enum csv_result result = csv_next(&work->csv);

		if (result == CSV_END)
			break;
		if (result == CSV_READ_FAILED)
			return STATUS_UNAVAILABLE;
		if (work->csv.line > work->job.line)
			status = add_row(work, result);
	}
	return status == STATUS_OK && !work->count ? STATUS_NOT_FOUND : status;
}

static struct slice row_key(const struct work *work, const struct row *row, char *mem, size_t cap)
{
	struct buf key;

	buf_init(&key, mem, cap);
	buf_cstr(&key, "j:");
	buf_cstr(&key, work->job.id);
	buf_char(&key, ':');
	buf_u64(&key, row->line);
	return buf_view(&key);
}

static enum status decide_row(struct work *work, struct row *row, const struct checkout_replay *claimed,
                              struct arena *arena)
{
	const struct clock_port *clock = &work->ports->clock;
	struct deadline deadline = {clock->vtable->monotonic_ns(clock->self) + ROW_NS};
	struct lead_res *res = arena_alloc(arena, sizeof(*res));
	struct checkout_replay replay = *claimed;
	enum status status;

	if (!res)
		return STATUS_NO_MEMORY;
	status = lead_decide(work->ports, &work->caller, &row->req, deadline, arena, res);
	if (status != STATUS_OK)
		return status;
	lead_csv_put(&row->text, row->line, res, work->lang);
	replay.answer = buf_view(&row->text);
	return lead_record(work->ports, &work->caller, res, &replay, deadline, arena);
}

/* Once, whatever happens: what a process that was killed had recorded is taken as it stands. */
static enum status judge_row(struct work *work, struct row *row, struct arena *arena)
{
	const struct store_port *store = &work->ports->store;
	const struct clock_port *clock = &work->ports->clock;
	struct checkout_replay replay = {0};
	struct slice answer = SLICE_NONE;
	char mem[JOB_ID + 32];
	int claim = -1;
	enum status status;

	replay.key = row_key(work, row, mem, sizeof(mem));
	status = store->vtable->claim(store->self, work->caller.tenant, replay.key, replay.body_digest,
	                              clock->vtable->now_ms(clock->self), arena, &answer, &claim);
	if (status != STATUS_OK)
		return status;
	if (answer.ptr)
		buf_slice(&row->text, answer);
	else
		status = decide_row(work, row, &replay, arena);
	if (claim >= 0)
		store->vtable->release(store->self, claim);
	row->judged = status == STATUS_OK;
	return status;
}

static enum status check_row(struct work *work, struct row *row, struct arena *arena)
{
	struct identity_error found[MAX_ERRORS];
	struct field_errors errors = {0};
	size_t count = 0;
	enum status status = lead_check(&row->req, arena, found, MAX_ERRORS, &count);

	if (status == STATUS_INVALID) {
		lead_in_explain(found, count, &errors);
		explain(work, row, &errors);
		return STATUS_OK;
	}
	return status;
}

static void work_row(struct work *work, struct row *row, struct arena *arena)
{
	row->status = row->why.ptr ? STATUS_OK : check_row(work, row, arena);
	if (row->status == STATUS_OK && !row->why.ptr)
		row->status = judge_row(work, row, arena);
	if (row->status == STATUS_OK && !row->judged)
		lead_csv_put_refused(&row->text, row->line, &row->req, row->why);
	if (row->text.overflow)
		row->status = STATUS_INTERNAL;
}

static void *run_lane(void *ctx)
{
	struct job_lane *lane = ctx;
	struct work *work = lane->work;
	struct arena arena;

	arena_init(&arena, work->lane_mem[lane->index], MAX_REQUEST_ARENA);
	for (size_t i; (i = atomic_fetch_add(&work->next, 1)) < work->count;) {
		arena_reset(&arena);
		work_row(work, &work->rows[i], &arena);
	}
	return NULL;
}

static enum status judge_chunk(struct work *work)
{
	struct job_lane lanes[LANES];
	size_t started = 0;

	atomic_store(&work->next, 0);
	for (size_t i = 0; i < work->count; i++)
		work->rows[i].status = STATUS_UNAVAILABLE; /* unless its lane says otherwise */
	for (; started < LANES; started++) {
		lanes[started] = (struct job_lane){.work = work, .index = started};
		if (pthread_create(&lanes[started].thread, NULL, run_lane, &lanes[started]) != 0)
			break;
	}
	for (size_t i = 0; i < started; i++)
		pthread_join(lanes[i].thread, NULL);
	for (size_t i = 0; i < work->count; i++)
		if (work->rows[i].status != STATUS_OK)
			return work->rows[i].status;
	return STATUS_OK;
}

static void count_row(struct job *job, const struct row *row)
{
	job->line = row->line;
	if (row->judged) {
		job->judged++;
		return;
	}
	job->refused++;
	if (job->bad_count >= JOB_BAD)
		return;
	job->bad[job->bad_count].line = row->line;
	(void)slice_copy(row->why, job->bad[job->bad_count++].why, JOB_WHY + 1);
}

/* The rows' results and then how far we are: a result longer than that is cut off by who goes on. */
static enum status write_chunk(struct work *work)
{
	struct job *job = &work->job;
	enum status status;
	struct buf text;
	int out;

	status = job_dir_result(work->runner->state, job, &out);
	if (status != STATUS_OK)
		return status;
	buf_init(&text, work->out, sizeof(work->out));
	if (job->out_bytes == 0)
		lead_csv_put_header(&text);
	for (size_t i = 0; i < work->count; i++) {
		buf_slice(&text, buf_view(&work->rows[i].text));
		count_row(job, &work->rows[i]);
	}
	job->out_bytes += text.len;
	job->phase = JOB_RUNNING;
	status = job_dir_append(out, buf_view(&text));
	close(out);
	return status == STATUS_OK ? job_dir_save(work->runner->state, job) : status;
}

/* The policy and model in force now; a chunk is worked off by one of each. */
static enum status run_chunk(struct work *work)
{
	struct rulebook *book = work->runner->server->auth.book;
	struct scorecard *card;
	struct rules *rules;
	enum status status = rulebook_policy(book, slice_cstr(work->job.tenant), &rules);

	if (status != STATUS_OK)
		return status;
	card = rulebook_scorecard(book);
	work->caller.policy = &rules->policy;
	work->caller.model = &card->model;
	status = judge_chunk(work);
	if (status == STATUS_OK)
		status = write_chunk(work);
	scorecard_release(card);
	rules_release(rules);
	return status;
}

static enum status finish(struct work *work)
{
	enum status status = STATUS_OK;

	work->count = 0;
	if (work->job.out_bytes == 0)
		status = write_chunk(work);
	work->job.phase = JOB_DONE;
	if (status == STATUS_OK)
		status = job_dir_save(work->runner->state, &work->job);
	if (status == STATUS_OK)
		job_dir_finish(work->runner->state, &work->job);
	return status;
}

static enum status run_job(struct work *work, int in)
{
	enum status status;

	csv_init(&work->csv, (struct csv_source){read_input, &in}, (struct csv_options){0}, work->block,
	         sizeof(work->block));
	status = csv_header(&work->csv);
	if (status == STATUS_INVALID || status == STATUS_TOO_LARGE)
		return fail(work, work->csv.fault ? work->csv.fault : "the first line is no header");
	if (status != STATUS_OK)
		return status;
	if (lead_csv_columns(&work->csv, &work->columns) != STATUS_OK)
		return fail(work, "no column names a company: name, vat_id, lei, economic_id or register_number");
	while (!stopped(work->runner)) {
		status = gather(work);
		if (status == STATUS_NOT_FOUND)
			return finish(work);
		if (status == STATUS_OK)
			status = run_chunk(work);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static void work_on(struct job_runner *runner, const struct job *job, int in)
{
	struct work *work = calloc(1, sizeof(*work));
	enum status status = work ? STATUS_OK : STATUS_NO_MEMORY;

	if (work) {
		work->runner = runner;
		work->job = *job;
		work->lang = job->english ? LANG_EN : LANG_DE;
		work->ports = &runner->server->ports[job->livemode];
		work->caller = (struct caller){.tenant = slice_cstr(work->job.tenant),
		                               .request_id = slice_cstr(work->job.id),
		                               .livemode = job->livemode};
		arena_init(&work->arena, work->arena_mem, sizeof(work->arena_mem));
		status = run_job(work, in);
	}
	free(work);
	if (status == STATUS_OK)
		return;
	/* A full disk, a store that does not answer: what was not done is tried again. */
	log_note(runner->server->log, LOG_WARN, "a list of leads must wait", status_name(status));
	pause_a_while(runner);
}

/* Once an hour what is too old is removed. */
static void clean_up(const struct job_runner *runner, int64_t *next_ms)
{
	const struct clock_port *clock = &runner->server->ports[0].clock;
	int64_t now_ms = clock->vtable->now_ms(clock->self);

	if (now_ms < *next_ms)
		return;
	*next_ms = now_ms + HOUR_MS;
	job_dir_expire(runner->state, now_ms - KEEP_MS);
}

static void *run(void *ctx)
{
	struct job_runner *runner = ctx;
	int64_t next_clean_ms = 0;

	while (!stopped(runner)) {
		struct job job;
		int in;

		clean_up(runner, &next_clean_ms);
		if (job_dir_take(runner->state, &job, &in) != STATUS_OK) {
			pause_a_while(runner);
			continue;
		}
		work_on(runner, &job, in);
		close(in);
	}
	return NULL;
}

enum status job_runner_start(const struct server *server, const char *state, struct job_runner **ret_runner)
{
	struct job_runner *runner = calloc(1, sizeof(*runner));
	pthread_condattr_t attributes;
	enum status status = runner ? job_dir_prepare(state) : STATUS_NO_MEMORY;

	if (status != STATUS_OK) {
		free(runner);
		return status;
	}
	runner->server = server;
	runner->state = state;
	pthread_mutex_init(&runner->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&runner->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&runner->thread, NULL, run, runner) != 0) {
		free(runner);
		return STATUS_UNAVAILABLE;
	}
	*ret_runner = runner;
	return STATUS_OK;
}

void job_runner_stop(struct job_runner *runner)
{
	if (!runner)
		return;
	pthread_mutex_lock(&runner->lock);
	runner->stop = true;
	pthread_cond_signal(&runner->wake);
	pthread_mutex_unlock(&runner->lock);
	pthread_join(runner->thread, NULL);
	pthread_cond_destroy(&runner->wake);
	pthread_mutex_destroy(&runner->lock);
	free(runner);
}
