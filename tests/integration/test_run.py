# SPDX-License-Identifier: MIT
"""bonigate run: it serves, restarts what dies, leaves nothing behind, and says clearly why it will not start."""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BONIGATE = pathlib.Path(os.environ.get("BONIGATE_BUILD", ROOT / "build/release")) / "bonigate"
PATIENCE = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, what):
    """Waits for a condition, not for a time; PATIENCE bounds it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {PATIENCE} s: {what}")


def parent_of(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def children_of(parent):
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == parent]


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


class RunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-run-")
        self.addCleanup(folder.cleanup)
        self.state = pathlib.Path(folder.name) / "state"
        self.initialise(self.state)
        self.port = free_port()

    @staticmethod
    def initialise(state):
        state.mkdir()
        subprocess.run([BONIGATE, "init", "--state", state], check=True, stdout=subprocess.DEVNULL)

    def start(self, state=None, port=None, nginx=ROOT / "nginx", **more):
        process = subprocess.Popen([BONIGATE, "run", "--state", state or self.state, "--port", str(port or self.port),
                                    "--nginx", nginx],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        """Asks politely: what it started must be gone before its folder is."""
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()

    def serving(self, **more):
        process = self.start(**more)
        line = process.stdout.readline()
        self.assertEqual(line, f"ready http://127.0.0.1:{self.port}\n", line or process.stderr.read())
        return process

    def family(self):
        """The processes that name this test's state folder."""
        return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and str(self.state) in command_line(pid)]

    def get(self, path="/openapi.json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def test_serves_until_a_signal_and_leaves_no_process(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                process = self.serving()
                self.assertEqual(self.get(), 200)
                process.send_signal(number)
                self.assertEqual(process.wait(PATIENCE), 0)
                self.assertEqual(self.family(), [])

    def test_the_address_it_tells_leads_to_a_page(self):
        self.serving()
        self.assertEqual(self.get("/"), 302)
        self.assertEqual(self.get("/sandbox/"), 200)

    def test_stops_on_sigint_although_started_with_it_ignored(self):
        process = self.serving(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_takes_its_children_along_when_killed(self):
        process = self.serving()
        self.assertGreater(len(self.family()), 1)
        process.kill()
        process.wait(PATIENCE)
        until(lambda: self.family() == [], "all children ended")

    def test_starts_each_child_again(self):
        process = self.serving()
        for child in children_of(process.pid):
            name = command_line(child)
            with self.subTest(child=name):
                os.kill(child, signal.SIGKILL)
                until(lambda gone=child: gone not in children_of(process.pid), "the child is gone")
                until(lambda text=name: any(command_line(pid) == text for pid in children_of(process.pid)),
                      "the child is back")
                until(lambda: self.get() == 200, "it serves again")

    def test_says_that_the_port_is_taken(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", self.port))
            holder.listen()
            process = self.start()
            self.assertEqual(process.wait(PATIENCE), 1)
            self.assertIn(f"port {self.port}", process.stderr.read())
            self.assertEqual(self.family(), [])

    def test_refuses_a_state_folder_in_use(self):
        self.serving()
        second = self.start(port=free_port())
        self.assertEqual(second.wait(PATIENCE), 1)
        self.assertIn("serves", second.stderr.read())

    def test_serves_a_state_folder_whose_path_is_too_long_for_a_socket(self):
        deep = self.state / ("d" * 120)
        self.initialise(deep)
        process = self.start(state=deep)
        self.assertEqual(process.stdout.readline(), f"ready http://127.0.0.1:{self.port}\n")
        self.assertEqual(self.get(), 200)

    def test_serves_from_folders_with_spaces_in_their_names(self):
        self.state = self.state / "my shop"
        self.initialise(self.state)
        files = self.state / "nginx files"
        shutil.copytree(ROOT / "nginx", files)
        self.serving(nginx=files)
        self.assertEqual(self.get(), 200)

    def test_names_the_port_that_is_none(self):
        for text in ("0", "65536", "http", ""):
            done = subprocess.run([BONIGATE, "run", "--port", text], capture_output=True, text=True, check=False)
            self.assertIn(f'"{text}"', done.stderr.splitlines()[0])

    def test_refuses_bad_options(self):
        for options in (["--port", "0"], ["--port", "65536"], ["--port", "x"], ["--what"], ["more"]):
            done = subprocess.run([BONIGATE, "run", *options], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2, options)
            self.assertIn("usage", done.stderr)


if __name__ == "__main__":
    unittest.main()
