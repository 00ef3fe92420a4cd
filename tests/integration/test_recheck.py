# SPDX-License-Identifier: MIT
"""Decisions made while a source was down: made again when it is back, and told when the answer would have been another."""

import json
import signal
import sqlite3
import unittest

import harness
from test_worker import Worker

COMPANIES = ("id,name,street,postal_code,city,country,legal_form,register_court,register_type,register_number,founded\n"
             "X1,Schmidt Industrie GmbH,Hafenstraße 12,40213,Düsseldorf,DE,GmbH,Düsseldorf,HRB,12345,1998-04-01\n")
DAY_MS = 24 * 3600 * 1000


class RecheckTest(unittest.TestCase):
    def setUp(self):
        # No live register was imported yet: a live checkout is decided under the outage rules.
        self.site = harness.Site(self)

    def ask(self, **more):
        answer = self.site.checkout(key="live", **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def bring_back(self):
        rows = self.site.folder / "companies.csv"
        rows.write_text(COMPANIES, encoding="utf-8")
        harness.bonigate("import", "companies", rows, "--register", "live", "--state", self.site.state.folder)

    def work(self, name="worker"):
        """One run of the worker; its jobs."""
        worker = Worker(self, self.site, name, "--once")
        self.assertEqual(worker.process.wait(harness.PATIENCE), 0)
        return worker.jobs(job="recheck")

    def sql(self, statement, *values):
        with sqlite3.connect(self.site.state.folder / "store.db", timeout=harness.PATIENCE) as store:
            return store.execute(statement, values).fetchall()

    def events(self):
        return [{"type": kind, "livemode": bool(live), **json.loads(data)}
                for kind, live, data in self.sql("SELECT type, livemode, data FROM event ORDER BY pos")]

    def record(self, decision):
        return json.loads(self.sql("SELECT record FROM decision WHERE id = ?", decision)[0][0])

    @staticmethod
    def verdict(record):
        return {"outcome": record["outcome"],
                "payment_methods": [{"id": method[0], "allowed": method[1]} for method in record["methods"]]}

    def test_another_answer_is_recorded_and_told_once(self):
        first = self.ask(amount=10000)
        self.assertEqual((first["freshness"], first["outcome"]), ("fallback", "approve"), first)
        before = self.sql("SELECT record, digest FROM decision")
        self.bring_back()
        [job] = self.work()
        self.assertEqual((job["result"], job["decision_id"]), ("differs", first["decision_id"]))
        again = self.record(job["new_decision_id"])
        self.assertEqual(again["recheck_of"], first["decision_id"])
        self.assertNotEqual(again["freshness"], "fallback")
        self.assertEqual(again["order"], self.record(first["decision_id"])["order"])
        self.assertEqual(self.events(), [{
            "type": "decision.recheck_differs", "livemode": True, "decision_id": first["decision_id"],
            "recheck_decision_id": job["new_decision_id"], "before": self.verdict(self.record(first["decision_id"])),
            "after": self.verdict(again)}])
        self.assertEqual(self.sql("SELECT record, digest FROM decision")[:1], before)
        self.assertEqual(self.work("second"), [])
        self.assertEqual(len(self.events()), 1)
        self.site.state.verify()

    def test_the_same_answer_is_recorded_and_not_told(self):
        first = self.ask(payment_methods=["prepayment"])
        self.assertEqual(first["freshness"], "fallback")
        self.bring_back()
        [job] = self.work()
        self.assertEqual(job["result"], "same")
        self.assertEqual(self.record(job["new_decision_id"])["recheck_of"], first["decision_id"])
        self.assertEqual(self.events(), [])
        self.site.state.verify()

    def test_while_the_source_is_down_nothing_is_recorded(self):
        self.ask()
        [job] = self.work()
        self.assertEqual((job["result"], job["tries"]), ("still_out", 1))
        self.assertEqual(self.work("second"), [], "it is put off")
        [(due, at, tries)] = self.sql("SELECT due_ms, at_ms, tries FROM recheck")
        self.assertGreaterEqual(due - at, 30000)
        self.assertEqual(tries, 1)
        self.assertEqual(self.sql("SELECT count(*) FROM decision"), [(1,)])
        self.assertEqual(self.events(), [])

    def test_is_given_up_after_a_day(self):
        first = self.ask()
        self.sql("UPDATE recheck SET at_ms = at_ms - ?", DAY_MS)
        [job] = self.work()
        self.assertEqual(job["result"], "given_up")
        self.assertEqual(self.events(), [{"type": "decision.recheck_given_up", "livemode": True, "tries": 0,
                                          "decision_id": first["decision_id"],
                                          "before": self.verdict(self.record(first["decision_id"]))}])
        self.assertEqual(self.sql("SELECT count(*) FROM recheck"), [(0,)])

    def test_two_workers_make_each_again_once(self):
        asked = {self.ask(amount=10000 + i)["decision_id"] for i in range(20)}
        self.bring_back()
        workers = [Worker(self, self.site, name, "--once") for name in ("one", "two")]
        for worker in workers:
            self.assertEqual(worker.process.wait(harness.PATIENCE), 0)
        jobs = [job["decision_id"] for worker in workers for job in worker.jobs(job="recheck")]
        self.assertEqual(sorted(jobs), sorted(asked))
        self.assertEqual(sorted(event["decision_id"] for event in self.events()), sorted(asked))
        self.assertEqual(self.sql("SELECT count(*) FROM decision"), [(40,)])
        self.site.state.verify()

    def test_a_killed_worker_loses_none_and_doubles_none(self):
        asked = {self.ask(amount=10000 + i)["decision_id"] for i in range(20)}
        self.bring_back()
        worker = Worker(self, self.site, "killed")
        harness.until(lambda: worker.jobs(job="recheck"), "it has begun")
        worker.stop(signal.SIGKILL)
        self.sql("UPDATE recheck SET due_ms = 0")  # the lease of the one it had in hand has ended
        self.work("heir")
        self.assertEqual(sorted(event["decision_id"] for event in self.events()), sorted(asked))
        self.assertEqual(self.sql("SELECT count(*) FROM decision"), [(40,)])
        self.assertEqual(self.sql("SELECT count(*) FROM recheck"), [(0,)])
        self.site.state.verify()

    def get(self, query="", key="live"):
        return self.site.request("GET", "/v1/events" + query, headers=self.site.authorized(key))

    def test_events_are_listed_in_pages_and_on_the_command_line(self):
        self.assertEqual(self.get().json, {"livemode": True, "events": [], "has_more": False, "next_after": None})
        asked = [self.ask(amount=10000 + i)["decision_id"] for i in range(3)]
        self.bring_back()
        self.work()
        first = self.get("?limit=2").json
        self.assertEqual((len(first["events"]), first["has_more"]), (2, True))
        self.assertEqual(first["next_after"], first["events"][1]["id"])
        rest = self.get(f"?after={first['next_after']}").json
        self.assertEqual((len(rest["events"]), rest["has_more"]), (1, False))
        events = first["events"] + rest["events"]
        self.assertEqual([event["data"]["decision_id"] for event in events], asked)
        for event in events:
            self.assertEqual((event["type"], event["livemode"]), ("decision.recheck_differs", True))
            self.assertRegex(event["id"], r"^evt_[0-9A-HJKMNP-TV-Z]{26}$")
            again = self.site.request("GET", f"/v1/decisions/{event['data']['recheck_decision_id']}",
                                      headers=self.site.authorized("live")).json
            self.assertEqual(again["recheck_of"], event["data"]["decision_id"])
        last = self.get(f"?after={rest['next_after']}").json
        self.assertEqual((last["events"], last["next_after"]), ([], None))
        self.assertEqual(self.get(key="test").json["events"], [], "the other mode's are not shown")
        tenant = self.sql("SELECT DISTINCT tenant FROM api_key")[0][0]
        lines = harness.bonigate("events", "--tenant", tenant, "--state", self.site.state.folder).splitlines()
        self.assertEqual([json.loads(line) for line in lines], events)
        lines = harness.bonigate("events", "--tenant", tenant, "--after", events[1]["id"], "--state", self.site.state.folder)
        self.assertEqual(json.loads(lines), events[2])

    def test_wrong_questions_about_events_are_refused(self):
        for query, pointer in (("?limit=0", "?limit"), ("?limit=101", "?limit"), ("?limit=x", "?limit"),
                               ("?after=evt_none", "?after"), ("?after=%zz", "?after")):
            answer = self.get(query)
            self.assertEqual((answer.status, answer.json["code"]), (422, "invalid_request"), answer)
            self.assertEqual([error["pointer"] for error in answer.json["errors"]], [pointer], answer)
        self.assertEqual(self.site.request("GET", "/v1/events").status, 401)


if __name__ == "__main__":
    unittest.main()
