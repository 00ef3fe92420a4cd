# SPDX-License-Identifier: MIT
"""The same program under other servers, with the configuration files that ship: Apache httpd, lighttpd, spawn-fcgi, CGI."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

import harness
from harness import BUILD, CHECKOUT, NGINX, ROOT, SCHMIDT, FastCgi, Handler, State, UnixConnection, connects, until

PROGRAM = BUILD / "bonigate-checkout"
MODULES = pathlib.Path("/usr/lib/apache2/modules")
BODY = json.dumps({"company": SCHMIDT, "order": {"amount": 10000, "currency": "EUR"}}).encode()


def find(name):
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class ServerTest(unittest.TestCase):
    """A state folder, and the calls every server must pass on alike."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.state = State.create(self.folder / "state")
        # As make install lays it out, because a server's own user may not be able to enter the source tree.
        (self.folder / "bin").mkdir()
        shutil.copy(PROGRAM, self.folder / "bin")
        for part, source in (("models", "src/data/models"), ("nginx", "nginx")):
            shutil.copytree(ROOT / source, self.folder / "share/bonigate" / part)

    def shipped(self, name):
        """A shipped configuration file with its paths replaced by this test's."""
        text = (ROOT / "nginx" / name).read_text(encoding="utf-8")
        for old, new in {"/run/bonigate": self.folder, "/usr/local": self.folder, "/var/lib/bonigate": self.state.folder}.items():
            text = text.replace(old, str(new))
        return text

    def handler(self):
        handler = Handler(self.state, self.folder)
        self.addCleanup(handler.stop)
        return handler.start()

    def serve(self, words, ready, **more):
        log = open(self.folder / "server.log", "wb")  # pylint: disable=consider-using-with
        self.addCleanup(log.close)
        process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **more)
        self.addCleanup(process.wait, harness.PATIENCE)
        self.addCleanup(lambda: process.poll() is None and process.terminate())
        until(lambda: ready() or process.poll() is not None, f"{words[0]} answers")
        self.assertIsNone(process.poll(), (self.folder / "server.log").read_text(errors="replace"))
        return process

    def request(self, method, path, body=None, **headers):
        connection = self.connect()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return harness.Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def checkout(self, body=BODY, **headers):
        return self.request("POST", CHECKOUT, body, **{"Authorization": f"Bearer {self.state.key()}",
                                                      "Content-Type": "application/json", **headers})

    def assertServes(self):
        answer = self.checkout(**{"Idempotency-Key": "k-1", "X-Request-Id": "mine", "Accept-Language": "en"})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json["outcome"], "approve")
        self.assertEqual(answer.headers["X-Request-Id"], "mine")
        again = self.checkout(**{"Idempotency-Key": "k-1"})
        self.assertEqual((again.status, again.body), (200, answer.body))
        record = self.request("GET", f"/v1/decisions/{answer.json['decision_id']}?x=1",
                              Authorization=f"Bearer {self.state.key()}")
        self.assertEqual(record.json["id"], answer.json["decision_id"])
        self.assertEqual(self.request("GET", "/healthz").json["status"], "ok")
        self.assertEqual(self.request("GET", "/.well-known/jwks.json").json["keys"][0]["kty"], "OKP")
        self.assertRefuses()
        self.assertEqual([one["id"] for one in self.state.records()], [answer.json["decision_id"]])

    def assertTellsADeadHandler(self, handler):
        handler.stop(signal.SIGKILL)
        answer = self.checkout()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (503, "application/problem+json"), answer)
        self.assertEqual(answer.json["code"], "unavailable")

    def assertRefuses(self):
        for answer, status, code in ((self.checkout(Authorization="Bearer bg_test_x"), 401, "unauthorized"),
                                     (self.request("POST", CHECKOUT, BODY), 401, "unauthorized"),
                                     (self.request("GET", CHECKOUT), 405, "method_not_allowed"),
                                     (self.request("GET", "/v1/nope"), 404, "not_found"),
                                     (self.checkout(b"{"), 400, "invalid_json"),
                                     (self.checkout(b" " * 70000), 413, "body_too_large")):
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (status, "application/problem+json"), answer)
            self.assertEqual(answer.json["code"], code)


