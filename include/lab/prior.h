/* SPDX-License-Identifier: MIT */
#ifndef LAB_PRIOR_H
#define LAB_PRIOR_H

#include <stdbool.h>

#include "base/status.h"
#include "core/scorecard.h"

/*
 * Joins what experts say to what was fitted: the prior's kinds of evidence,
 * its coverage rule, and those of its characteristics whose inputs were not
 * fitted. Fitted characteristics belong to the prior's first kind. Base
 * points, base rate and tables stay the fitted ones, so that points of a prior
 * are meant against the average company. STATUS_TOO_LARGE: more than
 * MAX_CHARACTERISTICS in all.
 */
enum status prior_join(const struct model *prior, struct model *model) MUST_CHECK;

#endif
