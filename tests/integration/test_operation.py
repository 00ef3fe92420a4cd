# SPDX-License-Identifier: MIT
"""What an operator sees: health, metrics, log, options, and the described API."""

import csv
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

import harness
from harness import BUILD, CHECKOUT, ROOT, SCHMIDT, Handler, State, until


class HealthTest(unittest.TestCase):
    def test_health_tells_what_works(self):
        site = harness.Site(self)
        answer = site.request("GET", "/healthz")
        self.assertEqual((answer.status, answer.json["status"]), (200, "ok"))
        self.assertEqual(answer.json["checks"], {"store": True, "register_test": True, "register_live": False})

    def test_without_any_register_it_is_degraded_and_recovers(self):
        site = harness.Site(self)
        register = site.state.folder / "register-test.db"
        aside = site.folder / "aside.db"
        register.rename(aside)
        answer = until(lambda: (answer := site.request("GET", "/healthz")).status == 503 and answer, "degraded")
        self.assertEqual(answer.json["status"], "degraded")
        decision = site.checkout().json
        self.assertEqual((decision["freshness"], decision["assessment"]["score"]), ("fallback", None))
        aside.rename(register)
        until(lambda: site.request("GET", "/healthz").status == 200, "it recovers by itself")
        until(lambda: site.checkout().json["freshness"] == "fresh", "and decides on the register again")


class MetricsTest(harness.SiteTest):
    def test_requests_are_counted_by_what_came_of_them(self):
        before = self.site.metrics()
        for _ in range(3):
            self.site.checkout()
        self.site.request("POST", CHECKOUT, "{}", {})
        self.site.request("GET", "/v1/nope")
        after = self.site.metrics()

        def grown(name):
            return after.get(name, 0) - before.get(name, 0)
        self.assertEqual(grown('bonigate_requests_total{route="checkout",status="200",outcome="approve"}'), 3)
        self.assertEqual(grown('bonigate_requests_total{route="checkout",status="401",outcome="none"}'), 1)
        self.assertEqual(grown('bonigate_requests_total{route="-",status="404",outcome="none"}'), 1)
        self.assertEqual(grown('bonigate_request_duration_seconds_count{route="checkout"}'), 4)
        self.assertEqual(grown("bonigate_store_decisions_total"), 3)
        self.assertGreaterEqual(grown("bonigate_store_commit_seconds_count"), 1)
        self.assertGreater(grown("bonigate_store_commit_seconds_sum"), 0)
        lookups = sum(grown(f'bonigate_cache_lookups_total{{result="{result}"}}') for result in ("hit", "stale", "miss"))
        self.assertEqual(lookups, 3, "the company; no panel is concerned, so nothing else")

    def test_a_histogram_only_rises(self):
        self.site.checkout()
        buckets = [value for name, value in self.site.metrics().items()
                   if name.startswith('bonigate_request_duration_seconds_bucket{route="checkout"')]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual(buckets[-1], self.site.metrics()['bonigate_request_duration_seconds_count{route="checkout"}'])

    def test_no_company_and_no_tenant_is_a_label(self):
        self.site.checkout()
        text = self.site.request("GET", "/metrics").body.decode()
        for word in ("Schmidt", "DE136695976", "demo", "bg_test"):
            self.assertNotIn(word, text)

    def test_the_format_is_the_text_format(self):
        self.site.checkout()
        answer = self.site.request("GET", "/metrics")
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        harness.check_metrics(self, answer.body)


