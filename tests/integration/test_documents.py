# SPDX-License-Identifier: MIT
"""The PDF that comes beside a bureau's answer: kept as it came, found by the decision, the tenant's own, gone when it is to go."""

import hashlib
import shutil
import sqlite3
import subprocess
import unittest

import harness
import provider_site
from provider_site import PATIENT, SCHMIDT
from test_worker import Worker

PDF = (harness.ROOT / "tests/providers/creditreform/report.pdf").read_bytes()
KEPT, REFUSED, LOST = (f'bonigate_documents_total{{result="{result}"}}' for result in ("kept", "refused", "lost"))


class DocumentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.port = cls.enterClassContext(provider_site.simulator())

    def site(self, fault="ok", rules=None, **members):
        site = provider_site.start(
            self, [provider_site.creditreform(f"http://127.0.0.1:{self.port}/{fault}/creditreform", **members)], *PATIENT,
            rules=rules)
        harness.bonigate("key", "add", "other", "--mode", "live", "--file", site.state.folder / "other-live.key",
                         "--state", site.state.folder)
        return site

    def ask(self, site, key="live", company=None):
        answer = site.checkout(company=company or SCHMIDT, key=key)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def source(self, answer):
        return {source["id"]: source["state"] for source in answer["assessment"]["sources"]}["creditreform"]

    def run_tool(self, site, *arguments):
        return subprocess.run([harness.BUILD / "bonigate", "documents", *map(str, arguments), "--state", site.state.folder],
                              capture_output=True, check=False)

    def tool(self, site, *arguments):
        done = self.run_tool(site, *arguments)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def documents(self, site, tenant="demo", *more):
        """What the list says, column by column."""
        return [line.split("\t") for line in self.tool(site, "list", "--tenant", tenant, *more).decode().splitlines()]

    def until_kept(self, site, tenant="demo", count=1):
        return harness.until(lambda: (rows := self.documents(site, tenant))[count - 1:] and rows, "the document is kept")

    def test_a_checkouts_report_is_kept_as_it_came_and_its_decision_leads_to_it(self):
        site = self.site()
        answer = self.ask(site)
        self.assertEqual(self.source(answer), "answer")
        [(number, _, provider, company, kind, size, raw)] = self.until_kept(site)
        self.assertEqual((provider, company, kind, size), ("creditreform", answer["company"]["id"], "application/pdf", str(len(PDF))))
        self.assertEqual(self.tool(site, "export", number, "--tenant", "demo"), PDF)
        again = self.ask(site)  # from the cache: nothing was sent
        for decision, record in zip((answer, again), site.state.records(), strict=True):
            self.assertIn(raw, [source[3] for source in record["sources"] if len(source) > 3])
            self.assertEqual([row[0] for row in self.documents(site, "demo", "--decision", decision["decision_id"])], [number])
        self.assertEqual([row[0] for row in self.documents(site, "demo", "--company", company)], [number])
        self.assertEqual(self.documents(site, "demo", "--company", "cmp_0"), [])
        shown = dict(line.split(None, 1) for line in self.tool(site, "show", number, "--tenant", "demo").decode().splitlines())
        self.assertEqual((shown["sha256"], shown["answer_sha256"], shown["reference"], shown["company"]),
                         (hashlib.sha256(PDF).hexdigest(), raw, "40200001", company))
        metrics = site.metrics()
        self.assertEqual((metrics[KEPT], metrics[REFUSED], metrics[LOST]), (1, 0, 0))
        for path in site.state.folder.glob("documents.db*"):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(site.handler.stop(), 0)

    def test_export_writes_a_new_file_that_is_the_operators(self):
        site = self.site()
        self.ask(site)
        [(number, *_)] = self.until_kept(site)
        path = site.folder / "report.pdf"
        self.tool(site, "export", number, "--tenant", "demo", "--file", path)
        self.assertEqual((path.read_bytes(), path.stat().st_mode & 0o777), (PDF, 0o600))
        done = self.run_tool(site, "export", number, "--tenant", "demo", "--file", path)
        self.assertEqual((done.returncode, path.read_bytes()), (1, PDF))
        self.assertIn(b"File exists", done.stderr)

    def test_a_tenant_has_what_its_own_questions_brought(self):
        site = self.site(rules={"recheck_basket_percent": None})
        harness.bonigate("policy", "put", "other", site.folder / "policy.json", "--state", site.state.folder)
        self.ask(site)
        [(first, *_)] = self.until_kept(site)
        answer = self.ask(site, "other-live")
        self.assertEqual(self.source(answer), "answer", "its facts are at hand")
        self.assertEqual(self.documents(site, "other"), [])
        self.assertEqual(self.documents(site, "other", "--decision", answer["decision_id"]), [])
        site.handler.stop()
        shutil.rmtree(site.state.folder / "cache")
        site.handler.start()
        self.ask(site, "other-live")
        [(second, *_)] = self.until_kept(site, "other")
        self.assertNotEqual(first, second)
        self.assertEqual(self.tool(site, "export", second, "--tenant", "other"), PDF)
        for verb in ("show", "export", "delete"):
            for number, tenant in ((first, "other"), (second, "demo"), (first, "nobody"), (99, "demo")):
                done = self.run_tool(site, verb, number, "--tenant", tenant)
                self.assertEqual((done.returncode, done.stdout), (1, b""), (verb, number, tenant))
                self.assertIn(b"not found", done.stderr)
        self.assertEqual(self.run_tool(site, "list", "--tenant", "other", "--decision", self.ask(site)["decision_id"]).returncode, 1)
        self.assertEqual([row[0] for row in self.documents(site) + self.documents(site, "other")], [first, second])

    def test_what_the_worker_asks_for_is_kept_for_whom_it_asks(self):
        site = self.site("flaky-1", tries=1, rules={
            "providers": {"creditreform": {"required": True, "unavailable_seconds": 0}}, "unknown_company": "allow"})
        answer = self.ask(site)
        self.assertEqual((answer["freshness"], self.source(answer)), ("fallback", "unavailable"))
        self.assertEqual(self.documents(site), [])
        worker = Worker(self, site, "worker", "--once")
        self.assertEqual(worker.process.wait(harness.PATIENCE), 0)
        [job] = worker.jobs(job="recheck")
        [(number, *_)] = self.documents(site, "demo", "--decision", job["new_decision_id"])
        self.assertEqual(self.tool(site, "export", number, "--tenant", "demo"), PDF)
        self.assertEqual(self.documents(site, "demo", "--decision", answer["decision_id"]), [])

    def test_a_large_report_is_kept_whole(self):
        site = self.site("bigfile")
        self.ask(site)
        [(number, *_)] = self.until_kept(site)
        self.assertEqual(self.tool(site, "export", number, "--tenant", "demo"),
                         PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n" + b"%" * 3_000_000 + b"\n"))

    def test_what_is_no_whole_pdf_is_not_kept_and_costs_nothing(self):
        for fault, members, state in (("cutfile", {}, "answer"), ("badfile", {}, "answer"), ("noboundary", {}, "unavailable"),
                                      ("bigfile", {"max_bytes": 1_000_000}, "unavailable"), ("soap-114", {}, "no_data")):
            with self.subTest(fault=fault):
                site = self.site(fault, tries=1, **members)
                self.assertEqual(self.source(self.ask(site)), state)
                self.assertEqual(site.handler.stop(), 0)  # all that was to be kept would be
                self.assertEqual(self.documents(site), [])

    def test_what_cannot_be_kept_costs_the_document_only(self):
        site = self.site()
        site.handler.stop()
        (site.state.folder / "documents.db").write_bytes(b"no database at all" * 1000)
        site.handler.start()
        self.assertEqual(self.source(self.ask(site)), "answer")
        harness.until(lambda: site.metrics()[LOST] == 1, "the loss is counted")
        harness.until(lambda: ("a document of creditreform is not kept", "corrupt") in
                      [(line.get("message"), line.get("subject")) for line in site.handler.log_lines()], "the loss is told")
        self.assertEqual(self.source(self.ask(site)), "answer")
        done = self.run_tool(site, "list", "--tenant", "demo")
        self.assertEqual((done.returncode, b"damaged" in done.stderr), (1, True), done)
        site.state.verify()

    def test_what_a_company_wants_deleted_is_deleted(self):
        site = self.site()
        company = self.ask(site)["company"]["id"]
        self.until_kept(site)
        self.assertEqual(self.run_tool(site, "delete", "--tenant", "other", "--company", company).returncode, 1)
        self.assertEqual(self.tool(site, "delete", "--tenant", "demo", "--company", company), b"1 deleted\n")
        self.assertEqual(self.documents(site), [])
        self.assertNotIn(b"%PDF", (site.state.folder / "documents.db").read_bytes())

    def test_documents_stay_for_their_days(self):
        site = self.site()
        self.ask(site)
        [(number, *_)] = self.until_kept(site)
        self.assertEqual(self.tool(site, "days"), b"365 days\n")
        self.assertEqual(self.tool(site, "days", "--tenant", "other", "--set", 0), b"0 days\n")
        self.assertEqual(self.tool(site, "days", "--tenant", "demo"), b"365 days\n")
        self.assertEqual(self.tool(site, "purge"), b"0 deleted\n")
        with sqlite3.connect(site.state.folder / "documents.db", timeout=harness.PATIENCE) as file:
            file.execute("UPDATE document SET received_ms = received_ms - 100 * 86400000")
        self.assertEqual(self.tool(site, "days", "--set", 90), b"90 days\n")
        self.assertEqual(self.documents(site)[0][0], number)
        site.handler.stop()
        site.handler.start()  # deletes what is old, and so it does each hour
        harness.until(lambda: not self.documents(site), "what is old is deleted")

    def test_a_document_that_was_changed_is_not_told_as_it_came(self):
        site = self.site()
        self.ask(site)
        [(number, *_)] = self.until_kept(site)
        with sqlite3.connect(site.state.folder / "documents.db", timeout=harness.PATIENCE) as file:
            file.execute("UPDATE content SET bytes = ?", (PDF[:-1] + b"?",))
        done = self.run_tool(site, "export", number, "--tenant", "demo")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"damaged", done.stderr)

    def test_a_complaint_names_what_is_not_there(self):
        site = self.site()
        for arguments, subject in ((("show", 17), "17"), (("export", 17), "17"), (("delete", 17), "17"),
                                   (("delete", "--company", "cmp_x"), "cmp_x"), (("list", "--decision", "dec_x"), "dec_x")):
            done = self.run_tool(site, *arguments, "--tenant", "demo")
            self.assertEqual((done.returncode, done.stderr.decode()), (1, f"bonigate documents: {subject}: not found\n"))

    def test_refuses_bad_arguments(self):
        site = harness.Site(self, start=False)
        for arguments in ([], ["what"], ["list"], ["show", "--tenant", "demo"], ["show", "x", "--tenant", "demo"],
                          ["show", "0", "--tenant", "demo"], ["export", "1"], ["delete", "--tenant", "demo"],
                          ["delete", "1", "--company", "cmp_1", "--tenant", "demo"], ["purge", "--tenant", "demo"],
                          ["list", "1", "--tenant", "demo"], ["days", "--set", "3661"], ["days", "--set", "-1"],
                          ["list", "--tenant", "demo", "--file", "x"], ["show", "1", "2", "--tenant", "demo"]):
            done = self.run_tool(site, *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertTrue(done.stderr, arguments)
        self.assertEqual(self.documents(site), [])


if __name__ == "__main__":
    unittest.main()
