"""PostgreSQL goes away while Stripe delivers, workers die between storing and applying, Stripe must be asked:
nothing acknowledged is lost, nothing is applied twice, and what contradicts itself is decided."""
import http.client
import os
import threading
import time
import unittest

from harness import BUILD, main, new_email, wait_until
from nodes import start_nodes
from stripe_double import KEY, StripeDouble
from stripe_events import MONTH, SECRET, Life, begun, deliver

KILLS = int(os.environ.get("CALIXO_TEST_KILLS", 100))
SETTINGS = {
    "auth.first_admin_email": "",
    "plugins.enabled": "auth,billing,probe_premium",
    "plugins.path": f"{BUILD}/plugins:{BUILD}/e2e-plugins",
    "billing.stripe.webhook_secrets": SECRET,
    "events.poll_interval_ms": 100,
    "events.retry_backoff_ms": 50,
    "events.retry_backoff_ms_max": 200,
    "events.timeout_ms": 1000,
    "events.lease_margin_ms": 300,
}

# One row for each time that an event became applied.
WATCH = """
create table applications (event_id text);
grant insert on applications to public;
create function watch() returns trigger language plpgsql as
  $$ begin insert into applications values (new.id); return null; end $$;
create trigger watch after update of state on stripe_events for each row
  when (old.state <> 'applied' and new.state = 'applied') execute function watch();
"""


class Nodes(unittest.TestCase):
    count = 1
    settings = {}

    def setUp(self):
        self.database, self.nodes = start_nodes(self.addCleanup, self.count, {**SETTINGS, **self.settings})
        self.node = self.nodes[0]
        self.sql(WATCH)

    def sql(self, text):
        return self.database.sql(text, "calixo")

    def number(self, text):
        return int(self.sql(text))

    def wait_idle(self):
        wait_until(lambda: self.number("select count(*) from stripe_events where state = 'stored'") == 0, 60,
                   "the end of the inbox")

    def assert_applied_once(self, events):
        self.wait_idle()
        self.assertEqual(self.number("select count(*) from stripe_events"), len(events))
        self.assertEqual(self.sql("select event_id, count(*) from applications group by 1 having count(*) <> 1"), "")
        self.assertEqual(self.number("select count(*) from applications"), len(events))


class DatabaseAway(Nodes):
    def test_what_is_acknowledged_is_stored_and_what_is_not_is_answered_503(self):
        user_id = self.node.sign_up(new_email())["user"]["id"]
        lives = [begun(user_id) for _ in range(200)]
        events = [event for life in lives for event in life.events]
        waiting, answers, lock = list(events), [], threading.Lock()

        def stripe():
            """Delivers until it is acknowledged, as Stripe does."""
            while True:
                with lock:
                    if not waiting:
                        return
                    event = waiting.pop(0)
                answer = deliver(self.node, event)
                with lock:
                    answers.append((event["id"], answer))
                    if answer.status != 200:
                        waiting.append(event)

        threads = [threading.Thread(target=stripe) for _ in range(4)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(answers) > 50, 60, "the first deliveries")
        self.database.stop()
        wait_until(lambda: any(answer.status == 503 for _, answer in list(answers)), 60, "a refusal")
        self.database.start()
        for thread in threads:
            thread.join()
        for event_id, answer in answers:
            self.assertIn(answer.status, (200, 503), f"{event_id}: {answer}")
            if answer.status == 503:
                self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertEqual({event_id for event_id, answer in answers if answer.status == 200}, {one["id"] for one in events})
        self.assert_applied_once(events)
        self.assertEqual(self.number("select count(*) from subscriptions where status = 'active'"), len(lives))


class WorkerKilled(Nodes):
    count = 2

    def test_an_event_is_applied_exactly_once_whenever_the_worker_dies(self):
        user_id = self.node.sign_up(new_email())["user"]["id"]
        lives, open_at_death = [], 0
        for turn in range(KILLS):
            node = self.nodes[turn % 2]
            wait_until(node.is_ready, 60, "the node")
            life = begun(user_id)
            lives.append(life)
            for event in life.events:
                self.assertEqual(deliver(node, event).status, 200)
            for each in self.nodes:
                try:
                    os.kill(each.worker(), 9)
                except (AssertionError, ProcessLookupError):
                    pass  # it is on its way back from the turn before
            open_at_death += self.number("select count(*) from stripe_events where state = 'stored'") > 0
        self.assertGreater(open_at_death, 0, "no worker died with work left")
        self.assert_applied_once([event for life in lives for event in life.events])
        self.assertEqual(self.number("select count(*) from subscriptions where status = 'active'"), len(lives))
        self.assertEqual(self.sql(f"select app_metadata ->> 'role' from users where id = '{user_id}'"), "premium")


