#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints ratio_cases.h: balance sheets and their canonical ratios in exact fractions, independently of the C code."""
import random
from fractions import Fraction

INPUTS = ["total_assets", "current_assets", "inventory", "receivables", "equity", "retained_earnings", "liabilities",
          "current_liabilities", "revenue", "revenue_previous", "operating_expenses", "operating_profit", "ebit",
          "financial_expenses", "depreciation", "net_income"]
RATIOS = {
    "equity_ratio": lambda f: (equity(f), f["total_assets"]),
    "re_ta": lambda f: (f["retained_earnings"], f["total_assets"]),
    "roa": lambda f: (f["net_income"], f["total_assets"]),
    "ebit_ta": lambda f: (f["ebit"], f["total_assets"]),
    "op_margin": lambda f: (f["ebit"], f["revenue"]),
    "cf_to_liab": lambda f: (f["net_income"] + f["depreciation"], f["liabilities"]),
    "interest_cover": lambda f: (f["operating_profit"], f["financial_expenses"]),
    "wc_ta": lambda f: (f["current_assets"] - f["current_liabilities"], f["total_assets"]),
    "current_ratio": lambda f: (f["current_assets"], f["current_liabilities"]),
    "quick_ratio": lambda f: (f["current_assets"] - f["inventory"], f["current_liabilities"]),
    "cash_ratio": lambda f: (f["current_assets"] - f["inventory"] - f["receivables"], f["current_liabilities"]),
    "cl_days": lambda f: (f["current_liabilities"] * 365, f["revenue"]),
    "rec_days": lambda f: (f["receivables"] * 365, f["revenue"]),
    "inv_days": lambda f: (f["inventory"] * 365, f["revenue"]),
    "sales_growth": lambda f: (f["revenue"], f["revenue_previous"]),
    "cost_ratio": lambda f: (f["operating_expenses"], f["revenue"]),
    "asset_turnover": lambda f: (f["revenue"], f["total_assets"]),
    "opex_to_liab": lambda f: (f["operating_expenses"], f["liabilities"]),
    "equity_to_liab": lambda f: (equity(f), f["liabilities"]),
    "liab_ratio": lambda f: (f["liabilities"], f["total_assets"]),
}


def equity(f):
    return f["equity"] if f["equity"] is not None else f["total_assets"] - f["liabilities"]


def millionths(rule, f):
    try:
        above, below = rule(f)
    except TypeError:  # an operand is unknown
        return None
    if above is None or below is None or below <= 0:
        return None
    value = Fraction(above) * 1_000_000 / below
    return max(-2**63, min(2**63 - 1, int(value)))  # cut toward zero, clamped


def sheets():
    dice = random.Random(20160930)
    for size in (10**5, 10**8, 10**11, 10**14):
        for gaps in (0, 0.05, 0.3):
            f = {name: dice.randint(-size // 5, size) for name in INPUTS}
            yield {name: None if dice.random() < gaps else value for name, value in f.items()}
    largest = 10**16
    yield {name: largest for name in INPUTS}
    yield {name: -largest for name in INPUTS}
    yield {name: (1 if name in ("total_assets", "liabilities", "revenue", "current_liabilities") else largest)
           for name in INPUTS}
    yield {name: 0 for name in INPUTS}
    yield {name: None for name in INPUTS}
    yield dict({name: 100 for name in INPUTS}, equity=-50, liabilities=150)
    yield dict({name: 100 for name in INPUTS}, equity=None, liabilities=150)


def text(value):
    if value is None:
        return "UNKNOWN"
    return "INT64_MIN" if value == -2**63 else f"INT64_C({value})"


def row(values):
    return "{" + ", ".join(map(text, values)) + "}"


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by ratio_cases.py; do not edit. */")
print("static const enum fact_id RATIO_INPUTS[] = {" + ", ".join("FACT_" + n.upper() for n in INPUTS) + "};")
print("static const enum fact_id RATIO_RESULTS[] = {" + ", ".join("FACT_" + n.upper() for n in RATIOS) + "};")
print(f"static const struct {{ int64_t inputs[{len(INPUTS)}]; int64_t ratios[{len(RATIOS)}]; }} RATIO_CASES[] = {{")
for sheet in sheets():
    print("\t{" + row(sheet.values()) + ",\n\t " + row(millionths(rule, sheet) for rule in RATIOS.values()) + "},")
print("};")
