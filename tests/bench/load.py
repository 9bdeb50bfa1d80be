"""Load on one address, and what a process holds in memory."""
import argparse
import contextlib
import json
import pathlib
import re
import resource
import signal
import socket
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def parser_of(description, seconds):
    """What every benchmark is asked."""
    parser = argparse.ArgumentParser(description=description.split("\n", 1)[0])
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build/release", help="build folder")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each measure")
    parser.add_argument("--seconds", type=int, default=seconds, help="length of one run")
    return parser


@contextlib.contextmanager
def backends_in_one_group():
    """As in a service's or container's control group: the kernel's autogroups, one for each PostgreSQL backend, since
    each is a session, are off meanwhile. Where that is not allowed, it is said."""
    autogroup = pathlib.Path("/proc/sys/kernel/sched_autogroup_enabled")
    before = autogroup.read_text() if autogroup.exists() else "0"
    try:
        if before.strip() != "0":
            autogroup.write_text("0")
    except OSError:
        print("kernel.sched_autogroup_enabled is not 0: latencies beside others are the scheduler's", flush=True)
        before = "0"
    try:
        yield
    finally:
        if before.strip() != "0":
            autogroup.write_text(before)


class Load:
    """Requests a second and latencies of one round."""

    def __init__(self, per_second, p50_ms=0.0, p99_ms=0.0, failed=0, requests=0):
        self.per_second, self.p50_ms, self.p99_ms, self.failed, self.requests = per_second, p50_ms, p99_ms, failed, requests


def wrk_command(url, seconds, connections, token=None, script="report.lua"):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "10s", "-s", str(HERE / script)]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    return [*command, url]


def load_of(output):
    """What report.lua printed."""
    result = json.loads(re.search(r"RESULT (\{.*\})", output).group(1))
    return Load(
        result["requests"] / (result["duration_us"] / 1e6),
        result["p50_us"] / 1000,
        result["p99_us"] / 1000,
        result["failed"] + result["bad_status"],
        result["requests"],
    )


def wrk(url, seconds, connections=64, token=None, script="report.lua", environment=None):
    done = subprocess.run(wrk_command(url, seconds, connections, token, script), capture_output=True, text=True,
                          check=True, env=environment)
    return load_of(done.stdout)


class WrkMeanwhile:
    """Load as long as the block goes on, at most an hour; `load` is there after it."""

    def __init__(self, url, connections, token):
        self.command, self.load = wrk_command(url, 3600, connections, token), None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, failure, *_):
        self.process.send_signal(signal.SIGINT)
        output = self.process.communicate(timeout=30)[0]
        if failure is None:
            self.load = load_of(output)


def pgbench(program, conninfo, script, values, seconds, clients=64):
    """Runs peers/<script>, prepared; values are its variables."""
    variables = [word for name, value in values.items() for word in ("-D", f"{name}={value}")]
    done = subprocess.run(
        [program, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f",
         str(HERE / "peers" / script), *variables, conninfo],
        capture_output=True, text=True, check=True)
    return Load(float(re.search(r"tps = ([\d.]+)", done.stdout).group(1)))


def medians(rounds):
    return Load(
        statistics.median(one.per_second for one in rounds),
        statistics.median(one.p50_ms for one in rounds),
        statistics.median(one.p99_ms for one in rounds),
        sum(one.failed for one in rounds),
    )


def resident_kib(pid):
    """Proportional resident memory; VmRSS where the kernel does not tell it."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1))
    except (OSError, AttributeError):
        return rss_kib(pid)


def rss_kib(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+)", text, re.M).group(1))


def raise_descriptor_limit(wanted):
    """As far as this process may; returns what holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
        except (ValueError, PermissionError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class IdleConnections:
    """Keep-alive connections that have had one answer each and say nothing more."""

    def __init__(self, port, count, path):
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        self.sockets = []
        for first in range(0, count, 250):
            batch = [socket.create_connection(("127.0.0.1", port), timeout=10)
                     for _ in range(min(250, count - first))]
            for one in batch:
                one.sendall(request)
            for one in batch:
                if b" 200 " not in one.recv(4096).split(b"\r\n", 1)[0]:
                    raise AssertionError("an idle connection's one request was refused")
            self.sockets += batch

    def alive(self):
        """How many the server still holds."""
        count = 0
        for one in self.sockets:
            one.setblocking(False)
            try:
                count += one.recv(1) != b""
            except BlockingIOError:
                count += 1
        return count

    def close(self):
        for one in self.sockets:
            one.close()
