# SPDX-License-Identifier: MIT
"""bonigate index and bonigate match: quality on labelled queries, bad input, publishing, interruption."""

import csv
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import harness

sys.path.insert(0, str(harness.ROOT / "tests/match"))
import quality  # noqa: E402  (the folder is named a line above)

SHARED = pathlib.Path(os.environ.get("BONIGATE_SHARED", harness.ROOT.parent / "shared")) / "data/register"
HEADER = "id\tname\tstreet\tpostcode\tcity\tstatus\tprev_names\taddr_src\n"
ROWS = ("B1204_HRB1\tNordwind Elektrotechnik AG\tAm Sportplatz 20a\t20095\tHamburg\tA\tWestgote Anlagenbau AG\tR\n"
        "B1204_HRB2\t=Formel Backwaren GmbH\tHafenstraße 12\t40213\tDüsseldorf\tA\t\tR\n"
        "B1204_HRB3\tKallenberg Logistik KG\tRing 3\t01067\tDresden\tA\t\tR\n")


def run(*arguments):
    return subprocess.run([harness.BUILD / "bonigate", *map(str, arguments)], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=harness.PATIENCE * 5, check=False)


class MatchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-match-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.index = self.folder / "companies.index"

    def write(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_text(text, encoding=encoding)
        return path

    def build(self, rows=ROWS):
        done = run("index", "--register", self.write("register.tsv", HEADER + rows), "--out", self.index)
        self.assertEqual(done.returncode, 0, done.stderr)

    def match(self, queries, *more, register=None):
        """Exit code, what was said and the hits."""
        path = queries if isinstance(queries, pathlib.Path) else self.write("queries.csv", queries)
        done = run("match", "--register", register or self.index, "--in", path, "--out", self.folder / "hits.csv", *more)
        hits = []
        if done.returncode == 0:
            with open(self.folder / "hits.csv", encoding="utf-8", newline="") as file:
                hits = list(csv.DictReader(file))
        return done, hits

    def first(self, name, city=""):
        _, hits = self.match(f"query_id,name,city\n1,{name},{city}\n")
        return hits[0]["company_id"]


class WholeFileTest(MatchTest):
    def test_an_index_and_its_register_give_the_same_hits(self):
        self.build()
        queries = ("query_id\tname\tpostal_code\tcity\tcountry\tregister_court\tregister_type\tregister_number\n"
                   "a\tNordwint Elektrotechnik AG\t20095\tHamburg\tDE\t\t\t\n"
                   "b\t\t\t\t\tB1204\tHRB\t3\n"
                   "c\tVöllig Unbekanntes Werk GmbH\t99999\tNirgends\t\t\t\t\n"
                   "d\tNordwind Elektrotechnik AG\t20095\tHamburg\tAT\t\t\t\n")
        path = self.write("queries.tsv", queries)
        done, hits = self.match(path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"4 queries: .*\nlatency: p50 [\d.]+ ms, p95 [\d.]+ ms, p99 [\d.]+ ms, max")
        best = {hit["query_id"]: hit for hit in hits if hit["rank"] in "01"}
        self.assertEqual(list(hits[0]), ["query_id", "rank", "company_id", "name", "probability", "verdict"])
        self.assertEqual((best["a"]["company_id"], best["a"]["name"]), ("B1204_HRB1", "Nordwind Elektrotechnik AG"))
        self.assertEqual((best["b"]["company_id"], best["b"]["verdict"]), ("B1204_HRB3", "exact"))
        self.assertEqual(best["c"]["verdict"], "none")
        self.assertEqual((best["d"]["rank"], best["d"]["verdict"]), ("0", "none"), "the register is German")
        self.assertEqual(self.match(path, register=self.folder / "register.tsv")[1], hits)

    def test_a_formula_in_a_name_is_not_run_by_a_spreadsheet(self):
        self.build()
        self.match("query_id,name,city\n=1+1,Formel Backwaren GmbH,Düsseldorf\n")
        text = (self.folder / "hits.csv").read_text(encoding="utf-8")
        self.assertIn("\"'=1+1\",1,B1204_HRB2,\"'=Formel Backwaren GmbH\"", text)

    def test_any_text_is_a_query(self):
        self.build()
        names = ["x", "GmbH", "der die das", "' OR 1=1; --", "NEAR(a b)*", "\u202e\u200b\u2067", "%_%", "a" * 10000,
                 "ä" * 5000, "- - -", "0", "AG " * 300]
        path = self.folder / "queries.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["query_id", "name"])
            out.writerows(enumerate(names))
        done, hits = self.match(path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({hit["query_id"] for hit in hits}, {str(i) for i in range(len(names))})
        self.assertFalse([hit for hit in hits if hit["verdict"] in ("exact", "fuzzy")])

    def test_a_bad_line_is_told_and_the_rest_goes_on(self):
        self.build()
        path = self.write("queries.csv", "query_id;name;city\n1;B\xe4cker;K\xf6ln\n2;Kallenberg Logistik KG;Dresden\n"
                          "3;\"offen", "latin-1")
        done = run("match", "--register", self.index, "--in", path, "--out", self.folder / "hits.csv")
        self.assertEqual(done.returncode, 1)
        self.assertIn("queries.csv:2: not valid UTF-8", done.stderr)
        self.assertIn("queries.csv:4: ", done.stderr)
        self.assertIn("2,1,B1204_HRB3,", (self.folder / "hits.csv").read_text(encoding="utf-8"))

    def test_a_file_without_query_ids_is_refused(self):
        self.build()
        done, _ = self.match("name,city\nNordwind,Hamburg\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn('no column "query_id"', done.stderr)

    def test_a_limit_that_is_no_number_is_wrong_usage(self):
        for limit in ("5x", "-1", "", "0", "18446744073709551621"):
            with self.subTest(limit):
                done = run("match", "--register", "register.db", "--in", "queries.csv", "--out", "hits.csv", "--limit", limit)
                self.assertEqual(done.returncode, 2, done.stderr)


class IndexFileTest(MatchTest):
    def test_a_cut_changed_or_foreign_index_is_told_apart(self):
        self.build()
        sound = self.index.read_bytes()
        for what, changed, says in (
                ("cut", sound[:-1], "damaged"), ("changed", sound[:-9] + b"x" + sound[-8:], "damaged"),
                ("version", sound[:8] + b"\x63\0\0\0" + sound[12:], "another version")):
            with self.subTest(what):
                self.index.write_bytes(changed)
                done, _ = self.match("query_id,name\n1,Nordwind\n")
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(says, done.stderr)

    def test_an_index_of_another_version_is_built_again(self):
        self.build()
        sound = self.index.read_bytes()
        self.index.write_bytes(sound[:8] + b"\x02\0\0\0" + sound[12:])
        changes = self.write("changes.tsv", HEADER + "B1204_HRB9\tNagelneue Weberei KG\tRing 4\t01067\tDresden\tA\t\tR\n")
        done = run("index", "--update", changes, "--out", self.index)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("an index of another version; build it again", done.stderr)
        self.build()
        self.assertEqual(self.index.read_bytes(), sound)

    def test_an_update_adds_changes_and_removes(self):
        self.build()
        changes = self.write("changes.tsv", HEADER + "B1204_HRB1\tOstwind Elektrotechnik AG\tAm Sportplatz 20a\t20095\t"
                             "Hamburg\tA\t\tR\nB1204_HRB9\tNagelneue Weberei KG\tRing 4\t01067\tDresden\tA\t\tR\n")
        gone = self.write("gone.txt", "B1204_HRB3\n")
        done = run("index", "--update", changes, "--gone", gone, "--out", self.index)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.first("Ostwind Elektrotechnik AG", "Hamburg"), "B1204_HRB1")
        self.assertEqual(self.first("Nagelneue Weberei KG", "Dresden"), "B1204_HRB9")
        self.assertNotEqual(self.first("Kallenberg Logistik KG", "Dresden"), "B1204_HRB3")

    def test_a_build_that_is_killed_leaves_the_old_index_and_nothing_in_the_way(self):
        self.build()
        before = self.index.read_bytes()
        rows = "".join(f"B1204_HRB{i}\tGrabowski Nummer{i} Feinmechanik GmbH\tRing {i}\t{10000 + i % 80000}\tDresden\tA\t\tR\n"
                       for i in range(10, 40000))
        register = self.write("large.tsv", HEADER + rows)
        # Killed while it reads, and as soon as the new file is there.
        for begun in (lambda: True, lambda: self.index.with_name("companies.index.new").exists()):
            build = subprocess.Popen([harness.BUILD / "bonigate", "index", "--register", register, "--out", self.index],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            harness.until(lambda: begun() or build.poll() is not None, "the build has begun")
            build.send_signal(signal.SIGKILL)
            if build.wait(harness.PATIENCE) == -signal.SIGKILL:
                self.assertEqual(self.index.read_bytes(), before)
            self.assertEqual(self.first("Nordwind Elektrotechnik AG", "Hamburg") if self.index.read_bytes() == before
                             else "B1204_HRB1", "B1204_HRB1")
        self.build()
        self.assertEqual(self.first("Kallenberg Logistik KG", "Dresden"), "B1204_HRB3")

    def test_a_register_that_cannot_be_read_leaves_the_old_index(self):
        self.build()
        before = self.index.read_bytes()
        for register in (self.folder / "nothing.tsv", self.folder):
            done = run("index", "--register", register, "--out", self.index)
            self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.index.read_bytes(), before)


@unittest.skipUnless((SHARED / "register-small.tsv.zst").exists(), "no shared register")
class QualityTest(unittest.TestCase):
    """On 50,000 real companies that hold those meant by all labelled queries."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-quality-")
        cls.addClassCleanup(folder.cleanup)
        cls.index = pathlib.Path(folder.name) / "index"
        harness.bonigate("index", "--register", SHARED / "register-small.tsv.zst", "--out", cls.index)
        unpacked = subprocess.run(["zstd", "-dcq", SHARED / "register-small.tsv.zst"], check=True, capture_output=True)
        cls.rows = [line.split("\t") for line in unpacked.stdout.decode().splitlines()[1:]]

    def test_labelled_queries_are_answered_as_well_as_promised(self):
        figures, _, latency = quality.run(SHARED / "eval-dev/queries.tsv", self.index, harness.BUILD / "bonigate")
        self.assertEqual(list(quality.misses(figures, "small")), [], latency)

    def test_a_record_finds_itself(self):
        """By its name and address as they stand in the register: first, or behind one that reads the same."""
        own = {row[0]: row for row in self.rows}
        asked = [row for i, row in enumerate(self.rows) if i % 7 == 0]
        queries, found = self.index.with_name("self.csv"), self.index.with_name("found.csv")
        with open(queries, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["query_id", "name", "street", "postal_code", "city"])
            out.writerows([row[0], row[1], row[2], row[3], row[4]] for row in asked)
        harness.bonigate("match", "--register", self.index, "--in", queries, "--out", found, "--limit", 10)
        hits = {}
        with open(found, encoding="utf-8", newline="") as file:
            for hit in csv.DictReader(file):
                hits.setdefault(hit["query_id"], []).append(hit["company_id"])
        behind = [row[0] for row in asked if hits[row[0]][0] != row[0]]
        self.assertEqual([one for one in behind if one not in hits[one]], [])
        for one in behind:
            self.assertEqual(own[hits[one][0]][2:5], own[one][2:5], f"{own[one]} finds {own[hits[one][0]]}")
        self.assertLess(len(behind), len(asked) / 500)


if __name__ == "__main__":
    unittest.main()
