/* SPDX-License-Identifier: MIT */
#ifndef WORKER_METRICS_FILE_H
#define WORKER_METRICS_FILE_H

#include "base/status.h"
#include "inquiries.h"
#include "rechecks.h"

/* Makes the file be what the worker has to tell, as Prometheus text, whole at any moment: a new one takes its name. */
enum status metrics_file_write(const char *path, const struct background *background, const struct inquiries *inquiries,
                               const struct rechecks *rechecks) MUST_CHECK;

#endif
