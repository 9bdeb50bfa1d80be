"""kill -9 between claim and finish: whatever a dead process had claimed is taken over, nothing is lost, and
what a transaction wrote is there exactly once."""
import http.client

from event_nodes import Nodes
from harness import call, main, wait_until

KILLS = 20


class Killed(Nodes):
    count = 2
    settings = {"events.timeout_ms": 1000, "events.lease_margin_ms": 300}

    def ready_node(self):
        ready = lambda: next((node for node in self.nodes if node.is_ready()), None)
        return wait_until(ready, 60, "a node")

    def test_deliveries_of_a_killed_process_take_effect_exactly_once(self):
        for seq in range(KILLS):
            body = {"key": f"key-{seq % 3}", "what": {"seq": seq, "is_killing": True}}
            try:
                call(self.ready_node().port, "POST", "/probe/publish", body)
            except (OSError, http.client.HTTPException):
                pass  # died with the delivery before it answered: the event was committed
            self.wait_for("exact", [seq], 60)
        self.wait_for("plain", range(KILLS), 60)
        self.assertEqual(sorted(self.effects("exact")), list(range(KILLS)))
        firsts = "select count(*) from probe_effects where who = 'exact' and attempt = 1"
        self.assertEqual(self.number(firsts), 0, "each first attempt was killed, and left nothing")

    def test_runs_of_a_killed_process_take_effect_exactly_once(self):
        for seq in range(KILLS // 4):
            try:
                call(self.ready_node().port, "POST", "/probe/enqueue", {"what": {"seq": seq, "is_killing": True}})
            except (OSError, http.client.HTTPException):
                pass
            self.wait_for("work", [seq], 60)
        self.assertEqual(sorted(self.effects("work")), list(range(KILLS // 4)))


if __name__ == "__main__":
    main()
