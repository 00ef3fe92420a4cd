# SPDX-License-Identifier: MIT
"""How well `bonigate match` finds the companies of labelled queries.

    quality.py --queries queries.tsv --register FILE [--bonigate build/release/bonigate] [--gate full|small]

queries.tsv: qid kind level name street postcode city country reg_no truth_ids ops, truth_ids separated by '|'
and empty when nobody is meant. Prints recall, false matches, calibration; with --gate it fails below the targets.
"""

import argparse
import collections
import csv
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADVERSARIAL = {"neg_sibling", "neg_near", "neg_namesake"}
BINS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0000001]

# Of the whole register (1.31 million companies) and of the small one that holds the true companies of all queries.
TARGETS = {
    "full": {"R@1": 97.5, "R@5": 98.5, "ref": 91.0, "prev": 100.0, "light": 99.7, "medium": 99.0, "heavy": 94.0,
             "accepted": 60.0, "accepted at 1 %": 80.0, "false, adversarial": 0.5, "false, plain": 0.0, "wrong": 0.1,
             "calibration": 5.0, "calibration from .9": 2.0},
    "small": {"R@1": 97.5, "R@5": 98.5, "ref": 91.0, "prev": 100.0, "accepted": 60.0, "false, plain": 0.0, "wrong": 0.1},
}
AT_MOST = {"false, adversarial", "false, plain", "wrong", "calibration", "calibration from .9"}


def read_queries(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write_queries(queries, path):
    """As a shop would send them; a register number comes without its court."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["query_id", "name", "street", "postal_code", "city", "country", "register_type", "register_number"])
        for query in queries:
            kind, _, number = (query["reg_no"] or "").partition(" ")
            out.writerow([query["qid"], query["name"], query["street"], query["postcode"], query["city"],
                          query["country"], kind, number])


def read_hits(path):
    hits = collections.defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            hits[row["query_id"]].append((row["company_id"], float(row["probability"]), row["verdict"]))
    return hits


def match(bonigate, register, queries):
    with tempfile.TemporaryDirectory(prefix="bonigate-quality-") as folder:
        asked, found = pathlib.Path(folder) / "queries.csv", pathlib.Path(folder) / "hits.csv"
        write_queries(queries, asked)
        done = subprocess.run([bonigate, "match", "--register", register, "--in", asked, "--out", found], check=False,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bonigate match: exit {done.returncode}\n{done.stderr}")
        return read_hits(found), done.stderr.strip()


class Outcome:
    def __init__(self, query, hits):
        truth = set(filter(None, query["truth_ids"].split("|")))
        self.kind, self.level, self.positive = query["kind"], query["level"], bool(truth)
        self.first = bool(hits) and hits[0][0] in truth
        self.five = any(hit[0] in truth for hit in hits[:5])
        self.probability = hits[0][1] if hits else 0.0
        self.accepted = bool(hits) and hits[0][2] in ("exact", "fuzzy")


def share(items, condition):
    items = list(items)
    return 100.0 * sum(map(condition, items)) / len(items) if items else float("nan")


def best_at(outcomes, limit):
    """Positives accepted rightly at the best threshold with at most this share of false matches."""
    positives = sum(one.positive for one in outcomes)
    negatives = len(outcomes) - positives
    right = false = best = 0
    for one in sorted(outcomes, key=lambda one: -one.probability):
        right += one.positive and one.first
        false += not one.positive
        if false > limit * negatives:
            break
        best = right
    return 100.0 * best / positives


def calibration(outcomes):
    for low, high in zip(BINS, BINS[1:]):
        inside = [one for one in outcomes if low <= one.probability < high]
        if inside:
            mean = 100.0 * sum(one.probability for one in inside) / len(inside)
            yield low, len(inside), mean, share(inside, lambda one: one.first)


def measure(outcomes):
    positives = [one for one in outcomes if one.positive]
    negatives = [one for one in outcomes if not one.positive]
    adversarial = [one for one in negatives if one.kind in ADVERSARIAL]
    plain = [one for one in negatives if one.kind not in ADVERSARIAL]
    figures = {"R@1": share(positives, lambda one: one.first), "R@5": share(positives, lambda one: one.five)}
    for name in ("light", "medium", "heavy"):
        figures[name] = share((one for one in positives if one.kind == "pos" and one.level == name), lambda one: one.first)
    for name in ("prev", "ref"):
        figures[name] = share((one for one in positives if one.kind == name), lambda one: one.first)
    figures["accepted"] = share(positives, lambda one: one.accepted and one.first)
    figures["accepted at 1 %"] = best_at(outcomes, 0.01)
    figures["accepted at 0.5 %"] = best_at(outcomes, 0.005)
    figures["wrong"] = share(positives, lambda one: one.accepted and not one.first)
    figures["false, adversarial"] = share(adversarial, lambda one: one.accepted)
    figures["false, plain"] = share(plain, lambda one: one.accepted)
    bins = list(calibration(outcomes))
    sound = [(low, abs(mean - right)) for low, count, mean, right in bins if count >= 50]
    figures["calibration"] = max((off for _, off in sound), default=0.0)
    figures["calibration from .9"] = max((off for low, off in sound if low >= 0.9), default=0.0)
    return figures, bins


def report(figures, bins, latency):
    for name, value in figures.items():
        print(f"{name:22} {value:7.2f} %")
    for low, count, mean, right in bins:
        print(f"  P from {low:.2f}: {count:5} queries, mean {mean:6.2f} %, right {right:6.2f} %")
    print(latency)


def misses(figures, gate):
    for name, target in TARGETS[gate].items():
        value = figures[name]
        if value > target + 1e-9 if name in AT_MOST else value < target - 1e-9:
            yield f"{name}: {value:.2f} % misses {target} %"


def run(queries, register, bonigate):
    rows = read_queries(queries)
    hits, latency = match(bonigate, register, rows)
    outcomes = [Outcome(row, hits.get(row["qid"], [])) for row in rows]
    return (*measure(outcomes), latency)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queries", required=True)
    parser.add_argument("--register", required=True)
    parser.add_argument("--bonigate", default=ROOT / "build/release/bonigate")
    parser.add_argument("--gate", choices=sorted(TARGETS))
    args = parser.parse_args()
    figures, bins, latency = run(args.queries, args.register, args.bonigate)
    report(figures, bins, latency)
    failed = list(misses(figures, args.gate)) if args.gate else []
    print("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
