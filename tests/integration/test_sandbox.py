# SPDX-License-Identifier: MIT
"""The anonymous sandbox: the same decision, the demo register only, and a quota per address."""

import json
import os
import pathlib

import harness

CALL = "/v1/sandbox/checkout/payment-methods"


class SandboxCase(harness.SiteTest):
    """A site with a sandbox of its own beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = cls.site.start_sandbox(cls.case)

    def ask(self, company=None, amount=10000, query="", **more):
        body = {"company": company or harness.SCHMIDT, "order": {"amount": amount, "currency": "EUR"}, **more}
        return self.site.request("POST", CALL + query, json.dumps(body), {"Content-Type": "application/json"})


class SandboxTest(SandboxCase):
    def test_it_answers_as_the_checkout_does_but_for_ids_and_token(self):
        real, tried = self.site.checkout().json, self.ask().json
        for answer in (real, tried):
            for member in ("decision_id", "token", "valid_until"):
                answer.pop(member)
        self.assertEqual(real, tried)

    def test_nothing_is_stored_and_nothing_else_is_open(self):
        self.assertEqual(self.ask().status, 200)
        self.assertEqual({path.name.split("-")[0] for path in self.sandbox.state.folder.iterdir()}, {"register"})
        opened = [os.readlink(link) for link in pathlib.Path(f"/proc/{self.sandbox.pid}/fd").iterdir()]
        self.assertFalse([path for path in opened if "store" in path or "live" in path or "token" in path])

    def test_a_slow_bureau_is_there_the_next_time_and_a_silent_one_is_not(self):
        def freiburg(name):
            decision = self.ask({"name": name, "postal_code": "79098", "city": "Freiburg", "country": "DE"}).json
            sources = {source["id"]: source["state"] for source in decision["assessment"]["sources"]}
            return decision["freshness"], sources["demo_bureau"], decision["assessment"]["light"]
        self.assertEqual(freiburg("Schneckenpost Versand GmbH"), ("fallback", "unavailable", "green"))
        self.assertEqual(freiburg("Funkstille Systeme GmbH"), ("fallback", "unavailable", "green"))
        harness.until(lambda: freiburg("Schneckenpost Versand GmbH") == ("fresh", "answer", "green"), "its answer is there")
        self.assertEqual(freiburg("Funkstille Systeme GmbH"), ("fallback", "unavailable", "green"))

    def test_moved_thresholds_move_the_light(self):
        self.assertEqual(self.ask().json["assessment"]["light"], "green")
        self.assertEqual(self.ask(query="?green_from=95&yellow_from=40").json["assessment"]["light"], "yellow")
        self.assertEqual(self.ask(query="?green_from=99&yellow_from=95").json["assessment"]["light"], "red")
        for query, at in (("?green_from=101", "?green_from"), ("?green_from=x", "?green_from"),
                          ("?green_from=40&yellow_from=40", "?yellow_from"), ("?yellow_from=%zz", "?yellow_from")):
            self.assertProblem(self.ask(query=query), 422, "invalid_request", at)

    def test_faults_name_their_field(self):
        self.assertProblem(self.ask(company={"name": "A"}), 422, "invalid_request", "/company/country")

    def test_no_key_opens_the_real_calls(self):
        answer = self.site.request("POST", harness.CHECKOUT, "{}", {"Content-Type": "application/json"})
        self.assertProblem(answer, 401, "unauthorized")

    def test_the_page_takes_nothing_from_elsewhere(self):
        for language in ("de", "en"):
            page = self.site.request("GET", f"/sandbox/?lang={language}")
            self.assertEqual(page.status, 200)
            self.assertIn(f'<html lang="{language}">', page.body.decode())
            self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
            self.assertIsNone(page.headers["Set-Cookie"])
            self.assertNotIn("http://", page.body.decode())
            self.assertNotIn("https://", page.body.decode())
        english = self.site.request("GET", "/sandbox/", headers={"Accept-Language": "en-GB,de;q=0.5"})
        self.assertIn('<html lang="en">', english.body.decode())

    def post_form(self, body, **headers):
        return self.site.request("POST", "/sandbox/result?lang=en", body,
                                 {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def test_the_form_without_javascript_is_answered_by_a_page(self):
        answer = self.post_form("name=Schmidt+Industrie+GmbH&postal_code=40213&country=DE&amount=1250.00")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
        self.assertEqual(answer.headers["Content-Language"], "en")
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertNotIn("script-src", answer.headers["Content-Security-Policy"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("RateLimit", answer.headers)
        self.assertIsNone(answer.headers["Set-Cookie"])
        self.assertIn("Green: invoice possible", answer.body.decode())

    def test_a_form_that_cannot_be_used_is_told_on_the_page(self):
        for body in ("", "name=%ff&country=DE&amount=1", "name=A&country=DE&amount=1&admin=1", "name=A&country=XX&amount=1",
                     "name=" + "A" * 60000 + "&country=DE&amount=1", "&" * 60000, "=" * 60000):
            answer = self.post_form(body)
            self.assertEqual(answer.status, 422, body[:60])
            self.assertIn("These entries cannot be used", answer.body.decode())
        self.assertProblem(self.post_form("x=" + "A" * 70000), 413, "body_too_large")
        self.assertProblem(self.post_form("{}", **{"Content-Type": "application/json"}), 415, "unsupported_media_type")

    def test_addresses_beside_the_page_lead_to_it_in_their_language(self):
        for path, status, goes in (("/sandbox/result?lang=en", 303, "/sandbox/?lang=en"),
                                   ("/sandbox/result", 303, "/sandbox/?lang=de"), ("/sandbox?lang=en", 301, "/sandbox/?lang=en"),
                                   ("/sandbox", 301, "/sandbox/")):
            answer = self.site.request("GET", path)
            self.assertEqual(answer.status, status, path)
            self.assertTrue(answer.headers["Location"].endswith(goes), answer.headers["Location"])

    def test_the_page_is_small(self):
        paths = ("/sandbox/", "/sandbox/sandbox.css", "/sandbox/sandbox.js", "/sandbox/problem.js",
                 "/sandbox/light.svg")
        answers = [self.site.request("GET", path) for path in paths]
        self.assertEqual([answer.status for answer in answers], [200] * len(paths))
        self.assertLess(sum(len(answer.body) for answer in answers), 60000)


class QuotaTest(SandboxCase):
    """A process of its own, so that the quota is nobody else's."""

    def test_who_asks_too_much_is_told_when_to_come_back(self):
        answer = self.ask()
        quota = int(answer.headers["RateLimit-Policy"].split("q=")[1].split(";")[0])
        self.assertRegex(answer.headers["RateLimit"], r'^"default";r=\d+;t=\d+$')
        last = answer
        for _ in range(2 * quota):
            last = self.ask()
            if last.status != 200:
                break
        self.assertProblem(last, 429, "rate_limited")
        self.assertRegex(last.headers["Retry-After"], r"^\d+$")
        self.assertIn("r=0;", last.headers["RateLimit"])
        self.assertEqual(self.site.checkout().status, 200, "shops are not counted")

