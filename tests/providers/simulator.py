# SPDX-License-Identifier: MIT
"""Speaks each provider's documented shape from the fixture files beside it, with faults on demand.

    simulator.py [--tls]

Prints one line, "http PORT [tls PORT CA-FILE]", and serves on the loopback until its standard input ends. The first part of a
path chooses the fault, the second the provider: /drip/vies/check-vat-number. Faults that take a number have it behind
a dash: slow-200 answers after 200 ms, code-503 with that code, retry-429-2 with it and "Retry-After: 2", flaky-2
with two failures per path before it is well, stall-1 hangs once per path, soap-114 with the fault ER-114. What bends an
answer of several parts: noboundary, cutroot, cutfile, badfile, bigfile.
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 30  # seconds after which a fault that never ends does, so that nothing is left behind


class Tally:
    """What was seen so far; "echo" answers with it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.connections = self.requests = self.now = self.peak = 0
        self.tries = {}
        self.asked = {}

    @contextlib.contextmanager
    def request(self):
        with self.lock:
            self.requests += 1
            self.now += 1
            self.peak = max(self.peak, self.now)
        try:
            yield
        finally:
            with self.lock:
                self.now -= 1

    def attempt(self, key):
        with self.lock:
            self.tries[key] = self.tries.get(key, 0) + 1
            return self.tries[key]

    def ask(self, who):
        with self.lock:
            self.asked[who] = self.asked.get(who, 0) + 1


TALLY = Tally()


def fixture(provider, name, kind="json"):
    """Files have plain names, so that every tool and file system can hold them."""
    name = name.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"})
    path = HERE / provider / f"{name}.{kind}"
    return path.read_bytes() if "/" not in name and path.is_file() else None


def vies(_method, _path, _query, body):
    """POST check-vat-number {countryCode, vatNumber}: valid or not, faults in errorWrappers."""
    asked = json.loads(body or b"{}")
    known = fixture("vies", asked.get("countryCode", "") + asked.get("vatNumber", ""))
    if known:
        return (500 if b"errorWrappers" in known else 200), known
    return 200, json.dumps({"countryCode": asked.get("countryCode"), "vatNumber": asked.get("vatNumber"), "valid": False,
                            "requestDate": "2026-11-20T09:00:00.000Z", "name": "---", "address": "---"}).encode()


def gleif(_method, path, query, _body):
    """GET lei-records/LEI, or lei-records?filter[entity.registeredAs]=... for a list."""
    lei = path.removeprefix("lei-records").strip("/")
    if lei:
        known = fixture("gleif", lei)
        return (200, known) if known else (404, b'{"errors":[{"status":"404","title":"Not Found"}]}')
    asked = query.get("filter[entity.registeredAs]", query.get("filter[entity.legalName]", [""]))[0]
    return 200, fixture("gleif", "search " + asked) or b'{"meta":{"pagination":{"total":0}},"data":[]}'


def bureau(_method, path, query, body):
    """A bureau of no name, for the mapping file: GET companies/NUMBER, or POST search {"number": ...}."""
    asked = path.rpartition("/")[2] if not body else str(json.loads(body).get("number"))
    asked = query.get("number", [asked])[0]
    known = fixture("bureau", urllib.parse.unquote(asked))
    return (200, known) if known else (404, b'{"error":"unknown company"}')


SOAP = "application/soap+xml; charset=utf-8"
BOUNDARY = b"----=_Part_7_1"
RELATED = f'Multipart/Related; boundary="{BOUNDARY.decode()}"; type="application/xop+xml"; start-info="application/soap+xml"'
CREDITREFORM = "{https://onlineservice.creditreform.de/webservice/0600-0021}"