class LogTest(harness.SiteTest):
    def test_one_line_per_request_without_personal_data(self):
        secrets = ("Schmidt", "DE136695976", "Düsseldorf", "192.0.2.7", "cart-secret", self.site.state.key(), "nope-path")
        self.site.checkout(headers={"X-Request-Id": "log-1", "X-Forwarded-For": "192.0.2.7"},
                           order={"ref": "cart-secret", "amount": 1, "currency": "EUR"})
        self.site.request("GET", "/v1/nope-path?name=Schmidt", headers={"X-Request-Id": "log-2"})
        self.site.request("POST", CHECKOUT, "{}", {"X-Request-Id": "log-3", "Authorization": "Bearer bg_test_wrong"})
        first, second, third = (self.site.handler.logged(name) for name in ("log-1", "log-2", "log-3"))
        self.assertEqual((first["method"], first["route"], first["status"], first["tenant"], first["livemode"]),
                         ("POST", "checkout", 200, "demo", False))
        self.assertIn(first["outcome"], ("approve", "review", "decline"))
        self.assertIn(first["cache"], ("hit", "miss"))
        self.assertIsInstance(first["duration_us"], int)
        self.assertRegex(first["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((second["route"], second["status"]), ("-", 404))
        self.assertEqual((third["route"], third["status"]), ("checkout", 401))
        self.assertNotIn("tenant", third)
        text = self.site.handler.log.read_text(encoding="utf-8")
        for secret in secrets:
            self.assertNotIn(secret, text)

    def test_control_bytes_never_reach_the_log(self):
        client = harness.FastCgi(self.site.handler.socket)
        self.addCleanup(client.close)
        client.send(harness.FastCgi.call("GET\n{}", "/healthz\n{\"forged\":1}", HTTP_X_REQUEST_ID="a\nb\x1b[31m"))
        client.receive()
        self.site.request("GET", "/healthz", headers={"X-Request-Id": "log-4"})
        self.site.handler.logged("log-4")
        text = self.site.handler.log.read_bytes()
        self.assertNotIn(b"\x1b", text)
        self.assertNotIn(b"forged", text)


class LogTargetTest(unittest.TestCase):
    def test_a_log_that_nobody_reads_does_not_hold_up_answers(self):
        """A full pipe as standard error."""
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name)
        handler = Handler(State.create(path / "state"), path, "--threads", 1)
        handler.log = path / "pipe"
        os.mkfifo(handler.log)
        reading = os.open(handler.log, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(lambda: os.close(reading))
        handler.start()
        client = harness.FastCgi(handler.socket)
        self.addCleanup(client.close)
        for _ in range(2000):
            client.send(harness.FastCgi.call("GET", "/healthz"))
            self.assertIn("Status: 200", client.receive()[0])
        client.send(harness.FastCgi.call("GET", "/metrics"))
        dropped = re.search(rb"^bonigate_log_dropped_total (\d+)$", client.receive()[1], re.MULTILINE)
        self.assertGreater(int(dropped[1]), 0)
        self.assertEqual(handler.stop(), 0)

    def test_a_log_file_is_appended_to_and_opened_anew_by_sighup(self):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name)
        log = path / "own.log"
        log.write_text("before\n", encoding="ascii")
        handler = Handler(State.create(path / "state"), path, "--log", log)
        self.addCleanup(lambda: handler.stop(signal.SIGKILL))
        handler.start()
        until(lambda: "serving" in log.read_text(), "the first line")
        self.assertTrue(log.read_text().startswith("before\n"))
        log.rename(path / "rotated.log")
        handler.send(signal.SIGHUP)
        until(log.exists, "the new file")
        until(lambda: "model loaded" in log.read_text(), "lines in the new file")


class OptionTest(unittest.TestCase):
    def run_program(self, *arguments, **environment):
        return subprocess.run([BUILD / "bonigate-checkout", *arguments], env={"PATH": "/usr/bin", **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def test_help_and_version(self):
        done = self.run_program("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in ("--listen", "--state", "--threads", "--budget-ms", "BONIGATE_"):
            self.assertIn(option, done.stdout)
        done = self.run_program("--version")
        self.assertRegex(done.stdout, r"^bonigate-checkout \d+\.\d+\.\d+\n$")

    def test_what_is_wrong_is_said(self):
        cases = [(("--nonsense",), {}, 2, "--nonsense"), (("--threads",), {}, 2, "needs a value"),
                 (("--threads", "0"), {}, 2, "from 1 to 256"), (("--threads=many",), {}, 2, "many"),
                 (("-t",), {}, 2, "-t"), (("state",), {}, 2, "state"), ((), {}, 2, "no state folder"),
                 (("--state", "/x", "--listen", "tcp:1"), {}, 2, "unix:PATH"),
                 (("--state", "/x", "--socket-mode", "0999"), {}, 2, "octal"),
                 (("--state", "/x"), {"BONIGATE_BUDGET_MS": "fast"}, 2, "BONIGATE_BUDGET_MS"),
                 (("--state", "/nonexistent"), {}, 1, "/nonexistent"),
                 ((), {"BONIGATE_STATE": "/nonexistent"}, 1, "/nonexistent")]
        for arguments, environment, code, word in cases:
            with self.subTest(arguments=arguments, environment=environment):
                done = self.run_program(*arguments, **environment)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(word, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_a_broken_model_is_refused_at_the_start(self):
        with tempfile.TemporaryDirectory() as name:
            model = pathlib.Path(name) / "model.json"
            model.write_text('{"format": "bonigate-model/1"}', encoding="ascii")
            state = State.create(pathlib.Path(name) / "state")
            done = self.run_program("--state", state.folder, "--model", model, "--listen", f"unix:{name}/s")
            self.assertEqual(done.returncode, 1)
            self.assertIn("model", done.stderr)
            self.assertFalse((pathlib.Path(name) / "s").exists())


@unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")
class DescriptionTest(harness.SiteTest):
    """Answers are what nginx/html/openapi.json says they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = json.loads((ROOT / "nginx/html/openapi.json").read_text(encoding="utf-8"))

    def resolve(self, node):
        while "$ref" in node:
            target = self.api
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def assertDescribed(self, answer, method, path):
        described = self.resolve(self.api["paths"][path][method.lower()]["responses"][str(answer.status)])
        media = answer.headers.get_content_type()
        self.assertIn(media, described["content"], answer)
        schema = {**self.resolve(described["content"][media]["schema"]), "components": self.api["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json)
        for name, header in described.get("headers", {}).items():
            if answer.headers[name] is not None and self.resolve(header)["schema"].get("type") == "integer":
                self.assertRegex(answer.headers[name], r"^\d+$")

    def test_every_decision_is_as_described(self):
        companies = [SCHMIDT, {"name": "Niemand GmbH", "country": "DE", "postal_code": "99999"}]
        with open(ROOT / "src/data/demo/companies.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                companies.append({"name": row["name"], "country": row["country"], "postal_code": row["postal_code"],
                                  **({"vat_id": row["vat_id"]} if row["vat_id"] else {})})
        for company in companies:
            for amount in (10000, 99999999):
                with self.subTest(company=company["name"], amount=amount):
                    answer = self.site.checkout(company, amount)
                    self.assertEqual(answer.status, 200, answer)
                    self.assertDescribed(answer, "post", CHECKOUT)
        path = f"/v1/decisions/{answer.json['decision_id']}"
        record = self.site.request("GET", path, headers=self.site.authorized())
        self.assertDescribed(record, "get", "/v1/decisions/{decision_id}")

    def test_a_prefetch_is_as_described(self):
        path = "/v1/checkout/prefetch"
        for body in (json.dumps({"company": SCHMIDT}), "{", "{}"):
            self.assertDescribed(self.site.request("POST", path, body, self.site.authorized()), "post", path)

    def test_every_problem_is_as_described(self):
        for body, headers in (("{", {}), ("{}", {}), (" " * 70000, {}), ("{}", {"Authorization": "x"}),
                              ("{}", {"Content-Type": "text/plain"}), ("{}", {"Idempotency-Key": '"'}),
                              ("{}", self.site.authorized("reader"))):
            answer = self.site.request("POST", CHECKOUT, body, {**self.site.authorized(), **headers})
            self.assertDescribed(answer, "post", CHECKOUT)
        self.assertDescribed(self.site.request("GET", "/v1/decisions/x", headers=self.site.authorized()), "get",
                             "/v1/decisions/{decision_id}")

    def test_the_examples_of_problems_are_answers(self):
        cases = {"BadRequest": ("POST", CHECKOUT, "{", {}),
                 "Unauthorized": ("POST", CHECKOUT, "{}", {"Authorization": "x"}),
                 "Forbidden": ("POST", CHECKOUT, "{}", self.site.authorized("reader")),
                 "NotFound": ("GET", "/v1/decisions/x", None, {}),
                 "MethodNotAllowed": ("GET", CHECKOUT, None, {}),
                 "TooLarge": ("POST", CHECKOUT, " " * 70000, {}),
                 "UnsupportedMediaType": ("POST", CHECKOUT, "{}", {"Content-Type": "text/plain"}),
                 "Invalid": ("POST", CHECKOUT, '{"company": {}}', {})}
        for name, (method, path, body, headers) in cases.items():
            with self.subTest(name):
                answer = self.site.request(method, path, body, {**self.site.authorized(), "Accept-Language": "en", **headers})
                example = self.api["components"]["responses"][name]["content"]["application/problem+json"]["example"]
                self.assertEqual({**answer.json, "request_id": ""}, {**example, "request_id": ""})

    def test_the_rest_is_as_described(self):
        for path in ("/healthz", "/.well-known/jwks.json"):
            self.assertDescribed(self.site.request("GET", path), "get", path)
