"""What the economy costs: completing a challenge and listing them, beside the same written for Node."""
import itertools
import os
import tempfile

import load

PEOPLE, CHALLENGES = 256, 1200
COMPLETE_PATH, LIST_PATH = "/api/user/challenges/complete", "/api/challenges?limit=20"


class Attempts:
    """Open attempts of many people, handed out a round at a time; none is completed twice."""

    def __init__(self, calixo, database, name):
        self.database, self.name = database, name
        self.folder = tempfile.TemporaryDirectory(prefix="calixo-bench-")
        sessions = [calixo.sign_up(f"economy-{number}@example.org") for number in range(PEOPLE)]
        self.tokens = {session["user"]["id"]: session["access_token"] for session in sessions}
        ids = ",".join(f"'{user_id}'" for user_id in self.tokens)
        database.sql(
            "with made as (insert into challenges (slug, type, title, title_en, reward) "
            f"select 'bench-' || n, 'daily', 'Reto', 'Challenge', 10 from generate_series(1, {CHALLENGES}) n returning id) "
            "insert into user_challenges (user_id, challenge_id, rules, offered_reward, expires_at) "
            "select u.id, made.id, '{}', 10, now() + interval '1 day' from made, "
            f"(select id from users where id in ({ids})) u order by made.id, u.id", name)
        rows = database.sql(f"select user_id || ' ' || id from user_challenges where user_id in ({ids}) order by id", name)
        self.left = iter(rows.splitlines())
        self.rounds = itertools.count(1)

    def next_file(self, count):
        path = f"{self.folder.name}/{next(self.rounds)}"
        with open(path, "w", encoding="utf-8") as lines:
            for row in itertools.islice(self.left, count):
                user_id, attempt = row.split()
                lines.write(f"{self.tokens[user_id]} {attempt}\n")
        return path


def complete(attempts, url, seconds, per_second_max):
    """One round of completions; attempts for more than it can manage are set aside."""
    path = attempts.next_file(per_second_max * seconds)
    return load.wrk(url, seconds, script="complete.lua", environment={**os.environ, "ATTEMPTS": path})


def measure(table, calixo, database, name, peers, args, interleave):
    attempts = Attempts(calixo, database, name)
    token = next(iter(attempts.tokens.values()))
    base = calixo.base_url
    complete(attempts, base + COMPLETE_PATH, 2, 1000)  # else all would be planned for empty tables
    database.sql("vacuum analyze", name)
    print("completing a challenge: verdict, reward, streak, energy, event", flush=True)
    found = interleave({
        "calixo": lambda: complete(attempts, base + COMPLETE_PATH, args.seconds, 6000),
        "fastify": lambda: complete(attempts, peers["fastify"].url("/complete"), args.seconds, 3000),
        "next": lambda: complete(attempts, peers["next"].url("/complete"), args.seconds, 1000),
    }, args.rounds)
    tell(table, "complete", found, 10, 2)
    print("listing challenges", flush=True)
    found = interleave({
        "calixo": lambda: load.wrk(base + LIST_PATH, args.seconds, token=token),
        "fastify": lambda: load.wrk(peers["fastify"].url("/challenges?limit=20"), args.seconds, token=token),
        "next": lambda: load.wrk(peers["next"].url("/challenges?limit=20"), args.seconds, token=token),
    }, args.rounds)
    tell(table, "list", found, 20, 3)


def tell(table, work, found, next_bar, fastify_bar):
    for name, one in found.items():
        table.add(f"{work}: {name}", f"{one.per_second:.0f}/s, p99 {one.p99_ms:.2f} ms")
        if one.failed:
            table.add(f"{work}: {name} failed requests", str(one.failed), "0", False)
    table.at_least(f"{work}: calixo / next", found["calixo"].per_second / found["next"].per_second, next_bar)
    table.at_least(f"{work}: calixo / fastify", found["calixo"].per_second / found["fastify"].per_second, fastify_bar)
