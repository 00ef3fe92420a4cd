# SPDX-License-Identifier: MIT
"""Connections of the web server: idle ones hold no thread, stalled ones lose it, and a signal ends them in order."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import unittest

import harness
from harness import CHECKOUT, SCHMIDT, FastCgi, Handler, Site, State, connects, until


def open_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def is_open(client):
    client.socket.setblocking(False)
    try:
        return client.socket.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        client.socket.settimeout(harness.PATIENCE)


def sleeping_places(pid):
    """Where in the system each thread sleeps; "0" for one that runs, and for all where that is not told."""
    return [(task / "wchan").read_text(encoding="ascii") for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]


def waiting_for_others(pid):
    """Threads that sleep until another thread wakes them."""
    return sum(place.startswith("futex") for place in sleeping_places(pid))


class HandlerTest(unittest.TestCase):
    """A handler alone, spoken to directly."""

    def start(self, *options, **more):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        handler = Handler(State.create(self.folder / "state"), self.folder, *options, **more)
        self.addCleanup(lambda: handler.process and handler.stop(signal.SIGKILL))
        return handler.start()

    def client(self, handler):
        client = FastCgi(handler.socket)
        self.addCleanup(client.close)
        return client

    def ask(self, client, **more):
        client.send(FastCgi.call(**more))
        head, body = client.receive()
        self.assertIn("Status: 200", head)
        return body

    def checkout(self, handler, client):
        text = json.dumps({"company": SCHMIDT, "order": {"amount": 10000, "currency": "EUR"}}).encode()
        client.send(FastCgi.call("POST", CHECKOUT, text, CONTENT_TYPE="application/json",
                                 HTTP_AUTHORIZATION=f"Bearer {handler.state.key()}"))
        return client.receive()


class StarvationTest(HandlerTest):
    def test_many_idle_connections_hold_no_thread(self):
        handler = self.start("--threads", 2)
        idle = [self.client(handler) for _ in range(100)]
        for client in idle:
            self.ask(client)
        fresh = self.client(handler)
        for _ in range(20):
            self.ask(fresh)
            self.ask(self.client(handler), keep=False)
        for client in idle:
            self.ask(client)

    def test_connections_that_say_nothing_hold_no_thread(self):
        handler = self.start("--threads", 2)
        silent = [self.client(handler) for _ in range(50)]
        for _ in range(20):
            self.ask(self.client(handler))
        self.assertTrue(all(map(is_open, silent)))

    def test_more_requests_at_once_than_threads_are_all_answered(self):
        handler = self.start("--threads", 2)
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            def many(_):
                client = FastCgi(handler.socket)
                for _ in range(20):
                    self.assertIn("Status: 200", self.checkout(handler, client)[0])
                client.close()
            list(pool.map(many, range(32)))
        self.assertEqual(len(handler.state.records()), 640)

    def test_everyone_who_waited_for_a_lane_gets_one(self):
        handler = self.start("--threads", 8, "--budget-ms", 20000)
        if set(sleeping_places(handler.pid)) == {"0"}:
            self.skipTest("the system does not tell where threads sleep")
        idle = waiting_for_others(handler.pid)
        store = sqlite3.connect(handler.state.folder / "store.db", timeout=harness.PATIENCE, isolation_level=None)
        self.addCleanup(store.close)
        store.execute("BEGIN IMMEDIATE")
        text = json.dumps({"company": SCHMIDT, "order": {"amount": 10000, "currency": "EUR"}}).encode()
        clients = [self.client(handler) for _ in range(16)]
        for client in clients:
            client.send(FastCgi.call("POST", CHECKOUT, text, CONTENT_TYPE="application/json",
                                     HTTP_AUTHORIZATION=f"Bearer {handler.state.key()}"))
        until(lambda: waiting_for_others(handler.pid) >= idle + 7, "one thread commits, seven wait for a lane")
        store.execute("ROLLBACK")
        for client in clients:
            self.assertIn("Status: 200", client.receive()[0])

    def test_a_full_table_closes_the_connection_idle_for_longest(self):
        handler = self.start("--threads", 2, "--connections", 10)
        clients = []
        for _ in range(10):
            clients.append(self.client(handler))
            self.ask(clients[-1])
        self.ask(self.client(handler))
        until(lambda: not all(map(is_open, clients)), "an idle one gave way")
        self.assertEqual(sum(map(is_open, clients)), 9, "the others stay")
        self.assertTrue(all(map(is_open, clients[3:])), "it was one of the longest idle")
        for _ in range(50):
            self.ask(self.client(handler))

    def test_an_idle_connection_is_closed_after_its_time(self):
        handler = self.start("--idle-ms", 300)
        client = self.client(handler)
        self.ask(client)
        until(lambda: not is_open(client), "closed for idleness")
        self.ask(self.client(handler))

    def test_a_stalled_request_loses_its_thread(self):
        handler = self.start("--threads", 2, "--request-ms", 500)
        stalled = [self.client(handler) for _ in range(6)]
        whole = FastCgi.call("POST", CHECKOUT, b"{}", CONTENT_TYPE="application/json", CONTENT_LENGTH="50",
                             HTTP_AUTHORIZATION=f"Bearer {handler.state.key()}")
        for client, cut in zip(stalled, (4, 8, 20, 40, len(whole) - 20, len(whole) - 8)):
            client.send(whole[:cut])
        self.ask(self.client(handler))
        for client in stalled:
            self.assertTrue(client.at_end())
        self.assertEqual(handler.state.records(), [])

    def test_a_peer_that_reads_nothing_loses_its_thread(self):
        handler = self.start("--threads", 1, "--request-ms", 500)
        client = self.client(handler)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        client.socket.setblocking(False)
        request = FastCgi.call(uri="/metrics")
        try:
            while True:
                client.socket.send(request)
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            pass
        self.ask(self.client(handler))

    def test_a_peer_that_reads_nothing_holds_up_nobodys_record(self):
        """Records share commits; whoever made one must not wait for the slowest reader among them."""
        handler = self.start("--threads", 3)
        rude, good = self.client(handler), self.client(handler)
        text = json.dumps({"company": SCHMIDT, "order": {"amount": 10000, "currency": "EUR"}}).encode()
        request = FastCgi.call("POST", CHECKOUT, text, CONTENT_TYPE="application/json",
                               HTTP_AUTHORIZATION=f"Bearer {handler.state.key()}")

        def recorded():
            good.send(FastCgi.call(uri="/metrics"))
            return int(re.search(rb"^bonigate_store_decisions_total (\d+)$", good.receive()[1], re.M)[1])

        def is_recorded(count):
            end = time.monotonic() + 1
            while recorded() < count and time.monotonic() < end:
                time.sleep(0.001)
            return recorded() >= count

        sent = 0
        while True:
            rude.send(request)
            sent += 1
            self.assertLess(sent, 1000, "its answers must fill any buffer some time")
            if not is_recorded(sent):
                break
        before = recorded()
        answers = [self.checkout(handler, good) for _ in range(20)]
        for head, _ in answers:
            self.assertIn("Status: 200", head)
        told = {json.loads(body)["decision_id"] for _, body in answers}
        self.assertEqual(len(told), 20)
        self.assertLessEqual(told, {record["id"] for record in handler.state.records()})
        self.assertGreaterEqual(recorded(), before + 20, "the rude one's own may have come late")

    def test_a_request_in_pieces_is_whole_when_it_is_there(self):
        handler = self.start("--threads", 2)
        client = self.client(handler)
        text = json.dumps({"company": SCHMIDT, "order": {"amount": 10000, "currency": "EUR"}}).encode()
        whole = FastCgi.call("POST", CHECKOUT, text, CONTENT_TYPE="application/json",
                             HTTP_AUTHORIZATION=f"Bearer {handler.state.key()}")
        for _ in range(3):
            for byte in range(0, len(whole), 11):
                client.send(whole[byte:byte + 11])
            self.assertIn("Status: 200", client.receive()[0])

    def test_connections_that_come_and_go_leave_no_descriptor(self):
        handler = self.start("--threads", 4)
        self.ask(self.client(handler), keep=False)
        before = open_descriptors(handler.pid)
        for _ in range(200):
            client = FastCgi(handler.socket)
            client.send(FastCgi.call(keep=False))
            client.receive()
            client.close()
        for _ in range(100):
            FastCgi(handler.socket).close()
            rude = FastCgi(handler.socket)
            rude.send(FastCgi.call(keep=True))
            rude.close()
        until(lambda: open_descriptors(handler.pid) <= before, "all are closed")


class NginxTest(unittest.TestCase):
    def test_more_kept_connections_than_threads_through_nginx(self):
        """The measured trap of libfcgi's own loop: 4 threads, keepalive 4, and 8 requests took a minute."""
        site = Site(self, "--threads", 2, edit=lambda text: text.replace("keepalive 32;", "keepalive 64;"))
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            for _ in range(5):
                answers = list(pool.map(lambda _: site.checkout(), range(48)))
                self.assertEqual({answer.status for answer in answers}, {200})
        connections = subprocess.run(["ss", "-xH", "src", str(site.handler.socket)], capture_output=True, text=True,
                                     check=False).stdout.count("ESTAB") if shutil.which("ss") else 3
        self.assertGreater(connections, 2, "more connections are kept than there are threads")

    def test_without_keep_alive_it_works_the_same(self):
        site = Site(self, "--threads", 2, edit=lambda text: re.sub(r"\s+keepalive\w* \w+;", "", text))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: site.checkout(), range(64)))
        self.assertEqual({answer.status for answer in answers}, {200})

    def test_a_dead_handler_is_a_problem_and_a_restarted_one_serves(self):
        site = Site(self)
        self.assertEqual(site.checkout().status, 200)
        site.handler.stop(signal.SIGKILL)
        for method, path in (("POST", CHECKOUT), ("GET", "/healthz"), ("GET", "/.well-known/jwks.json")):
            answer = site.request(method, path, "{}" if method == "POST" else None, site.authorized())
            harness.SiteTest.assertProblem(self, answer, 503, "unavailable")
            self.assertEqual(answer.headers["Retry-After"], "2")
        site.handler.start()
        self.assertEqual(site.checkout().status, 200)

    def test_a_restart_between_two_calls_is_not_noticed(self):
        site = Site(self)
        connection = site.connection()
        self.addCleanup(connection.close)
        for _ in range(5):
            self.assertEqual(site.checkout(connection=connection).status, 200)
            self.assertEqual(site.handler.stop(), 0)
            site.handler.start()
        self.assertEqual(site.checkout(connection=connection).status, 200)


