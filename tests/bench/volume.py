"""Reads among many rows: loads people, attempts and postings, and measures each read route beside the same on a database
where its reader is alone, in turns.

`volume.py --users 1000000` makes 20 attempts and 50 postings a person. What is loaded is a ledger that balances:
`calixo doctor ledger` says so at the end.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

import load

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from processes import ROOT, Calixo, Postgres  # noqa: E402

ALONE, AMONG = "alone", "volume"  # the two databases
ATTEMPTS_EACH, TRANSFERS_EACH, REWARDS_EACH = 20, 25, 19
REWARD, PRICE = 10, 5
ROUTES = ["/api/challenges", "/api/challenges?scope=today", "/api/user/challenges", "/api/user/challenges?status=completed",
          "/api/user/streak", "/api/focus-sessions", "/api/store", "/api/store/transactions", "/api/store/purchases",
          "/api/avatar", "/api/user/profile"]

# Person n's id; number 0 is the one who reads. :name is filled in, none of it comes from outside.
PERSON = "(case when n = {first} then '{reader}'::uuid else md5('person-' || n)::uuid end)"

STEPS = {
    "people": """
        insert into users (id, email) select md5('person-' || n)::uuid, 'person-' || n || '@example.org'
          from generate_series({first}, {last}) n where n > 0;
        insert into profiles (user_id, display_name) select md5('person-' || n)::uuid, 'Persona ' || n
          from generate_series({first}, {last}) n where n > 0;
        insert into streaks (user_id, current_days, best_days, last_date, last_zone)
          select {person}, 3, 9, current_date, 'UTC' from generate_series({first}, {last}) n;
        insert into avatars (user_id, energy, experience) select {person}, 50000, 400
          from generate_series({first}, {last}) n""",
    "attempts": """
        insert into user_challenges (user_id, challenge_id, status, started_at, completed_at, reward, is_paid, rules,
                                     offered_reward)
        select {person}, ids.all[1 + k], case when k < {rewards} then 'completed' else 'pending' end,
               now() - (20 - k) * interval '1 day', case when k < {rewards} then now() - (20 - k) * interval '1 day' end,
               case when k < {rewards} then {reward} end, k < {rewards}, '{{}}', {reward}
        from generate_series(0, {attempts} - 1) k, generate_series({first}, {last}) n,
             (select array_agg(id order by id) as all from challenges) ids""",
    "accounts": """
        insert into ledger_accounts (id, user_id, kind, balance) overriding system value
        select 1000 + n, {person}, 'spendable', {rewards} * {reward} - ({transfers} - {rewards}) * {price}
        from generate_series({first}, {last}) n""",
    "postings": """
        insert into transactions (transfer_id, account_id, user_id, amount, reason, source)
        select n::bigint * {transfers} + k, side.account, side.person,
               side.sign * case when k < {rewards} then {reward} else -{price} end,
               case when k < {rewards} then 'challenge' else 'purchase' end,
               case when side.sign = 1 then case when k < {rewards} then 'attempt:' else 'purchase:' end || n || '-' || k end
        from generate_series(0, {transfers} - 1) k, generate_series({first}, {last}) n,
             lateral (values (1, 1000 + n::bigint, {person}),
                             (-1, case when k < {rewards} then 1::bigint else 2 end, null::uuid)) side (sign, account, person)""",
}
BATCH = 50_000
SEQUENCES = """
    select setval('ledger_transfers', (select max(transfer_id) from transactions));
    select setval(pg_get_serial_sequence('ledger_accounts', 'id'), (select max(id) from ledger_accounts))"""


def fill(database, name, users, reader):
    """Loads it into the database `name`, triggers and foreign keys asleep; seconds by step. Bytes are asked for by size()."""
    took = {}
    values = {"attempts": ATTEMPTS_EACH, "transfers": TRANSFERS_EACH, "rewards": REWARDS_EACH, "reward": REWARD, "price": PRICE}
    for step, sql in STEPS.items():
        began = time.monotonic()
        for first in range(0, users, BATCH):
            last = min(first + BATCH, users) - 1
            person = PERSON.format(first=0, reader=reader)
            text = sql.format(first=first, last=last, person=person, **values)
            database.sql(f"set session_replication_role = replica; {text}", name)
        took[step] = time.monotonic() - began
    database.sql(SEQUENCES, name)
    began = time.monotonic()
    database.sql("vacuum analyze", name)
    database.sql("checkpoint", name)
    os.sync()  # else what was loaded is still being written beside the reads
    took["vacuum"] = time.monotonic() - began
    return took


def size_gb(database):
    return int(database.sql(f"select pg_database_size('{AMONG}')")) / 1e9


def start(build, database, name):
    """A server on a database of that name, and its reader's id and token."""
    database.sql(f"create database {name}")
    calixo = Calixo(build, {"database.url": database.url(name)}).start()
    session = calixo.sign_up("reader@example.org")
    return calixo, session["user"]["id"], session["access_token"]


