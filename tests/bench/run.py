"""Measures the server beside its peers and holds the figures against the bars: `./dev bench`.

Every server runs at once on one PostgreSQL of the benchmark's own, with the settings that initdb
gives; rounds are interleaved in a rotated order, so that a change of the machine's mood meets all.
"""
import base64
import pathlib
import statistics
import subprocess
import sys
import time

import billing
import economy
import identity
import load
from peers import WEBHOOK_SECRET, start_peers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from processes import ROOT, Calixo, Postgres  # noqa: E402

DATABASE = "bench"
JSON_PATH, ROW_PATH = "/bench/json", "/api/user/profile"
OTHER_PROFILES = 10_000
NAMES = ("start", "idle", "token", "sign-ins", "json", "row", "user", "economy", "billing")


class Table:
    """What was measured, against its bar, as one table for people."""

    def __init__(self):
        self.rows, self.failed = [], False

    def add(self, work, measured, bar=None, passed=None):
        mark = "" if passed is None else ("pass" if passed else "MISS")
        self.failed |= passed is False
        self.rows.append((work, measured, bar or "", mark))

    def at_least(self, work, ratio, bar):
        self.add(work, f"{ratio:.2f} x", f">= {bar} x", ratio >= bar)

    def at_most(self, work, value, bar, unit):
        self.add(work, f"{value:.2f} {unit}", f"<= {bar} {unit}", value <= bar)

    def print(self):
        titles = ("work", "measured", "bar", "")
        widths = [max(len(row[i]) for row in [titles, *self.rows]) for i in range(4)]
        for row in [titles, tuple("-" * width for width in widths), *self.rows]:
            print(f"| {row[0]:<{widths[0]}} | {row[1]:>{widths[1]}} | {row[2]:>{widths[2]}} | {row[3]:<{widths[3]}} |")


def interleave(jobs, rounds):
    """Runs every job once a round, each round beginning with another one; medians by name."""
    names = list(jobs)
    results = {name: [] for name in names}
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            one = jobs[name]()
            results[name].append(one)
            print(f"  round {number + 1}/{rounds} {name:<12} {one.per_second:10.0f}/s  p50 {one.p50_ms:7.2f} ms"
                  f"  p99 {one.p99_ms:7.2f} ms{f'  failed {one.failed}' if one.failed else ''}", flush=True)
    return {name: load.medians(rounds_of) for name, rounds_of in results.items()}


def start_server(build, database):
    """The server with the default's plugins and the benchmark's own; its first start migrates."""
    database.sql(f"create database {DATABASE}")
    calixo = Calixo(build, {
        "database.url": database.url(DATABASE),
        "plugins.path": f"{build}/plugins:{build}/bench-plugins",
        "billing.stripe.webhook_secrets": WEBHOOK_SECRET,
        "challenges.completions_per_day_max": 10_000,
    })
    enabled = calixo.command("config", "get", "plugins.enabled").stdout.strip()
    calixo.settings["plugins.enabled"] = f"{enabled},bench"
    return calixo.start()


def add_profiles(database):
    """Rows beside the measured one, so that the index is a real one."""
    database.sql(
        "with made as (insert into users (email) select 'bench-' || n || '@example.org' "
        f"from generate_series(1, {OTHER_PROFILES}) n returning id) "
        "insert into profiles (user_id, display_name) select id, 'bench' from made", DATABASE)
    database.sql("vacuum analyze", DATABASE)


def measure_json(table, calixo_url, peers, args):
    jobs = {"calixo": lambda: load.wrk(calixo_url(JSON_PATH), args.seconds)}
    for name, peer in peers.items():
        jobs[name] = lambda peer=peer: load.wrk(peer.url("/json"), args.seconds)
    print("JSON answer, 64 connections", flush=True)
    found = interleave(jobs, args.rounds)
    for name, one in found.items():
        table.add(f"JSON: {name}", f"{one.per_second:.0f}/s, p99 {one.p99_ms:.2f} ms")
    table.at_least("JSON: calixo / poco", found["calixo"].per_second / found["poco"].per_second, 1.6)


def claims_of(token):
    """The claims that the server sets for this token's statements: its payload, as it stands."""
    payload = token.split(".")[1]
    return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()


def measure_row(table, calixo_url, session, peers, database, args):
    token, user_id = session["access_token"], session["user"]["id"]
    values = {"id": user_id, "claims": claims_of(token)}
    database_alone = lambda script: load.pgbench(  # noqa: E731
        f"{database.bin}/pgbench", database.url(DATABASE), script, values, args.seconds)
    jobs = {
        "calixo": lambda: load.wrk(calixo_url(ROW_PATH), args.seconds, token=token),
        "pgbench": lambda: database_alone("row_as_caller.pgbench"),
        "pgbench bare": lambda: database_alone("row.pgbench"),
        "calixo 1000": lambda: load.wrk(calixo_url(ROW_PATH), args.seconds, 1000, token),
    }
    for name, peer in peers.items():
        jobs[name] = lambda peer=peer: load.wrk(peer.url(f"/row?id={user_id}"), args.seconds)
    print("single-row SELECT, 64 connections (calixo: ES256 token, row level security)", flush=True)
    found = interleave(jobs, args.rounds)
    for name, one in found.items():
        table.add(f"row: {name}", f"{one.per_second:.0f}/s, p99 {one.p99_ms:.2f} ms")
    own = found["calixo"].per_second
    table.at_least("row: calixo / poco", own / found["poco"].per_second, 1.5)
    table.at_least("row: calixo / next", own / found["next"].per_second, 20)
    table.at_least("row: calixo / pgbench, the same statements", own / found["pgbench"].per_second, 0.9)
    table.add("row: calixo / pgbench, a bare SELECT", f"{own / found['pgbench bare'].per_second:.2f} x")
    table.at_least("row: 1,000 connections / 64", found["calixo 1000"].per_second / own, 0.8)
    table.add("row: p99 at 1,000 connections", f"{found['calixo 1000'].p99_ms:.2f} ms",
              f"< {found['poco'].p99_ms:.2f} ms", found["calixo 1000"].p99_ms < found["poco"].p99_ms)
    if any(one.failed for one in found.values()):
        table.add("row: failed requests", str(sum(one.failed for one in found.values())), "0", False)


