# SPDX-License-Identifier: MIT
"""make bench-match: Bonigate's search, PostgreSQL pg_trgm and SQLite FTS5 on the same register and the same queries.

    bench_match.py [--register FILE] [--queries FILE] [--rows 5000000] [--peer-rows 1312038] [--peer-queries 40]

The register and the labelled queries are those of ../shared/data/register. Above its real companies the register is
filled up by match_register.py. Peers get the name only (that is what they index), fetch ten, and re-rank these by the
postal code and city; a peer's time is what its own server or library reports for the query, without start-up. Peers
that are not installed are left out and said so.
"""

import argparse
import contextlib
import csv
import os
import pathlib
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("BONIGATE_SHARED", ROOT.parent / "shared")) / "data/register"
FORM_WORDS = {"gmbh", "mbh", "kg", "co", "ag", "ug", "ohg", "eg", "und", "gesellschaft", "mit", "beschränkter", "haftung",
              "haftungsbeschränkt", "der", "die", "das", "für", "verwaltungs", "verwaltung", "beteiligungs"}


def run(command, **more):
    return subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL, text=True, **more)


def figures(times):
    times = sorted(times)
    return (f"p50 {statistics.median(times):9.3f} ms  p99 {times[max(0, len(times) - 1 - len(times) // 100)]:9.3f} ms  "
            f"max {times[-1]:9.3f} ms")


def lines_of(path):
    if str(path).endswith(".zst"):
        with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE, encoding="utf-8") as unpack:
            yield from unpack.stdout
    else:
        with open(path, encoding="utf-8") as file:
            yield from file


