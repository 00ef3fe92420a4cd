# SPDX-License-Identifier: MIT
"""How fast cards are fitted and companies scored, on made-up companies: one line each, on one core."""

import argparse
import json
import pathlib
import random
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
INPUTS = ("equity_ratio re_ta roa ebit_ta op_margin cf_to_liab interest_cover wc_ta current_ratio quick_ratio cash_ratio cl_days "
          "rec_days inv_days sales_growth cost_ratio asset_turnover opex_to_liab equity_to_liab liab_ratio log_ta").split()
LOW_IS_GOOD = {"cl_days", "rec_days", "inv_days", "cost_ratio", "liab_ratio"}


def write_companies(path, rows, inputs, label):
    """Each input tells a little; one in a hundred fails."""
    draw = random.Random(1)
    with open(path, "w", encoding="ascii") as file:
        file.write(",".join([*inputs, *(["y"] if label else [])]) + "\n")
        for _ in range(rows):
            values = [draw.gauss(0.5, 1) for _ in inputs]
            cells = [f"{value:.6g}" for value in values]
            if label:
                risk = sum(value if name in LOW_IS_GOOD else -value for name, value in zip(inputs, values))
                cells.append("1" if risk + draw.gauss(0, 4) > 8 else "0")
            file.write(",".join(cells) + "\n")


def timed(*words):
    began = time.monotonic()
    subprocess.run(["taskset", "-c", "0", *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    args = parser.parse_args()
    tool = args.build / "bonigate"
    with tempfile.TemporaryDirectory(prefix="bonigate-bench-") as name:
        folder = pathlib.Path(name)
        fitted, ten = folder / "fit.csv", folder / "ten.json"
        write_companies(fitted, 55_000, INPUTS, True)
        seconds = timed(tool, "fit", "--in", fitted, "--out", folder / "all.json")
        print(f"fit: 55,000 companies x {len(INPUTS)} inputs, 10 folds: {seconds:.1f} s (asked: 30)")
        drop = [word for unwanted in INPUTS[10:] for word in ("--drop", unwanted)]
        timed(tool, "fit", "--in", fitted, "--out", ten, "--folds", "0", *drop)
        inputs = [one["fact"] for one in json.loads(ten.read_text())["characteristics"]]
        write_companies(folder / "rows.csv", args.rows, inputs, False)
        seconds = timed(tool, "score", "--model", ten, "--in", folder / "rows.csv", "--out", "/dev/null")
        print(f"score from CSV: {len(inputs)} inputs, {args.rows / seconds:,.0f} companies/s (asked: 300,000)")
        for model, what in ((ten, "columns"), (ROOT / "src/data/models/de-base.json", "columns, de-base")):
            out = subprocess.run(["taskset", "-c", "0", args.build / "bench_score", model, "2000000"], check=True,
                                 capture_output=True, text=True).stdout.split()
            print(f"score from {what}: {out[0]} inputs, {int(out[1]):,} companies/s (asked of 10 inputs: 1,000,000)")


if __name__ == "__main__":
    main()