def measure_idle(table, calixo, args):
    """Memory of idle connections, and what they do to the others' p99."""
    print(f"{args.idle} idle connections", flush=True)
    url = f"http://127.0.0.1:{calixo.port}{JSON_PATH}"
    without, beside, each_kib, alive = [], [], [], args.idle
    for _ in range(args.rounds):
        without.append(load.wrk(url, args.seconds))
        before = load.resident_kib(calixo.worker())
        idle = load.IdleConnections(calixo.port, args.idle, JSON_PATH)
        each_kib.append((load.resident_kib(calixo.worker()) - before) / args.idle)
        beside.append(load.wrk(url, args.seconds))
        alive = min(alive, idle.alive())
        idle.close()
        time.sleep(1)
        print(f"  {each_kib[-1]:.2f} KiB each, p99 {without[-1].p99_ms:.2f} -> {beside[-1].p99_ms:.2f} ms", flush=True)
    table.at_most(f"{args.idle} idle connections: memory each", max(each_kib), 4, "KiB")
    table.add("idle connections still open afterwards", str(alive), str(args.idle), alive == args.idle)
    ratio = load.medians(beside).p99_ms / load.medians(without).p99_ms
    table.at_most("p99 of the others beside them", ratio, 1.5, "x")


def measure_start(table, calixo, args):
    """From exec to readiness with the database running, and what an idle worker holds."""
    print("start and idle memory", flush=True)
    times, resident = [], []
    for _ in range(max(5, args.rounds)):
        calixo.stop()
        began = time.monotonic()
        calixo.start(wait=False)
        while not calixo.is_ready():
            time.sleep(0.002)
        times.append(time.monotonic() - began)
        time.sleep(1)
        resident.append(load.rss_kib(calixo.worker()) / 1024)
    print("  " + ", ".join(f"{one:.3f} s" for one in times), flush=True)
    table.at_most("start: process to ready", statistics.median(times), 0.3, "s")
    table.at_most("idle resident memory of the worker", max(resident), 40, "MB")


def measures_alone(table, calixo, session, args):
    """By name, those that want a machine without the peers' processes."""
    return {
        "start": lambda: measure_start(table, calixo, args),
        "idle": lambda: measure_idle(table, calixo, args),
        "token": lambda: identity.measure_token(table, calixo, JSON_PATH, session, args),
        "sign-ins": lambda: identity.measure_sign_ins(table, calixo, session, args),
    }


def measures_beside_peers(table, calixo, session, peers, database, args):
    """By name, those that compare with the peers."""
    url = lambda path: f"http://127.0.0.1:{calixo.port}{path}"  # noqa: E731
    token = session["access_token"]
    return {
        "json": lambda: measure_json(table, url, peers, args),
        "row": lambda: measure_row(table, url, session, peers, database, args),
        "user": lambda: identity.measure_user(table, calixo, session, peers, args, interleave),
        "economy": lambda: economy.measure(table, calixo, database, DATABASE, peers, args, interleave),
        "billing": lambda: billing.measure(table, calixo, database, DATABASE, token, peers, args, interleave),
    }


def run_wanted(measures, wanted):
    for name, measure_it in measures.items():
        if not wanted or name in wanted:
            measure_it()


def measure(build, database, args):
    table = Table()
    calixo = start_server(build, database)
    peers = {}
    try:
        session = calixo.sign_up("bench@example.org")
        add_profiles(database)
        run_wanted(measures_alone(table, calixo, session, args), args.only)
        peers = start_peers(build, database, DATABASE, f"{calixo.base_url}/auth/v1/.well-known/jwks.json")
        for peer in peers.values():
            answer = subprocess.run(["curl", "-sf", peer.url(f"/row?id={session['user']['id']}")],
                                    capture_output=True, text=True, check=True).stdout
            assert session["user"]["id"] in answer, f"{peer.name} answers {answer}"
        run_wanted(measures_beside_peers(table, calixo, session, peers, database, args), args.only)
    finally:
        for peer in peers.values():
            peer.stop()
        calixo.remove()
    return table


def main():
    parser = load.parser_of(__doc__, seconds=5)
    parser.add_argument("--idle", type=int, default=10_000, help="idle connections")
    parser.add_argument("--only", nargs="+", default=[], choices=NAMES, help="these measures alone")
    parser.add_argument("--quick", action="store_true", help="2 rounds of 2 seconds: a first look, no verdict")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.seconds = 2, 2
    limit = load.raise_descriptor_limit(args.idle + 1000)
    if limit < args.idle + 500:
        raise SystemExit(f"{args.idle} idle connections need ulimit -n {args.idle + 1000}; it is {limit}")

    with load.backends_in_one_group():
        database = Postgres(["max_connections=400"])
        try:
            table = measure(args.build.resolve(), database, args)
        finally:
            database.remove()
    print()
    table.print()
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
