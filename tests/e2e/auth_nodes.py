"""Two server processes on one database, for what must hold on every node at once."""
import unittest

from harness import new_email, wait_until
from nodes import start_nodes


class AuthNodes(unittest.TestCase):
    """Made once for the class; the tests use accounts of their own. They look by themselves so rarely that only a
    signal can have told them."""

    settings = {"auth.first_admin_email": "", "plugins.enabled": "auth", "events.poll_interval_ms": 60000}
    count = 2

    @classmethod
    def setUpClass(cls):
        cls.database, cls.nodes = start_nodes(cls.addClassCleanup, cls.count, cls.settings)

    def sql(self, text):
        return self.database.sql(text, "calixo")

    def status(self, node, path, token, method="GET", body=None):
        return self.nodes[node].call(method, path, body, token).status

    def sign_up(self, node=0):
        """A session whose token every node has verified and remembers."""
        session = self.nodes[node].sign_up(new_email())
        for each in range(self.count):
            self.assertEqual(self.status(each, "/auth/v1/user", session["access_token"]), 200)
        return session

    def cli(self, *words, status=0):
        done = self.nodes[0].command(*words)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def assert_at_once(self, condition, what):
        """By the signal, on every node."""
        for node in range(self.count):
            wait_until(lambda node=node: condition(node), 20, f"{what} on node {node}")
