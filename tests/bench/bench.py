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


def wait_for_port(port):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit("bench: nginx does not answer; see build/bench/nginx.log")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Contender:
    """One program behind nginx, with a port for each connection setting."""

    def __init__(self, name, command, folder, kind="fastcgi"):
        self.name, self.kind = name, kind
        self.socket = folder / f"{name}.sock"
        self.command = [str(part) for part in command(self.socket)]
        self.ports = dict(zip(SETTINGS, (free_port() for _ in SETTINGS)))
        self.process = None

    def start(self, logs):
        self.process = subprocess.Popen(self.command, stdout=logs, stderr=logs, stdin=subprocess.DEVNULL)
        wait_for(self.socket, self.process)
        return self.process

    def servers(self, extra):
        """nginx's blocks for this contender: kept connections first, then a new one per request."""
        upstream = f"""
    upstream {self.name}_keep {{ server unix:{self.socket}; keepalive 64; keepalive_requests 1000000; }}
    upstream {self.name}_new {{ server unix:{self.socket}; }}"""
        for port, suffix, keep in zip(self.ports.values(), ("keep", "new"), ("on", "off")):
            if self.kind == "http":
                version = 'proxy_http_version 1.1; proxy_set_header Connection "";' if keep == "on" else ""
                handover = f"proxy_pass http://{self.name}_{suffix}; {version}"
            else:
                handover = f"fastcgi_pass {self.name}_{suffix}; fastcgi_keep_conn {keep}; {extra}"
            upstream += f"\n    server {{ listen 127.0.0.1:{port}; location / {{ {handover} }} }}"
        return upstream


class Row:
    """A line of the table: one way of calling a contender."""

    def __init__(self, label, contender, key, idempotency=False):
        self.label, self.contender = label, contender
        self.environment = {**os.environ, "BENCH_KEY": key, "BENCH_BODY": str(contender.socket.parent / "body.json")}
        if idempotency:
            self.environment["BENCH_IDEMPOTENCY"] = "1"
        self.runs = {setting: [] for setting in SETTINGS}

    def load(self, setting, seconds, connections):
        done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "load.lua",
                               f"http://127.0.0.1:{self.contender.ports[setting]}{PATH}"], env=self.environment,
                              capture_output=True, text=True, check=True)
        run = json.loads(done.stdout.strip().splitlines()[-1])
        if run["refused"] or run["broken"]:
            sys.exit(f"bench: {self.label}: {run['refused']} refused and {run['broken']} broken requests")
        run["rate"] = run["requests"] / run["us"] * 1e6
        return run

    def median(self, setting, field):
        return statistics.median(run[field] for run in self.runs[setting])


def nginx_config(folder, contenders, world_php):
    user = "user root;" if os.geteuid() == 0 else ""
    params = (ROOT / "nginx/bonigate.inc").read_text(encoding="utf-8")
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
    include {ROOT}/nginx/bonigate-http.inc;
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


def anonymous_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0


def parent(pid):
    try:
        return int((pathlib.Path("/proc") / pid / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None  # it has ended


def family(pid):
    """A process and its descendants."""
    parents = {int(one): parent(one) for one in os.listdir("/proc") if one.isdigit()}
    found = [pid]
    for one in found:
        found += [child for child, above in parents.items() if above == one]
    return found


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="ascii", errors="replace")
                if line.startswith("model name")), "unknown")
    memory = int(open("/proc/meminfo", encoding="ascii").readline().split()[1]) // 1048576
    disk = subprocess.run(["df", "--output=fstype", ROOT], capture_output=True, text=True, check=True).stdout.split()[-1]
    return f"{os.cpu_count()} x {cpu}, {memory} GiB, Linux {os.uname().release}, {disk}"


def report(rows, args):
    print(f"\nMachine: {machine()}")
    print(f"{args.connections} connections, 1 nginx worker, wrk -t1, median of {args.rounds} rounds of {args.seconds} s, "
          "one body for all\n")
    empty, ours = rows[0], rows[1]
    for setting in SETTINGS:
        print(f"| {setting} to the handler | requests/s | p50 ms | p99 ms | rate / empty | p99 / empty |")
        print("|---|---:|---:|---:|---:|---:|")
        for row in rows:
            rate, p50, p99 = (row.median(setting, field) for field in ("rate", "p50", "p99"))
            print(f"| {row.label} | {rate:,.0f} | {p50 / 1000:.2f} | {p99 / 1000:.2f} "
                  f"| {rate / empty.median(setting, 'rate'):.2f} | {p99 / empty.median(setting, 'p99'):.2f} |")
        for row in rows:
            if row.contender.name in ("php", "node"):
                rate = row.median(setting, "rate")
        ratio = f"{ours.median(setting, 'rate') / rate:.2f}x" if rate else "no answers from the peer"
        print(f"\nbonigate / {row.label}: {ratio}", end="")
        print("\n")


def memory_check(row, args):
    """The heap after many more requests, once it is warm."""
    pids = family(row.contender.process.pid)
    before = sum(map(anonymous_kib, pids))
    sent = 0
    while sent < args.memory_requests:
        sent += row.load(SETTINGS[0], 3, args.connections)["requests"]
    after = sum(map(anonymous_kib, pids))
    print(f"Memory (RssAnon, {len(pids)} processes) of the handler: {before} KiB, after {sent:,} more requests {after} KiB "
          f"({(after - before) / 1024:+.2f} MiB)")
    return after - before <= 2048


