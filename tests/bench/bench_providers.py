# SPDX-License-Identifier: MIT
"""make bench-providers: checkouts beside a bureau that hangs, one that takes 80 ms, one that takes few calls at once, one that
has answered.

Real nginx and handlers, the bureau is tests/providers/simulator.py. "Cold" companies are asked for once; the "warm" calls beside a
hanging bureau are test keys' in the same process at the same time.
"""

import argparse
import concurrent.futures
import json
import pathlib
import re
import statistics
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

import harness  # noqa: E402
import provider_site  # noqa: E402
from provider_site import SCHMIDT, seen, simulator  # noqa: E402

KNOWN = ("id,name,street,postal_code,city,country,register_court,register_type,register_number\n"
         "X1,Schmidt Industrie GmbH,Weg 1,40213,Düsseldorf,DE,Düsseldorf,HRB,12345\n")


def company(number):
    return {"name": f"Kaltstart {number} GmbH", "postal_code": "40213", "city": "Düsseldorf", "country": "DE",
            "register": {"court": "Düsseldorf", "type": "HRB", "number": str(number)}}


def bureau(port, fault, **members):
    return provider_site.bureau("bureau", f"http://127.0.0.1:{port}/{fault}/bureau", total_ms=60000, queue=100000, cost={}, **members)


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


def beside(site, count):
    """Cold checkouts on 32 connections, and warm ones on four at the same time: milliseconds of both."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        warm = pool.submit(drive, site, [harness.SCHMIDT] * 400, 4, "test")
        cold = drive(site, [company(i) for i in range(1, count + 1)], 32, "live")
        return cold, warm.result()


def hanging(case, args):
    """The same load without the dead bureau is what the warm ones are measured by."""
    with simulator() as port:
        cold, warm = beside(provider_site.start(case, [bureau(port, "hang")]), args.hanging)
        _, without = beside(provider_site.start(case, []), args.hanging)
        lost = sum(ms is None for ms in cold)
        times = [ms for ms in cold if ms is not None]
        within = sum(ms <= 320 for ms in times) / len(cold)
        print(f"hanging bureau, 32 connections, {len(cold)} cold: {within:.2%} within 320 ms, "
              f"p50 {quantile(times, .5):.0f}, p99.9 {quantile(times, .999):.0f} ms, lost {lost}; "
              f"warm beside it p99 {quantile(warm, .99):.1f} ms, beside the same load without it {quantile(without, .99):.1f} ms")


def slow(case, args):
    with simulator() as port:
        site = provider_site.start(case, [bureau(port, "slow-80", in_flight=64)])
        times = drive(site, [company(i) for i in range(1, args.slow + 1)], 2, "live")
        print(f"bureau of 80 ms, {len(times)} cold: p50 {statistics.median(times):.1f} ms, p99 {quantile(times, .99):.1f} ms")


def narrow(case, args):
    with simulator() as port:
        site = provider_site.start(case, [bureau(port, "slow-2", in_flight=8)], processes=2)
        begin = time.monotonic()
        drive(site, [company(i) for i in range(1, args.narrow + 1)], 16, "live")
        harness.until(lambda: seen(port)["asked"].get("slow-2/bureau", 0) >= args.narrow, "every company was asked for")
        took = time.monotonic() - begin
        last = drive(site, [company(i) for i in range(1, args.narrow + 1, 97)], 2, "live")
        end = seen(port)
        print(f"8 in flight at most, two processes, {args.narrow} cold in {took:.0f} s: {end['asked']['slow-2/bureau']} calls, "
              f"at most {end['peak']} requests at once, {end['connections']} connections; "
              f"asked again p50 {quantile(last, .5):.1f} ms")


def warm(case, args):
    """The same company, known to the register, without any provider and with one that has answered.

    Calls to the two handlers take turns, and the handler's own time counts: whatever else the machine does meets both alike. Each
    has a disk file of its own, whose commits differ by luck more than anything else does: their median is taken over both.
    """
    with simulator() as port:
        sites = [provider_site.start(case, bureaus, companies=KNOWN) for bureaus in ([], [bureau(port, "ok")])]
        connections = [site.connection() for site in sites]
        times, commits = [[], []], []
        for turn in range(-10, args.warm):
            for which in ((0, 1), (1, 0))[turn % 2]:
                answer = sites[which].checkout(company=SCHMIDT, key="live", connection=connections[which])
                if answer.status != 200 or answer.json["freshness"] != "fresh":
                    raise AssertionError(answer)
                if turn >= 0:
                    total, commit = (float(re.search(rf"{part};dur=([\d.]+)", answer.headers["Server-Timing"])[1])
                                     for part in ("total", "store"))
                    times[which].append(total - commit)
                    commits.append(commit)
        for connection in connections:
            connection.close()
        without, answered = (statistics.median(own) for own in times)
        commit = statistics.median(commits)
        print(f"warm, {args.warm} pairs, p50 before the commit: without provider {without * 1e3:.0f} us, with one that has answered "
              f"{answered * 1e3:.0f} us; with the commit of {commit * 1e3:.0f} us a ratio of {(answered + commit) / (without + commit):.3f}; "
              f"calls of the bureau {seen(port)['asked'].get('ok/bureau', 0)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hanging", type=int, default=3200)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--narrow", type=int, default=10000)
    parser.add_argument("--warm", type=int, default=3000)
    parser.add_argument("--only", choices=["hanging", "slow", "narrow", "warm"])
    args = parser.parse_args()

    class Bench(unittest.TestCase):
        def runTest(self):
            for scenario in (hanging, slow, narrow, warm):
                if args.only in (None, scenario.__name__):
                    scenario(self, args)
                    sys.stdout.flush()
                    self.doCleanups()

    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(Bench())
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
