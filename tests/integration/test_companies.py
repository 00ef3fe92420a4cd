# SPDX-License-Identifier: MIT
"""GET /v1/companies and /v1/sandbox/companies through nginx, and the checkout that finds companies the same way."""

import json
import unittest
import urllib.parse

import harness

OPENAPI = json.loads((harness.ROOT / "nginx/html/openapi.json").read_text(encoding="utf-8"))


def query(**fields):
    return urllib.parse.urlencode(fields)


class CompaniesTest(harness.SiteTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.start_sandbox(cls.case)

    def search(self, key="test", **fields):
        return self.site.request("GET", f"/v1/companies?{query(**fields)}", headers=self.site.authorized(key))

    def names(self, **fields):
        answer = self.search(**fields)
        self.assertEqual(answer.status, 200, answer)
        return [company["name"] for company in answer.json["companies"]]

    def test_a_typed_name_finds_the_company(self):
        answer = self.search(q="Schmitt Industrie, 40213 Duesseldorf")
        self.assertEqual(answer.status, 200, answer)
        body = answer.json
        self.assertEqual((body["livemode"], body["verdict"], body["next_cursor"]), (False, "fuzzy", None))
        first = body["companies"][0]
        self.assertEqual({name: first[name] for name in ("name", "street", "postal_code", "city", "country")},
                         {"name": "Schmidt Industrie GmbH", "street": "Hafenstraße 12", "postal_code": "40213",
                          "city": "Düsseldorf", "country": "DE"})
        self.assertRegex(first["id"], r"^cmp_[0-9A-Z]{26}$")
        self.assertGreaterEqual(first["probability"], 0.99)
        self.assertEqual(first["evidence"]["postal_code"], "equal")
        self.assertEqual(first["evidence"]["name"], "close")
        decision = self.site.checkout(company={"name": first["name"], "postal_code": first["postal_code"], "country": "DE"})
        self.assertEqual(decision.json["company"]["id"], first["id"], decision)

    def test_the_answer_has_the_members_that_are_described(self):
        schemas = OPENAPI["components"]["schemas"]
        answer = self.search(q="Nordlicht", limit=1).json
        self.assertEqual(set(answer), set(schemas["CompanySearch"]["required"]))
        company = schemas["FoundCompany"]
        self.assertLessEqual(set(company["required"]), set(answer["companies"][0]))
        self.assertLessEqual(set(answer["companies"][0]), set(company["properties"]))
        self.assertEqual(set(answer["companies"][0]["evidence"]), set(company["properties"]["evidence"]["required"]))
        described = {parameter["name"] for parameter in OPENAPI["paths"]["/v1/companies"]["get"]["parameters"]
                     if parameter.get("in") == "query"}
        for name in described:
            refused = self.search(**{name: "x" * 600})
            self.assertNotIn("unknown_field", refused.body.decode(), name)

    def test_an_identifier_finds_it_too(self):
        for fields in ({"q": "DE136695976"}, {"vat_id": "DE 136695976"},
                       {"register_court": "Düsseldorf", "register_type": "HRB", "register_number": "12345"}):
            answer = self.search(**fields)
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json["companies"][0]["name"], "Schmidt Industrie GmbH")
            self.assertEqual(answer.json["verdict"], "exact")

    def test_exact_means_every_criterion(self):
        self.assertEqual(self.names(name="Schmidt Industrie GmbH", city="Düsseldorf", mode="exact"),
                         ["Schmidt Industrie GmbH"])
        self.assertEqual(self.names(name="Schmitt Industrie GmbH", city="Düsseldorf", mode="exact"), [])
        self.assertEqual(self.names(name="Schmidt Industrie GmbH", city="Hamburg", mode="exact"), [])

    def test_pages_are_one_list(self):
        whole = self.names(q="Nordlicht", limit=24)
        self.assertGreater(len(whole), 1)
        pages, cursor = [], None
        while True:
            answer = self.search(q="Nordlicht", limit=1, **({"cursor": cursor} if cursor else {})).json
            pages += [company["name"] for company in answer["companies"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        self.assertEqual(pages, whole)

    def test_what_is_not_understood_is_refused_with_its_place(self):
        for fields, pointer in (({}, "?q"), ({"city": "Köln"}, "?q"), ({"q": "a", "name": "b"}, "?q"),
                                ({"q": "a", "limit": "0"}, "?limit"), ({"q": "a", "limit": "25"}, "?limit"),
                                ({"q": "a", "mode": "best"}, "?mode"), ({"q": "a", "cursor": "0" * 16}, "?cursor"),
                                ({"q": "a", "colour": "red"}, "?"), ({"vat_id": "DE123"}, "?vat_id"),
                                ({"q": "x" * 513}, "?q")):
            with self.subTest(fields):
                self.assertProblem(self.search(**fields), 422, "invalid_request", pointer)

    def test_any_text_is_a_question(self):
        for text in ("x", "GmbH", "der die das", "' OR 1=1 --", "\u202e\u200b", "NEAR(a)", "ä" * 200):
            answer = self.search(q=text)
            self.assertEqual(answer.status, 200, f"{text!r} {answer}")
            self.assertNotIn(answer.json["verdict"], ("exact", "fuzzy"), text)
        answer = self.site.request("GET", "/v1/companies?q=%FF%FE%C3", headers=self.site.authorized())
        self.assertProblem(answer, 422, "invalid_request", "?q")

    def test_a_key_with_the_right_is_needed(self):
        self.assertEqual(self.site.request("GET", "/v1/companies?q=a").status, 401)
        self.assertEqual(self.search("reader", q="Nordlicht").status, 200)

    def test_live_keys_see_the_live_register_only(self):
        answer = self.search("live", q="Schmidt Industrie GmbH")
        self.assertProblem(answer, 503, "unavailable")

    def test_the_sandbox_needs_no_key_and_tells_its_quota(self):
        answer = self.site.request("GET", "/v1/sandbox/companies?limit=8&q=schmi")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json["companies"][0]["name"], "Schmidt Industrie GmbH")
        self.assertRegex(answer.headers["RateLimit"], r"r=\d+")
        self.assertFalse(answer.json["livemode"])

    def test_the_beginning_of_a_name_suggests_it(self):
        for name in ("Schmidt Industrie GmbH", "Mustermann Großhandel GmbH", "Konstruktiv AG"):
            for n in (2, 3, 4, 7, len(name)):
                answer = self.search(q=name[:n], limit=8)
                self.assertIn(name, [company["name"] for company in answer.json["companies"]], name[:n])

    def test_what_is_typed_so_far_is_completed_and_never_safe(self):
        for text, name, completes in (("m", "Mustermann Großhandel GmbH", "name"), ("MU", "Mustermann Großhandel GmbH", "name"),
                                      ("indus", "Schmidt Industrie GmbH", "word"), ("sud-w", "Süd-West GmbH", "name"),
                                      ("grosshan", "Mustermann Großhandel GmbH", "word")):
            with self.subTest(text):
                answer = self.search(q=text, limit=24).json
                self.assertIn((name, completes), [(one["name"], one["completes"]) for one in answer["companies"]])
                self.assertNotIn(answer["verdict"], ("exact", "fuzzy"))
        for more in ({"mode": "exact", "q": "mu"}, {"name": "mu"}, {"q": "mu 40213"}):
            for one in self.search(**more).json["companies"]:
                self.assertIsNone(one["completes"], more)

    def test_a_completion_is_no_match_for_the_checkout(self):
        for text in ("mu", "Mustermann", "Schmidt Ind"):
            body = self.site.checkout(company={"country": "DE", "name": text, "city": "Düsseldorf"}).json
            self.assertNotIn(body["company"]["match"]["kind"], ("exact", "fuzzy"), text)


class CheckoutTest(harness.SiteTest):
    def company(self, **fields):
        answer = self.site.checkout(company={"country": "DE", **fields})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def test_a_misspelt_company_is_used_when_that_is_safe(self):
        body = self.company(name="Schmitt Industrie GmbH", street="Hafenstr. 12", city="Düsseldorf")
        self.assertEqual(body["company"]["name"], "Schmidt Industrie GmbH")
        self.assertEqual(body["company"]["match"]["kind"], "fuzzy")
        self.assertGreaterEqual(body["company"]["match"]["probability"], 0.99)
        self.assertEqual((body["outcome"], body["assessment"]["light"]), ("approve", "green"))
        record = [one for one in self.site.state.records() if one["id"] == body["decision_id"]][0]
        self.assertEqual((record["match"]["kind"], record["match"]["name"]), ("fuzzy", "Schmidt Industrie GmbH"))
        self.assertEqual(record["asked"]["name"], "Schmitt Industrie GmbH")

    def test_a_sister_a_namesake_and_a_stranger_are_not(self):
        for fields in ({"name": "Schmidt Industrie Verwaltungs GmbH", "street": "Hafenstraße 12", "city": "Düsseldorf"},
                       {"name": "Schmidt Industrie GmbH", "city": "Hamburg"},
                       {"name": "Schmidt", "city": "Düsseldorf"},
                       {"name": "Schmidt Industrie GmbH"}):
            with self.subTest(fields):
                body = self.company(**fields)
                self.assertIn(body["company"]["match"]["kind"], ("none", "ambiguous"))
                self.assertEqual(body["company"]["name"], fields["name"])
                self.assertIsNone(body["assessment"]["score"])
                self.assertNotEqual(body["outcome"], "approve")

    def test_a_new_index_is_used_without_a_restart(self):
        """The register gets a company; once its index is made anew, the running handler finds it misspelt too."""
        state = self.site.state.folder
        path = self.site.folder / "new.csv"
        path.write_text("name,street,postal_code,city,country,register_court,register_type,register_number\n"
                        "Grimmelshausen Feinmechanik GmbH,Ring 4,40210,Düsseldorf,DE,Düsseldorf,HRB,777777\n",
                        encoding="utf-8")
        asked = {"name": "Grimelshausen Feinmechanik", "street": "Ring 4", "postal_code": "40210", "city": "Düsseldorf"}
        self.assertEqual(self.company(**asked)["company"]["match"]["kind"], "none")
        harness.bonigate("import", "companies", path, "--register", "test", "--state", state)
        harness.bonigate("index", "--register", "test", "--state", state)
        harness.until(lambda: self.company(**asked)["company"]["match"]["kind"] == "fuzzy", "the new index is used")
        self.assertEqual(self.company(**asked)["company"]["name"], "Grimmelshausen Feinmechanik GmbH")
        broken = state / "broken"
        broken.write_bytes(b"no index any more")
        broken.rename(state / "register-test.db-index")
        for _ in range(3):
            asked["street"] += " "
            self.assertEqual(self.company(**asked)["company"]["match"]["kind"], "fuzzy", "a broken file leaves the old one")

    def test_an_update_of_the_index_is_enough_for_a_few_changes(self):
        site = harness.Site(self)
        path = site.folder / "changes.csv"
        path.write_text("name,street,postal_code,city,country,register_court,register_type,register_number\n"
                        "Peddinghaus Orgelbau GmbH,Ring 5,40210,Düsseldorf,DE,Düsseldorf,HRB,777778\n"
                        "Schmidt Industrie und Söhne GmbH,Hafenstraße 12,40213,Düsseldorf,DE,Düsseldorf,HRB,12345\n",
                        encoding="utf-8")
        harness.bonigate("import", "companies", path, "--register", "test", "--state", site.state.folder)
        before = (site.state.folder / "register-test.db-index").read_bytes()
        said = harness.bonigate("index", "--update", path, "--register", "test", "--state", site.state.folder)
        self.assertIn("2 companies", said)
        self.assertEqual((site.state.folder / "register-test.db-index").read_bytes(), before)

        def kind(name, street, postal_code):
            body = {"name": name, "street": street, "postal_code": postal_code, "city": "Düsseldorf", "country": "DE"}
            company = site.checkout(company=body).json["company"]
            return company["match"]["kind"], company["name"]
        harness.until(lambda: kind("Pedinghaus Orgelbau", "Ring 5", "40210")[0] == "fuzzy", "the update is used")
        self.assertEqual(kind("Pedinghaus Orgelbau", "Ring 5", "40210")[1], "Peddinghaus Orgelbau GmbH")
        renamed = "Schmidt Industrie und Söhne GmbH"
        self.assertEqual(kind("Schmitt Industrie & Soehne GmbH", "Hafenstr. 12", "40213"), ("fuzzy", renamed))
        self.assertEqual(kind("Schmitt Industrie GmbH", "Hafenstr. 12", "40213"), ("fuzzy", renamed), "its earlier name")

    def test_an_index_that_is_cut_in_place_is_no_index(self):
        """Nobody should, but somebody will: cp over a file that is in use."""
        site = harness.Site(self)
        with open(site.state.folder / "register-test.db-index", "r+b") as file:
            file.truncate(4096)
        body = {"name": "Schmitt Industrie GmbH", "street": "Hafenstr. 12", "city": "Düsseldorf", "country": "DE"}
        self.assertEqual(site.checkout(company=body).json["company"]["match"]["kind"], "none")
        self.assertEqual(site.checkout().json["company"]["match"]["kind"], "exact")
        self.assertProblem(site.request("GET", "/v1/companies?q=Schmidt", headers=site.authorized()), 503, "unavailable")


class NoIndexTest(harness.SiteTest):
    def test_without_an_index_the_checkout_works_and_the_search_says_so(self):
        (self.site.state.folder / "register-test.db-index").unlink()
        self.site.handler.stop()
        self.site.handler.start()
        self.assertEqual(self.site.checkout().json["company"]["match"]["kind"], "exact")
        answer = self.site.request("GET", "/v1/companies?q=Schmidt", headers=self.site.authorized())
        self.assertProblem(answer, 503, "unavailable")


if __name__ == "__main__":
    unittest.main()
