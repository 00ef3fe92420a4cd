# SPDX-License-Identifier: MIT
"""make bench-leads: a long list of leads to its end, its process killed half-way.

    bench_leads.py [--rows 1000000] [--source FILE] [--register FILE]

Real nginx and handler. The list is drawn from SOURCE (the register table of ../shared/data/register); REGISTER, a smaller one of
the same kind, is imported beside the demo companies, so that some rows are found and most are not. Tells rows a second of each
tenth, the process's memory, and whether every row stands in the result once and in the audit once.
"""

import argparse
import csv
import http.client
import io
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("BONIGATE_SHARED", ROOT.parent / "shared")) / "data/register"
sys.path.insert(0, str(ROOT / "tests/integration"))

import harness  # noqa: E402


def lines_of(path):
    with subprocess.Popen(["zstd", "-dcqf", path], stdout=subprocess.PIPE, encoding="utf-8") as unpack:
        next(unpack.stdout)
        for line in unpack.stdout:
            yield line.rstrip("\n").split("\t")


def write_list(path, source, rows):
    """Every seventh without its street, every eleventh with an amount: as sales people have them."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["customer_ref", "name", "street", "postal_code", "city", "amount"])
        count = 0
        while count < rows:
            for field in lines_of(source):
                if count == rows:
                    break
                out.writerow([count, field[1], "" if count % 7 == 0 else field[2], field[3], field[4],
                              "1500,00" if count % 11 == 0 else ""])
                count += 1


def write_register(path, source):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["name", "street", "postal_code", "city", "country", "register_court", "register_type", "register_number"])
        for field in lines_of(source):
            court, _, number = field[0].partition("_")
            kind = re.match(r"[A-Za-z]+", number)
            out.writerow([field[1], field[2], field[3], field[4], "DE", court, kind[0], number[kind.end():]])


def memory(pid):
    """Anonymous memory of a process, MiB."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"RssAnon:\s+(\d+)", text)[1]) / 1024


def cost(pid):
    """Seconds of processor and bytes written by a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    written = re.search(r"^write_bytes: (\d+)", pathlib.Path(f"/proc/{pid}/io").read_text(encoding="ascii"), re.MULTILINE)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(written[1])


class List:
    def __init__(self, case, rows, source, register):
        self.site = harness.Site(case)
        state = self.site.state.folder
        if register:
            table = self.site.folder / "register.csv"
            write_register(table, register)
            subprocess.run([harness.BUILD / "bonigate", "import", "companies", table, "--register", "test", "--state", state],
                           check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            harness.bonigate("index", "--register", "test", "--state", state)
        self.path = self.site.folder / "list.csv"
        write_list(self.path, source, rows)
        self.lead = self.site.start_handler(case, self.site.state, "lead")
        self.rows, self.peak = rows, 0

    def ask(self, method, path, body=None, **headers):
        return self.site.request(method, path, body, {"Authorization": f"Bearer {self.site.state.key('lead')}", **headers})

    def upload(self):
        answer = self.ask("POST", "/v1/leads", self.path.read_bytes(), **{"Content-Type": "text/csv; charset=utf-8"})
        if answer.status != 202:
            sys.exit(f"bench_leads: {answer}")
        return answer.json["job_id"]

    def done(self, job):
        """Rows done so far; looks at the memory too."""
        while True:
            try:
                answer = self.ask("GET", f"/v1/lead-jobs/{job}")
            except (OSError, http.client.HTTPException):
                answer = None
            if answer and answer.status == 200:
                break
            time.sleep(0.05)
        self.peak = max(self.peak, memory(self.lead.pid))
        return sum(answer.json["counts"].values()), answer.json["state"]

    def until(self, job, rows):
        while True:
            count, state = self.done(job)
            if count >= rows or state in ("done", "failed"):
                return count
            time.sleep(0.2)

    def check(self, job):
        rows = csv.DictReader(io.StringIO(self.ask("GET", f"/v1/lead-results/{job}").body.decode()))
        judged, order, decisions = 0, [], set()
        for row in rows:
            order.append(row["customer_ref"])
            judged += row["status"] == "judged"
            decisions.add(row["decision_id"])
        with subprocess.Popen([harness.BUILD / "bonigate", "audit", "export", "--tenant", "demo", "--state",
                               self.site.state.folder], stdout=subprocess.PIPE, text=True) as export:
            recorded = [re.search(r'"id": ?"(dec_[0-9A-Z]+)"', line)[1] for line in export.stdout]
        print(f"result: {len(order)} rows, in order {order == [str(i) for i in range(self.rows)]}, judged {judged}; "
              f"recorded {len(recorded)}, each once {len(set(recorded)) == len(recorded)}, "
              f"the same ones {set(recorded) == decisions - {''}}")
        print("audit:", self.site.state.verify().strip().splitlines()[-1])
        return order == [str(i) for i in range(self.rows)] and len(recorded) == judged == len(set(recorded))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--source", default=SHARED / "register.tsv.zst", type=pathlib.Path)
    parser.add_argument("--register", default=SHARED / "register-small.tsv.zst", type=pathlib.Path)
    args = parser.parse_args()
    if not args.source.exists():
        sys.exit(f"bench_leads: {args.source} is not there; give --source")
    case = unittest.TestCase()
    try:
        work = List(case, args.rows, args.source, args.register if args.register.exists() else None)
        begin = time.monotonic()
        job = work.upload()
        print(f"{work.path.stat().st_size / 1e6:.0f} MB uploaded in {time.monotonic() - begin:.1f} s", flush=True)
        start = last = time.monotonic()
        before = 0
        for part in range(1, 11):
            count = work.until(job, args.rows * part // 10)
            now = time.monotonic()
            print(f"{count:8} rows  {(count - before) / (now - last):7.0f} a second  {memory(work.lead.pid):6.1f} MiB anonymous",
                  flush=True)
            before, last = count, now
            if part == 5:
                work.lead.stop(signal.SIGKILL)
                work.lead.start()
        seconds, written = cost(work.lead.pid)
        print(f"second half: {seconds / (args.rows / 2) * 1e3:.3f} ms of processor and {written / (args.rows / 2) / 1024:.1f} KiB "
              "written a row")
        print(f"{args.rows / (time.monotonic() - start):.0f} rows a second, at most {work.peak:.1f} MiB anonymous", flush=True)
        sound = work.check(job)
    finally:
        case.doCleanups()
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
