"""Events and jobs on the real database: what is committed is delivered, what is not never is; failures are
retried, given up, listed, replayed; keys keep their order under two processes."""
import collections
import json
import threading

from event_nodes import Nodes
from harness import main, wait_until


class OneNode(Nodes):
    def test_committed_is_delivered_to_every_subscriber_and_rolled_back_never(self):
        self.publish(1, roll_back=True, status=409)
        self.publish(2)
        self.post("/probe/publish-alone", {"what": {"seq": 3}})
        for who in ("exact", "plain", "flaky", "hanging"):
            self.wait_for(who, [2, 3])
        self.wait_idle()
        self.assertEqual(self.number("select count(*) from outbox_events"), 2)
        for who in ("exact", "plain", "flaky", "hanging"):
            self.assertEqual(sorted(self.effects(who)), [2, 3])

    def test_a_payload_beyond_the_limit_is_refused(self):
        self.post("/probe/fill", {"text": "x" * 60_000})
        self.post("/probe/fill", {"text": "x" * 66_000}, status=413)

    def test_failing_is_retried_then_dead_listed_and_replayed(self):
        self.publish(1, key="a", is_failing=True)
        self.wait_for("exact", [1])
        dead = "select count(*) from outbox_deliveries where state = 'dead'"
        wait_until(lambda: self.number(dead) == 1, 30, "the dead letter")
        self.assertEqual(self.effects("flaky"), [1, 1, 1], "attempts_max is 3")
        doctor = self.node.command("doctor")
        self.assertNotEqual(doctor.returncode, 0)
        self.assertIn("calixo events list", doctor.stdout)
        letters = json.loads(self.node.command("events", "list", "--json").stdout)
        self.assertEqual(len(letters), 1, letters)
        letter = letters[0]
        self.assertEqual((letter["subscriber"], letter["topic"], letter["key"], letter["attempts"], letter["error"]),
                         ("probe_events/flaky", "probe.happened", "a", 3, "broken on purpose"))
        refused = self.node.command("events", "replay", "999999")
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(self.number(dead), 1)
        self.post("/probe/mend")
        replayed = self.node.command("events", "replay", str(letter["id"]))
        self.assertEqual(replayed.returncode, 0, replayed)
        self.wait_idle()
        self.assertEqual(self.number(dead), 0)
        self.assertEqual(self.effects("flaky"), [1, 1, 1, 1])
        self.assertIn("no dead letters", self.node.command("doctor").stdout)

    def test_a_failing_subscriber_holds_up_its_key_alone(self):
        self.publish(1, key="broken", is_failing=True)
        self.publish(2, key="broken")
        self.publish(3, key="sound")
        self.wait_for("exact", [1, 2, 3])
        self.wait_for("flaky", [3, 2])
        self.assertEqual(self.effects("flaky", "broken"), [1, 1, 1, 2], "2 comes after 1 was given up")

    def test_jobs_run_once_per_unique_key_and_not_before_their_time(self):
        self.post("/probe/enqueue", {"what": {"seq": 1}, "roll_back": True}, status=409)
        first = self.post("/probe/enqueue", {"what": {"seq": 2}, "unique_key": "k", "delay_ms": 1500}, status=200)
        second = self.post("/probe/enqueue", {"what": {"seq": 3}, "unique_key": "k"}, status=200)
        self.assertEqual((first.json()["is_new"], second.json()["is_new"]), (True, False))
        self.post("/probe/enqueue", {"what": {"seq": 4}}, status=200)
        self.wait_for("work", [4])
        self.assertEqual(self.effects("work"), [4], "2 is not due")
        self.wait_for("work", [2])
        self.assertEqual(self.effects("work"), [4, 2])

    def test_runs_one_at_a_time_do_not_overlap(self):
        for seq in range(8):
            self.post("/probe/enqueue", {"what": {"seq": seq, "hang_ms": 100}, "job": "alone"}, status=200)
        wait_until(lambda: len(self.effects("alone")) == 8, 30, "the runs")
        self.assertEqual(self.effects("alone"), [1] * 8)

    def test_a_run_that_gives_up_is_dead_at_once_and_undone(self):
        self.post("/probe/enqueue", {"what": {"seq": 1, "is_failing": True}}, status=200)
        wait_until(lambda: self.number("select count(*) from jobs where state = 'dead'") == 1, 30, "the dead run")
        letter, = json.loads(self.node.command("jobs", "list", "--json").stdout)
        self.assertEqual((letter["job"], letter["attempts"], letter["error"]),
                         ("probe_events/work", 1, "hopeless on purpose"))
        self.assertEqual(self.effects("work"), [], "its transaction was rolled back")

    def test_metrics_tell_what_waits_and_what_was_done(self):
        self.publish(1, is_failing=True)

        def value(name, kind):
            text = self.node.call("GET", "/metrics").body.decode()
            return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                       if line.startswith(name) and f'"probe_events/{kind}"' in line)

        wait_until(lambda: value("calixo_work_dead", "flaky") == 1, 30, "the gauge")
        self.assertEqual(value("calixo_work_delivered_total", "exact"), 1)
        self.assertEqual(value("calixo_work_failed_total", "flaky"), 2)
        self.assertEqual(value("calixo_work_given_up_total", "flaky"), 1)
        self.assertEqual(value("calixo_work_pending", "exact"), 0)

    def test_sigterm_lets_a_delivery_end_and_claims_no_more(self):
        self.publish(1, hang_ms=700)
        wait_until(lambda: self.number("select count(*) from outbox_deliveries where subscriber = "
                                       "'probe_events/hanging' and attempt = 1") == 1, 30, "the claim")
        self.assertEqual(self.node.stop(), 0)
        self.assertEqual(self.effects("hanging"), [1])
        self.assertEqual(self.number("select count(*) from outbox_deliveries where state <> 'done'"), 0)