class SignalTest(HandlerTest):
    def test_sigterm_answers_what_is_running_and_exits_cleanly(self):
        handler = self.start("--threads", 4)
        idle = self.client(handler)
        self.ask(idle)
        running = self.client(handler)
        text = json.dumps({"company": SCHMIDT, "order": {"amount": 10000, "currency": "EUR"}}).encode()
        whole = FastCgi.call("POST", CHECKOUT, text, CONTENT_TYPE="application/json",
                             HTTP_AUTHORIZATION=f"Bearer {handler.state.key()}")
        running.send(whole[:-30])
        waiting = self.client(handler)
        handler.send(signal.SIGTERM)
        until(lambda: not handler.socket.exists(), "the socket is gone")
        self.assertTrue(idle.at_end())
        self.assertIsNone(handler.process.poll(), "it waits for the running request")
        running.send(whole[-30:])
        head, body = running.receive()
        self.assertIn("Status: 200", head)
        self.assertTrue(running.at_end(), "no further request is taken on a kept connection")
        self.assertTrue(waiting.at_end())
        self.assertEqual(handler.process.wait(harness.PATIENCE), 0)
        self.assertEqual([record["id"] for record in handler.state.records()], [json.loads(body)["decision_id"]])

    def test_a_request_that_never_ends_does_not_keep_it(self):
        handler = self.start("--drain-ms", 300)
        client = self.client(handler)
        client.send(FastCgi.call()[:30])
        self.ask(self.client(handler))
        handler.send(signal.SIGTERM)
        self.assertEqual(handler.process.wait(harness.PATIENCE), 0)

    def test_every_stop_signal_drains(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            handler = self.start()
            self.ask(self.client(handler))
            self.assertEqual(handler.stop(number), 0)
            self.assertFalse(handler.socket.exists())

    def test_sigterm_under_load_loses_no_answer(self):
        handler = self.start("--threads", 8)
        answered, refused = [], []

        def shop(_):
            while True:
                try:
                    client = FastCgi(handler.socket)
                except OSError:
                    return
                try:
                    while True:
                        head, body = self.checkout(handler, client)
                        (answered if "Status: 200" in head else refused).append(json.loads(body))
                except (EOFError, OSError):
                    client.close()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            shops = [pool.submit(shop, i) for i in range(8)]
            until(lambda: len(answered) > 50, "some answers")
            self.assertEqual(handler.stop(), 0)
            for one in shops:
                one.result()
        self.assertEqual(refused, [])
        recorded = {record["id"] for record in handler.state.records()}
        self.assertLessEqual({answer["decision_id"] for answer in answered}, recorded)

    def test_sighup_keeps_serving_and_loads_the_model_again(self):
        model = (harness.ROOT / "src/data/models/de-base.json").read_text(encoding="utf-8")
        folder = tempfile.TemporaryDirectory(prefix="bonigate-")
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "model.json"
        path.write_text(model, encoding="utf-8")
        handler = self.start("--model", path)
        client = self.client(handler)

        def version():
            return json.loads(self.checkout(handler, client)[1])["assessment"]["model"]["version"]
        old = version()
        path.write_text(re.sub(r'"version": *"[^"]*"', '"version": "77.0"', model, count=1), encoding="utf-8")
        self.assertEqual(version(), old, "nothing changes by itself")
        handler.send(signal.SIGHUP)
        until(lambda: version() == "77.0", "the new model")
        path.write_text("{ broken", encoding="utf-8")
        handler.send(signal.SIGHUP)
        until(lambda: any(line["level"] == "error" and "model" in line["message"] for line in handler.log_lines()),
              "the log tells of the broken model")
        self.assertEqual(version(), "77.0", "the last good one stays")

    def test_a_new_policy_is_in_force_without_a_signal(self):
        handler = self.start()
        client = self.client(handler)
        policy = json.loads((harness.ROOT / "src/data/policies/demo.json").read_text(encoding="utf-8"))
        policy["version"] = "next"
        path = self.folder / "policy.json"
        path.write_text(json.dumps(policy), encoding="utf-8")

        def version():
            return json.loads(self.checkout(handler, client)[1])["assessment"]["policy"]["version"]
        self.assertNotEqual(version(), "next")
        harness.bonigate("policy", "put", "demo", path, "--state", handler.state.folder)
        until(lambda: version() == "next", "the new policy")

    def test_the_socket_of_a_killed_process_is_taken_over_and_a_living_one_is_not(self):
        handler = self.start()
        second = Handler(handler.state, self.folder)
        second.log = self.folder / "second.log"
        with open(second.log, "wb") as log:
            done = subprocess.run([harness.BUILD / "bonigate-checkout", "--state", handler.state.folder, "--listen",
                                   f"unix:{handler.socket}"], stderr=log, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("another process serves", second.log.read_text())
        handler.stop(signal.SIGKILL)
        self.assertTrue(handler.socket.exists())
        self.assertFalse(connects(handler.socket))
        second.start()
        self.addCleanup(lambda: second.stop(signal.SIGKILL))
        self.ask(self.client(second))

    def test_a_file_that_is_no_socket_is_left_alone(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "precious"
            path.write_text("data", encoding="ascii")
            done = subprocess.run([harness.BUILD / "bonigate-checkout", "--state",
                                   State.create(pathlib.Path(name) / "state").folder, "--listen", f"unix:{path}"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(path.read_text(), "data")

    def test_the_socket_has_the_permissions_asked_for(self):
        self.assertEqual(self.start().socket.stat().st_mode & 0o777, 0o660)
        self.assertEqual(self.start("--socket-mode", "0600").socket.stat().st_mode & 0o777, 0o600)
