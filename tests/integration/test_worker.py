# SPDX-License-Identifier: MIT
"""Reports that take minutes: ordered once, kept through kill -9 of every process, fetched by bonigate-worker."""

import concurrent.futures
import contextlib
import json
import re
import signal
import sqlite3
import subprocess
import unittest
import urllib.request

import harness
import provider_site

JOB = {"request": {"method": "POST", "path": "/reports", "body": {"number": "{register_number}"}},
       "job": {"id": "/job/id", "path": "/reports/{job}", "state": "/state", "done": ["done"], "failed": ["unknown company"]}}


class Worker(harness.Handler):
    """bonigate-worker on a state directory; it has no socket to wait for."""

    def __init__(self, case, site, name="worker", *options):
        super().__init__(site.state, site.folder, *options, program="worker", name=name)
        case.addCleanup(self.stop)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([harness.BUILD / "bonigate-worker", "--state", self.state.folder, *self.options],
                                            stderr=log, stdin=subprocess.DEVNULL)

    def jobs(self, **members):
        return [line for line in self.log_lines() if "job" in line and members.items() <= line.items()]

    def until(self, **members):
        return harness.until(lambda: self.jobs(**members), f"a job {members} in the worker's log")[-1]


class WorkerTest(unittest.TestCase):
    def site(self, poll_ms=50, others=(), options=provider_site.PATIENT, **more):
        """A site with one bureau, on the simulator, that prepares its reports, and others that have this fault."""
        simulator = provider_site.simulator()
        self.port = simulator.__enter__()
        self.addCleanup(simulator.__exit__, None, None, None)
        config = provider_site.bureau("bureau", f"http://127.0.0.1:{self.port}/ok/reports")
        config["mapping"] = {**config["mapping"], **JOB, "job": {**JOB["job"], "poll_ms": poll_ms}}
        quick = [provider_site.bureau(fault, f"http://127.0.0.1:{self.port}/{fault}/bureau") for fault in others]
        return provider_site.start(self, [config, *quick], *options, **more)

    def bureau(self, what="reports"):
        """What the bureau has seen; reports/release lets it answer from now on."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ok/reports/{what}") as answer:
            return json.load(answer)

    def source(self, site, name="bureau", number="12345"):
        company = {**provider_site.SCHMIDT, "register": {**provider_site.SCHMIDT["register"], "number": number}}
        answer = site.checkout(company=company, key="live")
        self.assertEqual(answer.status, 200, answer)
        return {source["id"]: source["state"] for source in answer.json["assessment"]["sources"]}[name]

    def until_answered(self, site):
        harness.until(lambda: self.source(site) == "answer", "a checkout has the report")

    def test_a_report_is_ordered_once_and_there_for_a_later_checkout(self):
        site = self.site(processes=2)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            states = set(pool.map(lambda _: self.source(site), range(100)))
        self.assertEqual(states, {"unavailable"})
        self.assertEqual(self.bureau(), {"ordered": 1, "fetched": 0})
        worker = Worker(self, site)
        worker.until(job="inquiry", result="waits")
        self.assertEqual(self.source(site), "unavailable")
        self.bureau("reports/release")
        self.assertEqual(worker.until(result="answered")["outcome"], "answer")
        self.until_answered(site)
        self.assertEqual(self.bureau()["ordered"], 1)
        self.assertEqual(worker.stop(), 0)
        site.state.verify()

    def test_a_worker_that_runs_already_is_woken(self):
        site = self.site()
        worker = Worker(self, site)
        harness.until(lambda: any(line.get("message") == "working on" for line in worker.log_lines()), "the worker works")
        self.bureau("reports/release")
        self.assertEqual(self.source(site), "unavailable")
        self.until_answered(site)
        self.assertEqual(self.bureau(), {"ordered": 1, "fetched": 1})

    def test_a_locked_list_neither_holds_up_other_calls_nor_loses_an_order(self):
        site = self.site(others=["ok"], options=())
        numbers = ["12345", "2", "3", "4"]
        with contextlib.closing(sqlite3.connect(site.state.folder / "inquiries.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for number in numbers:
                harness.until(lambda number=number: self.source(site, "ok", number) in ("answer", "no_data"), "other calls go on")
                self.assertEqual(self.source(site, number=number), "unavailable")
            harness.until(lambda: self.bureau()["ordered"] == len(numbers), "all are ordered")
            self.assertEqual(other.execute("SELECT count(*) FROM inquiry").fetchone(), (0,))
            other.execute("ROLLBACK")
            harness.until(lambda: other.execute("SELECT count(*) FROM inquiry").fetchone() == (len(numbers),), "all are listed")
        for number in numbers:
            self.assertEqual(self.source(site, number=number), "unavailable")
        self.bureau("reports/release")
        Worker(self, site).until(result="answered")
        self.assertEqual(self.bureau()["ordered"], len(numbers))

    def test_an_order_that_waits_for_the_list_is_written_before_the_handler_ends(self):
        site = self.site(options=())
        with contextlib.closing(sqlite3.connect(site.state.folder / "inquiries.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.assertEqual(self.source(site), "unavailable")
            harness.until(lambda: self.bureau()["ordered"] == 1, "it is ordered")
            site.handler.send(signal.SIGTERM)
            other.execute("ROLLBACK")
            self.assertEqual(site.handler.process.wait(harness.PATIENCE), 0)
            self.assertEqual(other.execute("SELECT count(*) FROM inquiry").fetchone(), (1,))

    def test_nothing_is_lost_when_the_handler_is_killed(self):
        site = self.site()
        self.assertEqual(self.source(site), "unavailable")
        site.handler.stop(signal.SIGKILL)
        site.handler.start()
        self.assertEqual(self.source(site), "unavailable")
        self.bureau("reports/release")
        Worker(self, site).until(result="answered")
        self.until_answered(site)
        self.assertEqual(self.bureau()["ordered"], 1)

    def test_nothing_is_lost_when_the_worker_is_killed(self):
        site = self.site(poll_ms=1000)
        self.assertEqual(self.source(site), "unavailable")
        first = Worker(self, site, "first")
        first.until(result="waits")
        first.stop(signal.SIGKILL)
        self.bureau("reports/release")
        second = Worker(self, site, "second")
        self.assertEqual(second.until(result="answered")["tries"], len(first.jobs(result="waits")) + 1)
        self.until_answered(site)
        self.assertEqual(self.bureau()["ordered"], 1)

    def test_two_workers_do_not_fetch_the_same_twice(self):
        site = self.site()
        workers = [Worker(self, site, name) for name in ("one", "two")]
        self.assertEqual(self.source(site), "unavailable")
        harness.until(lambda: self.bureau()["fetched"] >= 10, "the bureau was asked several times")
        self.bureau("reports/release")
        self.until_answered(site)
        fetched = self.bureau()["fetched"]
        done = harness.until(lambda: [line for worker in workers for line in worker.jobs(result="answered")], "it is answered")
        self.assertEqual([line["tries"] for line in done], [fetched])
        self.assertEqual(sum(len(worker.jobs(result="waits")) for worker in workers), fetched - 1)

    def test_what_the_bureau_cannot_prepare_is_no_data(self):
        site = self.site()
        unknown = {**provider_site.SCHMIDT, "register": {**provider_site.SCHMIDT["register"], "number": "54321"}}
        site.checkout(company=unknown, key="live")
        self.bureau("reports/release")
        self.assertEqual(Worker(self, site).until(result="answered")["outcome"], "no_data")

    def test_a_decision_made_without_a_required_report_is_made_again_with_it(self):
        site = self.site(rules={"providers": {"bureau": {"required": True}}, "payment_methods": [
            {"id": "invoice", "type": "credit", "outage": {"rule": "allow"}}, {"id": "prepayment", "type": "prepayment"}]})
        first = site.checkout(company=provider_site.SCHMIDT, key="live").json
        self.assertEqual((first["freshness"], first["outcome"], first["outage"]["missing"]), ("fallback", "approve", ["bureau"]))
        worker = Worker(self, site)
        worker.until(job="recheck", result="still_out")
        with sqlite3.connect(site.state.folder / "store.db", timeout=harness.PATIENCE) as store:
            store.execute("UPDATE recheck SET due_ms = due_ms + 3600000")  # its pause is a long one
        self.bureau("reports/release")
        again = worker.until(job="recheck", result="differs")
        self.assertEqual(again["tries"], 2)
        self.assertEqual((again["decision_id"], again["outcome"]), (first["decision_id"], "decline"), "it is in liquidation")
        [event] = site.request("GET", "/v1/events", headers=site.authorized("live")).json["events"]
        self.assertEqual(event["data"]["recheck_decision_id"], again["new_decision_id"])
        self.assertEqual((event["data"]["before"]["outcome"], event["data"]["after"]["outcome"]), ("approve", "decline"))
        self.assertEqual(self.bureau()["ordered"], 1)
        site.state.verify()

    def test_reads_its_providers_again_and_goes_on(self):
        site = self.site()
        path = site.state.folder / "providers/bureau.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(self.source(site), "unavailable")
        log = site.folder / "jobs.log"  # without what is wrong with a file: that goes to standard error
        log.touch()
        worker = Worker(self, site, "worker", "--log", log)
        worker.log = log
        worker.until(job="inquiry", result="waits")
        path.write_text("{", encoding="utf-8")
        worker.send(signal.SIGHUP)
        harness.until(lambda: any(line.get("message") == "providers not loaded, those before stay"
                                  for line in worker.log_lines()), "the file is refused")
        fetched = self.bureau()["fetched"]
        harness.until(lambda: self.bureau()["fetched"] > fetched, "it goes on with the providers it has")
        path.write_text(json.dumps({**config, "url": config["url"].replace("/ok/", "/slow-20/")}), encoding="utf-8")
        worker.send(signal.SIGHUP)
        harness.until(lambda: provider_site.seen(self.port)["asked"].get("slow-20/reports"), "it asks where it is told now")
        self.bureau("reports/release")
        worker.until(result="answered")
        self.until_answered(site)
        self.assertEqual(self.bureau()["ordered"], 1)
        self.assertEqual(worker.stop(), 0)

    def test_keeps_its_metrics_in_a_file(self):
        site = self.site()
        path = site.folder / "bonigate.prom"

        def told(name):
            text = path.read_text(encoding="ascii") if path.exists() else ""
            return float(dict(re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE)).get(name, -1))
        self.assertEqual(self.source(site), "unavailable")
        worker = Worker(self, site, "worker", "--metrics", path)
        harness.until(lambda: told("bonigate_inquiries_waiting") == 1 and told("bonigate_inquiry_polls_total") > 0, "one waits")
        self.assertEqual(told('bonigate_inquiries_ended_total{outcome="answer"}'), 0)
        self.assertEqual(told('bonigate_provider_breaker{provider="bureau",state="closed"}'), 1)
        self.assertGreater(told('bonigate_provider_calls_today{provider="bureau"}'), 1, "the order of the handler counts, too")
        self.bureau("reports/release")
        worker.until(result="answered")
        self.assertEqual(worker.stop(), 0)
        self.assertEqual(told('bonigate_inquiries_ended_total{outcome="answer"}'), 1)
        self.assertEqual(told("bonigate_inquiry_polls_total"), self.bureau()["fetched"])
        self.assertEqual(told("bonigate_rechecks_waiting"), 0)
        self.assertGreater(told("bonigate_start_time_seconds"), 1.7e9)
        self.assertEqual([entry.name for entry in site.folder.glob("bonigate.prom*")], ["bonigate.prom"])
        self.assertEqual(path.stat().st_mode & 0o777, 0o644)
        harness.check_metrics(self, path.read_bytes())

    def test_a_metrics_file_that_cannot_be_written_stops_nothing(self):
        site = self.site()
        self.bureau("reports/release")
        self.assertEqual(self.source(site), "unavailable")
        worker = Worker(self, site, "worker", "--metrics", site.folder / "nowhere/bonigate.prom")
        worker.until(result="answered")
        self.assertEqual(worker.stop(), 0)
        faults = [line for line in worker.log_lines() if line.get("message") == "the metrics file cannot be written"]
        self.assertEqual(len(faults), 1, "it is told once")

    def test_once_does_what_is_due_and_ends(self):
        site = self.site(poll_ms=10)
        self.bureau("reports/release")
        self.assertEqual(self.source(site), "unavailable")
        for run in range(100):
            worker = Worker(self, site, f"once-{run}", "--once")
            self.assertEqual(worker.process.wait(harness.PATIENCE), 0)
            if worker.jobs(result="answered"):
                break
        self.until_answered(site)
        self.assertEqual(self.bureau(), {"ordered": 1, "fetched": 1})

    def test_its_log_names_nobody(self):
        site = self.site()
        worker = Worker(self, site)
        self.bureau("reports/release")
        self.source(site)
        worker.until(result="answered")
        text = worker.log.read_text(encoding="utf-8")
        for secret in ("Schmidt", "12345", "Düsseldorf", "40213", "J1"):
            self.assertNotIn(secret, text)

    def test_refuses_bad_options(self):
        for options in (["--what"], ["more"], ["--cache-mb", "0"], []):
            done = subprocess.run([harness.BUILD / "bonigate-worker", *options], capture_output=True, text=True, check=False,
                                  env={})
            self.assertEqual(done.returncode, 2, options)
            self.assertTrue(done.stderr, options)


if __name__ == "__main__":
    unittest.main()
