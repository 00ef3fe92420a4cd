# SPDX-License-Identifier: MIT
"""A site whose live register knows nobody of interest, so that providers on the simulator are asked."""

import contextlib
import json
import subprocess
import sys
import urllib.request

import harness

OTHERS = "id,name,street,postal_code,city,country\nX1,Vogel Backwaren GmbH,Weg 1,10115,Berlin,DE\n"
SCHMIDT = {"name": "Schmidt Industrie GmbH", "postal_code": "40213", "city": "Düsseldorf", "country": "DE",
           "register": {"court": "Düsseldorf", "type": "HRB", "number": "12345"}}
PATIENT = ("--budget-ms", "20000")


@contextlib.contextmanager
def simulator():
    """Its port; it ends with its standard input."""
    with subprocess.Popen([sys.executable, "-B", harness.ROOT / "tests/providers/simulator.py"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline().split()[1])
        process.stdin.close()


def seen(port):
    """What the simulator has seen so far, this question included."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/ok/echo/x") as answer:
        return json.load(answer)


def bureau(name, url, **members):
    """The configuration of the example bureau, at this address."""
    mapping = json.loads((harness.ROOT / "tests/providers/bureau/mapping.json").read_text(encoding="utf-8"))
    return {**mapping, "id": name, "private_network": True, "url": url,
            "auth": {"header": "X-Api-Key", "file": "bureau.key"}, **members}


def creditreform(url, **members):
    """The kept configuration of Creditreform, at this address, with the bureau's key for every password."""
    config = json.loads((harness.ROOT / "tests/providers/creditreform/config.json").read_text(encoding="utf-8"))
    del config["endpoint"]
    return {**config, "private_network": True, "url": url,
            "credentials": {name: {"file": "bureau.key"} for name in config["credentials"]}, **members}


def policy(site, **members):
    """Puts the demo policy with these members changed."""
    text = json.loads((harness.ROOT / "src/data/policies/demo.json").read_text(encoding="utf-8"))
    path = site.folder / "policy.json"
    path.write_text(json.dumps({**text, "version": "changed", **members}), encoding="utf-8")
    harness.bonigate("policy", "put", "demo", path, "--state", site.state.folder)


def start(case, bureaus, *options, processes=1, rules=None, companies=OTHERS):
    """Handlers of one state directory behind one nginx; each dictionary of "bureaus" is a provider, "rules" are
    members of the policy."""
    def spread(text):
        names = ["checkout", *(f"checkout-{i}" for i in range(1, processes))]
        servers = " ".join(f"server unix:{site.folder}/{name}.sock max_fails=0;" for name in names)
        alone = f'server "unix:{site.folder}/checkout.sock";'
        case.assertIn(alone, text)
        return text.replace(alone, servers)

    site = harness.Site(case, *options, start=False)
    rows = site.folder / "companies.csv"
    rows.write_text(companies, encoding="utf-8")
    harness.bonigate("import", "companies", rows, "--register", "live", "--state", site.state.folder)
    policy(site, **(rules or {}))
    folder = site.state.folder / "providers"
    folder.mkdir()
    (folder / "bureau.key").write_text("0123\n", encoding="ascii")
    (folder / "bureau.key").chmod(0o600)
    for config in bureaus:
        (folder / f"{config['id']}.json").write_text(json.dumps(config), encoding="utf-8")
    site.nginx = harness.Nginx(site.folder, spread)
    case.addCleanup(site.handler.stop)
    site.handlers = [site.handler.start()]
    for i in range(1, processes):
        site.handlers.append(site.start_handler(case, site.state, "checkout", *options, name=f"checkout-{i}"))
    case.addCleanup(site.nginx.stop)
    site.nginx.start()
    return site
