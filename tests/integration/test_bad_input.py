# SPDX-License-Identifier: MIT
"""Whatever a client sends: a problem that names the fault, nothing stored, and the next call works."""

import gzip
import json
import socket

import harness
from harness import CHECKOUT, SCHMIDT, FastCgi

ORDER = {"amount": 10000, "currency": "EUR"}


def body(**more):
    return {"company": SCHMIDT, "order": ORDER, **more}


def company(**more):
    return body(company={**SCHMIDT, **more})


def order(**more):
    return body(order={**ORDER, **more})


class BodyTest(harness.SiteTest):
    def post(self, text, **headers):
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        return self.site.request("POST", CHECKOUT, data, self.site.authorized(**headers))

    def tearDown(self):
        self.assertEqual(self.site.state.records(), [], "nothing is stored for a refused request")

    @classmethod
    def tearDownClass(cls):
        answer = cls.site.checkout()
        assert answer.status == 200, answer

    def test_what_is_no_json_is_told_so(self):
        for text in ("", " ", "{", "nonsense", '{"a":', "{'a':1}", '{"a":1,}', "NaN", "[1,]", "{}{}", '{"a":1} x',
                     "\ufeff{}", '{"a":01}', '{"a":.5}', '{"a":+1}', "// x\n{}", '{"a":"\t"}', "]"):
            with self.subTest(text):
                self.assertProblem(self.post(text), 400, "invalid_json")

    def test_what_is_json_but_not_ours_is_told_so(self):
        deep = "[" * 5000 + "]" * 5000
        for text in ("[]", "1", '"x"', "null", "true", b'{"company":"\xff"}', b'{"company":"\xc0\xaf"}', b"\xff\xfe{\0}\0",
                     b'{"company":"\xed\xa0\x80"}', '{"company":"\\u0000"}', '{"company":"\\ud800"}', b'{"a\0b":1}',
                     b'{"a":"b\0c"}', deep, '{"company":' + deep + "}", '{"x":' * 5000 + "1" + "}" * 5000,
                     '{"order":{"amount":1e400}}', '{"order":{"amount":99999999999999999999999999}}',
                     '{"order":1,"order":1}', '{"company":{"name":"a","name":"b"}}', json.dumps({"": 1})):
            with self.subTest(text[:60]):
                answer = self.post(text)
                self.assertIn(answer.status, (400, 422), answer)
                self.assertProblem(answer, answer.status, answer.json["code"])
                self.assertIn(answer.json["code"], ("invalid_json", "invalid_request"))
                self.assertTrue(answer.json["errors"], answer)

    def test_every_refused_field_is_named_by_its_pointer(self):
        cases = [
            ({}, "/company", "/order"),
            ({"company": SCHMIDT}, "/order"),
            (body(company=None), "/company"),
            (body(company=[]), "/company"),
            (body(company={}), "/company/country"),
            (body(company={"country": "DE"}), "/company/name"),
            (company(name=5), "/company/name"),
            (company(name="x" * 513), "/company/name"),
            (company(name="a\nb"), "/company/name"),
            (company(country="XX"), "/company/country"),
            (company(country="Deutschland"), "/company/country"),
            (company(vat_id="DE136695977"), "/company/vat_id"),
            (company(lei="529900T8BM49AURSDO56"), "/company/lei"),
            (company(postal_code="4021"), "/company/postal_code"),
            (company(register={}), "/company/register/court", "/company/register/type", "/company/register/number"),
            (company(register={"court": "Nirgends", "type": "HRB", "number": "1"}), "/company/register/court"),
            (company(register={"court": "Köln", "type": "XYZ", "number": "1"}), "/company/register/type"),
            (company(umsatz=5), "/company/umsatz"),
            (body(extra=1), "/extra"),
            (body(**{"a/b~c": 1}), "/a~1b~0c"),
            (order(amount=0), "/order/amount"),
            (order(amount=-5), "/order/amount"),
            (order(amount=1.5), "/order/amount"),
            (order(amount="100"), "/order/amount"),
            (order(amount=True), "/order/amount"),
            (order(amount=10 ** 14), "/order/amount"),
            (order(amount=None), "/order/amount"),
            (order(currency="EURO"), "/order/currency"),
            (order(currency="QQQ"), "/order/currency"),
            (order(currency=978), "/order/currency"),
            (order(ref="r" * 65), "/order/ref"),
            (body(payment_methods="invoice"), "/payment_methods"),
            (body(payment_methods=[]), "/payment_methods"),
            (body(payment_methods=["invoice", 7]), "/payment_methods/1"),
            (body(payment_methods=["invoice", "barter"]), "/payment_methods/1"),
            (body(payment_methods=["invoice", "invoice"]), "/payment_methods/1"),
            (body(payment_methods=["m%d" % i for i in range(17)]), "/payment_methods"),
            (body(delivery_address=5), "/delivery_address"),
            (body(delivery_address={"city": "Köln"}), "/delivery_address/country"),
            (body(delivery_address={"country": "DE", "phone": "1"}), "/delivery_address/phone"),
        ]
        for value, *pointers in cases:
            with self.subTest(pointers=pointers, value=str(value)[:200]):
                self.assertProblem(self.post(json.dumps(value)), 422, "invalid_request", *pointers)

    def test_more_faults_than_are_told_stay_one_problem(self):
        answer = self.post(json.dumps({f"unknown_{i}": i for i in range(500)}))
        self.assertProblem(answer, 422, "invalid_request")
        self.assertEqual(len(answer.json["errors"]), 32)

    def test_sizes(self):
        padding = 65536 - len(json.dumps(body(extra="")).encode())
        self.assertProblem(self.post(json.dumps(body(extra="x" * padding))), 422, "invalid_request", "/extra")
        self.assertProblem(self.post(json.dumps(body(extra="x" * (padding + 1)))), 413, "body_too_large")
        self.assertProblem(self.post(b"x" * 120_000), 413, "body_too_large")

    def test_media_types(self):
        text = json.dumps(order(amount=0))
        for good in ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON"):
            answer = self.site.request("POST", CHECKOUT, text, {**self.site.authorized(), "Content-Type": good})
            self.assertEqual(answer.status, 422, good)
        for bad in ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                    "application/json5", "application/jsonx", "*/*", "application/" + "x" * 2000):
            answer = self.site.request("POST", CHECKOUT, text, {**self.site.authorized(), "Content-Type": bad})
            self.assertIn(answer.status, (415, 431), bad)
            self.assertProblem(answer, answer.status,
                               "unsupported_media_type" if answer.status == 415 else "header_too_large")
        answer = self.site.request("POST", CHECKOUT, text, {"Authorization": self.site.authorized()["Authorization"]})
        self.assertProblem(answer, 415, "unsupported_media_type")

    def test_content_codings(self):
        text = json.dumps(order(amount=0))
        for coding, status in (("identity", 422), ("Identity", 422), ("gzip", 415), ("br, gzip", 415)):
            answer = self.site.request("POST", CHECKOUT, gzip.compress(text.encode()) if status == 415 else text,
                                       {**self.site.authorized(), "Content-Encoding": coding})
            if status == 415:
                self.assertProblem(answer, 415, "unsupported_media_type")
                self.assertEqual(answer.headers["Accept-Encoding"], "identity")
            else:
                self.assertEqual(answer.status, status, coding)


