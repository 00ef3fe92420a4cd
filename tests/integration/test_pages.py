# SPDX-License-Identifier: MIT
"""The web pages in a real browser: tests/browser/*.mjs with Debian's Chromium against a site of their own."""

import http.server
import json
import os
import shutil
import subprocess
import threading
import unittest

import harness

SNIPPET = harness.ROOT / "shop-snippets/html-form"
BROWSER = harness.ROOT / "tests/browser"
CHROMIUM = shutil.which("chromium")
MODULES = harness.ROOT / "tests/node_modules/playwright-core"


class Shop:
    """Somebody's own site with the snippet on its first page."""

    PAGE = '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Shop</title></head><body><main>%s</main></body></html>'

    def __init__(self, case):
        shop = self

        class Pages(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                kind, text = shop.file(self.path)
                self.send_response(200 if text else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        thread = threading.Thread(target=server.serve_forever)
        case.addCleanup(thread.join)
        case.addCleanup(server.server_close)
        case.addCleanup(server.shutdown)
        thread.start()
        self.origin = f"http://localhost:{server.server_port}"
        self.action = ""

    def file(self, path):
        if path == "/":
            form = (SNIPPET / "form.html").read_text(encoding="utf-8")
            return "text/html", self.PAGE % ("<h1>Anfrage</h1>" + form.replace("https://bonigate.example/v1/forms/FORM_KEY", self.action))
        if path == "/danke":
            return "text/html", self.PAGE % "<h1>Vielen Dank</h1>"
        if path in ("/bonigate-form.js", "/bonigate-form.css"):
            return "text/javascript" if path.endswith("js") else "text/css", (SNIPPET / path[1:]).read_text(encoding="utf-8")
        return "text/plain", ""


@unittest.skipUnless(CHROMIUM, "chromium is not installed")
@unittest.skipUnless(MODULES.exists(), "npm ci --prefix tests was not run")
class PagesTest(unittest.TestCase):
    """One test per script; each of its checks is a sub-test."""

    def run_script(self, name, more=lambda site: {}):
        site = harness.Site(self, port=True)
        site.start_sandbox(self, "--quota", 100000)
        site.start_handler(self, site.state, "lead")
        environment = {**os.environ, "BONIGATE_URL": f"http://127.0.0.1:{site.nginx.port}", "BONIGATE_CHROMIUM": CHROMIUM,
                       "BONIGATE_SCREENSHOTS": str(harness.ROOT / "tests/screenshots"),
                       "BONIGATE_KEY": site.state.key("lead"), **more(site)}
        done = subprocess.run(["node", BROWSER / name], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False, timeout=600)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.assertTrue(lines, "the script has tests")
        for line in lines:
            with self.subTest(line["name"]):
                self.assertTrue(line["ok"], line.get("error"))

    def test_sandbox(self):
        self.run_script("sandbox.mjs")

    def test_lead(self):
        self.run_script("lead.mjs")

    def test_form(self):
        def shops(site):
            """The snippet on two sites of other origins; only the first may send it."""
            shop, other = Shop(self), Shop(self)
            key = harness.bonigate("key", "add", "demo", "--mode", "test", "--scopes", "form", "--origin", shop.origin,
                                   "--return", f"{shop.origin}/danke", "--state", site.state.folder).strip()
            shop.action = other.action = f"http://127.0.0.1:{site.nginx.port}/v1/forms/{key}"
            return {"BONIGATE_SHOP": shop.origin, "BONIGATE_OTHER": other.origin}
        self.run_script("form.mjs", shops)
