/* SPDX-License-Identifier: MIT */
#ifndef LAB_RANDOM_H
#define LAB_RANDOM_H

#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed everywhere. Not for secrets. */
struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);
/* Even over 0..bound-1; bound > 0. */
uint32_t random_below(struct random *random, uint32_t bound);

#endif