def creditreform(_method, path, _query, body):
    """POST of an envelope with a searchRequest or reportRequest; a report comes with its PDF as second part (MTOM)."""
    request = xml.etree.ElementTree.fromstring(body)[1][0]
    asked = {element.tag.removeprefix(CREDITREFORM): element.text for element in request.iter()}
    if path != "0600-0021/soap12/messages.wsdl" or not all(asked.get(name) for name in (
            "communicationlanguage", "transmissiontimestamp", "keylistversion", "clientapplicationname", "clientapplicationversion",
            "transactionreference", "useraccount", "generalpassword", "individualpassword")):
        return soap_fault(1)
    if request.tag == CREDITREFORM + "searchRequest":
        names = [f"search {asked[name]}" for name in ("companyname", "postcode") if name in asked] + ["search none"]
        return 200, next(filter(None, (fixture("creditreform", name, "xml") for name in names))), SOAP
    if not asked.get("legitimateinterest", "").startswith("LEIN-"):
        return soap_fault(2)
    report = fixture("creditreform", f"report {asked['identificationnumber']} {asked['producttype']}", "xml")
    if not report:
        return soap_fault(114)
    head = b'Content-Type: application/xop+xml; charset=utf-8; type="application/soap+xml"'
    file_head = (b"Content-Type: application/pdf\r\nContent-ID: <report@onlineservice.creditreform.de>\r\n"
                 b"Content-Transfer-Encoding: binary")
    parts = [(head, report), (file_head, fixture("creditreform", "report", "pdf"))]
    return 200, b"".join(b"--%b\r\n%b\r\n\r\n%b\r\n" % (BOUNDARY, *part) for part in parts) + b"--%b--" % BOUNDARY, RELATED


def soap_fault(number):
    return 500, f"""<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault>
        <e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang="de">Fehler</e:Text></e:Reason><e:Detail>
        <s:servicefault xmlns:s="{CREDITREFORM[1:-1]}"><s:body><s:fault><s:errorkey><s:key>ER-{number}</s:key>
        <s:designation>as asked</s:designation></s:errorkey></s:fault></s:body></s:servicefault>
        </e:Detail></e:Fault></e:Body></e:Envelope>""".encode(), SOAP


def cut_behind(text, mark, count):
    """Ends the text so many bytes behind the mark, where it has one."""
    at = text.find(mark)
    return text[:at + count] if at >= 0 else text


# What becomes of an answer on its way; those of one part stay as they are.
BENDS = {
    "noboundary": lambda text: text.replace(b"--" + BOUNDARY, b"--=_Part_8"),
    "cutroot": lambda text: cut_behind(text, b"<cr:reportResponse", 300),
    "cutfile": lambda text: cut_behind(text, b"%PDF-", 100),
    "bigfile": lambda text: text.replace(b"%PDF-1.4\n", b"%PDF-1.4\n" + b"%" * 3_000_000 + b"\n"),
    "badfile": lambda text: text.replace(b"%PDF-", b"<pdf>"),
}


