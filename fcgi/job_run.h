/* SPDX-License-Identifier: MIT */
#ifndef FCGI_JOB_RUN_H
#define FCGI_JOB_RUN_H

#include "server.h"

/*
 * The thread that works off lists of companies in the background
 * (adapter/job_dir.h), one job after the other. What it has done is on the
 * disk row by row: each row is recorded under a key of its own, so that a
 * killed process's successor goes on where it stopped and records nothing
 * twice. Several processes share the work.
 */
struct job_runner;

enum status job_runner_start(const struct server *server, const char *state, struct job_runner **ret_runner) MUST_CHECK;
/* Ends after the rows it is at; NULL is fine. */
void job_runner_stop(struct job_runner *runner);

#endif
