# SPDX-License-Identifier: MIT
"""Several handler processes of one state directory: what they ask of a provider, they ask together."""

import concurrent.futures
import signal
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
