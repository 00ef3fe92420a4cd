/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_JOB_DIR_H
#define ADAPTER_JOB_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter/state_dir.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * Lists that are worked off in the background, as files of state/jobs:
 *   <id>.in    what was uploaded; gone when the job is done
 *   <id>.csv   the result so far
 *   <id>.job   how far it is: small, replaced as a whole
 * A job exists once its .job file does; a process that works on one holds a
 * lock on its .in file, which ends with the process.
 */
#define JOB_ID       30 /* "job_" and a ULID */
#define JOB_BAD      20 /* refused lines that are told in the job itself */
#define JOB_WHY      160
#define JOB_MAX_SIZE (UINT64_C(256) << 20)

enum job_phase { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED };

struct job {
	char id[JOB_ID + 1];
	char tenant[MAX_TENANT_ID + 1];
	bool livemode;
	bool english;
	enum job_phase phase;
	uint64_t lines;          /* of the upload */
	uint64_t line;           /* the last one worked off */
	uint64_t judged;         /* companies */
	uint64_t refused;        /* rows */
	uint64_t out_bytes;      /* of the result that belong to those */
	char fault[JOB_WHY + 1]; /* why it failed, "" */
	size_t bad_count;
	struct job_bad {
		uint64_t line;
		char why[JOB_WHY + 1];
	} bad[JOB_BAD];
};

const char *job_phase_name(enum job_phase phase); /* "queued" */
bool job_id_is(struct slice text);

/* Creates the folder. */
enum status job_dir_prepare(const char *state) MUST_CHECK;

struct job_source {
	/* Up to cap bytes, 0 at the end; false: the sender is gone. */
	bool (*read)(void *ctx, char *mem, size_t cap, size_t *ret_len);
	void *ctx;
};

/*
 * Takes an upload in and counts its lines; job->id is chosen by the caller.
 * The job is durable on OK. STATUS_TOO_LARGE: over JOB_MAX_SIZE.
 * STATUS_INVALID: the sender is gone, or sent nothing. STATUS_FULL,
 * STATUS_UNAVAILABLE: nothing is left behind.
 */
enum status job_dir_add(const char *state, struct job *job, struct job_source source) MUST_CHECK;
enum status job_dir_load(const char *state, struct slice id, struct job *ret_job) MUST_CHECK;
enum status job_dir_save(const char *state, const struct job *job) MUST_CHECK;
/* Removes the upload of a finished job. */
void job_dir_finish(const char *state, const struct job *job);

/*
 * Removes jobs that ended before this instant, with their results, and what a process that died in an upload left
 * before it: they name companies and people.
 */
void job_dir_expire(const char *state, int64_t before_ms);

/*
 * The oldest job nobody works on, its upload open at the start and locked
 * until *ret_in is closed. STATUS_NOT_FOUND: there is none.
 */
enum status job_dir_take(const char *state, struct job *ret_job, int *ret_in) MUST_CHECK;
/* The result for going on behind job->out_bytes; what is behind that is cut off. */
enum status job_dir_result(const char *state, const struct job *job, int *ret_out) MUST_CHECK;
/* The result for reading, and how many of its bytes are sound. */
enum status job_dir_read(const char *state, const struct job *job, int *ret_fd) MUST_CHECK;
/* All of it, and on the disk. */
enum status job_dir_append(int out, struct slice bytes) MUST_CHECK;

#endif