def read_queries(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def names_of(path, rows):
    """(company, name, postal code, city) of each name, earlier ones too."""
    lines = lines_of(path)
    next(lines)
    for count, line in enumerate(lines):
        if count == rows:
            return
        field = line.rstrip("\n").split("\t")
        for name in [field[1], *filter(None, field[6].split("|"))]:
            yield field[0], name, field[3], field[4]


def rerank(hits, query):
    """hits are (score, company, postal code, city); the address decides among like names."""
    def score(hit):
        return hit[0] + 0.3 * (hit[2] == query["postcode"]) + 0.2 * (hit[3].lower() == query["city"].lower())
    return [hit[1] for hit in sorted(hits, key=score, reverse=True)]


def report_peer(name, rows, build, answers, queries):
    right = sum(bool(ranked) and ranked[0] in query["truth_ids"].split("|")
                for query, (_, ranked) in zip(queries, answers) if query["truth_ids"])
    meant = sum(bool(query["truth_ids"]) for query in queries)
    print(f"{name:24} {rows:8} rows  built in {build:6.1f} s  {figures([ms for ms, _ in answers])}  "
          f"R@1 {100 * right / max(1, meant):.1f} % of {meant}", flush=True)


# --- Bonigate ---------------------------------------------------------------------------------------------------------

def bench_bonigate(args, register, folder):
    index = folder / "index"
    begin = time.monotonic()
    with subprocess.Popen([args.build / "bonigate", "index", "--register", register, "--out", index],
                          stdout=subprocess.PIPE, text=True) as build:
        said = build.stdout.read()
        _, status, usage = os.wait4(build.pid, 0)
        build.returncode = os.waitstatus_to_exitcode(status)
    if build.returncode != 0:
        sys.exit("bench_match: bonigate index failed")
    rows = sum(1 for _ in names_of(register, args.rows)) if args.count_rows else None
    size = index.stat().st_size
    per_row = f", {size / rows:.1f} bytes a name row" if rows else ""
    print(f"bonigate index: {said.strip()}\n  built in {time.monotonic() - begin:.1f} s "
          f"({usage.ru_utime + usage.ru_stime:.1f} s of processor), at most {usage.ru_maxrss / 1024:.0f} MiB resident; "
          f"{size / 1e6:.0f} MB{per_row}", flush=True)
    done = run([args.build / "bench_match", index, args.queries, args.rounds], stdout=subprocess.PIPE)
    print("  " + done.stdout.strip().replace("\n", "\n  "), flush=True)
    run([sys.executable, ROOT / "tests/match/quality.py", "--bonigate", args.build / "bonigate", "--register", index,
         "--queries", args.queries])


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

class Postgres:
    """A server of its own in a temporary folder, on a Unix socket only."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(folder, "postgres")

    def run(self, *command, **more):
        return run([*self.user, *command], **more)

    def __enter__(self):
        data = self.folder / "data"
        self.run(self.bin / "initdb", "-D", data, "-A", "trust", "-U", "bench", "--locale=C.UTF-8",
                 stdout=subprocess.DEVNULL)
        self.run(self.bin / "pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o",
                 f"-c listen_addresses='' -k {self.folder} -c shared_buffers=1GB -c maintenance_work_mem=1GB "
                 "-c fsync=off -c max_parallel_workers_per_gather=0", "start", stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.run(self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop", stdout=subprocess.DEVNULL)

    def sql(self, text, **more):
        done = run([self.bin / "psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-qAt", "-F", "\x1f", "-v",
                    "ON_ERROR_STOP=1", "-c", text], stdout=subprocess.PIPE, **more)
        return done.stdout

    def load(self, rows):
        with subprocess.Popen([self.bin / "psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-q", "-c",
                               "COPY name (company, name, postcode, city) FROM STDIN"], stdin=subprocess.PIPE,
                              text=True) as copy:
            for row in rows:
                copy.stdin.write("\t".join(field.replace("\\", "\\\\") for field in row) + "\n")
            copy.stdin.close()


def ask_postgres(server, query):
    name = query["name"].replace("'", "''")
    select = f"SELECT similarity(name, '{name}'), company, postcode, city FROM name WHERE name % '{name}' " \
             "ORDER BY 1 DESC LIMIT 10"
    plan = server.sql(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY) {select}")
    ms = float(re.search(r"Execution Time: ([\d.]+) ms", plan)[1]) + float(re.search(r"Planning Time: ([\d.]+) ms", plan)[1])
    rows = [line.split("\x1f") for line in server.sql(select).splitlines()]
    return ms, rerank([(float(row[0]), *row[1:]) for row in rows], query)


def bench_postgres(args, register, queries, folder):
    if not list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        print("PostgreSQL is not installed: left out")
        return
    home = folder / "postgres"
    home.mkdir()
    with Postgres(home) as server:
        begin = time.monotonic()
        server.sql("CREATE EXTENSION pg_trgm")
        server.sql("CREATE UNLOGGED TABLE name (company text, name text, postcode text, city text)")
        server.load(names_of(register, args.peer_rows))
        server.sql("CREATE INDEX ON name USING gin (name gin_trgm_ops)")
        server.sql("ANALYZE name")
        build = time.monotonic() - begin
        answers = [ask_postgres(server, query) for query in queries]
    report_peer("PostgreSQL pg_trgm GIN", args.peer_rows, build, answers, queries)


# --- SQLite -----------------------------------------------------------------------------------------------------------

def ask_sqlite(database, query, words):
    terms = " OR ".join(f'"{word}"' for word in words(query["name"])) or '""'
    begin = time.monotonic()
    rows = database.execute("SELECT -bm25(entry), company, postcode, city FROM entry WHERE entry MATCH ? ORDER BY bm25(entry) "
                            "LIMIT 10", ("name : (" + terms + ")",)).fetchall()
    ms = (time.monotonic() - begin) * 1000
    best = rows[0][0] if rows else 1
    return ms, rerank([(row[0] / best, *row[1:]) for row in rows], query)


def bench_sqlite(args, register, queries, folder):
    def words(name):
        found = re.findall(r"\w+", name)
        return [word for word in found if word.lower() not in FORM_WORDS] or found

    def grams(name):
        return sorted({name[i:i + 3] for i in range(len(name) - 2)} - {gram for gram in [name] if '"' in gram}, key=str)

    for title, options, cut in (("SQLite FTS5 words", "", words),
                                ("SQLite FTS5 trigrams", ", tokenize='trigram'",
                                 lambda name: [gram for gram in grams(name) if '"' not in gram])):
        with contextlib.closing(sqlite3.connect(folder / f"{len(options)}.sqlite")) as database:
            begin = time.monotonic()
            database.execute("PRAGMA journal_mode=OFF")
            database.execute("CREATE VIRTUAL TABLE entry USING fts5(company UNINDEXED, name, postcode UNINDEXED, "
                             f"city UNINDEXED{options})")
            database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", names_of(register, args.peer_rows))
            database.commit()
            build = time.monotonic() - begin
            answers = [ask_sqlite(database, query, cut) for query in queries]
        report_peer(title, args.peer_rows, build, answers, queries)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--register", default=SHARED / "register.tsv.zst", type=pathlib.Path)
    parser.add_argument("--queries", default=SHARED / "eval-dev/queries.tsv", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=5000000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-rows", type=int, default=1312038)
    parser.add_argument("--peer-queries", type=int, default=40)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    args = parser.parse_args()
    args.count_rows = True
    if not args.register.exists():
        sys.exit(f"bench_match: {args.register} is not there; give --register and --queries")
    with tempfile.TemporaryDirectory(prefix="bonigate-bench-", dir=os.environ.get("TMPDIR")) as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        register = folder / "register.tsv"
        with register.open("w", encoding="utf-8") as out:
            run([sys.executable, HERE / "match_register.py", args.register, args.rows], stdout=out)
        bench_bonigate(args, register, folder)
        queries = read_queries(args.queries)
        random.Random(3).shuffle(queries)
        queries = queries[:args.peer_queries]
        bench_sqlite(args, register, queries, folder)
        bench_postgres(args, register, queries, folder)


if __name__ == "__main__":
    main()