def measure(servers, seconds, rounds):
    """The loads of each (route, database), round by round; either is first in turn."""
    found = {(route, name): [] for route in ROUTES for name in servers}
    for number in range(rounds):
        for route in ROUTES:
            for name in sorted(servers, reverse=number % 2 == 1):
                calixo, _, token = servers[name]
                found[route, name].append(load.wrk(calixo.base_url + route, seconds, 16, token))
    return found


def tell(found):
    """Prints a line a route: medians, and that of the rounds' ratios, whose two runs follow each other. Whether a bar was
    missed."""
    missed = False
    for route in ROUTES:
        pairs = list(zip(found[route, ALONE], found[route, AMONG]))
        alone, among = load.medians(found[route, ALONE]), load.medians(found[route, AMONG])
        ratio = statistics.median(after.p99_ms / before.p99_ms for before, after in pairs)
        failed = alone.failed + among.failed
        missed |= ratio > 1.5 or failed > 0
        print(f"| {route} | p99 {alone.p99_ms:.2f} -> {among.p99_ms:.2f} ms, {alone.per_second:.0f} -> {among.per_second:.0f}/s "
              f"| {ratio:.2f} x {'MISS' if ratio > 1.5 else 'pass'}{f', {failed} failed' if failed else ''} |")
    return missed


def prove(calixo):
    done = calixo.command("doctor", "ledger", timeout_s=3600)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout.strip()


def compare(args, database):
    """Prints what was measured; whether a bar was missed."""
    servers = {}
    try:
        for name in (ALONE, AMONG):
            servers[name] = start(args.build.resolve(), database, name)
        fill(database, ALONE, 1, servers[ALONE][1])
        before_gb = size_gb(database)
        took = fill(database, AMONG, args.users, servers[AMONG][1])
        print(", ".join(f"{step} {seconds:.0f} s" for step, seconds in took.items()))
        print(f"{args.users:,} people, {args.users * ATTEMPTS_EACH:,} attempts, {args.users * TRANSFERS_EACH * 2:,} postings: "
              f"{size_gb(database) - before_gb:.1f} GB")
        missed = tell(measure(servers, args.seconds, args.rounds))
        print(prove(servers[AMONG][0]))
        return missed
    finally:
        for calixo, *_ in servers.values():
            calixo.remove()


def main():
    parser = load.parser_of(__doc__, seconds=3)
    parser.add_argument("--users", type=int, default=1_000_000, help="people; 20 attempts and 50 postings each")
    args = parser.parse_args()
    with load.backends_in_one_group():
        database = Postgres(["max_connections=200", "max_wal_size=4GB", "maintenance_work_mem=512MB"])
        try:
            return 1 if compare(args, database) else 0
        except subprocess.CalledProcessError as failure:
            print(failure.stderr, file=sys.stderr)
            raise
        finally:
            database.remove()


if __name__ == "__main__":
    sys.exit(main())