class MethodTest(harness.SiteTest):
    ALLOW = {CHECKOUT: "POST, OPTIONS", "/healthz": "GET, HEAD, OPTIONS", "/v1/decisions/x": "GET, HEAD, OPTIONS",
             "/.well-known/jwks.json": "GET, HEAD, OPTIONS", "/metrics": "GET, HEAD, OPTIONS"}

    def test_a_method_that_a_path_does_not_know_is_told_the_others(self):
        for path, allow in self.ALLOW.items():
            for method in ("GET", "PUT", "PATCH", "DELETE", "POST", "PROPFIND", "X" * 31):
                if method in allow.split(", "):
                    continue
                with self.subTest(path=path, method=method):
                    answer = self.site.request(method, path, "{}" if method != "GET" else None)
                    self.assertProblem(answer, 405, "method_not_allowed")
                    self.assertEqual(answer.headers["Allow"], allow)

    def test_a_page_can_only_be_read(self):
        for path in ("/openapi.json", "/sandbox/", "/lead/lead.css"):
            for method in ("POST", "PUT", "DELETE"):
                answer = self.site.request(method, path, "{}")
                self.assertProblem(answer, 405, "method_not_allowed")
                self.assertEqual(answer.headers["Allow"], "GET, HEAD")
        self.assertProblem(self.site.request("TRACE", CHECKOUT), 405, "method_not_allowed")

    def test_headers_that_nginx_cannot_fulfil_are_a_problem(self):
        for method, path, headers in (("GET", "/openapi.json", {"Range": "bytes=99999999-"}),
                                      ("GET", "/openapi.json", {"If-Match": '"x"'}),
                                      ("POST", CHECKOUT, {"Transfer-Encoding": "x"})):
            with self.subTest(headers=headers):
                self.assertProblem(self.site.request(method, path, headers=headers), 400, "malformed_request")

    def test_options_tells_the_methods(self):
        for path, allow in self.ALLOW.items():
            answer = self.site.request("OPTIONS", path)
            self.assertEqual((answer.status, answer.headers["Allow"], answer.body), (204, allow, b""))
        self.assertProblem(self.site.request("OPTIONS", "/v1/nope"), 404, "not_found")

    def test_head_is_get_without_a_body(self):
        for path in ("/healthz", "/.well-known/jwks.json"):
            get = self.site.request("GET", path)
            head = self.site.request("HEAD", path)
            self.assertEqual((head.status, head.body), (get.status, b""))
            self.assertEqual(head.headers["Content-Length"], get.headers["Content-Length"])
        self.assertEqual(self.site.request("HEAD", "/v1/nope").status, 404)
        self.assertEqual(self.site.request("HEAD", CHECKOUT).status, 405)

    def test_unknown_paths(self):
        for path in ("/v1", "/v1/", "/v1/checkout", CHECKOUT + "/", CHECKOUT + "x", "/v1/decisions", "/v1/decisions/",
                     "/v1/decisions/a/b", "//healthz", "/v1/../healthz", "/HEALTHZ", "/%68ealthz", "/v1/%00"):
            answer = self.site.request("GET", path)
            self.assertIn(answer.status, (400, 404), path)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json", path)

    def test_a_parameter_that_is_not_known_is_refused(self):
        for path in ("/v1/companies?q=a&page=2", "/v1/company-links?afetr=K-1", "/v1/events?limit=5&afetr=evt_1"):
            self.assertProblem(self.site.request("GET", path, headers=self.site.authorized()), 422, "invalid_request", "?")
        answer = self.site.request("GET", "/v1/company-links?after=%00", headers=self.site.authorized())
        self.assertProblem(answer, 422, "invalid_request", "?after")

    def test_a_folder_without_a_page_is_nothing(self):
        site = harness.Site(self, edit=lambda text: text.replace("location = /", "location = /start"))
        self.assertProblem(site.request("GET", "/"), 404, "not_found")

    def test_a_query_does_not_change_the_route(self):
        self.assertEqual(self.site.request("GET", "/healthz?x=/v1/nope").status, 200)


