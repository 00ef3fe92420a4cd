# SPDX-License-Identifier: MIT
"""A checkout that asks a bureau: beside the request while the budget lasts, behind it afterwards, once for all who ask."""

import concurrent.futures
import hashlib
import unittest

import harness
import provider_site
from provider_site import PATIENT, SCHMIDT, simulator

class ProviderCheckoutTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.port = cls.enterClassContext(simulator())

    def site(self, fault, *options):
        """A site whose live register knows another company only, with the example bureau on the simulator."""
        return provider_site.start(self, [provider_site.bureau("bureau", f"http://127.0.0.1:{self.port}/{fault}/bureau")],
                                   *options)

    def ask(self, site, key="live"):
        answer = site.checkout(company=SCHMIDT, key=key)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def source(self, answer):
        return {source["id"]: source["state"] for source in answer["assessment"]["sources"]}.get("bureau")

    def calls(self, site):
        return sum(value for name, value in site.metrics().items() if name.startswith("bonigate_provider_calls_total"))

    def test_a_company_no_register_knows_is_decided_with_the_bureaus_facts(self):
        site = self.site("ok", *PATIENT)
        answer = self.ask(site)
        self.assertEqual(self.source(answer), "answer", answer)
        self.assertEqual(answer["company"]["match"]["kind"], "exact")
        self.assertEqual(answer["company"]["name"], "Schmidt Industrie GmbH")
        self.assertEqual(self.source(self.ask(site)), "answer")
        self.assertEqual(self.calls(site), 1)
        metrics = site.metrics()
        self.assertEqual(metrics['bonigate_provider_outcomes_total{provider="bureau",outcome="answer"}'], 1)
        self.assertEqual(metrics['bonigate_provider_saved_total{provider="bureau",by="cache"}'], 1)
        self.assertEqual(metrics['bonigate_provider_breaker{provider="bureau",state="closed"}'], 1)
        self.assertEqual(metrics['bonigate_provider_cost_today{provider="bureau"}'], 0.85)
        self.assertEqual(metrics['bonigate_provider_call_seconds_count{provider="bureau"}'], 1)
        site.state.verify()

    def test_a_record_proves_what_the_bureau_answered(self):
        site = self.site("ok", *PATIENT)
        for _ in range(2):  # the second time from the cache
            self.ask(site)
        answered = (harness.ROOT / "tests/providers/bureau/HRB 12345.json").read_bytes()
        records = site.state.records()
        self.assertEqual(len(records), 2)
        for record in records:
            hashes = {source[0]: source[3] for source in record["sources"] if len(source) > 3}
            self.assertEqual(hashes, {"bureau": hashlib.sha256(answered).hexdigest()})

    def test_what_comes_late_is_ready_for_the_next(self):
        site = self.site("slow-1500")
        self.assertEqual(self.source(self.ask(site)), "unavailable")
        harness.until(lambda: self.source(self.ask(site)) == "answer", "the answer is there for a later request")
        self.assertEqual(self.calls(site), 1)

    def test_a_bureau_that_hangs_holds_nobody(self):
        site = self.site("hang")
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: self.ask(site), range(48)))
        self.assertEqual({self.source(answer) for answer in answers}, {"unavailable"})
        self.assertTrue(all(answer["outcome"] != "approve" for answer in answers))
        site.state.verify()

    def test_all_who_ask_the_same_share_one_call(self):
        site = self.site("slow-300", *PATIENT)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: self.ask(site), range(64)))
        self.assertGreaterEqual(sum(self.source(answer) == "answer" for answer in answers), 1)
        self.assertEqual(self.calls(site), 1)

    def test_test_keys_cost_nothing(self):
        site = self.site("ok", *PATIENT)
        self.assertIsNone(self.source(self.ask(site, "test")))
        self.assertEqual(self.calls(site), 0)

    def soap_site(self, fault, **members):
        return provider_site.start(
            self, [provider_site.creditreform(f"http://127.0.0.1:{self.port}/{fault}/creditreform", **members)], *PATIENT)

    def test_a_report_of_several_exchanges_decides(self):
        scores = {}
        for product in ("PRTY-4", "PRTY-3"):
            with self.subTest(product=product):
                site = self.soap_site("ok", product=product)
                answer = self.ask(site)
                self.assertEqual([source["state"] for source in answer["assessment"]["sources"] if source["id"] == "creditreform"],
                                 ["answer"])
                self.assertEqual(answer["company"]["name"], "Schmidt Industrie GmbH")
                scores[product] = answer["assessment"]["score"]
                self.ask(site)
                self.assertEqual(site.metrics()['bonigate_provider_call_seconds_count{provider="creditreform"}'], 2)
                site.state.verify()
        # A range of up to 0.8 % says less good of a company than its index with 0.19 %.
        self.assertLess(scores["PRTY-4"], scores["PRTY-3"])

    def test_companies_without_a_report_do_not_cut_the_bureau_off(self):
        site = self.soap_site("soap-114", breaker={"failures": 2, "percent": 1})
        for i in range(4):
            answer = site.checkout(company={**SCHMIDT, "name": f"Schmidt {i} GmbH"}, key="live")
            self.assertEqual(answer.status, 200, answer)
        metrics = site.metrics()
        self.assertEqual(metrics['bonigate_provider_outcomes_total{provider="creditreform",outcome="no_data"}'], 4)
        self.assertEqual(metrics['bonigate_provider_breaker{provider="creditreform",state="closed"}'], 1)

    def test_does_not_start_on_a_configuration_that_is_wrong(self):
        site = harness.Site(self, start=False)
        (site.state.folder / "providers").mkdir()
        (site.state.folder / "providers/bad.json").write_text("{}", encoding="ascii")
        with self.assertRaises(AssertionError) as caught:
            site.handler.start()
        self.assertIn("bad.json: /format: must be bonigate-provider/1", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
