/* SPDX-License-Identifier: MIT */
#include "core/logit.h"

#include "fixed_log.h"

#define ONE_PPM        INT64_C(1000000)
#define LN2_MILLIONTHS UINT64_C(726817498003)  /* ln 2 in millionths, 20 more bits */
#define INVERSE_LN2    UINT64_C(1663314137231) /* 2^40 / (ln 2 in millionths), 20 more bits */
#define LARGEST_USEFUL INT64_C(20000000)       /* log-odds of 20: 0.002 ppm */

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

/* For ppm <= half; the other half is its mirror image. */
static int64_t negative_log_odds(int64_t ppm)
{
	return fixed_log_scale(fixed_log2((uint64_t)(ONE_PPM - ppm)) - fixed_log2((uint64_t)ppm), LN2_MILLIONTHS);
}

int64_t logit_from_ppm(int64_t ppm)
{
	ppm = clamp(ppm, 1, ONE_PPM - 1);
	if (ppm <= ONE_PPM / 2)
		return -negative_log_odds(ppm);
	return negative_log_odds(ONE_PPM - ppm);
}

int64_t logit_to_ppm(int64_t log_odds)
{
	int64_t size = clamp(log_odds, -LARGEST_USEFUL, LARGEST_USEFUL);
	uint64_t bits = (uint64_t)(((unsigned __int128)(uint64_t)(size < 0 ? -size : size) * INVERSE_LN2) >> 20);
	uint64_t odds = fixed_exp2_neg(bits) >> 20; /* 1.0 = 2^40 */
	uint64_t whole = (UINT64_C(1) << 40) + odds;
	int64_t ppm = (int64_t)((odds * ONE_PPM + whole / 2) / whole);

	ppm = clamp(ppm, 1, ONE_PPM - 1);
	return log_odds < 0 ? ppm : ONE_PPM - ppm;
}
