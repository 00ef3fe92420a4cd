/* SPDX-License-Identifier: MIT */
#include "fixed_log.h"

/* High 64 bits of a product. */
static uint64_t mul_high(uint64_t a, uint64_t b)
{
	return (uint64_t)(((unsigned __int128)a * b) >> 64);
}

/* Signed product of two numbers whose 1.0 is 2^62. */
static int64_t mul(int64_t a, int64_t b)
{
	return (int64_t)(((__int128)a * b) >> 62);
}

/*
 * x = m * 2^e with m next to 1, and ln m = 2 atanh((m - 1) / (m + 1)) by its
 * series 1 + z^2/3 + z^4/5 + ...; as |z| < 0.172, ten terms reach 2^-55.
 */
int64_t fixed_log2(uint64_t x)
{
	const uint64_t root2 = UINT64_C(0xB504F333F9DE6484);    /* 1.0 = 2^63 */
	const int64_t two_by_ln2 = INT64_C(0x5C551D94AE0BF85D); /* 1.0 = 2^61 */
	const int64_t one = INT64_C(1) << 62;
	int64_t exponent = 63 - __builtin_clzll(x);
	uint64_t top = x << (63 - exponent); /* 1.0 = 2^63 */
	int64_t upper = top > root2;
	int64_t m = (int64_t)(top >> (1 + upper));
	int64_t z = (int64_t)((__int128)(m - one) * (one >> 1) / ((m >> 1) + (one >> 1)));
	int64_t square = mul(z, z);
	int64_t sum = 0;
	int64_t digits;

	for (int k = 9; k >= 0; k--)
		sum = mul(sum, square) + one / (2 * k + 1);
	digits = (int64_t)(((__int128)mul(z, sum) * two_by_ln2 + ((__int128)1 << 82)) >> 83);
	return ((exponent + upper) << FIXED_LOG_BITS) + digits;
}

int64_t fixed_log_scale(int64_t log2, uint64_t unit)
{
	uint64_t size = log2 < 0 ? -(uint64_t)log2 : (uint64_t)log2;
	int64_t scaled = (int64_t)(((unsigned __int128)size * unit + ((unsigned __int128)1 << 59)) >> 60);

	return log2 < 0 ? -scaled : scaled;
}

/* 2^-f = e^-y with y = f ln 2 < 0.7, by its series: 20 terms reach 2^-60. */
uint64_t fixed_exp2_neg(uint64_t x)
{
	const uint64_t ln2 = UINT64_C(0xB17217F7D1CF79AB); /* 1.0 = 2^64 */
	const uint64_t one = UINT64_C(1) << 60;
	uint64_t whole = x >> FIXED_LOG_BITS;
	uint64_t part = (x << (64 - FIXED_LOG_BITS)); /* 1.0 = 2^64 */
	uint64_t y = mul_high(part, ln2);             /* 1.0 = 2^64 */
	uint64_t plus = one;
	uint64_t minus = 0;
	uint64_t term = one;

	if (whole >= 60)
		return 0;
	for (uint64_t k = 1; k <= 20; k++) {
		term = mul_high(term, y) / k;
		if (k % 2 == 1)
			minus += term;
		else
			plus += term;
	}
	return (plus - minus) >> whole;
}
