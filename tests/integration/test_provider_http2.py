# SPDX-License-Identifier: MIT
"""A bureau that speaks HTTP/2: a real nginx with TLS in front of the simulator; questions share its connection."""

import collections
import concurrent.futures
import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

import harness
import provider_site
from provider_site import SCHMIDT, simulator

CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    log_format calls '$server_protocol $connection $status';
    access_log {folder}/calls.log calls;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    server {{
        listen 127.0.0.1:{port} ssl{http2};
        server_name localhost;
        ssl_certificate {folder}/cert.pem;
        ssl_certificate_key {folder}/key.pem;
        location / {{ proxy_pass http://127.0.0.1:{behind}; }}
    }}
}}
"""


class Front:
    """nginx with TLS before the simulator."""

    def __init__(self, case, behind, http2=True):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        case.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                        "2", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        text = CONFIG.format(folder=self.folder, port=self.port, behind=behind, http2=" http2" if http2 else "")
        if os.geteuid() == 0:
            text = "user root;" + text
        (self.folder / "nginx.conf").write_text(text, encoding="utf-8")
        # nginx takes over a socket that is bound already, so that nobody else can have got the port.
        self.process = subprocess.Popen([harness.NGINX, "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf"],
                                        env={**os.environ, "NGINX": f"{listener.fileno()};"}, pass_fds=(listener.fileno(),),
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        listener.close()
        case.addCleanup(self.process.wait, harness.PATIENCE)
        case.addCleanup(self.process.terminate)

    def calls(self):
        """Finished calls so far: (protocol, connection, status)."""
        log = self.folder / "calls.log"
        return [tuple(line.split()) for line in log.read_text(encoding="ascii").splitlines()] if log.exists() else []


class ProviderHttp2Test(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.simulator = self.enterContext(simulator())

    def site(self, front, fault):
        bureau = provider_site.bureau("bureau", f"https://localhost:{front.port}/{fault}/bureau", cost={}, in_flight=32,
                                      ca_file=str(front.folder / "cert.pem"))
        return provider_site.start(self, [bureau], *provider_site.PATIENT)

    def ask(self, site, number):
        company = {**SCHMIDT, "register": {**SCHMIDT["register"], "number": str(number)}}
        answer = site.checkout(company=company, key="live")
        self.assertEqual(answer.status, 200, answer)
        return {source["id"]: source["state"] for source in answer.json["assessment"]["sources"]}["bureau"]

    def ask_many(self, site, count):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            return collections.Counter(pool.map(lambda number: self.ask(site, number), range(1, count + 1)))

    def test_questions_at_the_same_time_share_one_connection(self):
        front = Front(self, self.simulator)
        site = self.site(front, "slow-100")
        self.assertEqual(self.ask_many(site, 40), {"no_data": 40})
        self.assertEqual(self.ask(site, 12345), "answer")
        calls = harness.until(lambda: len(front.calls()) == 41 and front.calls(), "nginx has logged every call")
        self.assertEqual({protocol for protocol, _, _ in calls}, {"HTTP/2.0"})
        self.assertEqual(len({connection for _, connection, _ in calls}), 1, calls)
        self.assertGreater(provider_site.seen(self.simulator)["peak"], 1, "they were on it at the same time")

    def test_without_http2_each_has_a_connection_of_its_own_meanwhile(self):
        front = Front(self, self.simulator, http2=False)
        site = self.site(front, "slow-100")
        self.assertEqual(self.ask_many(site, 40), {"no_data": 40})
        calls = harness.until(lambda: len(front.calls()) == 40 and front.calls(), "nginx has logged every call")
        self.assertEqual({protocol for protocol, _, _ in calls}, {"HTTP/1.1"})
        self.assertLessEqual(len({connection for _, connection, _ in calls}), 8)


if __name__ == "__main__":
    unittest.main()