def profile(row, args, folder):
    """Where the handler spends its time, by perf's clock samples."""
    data = folder / "perf.data"
    pids = ",".join(map(str, family(row.contender.process.pid)))
    with subprocess.Popen(["perf", "record", "-q", "-e", "cpu-clock", "-F", "1999", "-o", data, "-p", pids, "--", "sleep",
                           "4"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        row.load(SETTINGS[0], 5, args.connections)
    for title, order, most in (("library", "dso", 8), ("function", "dso,symbol", 30)):
        shown = subprocess.run(["perf", "report", "-i", data, "--stdio", "--sort", order, "-q"], capture_output=True,
                               text=True, check=False)
        lines = [line.rstrip() for line in shown.stdout.splitlines() if line.strip() and not line.startswith("#")]
        print(f"\nWhere the handler's time goes, by {title} (perf, cpu-clock):", *lines[:most], sep="\n")


def measure(rows, args):
    for row in rows:
        for setting in SETTINGS:
            row.load(setting, 1, args.connections)  # warm
    for number in range(args.rounds):
        # The order turns from round to round, so that no one always follows the same neighbour.
        shift = number % len(rows)
        for row in rows[shift:] + rows[:shift]:
            for setting in SETTINGS:
                row.runs[setting].append(row.load(setting, args.seconds, args.connections))
        print(f"round {number + 1} of {args.rounds} done", file=sys.stderr, flush=True)


def compare(contenders, key, body):
    """Ends the run unless all that decide decide alike."""
    answers = {one.name: essence(ask(one.ports[SETTINGS[0]], key, body)) for one in contenders if one.name != "empty"}
    first = next(iter(answers.values()))
    if any(answer != first for answer in answers.values()):
        sys.exit(f"bench: the contenders decide differently: {json.dumps(answers, indent=1)}")
    print("All deciding contenders agree:", json.dumps(first))


def stop(processes):
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def php_command(folder, children):
    (folder / "php-fpm.conf").write_text(f"""[global]
error_log = {folder}/php.log
daemonize = no
[bench]
listen = {folder}/php.sock
listen.backlog = 1024
pm = static
pm.max_children = {children}
pm.max_requests = 0
""", encoding="utf-8")
    program = sorted(pathlib.Path("/usr/sbin").glob("php-fpm*"))[-1]
    settings = ("opcache.enable=1", "opcache.validate_timestamps=0", "opcache.jit=tracing", "opcache.jit_buffer_size=64M",
                "apc.enabled=1")
    as_root = ["-R"] if os.geteuid() == 0 else []
    return [program, "-F", *as_root, "-y", folder / "php-fpm.conf", *(part for one in settings for part in ("-d", one))]


def line_up(args, folder, state):
    return [
        Contender("empty", lambda s: [args.build / "bench-empty", s, args.empty_threads], folder),
        Contender("bonigate", lambda s: [args.build / "bonigate-checkout", "--listen", f"unix:{s}", "--state", state,
                                         "--log", folder / "bonigate.log"], folder),
        Contender("php", lambda s: php_command(folder, args.php_children), folder),
        Contender("node", lambda s: ["node", HERE / "server.js", s, folder / "world.json", args.node_workers], folder,
                  kind="http"),
    ]


def table(contenders, keys):
    empty, ours, php, node = contenders
    return [
        Row("empty libfcgi handler", empty, keys["plain"]),
        Row("bonigate-checkout, durable record", ours, keys["plain"]),
        Row("... and signed token", ours, keys["token"]),
        Row("... and idempotency key", ours, keys["plain"], idempotency=True),
        Row("... and both", ours, keys["token"], idempotency=True),
        Row("PHP-FPM + APCu, no record", php, keys["plain"]),
        Row("Node + Fastify, no record", node, keys["plain"]),
    ]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--memory-requests", type=int, default=100000)
    parser.add_argument("--empty-threads", type=int, default=20)
    parser.add_argument("--php-children", type=int, default=16)
    parser.add_argument("--node-workers", type=int, default=1)
    return parser.parse_args()


def bench(args, folder, logs, started):
    bonigate = args.build / "bonigate"
    body = (HERE / "body.json").read_bytes()
    (folder / "body.json").write_bytes(body)
    state, keys = world.prepare(bonigate, folder)
    contenders = line_up(args, folder, state)
    ours = contenders[1]
    (folder / "nginx.conf").write_text(nginx_config(folder, contenders, folder / "world.php"), encoding="utf-8")
    started.append(ours.start(logs))
    nginx = shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"])
    started.append(subprocess.Popen([nginx, "-e", folder / "nginx.log", "-p", folder, "-c", folder / "nginx.conf",
                                     "-g", "daemon off;"], stdin=subprocess.DEVNULL, stdout=logs, stderr=logs))
    wait_for_port(ours.ports[SETTINGS[0]])
    answer = ask(ours.ports[SETTINGS[0]], keys["plain"], body)
    world.export(folder, keys["plain"], json.loads(body), world.last_record(bonigate, state, "plain"), answer)
    started.extend(one.start(logs) for one in contenders if one is not ours)
    compare(contenders, keys["plain"], body)
    rows = table(contenders, keys)
    measure(rows, args)
    report(rows, args)
    flat = memory_check(rows[1], args)
    profile(rows[1], args, folder)
    return flat


def main():
    args = arguments()
    folder = ROOT / "build/bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = []
    with open(folder / "log", "w", encoding="utf-8") as logs:
        try:
            flat = bench(args, folder, logs, started)
        finally:
            stop(started)
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
