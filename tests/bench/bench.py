# SPDX-License-Identifier: MIT
"""make bench: a warm checkout against an empty handler, PHP-FPM and Node, behind one nginx, in interleaved rounds.

Ratios are what counts; the figures themselves depend on the machine, which the
report names. The state folder is on the disk the build folder is on, so a
decision is as durable as it is in service.
"""

import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import world

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
PATH = "/v1/checkout/payment-methods"
SETTINGS = ("keep-alive", "new connections")
PATIENCE = 30


def wait_for(path, process):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
                return
            except OSError:
                time.sleep(0.02)
        if process.poll() is not None:
            sys.exit(f"bench: {process.args[0]} ended with status {process.returncode}")
    sys.exit(f"bench: {path} does not answer")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Contender:
    """One program behind nginx, with a port for each connection setting."""

    def __init__(self, name, label, command, folder, kind="fastcgi", decides=True):
        self.name, self.label, self.kind, self.decides = name, label, kind, decides
        self.socket = folder / f"{name}.sock"
        self.command = [str(part) for part in command(self.socket)]
        self.ports = [free_port() for _ in SETTINGS]
        self.process = None
        self.runs = {setting: [] for setting in SETTINGS}

    def start(self, logs):
        self.process = subprocess.Popen(self.command, stdout=logs, stderr=logs, stdin=subprocess.DEVNULL)
        wait_for(self.socket, self.process)

    def median(self, setting, field):
        return statistics.median(run[field] for run in self.runs[setting])

    def servers(self, extra):
        """nginx's blocks for this contender: kept connections first, then a new one per request."""
        upstream = f"""
    upstream {self.name}_keep {{ server unix:{self.socket}; keepalive 64; keepalive_requests 1000000; }}
    upstream {self.name}_new {{ server unix:{self.socket}; }}"""
        for port, suffix, keep in zip(self.ports, ("keep", "new"), ("on", "off")):
            if self.kind == "http":
                version = 'proxy_http_version 1.1; proxy_set_header Connection "";' if keep == "on" else ""
                handover = f"proxy_pass http://{self.name}_{suffix}; {version}"
            else:
                handover = f"fastcgi_pass {self.name}_{suffix}; fastcgi_keep_conn {keep}; {extra}"
            upstream += f"\n    server {{ listen 127.0.0.1:{port}; location / {{ {handover} }} }}"
        return upstream


def nginx_config(folder, contenders, world_php):
    user = "user root;" if os.geteuid() == 0 else ""
    params = (ROOT / "nginx/bonigate.conf").read_text()
    shared = "\n    ".join(line for line in params.splitlines() if line.startswith("fastcgi_param "))
    php = f"""fastcgi_param SCRIPT_FILENAME {HERE}/decide.php; fastcgi_param WORLD {world_php};"""
    blocks = ""
    for one in contenders:
        # A location that sets one parameter inherits none, so PHP gets all of them.
        blocks += one.servers(php + shared if one.name == "php" else "")
    temp = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
    return f"""{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_buffer_size 64k;
    {temp}
    {shared}
{blocks}
}}
"""


def ask(port, key, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{PATH}", data=body, headers={
        "Authorization": f"Bearer {key}", "Content-Type": "application/json",
        "Idempotency-Key": f"probe-{time.monotonic_ns()}"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def essence(answer):
    """What a peer must have decided alike."""
    return {"outcome": answer["outcome"], "score": answer["assessment"]["score"], "light": answer["assessment"]["light"],
            "limit": answer["credit_limit"]["total"], "method": answer["recommended_method"],
            "allowed": [(one["id"], one["allowed"], one["net_days"]) for one in answer["payment_methods"]]}


def load(port, seconds, connections, environment):
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", HERE / "load.lua",
                           f"http://127.0.0.1:{port}{PATH}"], env=environment, capture_output=True, text=True, check=True)
    run = json.loads(done.stdout.strip().splitlines()[-1])
    if run["refused"] or run["broken"]:
        sys.exit(f"bench: {run['refused']} refused and {run['broken']} broken requests\n{done.stdout}")
    run["rate"] = run["requests"] / run["us"] * 1e6
    return run


def anonymous_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="ascii", errors="replace")
                if line.startswith("model name")), "unknown")
    memory = int(open("/proc/meminfo", encoding="ascii").readline().split()[1]) // 1048576
    disk = subprocess.run(["df", "--output=fstype", ROOT], capture_output=True, text=True, check=True).stdout.split()[-1]
    return f"{os.cpu_count()} x {cpu}, {memory} GiB, Linux {os.uname().release}, {disk}"


def report(contenders, rounds, seconds, connections):
    base = contenders[0]
    print(f"\nMachine: {machine()}")
    print(f"{connections} connections, 1 nginx worker, wrk -t1, median of {rounds} rounds of {seconds} s, the same body\n")
    for setting in SETTINGS:
        print(f"| {setting} to the handler | requests/s | p50 ms | p99 ms | rate / empty | p99 / empty |")
        print("|---|---:|---:|---:|---:|---:|")
        for one in contenders:
            rate, p50, p99 = (one.median(setting, field) for field in ("rate", "p50", "p99"))
            print(f"| {one.label} | {rate:,.0f} | {p50 / 1000:.2f} | {p99 / 1000:.2f} "
                  f"| {rate / base.median(setting, 'rate'):.2f} | {p99 / base.median(setting, 'p99'):.2f} |")
        ours = next(one for one in contenders if one.name == "bonigate")
        for one in contenders:
            if one.name in ("php", "node"):
                print(f"\nbonigate / {one.label}: {ours.median(setting, 'rate') / one.median(setting, 'rate'):.2f}x", end="")
        print("\n")


