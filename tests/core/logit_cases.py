#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints logit_cases.h: log-odds and logarithms computed with 50 decimal digits, independently of the C code."""
from decimal import Decimal, ROUND_HALF_EVEN, getcontext

getcontext().prec = 50
MILLION = Decimal(1_000_000)


def nearest(value):
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def log_odds(ppm):
    p = Decimal(ppm) / MILLION
    return nearest((p / (1 - p)).ln() * MILLION)


def probability(odds):
    return nearest(MILLION / (1 + (-Decimal(odds) / MILLION).exp()))


def log_thousands(cents):
    return nearest((Decimal(cents) / 100_000).log10() * MILLION)


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by logit_cases.py; do not edit. */")
print("static const int64_t LOGIT_CASES[][2] = { /* ppm, log-odds in millionths */")
ppms = [1, 2, 3, 10, 99, 500, 900, 2400, 2500, 3000, 7000, 8600, 15000, 19608, 30000, 30800, 50000, 72600, 80000,
        165500, 200000, 271600, 333333, 499999, 500000, 500001, 666667, 753600, 949600, 999000, 999998, 999999]
for ppm in ppms:
    print(f"\t{{{ppm}, {log_odds(ppm)}}},")
print("};")
print("static const int64_t BACK_CASES[][2] = { /* log-odds in millionths, ppm */")
for odds in [-13815510, -9210340, -7600902, -5000001, -3912023, -1000000, -693147, -1, 0, 1, 123456, 693147,
             1234567, 2197225, 4595120, 6906755, 9000000, 12000000, 13815510]:
    print(f"\t{{{odds}, {probability(odds)}}},")
print("};")
print("static const int64_t SIZE_CASES[][2] = { /* total assets in cents, log10 of thousands of EUR in millionths */")
for cents in [1, 2, 99, 100, 12_345, 99_999, 100_000, 100_001, 250_000, 1_000_000, 7_654_321, 100_000_000,
              123_456_789_012, 99_999_999_999_999, 10_000_000_000_000_000]:
    print(f"\t{{{cents}, {log_thousands(cents)}}},")
print("};")
