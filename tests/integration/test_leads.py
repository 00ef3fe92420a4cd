# SPDX-License-Identifier: MIT
"""POST /v1/leads: one company or a list, each judged and recorded; what is bad is told and the rest goes on."""

import concurrent.futures
import contextlib
import http.client
import json
import re
import signal
import sqlite3
import urllib.parse

import harness

LEADS = "/v1/leads"
SCHMIDT = {"company": harness.SCHMIDT}
ALPHA = {"company": {"name": "Neukunde Alpha UG", "postal_code": "10115", "country": "DE", "customer_ref": "L-7"}}
BERGER = {"company": {"name": "Berger Logistics KG", "postal_code": "50667", "country": "DE"}}


class LeadsTest(harness.SiteTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.site.start_handler(cls.case, cls.site.state, "lead")

    def post(self, body, key="lead", kind="application/json", **headers):
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.site.request("POST", LEADS, data, {"Authorization": f"Bearer {self.site.state.key(key)}",
                                                       "Content-Type": kind, "Accept-Language": "en", **headers})

    def test_one_company_gets_what_sales_needs(self):
        answer = self.post(SCHMIDT)
        self.assertEqual(answer.status, 200, answer)
        lead, = answer.json["leads"]
        self.assertEqual((lead["score"], lead["light"], lead["priority"], lead["payment_hint"]),
                         (91, "green", "high", "invoice"))
        self.assertEqual(lead["first_limit"], {"amount": 2500000, "currency": "EUR"})
        self.assertTrue(lead["why"] and all(why["code"] and why["text"] for why in lead["why"]))
        self.assertEqual(answer.json["counts"], {"judged": 1, "refused": 0})
        self.assertFalse(answer.json["livemode"])

    def test_it_is_the_decision_the_checkout_makes(self):
        for lead in (SCHMIDT, ALPHA, BERGER):
            real = self.site.checkout(lead["company"]).json
            tried, = self.post({**lead, "expected_amount": 10000}).json["leads"]
            self.assertEqual((tried["score"], tried["light"], tried["outcome"], tried["company"]["id"]),
                             (real["assessment"]["score"], real["assessment"]["light"], real["outcome"], real["company"]["id"]))

    def test_each_lead_is_recorded_as_one_before_the_answer(self):
        answer = self.post({"leads": [SCHMIDT, ALPHA]})
        records = {record["id"]: record for record in self.site.state.records()}
        for lead in answer.json["leads"]:
            self.assertIs(records[lead["decision_id"]]["lead"], True)
        self.site.state.verify()

    def test_a_checkout_record_is_not_marked(self):
        decision = self.site.checkout().json["decision_id"]
        record = next(record for record in self.site.state.records() if record["id"] == decision)
        self.assertNotIn("lead", record)

    def test_bad_entries_are_told_and_the_rest_goes_on(self):
        answer = self.post({"leads": [SCHMIDT, {"company": {"name": "A"}}, 7, {"company": {"name": "B", "country": "DE",
                                      "vat_id": "DE123"}, "expected_amount": 0}, {"company": {"country": "DE"}}, ALPHA,
                                      {"company": {"name": "C", "country": "DE", "vat_id": "DE1"}}]})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual([lead["index"] for lead in answer.json["leads"]], [0, 5])
        refused = {entry["index"]: [error["pointer"] for error in entry["errors"]] for entry in answer.json["refused"]}
        self.assertEqual(refused, {1: ["/company/country"], 2: [""], 3: ["/expected_amount"], 4: ["/company/name"],
                                   6: ["/company/vat_id"]})
        self.assertEqual(answer.json["leads"][1]["company"]["customer_ref"], "L-7")
        self.assertEqual(answer.json["leads"][1]["payment_hint"], "prepayment")

    def test_only_bad_entries_record_nothing(self):
        before = len(self.site.state.records())
        answer = self.post({"leads": [{"company": {}}, {}]})
        self.assertEqual((answer.status, answer.json["counts"]), (200, {"judged": 0, "refused": 2}), answer)
        self.assertEqual(len(self.site.state.records()), before)

    def test_what_cannot_be_read_as_a_whole_is_a_problem(self):
        for body, status, code, pointer in (
                ("{", 400, "invalid_json", None), ("[]", 422, "invalid_request", None),
                ({"leads": []}, 422, "invalid_request", "/leads"), ({"leads": {}}, 422, "invalid_request", "/leads"),
                ({"leads": [SCHMIDT] * 26}, 422, "invalid_request", "/leads"),
                ({"leads": [SCHMIDT], "more": 1}, 422, "invalid_request", ""),
                ({"company": {"name": "A", "country": "XX"}}, 422, "invalid_request", "/company/country")):
            self.assertProblem(self.post(body), status, code, *([pointer] if pointer is not None else []))
        self.assertProblem(self.post("x", kind="text/plain"), 415, "unsupported_media_type")

    def test_the_longest_list_is_answered(self):
        entry = {"company": {"name": "Ab" + "\"" * 400, "country": "DE", "customer_ref": "\"" * 64}}
        answer = self.post({"leads": [entry] * 25})
        self.assertEqual((answer.status, len(answer.json["leads"])), (200, 25), answer)

    def test_a_form_does_the_same(self):
        form = urllib.parse.urlencode({"name": "Schmidt Industrie GmbH", "postal_code": "40213", "country": "DE",
                                       "amount": "1.250,00"})
        answer = self.post(form, kind="application/x-www-form-urlencoded")
        self.assertEqual(answer.json["leads"][0]["priority"], "high", answer)
        record = self.site.state.records()[-1]
        self.assertEqual(record["order"]["amount"], 125000)
        for text in ("name=A&country=DE&amount=x", "country=DE", "name=%ff&country=DE", "name=A&country=DE&x=1"):
            self.assertProblem(self.post(text, kind="application/x-www-form-urlencoded"), 422, "invalid_request")

    def test_the_same_key_and_list_is_answered_once(self):
        body = {"leads": [BERGER, {"company": {}}, SCHMIDT, {"company": {}}]}
        first = self.post(body, **{"Idempotency-Key": "list-1"})
        count = len(self.site.state.records())
        again = self.post(body, **{"Idempotency-Key": "list-1"})
        self.assertEqual(first.json, again.json)
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.assertEqual(len(self.site.state.records()), count)
        self.assertProblem(self.post(SCHMIDT, **{"Idempotency-Key": "list-1"}), 422, "idempotency_key_reused")

    def test_a_list_cut_off_half_way_is_not_judged_again(self):
        """The process is killed as soon as the first records of the list are there; the caller sends it again."""
        def cut(number):
            body = {"leads": [{"company": {"name": f"Liste {number} Firma {i} GmbH", "country": "DE",
                                           "customer_ref": f"{number}-{i}"}} for i in range(25)]}

            def send():
                try:
                    return self.post(body, **{"Idempotency-Key": f"cut-{number}" + "k" * 240})
                except (OSError, http.client.HTTPException):
                    return None

            def recorded():
                with contextlib.closing(sqlite3.connect(f"file:{self.site.state.folder}/store.db?mode=ro", uri=True)) as store:
                    return store.execute("SELECT count(*) FROM decision").fetchone()[0]
            before = recorded()
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                first = pool.submit(send)
                harness.until(lambda: recorded() > before or first.done(), "the list is under way")
                self.lead.stop(signal.SIGKILL)
                self.lead.start()
                half = recorded() - before
            answer = send()
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual([lead["index"] for lead in answer.json["leads"]], list(range(25)))
            self.assertEqual(answer.json["counts"], {"judged": 25, "refused": 0})
            records = [record for record in self.site.state.records()
                       if (record["asked"].get("customer_ref") or "").startswith(f"{number}-")]
            self.assertEqual([record["asked"]["customer_ref"] for record in records], [f"{number}-{i}" for i in range(25)])
            self.assertEqual([record["id"] for record in records], [lead["decision_id"] for lead in answer.json["leads"]])
            other = {"leads": list(reversed(body["leads"]))}
            self.assertProblem(self.post(other, **{"Idempotency-Key": f"cut-{number}" + "k" * 240}), 422, "idempotency_key_reused")
            return 0 < half < 25
        # Now and then the list is through before the kill: that shows nothing.
        self.assertTrue(any(cut(number) for number in range(20)))

    def test_only_keys_with_the_right_may_ask(self):
        self.assertProblem(self.post(SCHMIDT, key="reader"), 403, "forbidden")
        answer = self.site.request("POST", LEADS, "{}", {"Content-Type": "application/json"})
        self.assertProblem(answer, 401, "unauthorized")
        self.assertProblem(self.site.request("GET", LEADS), 405, "method_not_allowed")


class PlainFormTest(harness.SiteTest):
    """The lead page's form as a browser without JavaScript sends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.site.start_handler(cls.case, cls.site.state, "lead")

    def post(self, path="/lead/result?lang=en", key="lead", origin="http://shop.example", body=None, **fields):
        form = {"key": self.site.state.key(key) if key in ("lead", "reader") else key, "name": "Schmidt Industrie GmbH",
                "postal_code": "40213", "country": "DE", **fields}
        headers = {"Host": "shop.example", "Content-Type": "application/x-www-form-urlencoded"}
        if origin:
            headers["Origin"] = origin
        return self.site.request("POST", path, body or urllib.parse.urlencode(form), headers)

    def test_a_company_is_judged_and_recorded(self):
        answer = self.post(customer_ref="P-1", amount="1.250,00")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/html; charset=utf-8"), answer)
        page = answer.body.decode()
        for text in ("data-shape=\"green\"", "High", "€25,000.00", "Score 91 of 100", 'value="P-1"'):
            self.assertIn(text, page)
        self.assertNotIn(self.site.state.key("lead"), page)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn("form-action 'self'", answer.headers["Content-Security-Policy"])
        record = self.site.state.records()[-1]
        self.assertEqual((record["asked"]["customer_ref"], record["order"]["amount"], record["lead"]), ("P-1", 125000, True))

    def once_of(self, answer):
        """What the page's next form sends along; another one each time."""
        return re.search(r'<input type="hidden" name="once" value=[\'"](\w{32})[\'"]>', answer.body.decode()).group(1)

    def test_the_page_loaded_again_shows_the_same_and_records_nothing(self):
        first = self.once_of(self.site.request("GET", "/lead/?lang=de"))
        self.assertNotEqual(first, self.once_of(self.site.request("GET", "/lead/?lang=de")))
        answer = self.post(once=first, customer_ref="R-1")
        self.assertEqual(answer.status, 200, answer)
        count = len(self.site.state.records())
        again = self.post(once=first, customer_ref="R-1")
        self.assertEqual((again.status, again.body, again.headers["Content-Type"]), (200, answer.body, answer.headers["Content-Type"]))
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.assertIn("form-action 'self'", again.headers["Content-Security-Policy"])
        self.assertEqual(len(self.site.state.records()), count)
        # Back to the form and another company, or the same one from the page that answered: those are new questions.
        for fields in ({"once": first, "customer_ref": "R-2"}, {"once": self.once_of(answer), "customer_ref": "R-1"}):
            self.assertEqual(self.post(**fields).status, 200)
            count += 1
            self.assertEqual(len(self.site.state.records()), count)

    def test_a_form_sent_twice_at_once_is_recorded_once(self):
        """The answer to the second is the first's page, or the word to load it again in a moment."""
        def twice(number):
            count = len(self.site.state.records())
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(lambda _: self.post(once=f"{number:032x}"), range(4)))
            self.assertEqual(len(self.site.state.records()), count + 1)
            early = [answer for answer in answers if answer.status == 409]
            for answer in early:
                self.assertIn("Please load the page again in a moment.", answer.body.decode())
            self.assertEqual(len({answer.body for answer in answers if answer not in early}), 1)
            return early
        # Now and then they come one after the other: that shows nothing.
        self.assertTrue(any(twice(number) for number in range(50)))

    def test_a_form_without_a_sound_mark_of_its_page_is_judged_each_time(self):
        count = len(self.site.state.records())
        for once in ("", "x" * 32, "0" * 31, '<!--# echo var="request_id" -->'):
            for _ in range(2):
                answer = self.post(once=once)
                self.assertNotEqual(self.once_of(answer), once)
                count += 1
                self.assertEqual(len(self.site.state.records()), count, answer)
        self.assertEqual(self.post(once="0" * 200).status, 422)

    def test_without_a_good_key_nothing_is_decided(self):
        before = len(self.site.state.records())
        for key, status, says in (("", 401, "missing or not valid"), ("bg_test_nonsense", 401, "missing or not valid"),
                                  ("x" * 250, 401, "missing or not valid"), ("reader", 403, "does not have the right")):
            answer = self.post(key=key)
            self.assertEqual(answer.status, status, answer)
            self.assertIn(says, answer.body.decode())
        self.assertEqual(len(self.site.state.records()), before)

    def test_a_form_on_somebody_else_s_page_is_refused(self):
        before = len(self.site.state.records())
        for origin in ("http://evil.example", "null", "http://shop.example.evil", "http://shop.example:81", None):
            self.assertProblem(self.post(origin=origin), 403, "origin_refused")
        self.assertEqual(len(self.site.state.records()), before)

    def test_what_cannot_be_read_is_told_in_the_page(self):
        for fields, says in (({"vat_id": "DE1<b>"}, "DE1&lt;b&gt;"), ({"amount": "viel"}, "Expected first order"),
                             ({"country": ""}, "Country"), ({"name": ""}, "Company name")):
            answer = self.post(**fields)
            self.assertEqual(answer.status, 422, answer)
            self.assertIn("These entries cannot be used", answer.body.decode())
            self.assertIn(says, answer.body.decode())
        self.assertEqual(self.post(body="name=%ff&country=DE&more=1").status, 401)
        answer = self.site.request("GET", "/lead/result?lang=en")
        self.assertEqual(answer.status, 303)
        self.assertTrue(answer.headers["Location"].endswith("/lead/?lang=en"), answer.headers["Location"])
        answer = self.site.request("POST", "/lead/result", "{}", {"Host": "shop.example", "Origin": "http://shop.example",
                                                                   "Content-Type": "application/json"})
        self.assertProblem(answer, 415, "unsupported_media_type")
