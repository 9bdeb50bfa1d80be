"""Stripe delivers, late, twice and out of order: always the same end, premium at the next request, nothing lost."""
import json
import random
import subprocess
import threading
import time

from clients import run_client
from harness import BUILD, RunningServer, main, new_email, wait_until
from stripe_events import DAY, MONTH, SECRET, Life, begun, deliver, new_id

OTHER_SECRET = "whsec_that_replaces_it"
SETTINGS = {
    "plugins.enabled": "auth,billing,probe_premium",
    "plugins.path": f"{BUILD}/plugins:{BUILD}/e2e-plugins",
    "billing.stripe.webhook_secrets": f"{SECRET}, {OTHER_SECRET}",
    "events.poll_interval_ms": 100,
    "events.retry_backoff_ms": 50,
    "events.retry_backoff_ms_max": 200,
}


class Billing(RunningServer):
    settings = SETTINGS

    def person(self):
        session = self.server.sign_up(new_email())
        return session["user"]["id"], session["access_token"]

    def deliver(self, event, **header):
        return deliver(self.server, event, **header)

    def deliver_all(self, events):
        for event in events:
            answer = self.deliver(event)
            self.assertEqual(answer.status, 200, answer)

    def is_premium(self, token):
        status = self.call("GET", "/probe/premium", token=token).status
        self.assertIn(status, (204, 403))
        return status == 204

    def membership(self, token):
        answer = self.call("GET", "/api/billing/subscription", token=token)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def cli(self, *words, status=0):
        done = self.server.command("billing", "events", *words)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def stored(self, event_id):
        return json.loads(self.cli("show", event_id, "--json"))

    def wait_applied(self, *events):
        """Until nothing waits: what was acknowledged before is applied then."""
        wait_until(lambda: self.cli("list", "--state", "stored") == "no events\n", 60, [one["type"] for one in events])


