# SPDX-License-Identifier: MIT
"""The web pages in a real browser: tests/browser/*.mjs with Debian's Chromium against a site of their own."""

import json
import os
import shutil
import subprocess
import unittest

import harness

BROWSER = harness.ROOT / "tests/browser"
CHROMIUM = shutil.which("chromium")
MODULES = harness.ROOT / "tests/node_modules/playwright-core"


@unittest.skipUnless(CHROMIUM, "chromium is not installed")
@unittest.skipUnless(MODULES.exists(), "npm ci --prefix tests was not run")
class PagesTest(unittest.TestCase):
    """One test per script; each of its checks is a sub-test."""

    def run_script(self, name):
        site = harness.Site(self, port=True)
        site.start_sandbox(self, "--quota", 100000)
        site.start_handler(self, site.state, "lead")
        environment = {**os.environ, "BONIGATE_URL": f"http://127.0.0.1:{site.nginx.port}", "BONIGATE_CHROMIUM": CHROMIUM,
                       "BONIGATE_SCREENSHOTS": str(harness.ROOT / "tests/screenshots"),
                       "BONIGATE_KEY": site.state.key("lead")}
        done = subprocess.run(["node", BROWSER / name], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False, timeout=600)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.assertTrue(lines, "the script has tests")
        for line in lines:
            with self.subTest(line["name"]):
                if "skipped" in line:
                    print(f"     skipped: {name}: {line['name']}: {line['skipped']}")
                self.assertTrue(line["ok"], line.get("error"))

    def test_sandbox(self):
        self.run_script("sandbox.mjs")

    def test_lead(self):
        self.run_script("lead.mjs")
