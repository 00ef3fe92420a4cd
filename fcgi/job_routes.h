/* SPDX-License-Identifier: MIT */
#ifndef FCGI_JOB_ROUTES_H
#define FCGI_JOB_ROUTES_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/status.h"

struct call;

/* The media type is text/csv: a list that is worked off in the background. */
bool job_is_list(struct slice content_type);
/* POST /v1/leads with such a list: 202 once it is on the disk. */
enum status job_post(struct call *call) MUST_CHECK;
/* GET /v1/lead-jobs/{id}: how far it is, and the first lines that were refused; of the key's own tenant and mode. */
enum status job_get(struct call *call) MUST_CHECK;
/* GET /v1/lead-results/{id}: the table so far, complete when the job is done. */
enum status job_result_get(struct call *call) MUST_CHECK;

#endif