class Kept(Nodes):
    settings = {"events.attempts_max": 2}

    def test_what_fails_again_and_again_is_a_dead_letter_that_is_replayed_once_it_can_be(self):
        user_id = self.node.sign_up(new_email())["user"]["id"]
        self.sql("alter table subscriptions add constraint broken check (status <> 'active') not valid")
        life = begun(user_id)
        for event in life.events:
            self.assertEqual(deliver(self.node, event).status, 200)
        dead = "select count(*) from jobs where name like '%apply_event' and state = 'dead'"
        wait_until(lambda: self.number(dead) == 1, 60, "the dead letter")
        wait_until(lambda: self.number("select count(*) from stripe_events where state = 'stored'") == 1, 60, "the others")
        self.assertIn("apply_event", self.node.command("jobs", "list").stdout)
        self.assertEqual(self.sql("select id from stripe_events where is_apart"), life.events[2]["id"],
                         "it fails no other run")
        stored = self.node.command("billing", "events", "list", "--state", "stored").stdout
        self.assertIn(life.events[2]["id"], stored)
        self.sql("alter table subscriptions drop constraint broken")
        self.assertEqual(self.node.command("billing", "events", "replay", life.events[2]["id"]).returncode, 0)
        self.assert_applied_once(life.events)
        self.assertEqual(self.sql(f"select app_metadata ->> 'role' from users where id = '{user_id}'"), "premium")

    def test_what_no_run_is_left_for_is_found(self):
        life = begun(self.node.sign_up(new_email())["user"]["id"])
        for event in life.events:
            self.assertEqual(deliver(self.node, event).status, 200)
        self.wait_idle()
        wait_until(lambda: self.number("select count(*) from jobs where name = 'billing/apply_open_events' and "
                                       "state = 'pending'") == 0, 60, "the end of the runs")
        self.sql("truncate applications; update stripe_events set state = 'stored', finished_at = null")
        self.sql("update job_schedules set next_at = now() where name = 'billing/look_for_open_events'")
        self.assert_applied_once(life.events)

    def test_a_cancellation_is_exported_while_it_is_known_whose_it_is(self):
        session = self.node.sign_up(new_email())
        life = begun(session["user"]["id"])
        for event in life.events:
            self.assertEqual(deliver(self.node, event).status, 200)
        self.wait_idle()
        self.sql(f"insert into stripe_cancellations values ('{life.id}'), ('sub_of_nobody')")
        told = self.node.call("GET", "/api/user/export", token=session["access_token"]).json()["data"]["billing"]
        self.assertEqual([one["subscription_id"] for one in told["cancellations"]], [life.id])


class Asked(Nodes):
    def setUp(self):
        self.stripe = StripeDouble()
        self.addCleanup(self.stripe.stop)
        self.settings = {"billing.stripe.api_key": KEY, "billing.stripe.api_base": self.stripe.base,
                         "outbound.failures_max": 100}
        super().setUp()

    def is_premium(self, token):
        return self.node.call("GET", "/probe/premium", token=token).status == 204

    def test_what_contradicts_itself_within_a_second_is_decided_by_stripe(self):
        session = self.node.sign_up(new_email())
        token = session["access_token"]
        for truth in ("past_due", "canceled", "active"):
            with self.subTest(truth=truth):
                life = begun(session["user"]["id"])
                life.later(30).become("past_due")
                life.become("active")
                life.become("unpaid")
                now = {**life.subscription(), "status": truth}
                self.stripe.things["subscriptions"][life.id] = now
                self.stripe.fail_next(500, 429, "drop")
                for event in reversed(life.events):
                    self.assertEqual(deliver(self.node, event).status, 200)
                where = f"where stripe_subscription_id = '{life.id}'"
                wait_until(lambda: self.sql(f"select status, is_tied from subscriptions {where}") == f"{truth}|f", 30,
                           "Stripe's word")
                wait_until(lambda: self.is_premium(token) == (truth != "canceled"), 30, "the role")
                for event in life.events:  # late repetitions change nothing
                    self.assertEqual(deliver(self.node, event).status, 200)
                life.later(60).become("canceled", "customer.subscription.deleted")
                self.assertEqual(deliver(self.node, life.events[-1]).status, 200)
                wait_until(lambda: not self.is_premium(token), 30, "the end")
        self.wait_idle()


if __name__ == "__main__":
    main()