class WireTest(harness.SiteTest):
    """Bytes that no library sends."""

    def raw(self, data, end=False):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(harness.PATIENCE)
            sock.connect(str(self.site.nginx.socket))
            sock.sendall(data)
            if end:
                sock.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := sock.recv(65536):
                answer += piece
            return answer

    def tearDown(self):
        self.assertEqual(self.site.checkout().status, 200, "the next call works")

    def test_broken_requests_get_a_problem_from_nginx(self):
        for data, status in ((b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                             (b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
                             (b"POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
                             (b"POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1e9\r\n\r\n", 400),
                             (b"POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413),
                             (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
                             (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 40000 + b"\r\n\r\n", 400)):
            with self.subTest(data[:60]):
                head, _, text = self.raw(data).partition(b"\r\n\r\n")
                self.assertIn(b" %d " % status, head.split(b"\r\n")[0] + b" ")
                self.assertIn(b"application/problem+json", head)
                self.assertEqual(json.loads(text)["status"], status)

    def test_chunked_bodies_are_read_to_their_end(self):
        text = json.dumps(body()).encode()
        head = (f"POST {CHECKOUT} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
                f"Content-Type: application/json\r\nAuthorization: Bearer {self.site.state.key()}\r\n\r\n").encode()
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(text[i:i + 7]), text[i:i + 7]) for i in range(0, len(text), 7))
        self.assertIn(b" 200 ", self.raw(head + chunks + b"0\r\n\r\n").split(b"\r\n")[0])
        large = b"%x\r\n%s\r\n0\r\n\r\n" % (70000, b" " * 70000)
        answer = self.raw(head + large)
        self.assertIn(b" 413 ", answer.split(b"\r\n")[0])
        self.assertIn(b"body_too_large", answer)

    def test_a_body_that_never_comes_leaves_no_trace(self):
        head = (f"POST {CHECKOUT} HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {self.site.state.key()}\r\n\r\n").encode()
        before = len(self.site.state.records())
        self.raw(head + b'{"company":', end=True)
        self.assertEqual(len(self.site.state.records()), before)

    def test_lengths_that_lie_are_refused(self):
        text = json.dumps(body()).encode()
        values = {"HTTP_AUTHORIZATION": f"Bearer {self.site.state.key()}", "CONTENT_TYPE": "application/json"}
        for length, code in ((str(len(text) + 1), "incomplete_body"), (str(len(text) - 1), "incomplete_body"),
                             ("0", "incomplete_body"), ("-1", "invalid_content_length"),
                             ("x", "invalid_content_length"), ("9" * 30, "invalid_content_length"),
                             ("99999999", "body_too_large")):
            client = FastCgi(self.site.handler.socket)
            client.send(FastCgi.call("POST", CHECKOUT, text, CONTENT_LENGTH=length, **values))
            head, answer = client.receive()
            self.assertEqual(json.loads(answer)["code"], code, (length, head))
            # The connection is clean for the next request all the same.
            client.send(FastCgi.call("GET", "/healthz"))
            self.assertIn("200", client.receive()[0])
            client.close()

    def test_a_server_that_tells_nothing_gets_a_problem(self):
        for values in ({"REQUEST_METHOD": ""}, {"REQUEST_URI": ""}, {"REQUEST_URI": "x" * 5000}):
            client = FastCgi(self.site.handler.socket)
            client.send(FastCgi.begin()
                        + FastCgi.record(FastCgi.PARAMS, FastCgi.pairs({"REQUEST_METHOD": "GET", "REQUEST_URI": "/",
                                                                        **values}))
                        + FastCgi.record(FastCgi.PARAMS) + FastCgi.record(FastCgi.STDIN))
            head, answer = client.receive()
            self.assertIn(json.loads(answer)["status"], (400, 414), head)
            client.close()

    def test_metrics_are_hidden_from_other_machines(self):
        for address, status in (("unix:", 200), ("127.0.0.1", 200), ("::1", 200), ("192.0.2.1", 404), ("", 404),
                                ("::ffff:192.0.2.1", 404), ("1127.0.0.1", 404)):
            client = FastCgi(self.site.handler.socket)
            client.send(FastCgi.call("GET", "/metrics", REMOTE_ADDR=address))
            self.assertIn(f"Status: {status}", client.receive()[0], address)
            client.close()


class GarbageTest(harness.SiteTest):
    """A peer on the handler's own socket that does not speak FastCGI properly."""

    def test_garbage_ends_its_connection_only(self):
        begin, params = FastCgi.begin(), FastCgi.record(FastCgi.PARAMS, FastCgi.pairs({"REQUEST_METHOD": "GET"}))
        cases = [b"GET / HTTP/1.1\r\n\r\n", b"\0" * 64, b"\xff" * 4096, begin[:7], begin, begin + begin,
                 FastCgi.record(FastCgi.STDIN, b"x"), begin + FastCgi.record(FastCgi.STDIN, b"x"),
                 FastCgi.begin(role=9), begin + FastCgi.record(FastCgi.ABORT), begin + params[:-3],
                 begin + FastCgi.record(FastCgi.PARAMS, b"\x7f\x7fab") + FastCgi.record(FastCgi.PARAMS),
                 begin + params + FastCgi.record(FastCgi.PARAMS) + FastCgi.record(FastCgi.PARAMS, b"x"),
                 FastCgi.record(99, b"x" * 100), FastCgi.record(9, FastCgi.pairs({"FCGI_MAX_CONNS": ""}), request=0)]
        for data in cases:
            with self.subTest(data[:40]):
                client = FastCgi(self.site.handler.socket)
                client.send(data)
                client.socket.shutdown(socket.SHUT_WR)
                self.assertTrue(client.at_end())
                client.close()
                self.assertEqual(self.site.request("GET", "/healthz").status, 200)

    def test_other_roles_are_answered_once(self):
        for role in (2, 3):
            client = FastCgi(self.site.handler.socket)
            client.send(FastCgi.call("GET", "/healthz").replace(FastCgi.begin(), FastCgi.begin(role=role)))
            self.assertIn("200", client.receive()[0])
            self.assertTrue(client.at_end())
            client.close()
