/* SPDX-License-Identifier: MIT */
#ifndef LAB_NUM_H
#define LAB_NUM_H

#include <stdint.h>

/*
 * Exponential and logarithm from additions, multiplications and divisions
 * alone: IEEE 754 makes those the same on every machine and compiler, which a
 * libm is not bound to be. Relative error below 1e-14.
 */
double num_exp(double x); /* x clamped to -700..700 */
double num_log(double x); /* x > 0 and normal */
/* 1 / (1 + e^-x) */
double num_logistic(double x);
/* ln(1 + e^x) without overflow */
double num_softplus(double x);
/* Nearest whole number, halves away from zero; |x| < 9e15. */
int64_t num_round(double x);
/* Area under the standard normal curve left of x, error below 1e-7 (Abramowitz and Stegun 26.2.17). */
double num_normal(double x);

#endif