@unittest.skipUnless(find("apache2"), "Apache httpd is not installed")
class ApacheTest(ServerTest):
    MODULES = ("mpm_event", "authz_core", "authz_host", "alias", "env", "mime", "proxy", "proxy_fcgi", "cgid")

    def start(self, name):
        for _ in range(5):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            try:
                return self.start_on_port(name)
            except AssertionError:
                if "could not bind" not in (self.folder / "server.log").read_text(errors="replace"):
                    raise
        raise AssertionError("no free port")

    def start_on_port(self, name):
        loads = [f"LoadModule {one}_module {MODULES}/mod_{one}.so" for one in self.MODULES
                 if (MODULES / f"mod_{one}.so").exists()]
        lines = [f"ServerRoot {self.folder}", f"Listen 127.0.0.1:{self.port}", "ServerName localhost",
                 f"PidFile {self.folder}/apache.pid", f"ErrorLog {self.folder}/error.log", f"ScriptSock {self.folder}/cgid.sock", f"DefaultRuntimeDir {self.folder}",
                 "StartServers 1", *loads, "TypesConfig /dev/null",
                 f"<Directory {self.folder}/share>", "Require all granted", "</Directory>",
                 f"<VirtualHost 127.0.0.1:{self.port}>", self.shipped(name), "</VirtualHost>"]
        config = self.folder / "apache.conf"
        if os.geteuid() == 0:  # httpd does not run as root
            for path in (self.folder, self.state.folder):
                path.chmod(0o755)
            lines[:0] = ["User www-data", "Group www-data"]
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")

        def ready():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        return self.serve([find("apache2"), "-DFOREGROUND", "-f", config], ready)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=harness.PATIENCE)

    def test_fastcgi(self):
        handler = self.handler()
        if os.geteuid() == 0:
            handler.socket.chmod(0o666)
        self.start("apache-fcgi.conf")
        self.assertServes()
        self.assertIn("bonigate_requests_total", self.request("GET", "/metrics").body.decode())
        self.assertTellsADeadHandler(handler)

    def test_cgi(self):
        if os.geteuid() == 0:
            for path in [self.state.folder, *self.state.folder.rglob("*")]:
                shutil.chown(path, "www-data", "www-data")
        self.start("apache-cgi.conf")
        self.assertServes()


@unittest.skipUnless(find("lighttpd"), "lighttpd is not installed")
class LighttpdTest(ServerTest):
    def start(self, name, *modules):
        listed = ", ".join(f'"mod_{module}"' for module in modules)
        config = self.folder / "lighttpd.conf"
        config.write_text(f'server.document-root = "{self.folder}"\nserver.bind = "{self.folder}/http.sock"\n'
                          f'server.errorlog = "{self.folder}/error.log"\nserver.modules = ( {listed} )\n'
                          f'server.upload-dirs = ( "{self.folder}" )\n{self.shipped(name)}', encoding="utf-8")
        return self.serve([find("lighttpd"), "-D", "-f", config], lambda: connects(self.folder / "http.sock"))

    def connect(self):
        return UnixConnection(self.folder / "http.sock")

    def test_fastcgi(self):
        handler = self.handler()
        self.start("lighttpd-fcgi.conf", "access", "alias", "fastcgi")
        self.assertServes()
        self.assertTellsADeadHandler(handler)

    def test_cgi(self):
        self.start("lighttpd-cgi.conf", "alias", "setenv", "cgi")
        self.assertServes()


@unittest.skipUnless(find("spawn-fcgi"), "spawn-fcgi is not installed")
class SpawnTest(ServerTest):
    """Started with its socket as descriptor 0, as spawn-fcgi and systemd do."""

    def connect(self):
        return UnixConnection(self.nginx.socket)

    def test_several_processes_share_a_socket(self):
        path = self.folder / "checkout.sock"
        process = self.serve([find("spawn-fcgi"), "-n", "-s", path, "-M", "0660", "--", PROGRAM, "--state",
                              self.state.folder, "--threads", "2"], lambda: connects(path))
        self.nginx = harness.Nginx(self.folder)
        self.addCleanup(self.nginx.stop)
        self.nginx.start()
        self.assertServes()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(harness.PATIENCE), 0)
        self.assertTrue(path.exists(), "a socket that is not ours stays")

    def test_a_socket_from_systemd_survives_a_restart(self):
        """One listening socket, two processes after each other and side by side, as under a service manager."""
        path = self.folder / "checkout.sock"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
            listening.listen(64)

            def start():
                process = subprocess.Popen([PROGRAM, "--state", self.state.folder, "--log", "none"], stdin=listening)
                self.addCleanup(process.wait, harness.PATIENCE)
                self.addCleanup(lambda: process.poll() is None and process.kill())
                return process

            def ask(keep=False):
                client = FastCgi(path)
                self.addCleanup(client.close)
                client.send(FastCgi.call(keep=keep))
                return client.receive()[0]
            first, second = start(), start()
            for _ in range(20):
                self.assertIn("Status: 200", ask())
            first.terminate()
            self.assertEqual(first.wait(harness.PATIENCE), 0)
            for _ in range(20):
                self.assertIn("Status: 200", ask())
            second.terminate()
            self.assertEqual(second.wait(harness.PATIENCE), 0)
            waiting = FastCgi(path)
            self.addCleanup(waiting.close)
            waiting.send(FastCgi.call())
            start()
            self.assertIn("Status: 200", waiting.receive()[0], "who called in between is answered")


