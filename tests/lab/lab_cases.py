#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints lab_cases.h: figures of rankings and ridge regressions by numpy and scikit-learn, independently of the C code."""
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

rng = np.random.RandomState(7)


def delong(points, bad):
    """Standard error of the AUC from the structural components, pair by pair."""
    x, y = points[bad == 1], points[bad == 0]
    wins = (x[:, None] < y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return np.sqrt(wins.mean(1).var(ddof=1) / len(x) + wins.mean(0).var(ddof=1) / len(y))


def recall(points, bad, share=0.05):
    """Failures caught at this share of false positives, straight lines between the points of the ROC curve."""
    fpr, tpr, _ = roc_curve(bad, -points, drop_intermediate=False)
    return np.interp(share, fpr, tpr)


def measure_case(rows, rate, levels):
    bad = (rng.rand(rows) < rate).astype(int)
    bad[:2] = (1, 0)
    points = np.round(rng.normal(600 - 25 * bad, 30) / levels).astype(int) * levels
    ppm = np.clip(np.round(1e6 / (1 + np.exp((points - 560) / 20))), 1, 999999).astype(int)
    pd = ppm / 1e6
    fpr, tpr, _ = roc_curve(bad, -points, drop_intermediate=False)
    figures = (roc_auc_score(bad, -points), delong(points, bad), (tpr - fpr).max(), recall(points, bad),
               brier_score_loss(bad, pd), pd.mean())
    return list(zip(points, ppm, bad)), figures


def solve_case(rows, inputs, cells, ridge):
    """Inputs in cells with one number each; 0 is unknown and counts 0."""
    codes = rng.randint(0, cells, (rows, inputs))
    basis = np.vstack([np.zeros(inputs), np.sort(rng.normal(size=(cells - 1, inputs)), 0)]).round(3)
    x = np.take_along_axis(basis, codes, 0)
    good = rng.rand(rows) < 1 / (1 + np.exp(-(1 + x @ np.linspace(0.4, 1.2, inputs))))
    fit = LogisticRegression(C=1 / ridge, tol=1e-12, max_iter=10000).fit(x, good)
    assert (fit.coef_ > 0).all()
    return codes, basis, (~good).astype(int), fit.coef_[0], fit.intercept_[0]


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by lab_cases.py; do not edit. */")
print("struct ranked {\n\tint32_t points;\n\tint32_t ppm;\n\tuint8_t bad;\n};")
print("struct ranking_case {\n\tsize_t count;\n\tconst struct ranked *rows;\n"
      "\tdouble auc, auc_error, ks, recall, brier, mean_pd;\n};")
cases = [measure_case(*case) for case in ((60, 0.3, 1), (80, 0.2, 20), (120, 0.1, 5), (12, 0.5, 40))]
for number, (rows, _) in enumerate(cases):
    print(f"static const struct ranked RANKED_{number}[] = {{")
    for i in range(0, len(rows), 6):
        print("\t" + " ".join(f"{{{p}, {q}, {b}}}," for p, q, b in rows[i:i + 6]))
    print("};")
print("static const struct ranking_case RANKING_CASES[] = {")
for number, (rows, figures) in enumerate(cases):
    print(f"\t{{{len(rows)}, RANKED_{number}, " + ", ".join(f"{value:.12f}" for value in figures) + "},")
print("};")
ROWS, INPUTS, CELLS, RIDGE = 150, 3, 5, 2.5
codes, basis, bad, weights, constant = solve_case(ROWS, INPUTS, CELLS, RIDGE)
print(f"#define SOLVE_ROWS {ROWS}\n#define SOLVE_INPUTS {INPUTS}\n#define SOLVE_CELLS {CELLS}\n#define SOLVE_RIDGE {RIDGE}")
print("static const uint8_t SOLVE_CODES[SOLVE_INPUTS][SOLVE_ROWS] = {")
for column in codes.T:
    print("\t{" + ", ".join(map(str, column)) + "},")
print("};")
print("static const double SOLVE_BASIS[SOLVE_INPUTS][SOLVE_CELLS] = {")
for column in basis.T:
    print("\t{" + ", ".join(f"{value:.3f}" for value in column) + "},")
print("};")
print("static const uint8_t SOLVE_BAD[SOLVE_ROWS] = {" + ", ".join(map(str, bad)) + "};")
print("static const double SOLVE_WEIGHTS[SOLVE_INPUTS] = {" + ", ".join(f"{value:.12f}" for value in weights) + "};")
print(f"#define SOLVE_CONSTANT {constant:.12f}")
