# SPDX-License-Identifier: MIT
"""Several handler processes of one state directory: what they ask of a provider, they ask together."""

import concurrent.futures
import re
import signal
import subprocess
import unittest

import harness
import provider_site
from provider_site import SCHMIDT, seen, simulator


class ProviderProcessesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.port = self.enterContext(simulator())

    def bureau(self, name, fault, **members):
        return provider_site.bureau(name, f"http://127.0.0.1:{self.port}/{fault}/bureau", **members)

    def states(self, site, number="12345"):
        company = {**SCHMIDT, "register": {**SCHMIDT["register"], "number": number}}
        answer = site.checkout(company=company, key="live")
        self.assertEqual(answer.status, 200, answer)
        return {source["id"]: source["state"] for source in answer.json["assessment"]["sources"]}

    def asked(self, fault):
        return seen(self.port)["asked"].get(f"{fault}/bureau", 0)

    def test_a_thousand_checkouts_of_one_company_are_one_call_of_each_provider(self):
        site = provider_site.start(self, [self.bureau("quick", "slow-100"), self.bureau("slow", "slow-3000")],
                                   "--budget-ms", "1500", processes=3)
        with concurrent.futures.ThreadPoolExecutor(250) as pool:
            list(pool.map(lambda _: self.states(site), range(1000)))

        def all_know():
            return all(self.states(site) == {"quick": "answer", "slow": "answer"} for _ in range(6))
        harness.until(all_know, "every process has both answers")
        asked = seen(self.port)["asked"]
        self.assertEqual((asked["slow-100/bureau"], asked["slow-3000/bureau"]), (1, 1))
        site.state.verify()

    def test_different_companies_are_asked_for_once_each(self):
        site = provider_site.start(self, [self.bureau("bureau", "slow-50", cost={})], processes=2)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda i: self.states(site, str(1000 + i % 40)), range(400)))
        harness.until(lambda: self.asked("slow-50") >= 40, "every company was asked for")
        self.assertEqual(self.asked("slow-50"), 40)

    def test_all_processes_and_the_tool_spend_one_budget_across_restarts(self):
        bureau = self.bureau("bureau", "ok", cost={"per_call": 0.5, "per_day": 4.0, "calls_per_day": 20})
        site = provider_site.start(self, [bureau], *provider_site.PATIENT, processes=2)

        def tell(*words):
            return subprocess.run([harness.BUILD / "bonigate", "provider", "test", "bureau", "--state", site.state.folder, "--name",
                                   "Schmidt Industrie GmbH", "--court", "Düsseldorf", "--register", "HRB 12345", *words],
                                  capture_output=True, text=True, check=False).stdout
        self.assertIn("call       answered", tell())
        states = [self.states(site, str(number)).get("bureau") for number in range(1, 6)]
        for handler in site.handlers:
            handler.stop()
            handler.start()
        metrics = site.metrics()
        self.assertEqual(metrics['bonigate_provider_calls_today{provider="bureau"}'], 6)
        self.assertEqual(metrics['bonigate_provider_cost_today{provider="bureau"}'], 3.0)
        self.assertEqual(metrics['bonigate_provider_budget_left{provider="bureau",of="cost"}'], 1.0)
        self.assertEqual(metrics['bonigate_provider_budget_left{provider="bureau",of="calls"}'], 14)
        states += [self.states(site, str(number)).get("bureau") for number in range(6, 12)]
        self.assertEqual(states, ["no_data"] * 7 + ["unavailable"] * 4)
        self.assertIn("call       budget_spent", tell())
        self.assertEqual(self.asked("ok"), 8)

    def test_the_bulkhead_is_one_for_all_processes(self):
        site = provider_site.start(self, [self.bureau("bureau", "slow-20", in_flight=3, cost={})], processes=3)
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda i: self.states(site, str(i)), range(1, 121)))
        harness.until(lambda: self.asked("slow-20") == 120, "every company was asked for")
        self.assertLessEqual(seen(self.port)["peak"], 3 + 1)  # this question included

    def breaker(self, handlers):
        """The breaker's state as each of these handlers tells it."""
        def state(handler):
            connection = harness.FastCgi(handler.socket)
            connection.send(harness.FastCgi.call(uri="/metrics", keep=False, REMOTE_ADDR="127.0.0.1"))
            _, body = connection.receive()
            connection.close()
            return re.findall(r'bonigate_provider_breaker{provider="bureau",state="(\w+)"} 1', body.decode())
        return [state(handler) for handler in handlers]

    def test_what_one_process_finds_dead_none_calls_again(self):
        bureau = self.bureau("bureau", "code-500", tries=1, breaker={"failures": 3, "percent": 1, "open_s": 600})
        site = provider_site.start(self, [bureau], *provider_site.PATIENT, processes=2)
        first, second = site.handlers
        second.stop(signal.SIGKILL)
        for number in range(1, 8):
            self.assertEqual(self.states(site, str(number)), {"bureau": "unavailable"})
        self.assertEqual(self.asked("code-500"), 3)
        second.start()
        self.assertEqual(self.breaker(site.handlers), [["open"], ["open"]])
        first.stop(signal.SIGKILL)
        for number in range(11, 15):
            self.assertEqual(self.states(site, str(number)), {"bureau": "unavailable"})
        first.start()
        for number in range(21, 25):
            self.assertEqual(self.states(site, str(number)), {"bureau": "unavailable"})
        self.assertEqual(self.asked("code-500"), 3)
        done = subprocess.run([harness.BUILD / "bonigate", "provider", "test", "bureau", "--state", site.state.folder, "--name",
                               "Schmidt Industrie GmbH", "--court", "Düsseldorf", "--register", "HRB 12345"],
                              capture_output=True, text=True, check=False)
        self.assertIn("call       answered", done.stdout, "a person who wants to know is told")
        self.assertEqual(self.asked("code-500"), 4)

    def test_the_call_of_a_killed_process_is_made_by_another(self):
        site = provider_site.start(self, [self.bureau("bureau", "stall-1", total_ms=60000)], processes=2)
        caller, other = site.handlers
        other.stop(signal.SIGKILL)
        self.assertEqual(self.states(site), {"bureau": "unavailable"})
        other.start()
        for _ in range(12):
            self.assertEqual(self.states(site), {"bureau": "unavailable"})
        self.assertEqual(self.asked("stall-1"), 1)
        caller.stop(signal.SIGKILL)
        harness.until(lambda: self.asked("stall-1") == 2, "the other process calls, without being asked again")
        harness.until(lambda: self.states(site) == {"bureau": "answer"}, "the answer is there")
        self.assertEqual(self.asked("stall-1"), 2)

    def test_who_ends_in_mid_call_leaves_no_outcome_behind(self):
        site = provider_site.start(self, [self.bureau("bureau", "stall-1", total_ms=60000)], processes=2)
        site.handlers[1].stop(signal.SIGKILL)
        self.assertEqual(self.states(site), {"bureau": "unavailable"})
        site.handlers[1].start()
        site.handlers[0].stop(signal.SIGTERM)
        harness.until(lambda: self.states(site) == {"bureau": "answer"}, "the answer is there")
        self.assertEqual(self.asked("stall-1"), 2)


if __name__ == "__main__":
    unittest.main()
