# SPDX-License-Identifier: MIT
"""Prints how good every model is on every file of real companies, and writes the pages of the shipped one.

    evaluate.py --program build/release/bonigate --data ../shared/data/scoring --reports tests/reports

Models are fitted anew by the product's own command; a line "10 folds" is cross-validated, all others are judged by a
card that may have seen the file ("seen") or not. PD are shifted until their mean is the file's failure rate ("own"),
or stand as the model tells them ("told"), shifted by the published base rate of the file's population.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILES = {
    "PL, 1 year": "polish/pl5_dev_canonical.csv.gz",
    "PL, 3 years": "polish/pl3_canonical.csv.gz",
    "PL, 5 years": "polish/pl1_canonical.csv.gz",
    "US 1999-2011": "american/us_train_1999_2011_canonical.csv.gz",
    "US 2012-2014": "american/us_valid_2012_2014_canonical.csv.gz",
}
SEEN = {"pl": {"PL, 1 year"}, "us": {"US 1999-2011"}, "de-base": {"PL, 1 year", "US 1999-2011"}}
HEAD = f"{'model':9} {'file':13} {'AUC':>7} {'95 %':>15} {'KS':>6} {'recall':>7} {'Brier':>8} {'cal.err':>8} {'PD/rate':>8}  how"


class Tool:
    def __init__(self, program, data):
        self.program, self.data = program, data

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def evaluate(self, model, file, *more):
        return json.loads(self.run("evaluate", "--model", model, "--in", self.data / FILES[file], "--json", "-", *more))


def show(name, file, figures, how):
    ratio = f"{figures['mean_pd'] / figures['failure_rate']:8.2f}" if "failure_rate" in figures else " " * 8
    print(f"{name:9} {file:13} {figures['auc']:7.4f} {figures['auc_low']:7.4f}-{figures['auc_high']:.4f} {figures['ks']:6.3f} "
          f"{figures['recall_at_5_percent']:7.3f} {figures['brier']:8.5f} {figures['calibration_error']:8.5f} {ratio}  {how}")


def fit_all(tool, folder):
    """The shipped model, and a card of each file alone."""
    own = {"pl": ("PL, 1 year",), "us": ("US 1999-2011", "--group", "company")}
    models = {"de-base": ROOT / "src/data/models/de-base.json"}
    for name, (file, *more) in own.items():
        models[name] = folder / f"{name}.json"
        tool.run("fit", "--in", tool.data / FILES[file], "--out", models[name], "--id", name, *more)
        show(name, file, json.loads(models[name].read_text())["training"]["cross_validated"], "10 folds")
    joint = folder / "joint.json"
    said = tool.run("fit", "--in", tool.data / FILES["PL, 1 year"], "--in", tool.data / FILES["US 1999-2011"], "--drop", "log_ta",
                    "--ridge", 5, "--trust-missing", 0.25, "--like", 1, "--out", joint, "--id", "joint")
    for line, file in zip(said.splitlines()[1:], ("PL, 1 year", "US 1999-2011")):
        print(f"{'de-base':9} {file:13} {line.split(': ', 1)[1]}  10 folds")
    return models


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "data", "reports"):
        parser.add_argument(f"--{name}", required=True, type=pathlib.Path)
    args = parser.parse_args()
    if not (args.data / FILES["PL, 1 year"]).exists():
        sys.exit(f"evaluate: no real companies in {args.data}; set BONIGATE_SHARED to the folder that holds data/scoring")
    args.reports.mkdir(parents=True, exist_ok=True)
    tool = Tool(args.program, args.data)
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="bonigate-evaluate-") as name:
        models = fit_all(tool, pathlib.Path(name))
        for model, path in models.items():
            for file in FILES:
                seen = "seen, " if file in SEEN[model] else ""
                figures = tool.evaluate(path, file, "--base-rate", "own")
                show(model, file, figures, f"{seen}PD own")
                told = tool.evaluate(path, file, "--base-rate", f"{figures['failure_rate']:.6f}")
                show(model, file, told, f"{seen}PD told")
        print("\nde-base (B) against the card of the American companies alone (A), US 2012-2014:")
        print(tool.run("compare", models["us"], models["de-base"], "--in", args.data / FILES["US 2012-2014"]), end="")
    for file, path in FILES.items():
        page = args.reports / f"de-base-{path.split('/')[1].split('.')[0]}.html"
        tool.run("evaluate", "--model", models["de-base"], "--in", args.data / path, "--base-rate", "own", "--html", page)
        print(page)


if __name__ == "__main__":
    main()
