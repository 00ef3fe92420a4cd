# SPDX-License-Identifier: MIT
"""bonigate provider: configurations by file, credentials that show nowhere, one question with each field."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import harness
import provider_site
from provider_site import simulator

SCHMIDT = ("--name", "Schmidt Industrie GmbH", "--postal-code", "40213", "--city", "Düsseldorf", "--vat-id", "DE136695976",
           "--lei", "529900T8BM49AURSDO55", "--court", "Düsseldorf", "--register", "HRB 12345")
SECRET = "s3cr3t-of-the-test"


class ProviderTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.port = cls.enterClassContext(simulator())
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="bonigate-")))
        (cls.folder / "providers").mkdir()

    def write(self, name, **members):
        members = {"format": "bonigate-provider/1", "id": name, "private_network": True, **members}
        path = self.folder / f"providers/{name}.json"
        path.write_text(json.dumps(members), encoding="utf-8")
        self.addCleanup(path.unlink, missing_ok=True)
        return path

    def bureau(self, fault="ok", **members):
        """The example mapping, pointed at the simulator."""
        text = (harness.ROOT / "tests/providers/bureau/mapping.json").read_text(encoding="utf-8")
        return self.write("bureau", **{**json.loads(text), "id": "bureau", "tries": 1, "url": self.url(fault, "bureau"),
                                       **members})

    def url(self, fault, provider):
        return f"http://127.0.0.1:{self.port}/{fault}/{provider}"

    def run_tool(self, *words, environment=None):
        done = subprocess.run([harness.BUILD / "bonigate", "provider", *map(str, words)], capture_output=True, text=True,
                              env={**os.environ, "BONIGATE_STATE": str(self.folder), "EXAMPLEBUREAU_KEY": SECRET,
                                   **(environment or {})}, check=False)
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        return done

    def ask(self, name, *words, company=SCHMIDT, code=0, **more):
        done = self.run_tool("test", name, *words, *company, **more)
        self.assertEqual(done.returncode, code, done)
        return done.stdout

    def assertField(self, out, name, *parts):
        lines = [line for line in out.splitlines() if line.split()[:1] == [name]]
        self.assertEqual(len(lines), 1, out)
        for part in parts:
            self.assertIn(part, lines[0])

    def test_shows_every_mapped_field_and_why_one_is_not_used(self):
        self.bureau()
        out = self.ask("bureau")
        self.assertIn("outcome    answer: answered", out)
        self.assertIn("company    same", out)
        self.assertIn("as of      2026-11-02", out)
        self.assertIn("reference  R-2026-1", out)
        self.assertField(out, "bureau_index", "/report/score/index", "= 187")
        self.assertField(out, "bureau_pd", "= 0.006500")
        self.assertField(out, "revenue", "= 12345600.00 EUR")
        self.assertField(out, "register_status", "in liquidation", "= liquidation")
        self.assertField(out, "founded", "= 1998-04-01")
        self.assertField(out, "bureau_limit", "Credit Limit not applicable", "(not used: is no number)")
        self.assertField(out, "insolvency_status", "(not used: is not there)")

    def test_asks_vies_and_gleif(self):
        self.write("vies", adapter="vies", url=self.url("ok", "vies"))
        out = self.ask("vies")
        self.assertField(out, "name", "Schmidt Industrie GmbH")
        self.assertField(out, "address", r"Hafenstr. 12\x0a40213")
        self.write("gleif", adapter="gleif", url=self.url("ok", "gleif"))
        self.assertField(self.ask("gleif"), "register_status", "ACTIVE", "= active")
        by_name = ("--name", "Schmidt Industrie GmbH", "--postal-code", "40213", "--court", "Düsseldorf", "--register", "HRB 12345")
        self.assertField(self.ask("gleif", company=by_name), "lei", "529900T8BM49AURSDO55")

    def creditreform(self, fault="ok", **members):
        key = {"env": "EXAMPLEBUREAU_KEY"}
        credentials = {name: key for name in ("useraccount", "generalpassword", "individualpassword")}
        self.write("creditreform", **provider_site.creditreform(self.url(fault, "creditreform"),
                                                                **{"tries": 1, "credentials": credentials, **members}))

    def test_keeps_the_report_that_comes_with_an_answer(self):
        original = (harness.ROOT / "tests/providers/creditreform/report.pdf").read_bytes()
        kept = self.folder / "report.pdf"
        self.addCleanup(kept.unlink, missing_ok=True)
        self.creditreform()
        out = self.ask("creditreform", "--save", kept)
        self.assertIn("outcome    answer: answered", out)
        self.assertIn("reference  40200001", out)
        self.assertIn(f"report     application/pdf ({len(original)} bytes)", out)
        self.assertField(out, "identification", "05190012345678")
        self.assertField(out, "bureau_pd", "probabilityofdefaultrange", "0,0 % - 0,8 %", "= 0.008000")
        self.assertEqual(kept.read_bytes(), original)
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        done = self.run_tool("test", "creditreform", "--save", kept, *SCHMIDT)
        self.assertEqual(done.returncode, 1)
        self.assertIn("File exists", done.stderr)
        self.assertEqual(done.stdout, "")
        kept.unlink()
        self.creditreform(product="PRTY-3")
        out = self.ask("creditreform")
        self.assertField(out, "bureau_index", "= 187")
        self.assertField(out, "bureau_scale", "= creditreform_2.0")
        self.assertField(out, "index_1_0", "239")
        self.assertField(out, "equity", "= 3960000.00 EUR")
        self.creditreform("bigfile")
        self.ask("creditreform", "--save", kept)
        self.assertEqual(kept.stat().st_size, len(original) + 3_000_001)
        kept.unlink()
        self.creditreform("bigfile", max_bytes=1_000_000)
        self.assertIn("unavailable: answered more than the maximum", self.ask("creditreform", code=1))
        for fault, outcome, code in (("soap-114", "no_data: has no report on the company", 1), ("cutfile", "answer: answered", 0),
                                     ("soap-900", "unavailable: does not take the credentials", 1)):
            with self.subTest(fault=fault):
                self.creditreform(fault)
                out = self.ask("creditreform", "--save", kept, code=code)
                self.assertIn(f"outcome    {outcome}\n", out)
                self.assertFalse(kept.exists())

    def test_asks_a_bureau_that_wants_a_login_and_has_a_scale(self):
        members = {"adapter": "creditsafe", "url": self.url("ok", "creditsafe"), "legitimate_interest": 1,
                   "credentials": {"username": {"env": "CS_USER"}, "password": {"env": "CS_PASSWORD"}}}
        who = {"CS_USER": "user", "CS_PASSWORD": SECRET}
        self.write("creditsafe", **members)
        self.assertField(self.ask("creditsafe", environment=who), "score", "58", "(not used: has no scale (member scale))")
        self.write("creditsafe", **members, scale=str(harness.ROOT / "src/data/bureaus/creditsafe-2026-11.json"))
        out = self.ask("creditsafe", environment=who)
        self.assertField(out, "score", "/report/creditScore/currentCreditRating/providerValue/value", "58", "= 0.011810")
        self.assertField(out, "equity", "/report/financialStatements/1/balanceSheet/totalShareholdersEquity", "= 2350000.00 EUR")
        self.assertIn("does not take the credentials", self.ask("creditsafe", code=1, environment={**who, "CS_USER": "nobody"}))
        self.write("creditsafe", **members, scale="no-such-table.json")
        self.assertEqual(self.run_tool("check", self.folder / "providers/creditsafe.json").returncode, 1)

    def test_fetches_a_token_from_another_service(self):
        self.write("schufa", adapter="schufa", url=self.url("ok", "schufa"), token_url=self.url("ok", "schufa") + "/token",
                   legitimate_interest="small-businesses",
                   credentials={"client_id": {"env": "SCHUFA_ID"}, "client_secret": {"env": "SCHUFA_SECRET"}})
        person = ("--name", "Hans Müller e.K.", "--street", "Hafenstraße 14", "--postal-code", "40213", "--city", "Düsseldorf")
        out = self.ask("schufa", company=person, environment={"SCHUFA_ID": "me", "SCHUFA_SECRET": SECRET})
        self.assertIn("company    likely", out)
        self.assertField(out, "collection_cases", "/contracts", "= 1")
        self.assertIn("needs a natural person", self.ask("schufa", code=1, environment={"SCHUFA_ID": "me", "SCHUFA_SECRET": SECRET}))

    def test_asks_registers_step_by_step(self):
        key = {"auth": {"header": "Authorization", "prefix": "Bearer ", "env": "EXAMPLEBUREAU_KEY"}}
        self.write("openregister", adapter="openregister", url=self.url("ok", "openregister"), **key)
        self.assertField(self.ask("openregister"), "total_assets", "/indicators/1/balance_sheet_total", "= 6650000.00 EUR")
        self.write("northdata", adapter="northdata", url=self.url("ok", "northdata"), **key)
        rheinwerk = ("--name", "Rheinwerk Handel GmbH", "--court", "Köln", "--register", "HRB 500")
        out = self.ask("northdata", company=rheinwerk)
        self.assertRegex(out, r"insolvency_status +/publications/0/structure/topics/0/type +Eroeffnung += 3")
        self.assertField(out, "register_status", "liquidation")

    def test_names_the_outcome(self):
        for fault, outcome in (("code-404", "no_data"), ("code-422", "invalid_input"), ("code-503", "unavailable"),
                               ("wrongtype", "unavailable"), ("reset", "unavailable"), ("moved", "unavailable")):
            with self.subTest(fault=fault):
                self.bureau(fault)
                self.assertIn(f"outcome    {outcome}: ", self.ask("bureau", code=1))

    def test_sends_the_credential_from_environment_or_file(self):
        mapping = {"request": {"path": "/x"}, "company": {"name": "/company"},
                   "reference": "/headers/x-api-key", "facts": []}
        echo = {"adapter": "json", "url": self.url("ok", "echo"), "mapping": mapping}
        key = self.folder / "echo.key"
        for auth, secret in (({"env": "ECHO_KEY"}, "from-environment"), ({"file": "../echo.key"}, "from-file"),
                             ({"file": str(key), "prefix": "Bearer "}, "Bearer from-file")):
            with self.subTest(auth=auth):
                key.write_text("from-file\n", encoding="ascii")
                key.chmod(0o600)
                self.write("echo", **echo, auth={"header": "X-Api-Key", **auth})
                out = self.ask("echo", code=1, environment={"ECHO_KEY": "from-environment"})
                self.assertIn(f"reference  {secret}", out)
        key.chmod(0o644)
        done = self.run_tool("test", "echo", *SCHMIDT)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is open to others", done.stderr)
        self.write("echo", **echo, auth={"header": "X-Api-Key", "env": "ECHO_KEY"})
        for value in ("", "two\nlines", "naïve"):
            done = self.run_tool("test", "echo", *SCHMIDT, environment={"ECHO_KEY": value})
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("no credential of one printable line", done.stderr)

    def test_lists_and_checks(self):
        path = self.bureau()
        self.assertEqual(self.run_tool("list").stdout, f"bureau\tbureau\t{self.url('ok', 'bureau')}\n")
        self.assertEqual(self.run_tool("check", path).returncode, 0)
        path.write_text('{"format": "bonigate-provider/1", "id": "x", "adapter": "vies", "in_flight": 0}', encoding="ascii")
        done = self.run_tool("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/in_flight: is out of range", done.stderr)

    def test_refuses_wrong_usage(self):
        self.bureau()
        for words in ((), ("test",), ("test", "a", "b"), ("test", "../bureau"), ("check",), ("list", "x"), ("mend",),
                      ("test", "bureau", "--vat-id", "DE123456789"), ("test", "bureau", "--nope")):
            with self.subTest(words=words):
                self.assertEqual(self.run_tool(*words).returncode, 2)
        self.assertEqual(self.run_tool("test", "absent", *SCHMIDT).returncode, 1)


if __name__ == "__main__":
    unittest.main()
