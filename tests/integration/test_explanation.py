# SPDX-License-Identifier: MIT
"""Why a decision came out as it did: over HTTP and on the command line, in both languages."""

import unittest

import harness

BERGER = {"name": "Berger Logistics KG", "postal_code": "50667", "country": "DE", "vat_id": "DE900000014"}
INSOLVENT = {"name": "Eröffnet Logistik GmbH", "postal_code": "44135", "country": "DE", "vat_id": "DE900000233"}


class ExplanationTest(harness.SiteTest):
    def explain(self, decision_id, key="test", lang="de"):
        return self.site.request("GET", f"/v1/decisions/{decision_id}/explanation",
                                 headers={**self.site.authorized(key), "Accept-Language": lang})

    def decide(self, company, **more):
        return self.site.checkout(company=company, **more).json

    def test_costs_add_up_and_carry_what_would_change_them(self):
        decision = self.decide(BERGER)
        answer = self.explain(decision["decision_id"])
        self.assertEqual(answer.status, 200, answer)
        told = answer.json
        self.assertTrue(told["model"]["in_use"])
        self.assertEqual((told["score"], told["pd"], told["light"]),
                         tuple(decision["assessment"][name] for name in ("score", "pd", "light")))
        lost = [item["lost"] for item in told["costs"]]
        self.assertEqual(lost, sorted(lost, reverse=True))
        self.assertTrue(1 <= len(lost) <= 4 and min(lost) > 0)
        self.assertTrue(any(item["change"] for item in told["costs"]))
        for item in told["costs"]:
            if item["change"]:
                self.assertEqual(len({"from", "below"} & set(item["change"])), 1)
            self.assertEqual(item["code"] is None, item["points"] >= 0, "what only did not bring all is no fault")
        for item in told["strengths"]:
            self.assertTrue(item["code"] and item["text"] and item["points"] > 0)
        unknown = {item["input"] for item in told["unknown"]}
        self.assertIn("bureau_pd", unknown)
        self.assertFalse(unknown & {item["input"] for item in told["costs"]})

    def test_the_statement_can_be_handed_out_in_both_languages(self):
        decision = self.decide(BERGER)["decision_id"]
        german, english = (self.explain(decision, lang=lang).json["statement"] for lang in ("de", "en"))
        for text, words in ((german, ("Berger Logistics KG", decision, "register", "Aktenzeichen", "ein Mensch", "Nicht bekannt")),
                            (english, ("Berger Logistics KG", decision, "register", "Reference", "human being", "Not known"))):
            for word in words:
                self.assertIn(word, text)
        self.assertNotIn("Reference", german)

    def test_what_ends_the_matter_is_named_and_no_points_are_told(self):
        told = self.explain(self.decide(INSOLVENT)["decision_id"]).json
        self.assertEqual([one["code"] for one in told["decisive"]], ["INSOLVENCY_OPENED"])
        self.assertEqual(told["costs"], [])
        self.assertIn("Entscheidend", told["statement"])

    def test_an_unknown_company_is_explained_without_a_score(self):
        told = self.explain(self.decide({"name": "Nirgendwo Handels GmbH", "postal_code": "10115", "country": "DE"})["decision_id"]).json
        self.assertIsNone(told["score"])
        self.assertEqual([one["code"] for one in told["reasons"]][:1], ["UNKNOWN_COMPANY"])

    def test_nobody_else_may_read_it(self):
        decision = self.decide(BERGER)["decision_id"]
        self.assertProblem(self.explain(decision, key="other"), 404, "not_found")
        self.assertProblem(self.explain(decision, key="live"), 404, "not_found")
        self.assertEqual(self.site.request("GET", f"/v1/decisions/{decision}/explanation").status, 401)
        self.assertEqual(self.explain("dec_00000000000000000000000000").status, 404)

    def test_the_command_line_tells_the_same(self):
        decision = self.decide(BERGER)["decision_id"]
        text = harness.bonigate("explain", decision, "--tenant", "demo", "--state", self.site.state.folder, "--lang", "en")
        self.assertEqual(text, self.explain(decision, lang="en").json["statement"])


if __name__ == "__main__":
    unittest.main()
