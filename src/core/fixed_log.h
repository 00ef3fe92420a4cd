/* SPDX-License-Identifier: MIT */
#ifndef CORE_FIXED_LOG_H
#define CORE_FIXED_LOG_H

#include <stdint.h>

/* Fractional bits of the logarithms below. */
#define FIXED_LOG_BITS 40

/* log2(x) in units of 2^-40, to the nearest; exact for powers of two; x > 0. */
int64_t fixed_log2(uint64_t x);
/* A base-2 logarithm times a unit given in millionths * 2^20, to the nearest millionth. */
int64_t fixed_log_scale(int64_t log2, uint64_t unit);
/* 2^-x for x >= 0 in units of 2^-40; result in units of 2^-60, at most 2^-50 off. */
uint64_t fixed_exp2_neg(uint64_t x);

#endif
