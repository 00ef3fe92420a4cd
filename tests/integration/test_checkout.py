# SPDX-License-Identifier: MIT
"""A shop's calls through nginx: decisions, keys, replays, records, tokens, languages."""

import base64
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile
import uuid

import harness
from harness import CHECKOUT, bonigate, until


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class CheckoutTest(harness.SiteTest):
    def test_a_known_company_is_decided_and_recorded_before_the_answer(self):
        answer = self.site.checkout(amount=125000)
        self.assertEqual(answer.status, 200, answer)
        decision = answer.json
        self.assertEqual(decision["outcome"], "approve")
        self.assertEqual(decision["recommended_method"], "invoice")
        self.assertIs(decision["livemode"], False)
        self.assertEqual(decision["company"]["match"]["kind"], "exact")
        self.assertEqual(decision["assessment"]["light"], "green")
        self.assertEqual(decision["assessment"]["score"], 91)
        self.assertEqual(decision["credit_limit"]["total"], 5000000)
        self.assertEqual(decision["freshness"], "fresh")
        self.assertIn(decision["decision_id"], [record["id"] for record in self.site.state.records()])
        self.assertIn("chain unbroken", self.site.state.verify())

    def test_every_answer_names_its_request_its_time_and_is_not_cached(self):
        for method, path, key in (("POST", CHECKOUT, "test"), ("GET", "/healthz", None), ("GET", "/nope", None),
                                  ("GET", "/v1/nope", None), ("DELETE", "/healthz", None), ("POST", CHECKOUT, None)):
            answer = self.site.request(method, path, "{}" if method == "POST" else None,
                                       self.site.authorized() if key else {"Content-Type": "application/json"})
            self.assertRegex(answer.headers["X-Request-Id"], r"^[A-Za-z0-9._-]{1,64}$")
            self.assertEqual(answer.headers.get_all("X-Request-Id"), [answer.headers["X-Request-Id"]])
            self.assertEqual(answer.headers.get_all("Cache-Control"), ["no-store"], answer)
            if path != "/nope":
                self.assertRegex(answer.headers["Server-Timing"], r"^total;dur=\d+\.\d{3}")

    def test_a_sane_request_id_is_taken_over_and_another_is_replaced(self):
        self.assertEqual(self.site.checkout(headers={"X-Request-Id": "shop-1.a_B"}).headers["X-Request-Id"], "shop-1.a_B")
        for bad in ("a b", "x" * 65, "a\"b", "<script>", "é"):
            answer = self.site.checkout(headers={"X-Request-Id": bad.encode("utf-8")})
            self.assertRegex(answer.headers["X-Request-Id"], r"^[0-9a-f]{32}$", bad)

    def test_texts_come_in_german_and_english(self):
        german = self.site.checkout(headers={"Accept-Language": "de-DE"}).json
        english = self.site.checkout(headers={"Accept-Language": "en-GB,en;q=0.9"}).json
        self.assertNotEqual(german["recommendation"]["text"], english["recommendation"]["text"])
        self.assertEqual(german["recommendation"]["code"], english["recommendation"]["code"])
        problem = self.site.request("GET", "/v1/nope", headers={"Accept-Language": "en"})
        self.assertEqual(problem.json["title"], "Not found")
        self.assertEqual(problem.headers["Content-Language"], "en")
        self.assertEqual(self.site.request("GET", "/v1/nope").json["title"], "Nicht gefunden")

    def test_a_second_call_is_answered_from_the_cache(self):
        company = {"name": "Konstruktiv AG", "postal_code": "80331", "country": "DE"}
        self.site.checkout(company)

        def warm():
            answer = self.site.checkout(company)
            return "cache;desc=hit" in answer.headers["Server-Timing"] and answer
        self.assertEqual(until(warm, "a cache hit").json["outcome"], "approve")


class ModeTest(harness.SiteTest):
    def test_test_and_live_see_different_registers(self):
        live = self.site.checkout(key="live")
        self.assertEqual(live.status, 200, live)
        self.assertIs(live.json["livemode"], True)
        self.assertEqual(live.json["company"]["match"]["kind"], "none")
        self.assertEqual(live.json["freshness"], "fallback", "no register was imported: the outage rules decide")

    def test_a_record_is_read_by_its_own_tenant_and_mode_only(self):
        decision = self.site.checkout().json["decision_id"]
        path = f"/v1/decisions/{decision}"
        own = self.site.request("GET", path, headers=self.site.authorized())
        self.assertEqual(own.status, 200, own)
        self.assertEqual(own.json["id"], decision)
        self.assertEqual(own.json, [record for record in self.site.state.records() if record["id"] == decision][0])
        for key in ("other", "live"):
            self.assertProblem(self.site.request("GET", path, headers=self.site.authorized(key)), 404, "not_found")

    def test_a_decision_that_does_not_exist_is_not_found(self):
        for name in ("dec_00000000000000000000000000", "x", "dec_" + "0" * 300, "%41", "..%2f"):
            answer = self.site.request("GET", f"/v1/decisions/{name}", headers=self.site.authorized())
            self.assertProblem(answer, 404, "not_found")


