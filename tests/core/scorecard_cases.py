#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints scorecard_cases.h: points to PD and PD to score with 50 decimal digits, independently of the C code."""
from decimal import Decimal, ROUND_FLOOR, getcontext

getcontext().prec = 50
MILLION = Decimal(1_000_000)
SCORES = [(500, 100), (3000, 88), (7000, 79), (15000, 70), (30000, 58), (80000, 40), (200000, 20), (1_000_000, 0)]
POINTS = [(440, 836601), (520, 242424), (600, 19608), (680, 1249), (760, 78)]


def log_odds(ppm):
    p = Decimal(min(ppm, 999_999)) / MILLION  # certainty has no log-odds: the last whole ppm stands for it
    return (p / (1 - p)).ln()


def score(ppm):
    if ppm <= SCORES[0][0]:
        return SCORES[0][1]
    for (p0, s0), (p1, s1) in zip(SCORES, SCORES[1:]):
        if ppm == p1:
            return s1
        if ppm < p1:
            part = (log_odds(ppm) - log_odds(p0)) / (log_odds(p1) - log_odds(p0))
            return int((s0 + (s1 - s0) * part).to_integral_value(rounding=ROUND_FLOOR))
    return SCORES[-1][1]


def probability(points):
    if points <= POINTS[0][0]:
        return POINTS[0][1]
    for (x0, p0), (x1, p1) in zip(POINTS, POINTS[1:]):
        if points <= x1:
            odds = log_odds(p0) + (log_odds(p1) - log_odds(p0)) * (points - x0) / (x1 - x0)
            return int((MILLION / (1 + (-odds).exp())).to_integral_value())
    return POINTS[-1][1]


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by scorecard_cases.py; do not edit. */")
print("static const struct pd_point SCORE_TABLE[] = {" + ", ".join(f"{{{a}, {b}}}" for a, b in SCORES) + "};")
print("static const struct pd_point POINTS_TABLE[] = {" + ", ".join(f"{{{a}, {b}}}" for a, b in POINTS) + "};")
print("static const struct pd_point SCORE_CASES[] = { /* PD in ppm, score */")
ppms = sorted({1, 2, 499, 500, 501, 2400, 2999, 3000, 3001, 6999, 7000, 7001, 14999, 15000, 15001, 17300, 19608, 29999,
               30000, 30001, 79999, 80000, 80001, 199999, 200000, 200001, 500000, 999998, 999999, 1_000_000}
              | {int(500 * Decimal("1.13") ** k) for k in range(60)})
for ppm in ppms:
    print(f"\t{{{ppm}, {score(ppm)}}},")
print("};")
print("static const struct pd_point POINTS_CASES[] = { /* points, PD in ppm */")
for points in [-100000, 0, 439, 440, 441, 460, 500, 519, 520, 521, 559, 580, 599, 600, 601, 620, 640, 679, 680, 681,
               700, 720, 759, 760, 761, 5000, 100000]:
    print(f"\t{{{points}, {probability(points)}}},")
print("};")
