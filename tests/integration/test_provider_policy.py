# SPDX-License-Identifier: MIT
"""What a tenant's policy says of providers: whom it requires, and what holds while that one is down."""

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


if __name__ == "__main__":
    unittest.main()