class KeyTest(harness.SiteTest):
    def test_every_unusable_key_looks_the_same(self):
        good = self.site.state.key()
        swapped = good.replace("bg_test_", "bg_live_")
        cases = [None, "", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", f"Basic {good}", f"Bearer {good}x",
                 f"Bearer {good[:-1]}", f"Bearer {swapped}", f"Bearer {good.upper()}", "Bearer bg_test_",
                 "Bearer bg_live_" + "A" * 32, "Bearer bg_test_" + "A" * 900, good, f"{good} Bearer",
                 f"Bearer {good}, Bearer {good}"]
        seen = set()
        for case in cases:
            headers = {"Content-Type": "application/json", "X-Request-Id": "same"}
            if case is not None:
                headers["Authorization"] = case
            answer = self.site.request("POST", CHECKOUT, "{}", headers)
            self.assertProblem(answer, 401, "unauthorized")
            stable = {name: value for name, value in answer.headers.items() if name not in ("Date", "Server-Timing")}
            seen.add((answer.body, json.dumps(stable)))
        self.assertEqual(len(seen), 1, seen)
        self.assertIn("Bearer", json.loads(seen.pop()[1])["WWW-Authenticate"])

    def test_the_scheme_is_read_without_case(self):
        answer = self.site.checkout(headers={"Authorization": f"bearer {self.site.state.key()}"})
        self.assertEqual(answer.status, 200, answer)

    def test_a_key_without_the_right_is_forbidden(self):
        self.assertProblem(self.site.checkout(key="reader"), 403, "forbidden")

    def test_a_new_key_works_and_a_revoked_one_stops_while_serving(self):
        state = self.site.state.folder
        text = bonigate("key", "add", "demo", "--mode", "test", "--state", state)
        key = re.search(r"bg_test_\w+", text)[0]
        call = {"Authorization": f"Bearer {key}"}
        until(lambda: self.site.checkout(headers=call).status == 200, "the new key works")
        self.assertEqual(self.site.checkout(headers=call).status, 200)
        own = hashlib.sha256(key.encode()).hexdigest()[:8]
        self.assertIn(own, bonigate("key", "list", "--state", state))
        bonigate("key", "revoke", own, "--state", state)
        until(lambda: self.site.checkout(headers=call).status == 401, "the revoked key is refused")
        self.assertEqual(self.site.checkout().status, 200, "others go on")


class IdempotencyTest(harness.SiteTest):
    def call(self, key, amount=10000, **more):
        return self.site.checkout(amount=amount, headers={"Idempotency-Key": key}, **more)

    def test_the_same_key_and_body_replay_the_stored_answer(self):
        key = str(uuid.uuid4())
        first = self.call(key)
        again = self.call(key)
        quoted = self.call(f'"{key}"')
        self.assertEqual(first.status, 200, first)
        self.assertIsNone(first.headers["Idempotent-Replayed"])
        for replay in (again, quoted):
            self.assertEqual(replay.body, first.body)
            self.assertEqual(replay.headers["Idempotent-Replayed"], "true")
        decisions = [record["id"] for record in self.site.state.records()]
        self.assertEqual(decisions.count(first.json["decision_id"]), 1)

    def test_another_body_under_the_same_key_is_refused(self):
        key = str(uuid.uuid4())
        self.assertEqual(self.call(key).status, 200)
        self.assertProblem(self.call(key, amount=10001), 422, "idempotency_key_reused")

    def test_keys_belong_to_a_tenant_and_a_mode(self):
        key = str(uuid.uuid4())
        answers = [self.site.checkout(key=whose, headers={"Idempotency-Key": key}) for whose in ("test", "other", "live")]
        self.assertEqual([answer.status for answer in answers], [200] * 3, answers)
        self.assertEqual(len({answer.json["decision_id"] for answer in answers}), 3)

    def test_malformed_keys_are_refused(self):
        for bad in ("", '"', '""', '"a', "a b", "a,b", '"a";x', "x" * 256, '"' + "x" * 256 + '"', "ä".encode()):
            with self.subTest(bad):
                self.assertProblem(self.call(bad), 400, "idempotency_key_invalid")
        self.assertEqual(self.call("x" * 255).status, 200)

    def test_a_refused_request_leaves_the_key_free(self):
        key = str(uuid.uuid4())
        self.assertProblem(self.call(key, amount=-1), 422, "invalid_request", "/order/amount")
        self.assertEqual(self.call(key).status, 200)

    def test_parallel_calls_with_one_key_decide_once(self):
        for _ in range(5):
            key = str(uuid.uuid4())
            before = len(self.site.state.records())
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: self.call(key), range(8)))
            for answer in answers:
                if answer.status != 200:
                    self.assertProblem(answer, 409, "idempotency_key_in_use")
            decided = {answer.json["decision_id"] for answer in answers if answer.status == 200}
            self.assertEqual(len(decided), 1, answers)
            self.assertEqual(len(self.site.state.records()), before + 1)


class TokenTest(harness.SiteTest):
    def test_the_published_key_checks_the_token(self):
        decision = self.site.checkout(amount=4200).json
        header, payload, signature = decision["token"].split(".")
        claims = json.loads(unbase64(payload))
        self.assertEqual(json.loads(unbase64(header))["alg"], "EdDSA")
        self.assertEqual((claims["jti"], claims["amount"], claims["currency"]), (decision["decision_id"], 4200, "EUR"))
        jwk, = self.site.request("GET", "/.well-known/jwks.json").json["keys"]
        self.assertEqual((jwk["kty"], jwk["crv"], jwk["alg"], jwk["use"]), ("OKP", "Ed25519", "EdDSA", "sig"))
        self.assertTrue(self.verifies(jwk["x"], f"{header}.{payload}", signature))
        forged = payload[:-2] + ("AA" if payload[-2:] != "AA" else "BB")
        self.assertFalse(self.verifies(jwk["x"], f"{header}.{forged}", signature))

    def verifies(self, key, message, signature):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            # SubjectPublicKeyInfo of Ed25519 (RFC 8410)
            (folder / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + unbase64(key))
            (folder / "message").write_text(message, encoding="ascii")
            (folder / "signature").write_bytes(unbase64(signature))
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key",
                                   "-rawin", "-in", folder / "message", "-sigfile", folder / "signature"],
                                  capture_output=True, check=False)
            return done.returncode == 0
