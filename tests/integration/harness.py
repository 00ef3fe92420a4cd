# SPDX-License-Identifier: MIT
"""Real nginx and real handlers on Unix sockets in temporary folders, for the integration tests.

    class SomeTest(harness.SiteTest):
        def test_it(self):
            answer = self.site.checkout(company={"name": ..., "country": "DE"})

Nothing sleeps for luck: whatever is waited for is asked for again until it is there (until()).
"""

import functools
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BONIGATE_BUILD", ROOT / "build/release"))
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PATIENCE = 60  # seconds until something that should happen counts as not happening
CHECKOUT = "/v1/checkout/payment-methods"
SCHMIDT = {"name": "Schmidt Industrie GmbH", "postal_code": "40213", "city": "Düsseldorf", "country": "DE",
           "vat_id": "DE136695976"}


def until(condition, what):
    """Asks again until the condition gives something; PATIENCE bounds it."""
    end = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.01)


def connects(path):
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
            return True
        except OSError:
            return False


def stat_of(pid):
    """State and parent of a process; None when there is none."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return fields[0], int(fields[1])
    except OSError:
        return None


def is_running(pid):
    stat = stat_of(pid)
    return stat is not None and stat[0] != "Z"


def descendants(pid):
    parents = {int(name): stat[1] for name in os.listdir("/proc") if name.isdigit() and (stat := stat_of(name))}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def bonigate(*arguments, **more):
    """The command-line tool; its output."""
    return subprocess.run([BUILD / "bonigate", *map(str, arguments)], check=True, capture_output=True, text=True,
                          **more).stdout


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {dict(self.headers)} {self.body[:2000]!r}"


class State:
    """A state folder with the demo register, two tenants and their keys."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    @classmethod
    @functools.cache
    def template(cls):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-template-")
        state = pathlib.Path(folder.name)
        data = ROOT / "src/data"
        bonigate("init", "--state", state)
        for kind, file in (("companies", "companies"), ("accounts", "accounts"), ("insolvency", "insolvency"),
                           ("signals", "signals")):
            bonigate("import", kind, data / f"demo/{file}.csv", "--register", "test", "--state", state)
        bonigate("index", "--register", "test", "--state", state)
        for tenant in ("demo", "other"):
            bonigate("tenant", "add", tenant, tenant.title(), "--state", state)
            bonigate("policy", "put", tenant, data / "policies/demo.json", "--state", state)
        keys = {"test": ("demo", "test", "checkout,read"), "live": ("demo", "live", "checkout,read"),
                "other": ("other", "test", "checkout,read"), "reader": ("demo", "test", "read"), "lead": ("demo", "test", "lead"),
                "other-lead": ("other", "test", "lead")}
        for name, (tenant, mode, scopes) in keys.items():
            bonigate("key", "add", tenant, "--mode", mode, "--scopes", scopes, "--file", state / f"{name}.key",
                     "--state", state)
        return folder

    @classmethod
    def create(cls, folder):
        shutil.copytree(cls.template().name, folder)
        return cls(folder)

    def key(self, name="test"):
        return (self.folder / f"{name}.key").read_text(encoding="ascii").strip()

    def records(self, tenant="demo"):
        """The tenant's decision records in chain order, as they were hashed."""
        lines = bonigate("audit", "export", "--tenant", tenant, "--state", self.folder)
        return [json.loads(line) for line in lines.splitlines()]

    def verify(self):
        """The audit's report; raises when a chain is broken."""
        return bonigate("audit", "verify", "--state", self.folder)


