# SPDX-License-Identifier: MIT
"""What a tenant's policy says of providers: whom it requires, and what holds while that one is down."""

import concurrent.futures
import json
import signal
import unittest

import harness
import provider_site
from provider_site import PATIENT, SCHMIDT, simulator

METHODS = [
    {"id": "invoice", "type": "credit", "outage": {"rule": "deny", "new": {"rule": "allow_up_to", "amount": 30000},
                                                   "known": {"rule": "allow"}}},
    {"id": "sepa_debit", "type": "credit"},
    {"id": "prepayment", "type": "prepayment"},
]
# Asked again with every checkout, whatever happened before.
REQUIRED = {"providers": {"bureau": {"required": True, "unavailable_seconds": 0}}, "payment_methods": METHODS,
            "unknown_company": "allow"}
VOGEL = {"name": "Vogel Backwaren GmbH", "street": "Weg 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}


class ProviderPolicyTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.port = cls.enterClassContext(simulator())

    def bureau(self, fault, **members):
        return provider_site.bureau("bureau", f"http://127.0.0.1:{self.port}/{fault}/bureau", **members)

    def ask(self, site, company=None, **more):
        answer = site.checkout(company=company or SCHMIDT, key="live", **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def methods(self, answer):
        return {method["id"]: (method["allowed"], {reason["code"] for reason in method["reasons"]})
                for method in answer["payment_methods"]}


class OutageTest(ProviderPolicyTest):
    def test_a_required_bureau_that_is_down_puts_the_outage_rules_in_force(self):
        site = provider_site.start(self, [self.bureau("flaky-2", tries=1)], *PATIENT, rules=REQUIRED)
        small = self.ask(site, amount=30000)
        self.assertEqual(small["freshness"], "fallback")
        self.assertEqual(small["outage"], {"customer": "new", "missing": ["bureau"]})
        self.assertEqual(self.methods(small)["invoice"][0], True, small)
        self.assertIn("OUTAGE_ALLOWED", self.methods(small)["invoice"][1])
        self.assertEqual(self.methods(small)["sepa_debit"][0], False, small)
        self.assertIn("OUTAGE_DENIED", self.methods(small)["sepa_debit"][1])
        large = self.ask(site, amount=30001)
        self.assertIn("OUTAGE_AMOUNT_EXCEEDED", self.methods(large)["invoice"][1])
        self.assertEqual(large["outcome"], "decline")
        back = self.ask(site, amount=30001)
        self.assertEqual(back["freshness"], "fresh")
        self.assertNotIn("outage", back)
        self.assertEqual(self.methods(back)["invoice"], (False, {"REGISTER_LIQUIDATION"}), "what the bureau tells counts again")
        site.state.verify()
        records = site.state.records()
        self.assertEqual(records[0]["outage"], {"customer": "new", "missing": ["bureau"],
                                                "rules": [["invoice", "allow_up_to", 30000], ["sepa_debit", "deny"]]})
        self.assertNotIn("outage", records[2])
        self.assert_explained(site, small["decision_id"])

    def assert_explained(self, site, decision_id):
        for lang, words in (("de", "Keine Auskunft gab es zu diesem Zeitpunkt von: bureau."),
                            ("en", "No information could be had at that moment from: bureau.")):
            answer = site.request("GET", f"/v1/decisions/{decision_id}/explanation",
                                  headers={**site.authorized("live"), "Accept-Language": lang})
            self.assertEqual(answer.status, 200, answer)
            self.assertIn(words, answer.json["statement"])
            self.assertEqual(answer.json["outage"]["rules"][0], {"method": "invoice", "rule": "allow_up_to", "amount": 30000})

    def test_a_bureau_that_is_not_required_changes_nothing(self):
        site = provider_site.start(self, [self.bureau("code-503", tries=1)], *PATIENT)
        answer = self.ask(site, VOGEL)
        self.assertEqual(answer["freshness"], "fresh", answer)
        self.assertNotIn("outage", answer)

    def test_a_required_bureau_that_is_not_installed_is_missing(self):
        rules = {**REQUIRED, "providers": {"bureu": {"required": True}}}
        site = provider_site.start(self, [self.bureau("ok")], *PATIENT, rules=rules)
        answer = self.ask(site)
        self.assertEqual((answer["freshness"], answer["outage"]["missing"]), ("fallback", ["bureu"]))
        test = site.checkout().json
        self.assertEqual(test["freshness"], "fresh", "test keys require nobody")

    def test_who_is_not_to_be_asked_is_not(self):
        site = provider_site.start(self, [self.bureau("ok")], *PATIENT, rules={"providers": {"*": {"ask": False}}})
        before = provider_site.seen(self.port)["requests"]
        self.assertNotIn("bureau", [source["id"] for source in self.ask(site)["assessment"]["sources"]])
        self.assertEqual(provider_site.seen(self.port)["requests"], before + 1)


class RecheckTest(ProviderPolicyTest):
    def test_a_larger_basket_is_worth_a_newer_answer(self):
        site = provider_site.start(self, [self.bureau("ok")], *PATIENT, rules={"recheck_basket_percent": 50})

        def calls(amount):
            before = provider_site.seen(self.port)["requests"]
            self.assertEqual(self.ask(site, amount=amount)["freshness"], "fresh")
            return provider_site.seen(self.port)["requests"] - before - 1
        self.assertEqual([calls(amount) for amount in (10000, 15000, 15001, 20000, 1, 22501, 22502)], [1, 0, 1, 0, 0, 0, 1])


class PrefetchTest(ProviderPolicyTest):
    def prefetch(self, site, key="live", body=None, **headers):
        return site.request("POST", "/v1/checkout/prefetch", body or json.dumps({"company": SCHMIDT}),
                            {**site.authorized(key), **headers})

    def states(self, answer):
        self.assertEqual(answer.status, 202, answer)
        return {source["id"]: source["state"] for source in answer.json["sources"]}

    def test_the_first_checkout_after_it_needs_no_call(self):
        site = provider_site.start(self, [self.bureau("slow-80")], rules={"recheck_basket_percent": 10})
        before = provider_site.seen(self.port)["requests"]
        first = self.prefetch(site)
        self.assertEqual(self.states(first), {"register": "fresh", "bureau": "asked"})
        self.assertTrue(first.json["livemode"])
        harness.until(lambda: self.states(self.prefetch(site))["bureau"] == "fresh", "the bureau has answered")
        answer = self.ask(site)
        self.assertEqual(answer["freshness"], "fresh")
        self.assertEqual({source["id"]: source["state"] for source in answer["assessment"]["sources"]}["bureau"], "answer")
        self.assertEqual(provider_site.seen(self.port)["requests"], before + 2, "one call, and this question")
        self.assertEqual(len(site.state.records()), 1, "nothing but the checkout is recorded")

    def test_it_waits_for_nobody_and_leaves_room_for_buyers(self):
        site = provider_site.start(self, [self.bureau("hang")])
        states = {"register": "fresh", "bureau": "asked"}
        for i in range(64):
            body = json.dumps({"company": {"name": f"Muster {i} GmbH", "postal_code": "10115", "country": "DE",
                                           "register": {"court": "Berlin", "type": "HRB", "number": str(1000 + i)}}})
            self.assertEqual(self.states(self.prefetch(site, body=body)), states)
        full = self.prefetch(site)
        self.assertEqual((full.status, full.json["code"]), (503, "too_much_under_way"), full)
        self.assertTrue(full.headers["Retry-After"])
        self.assertEqual(site.checkout(company=SCHMIDT, key="live").status, 200)

    def test_a_company_has_one_id(self):
        site = provider_site.start(self, [self.bureau("ok")], *PATIENT)
        for company, key in ((SCHMIDT, "live"), (VOGEL, "live"), (harness.SCHMIDT, "test")):
            ready = self.prefetch(site, key, json.dumps({"company": company}), **{"Idempotency-Key": "a-key"})
            self.assertEqual(ready.status, 202, ready)
            self.assertEqual(ready.json["company"]["id"], site.checkout(company=company, key=key).json["company"]["id"])

    def test_what_is_wrong_is_said(self):
        site = provider_site.start(self, [self.bureau("ok")])
        for status, code, answer in (
                (400, "invalid_json", self.prefetch(site, body="{")),
                (422, "invalid_request", self.prefetch(site, body="{}")),
                (422, "invalid_request", self.prefetch(site, body=json.dumps({"company": SCHMIDT, "order": {}}))),
                (422, "invalid_request", self.prefetch(site, body='{"company":{"country":"DE","vat_id":"DE1"}}')),
                (400, "idempotency_key_invalid", self.prefetch(site, **{"Idempotency-Key": '"'})),
                (403, "forbidden", self.prefetch(site, "reader")),
                (405, "method_not_allowed", site.request("GET", "/v1/checkout/prefetch", headers=site.authorized()))):
            self.assertEqual((answer.status, answer.json["code"]), (status, code), answer)


class ReloadTest(ProviderPolicyTest):
    def put(self, site, fault, **members):
        path = site.state.folder / "providers/bureau.json"
        path.write_text(json.dumps(self.bureau(fault, **members)) if fault else "{}", encoding="utf-8")

    def reload(self, site, told):
        before = site.handler.log.read_text(encoding="utf-8").count(told)
        site.handler.send(signal.SIGHUP)
        harness.until(lambda: site.handler.log.read_text(encoding="utf-8").count(told) > before, told)

    def source(self, answer):
        return {source["id"]: source["state"] for source in answer["assessment"]["sources"]}.get("bureau")

    def company(self, number):
        return {"name": f"Muster {number} GmbH", "postal_code": "10115", "country": "DE",
                "register": {"court": "Berlin", "type": "HRB", "number": str(number)}}

    def test_files_are_read_again_and_a_call_under_way_still_arrives(self):
        site = provider_site.start(self, [self.bureau("slow-1000")])
        before = provider_site.seen(self.port)["requests"]
        self.assertEqual(self.source(self.ask(site)), "unavailable")
        self.put(site, "ok")
        self.reload(site, "providers loaded")
        self.assertEqual(self.source(self.ask(site, self.company(7))), "no_data", "by the new file")
        harness.until(lambda: self.source(self.ask(site)) == "answer", "what the old one was asked arrives")
        self.assertEqual(provider_site.seen(self.port)["requests"], before + 3, "one call each, and this question")
        self.assertEqual(site.handler.stop(), 0)

    def test_a_wrong_file_leaves_the_old_ones_and_says_so(self):
        site = provider_site.start(self, [self.bureau("ok")], *PATIENT)
        self.put(site, None)
        self.reload(site, "providers not loaded, those before stay")
        self.assertIn("bureau.json: /format: must be bonigate-provider/1", site.handler.log.read_text(encoding="utf-8"))
        self.assertEqual(self.source(self.ask(site)), "answer")
        (site.state.folder / "providers/bureau.json").unlink()
        self.reload(site, "providers loaded")
        self.assertIsNone(self.source(self.ask(site)), "gone")
        self.put(site, "ok")
        self.reload(site, "providers loaded")
        self.assertEqual(self.source(self.ask(site)), "answer", "and back, with what it said before")

    def test_no_request_is_lost_meanwhile(self):
        site = provider_site.start(self, [self.bureau("slow-20", cost={})], *PATIENT)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(self.ask, site, self.company(1000 + number)) for number in range(200)]
            for _ in range(10):
                self.reload(site, "providers loaded")
            states = [self.source(answer.result()) for answer in answers]
        self.assertEqual(states, ["no_data"] * 200)
        self.assertEqual(site.handler.stop(), 0)


if __name__ == "__main__":
    unittest.main()
