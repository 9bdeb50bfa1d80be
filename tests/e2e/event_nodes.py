"""Server processes on one database with the plugin that publishes, hears, fails and dies on request."""
import unittest

from harness import BUILD, wait_until
from nodes import start_nodes

SETTINGS = {
    "plugins.enabled": "probe_events",
    "plugins.path": f"{BUILD}/test-plugins:{BUILD}/plugins",
    "events.poll_interval_ms": 100,
    "events.retry_backoff_ms": 50,
    "events.retry_backoff_ms_max": 200,
}


class Nodes(unittest.TestCase):
    """Server processes on one database, made anew for each test."""

    count = 1
    settings = {}

    def setUp(self):
        self.database, self.nodes = start_nodes(self.addCleanup, self.count, {**SETTINGS, **self.settings})
        self.node = self.nodes[0]

    def sql(self, text):
        return self.database.sql(text, "calixo")

    def number(self, text):
        return int(self.sql(text))

    def post(self, path, body=None, status=204, node=None):
        answer = (node or self.node).call("POST", path, body if body is not None else {})
        self.assertEqual(answer.status, status, answer)
        return answer

    def publish(self, seq, key="", node=None, status=204, **more):
        what = {"seq": seq, **{name: more.pop(name) for name in ("is_killing", "is_failing", "hang_ms") if name in more}}
        return self.post("/probe/publish", {"key": key, "what": what, **more}, status, node)

    def effects(self, who, key=None):
        """The seqs in the order in which they were written."""
        where = f"who = '{who}'" + ("" if key is None else f" and key = '{key}'")
        return [int(line) for line in self.sql(f"select seq from probe_effects where {where} order by id").split()]

    def wait_for(self, who, seqs, timeout_s=30):
        """Until that subscriber has seen all of these."""
        wanted = set(seqs)
        try:
            wait_until(lambda: wanted <= set(self.effects(who)), timeout_s, f"{who} {seqs}")
        except AssertionError as error:
            rows = self.sql("select row_to_json(d) from outbox_deliveries d where state <> 'done' limit 5")
            raise AssertionError(f"{error}; got {self.effects(who)}; {rows}\n{self.node.output()[-3000:]}") from None

    def wait_idle(self):
        wait_until(lambda: self.number("select count(*) from outbox_deliveries where state = 'pending'") == 0, 30,
                   "the end of the deliveries")
