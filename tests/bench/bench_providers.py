# SPDX-License-Identifier: MIT
"""make bench-providers: cold checkouts with a bureau that hangs, one that takes 80 ms, and one that takes few calls at once.

Real nginx and handler, the bureau is tests/providers/simulator.py. Every company is asked for once (cold); "warm" calls
are test keys' in the same process at the same time.
"""

import argparse
import concurrent.futures
import json
import pathlib
import statistics
import sys
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

import harness  # noqa: E402
from test_provider import simulator  # noqa: E402

REGISTER = "id,name,street,postal_code,city,country\nX1,Vogel Backwaren GmbH,Weg 1,10115,Berlin,DE\n"


def company(number):
    return {"name": f"Kaltstart {number} GmbH", "postal_code": "40213", "city": "Düsseldorf", "country": "DE",
            "register": {"court": "Düsseldorf", "type": "HRB", "number": str(number)}}


def make_site(case, port, fault, **members):
    site = harness.Site(case, start=False)
    rows = site.folder / "companies.csv"
    rows.write_text(REGISTER, encoding="utf-8")
    harness.bonigate("import", "companies", rows, "--register", "live", "--state", site.state.folder)
    config = json.loads((harness.ROOT / "tests/providers/bureau/mapping.json").read_text(encoding="utf-8"))
    config.update({"id": "bureau", "private_network": True, "url": f"http://127.0.0.1:{port}/{fault}/bureau",
                   "total_ms": 60000, "queue": 100000, "cost": {}, **members})
    config.pop("auth")
    (site.state.folder / "providers").mkdir()
    (site.state.folder / "providers/bureau.json").write_text(json.dumps(config), encoding="utf-8")
    case.addCleanup(site.handler.stop)
    site.handler.start()
    case.addCleanup(site.nginx.stop)
    site.nginx.start()
    return site


def drive(site, jobs, clients, key):
    """Milliseconds of each call, on kept connections; None for one that was not answered with 200."""
    def client(part):
        connection, times = site.connection(), []
        for job in part:
            begin = time.perf_counter()
            answer = site.checkout(company=job, key=key, connection=connection)
            times.append((time.perf_counter() - begin) * 1e3 if answer.status == 200 else None)
        connection.close()
        return times
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return [ms for times in pool.map(client, [jobs[i::clients] for i in range(clients)]) for ms in times]


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def hanging(case, args):
    with simulator() as port:
        site = make_site(case, port, "hang")
        alone = drive(site, [harness.SCHMIDT] * 400, 4, "test")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            beside = pool.submit(drive, site, [harness.SCHMIDT] * 400, 4, "test")
            cold = drive(site, [company(i) for i in range(1, args.hanging + 1)], 32, "live")
            warm = beside.result()
        lost = sum(ms is None for ms in cold)
        times = [ms for ms in cold if ms is not None]
        within = sum(ms <= 320 for ms in times) / len(cold)
        print(f"hanging bureau, 32 connections, {len(cold)} cold: {within:.2%} within 320 ms, "
              f"p50 {quantile(times, .5):.0f}, p99.9 {quantile(times, .999):.0f} ms, lost {lost}; "
              f"warm beside it p99 {quantile(warm, .99):.1f} ms, alone {quantile(alone, .99):.1f} ms")


def slow(case, args):
    with simulator() as port:
        site = make_site(case, port, "slow-80", in_flight=64)
        times = drive(site, [company(i) for i in range(1, args.slow + 1)], 2, "live")
        print(f"bureau of 80 ms, {len(times)} cold: p50 {statistics.median(times):.1f} ms, p99 {quantile(times, .99):.1f} ms")


def narrow(case, args):
    with simulator() as port:
        site = make_site(case, port, "slow-2", in_flight=8)
        drive(site, [company(i) for i in range(1, args.narrow + 1)], 16, "live")
        name = 'bonigate_provider_calls_total{provider="bureau",end="answered"}'
        harness.until(lambda: site.metrics()[name] >= args.narrow, "every company was asked for")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ok/echo/x") as answer:
            seen = json.load(answer)
        print(f"8 in flight at most, {args.narrow} cold: {seen['requests'] - 1} calls, {seen['peak']} at once, "
              f"{seen['connections'] - 1} connections")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hanging", type=int, default=3200)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--narrow", type=int, default=10000)
    args = parser.parse_args()

    class Bench(unittest.TestCase):
        def runTest(self):
            for scenario in (hanging, slow, narrow):
                scenario(self, args)
                self.doCleanups()

    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(Bench())
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