def memory_check(ours, environment, connections, requests):
    """The heap after many more requests, once it is warm."""
    port = ours.ports[0]
    before = anonymous_kib(ours.process.pid)
    sent = 0
    while sent < requests:
        sent += load(port, 3, connections, environment)["requests"]
    after = anonymous_kib(ours.process.pid)
    print(f"Memory (RssAnon) of the handler: {before} KiB, after {sent:,} more requests {after} KiB "
          f"({(after - before) / 1024:+.2f} MiB)")
    return after - before <= 2048


def profile(ours, environment, connections, folder):
    """Where the handler spends its time, by perf's clock samples."""
    data = folder / "perf.data"
    record = subprocess.Popen(["perf", "record", "-q", "-e", "cpu-clock", "-F", "1999", "-o", data, "-p",
                               str(ours.process.pid), "--", "sleep", "4"], stderr=subprocess.DEVNULL)
    load(ours.ports[0], 4, connections, environment)
    record.wait()
    for title, order, most in (("library", "dso", 8), ("function", "dso,symbol", 25)):
        shown = subprocess.run(["perf", "report", "-i", data, "--stdio", "--sort", order, "-q"], capture_output=True,
                               text=True, check=False)
        lines = [line.rstrip() for line in shown.stdout.splitlines() if line.strip() and not line.startswith("#")]
        print(f"\nWhere the handler's time goes, by {title} (perf, cpu-clock):", *lines[:most], sep="\n")


def stop(processes):
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def measure(contenders, args, environment):
    for one in contenders:
        for port in one.ports:
            load(port, 1, args.connections, environment)  # warm
    for number in range(args.rounds):
        # The order turns from round to round, so that no one always follows the same neighbour.
        shift = number % len(contenders)
        for one in contenders[shift:] + contenders[:shift]:
            for setting, port in zip(SETTINGS, one.ports):
                one.runs[setting].append(load(port, args.seconds, args.connections, environment))
        print(f"round {number + 1} of {args.rounds} done", file=sys.stderr, flush=True)


def compare(contenders, key, body):
    answers = {one.label: essence(ask(one.ports[0], key, body)) for one in contenders if one.decides}
    first = next(iter(answers.values()))
    for label, answer in answers.items():
        if answer != first:
            sys.exit(f"bench: the contenders decide differently: {json.dumps(answers, indent=1)}")
    print("All deciding contenders agree:", json.dumps(first))


def php_config(folder, children):
    return f"""[global]
error_log = {folder}/php.log
daemonize = no
[bench]
listen = {folder}/php.sock
listen.backlog = 1024
pm = static
pm.max_children = {children}
pm.max_requests = 0
catch_workers_output = yes
"""


def line_up(args, folder, state):
    php = shutil.which("php-fpm8.2", path="/usr/sbin:" + os.environ["PATH"]) or "php-fpm8.2"
    (folder / "php-fpm.conf").write_text(php_config(folder, args.php_children))
    root = ["-R"] if os.geteuid() == 0 else []
    caching = ["-d", "opcache.enable=1", "-d", "opcache.validate_timestamps=0", "-d", "apc.enabled=1",
               "-d", "opcache.jit=tracing", "-d", "opcache.jit_buffer_size=64M"]
    handler = args.build / "bonigate-checkout"
    contenders = [
        Contender("empty", "empty libfcgi handler", lambda s: [args.build / "bench-empty", s, args.empty_threads], folder,
                  decides=False),
        Contender("bonigate", "bonigate-checkout, durable record",
                  lambda s: [handler, "--listen", f"unix:{s}", "--state", state], folder),
        Contender("php", "PHP-FPM + APCu, no record",
                  lambda s: [php, "-F", *root, "-y", folder / "php-fpm.conf", *caching], folder),
        Contender("node", "Node + Fastify, no record",
                  lambda s: ["node", HERE / "server.js", s, folder / "world.json", args.node_workers], folder, kind="http"),
    ]
    return contenders


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--memory-requests", type=int, default=100000)
    parser.add_argument("--empty-threads", type=int, default=20)
    parser.add_argument("--php-children", type=int, default=16)
    parser.add_argument("--node-workers", type=int, default=2)
    args = parser.parse_args()

    folder = ROOT / "build/bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = []
    with open(folder / "log", "w", encoding="utf-8") as logs:
        try:
            state, key, body = world.prepare(args.build / "bonigate", folder)
            contenders = line_up(args, folder, state)
            (folder / "nginx.conf").write_text(nginx_config(folder, contenders, folder / "world.php"))
            environment = {**os.environ, "BENCH_BODY": str(folder / "body.json"), "BENCH_KEY": key}
            ours = contenders[1]
            nginx = shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"])
            ours.start(logs)
            started.append(ours.process)
            started.append(subprocess.Popen([nginx, "-e", folder / "nginx.log", "-p", folder, "-c", folder / "nginx.conf",
                                             "-g", "daemon off;"], stdin=subprocess.DEVNULL, stdout=logs, stderr=logs))
            time.sleep(0.3)
            ask(ours.ports[0], key, body)
            world.export(args.build / "bonigate", folder, state, key)
            for one in contenders:
                if one is not ours:
                    one.start(logs)
                    started.append(one.process)
            compare(contenders, key, body)
            measure(contenders, args, environment)
            report(contenders, args.rounds, args.seconds, args.connections)
            flat = memory_check(ours, environment, args.connections, args.memory_requests)
            profile(ours, environment, args.connections, folder)
        finally:
            stop(started)
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
