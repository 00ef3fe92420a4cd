# SPDX-License-Identifier: MIT
"""Lists of companies as jobs: durable, line by line, once, whatever ends in between."""

import csv
import io
import os
import pathlib
import re
import signal

import harness

HEADER = "customer_ref;name;postal_code;city;amount\n"
ROWS = ["=1+1;Schmidt Industrie GmbH;40213;Düsseldorf;1.250,00", "2;Berger Logistics KG;50667;Köln;",
        "3;Neukunde Alpha UG;10115;Berlin;", "4;;;;", "5;Zu viele;Spalten;hier;;", '6;"=HYPERLINK(""http://x"")AB GmbH";10115;Berlin;',
        "7;Nirgendwo Handels GmbH;10115;Berlin;viel"]


class JobCase(harness.SiteTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.site.start_handler(cls.case, cls.site.state, "lead")

    def ask(self, method, path, body=None, key="lead", **headers):
        return self.site.request(method, path, body, {"Authorization": f"Bearer {self.site.state.key(key)}", **headers})

    def upload(self, text, key="lead", **headers):
        data = text if isinstance(text, bytes) else text.encode()
        return self.ask("POST", "/v1/leads", data, key, **{"Content-Type": "text/csv; charset=utf-8", **headers})

    def status(self, job, key="lead"):
        return self.ask("GET", f"/v1/lead-jobs/{job}", key=key)

    def ended(self, job):
        return harness.until(lambda: (now := self.status(job).json)["state"] in ("done", "failed") and now, "the job ends")

    def result(self, job):
        answer = self.ask("GET", f"/v1/lead-results/{job}")
        self.assertEqual(answer.status, 200, answer)
        return list(csv.DictReader(io.StringIO(answer.body.decode())))

    def leads(self):
        return [record for record in self.site.state.records() if record.get("lead")]


class JobsTest(JobCase):
    def test_a_list_is_worked_off_and_bad_lines_are_told(self):
        answer = self.upload(HEADER + "\n".join(ROWS), **{"Accept-Language": "en"})
        self.assertEqual((answer.status, answer.json["lines"]), (202, 8), answer)
        job = self.ended(answer.json["job_id"])
        self.assertEqual((job["state"], job["progress"], job["counts"]), ("done", 1, {"judged": 4, "refused": 3}), job)
        self.assertEqual([bad["line"] for bad in job["refused_lines"]], [5, 6, 8])
        rows = self.result(job["job_id"])
        self.assertEqual([row["line"] for row in rows], ["2", "3", "4", "5", "6", "7", "8"])
        self.assertEqual([row["status"] for row in rows], ["judged"] * 3 + ["refused"] * 2 + ["judged", "refused"])
        self.assertEqual([row["priority"] for row in rows[:3]], ["high", "medium", "low"])
        self.assertEqual(rows[0]["first_limit"], "25000.00")
        self.assertEqual(rows[6]["error"], "amount: The value does not have the required format.")
        recorded = {record["id"]: record for record in self.leads()}
        self.assertEqual(recorded[rows[0]["decision_id"]]["order"]["amount"], 125000)

    def test_no_cell_begins_a_formula(self):
        job = self.ended(self.upload(HEADER + "\n".join(ROWS)).json["job_id"])
        for row in self.result(job["job_id"]):
            for name, cell in row.items():
                self.assertNotIn(cell[:1], ("=", "+", "-", "@"), (name, cell))

    def test_odd_files(self):
        many = HEADER + "".join(f"{i};Firma {i} GmbH;10115;Berlin;\n" for i in range(600))
        for text, judged, refused in (("\ufeffname,city\r\nBerger Logistics KG,Köln\r\n", 1, 0), ("name\tcity\nA GmbH\tBonn", 1, 0),
                                      ("name\n", 0, 0), ('name,city\n"offen,Bonn\nB GmbH,Bonn\n', None, None),
                                      ("name\nMüller GmbH\n".encode("latin-1") + b"Schulze GmbH\n", 1, 1), (many, 600, 0)):
            job = self.ended(self.upload(text).json["job_id"])
            self.assertEqual(job["state"], "done", (text[:40], job))
            if judged is not None:
                self.assertEqual(job["counts"], {"judged": judged, "refused": refused}, text[:40])
            self.assertEqual(len(self.result(job["job_id"])), sum(job["counts"].values()))

    def test_what_is_no_list_of_companies_fails_with_a_word(self):
        for text in ("city,country\nBonn,DE\n", "name,name\nA,B\n", b"\x00\x01\x02", b"name\xff\nA\n"):
            job = self.ended(self.upload(text).json["job_id"])
            self.assertEqual((job["state"], job["counts"]["judged"]), ("failed", 0), text)
            self.assertTrue(job["fault"])
        self.assertProblem(self.upload(""), 400, "incomplete_body")

    def test_a_job_is_its_tenants_alone(self):
        job = self.upload(HEADER + ROWS[1]).json["job_id"]
        self.ended(job)
        self.assertProblem(self.status(job, "other-lead"), 404, "not_found")
        self.assertProblem(self.ask("GET", f"/v1/lead-results/{job}", key="other-lead"), 404, "not_found")
        self.assertProblem(self.ask("GET", f"/v1/lead-results/{job}", key="reader"), 403, "forbidden")
        for name in ("x", "job_" + "0" * 26, "..%2Fstore", "job_" + "a" * 26):
            self.assertProblem(self.status(name), 404, "not_found")
        upload = self.site.state.folder / "jobs" / f"{job}.in"
        harness.until(lambda: not upload.exists(), "what was uploaded is removed")


class RestartTest(JobCase):
    def test_a_killed_process_s_successor_goes_on_and_records_nothing_twice(self):
        count = 3000
        text = "customer_ref,name,postal_code\n" + "".join(f"{i},Firma {i} GmbH,10115\n" for i in range(count))
        job = self.upload(text).json["job_id"]
        for part in (10, 40):
            harness.until(lambda: self.status(job).json["progress"] * 100 > part, "it is under way")
            self.lead.stop(signal.SIGKILL)
            self.lead.start()
        self.assertEqual(self.ended(job)["counts"], {"judged": count, "refused": 0})
        rows = self.result(job)
        self.assertEqual([row["customer_ref"] for row in rows], [str(i) for i in range(count)])
        recorded = [record["asked"]["customer_ref"] for record in self.leads()]
        self.assertEqual(len(recorded), count)
        self.assertEqual(len(set(recorded)), count)
        self.assertEqual({row["decision_id"] for row in rows}, {record["id"] for record in self.leads()})
        self.site.state.verify()


class LongListTest(harness.SiteTest):
    """The small form of make bench-leads."""

    def memory(self, pid):
        """Anonymous memory, MiB."""
        text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        return int(re.search(r"RssAnon:\s+(\d+)", text)[1]) / 1024

    def test_a_list_takes_no_more_memory_the_longer_it_is(self):
        # What a sanitizer keeps back of freed memory is not what is measured here.
        options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        handler = harness.Handler(self.site.state, self.site.folder, program="lead", environment={"ASAN_OPTIONS": options})
        self.addCleanup(handler.stop)
        handler.start()
        headers = {"Authorization": f"Bearer {self.site.state.key('lead')}"}
        count = 6000
        text = "customer_ref,name,street,postal_code,city\n" + "".join(
            f"{i},Firma {i} Handel & Söhne GmbH,{'' if i % 7 else f'Ring {i}'},10115,Berlin\n" for i in range(count))
        job = self.site.request("POST", "/v1/leads", text.encode(), {**headers, "Content-Type": "text/csv"}).json["job_id"]

        def reached(rows):
            now = self.site.request("GET", f"/v1/lead-jobs/{job}", headers=headers).json
            return now["state"] != "failed" and sum(now["counts"].values()) >= rows and now
        harness.until(lambda: reached(count // 4), "a quarter is done")
        early = self.memory(handler.pid)
        self.assertEqual(harness.until(lambda: reached(count), "all is done")["counts"], {"judged": count, "refused": 0})
        grown = self.memory(handler.pid) - early
        self.assertLess(grown, 24)
        result = self.site.request("GET", f"/v1/lead-results/{job}", headers=headers).body.decode()
        self.assertEqual([row["customer_ref"] for row in csv.DictReader(io.StringIO(result))], [str(i) for i in range(count)])
