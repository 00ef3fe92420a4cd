# SPDX-License-Identifier: MIT
"""What was answered is on disk and its chain is whole, whatever happens to the process or the disk."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
import uuid

import harness
from harness import Handler, Nginx, Site, State, until


def may_mount():
    """Whether this user may mount a small file system of its own."""
    words = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    done = subprocess.run([*words, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return words if done.returncode == 0 else None


class KillTest(unittest.TestCase):
    def test_kill_under_load_keeps_every_answered_decision(self):
        site = Site(self, "--threads", 8)
        answered, stop = [], threading.Event()

        def shop(number):
            connection = site.connection()
            while not stop.is_set():
                answer = site.checkout(amount=10000 + number, connection=connection,
                                       headers={"Idempotency-Key": str(uuid.uuid4())})
                if answer.status == 200:
                    answered.append(answer.json["decision_id"])
                else:
                    harness.SiteTest.assertProblem(self, answer, 503, answer.json["code"])
            connection.close()

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            shops = [pool.submit(shop, number) for number in range(8)]
            try:
                for _ in range(4):
                    have = len(answered)
                    until(lambda: len(answered) >= have + 60, "answers come")
                    site.handler.stop(signal.SIGKILL)
                    site.handler.start()
            finally:
                stop.set()
            for one in shops:
                one.result()
        self.assertIn("chain unbroken", site.state.verify())
        recorded = [record["id"] for record in site.state.records()]
        self.assertEqual(len(recorded), len(set(recorded)))
        self.assertEqual(set(answered) - set(recorded), set(), "an answered decision is missing")
        self.assertEqual([record["seq"] for record in site.state.records()], list(range(1, len(recorded) + 1)))

    def test_an_answer_survives_the_process_that_gave_it(self):
        site = Site(self)
        key = str(uuid.uuid4())
        first = site.checkout(headers={"Idempotency-Key": key})
        site.handler.stop(signal.SIGKILL)
        site.handler.start()
        again = site.checkout(headers={"Idempotency-Key": key})
        self.assertEqual((again.status, again.body), (200, first.body))
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")


class FullDiskTest(unittest.TestCase):
    """The state folder on a file system of a few megabytes that only the handler's mount namespace sees."""

    def setUp(self):
        words = may_mount()
        if not words:
            self.skipTest("this user may not mount a file system")
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(State.template().name, self.folder / "template")
        (self.folder / "state").mkdir()
        self.state = State(self.folder / "state")
        script = 'mount -t tmpfs -o size=16m none "$1/state" && cp -a "$1/template/." "$1/state" && shift && exec "$@"'
        self.handler = Handler(self.state, self.folder, "--cache-mb", 1,
                               command=[*words, "sh", "-c", script, "sh", self.folder])
        self.addCleanup(lambda: self.handler.stop(signal.SIGKILL))
        self.handler.start()
        nginx = Nginx(self.folder)
        self.addCleanup(nginx.stop)
        nginx.start()
        self.site = Site.__new__(Site)
        self.site.folder, self.site.handler, self.site.nginx = self.folder, self.handler, nginx
        self.site.state = State(self.folder / "template")  # its keys are the same

    def inside(self, name):
        return pathlib.Path(f"/proc/{self.handler.pid}/root{self.folder}/state/{name}")

    def fill(self):
        filler = os.open(self.inside("filler"), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while True:
                os.write(filler, bytes(4096))
        except OSError:
            pass
        finally:
            os.close(filler)

    def test_no_approval_without_a_record(self):
        self.assertEqual(self.site.checkout().status, 200)
        self.fill()
        refused = until(lambda: (answer := self.site.checkout()).status != 200 and answer, "the disk is felt")
        for answer in (refused, self.site.checkout(), self.site.checkout(headers={"Idempotency-Key": "k1"})):
            harness.SiteTest.assertProblem(self, answer, 503, "not_recorded")
            self.assertNotIn(b"approve", answer.body)
            self.assertTrue(answer.headers["Retry-After"])
        self.assertEqual(self.site.request("GET", "/.well-known/jwks.json").status, 200, "it still answers")
        os.truncate(self.inside("filler"), 0)
        again = until(lambda: (answer := self.site.checkout(headers={"Idempotency-Key": "k1"})).status == 200 and answer,
                      "it recovers by itself")
        self.assertIsNone(again.headers["Idempotent-Replayed"])
        copy = self.folder / "copy"
        shutil.copytree(self.inside(""), copy, ignore=shutil.ignore_patterns("filler", "cache"))
        records = State(copy).records()
        self.assertIn("chain unbroken", State(copy).verify())
        self.assertIn(again.json["decision_id"], [record["id"] for record in records])
        self.assertEqual([record["seq"] for record in records], list(range(1, len(records) + 1)))


class FileLimitTest(unittest.TestCase):
    def test_a_file_at_its_greatest_size_is_a_full_disk(self):
        site = Site(self, command=["prlimit", "--fsize=1000000:"])
        refused = until(lambda: (answer := site.checkout()).status != 200 and answer, "the limit is felt")
        harness.SiteTest.assertProblem(self, refused, 503, "not_recorded")
        self.assertIsNone(site.handler.process.poll())
        subprocess.run(["prlimit", f"--pid={site.handler.pid}", "--fsize=unlimited:"], check=True)
        until(lambda: site.checkout().status == 200, "it recovers by itself")
        self.assertIn("chain unbroken", site.state.verify())


class MemoryTest(unittest.TestCase):
    def resident_kb(self, pid):
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        return int([line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")][0])

    def test_memory_stays_flat(self):
        """Under sanitizers memory means nothing; there the leak check at the end counts."""
        site = Site(self, "--threads", 2)
        bodies = [json.dumps({"company": {**harness.SCHMIDT, "customer_ref": f"K-{i}"},
                              "order": {"amount": 10000 + i, "currency": "EUR"}}) for i in range(50)]
        connection = site.connection()
        self.addCleanup(connection.close)

        def calls(count):
            for i in range(count):
                answer = site.request("POST", harness.CHECKOUT, bodies[i % 50], site.authorized(), connection)
                self.assertEqual(answer.status, 200)
        calls(2500)
        before = self.resident_kb(site.handler.pid)
        calls(1500)
        if b"__asan_init" not in (harness.BUILD / "bonigate-checkout").read_bytes():
            self.assertLess(self.resident_kb(site.handler.pid) - before, 2048)
        self.assertEqual(site.handler.stop(), 0)