class Reports:
    """A bureau that prepares its reports: POST reports {"number": ...} orders one, GET reports/JOB fetches it.

    No report is there before GET reports/release; GET reports tells how many were ordered and how often one was fetched.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.jobs, self.released, self.fetched = {}, False, 0

    def __call__(self, method, path, _query, body):
        job = path.removeprefix("reports").strip("/")
        with self.lock:
            if method == "POST":
                self.jobs[f"J{len(self.jobs) + 1}"] = str(json.loads(body).get("number"))
                return 202, json.dumps({"job": {"id": f"J{len(self.jobs)}"}}).encode()
            if job in ("", "release"):
                self.released |= job == "release"
                return 200, json.dumps({"ordered": len(self.jobs), "fetched": self.fetched}).encode()
            self.fetched += 1
            known = fixture("bureau", self.jobs.get(job, ""))
            if not self.released:
                return 200, b'{"state":"running"}'
        return 200, json.dumps({"state": "done", **json.loads(known)} if known else {"state": "unknown company"}).encode()


def echo(method, path, query, body, headers=None):
    return 200, json.dumps({"connections": TALLY.connections, "requests": TALLY.requests, "peak": TALLY.peak, "asked": TALLY.asked,
                            "method": method, "path": path, "query": query, "headers": headers,
                            "body": (body or b"").decode(errors="replace")}).encode()


def boniforce(method, path, query, body):
    """A report is a job: ordered by register number or search result, polled once in vain, fetched with its balance sheets."""
    kind, _, rest = path.removeprefix("v1/").partition("/")
    if kind == "search":
        return 200, fixture("boniforce", "search " + query["query"][0]) or b"[]"
    if method == "POST":
        asked = json.loads(body)
        number = "12345" if "search_result_id" in asked else asked["register_number"]
        if not fixture("boniforce", f"report report-{number}"):
            return 404, b'{"detail":"company not found"}'
        return 202, json.dumps({"job_id": f"job-{number}", "report_id": f"report-{number}"}).encode()
    if kind == "jobs":
        ready = TALLY.attempt(path) % 2 == 0
        return 200, json.dumps({"job_id": rest.partition("/")[0], "status": "completed" if ready else "running"}).encode()
    report, _, part = rest.partition("/")
    known = fixture("boniforce", f"{'financials' if part else 'report'} {report}")
    return (200, known) if known else (404, b'{"detail":"not found"}')


def schufa(_method, path, _query, body):
    """A token for the form; a report on a person for a path, or 202 and the report under manual-processing."""
    if path == "token":
        granted = body.startswith(b"grant_type=client_credentials")
        return (200, b'{"access_token":"t-1","token_type":"Bearer","expires_in":3600}') if granted else (400, b"{}")
    kind, _, report = path.partition("/")
    if kind == "manual-processing":
        return 200, fixture("schufa", "report " + report)
    asked = json.loads(body)["personData"]
    who = f"{asked['lastName']} {asked['addresses']['currentAddress']['postalCode']}"
    if manual := fixture("schufa", "manual " + who):
        return 202, manual
    known = fixture("schufa", who)
    return (200, known) if known else (404, b'{"title":"Not Found","detail":"Person was not found in Schufa database"}')


def creditsafe(_method, path, query, body):
    """A token for user and password, a search by name, a report by id."""
    if path == "authenticate":
        granted = json.loads(body).get("username") == "user"
        return (200, b'{"token":"t-1"}') if granted else (401, b'{"message":"wrong"}')
    if path == "companies":
        return 200, fixture("creditsafe", "search " + query["name"][0]) or b'{"totalSize":0,"companies":[]}'
    known = fixture("creditsafe", "report " + urllib.parse.unquote(path.rpartition("/")[2]))
    return (200, known) if known else (404, b'{"message":"no such company"}')


def openregister(_method, path, query, body):
    """POST search/company by number, GET autocomplete/company by name, GET company/ID, POST search/insolvency by id."""
    nothing = b'{"results":[]}'
    if path == "autocomplete/company":
        return 200, fixture("openregister", "name " + query["query"][0]) or nothing
    if path.startswith("search/"):
        asked = {entry["field"]: entry["value"] for entry in json.loads(body)["filters"]}
        name = f"number {asked['register_number']}" if path == "search/company" else f"insolvency {asked['company_id']}"
        return 200, fixture("openregister", name) or nothing
    known = fixture("openregister", "company " + path.rpartition("/")[2])
    return (200, known) if known else (404, b'{"message":"not found"}')


def northdata(_method, path, query, _body):
    """One company by number and court or by name and city; the notices of insolvency courts by its key."""
    if path.endswith("publications"):
        return 200, fixture("northdata", "notices " + query["registerKey"][0]) or b'{"publications":[]}'
    asked = [query.get(name, [""])[0] for name in ("registerId", "registerCity", "name", "address")]
    known = fixture("northdata", " ".join(filter(None, asked)))
    return (200, known) if known else (404, b"")


PROVIDERS = {"vies": vies, "gleif": gleif, "bureau": bureau, "creditreform": creditreform, "boniforce": boniforce,
             "schufa": schufa, "creditsafe": creditsafe, "openregister": openregister, "northdata": northdata, "echo": echo,
             "reports": Reports()}
LOGINS = {"schufa/token", "creditsafe/authenticate"}


def fault_of(asked, provider, path):
    """The fault that this request has, of the one that its address asks for."""
    stage, dot, fault = asked.rpartition(".")
    logging_in = f"{provider}/{path}" in LOGINS
    if stage == "login" or logging_in:
        return fault if dot and (stage == "login") == logging_in else "ok"
    if stage.startswith("late-"):
        return fault if TALLY.attempt(f"{stage}.{fault} {provider}") > int(stage[5:]) else "ok"
    return asked


class Gone(Exception):
    """The connection is to be closed."""


class Handler(socketserver.StreamRequestHandler):
    timeout = PATIENCE

    def handle(self):
        with TALLY.lock:
            TALLY.connections += 1
        with contextlib.suppress(OSError, Gone, ValueError):
            while self.one():
                pass

    def one(self):
        words = self.rfile.readline().decode("latin-1").split()
        if len(words) != 3:
            return False
        headers = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        # Counted until the answer is known, not until it is sent: the other side may ask again before we are told.
        with TALLY.request():
            answer = self.answer(words[0], words[1], headers, body)
        if answer:
            self.send(*answer)
        return True

    def answer(self, method, target, headers, body):
        """Code and text; None when the fault has answered in its own way."""
        url = urllib.parse.urlsplit(target)
        _, fault, provider, *rest = url.path.split("/", 3) + ["", ""]
        path, query = (rest or [""])[0], urllib.parse.parse_qs(url.query)
        name, *numbers = fault_of(fault, provider, path).split("-")
        TALLY.ask(f"{fault}/{provider}")
        well = name in BENDS or getattr(self, "fault_" + name)(target, *map(int, numbers))
        if not well:
            return None
        if provider == "echo":
            return echo(method, path, query, body, headers)
        code, text, *kind = PROVIDERS[provider](method, path, query, body)
        return code, BENDS[name](text) if name in BENDS else text, *kind

    def send(self, code, text, kind="application/json", extra=(), length=None):
        head = [f"HTTP/1.1 {code} Whatever", f"Content-Type: {kind}", f"Content-Length: {len(text) if length is None else length}",
                *extra, "", ""]
        self.wfile.write("\r\n".join(head).encode() + text)

    def forever(self, piece, pause=0.0):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.wfile.write(piece)
            time.sleep(pause)
        raise Gone

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    # Each gives True when the answer is to follow after all.

    def fault_ok(self, _target):
        return True

    def fault_slow(self, _target, ms):
        time.sleep(ms / 1000)
        return True

    def fault_hang(self, _target):
        self.connection.settimeout(PATIENCE)
        self.rfile.read(1)
        raise Gone

    def fault_stall(self, target, times):
        return TALLY.attempt(target) > times or self.fault_hang(target)

    def fault_drip(self, _target):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n")
        self.forever(b" ", 0.02)

    def fault_drophead(self, _target):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
        raise Gone

    def fault_reset(self, _target):
        self.reset()

    def fault_cut(self, _target):
        self.send(200, b'{"valid": true, "na', length=400)
        raise Gone

    def fault_empty(self, _target):
        raise Gone

    def fault_garbage(self, _target):
        self.wfile.write(os.urandom(2000))
        raise Gone

    def fault_badjson(self, _target):
        self.send(200, b'{"valid": tru')

    def fault_nothing(self, _target):
        self.send(200, b"")

    def fault_wrongtype(self, _target):
        self.send(200, b"<!doctype html><title>Maintenance</title>", "text/html")

    def fault_array(self, _target):
        self.send(200, b"[[[]]]")

    def fault_code(self, _target, code):
        self.send(code, b'{"error":"as asked"}')

    def fault_soap(self, _target, number):
        self.send(*soap_fault(number))

    def fault_retry(self, _target, code, seconds):
        self.send(code, b"{}", extra=[f"Retry-After: {seconds}"])

    def fault_flaky(self, target, times):
        if TALLY.attempt(target) > times:
            return True
        self.send(503, b"{}")
        return False

    def fault_flakyreset(self, target, times):
        if TALLY.attempt(target) > times:
            return True
        return self.reset()

    def fault_moved(self, _target):
        self.send(302, b"", extra=["Location: /ok/echo/there"])

    def fault_huge(self, _target):
        self.send(200, b"{", length=100_000_000)
        self.forever(b" " * 65536)

    def fault_chunks(self, _target):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.forever(b"4000\r\n" + b" " * 0x4000 + b"\r\n")

    def fault_trailer(self, _target):
        """Sound: a field that comes behind the body (RFC 9110, 6.5)."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                         b"Trailer: Server-Timing\r\n\r\n2\r\n{}\r\n0\r\nServer-Timing: total;dur=1\r\n\r\n")

    def fault_head(self, _target):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.forever(b"X-Long: " + b"a" * 1000 + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 512
    context = None

    def get_request(self):
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address

    def finish_request(self, request, client_address):
        if self.context:
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except OSError:
                return
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        pass


def serve(context=None):
    server = Server(("127.0.0.1", 0), Handler)
    server.context = context
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 3600}, daemon=True).start()
    return server.server_address[1]


def tls_context(folder):
    key, cert = f"{folder}/key.pem", f"{folder}/ca.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", action="store_true")
    args = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with tempfile.TemporaryDirectory(prefix="bonigate-simulator-") as folder:
        line = f"http {serve()}"
        if args.tls:
            context, cert = tls_context(folder)
            line += f" tls {serve(context)} {cert}"
        print(line, flush=True)
        sys.stdin.buffer.read()


main()