class Handler:
    """One handler program on a Unix socket."""

    def __init__(self, state, folder, *options, command=(), environment=None, program="checkout", name=None):
        self.state = state
        self.program = program
        self.socket = folder / f"{name or program}.sock"
        self.log = folder / ("handler.log" if program == "checkout" and not name else f"{name or program}.log")
        self.options = [str(option) for option in options]
        self.command = [str(word) for word in command]
        self.environment = {**os.environ, **(environment or {})}
        self.process = None

    def start(self):
        arguments = ["--state", str(self.state.folder), "--listen", f"unix:{self.socket}", *self.options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.command, str(BUILD / f"bonigate-{self.program}"), *arguments], stderr=log,
                                            stdin=subprocess.DEVNULL, env=self.environment)
        until(lambda: connects(self.socket) or self.process.poll() is not None, "handler answers on its socket")
        if self.process.poll() is not None:
            raise AssertionError(f"handler ended with {self.process.returncode}: {self.log.read_text()}")
        return self

    @property
    def pid(self):
        return self.process.pid

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Sends the signal and gives the exit code, once the process and those it started are gone."""
        family = descendants(self.pid)
        if self.process.poll() is None:
            self.send(number)
        code = self.process.wait(PATIENCE)
        until(lambda: not any(map(is_running, family)), "the processes it started end too")
        return code

    def log_lines(self):
        """Complete lines of the log so far; every one is JSON."""
        text = self.log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def logged(self, request_id):
        """The log line of a request; it may come a moment after the answer."""
        def found():
            return [line for line in self.log_lines() if line.get("request_id") == request_id]
        return until(found, f"log line of {request_id}")[0]

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))


class Nginx:
    """nginx with the configuration of make run, listening on a Unix socket; with a port too, for browsers."""

    def __init__(self, folder, edit=lambda text: text, port=False):
        self.folder = folder
        self.socket = folder / "http.sock"
        self.log = folder / "nginx.log"
        self.listener = socket.create_server(("127.0.0.1", 0)) if port else None
        self.port = self.listener.getsockname()[1] if port else None
        text = (ROOT / "nginx/dev.conf.in").read_text(encoding="utf-8")
        text = text.replace("listen 127.0.0.1:@PORT@;", f"listen unix:{self.socket};"
                            + (f" listen 127.0.0.1:{self.port};" if port else ""))
        for name, value in {"RUN": folder, "NGINX": ROOT / "nginx",
                            "USER": "user root;" if os.geteuid() == 0 else ""}.items():
            text = text.replace(f"@{name}@", str(value))
        (folder / "nginx.conf").write_text(edit(text), encoding="utf-8")
        self.process = None

    def start(self):
        environment, inherited = dict(os.environ), ()
        if self.listener:
            # nginx takes over a socket that is bound already, so that nobody else can have got the port.
            environment["NGINX"], inherited = f"{self.listener.fileno()};", (self.listener.fileno(),)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([NGINX, "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf",
                                             "-g", "daemon off;"], stderr=log, stdin=subprocess.DEVNULL,
                                            env=environment, pass_fds=inherited)
        until(lambda: connects(self.socket) or self.process.poll() is not None, "nginx answers")
        if self.process.poll() is not None:
            raise AssertionError(f"nginx ended: {self.log.read_text()}")
        return self

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)
        if self.listener:
            self.listener.close()


class Site:
    """State, handler and nginx together."""

    def __init__(self, case, *options, edit=lambda text: text, command=(), start=True, port=False):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        case.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.state = State.create(self.folder / "state")
        self.handler = Handler(self.state, self.folder, *options, command=command)
        self.nginx = Nginx(self.folder, edit, port)
        if start:
            case.addCleanup(self.handler.stop)
            self.handler.start()
            case.addCleanup(self.nginx.stop)
            self.nginx.start()

    def start_sandbox(self, case, *options):
        """Beside nothing but the demo register: what is not there cannot be read."""
        folder = self.folder / "sandbox-state"
        folder.mkdir()
        for name in ("register-test.db", "register-test.db-index"):
            shutil.copy(self.state.folder / name, folder)
        return self.start_handler(case, State(folder), "sandbox", *options)

    def start_handler(self, case, state, program, *options, name=None):
        handler = Handler(state, self.folder, *options, program=program, name=name)
        case.addCleanup(handler.stop)
        return handler.start()

    def connection(self):
        return UnixConnection(self.nginx.socket)

    def request(self, method, path, body=None, headers=None, connection=None):
        own = connection or self.connection()
        try:
            own.request(method, path, body, headers or {})
            response = own.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            if not connection:
                own.close()

    def authorized(self, key="test", **more):
        return {"Authorization": f"Bearer {self.state.key(key)}", "Content-Type": "application/json", **more}

    def checkout(self, company=None, amount=10000, key="test", headers=None, connection=None, **more):
        """One checkout call; "more" are further members of the body."""
        body = {"company": company or SCHMIDT, "order": {"amount": amount, "currency": "EUR"}, **more}
        return self.request("POST", CHECKOUT, json.dumps(body), {**self.authorized(key), **(headers or {})}, connection)

    def metrics(self):
        """Samples of /metrics: {'name{labels}': value}."""
        text = self.request("GET", "/metrics").body.decode()
        return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE)}


def check_metrics(test, text):
    """Bytes a Prometheus takes: read by its own client library, and judged by promtool where that is installed."""
    import prometheus_client.parser  # only here: benches use this file without it
    families = list(prometheus_client.parser.text_string_to_metric_families(text.decode("ascii")))
    names = [family.name for family in families]
    test.assertGreater(len(names), 0)
    test.assertEqual(len(names), len(set(names)), "one block per metric")
    for family in families:
        test.assertIn(family.type, ("counter", "gauge", "histogram", "summary"), family.name)
        test.assertTrue(family.documentation, family.name)
        test.assertRegex(family.name, "^bonigate_[a-z_]+$")
        test.assertTrue(all(sample.value >= 0 for sample in family.samples), family.name)
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
        test.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))


class SiteTest(unittest.TestCase):
    """One site per class, shared by its tests; handler options in OPTIONS."""

    OPTIONS = ()
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        class Case:  # stands for a test where what is started lasts as long as the class
            addCleanup = cls.addClassCleanup
        cls.case = Case
        cls.site = Site(cls.case, *cls.OPTIONS)

    def assertProblem(self, answer, status, code, *pointers):
        """A problem of this kind, with everything RFC 9457 and we promise; and for these fields, if told."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json", answer)
        problem = answer.json
        self.assertEqual(problem["status"], status)
        self.assertEqual(problem["code"], code, answer)
        self.assertEqual(problem["type"], f"urn:bonigate:problem:{code}")
        self.assertEqual(problem["request_id"], answer.headers["X-Request-Id"])
        self.assertTrue(problem["title"] and problem["detail"])
        if pointers:
            self.assertEqual([error["pointer"] for error in problem["errors"]], list(pointers), answer)
        for error in problem.get("errors", ()):
            self.assertTrue(error["code"] and error["detail"], answer)