class ShortTimeout(Nodes):
    settings = {"events.timeout_ms": 500}

    def test_a_hanging_subscriber_holds_up_no_other(self):
        for seq in range(8):
            self.publish(seq, hang_ms=60_000)
        self.wait_for("exact", range(8))
        self.assertEqual(self.effects("hanging"), [], "it hangs")


class Retention(Nodes):
    settings = {"events.finished_retention_s": 0}

    def test_finished_rows_are_removed(self):
        self.publish(1)
        self.post("/probe/enqueue", {"what": {"seq": 2}}, status=200)
        self.wait_for("exact", [1])
        self.wait_for("work", [2])
        self.wait_idle()
        wait_until(lambda: self.sql("select (select count(*) from outbox_events) + (select count(*) from outbox_deliveries)"
                                    " + (select count(*) from jobs where name = 'probe_events/work')") == "0",
                   30, "the removal")


class TwoNodes(Nodes):
    count = 2

    def test_each_key_keeps_its_order(self):
        keys, each = [f"key-{i}" for i in range(6)], 40

        def publish_all(key, node):
            for seq in range(0, each, 10):
                self.publish(seq, key=key, count=10, node=node, is_whole=seq % 20 == 0)

        threads = [threading.Thread(target=publish_all, args=(key, self.nodes[i % 2])) for i, key in enumerate(keys)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: len(self.effects("exact")) == each * len(keys), 60, "all deliveries")
        self.wait_idle()
        for key in keys:
            for who in ("exact", "plain"):
                self.assertEqual(self.effects(who, key), list(range(each)), f"{who} {key}")
        pids = self.sql("select count(distinct pid) from probe_effects where who in ('exact', 'plain')")
        self.assertEqual(pids, "2", "both processes deliver")

    def test_every_runs_once_an_interval(self):
        ticks = wait_until(lambda: len(self.effects("tick")) >= 6 and self.effects("tick"), 30, "six ticks")
        counts = collections.Counter(ticks)
        self.assertEqual(set(counts.values()), {1}, "an interval ran twice")
        self.assertEqual({tick % 1000 for tick in ticks}, {ticks[0] % 1000}, "the phase stays")


if __name__ == "__main__":
    main()
