/* SPDX-License-Identifier: MIT */
#ifndef WORKER_RECHECKS_H
#define WORKER_RECHECKS_H

#include "fcgi/background.h"
#include "figures.h"

/* Makes decisions again that were made while a source was down: one in each step. */
struct rechecks;

struct rechecks *rechecks_create(struct background *background);
void rechecks_destroy(struct rechecks *rechecks);
/* When to be called at the latest, by the wall clock; INT64_MAX: nothing is on the list. */
int64_t rechecks_step(struct rechecks *rechecks);
/* What came of those taken up, and what the list holds now. */
void rechecks_read_figures(const struct rechecks *rechecks, struct recheck_figures *ret_figures);

#endif
