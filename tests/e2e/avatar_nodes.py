"""Server processes on one database with avatars, and a plugin that feeds them as challenges and the store do."""
import concurrent.futures
import itertools
import unittest

from harness import BUILD, new_email
from nodes import start_nodes

SOURCES = itertools.count(1)


class AvatarNodes(unittest.TestCase):
    """Made once for the class; the tests use people of their own."""

    count = 2
    settings = {"events.poll_interval_ms": 100}

    @classmethod
    def setUpClass(cls):
        cls.database, cls.nodes = start_nodes(cls.addClassCleanup, cls.count, {
            "plugins.enabled": "auth,avatar,probe_avatar", "plugins.path": f"{BUILD}/test-plugins:{BUILD}/plugins",
            **cls.settings})

    def sql(self, text):
        return self.database.sql(text, "calixo")

    def number(self, text):
        return int(self.sql(text))

    def call(self, method, path, body=None, token=None, headers=None, node=0):
        return self.nodes[node].call(method, path, body, token, headers)

    def person(self):
        """A token and its person's id."""
        session = self.nodes[0].sign_up(new_email())
        return session["access_token"], session["user"]["id"]

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.json().get("code")), (status, code), answer)

    def avatar(self, token, node=0, language="en"):
        answer = self.call("GET", "/api/avatar", token=token, headers={"Accept-Language": language}, node=node)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def meal(self, user_id, source=None, node=0, **members):
        """One call of another plugin's; its answer."""
        body = {"user_id": user_id, "source": source or f"test:{next(SOURCES)}", **members}
        return self.call("POST", "/probe/feed", body, node=node)

    def feed(self, user_id, source=None, node=0, **members):
        answer = self.meal(user_id, source, node, **members)
        self.assertEqual(answer.status, 204, answer)

    def age(self, user_id, hours):
        """As if so much time had passed."""
        past = f"interval '{hours} hours'"
        self.sql(f"update avatars set energy_at = energy_at - {past}, next_told_at = next_told_at - {past} "
                 f"where user_id = '{user_id}'")

    def customize(self, token, category, item_id=None, node=0):
        return self.call("POST", "/api/avatar/customize", {"category": category, "item_id": item_id}, token, node=node)

    def cosmetic(self, verb, category, item_id, user_id="nobody"):
        return self.call("POST", f"/probe/{verb}", {"user_id": user_id, "category": category, "item_id": item_id})

    @staticmethod
    def at_once(count, action):
        """action(0) to action(count - 1) on as many threads."""
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return list(pool.map(action, range(count)))

    def names(self, items, category=None):
        return {one["item_id"] for one in items if category in (None, one["category"])}
