/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_SIM_H
#define CORE_MATCH_SIM_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define MATCH_SIM_MAX 64 /* bytes compared; what is behind them is not looked at */

/* The bit masks of one pattern, made once and compared with many texts. */
struct match_pattern {
	uint64_t mask[128];
	unsigned len;
};

void match_sim_prepare(struct match_pattern *pattern, struct slice text);
/*
 * Optimal string alignment distance (insert, delete, replace, swap of
 * neighbours) by Hyyro's bit-parallel recurrence: time is linear in the text.
 */
unsigned match_sim_distance(const struct match_pattern *pattern, struct slice text);
/* The same for a single pair. */
unsigned match_sim_pair(struct slice a, struct slice b);

#endif
