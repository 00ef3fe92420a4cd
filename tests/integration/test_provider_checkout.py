# SPDX-License-Identifier: MIT
"""A checkout that asks a bureau: beside the request while the budget lasts, behind it afterwards, once for all who ask."""

import concurrent.futures
import json
import unittest

import harness
from test_provider import simulator

SCHMIDT = {"name": "Schmidt Industrie GmbH", "postal_code": "40213", "city": "Düsseldorf", "country": "DE",
           "register": {"court": "Düsseldorf", "type": "HRB", "number": "12345"}}
OTHER = "id,name,street,postal_code,city,country\nX1,Vogel Backwaren GmbH,Weg 1,10115,Berlin,DE\n"
PATIENT = ("--budget-ms", "20000")


class ProviderCheckoutTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.port = cls.enterClassContext(simulator())

    def site(self, fault, *options):
        """A site whose live register knows another company only, with the example bureau on the simulator."""
        site = harness.Site(self, *options, start=False)
        companies = site.folder / "companies.csv"
        companies.write_text(OTHER, encoding="utf-8")
        harness.bonigate("import", "companies", companies, "--register", "live", "--state", site.state.folder)
        mapping = json.loads((harness.ROOT / "tests/providers/bureau/mapping.json").read_text(encoding="utf-8"))
        folder = site.state.folder / "providers"
        folder.mkdir()
        (folder / "bureau.key").write_text("0123\n", encoding="ascii")
        (folder / "bureau.key").chmod(0o600)
        config = {**mapping, "id": "bureau", "private_network": True, "auth": {"header": "X-Api-Key", "file": "bureau.key"},
                  "url": f"http://127.0.0.1:{self.port}/{fault}/bureau"}
        (folder / "bureau.json").write_text(json.dumps(config), encoding="utf-8")
        self.addCleanup(site.handler.stop)
        site.handler.start()
        self.addCleanup(site.nginx.stop)
        site.nginx.start()
        return site

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

    def test_does_not_start_on_a_configuration_that_is_wrong(self):
        site = harness.Site(self, start=False)
        (site.state.folder / "providers").mkdir()
        (site.state.folder / "providers/bad.json").write_text("{}", encoding="ascii")
        with self.assertRaises(AssertionError) as caught:
            site.handler.start()
        self.assertIn("bad.json: /format: must be bonigate-provider/1", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
