# SPDX-License-Identifier: MIT
"""Public web forms: only from the pages named, by people, once, and without a word about the result."""

import concurrent.futures
import re
import subprocess
import time
import urllib.parse

import harness

SHOP = "https://www.shop.example"
THANKS = f"{SHOP}/danke?x=1"
FIELDS = {"name": "Schmidt Industrie GmbH", "postal_code": "40213", "country": "DE", "reference": "web-1"}


class FormsTest(harness.SiteTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = harness.bonigate("key", "add", "demo", "--mode", "test", "--scopes", "form", "--origin", SHOP, "--origin",
                                   "https://shop.example", "--return", THANKS, "--state", cls.site.state.folder).strip()
        cls.lead = cls.site.start_handler(cls.case, cls.site.state, "lead", "--quota", 100000)

    def post(self, fields, origin=SHOP, key=None, kind="application/x-www-form-urlencoded", **headers):
        sent = {"Content-Type": kind, **({"Origin": origin} if origin else {}), **headers}
        body = fields if isinstance(fields, (str, bytes)) else urllib.parse.urlencode(fields)
        return self.site.request("POST", f"/v1/forms/{key or self.key}", body, sent)

    def token(self, origin=SHOP):
        return self.site.request("GET", f"/v1/form-tokens/{self.key}", headers={"Origin": origin} if origin else {})

    def sent_at_last(self, fields):
        """A token must have some age; until then the visitor is asked once more."""
        return harness.until(lambda: (answer := self.post(fields)).status == 303 and answer, "the form is taken")

    def leads(self):
        return [record for record in self.site.state.records() if record.get("lead")]

    def test_a_lead_is_recorded_once_and_the_visitor_is_sent_back(self):
        token = self.token().json["token"]
        before = len(self.leads())
        answer = self.sent_at_last({**FIELDS, "token": token})
        self.assertEqual(answer.headers["Location"], THANKS)
        self.assertEqual(answer.body, b"")
        self.assertIsNone(answer.headers["Set-Cookie"])
        self.assertEqual(self.post({**FIELDS, "token": token}).status, 303, "sent again by a double click")
        record, = self.leads()[before:]
        self.assertEqual(record["asked"]["customer_ref"], "web-1")
        self.assertEqual(record["light"], "green")
        self.site.state.verify()

    def test_a_form_sent_twice_at_once_is_recorded_once(self):
        """While the first is under way the second is asked to confirm with the same token: that is no other lead."""
        def twice():
            before = len(self.leads())
            fields = {**FIELDS, "token": self.token().json["token"]}
            begun_ms = int(fields["token"].split(".")[0])
            harness.until(lambda: time.time() * 1000 > begun_ms + 2000, "the token has the age that people take")
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(lambda _: self.post(fields), range(4)))
            early = [answer for answer in answers if answer.status != 303]
            for answer in early:
                self.assertEqual(answer.status, 200, answer)
                self.assertIn(f'name="token" value="{fields["token"]}"', answer.body.decode())
            self.assertEqual(self.post(fields).status, 303)
            self.assertEqual(len(self.leads()), before + 1)
            return early
        # Now and then they come one after the other: that shows nothing.
        self.assertTrue(any(twice() for _ in range(10)))

    def test_without_a_token_the_visitor_confirms_on_a_page(self):
        before = len(self.leads())
        page = self.post({**FIELDS, "name": '"><b>A & B GmbH', "lang": "en"})
        self.assertEqual((page.status, page.headers["Content-Language"]), (200, "en"), page)
        text = page.body.decode()
        self.assertIn('value="&quot;&gt;&lt;b&gt;A &amp; B GmbH"', text)
        self.assertNotIn("<b>", text)
        self.assertIn(f"form-action 'self' {SHOP}", page.headers["Content-Security-Policy"])
        self.assertEqual(len(self.leads()), before)
        for word in ("score", "green", "limit", "approve"):
            self.assertNotIn(word, text.lower())
        token = re.search(r'name="token" value="([^"]+)"', text)[1]
        fields = {**FIELDS, "token": token, "website": ""}
        host = "http://localhost"
        harness.until(lambda: self.post(fields, origin=host).status == 303, "the confirmed form is taken")
        self.assertEqual(len(self.leads()), before + 1)

    def test_foreign_pages_are_refused(self):
        before = len(self.leads())
        for origin in ("https://evil.example", "http://www.shop.example", f"{SHOP}.evil.example", "null", None):
            self.assertProblem(self.post(FIELDS, origin=origin), 403, "origin_refused")
            answer = self.token(origin)
            self.assertProblem(answer, 403, "origin_refused")
            self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
        self.assertEqual(self.token().headers["Access-Control-Allow-Origin"], SHOP)
        self.assertEqual(len(self.leads()), before)

    def test_programs_that_fill_in_everything_are_dropped(self):
        token = self.token().json["token"]
        before = len(self.leads())
        answer = self.post({**FIELDS, "token": token, "website": "http://spam"})
        self.assertEqual((answer.status, answer.headers["Location"]), (303, THANKS))
        self.assertEqual(len(self.leads()), before)

    def test_made_up_tokens_are_worth_nothing(self):
        token = self.token().json["token"]
        instant, nonce, mac = token.split(".")
        older = str(int(instant) - 60000)
        before = len(self.leads())
        for wrong in ("x", "..", f"{older}.{nonce}.{mac}", f"{instant}.{nonce}.{'0' * 64}", f"{instant}.{'0' * 24}.{mac}",
                      "9" * 30, f"99999999999999.{nonce}.{mac}"):
            self.assertEqual(self.post({**FIELDS, "token": wrong}).status, 200, wrong)
        self.assertEqual(len(self.leads()), before)

    def test_refused_fields_are_told_on_the_page(self):
        for fields in ({"country": "DE"}, {**FIELDS, "vat_id": "DE1"}, {**FIELDS, "amount": "x"}, {**FIELDS, "extra": "1"},
                       {**FIELDS, "country": "XX"}, "name=%ff&country=DE", "name=A&name=B&country=DE"):
            answer = self.post(fields)
            self.assertEqual(answer.status, 422, fields)
            self.assertIn("Diese Angaben sind nicht zu verwenden", answer.body.decode())
        self.assertProblem(self.post("{}", kind="application/json"), 415, "unsupported_media_type")

    def test_the_key_opens_nothing_else(self):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        self.assertProblem(self.site.request("POST", "/v1/leads", "{}", headers), 401, "unauthorized")
        self.assertProblem(self.site.request("POST", harness.CHECKOUT, "{}", headers), 401, "unauthorized")
        for key in ("bf_test_00000000000000000000000000000000", "x", self.site.state.key("lead"), "bf_live_" + self.key[8:]):
            self.assertProblem(self.post(FIELDS, key=key), 404, "not_found")

    def test_a_revoked_key_ends(self):
        key = harness.bonigate("key", "add", "demo", "--mode", "test", "--scopes", "form", "--origin", SHOP, "--return", SHOP,
                               "--label", "short", "--state", self.site.state.folder).strip()
        harness.until(lambda: self.post(FIELDS, key=key).status == 200, "the new key is known")
        line, = [line for line in harness.bonigate("key", "list", "--state", self.site.state.folder).splitlines() if "short" in line]
        harness.bonigate("key", "revoke", line.split("\t")[0], "--state", self.site.state.folder)
        harness.until(lambda: self.post(FIELDS, key=key).status == 404, "the key is no longer known")

    def test_the_tool_makes_no_open_door(self):
        for more in (["--scopes", "form"], ["--scopes", "form", "--origin", SHOP],
                     ["--scopes", "form", "--origin", SHOP, "--return", "https://evil.example/"],
                     ["--scopes", "form", "--origin", SHOP, "--return", SHOP + "@evil.example/"],
                     ["--scopes", "form", "--origin", SHOP + "/", "--return", SHOP],
                     ["--scopes", "form,lead", "--origin", SHOP, "--return", SHOP],
                     ["--scopes", "lead", "--origin", SHOP, "--return", SHOP]):
            done = subprocess.run([harness.BUILD / "bonigate", "key", "add", "demo", "--mode", "test", *more, "--state",
                                   self.site.state.folder], capture_output=True, text=True, check=False)
            self.assertIn(done.returncode, (1, 2), more)
            self.assertTrue(done.stderr)


class FormQuotaTest(harness.SiteTest):
    def test_an_address_may_not_flood_a_form(self):
        key = harness.bonigate("key", "add", "demo", "--mode", "test", "--scopes", "form", "--origin", SHOP, "--return", SHOP,
                               "--state", self.site.state.folder).strip()
        self.site.start_handler(self, self.site.state, "lead", "--quota", 3)
        answers = [self.site.request("POST", f"/v1/forms/{key}", urllib.parse.urlencode(FIELDS),
                                     {"Origin": SHOP, "Content-Type": "application/x-www-form-urlencoded"}) for _ in range(4)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 200, 429])
        self.assertProblem(answers[-1], 429, "rate_limited")
        self.assertIn("Retry-After", answers[-1].headers)
