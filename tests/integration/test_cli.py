# SPDX-License-Identifier: MIT
"""The command-line tool: registers, keys, policies and the audit, as an operator uses them."""

import contextlib
import csv
import hashlib
import io
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest

import harness

SHARED = pathlib.Path(os.environ.get("BONIGATE_SHARED", harness.ROOT.parent / "shared")) / "data/register"


def run(*arguments, **more):
    return subprocess.run([harness.BUILD / "bonigate", *map(str, arguments)], capture_output=True, text=True,
                          timeout=harness.PATIENCE * 5, **more)


def sql(path, statement):
    """Rows of one statement and how many it changed; the file is let go of again."""
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        cursor = db.execute(statement)
        return cursor.fetchall(), cursor.rowcount


def limit_files():
    """For a process about to start: files grow no further than this, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.state = self.folder / "state"
        harness.bonigate("init", "--state", self.state)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, kind, path, *more, **how):
        return run("import", kind, path, "--register", "live", "--state", self.state, *more, **how)


class InitTest(CliTest):
    def test_a_folder_that_cannot_be_used_is_named_with_the_reason(self):
        file = self.write("file", "")
        for state, words in ((self.folder / "no/state", "No such file"), (file / "state", "Not a directory"), (file, "File exists")):
            with self.subTest(words):
                result = run("init", "--state", state)
                self.assertEqual((result.returncode, str(state) in result.stderr), (1, True), result.stderr)
                self.assertIn(words, result.stderr)

    def test_a_folder_of_somebody_else_is_told_as_such(self):
        program = shutil.copy(harness.BUILD / "bonigate", self.folder)
        self.folder.chmod(0o755)
        self.state.chmod(0o555)
        somebody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        result = subprocess.run([program, "init", "--state", self.state], capture_output=True, text=True, check=False, **somebody)
        self.assertEqual((result.returncode, result.stderr), (1, f"bonigate init: {self.state}: Permission denied\n"))


class ImportTest(CliTest):
    def test_a_bad_row_is_reported_with_its_line_and_the_rest_is_stored(self):
        path = self.write("c.csv", "name,country,vat_id,employees\nGute GmbH,DE,DE136695976,3\n"
                                   "Falsche GmbH,DE,DE123456789,3\nKrumme GmbH,DE,,viele\nLetzte GmbH,DE,,4\n")
        result = self.load("companies", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stderr, r"c\.csv:3: vat_id .*check digit")
        self.assertRegex(result.stderr, r"c\.csv:4: employees ")
        self.assertEqual(result.stdout, "2 stored, 2 refused\n")
        self.assertEqual(sql(self.state / "register-live.db", "select count(*) from company")[0], [(2,)])

    def test_facts_need_a_company_that_is_there(self):
        self.load("companies", self.write("c.csv", "name,country,vat_id\nGute GmbH,DE,DE136695976\n"))
        result = self.load("accounts", self.write("a.csv", "company,accounts_date,equity\nDE136695976,2025-12-31,5\n"
                                                           "Köln HRB 77,2025-12-31,5\n"))
        self.assertEqual(result.stdout, "1 stored, 1 refused\n")
        self.assertIn("a.csv:3: no such company in the register", result.stderr)

    def test_a_later_import_changes_what_is_known(self):
        companies = self.write("c.csv", "name,country,vat_id\nGute GmbH,DE,DE136695976\n")
        self.load("companies", companies)
        size = self.blob()
        self.load("accounts", self.write("a.csv", "company,accounts_date,equity\nDE136695976,2025-12-31,500000\n"))
        self.assertGreater(self.blob(), size)

    def blob(self):
        return sql(self.state / "register-live.db", "select length(facts) from company")[0][0][0]

    def test_a_file_that_is_no_table_is_refused_whole(self):
        for text in ("", "nonsense,header\n1,2\n", "name,name\nA,B\n"):
            with self.subTest(text):
                result = self.load("companies", self.write("x.csv", text))
                self.assertEqual(result.returncode, 1)
                self.assertIn("x.csv", result.stderr)

    def test_an_import_that_was_killed_goes_on_and_stores_each_row_once(self):
        rows = 60000
        path = self.write("big.csv", "register_court,register_type,register_number,name\n" +
                          "".join(f"Köln,HRB,{i},Firma Nummer {i} GmbH\n" for i in range(1, rows + 1)))
        arguments = [harness.BUILD / "bonigate", "import", "companies", path, "--register", "live", "--state", self.state]
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        harness.until(lambda: self.begun() or process.poll() is not None, "the first batch is stored")
        process.send_signal(signal.SIGKILL)
        process.wait()
        result = run(*arguments[1:])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(sql(self.state / "register-live.db", "select count(*) from company")[0], [(rows,)])

    def test_what_a_full_disk_does_not_keep_is_not_counted_as_stored(self):
        rows = 3000
        path = self.write("c.csv", "register_court,register_type,register_number,name\n" +
                          "".join(f"Köln,HRB,{i},Firma Nummer {i} GmbH\n" for i in range(1, rows + 1)))
        result = self.load("companies", path, preexec_fn=limit_files)
        self.assertEqual((result.returncode, result.stdout), (1, "0 stored, 0 refused\n"))
        self.assertIn("bonigate import: ", result.stderr)
        self.assertEqual(sql(self.state / "register-live.db", "select count(*) from company")[0], [(0,)])
        self.assertEqual(self.load("companies", path).stdout, f"{rows} stored, 0 refused\n")

    def begun(self):
        try:
            return sql(self.state / "register-live.db", "select 1 from import_progress where position > 0")[0]
        except sqlite3.OperationalError:
            return False

    def test_the_register_as_published_imports_whole(self):
        path = SHARED / "offeneregister-sample.jsonl.zst"
        if not path.exists():
            self.skipTest(f"{path} is not there")
        result = self.load("companies", path)
        self.assertEqual(result.stdout, "4936 stored, 0 refused\n", result.stderr[-500:])

    def test_the_small_register_imports_whole_and_no_guessed_address_is_kept(self):
        path = SHARED / "register-small.tsv.zst"
        if not path.exists():
            self.skipTest(f"{path} is not there")
        result = self.load("companies", path, "--as-of", "2018-12-31")
        self.assertRegex(result.stdout, r"^50172 stored, 0 refused", result.stderr[-500:])


class KeyTest(CliTest):
    def test_only_the_hash_of_a_key_is_kept(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        key = harness.bonigate("key", "add", "shop", "--mode", "live", "--state", self.state).strip()
        self.assertRegex(key, r"^bg_live_[0-9A-Z]{32}$")
        for path in self.state.glob("store.db*"):
            self.assertNotIn(key.encode(), path.read_bytes())
            self.assertNotIn(key[8:].encode(), path.read_bytes())
        self.assertEqual(sql(self.state / "store.db", "select digest from api_key")[0],
                         [(hashlib.sha256(key.encode()).digest(),)])

    def test_a_revoked_key_is_listed_as_such(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        harness.bonigate("key", "add", "shop", "--mode", "test", "--state", self.state)
        listed = harness.bonigate("key", "list", "--state", self.state)
        self.assertNotIn("revoked", listed)
        harness.bonigate("key", "revoke", listed.split("\t")[0], "--state", self.state)
        self.assertIn("revoked", harness.bonigate("key", "list", "--state", self.state))

    def test_a_file_of_a_key_is_for_its_owner_alone(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        path = self.write("shop.key", "")
        path.chmod(0o644)
        harness.bonigate("key", "add", "shop", "--mode", "live", "--file", path, "--state", self.state)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertRegex(path.read_text(encoding="ascii"), "^bg_live_")

    def test_a_key_that_is_taken_over_is_not_written_again(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        path = self.folder / "shop.key"
        arguments = ("key", "add", "shop", "--mode", "live", "--file", path, "--state", self.state)
        harness.bonigate(*arguments)
        before = path.stat()
        harness.bonigate(*arguments)
        self.assertEqual((path.stat().st_mtime_ns, path.stat().st_size), (before.st_mtime_ns, before.st_size))

    def test_wrong_arguments_say_what_is_wrong(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        for arguments, words in ((("key", "add", "shop"), "--mode"), (("key", "add", "nobody", "--mode", "live"), "not found"),
                                 (("key", "add", "shop", "--mode", "live", "--scopes", "all"), "--scopes"),
                                 (("tenant", "add", "shop", "Again"), "there already"), (("tenant", "add", "BAD ID", "x"), "BAD ID")):
            with self.subTest(arguments):
                result = run(*arguments, "--state", self.state)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(words, result.stderr)


class OutputTest(CliTest):
    def test_what_cannot_be_printed_is_no_success(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        for arguments in (("help",), ("version",), ("import", "--help"), ("tenant", "list"), ("audit", "verify"),
                          ("key", "add", "shop", "--mode", "live")):
            state = ("--state", self.state) if len(arguments) > 1 and "--help" not in arguments else ()
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                result = subprocess.run([harness.BUILD / "bonigate", *arguments, *map(str, state)], stdout=full,
                                        stderr=subprocess.PIPE, text=True, timeout=harness.PATIENCE)
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn("cannot be written", result.stderr)


class StateTest(CliTest):
    def test_wrong_arguments_of_init_are_told(self):
        result = run("init", "here", "--state", self.state)
        self.assertEqual(result.returncode, 2)
        self.assertIn("usage: bonigate init", result.stderr)

    def test_providers_of_a_state_that_is_not_there_are_no_empty_list(self):
        self.assertEqual((run("provider", "list", "--state", self.state).returncode), 0)
        result = run("provider", "list", "--state", self.folder / "nowhere")
        self.assertEqual(result.returncode, 1)
        self.assertIn("nowhere", result.stderr)

    def test_a_store_of_an_older_version_says_what_to_do(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        for statement in ("drop table event", "drop table recheck", "pragma user_version = 2"):
            sql(self.state / "store.db", statement)
        for program in (["bonigate", "tenant", "list"], ["bonigate-checkout", "--listen", f"unix:{self.folder}/x.sock"],
                        ["bonigate-worker", "--once"]):
            with self.subTest(program):
                result = subprocess.run([harness.BUILD / program[0], *program[1:], "--state", self.state], text=True,
                                        capture_output=True, timeout=harness.PATIENCE)
                self.assertEqual(result.returncode, 1)
                self.assertIn("bonigate init", result.stderr)
        harness.bonigate("init", "--state", self.state)
        self.assertIn("shop", harness.bonigate("tenant", "list", "--state", self.state))

    def test_a_store_of_a_newer_version_is_left_alone(self):
        sql(self.state / "store.db", "pragma user_version = 99")
        for arguments in (("tenant", "list"), ("init",)):
            with self.subTest(arguments):
                result = run(*arguments, "--state", self.state)
                self.assertEqual(result.returncode, 1)
                self.assertIn("newer version", result.stderr)
        self.assertEqual(sql(self.state / "store.db", "pragma user_version")[0], [(99,)])


class PolicyTest(CliTest):
    def test_a_broken_policy_is_not_stored_and_its_member_is_named(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        path = self.write("p.json", json.dumps({"format": "bonigate-policy/1", "id": "p", "version": "1",
                                                "light": {"green_from": 30, "yellow_from": 60}}))
        result = run("policy", "put", "shop", path, "--state", self.state)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"p\.json: /light")
        self.assertEqual(run("policy", "show", "shop", "--state", self.state).returncode, 1)

    def test_every_version_is_kept_and_the_newest_shown(self):
        harness.bonigate("tenant", "add", "shop", "Shop", "--state", self.state)
        text = (harness.ROOT / "src/data/policies/demo.json").read_text(encoding="utf-8")
        for version in ("one", "two"):
            path = self.write("p.json", re.sub(r'"version": "[^"]*"', f'"version": "{version}"', text))
            harness.bonigate("policy", "put", "shop", path, "--state", self.state)
        self.assertIn('"version": "two"', harness.bonigate("policy", "show", "shop", "--state", self.state))
        self.assertEqual(len(harness.bonigate("policy", "list", "shop", "--state", self.state).splitlines()), 2)


class AuditTest(unittest.TestCase):
    def setUp(self):
        self.site = harness.Site(self)
        for i in range(5):
            self.assertEqual(self.site.checkout(amount=10000 + i).status, 200)

    def test_an_exported_line_hashes_to_the_next_lines_prev(self):
        lines = harness.bonigate("audit", "export", "--tenant", "demo", "--state", self.site.state.folder).splitlines()
        self.assertEqual(len(lines), 5)
        self.assertEqual(json.loads(lines[0])["prev"], "0" * 64)
        for line, behind in zip(lines, lines[1:]):
            self.assertEqual(hashlib.sha256(line.encode()).hexdigest(), json.loads(behind)["prev"])

    def test_the_table_neutralises_formulas(self):
        self.site.checkout(company={"name": "=HYPERLINK(\"x\")", "postal_code": "10115", "country": "DE"})
        table = harness.bonigate("audit", "export", "--tenant", "demo", "--format", "csv", "--state", self.site.state.folder)
        rows = list(csv.DictReader(io.StringIO(table)))
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows[0]["outcome"], "approve")
        self.assertEqual(rows[5]["name_asked"], "'=HYPERLINK(\"x\")")

    def test_every_kind_of_tampering_is_found_and_named(self):
        third = "pos = (select pos from decision order by pos limit 1 offset 2)"
        last = "pos = (select max(pos) from decision)"
        cases = {
            "a changed byte": f"update decision set record = cast(replace(record, '10002', '90002') as blob) where {third}",
            "a removed record": f"delete from decision where {third}",
            "a removed end": f"delete from decision where {last}",
        }
        self.site.handler.stop()
        clean = self.site.folder / "clean.db"
        store = self.site.state.folder / "store.db"
        sql(store, "pragma wal_checkpoint(truncate)")
        clean.write_bytes(store.read_bytes())
        for name, statement in cases.items():
            with self.subTest(name):
                for rest in ("-wal", "-shm"):
                    pathlib.Path(f"{store}{rest}").unlink(missing_ok=True)
                store.write_bytes(clean.read_bytes())
                self.assertEqual(sql(store, statement)[1], 1)
                result = run("audit", "verify", "--tenant", "demo", "--state", self.site.state.folder)
                self.assertEqual(result.returncode, 1, result.stdout)
                self.assertRegex(result.stdout, r"demo: BROKEN at record [345]")
