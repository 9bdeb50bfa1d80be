"""Many clients that do random things on two servers, and the model of what every acknowledged answer adds up to."""
import http.client
import random
import threading
import time
import unittest
import uuid

from harness import banner, call, new_email, wait_until
from nodes import start_nodes

PEOPLE, START_MONEY = 8, 60
SETTINGS = {
    "plugins.enabled": "auth,challenges,store,avatar",
    "challenges.starts_per_day_max": 10000,
    "challenges.completions_per_day_max": 10000,
    "store.purchases_per_minute_max": 10000,
}


class Person:
    """One client's account and the model of it: what every acknowledged answer adds up to."""

    def __init__(self, session):
        self.token, self.id = session["access_token"], session["user"]["id"]
        self.balance, self.open, self.bought, self.refunded = 0, {}, {}, set()


class Economy(unittest.TestCase):
    """Made anew for each test: what it leaves is looked at as a whole."""

    def setUp(self):
        self.database, self.nodes = start_nodes(self.addCleanup, 2, SETTINGS, ["max_connections=200"])
        wait_until(lambda: "password" in banner(self.nodes[0].output()), 20, "the first administrator")
        shown = banner(self.nodes[0].output())
        self.admin = self.nodes[0].call("POST", "/auth/v1/token?grant_type=password",
                                        {"email": shown["admin"], "password": shown["password"]}).json()["access_token"]
        self.prepare()

    def prepare(self):
        """Things to buy, and people with a little money."""
        self.items = {}
        for price in (5, 20, 45):
            item = {"slug": f"thing-{price}", "category": "present", "name": f"Cosa {price}", "name_en": f"Thing {price}",
                    "price": price, "max_per_user": None}
            self.items[self.done("POST", "/api/admin/store", item, self.admin, 201)["id"]] = price
        listed = self.done("GET", "/api/challenges?limit=100", None, None, 200)["items"]
        self.challenges = [one["id"] for one in listed if one["type"] == "daily"][:12]
        self.people = [Person(self.nodes[0].sign_up(new_email())) for _ in range(PEOPLE)]
        for person in self.people:
            self.done("POST", "/api/admin/store/adjust",
                      {"user_id": person.id, "amount": START_MONEY, "note": "start"}, self.admin, 201)
            person.balance = START_MONEY

    def send(self, method, path, body=None, token=None, has_key=True):
        """The answer, however often it takes: with one key, so that what was done already is told again."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} if has_key and method != "GET" else {}
        end = time.monotonic() + 120
        while time.monotonic() < end:
            node = random.choice(self.nodes)
            try:
                answer = call(node.port, method, path, body, token, headers, timeout_s=20)
                if answer.status < 500 and answer.json().get("code") != "idempotency_key_in_use":
                    return answer
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.02)
        raise AssertionError(f"{method} {path} had no answer")

    def done(self, method, path, body, token, status):
        answer = self.send(method, path, body, token)
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    # --- one random thing each ---

    def start(self, person, rng):
        answer = self.send("POST", "/api/challenges/start", {"challenge_id": rng.choice(self.challenges)}, person.token)
        if answer.status == 201:
            person.open[answer.json()["id"]] = True
        else:
            self.assertIn(answer.json()["code"], ("already_started", "too_many_open"), answer)

    def complete(self, person, rng):
        if not person.open:
            return self.start(person, rng)
        attempt_id = rng.choice(list(person.open))
        body = {"user_challenge_id": attempt_id}
        if rng.random() < 0.5:
            done = self.done("POST", "/api/user/challenges/complete", body, person.token, 200)
        else:
            done = self.complete_without_key(person, body)
        person.balance += done["reward"]
        del person.open[attempt_id]

    def complete_without_key(self, person, body):
        """Among others, and then it may be done although no answer came."""
        answer = self.send("POST", "/api/user/challenges/complete", body, person.token, has_key=False)
        if answer.status == 200:
            return answer.json()
        self.assertEqual((answer.status, answer.json()["code"]), (409, "already_completed"), answer)
        path = history = "/api/user/challenges?status=completed&limit=100"
        while True:
            page = self.done("GET", path, None, person.token, 200)
            for one in page["items"]:
                if one["id"] == body["user_challenge_id"]:
                    return one
            self.assertIsNotNone(page["next"], f"no completed attempt {body}")
            path = f"{history}&cursor={page['next']}"

    def abandon(self, person, rng):
        if person.open:
            attempt_id = rng.choice(list(person.open))
            self.done("POST", "/api/user/challenges/abandon", {"user_challenge_id": attempt_id}, person.token, 200)
            del person.open[attempt_id]

    def buy(self, person, rng, path="/api/store/purchase", **members):
        item_id = rng.choice(list(self.items))
        price = self.items[item_id]
        answer = self.send("POST", path, {"item_id": item_id, **members}, person.token)
        if person.balance >= price:
            self.assertEqual(answer.status, 201, answer)
            person.balance -= price
            person.bought[answer.json()["id"]] = price
        else:
            self.assertEqual((answer.status, answer.json()["code"]), (409, "insufficient_funds"), answer)

    def give(self, person, rng):
        other = rng.choice([one for one in self.people if one is not person])
        self.buy(person, rng, "/api/store/gift", recipient_id=other.id)

    def refund(self, person, rng):
        left = list(person.bought.keys() - person.refunded)
        if left:
            purchase_id = rng.choice(left)
            self.done("POST", f"/api/admin/store/purchases/{purchase_id}/refund", None, self.admin, 200)
            person.refunded.add(purchase_id)
            person.balance += person.bought[purchase_id]

    def look(self, person, _rng):
        self.assertEqual(self.done("GET", "/api/store", None, person.token, 200)["balance"], person.balance)

    def live(self, person, seed, is_over, failures):
        rng = random.Random(seed)
        actions = [self.start, self.complete, self.complete, self.buy, self.give, self.refund, self.look, self.abandon]
        try:
            while not is_over():
                rng.choice(actions)(person, rng)
                self.count += 1
        except BaseException as failure:  # told by the main thread
            failures.append(failure)

    def live_until(self, is_over, meanwhile=lambda: None):
        failures = []
        self.count = 0
        meanwhile_failed = threading.Event()
        ended = lambda: bool(failures) or meanwhile_failed.is_set() or is_over()  # noqa: E731
        threads = [threading.Thread(target=self.live, args=(person, seed, ended, failures))
                   for seed, person in enumerate(self.people)]
        for thread in threads:
            thread.start()
        try:
            meanwhile()
        except BaseException:
            meanwhile_failed.set()
            raise
        finally:
            for thread in threads:
                thread.join()
        if failures:
            raise failures[0]

    def assert_as_the_model_says(self):
        for node in self.nodes:
            wait_until(node.is_ready, 60, "a node")
        for person in self.people:
            self.look(person, None)
            bought = self.database.sql(f"select id from purchases where user_id = '{person.id}'", "calixo").split()
            self.assertEqual({int(one) for one in bought}, set(person.bought))
        sums = self.database.sql("select count(*) from (select user_id from transactions where user_id is not null "
                                 "group by user_id, reason, source, is_reversal having count(*) > 1) twice", "calixo")
        self.assertEqual(sums, "0")
        done = self.nodes[0].command("doctor", "ledger")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
