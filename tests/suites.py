# SPDX-License-Identifier: MIT
"""Runs the test suites and ends with one line that counts them all.

    suites.py --build build/san [--integration] [--openapi] [--fuzz build/fuzz] [suite ...]

A sanitizer's log file is a failure of its own, because Criterion exits 0 when
a test leaks.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TEST_SECONDS = 300  # a test that hangs, on the slowest machine
# What anyone may send and what decides: fuzzed for the whole time, the others for a third of it.
FUZZ_LONG = {"fuzz_request", "fuzz_json", "fuzz_identity", "fuzz_model", "fuzz_policy"}
ROOT = pathlib.Path(__file__).resolve().parent.parent
SANITIZERS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1:"
                    f"suppressions={ROOT / 'tests/support/asan.supp'}",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "LSAN_OPTIONS": f"suppressions={ROOT / 'tests/support/lsan.supp'}:print_suppressions=0",
}


class Tally:
    """How many tests passed, failed and were skipped so far."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, name, passed, failed, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        counts = [f"{passed} passed"] if passed or not failed else []
        counts += [f"{failed} FAILED"] if failed else []
        counts += [f"{skipped} skipped"] if skipped else []
        print("FAIL" if failed else "ok  ", f"{name}: {', '.join(counts)}", flush=True)


def run(command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False, **more)


def criterion(tally, program, scratch):
    tap = scratch / f"{program.name}.tap"
    # One time-out for all: Criterion loses a timer when those of tests that run side by side differ.
    done = run([program, f"--tap={tap}", "--color=never", f"--timeout={TEST_SECONDS}"])
    lines = tap.read_text(errors="replace").splitlines() if tap.exists() else []
    failed = sum(line.startswith("not ok") for line in lines)
    skipped = [line for line in lines if line.startswith("ok") and "# SKIP" in line]
    passed = sum(line.startswith("ok") for line in lines) - len(skipped)
    if done.returncode != 0:
        print(done.stdout, end="")
    if done.returncode != 0 and not failed:
        print(f"     {program.name} exited with {done.returncode}")
        failed = 1
    for line in skipped:
        print("     skipped:", line.removeprefix("ok - "))
    tally.add(program.name, passed, failed, len(skipped))


def integration(tally, folder, pattern):
    if not any(folder.glob("test_*.py")):
        return
    suite = unittest.defaultTestLoader.discover(str(folder), pattern=pattern, top_level_dir=str(folder))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    for test, why in result.skipped:
        print(f"     skipped: {test}: {why}")
    # A class whose set-up fails is an error without a test run, hence max().
    tally.add(folder.name, max(0, result.testsRun - failed - len(result.skipped)), failed, len(result.skipped))


def openapi(tally, document):
    if not document.exists():
        return
    quiet = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = run([ROOT / "tests/node_modules/.bin/redocly", "lint", "--config", ROOT / "tests/redocly.yaml", document],
               env=quiet)
    if done.returncode != 0:
        print(done.stdout, end="")
    tally.add("openapi", int(done.returncode == 0), int(done.returncode != 0))


def fuzz_one(program, seconds, seed, scratch, crashes):
    """One libFuzzer run on a throw-away copy of the kept corpus. Seed 0 lets it choose its own, for the whole time."""
    name = program.name.removeprefix("fuzz_")
    corpus = scratch / name
    kept = ROOT / "tests/fuzz/corpus" / name
    if kept.is_dir():
        shutil.copytree(kept, corpus)
    else:
        corpus.mkdir()
    words = ROOT / f"tests/fuzz/{name}.dict"
    if seed and program.name not in FUZZ_LONG:
        seconds = max(1, seconds // 3)
    return run([program, f"-max_total_time={seconds}", f"-seed={seed}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
                f"-artifact_prefix={crashes}/{name}-", *([f"-dict={words}"] if words.exists() else []), corpus])


def fuzz(tally, programs, seconds, seed, jobs, scratch):
    crashes = ROOT / "build/fuzz/crashes"
    crashes.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = pool.map(lambda program: fuzz_one(program, seconds, seed, scratch, crashes), programs)
        for program, done in zip(programs, runs):
            units = re.search(r"number_of_executed_units: *(\d+)", done.stdout)
            if done.returncode != 0:
                print(done.stdout[-8000:])
            tally.add(f"{program.name} ({int(units[1]) if units else 0:,} inputs)",
                      int(done.returncode == 0), int(done.returncode != 0))


def sanitizer_logs(tally, logs):
    for log in sorted(logs.iterdir()):
        print(f"--- {log.name}\n{log.read_text(errors='replace')[:8000]}")
        tally.add(f"sanitizer log {log.name}", 0, 1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--integration", metavar="PATTERN")
    parser.add_argument("--openapi", action="store_true")
    parser.add_argument("--fuzz", nargs="*", default=[], type=pathlib.Path, metavar="PROGRAM")
    parser.add_argument("--fuzz-seconds", type=int, default=60)
    parser.add_argument("--fuzz-seed", type=int, default=0, help="the same inputs in the same order; 0: others each time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--suite", nargs="*", default=[])
    return parser.parse_args()


def main():
    args = arguments()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="bonigate-test-") as name:
        scratch = pathlib.Path(name)
        scratch.chmod(0o755)
        logs = scratch / "sanitizer-logs"
        logs.mkdir()
        logs.chmod(0o777)  # a server under test may run as another user
        for variable, value in SANITIZERS.items():
            os.environ[variable] = ":".join(filter(None, [value, f"log_path={logs}/{variable[:4].lower()}"]))
        os.environ["BONIGATE_BUILD"] = str(args.build.resolve())
        os.environ.setdefault("BONIGATE_SHARED", str(ROOT.parent / "shared"))
        for suite in args.suite:
            criterion(tally, args.build / suite, scratch)
        if args.integration:
            integration(tally, ROOT / "tests/integration", args.integration)
        if args.openapi:
            openapi(tally, ROOT / "nginx/html/openapi.json")
        os.environ.update(SANITIZERS)  # a fuzzer reports on its own output, which is printed when it fails
        fuzz(tally, args.fuzz, args.fuzz_seconds, args.fuzz_seed, args.jobs, scratch)
        sanitizer_logs(tally, logs)
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