class Deliveries(Billing):
    def test_stripes_own_package_signs_what_passes_and_what_does_not(self):
        accepted = run_client("stripe_signatures.mjs", "stripe", self.server.base_url, SECRET, OTHER_SECRET)["accepted"]
        self.assertEqual(len(accepted), 8)
        for event_id in accepted:
            self.assertEqual(self.stored(event_id)["body"]["id"], event_id)
        counted = self.call("GET", "/metrics").body.decode()
        refused = [line for line in counted.splitlines()
                   if line.startswith("calixo_http_requests_total") and "/api/stripe/webhook" in line and "4xx" in line]
        self.assertEqual(len(refused), 1, "refusals are counted")
        self.assertGreaterEqual(float(refused[0].split()[-1]), 10)
        self.assertIn("stripe deliveries refused", self.server.output())
        self.assertNotIn(SECRET, self.server.output())

    def test_an_event_is_stored_byte_for_byte_before_it_is_acknowledged(self):
        event_id = new_id("evt")
        body = f'{{ "id":"{event_id}",\r\n"type":"a.type.of.tomorrow","created":1700000000, "ñ":"\\ud83c\\udf35" }}\n'.encode()
        self.assertEqual(self.deliver(body).status, 200)
        shown = subprocess.run([self.server.binary, "billing", "events", "show", event_id, *self.server.options],
                               capture_output=True, check=True).stdout
        self.assertEqual(shown.split(b"\n", 1)[1], body + b"\n")
        self.wait_applied({"id": event_id, "type": "a type that nobody knows"})

    def test_a_duplicate_is_acknowledged_and_changes_nothing(self):
        user_id, token = self.person()
        life = begun(user_id)
        self.deliver_all(life.events)
        wait_until(lambda: self.is_premium(token), 30, "premium")
        before = {event["id"]: self.stored(event["id"]) for event in life.events}
        self.wait_applied(*life.events)
        before = {event["id"]: self.stored(event["id"]) for event in life.events}
        self.deliver_all(life.events * 2)
        self.assertEqual({event["id"]: self.stored(event["id"]) for event in life.events}, before)

    def test_the_same_event_from_many_sides_at_once_is_stored_once(self):
        event, answers = Life(None).update(), []
        threads = [threading.Thread(target=lambda: answers.append(self.deliver(event).status)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [200] * 16)
        listed = json.loads(self.cli("list", "--json", "--customer", event["data"]["object"]["customer"]))
        self.wait_applied(event)
        listed = json.loads(self.cli("list", "--json", "--customer", event["data"]["object"]["customer"]))
        self.assertEqual([one["id"] for one in listed["items"]], [event["id"]])

    def test_what_is_signed_and_no_event_is_refused(self):
        for body in (b"", b"[]", b"{", b'{"id":"evt_1","type":"a"}', b'{"id":"","type":"a","created":1}',
                     b'{"id":"evt_2","type":"a","created":"today"}', b'{"id":"evt_\xff","type":"a","created":1}'):
            self.assertIn(self.deliver(body).status, (400, 422), body)

    def test_ids_as_long_as_stripe_may_make_them_are_taken_and_applied(self):
        life = Life(None)
        life.customer, life.id = (name.ljust(255, "x") for name in (life.customer, life.id))
        event = {**life.update(), "id": new_id("evt").ljust(255, "x")}
        self.assertEqual(self.deliver(event).status, 200)
        wait_until(lambda: self.stored(event["id"])["event"]["state"] == "applied", 30, "the end")
        self.assertIn("will be applied again", self.cli("replay", event["id"]))
        self.wait_applied(event)

    def test_a_body_beyond_the_limit_is_refused(self):
        event = {**Life(None).update(), "padding": "x" * 600_000}
        self.assertEqual(self.deliver(event).status, 413)

    def test_an_event_that_cannot_be_read_is_kept_shown_and_applied_again_on_request(self):
        life = Life(None)
        event = life.tell("customer.subscription.updated", {**life.subscription(), "status": "frozen"})
        self.assertEqual(self.deliver(event).status, 200)
        wait_until(lambda: self.stored(event["id"])["event"]["state"] == "refused", 30, "the refusal")
        refused = self.cli("list", "--state", "refused")
        self.assertIn(event["id"], refused)
        self.assertIn("status is none that is known", refused)
        finished_at = self.stored(event["id"])["event"]["finished_at"]
        self.assertIn("will be applied again", self.cli("replay", event["id"]))
        wait_until(lambda: self.stored(event["id"])["event"]["finished_at"] not in (None, finished_at), 30, "the replay")
        self.cli("replay", "evt_nobody", status=1)
        self.cli("show", "evt_nobody", status=1)
        self.cli("list", "--state", "lost", status=64)
        self.cli("replay", status=64)

    def test_the_operators_list_has_pages(self):
        self.deliver_all([Life(None).update() for _ in range(5)])
        seen, before = [], []
        while True:
            page = json.loads(self.cli("list", "--json", "--limit", "2", *before))
            seen += [one["id"] for one in page["items"]]
            if page["next"] is None or len(seen) >= 6:
                break
            before = ["--before", page["next"]]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreaterEqual(len(seen), 5)


class Premium(Billing):
    def test_it_comes_with_the_events_and_goes_with_them_without_another_token(self):
        user_id, token = self.person()
        self.assertEqual(self.membership(token), {"is_premium": False, "premium_until": None, "subscription": None})
        self.assertFalse(self.is_premium(token))
        life = begun(user_id)
        self.deliver_all(life.events)
        wait_until(lambda: self.is_premium(token), 30, "premium")
        membership = self.membership(token)
        self.assertTrue(membership["is_premium"])
        self.assertEqual((membership["subscription"]["id"], membership["subscription"]["plan"]), (life.id, "price_month"))
        self.deliver_all([life.later(30).become("canceled", "customer.subscription.deleted")])
        wait_until(lambda: not self.is_premium(token), 30, "the end")
        self.assertEqual(self.membership(token)["subscription"]["status"], "canceled")

    def test_nobody_is_premium_by_coming_to_checkout(self):
        user_id, token = self.person()
        life = Life(user_id, now=int(time.time()))
        life.status = "incomplete"
        events = [life.tell("customer.subscription.created", life.subscription()),
                  life.tell("checkout.session.completed", life.checkout("unpaid"))]
        self.deliver_all(events)
        self.wait_applied(*events)
        self.assertFalse(self.is_premium(token))
        self.assertFalse(self.membership(token)["is_premium"])

    def test_a_life_in_any_order_with_duplicates_ends_in_one_state(self):
        chance = random.Random(7)
        ends = []
        for turn in range(4):
            user_id, token = self.person()
            life = Life(user_id, is_old=turn % 2 == 0, now=1_750_000_000)
            events = list(life.whole())
            if turn:
                events += chance.choices(events, k=len(events) // 2)
                chance.shuffle(events)
            self.deliver_all(events)
            self.wait_applied(*life.events)
            self.assertFalse(self.is_premium(token))
            end = self.call("GET", "/api/user/export", token=token).json()["data"]["billing"]
            text = json.dumps({part: end[part] for part in ("subscriptions", "payments", "customers")})
            for word, name in ((life.id, "SUB"), (life.customer, "CUS"), (life.charge_id, "CH"), (user_id, "USER")):
                text = text.replace(word, name)
            found = json.loads(text)
            for part in found.values():
                part.sort(key=lambda row: str(row["id"]) if "kind" in row else "")
                for row in part:
                    for name in ("created_at",) + (() if "kind" in row or "linked_s" in row else ("id",)):
                        row.pop(name, None)
            ends.append(found)
        for end in ends[1:]:
            self.assertEqual(end, ends[0])
        self.assertEqual(ends[0]["subscriptions"][0]["status"], "canceled")
        charge = next(one for one in ends[0]["payments"] if one["kind"] == "charge")
        self.assertEqual((charge["status"], charge["amount_refunded"], charge["dispute_status"]), ("refunded", 999, "lost"))

    def test_a_customer_once_linked_stays_linked(self):
        (first, first_token), (second, second_token) = self.person(), self.person()
        life = begun(first)
        life.later(10).tell("checkout.session.completed", {**life.checkout(), "client_reference_id": second})
        life.later(10).tell("customer.updated", {"id": life.customer, "object": "customer", "metadata": {"user_id": second}})
        life.update()
        self.deliver_all(life.events)
        self.wait_applied(*life.events)
        self.assertEqual((self.is_premium(first_token), self.is_premium(second_token)), (True, False))

    def test_what_is_erased_stays_erased(self):
        user_id, token = self.person()
        life = begun(user_id)
        self.deliver_all(life.events)
        self.wait_applied(*life.events)
        told = self.call("GET", "/api/user/export", token=token).json()["data"]["billing"]
        self.assertEqual(len(told["events"]), 4)
        self.assertEqual((len(told["subscriptions"]), len(told["customers"])), (1, 1))
        self.assertEqual(self.call("DELETE", "/api/user", token=token).status, 204)
        for event in life.events:
            self.assertIsNone(self.stored(event["id"])["body"])
        late = life.later(60).become("canceled", "customer.subscription.deleted")
        again = life.tell("checkout.session.completed", life.checkout())
        self.deliver_all([late, again, *life.events])
        self.wait_applied(late, again)


class Lapse(Billing):
    settings = {**SETTINGS, "billing.past_due_grace_s": 6, "billing.renewal_grace_s": 0}

    def test_premium_ends_with_the_grace_after_a_failed_renewal(self):
        user_id, token = self.person()
        life = begun(user_id)
        self.deliver_all(life.events)
        wait_until(lambda: self.is_premium(token), 30, "premium")
        life.now = int(time.time())
        self.deliver_all([life.become("past_due"), life.tell("invoice.payment_failed", life.invoice("2", "open"))])
        wait_until(lambda: self.membership(token)["subscription"]["status"] == "past_due", 30, "past due")
        self.assertTrue(self.membership(token)["is_premium"])
        wait_until(lambda: not self.is_premium(token), 30, "the end of the grace")
        self.deliver_all([life.later(60).become("active")])
        wait_until(lambda: self.is_premium(token), 30, "the recovery")

    def test_premium_ends_at_the_end_of_a_period_that_is_not_renewed_though_no_event_comes(self):
        user_id, token = self.person()
        life = begun(user_id)
        life.later(10).is_ending, life.period_end = True, int(time.time()) + 6
        self.deliver_all([*life.events, life.update()])
        wait_until(lambda: self.is_premium(token), 30, "premium")
        wait_until(lambda: not self.is_premium(token), 30, "the end of the period")

    def test_a_renewal_keeps_it_beyond_the_end_of_the_period_before(self):
        user_id, token = self.person()
        life = begun(user_id)
        life.later(10).period_end = int(time.time()) + 4
        first_end = life.period_end
        self.deliver_all([*life.events, life.update()])
        wait_until(lambda: self.is_premium(token), 30, "premium")
        life.later(10).period_end += MONTH
        self.deliver_all([life.update()])
        wait_until(lambda: time.time() > first_end + 1 and self.server.command("jobs", "list").returncode == 0, 30, "the first end")
        self.assertTrue(self.is_premium(token))
        self.assertGreater(self.membership(token)["premium_until"], time.strftime("%Y-%m-%d", time.gmtime(first_end + DAY)))


class NotSetUp(Billing):
    settings = {**SETTINGS, "billing.stripe.webhook_secrets": ""}

    def test_without_a_secret_nothing_is_accepted(self):
        event = Life(None).update()
        for secret in (SECRET, ""):
            answer = self.deliver(event, secret=secret)
            self.assert_problem(answer, 503, "billing_not_configured")
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.cli("show", event["id"], status=1)


if __name__ == "__main__":
    main()
