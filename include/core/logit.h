/* SPDX-License-Identifier: MIT */
#ifndef CORE_LOGIT_H
#define CORE_LOGIT_H

#include <stdint.h>

/*
 * Natural log-odds in integers, the same on every machine: no libm. ppm is a
 * probability in parts per million, clamped to 1..999999; log-odds in
 * millionths. Error at most 2 millionths of log-odds, 1 ppm back.
 */
int64_t logit_from_ppm(int64_t ppm);
int64_t logit_to_ppm(int64_t log_odds);

#endif
