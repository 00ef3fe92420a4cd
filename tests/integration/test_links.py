# SPDX-License-Identifier: MIT
"""Confirmed choices: a customer number that means a company of the register."""

import json
import unittest
import urllib.parse

import harness

KEY = "reg:R1101:HRB:12345"  # Schmidt Industrie GmbH
ADDRESS = "/v1/company-links"


class LinksTest(harness.SiteTest):
    def call(self, method, ref=None, body=None, key="test"):
        path = ADDRESS if ref is None else f"{ADDRESS}/{urllib.parse.quote(ref, safe='')}"
        return self.site.request(method, path, None if body is None else json.dumps(body), self.site.authorized(key))

    def link(self, ref, **body):
        answer = self.call("PUT", ref, {"key": KEY, **body})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def decide(self, ref, key="test", **company):
        return self.site.checkout(company={"country": "DE", "customer_ref": ref, **company}, key=key).json["company"]

    def test_a_confirmed_choice_is_used_from_then_on(self):
        asked = {"name": "Der Schmidt vom Hafen"}
        self.assertEqual(self.decide("K-1", **asked)["match"]["kind"], "none")
        body = self.link("K-1", name=asked["name"])
        self.assertEqual((body["customer_ref"], body["key"], body["company"]["name"]),
                         ("K-1", KEY, "Schmidt Industrie GmbH"))
        company = self.decide("K-1", **asked)
        self.assertEqual(company["name"], "Schmidt Industrie GmbH")
        self.assertEqual(company["match"], {"kind": "exact", "probability": 1.0, "confirmed": True})
        self.assertEqual(company["id"], body["company"]["id"])
        self.assertEqual(self.decide("K-2", **asked)["match"]["kind"], "none", "another number")

    def test_it_is_shown_and_can_be_removed(self):
        self.link("K-3", name="Hafenschmidt")
        shown = self.call("GET", "K-3")
        self.assertEqual(shown.status, 200, shown)
        self.assertEqual(shown.json["confirmed_name"], "hafenschmidt")
        self.assertIn("K-3", [link["customer_ref"] for link in self.call("GET").json["links"]])
        self.assertEqual(self.call("DELETE", "K-3").status, 204)
        self.assertProblem(self.call("DELETE", "K-3"), 404, "not_found")
        self.assertProblem(self.call("GET", "K-3"), 404, "not_found")
        self.assertEqual(self.decide("K-3", name="Hafenschmidt")["match"]["kind"], "none")

    def test_who_types_another_name_is_somebody_else(self):
        self.link("K-4", name="Hafenschmidt")
        company = self.decide("K-4", name="Nordlicht GmbH", postal_code="22085")
        self.assertEqual(company["name"], "Nordlicht GmbH")
        self.assertNotIn("confirmed", company["match"])

    def test_a_contradicting_identifier_undoes_it(self):
        self.link("K-5")
        self.assertTrue(self.decide("K-5", name="Irgendwer")["match"]["confirmed"], "confirmed for any name")
        company = self.decide("K-5", name="Irgendwer", vat_id="DE811569869")
        self.assertNotIn("confirmed", company["match"])
        self.assertNotEqual(company["name"], "Schmidt Industrie GmbH")

    def test_numbers_are_a_tenants_own(self):
        self.link("K-6")
        self.assertNotIn("confirmed", self.decide("K-6", key="other", name="Irgendwer GmbH")["match"])
        self.assertProblem(self.call("GET", "K-6", key="other"), 404, "not_found")
        self.assertProblem(self.call("GET", "K-6", key="live"), 404, "not_found")
        self.assertEqual(self.call("GET", key="other").json["links"], [])

    def test_any_number_can_be_linked(self):
        for ref in ("a/b", "ä ö", "50%", "1+1", "x" * 64):
            with self.subTest(ref):
                self.assertEqual(self.link(ref)["customer_ref"], ref)
                self.assertEqual(self.call("GET", ref).json["customer_ref"], ref)
                self.assertEqual(self.call("DELETE", ref).status, 204)

    def test_what_is_not_understood_is_refused(self):
        self.assertProblem(self.call("PUT", "K-7", {"key": "reg:R1101:HRB:1"}), 422, "invalid_request", "/key")
        self.assertProblem(self.call("PUT", "K-7", {"name": "a"}), 422, "invalid_request", "/key")
        self.assertProblem(self.call("PUT", "K-7", {"key": KEY, "more": 1}), 422, "invalid_request", "/more")
        self.assertProblem(self.call("PUT", "x" * 65, {"key": KEY}), 404, "not_found")
        self.assertEqual(self.call("PUT", "K-7", {"key": KEY}, key="reader").status, 403)
        self.assertEqual(self.call("DELETE", "K-7", key="reader").status, 403)

    def test_a_number_that_is_no_text_is_none(self):
        """Stored, it would make every list of the tenant's links one that no JSON parser takes."""
        for ref in ("%FF", "M%FCller", "a%C3", "%ED%A0%80", "a%C2%85b", "a%0Ab", "a%7F"):
            for method, body in (("PUT", json.dumps({"key": KEY})), ("GET", None), ("DELETE", None)):
                with self.subTest(ref=ref, method=method):
                    answer = self.site.request(method, f"{ADDRESS}/{ref}", body, self.site.authorized())
                    self.assertProblem(answer, 404, "not_found")
        self.call("GET").body.decode("utf-8")
        self.assertProblem(self.site.request("GET", f"{ADDRESS}?after=%FF", headers=self.site.authorized()), 422,
                           "invalid_request", "?after")

    def test_it_outlives_the_handler(self):
        self.link("K-8")
        self.site.handler.stop()
        self.site.handler.start()
        self.assertTrue(self.decide("K-8", name="Irgendwer")["match"]["confirmed"])


if __name__ == "__main__":
    unittest.main()
