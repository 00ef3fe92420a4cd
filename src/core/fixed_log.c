/* SPDX-License-Identifier: MIT */
#include "fixed_log.h"

/* High 64 bits of a product. */
static uint64_t mul_high(uint64_t a, uint64_t b)
{
	return (uint64_t)(((unsigned __int128)a * b) >> 64);
}

/*
 * The mantissa m in [1,2) is squared again and again; each time it passes 2
 * the next binary digit of log2(m) is 1 (Briggs' method in base two).
 */
int64_t fixed_log2(uint64_t x)
{
	int exponent = 63 - __builtin_clzll(x);
	uint64_t m = x << (63 - exponent); /* 1.0 = 2^63 */
	int64_t digits = 0;

	for (int i = 0; i < FIXED_LOG_BITS; i++) {
		uint64_t square = mul_high(m, m); /* 1.0 = 2^62 */
		uint64_t carry = square >> 63;

		m = square << (1 - carry);
		digits = 2 * digits + (int64_t)carry;
	}
	return ((int64_t)exponent << FIXED_LOG_BITS) + digits;
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