class CgiTest(ServerTest):
    """One request by environment, standard input and output, no server at all."""

    def run_cgi(self, method="POST", uri=CHECKOUT, body=BODY, arguments=(), **variables):
        environment = {"PATH": os.environ["PATH"], "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": method,
                       "REQUEST_URI": uri, "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json",
                       "HTTP_AUTHORIZATION": f"Bearer {self.state.key()}", "BONIGATE_STATE": str(self.state.folder),
                       **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}, **variables}
        done = subprocess.run([PROGRAM, *arguments], input=body, env=environment, capture_output=True, check=False)
        head, _, text = done.stdout.partition(b"\r\n\r\n")
        self.assertEqual(done.returncode, 0, done)
        return head.decode(), text

    def test_one_request(self):
        head, text = self.run_cgi()
        self.assertTrue(head.startswith("Status: 200 OK"), head)
        self.assertEqual(json.loads(text)["outcome"], "approve")
        self.assertEqual(len(self.state.records()), 1)

    def test_arguments_are_never_options(self):
        """A server may make arguments of a query string without "=" (RFC 3875, 4.4)."""
        for arguments in (("--help",), ("--state", "/nonexistent"), ("--listen", "unix:/tmp/x"), ("-x",)):
            head, _ = self.run_cgi(arguments=arguments)
            self.assertTrue(head.startswith("Status: 200 OK"), head)

    def test_a_program_that_cannot_start_answers_with_a_problem(self):
        for variables in ({"BONIGATE_STATE": "/nonexistent"}, {"BONIGATE_STATE": ""}, {"BONIGATE_THREADS": "x"}):
            head, text = self.run_cgi(**variables)
            self.assertIn("Status: 503", head)
            self.assertIn("application/problem+json", head)
            self.assertEqual(json.loads(text)["code"], "unavailable")

    def test_a_body_shorter_than_announced_is_refused(self):
        head, text = self.run_cgi(CONTENT_LENGTH=str(len(BODY) + 1))
        self.assertIn("Status: 400", head)
        self.assertEqual(json.loads(text)["code"], "incomplete_body")

    def test_head_and_get(self):
        head, text = self.run_cgi("GET", "/healthz", b"")
        self.assertIn("Status: 200", head)
        self.assertEqual(json.loads(text)["status"], "ok")
        head, text = self.run_cgi("HEAD", "/healthz", b"")
        self.assertIn("Status: 200", head)
        self.assertEqual(text, b"")


class NginxFilesTest(ServerTest):
    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "1", "-subj", "/CN=bonigate.example", "-keyout", self.folder / "privkey.pem", "-out",
                        self.folder / "fullchain.pem"], check=True, capture_output=True)

    def test_the_production_example_is_accepted(self):
        self.certificate()
        example = self.shipped("example-server.conf").replace("/etc/ssl/bonigate", str(self.folder))
        # nginx -t binds what it is told to listen on; the ports may be taken, or not ours to take.
        example = re.sub(r"listen \[::\]:\d+[^;]*;", "", example)
        example, listens = re.subn(r"listen (\d+)", rf"listen unix:{self.folder}/\1.sock", example)
        self.assertEqual(listens, 2)
        (self.folder / "server.conf").write_text(example, encoding="utf-8")
        config = self.folder / "nginx.conf"
        own = [f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi")]
        config.write_text("\n".join([f"pid {self.folder}/nginx.pid;", "error_log stderr;", "events {}", "http {",
                                     "access_log off;", *own, f"include {self.folder}/server.conf;", "}"]),
                          encoding="utf-8")
        done = subprocess.run([NGINX, "-t", "-e", "stderr", "-p", self.folder, "-c", config], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("[warn]", done.stderr)

    def test_what_they_name_is_installed(self):
        plan = subprocess.run(["make", "-n", "install", "PREFIX=/usr/local", "DESTDIR="], cwd=ROOT, capture_output=True,
                              text=True, check=True).stdout
        named = {path for file in (ROOT / "nginx").glob("*.conf")
                 for path in re.findall(r"/usr/local/share/bonigate/[\w./-]+", file.read_text(encoding="utf-8"))}
        self.assertGreater(len(named), 3)
        for path in named:
            self.assertIn(path, plan)

    def test_the_static_problem_is_one(self):
        problem = json.loads((ROOT / "nginx/unavailable.json").read_text(encoding="utf-8"))
        self.assertEqual((problem["status"], problem["code"]), (503, "unavailable"))
