/* SPDX-License-Identifier: MIT */
#include "num.h"

#include <string.h>

#define LN2_HIGH 0.693147180369123816490 /* 33 bits, so that a product with an exponent is exact */
#define LN2_LOW  1.90821492927058770002e-10
#define LOG2_E   1.44269504088896340736
#define SQRT_2   1.41421356237309504880
#define EXP_MAX  700.0

/* 2^k for -1022 <= k <= 1023 */
static double power_of_two(int k)
{
	uint64_t bits = (uint64_t)(k + 1023) << 52;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

double num_exp(double x)
{
	if (x > EXP_MAX)
		x = EXP_MAX;
	if (x < -EXP_MAX)
		x = -EXP_MAX;
	int k = (int)(x * LOG2_E + (x < 0 ? -0.5 : 0.5));
	double r = x - (double)k * LN2_HIGH - (double)k * LN2_LOW; /* |r| <= ln(2)/2 */
	double sum = 1.0 / 6227020800.0;                           /* Taylor, 13 terms */

	sum = sum * r + 1.0 / 479001600.0;
	sum = sum * r + 1.0 / 39916800.0;
	sum = sum * r + 1.0 / 3628800.0;
	sum = sum * r + 1.0 / 362880.0;
	sum = sum * r + 1.0 / 40320.0;
	sum = sum * r + 1.0 / 5040.0;
	sum = sum * r + 1.0 / 720.0;
	sum = sum * r + 1.0 / 120.0;
	sum = sum * r + 1.0 / 24.0;
	sum = sum * r + 1.0 / 6.0;
	sum = sum * r + 0.5;
	sum = sum * r + 1.0;
	return (sum * r + 1.0) * power_of_two(k);
}

double num_log(double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof(bits));
	int k = (int)(bits >> 52) - 1023;
	double m = x * power_of_two(-k); /* 1 <= m < 2 */
	if (m > SQRT_2) {
		m *= 0.5;
		k++;
	}
	double s = (m - 1.0) / (m + 1.0); /* ln(m) = 2 artanh(s), |s| <= 0.172 */
	double q = s * s;
	double sum = 1.0 / 21.0;

	sum = sum * q + 1.0 / 19.0;
	sum = sum * q + 1.0 / 17.0;
	sum = sum * q + 1.0 / 15.0;
	sum = sum * q + 1.0 / 13.0;
	sum = sum * q + 1.0 / 11.0;
	sum = sum * q + 1.0 / 9.0;
	sum = sum * q + 1.0 / 7.0;
	sum = sum * q + 1.0 / 5.0;
	sum = sum * q + 1.0 / 3.0;
	sum = sum * q + 1.0;
	return (double)k * LN2_HIGH + ((double)k * LN2_LOW + 2.0 * s * sum);
}

double num_logistic(double x)
{
	return 1.0 / (1.0 + num_exp(-x));
}

double num_softplus(double x)
{
	if (x > 0)
		return x + num_log(1.0 + num_exp(-x));
	return num_log(1.0 + num_exp(x));
}

int64_t num_round(double x)
{
	return (int64_t)(x + (x < 0 ? -0.5 : 0.5));
}

double num_normal(double x)
{
	double a = x < 0 ? -x : x;
	double t = 1.0 / (1.0 + 0.2316419 * a);
	double density = 0.39894228040143268 * num_exp(-a * a / 2.0);
	double tail = density * t *
	              (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));

	return x < 0 ? tail : 1.0 - tail;
}