class FastCgi:
    """A bare FastCGI client (specification 1.0), to be as rude to the handler as no web server is."""

    BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR = range(1, 8)

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        try:
            self.socket.connect(str(path))
        except OSError:
            self.socket.close()
            raise

    def close(self):
        self.socket.close()

    @staticmethod
    def record(kind, content=b"", request=1):
        return struct.pack(">BBHHBB", 1, kind, request, len(content), 0, 0) + content

    @classmethod
    def begin(cls, keep=True, role=1, request=1):
        return cls.record(cls.BEGIN, struct.pack(">HB5x", role, 1 if keep else 0), request)

    @staticmethod
    def pairs(values):
        def length(size):
            return bytes([size]) if size < 128 else struct.pack(">I", size | 0x80000000)
        out = b""
        for name, value in values.items():
            name, value = name.encode(), value.encode()
            out += length(len(name)) + length(len(value)) + name + value
        return out

    @classmethod
    def call(cls, method="GET", uri="/healthz", body=b"", keep=True, **values):
        """The bytes of one whole request."""
        values = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "REMOTE_ADDR": "unix:", **values}
        if body:
            values.setdefault("CONTENT_LENGTH", str(len(body)))
        stdin = b"".join(cls.record(cls.STDIN, body[i:i + 65535]) for i in range(0, len(body), 65535))
        return (cls.begin(keep) + cls.record(cls.PARAMS, cls.pairs(values)) + cls.record(cls.PARAMS) + stdin
                + cls.record(cls.STDIN))

    def send(self, data):
        self.socket.sendall(data)

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def receive(self):
        """Head and body of one answer, up to its END_REQUEST."""
        out = b""
        while True:
            _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", self._exactly(8))
            content = self._exactly(length)
            self._exactly(padding)
            if kind == self.STDOUT:
                out += content
            if kind == self.END:
                head, _, body = out.partition(b"\r\n\r\n")
                return head.decode(), body

    def at_end(self):
        """Waits for the other side to close; whatever comes before is dropped."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True
