"""Checkout and portal: sessions at Stripe, made once, through latency, refusals and lost connections; and never a
grant without an event."""
import socket
import threading
import unittest

from clients import run_client
from harness import BUILD, RunningServer, main, new_email, wait_until
from stripe_double import KEY, StripeDouble
from stripe_events import SECRET, begun, deliver

CHECKOUT, PORTAL = "/api/billing/checkout", "/api/billing/portal"


class TheDouble(unittest.TestCase):
    def test_stripes_own_package_finds_what_it_expects(self):
        double = StripeDouble()
        self.addCleanup(double.stop)
        double.fail_next(500, "drop_after")  # which the package sits out as it does with Stripe
        self.assertIn("customer", run_client("stripe_double.mjs", "stripe", double.port, KEY))
        self.assertEqual(len(double.things["customers"]), 6)


class WithDouble(RunningServer):
    """A server beside a double of Stripe's."""

    settings = {
        "plugins.enabled": "auth,billing,probe_premium",
        "plugins.path": f"{BUILD}/plugins:{BUILD}/e2e-plugins",
        "billing.stripe.webhook_secrets": SECRET,
        "billing.stripe.api_key": KEY,
        "billing.plans": "monthly:price_month, yearly:price_year, dear:price_unknown",
        "billing.success_url": "https://calixo.test/thanks?session={CHECKOUT_SESSION_ID}",
        "events.poll_interval_ms": 100,
        "outbound.failures_max": 1000,
    }

    @classmethod
    def setUpClass(cls):
        cls.stripe = StripeDouble()
        cls.addClassCleanup(cls.stripe.stop)
        cls.settings = {**cls.settings, "billing.stripe.api_base": cls.stripe.base}
        super().setUpClass()

    def setUp(self):
        self.stripe.faults.clear()
        session = self.server.sign_up(new_email())
        self.user, self.user_id, self.token = session["user"], session["user"]["id"], session["access_token"]


class Checkout(WithDouble):
    def post(self, path=CHECKOUT, body=None, **headers):
        sent = {"plan": "monthly"} if path == CHECKOUT and body is None else body
        return self.call("POST", path, sent, self.token, headers)

    def mine(self, kind):
        """What Stripe has of this person."""
        customers = [one["id"] for one in self.stripe.things["customers"].values()
                     if one["metadata"].get("user_id") == self.user_id]
        if kind == "customers":
            return customers
        return [one for one in self.stripe.things[kind].values() if one["customer"] in customers]

    def test_a_checkout_leads_to_stripe_with_all_that_names_the_person(self):
        answer = self.post()
        self.assertEqual(answer.status, 201, answer)
        [session], [customer] = self.mine("checkout/sessions"), self.mine("customers")
        self.assertEqual(answer.json(), {"id": session["id"], "url": session["url"]})
        form = session["form"]
        self.assertEqual((form["mode"], form["client_reference_id"], form["customer"]), ("subscription", self.user_id, customer))
        self.assertEqual(form["line_items"], [{"price": "price_month", "quantity": "1"}])
        self.assertEqual(form["subscription_data"], {"metadata": {"user_id": self.user_id}})
        self.assertEqual(form["success_url"], self.settings["billing.success_url"])
        self.assertTrue(form["cancel_url"].startswith("http"))
        self.assertEqual(self.stripe.things["customers"][customer]["email"], self.user["email"])
        self.assertEqual(self.call("GET", "/probe/premium", token=self.token).status, 403, "nothing is granted by asking")

    def test_a_person_has_one_customer_however_often_and_at_once_they_ask(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.post().status)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [201] * 6)
        self.assertEqual(len(self.mine("customers")), 1)

    def test_what_stripe_says_of_this_customer_is_this_persons_whoever_is_named(self):
        self.post()
        life = begun("00000000-0000-4000-8000-000000000009")
        life.customer = self.mine("customers")[0]
        life.later(5).become("trialing")
        self.assertEqual(deliver(self.server, life.events[-1]).status, 200)
        wait_until(lambda: self.call("GET", "/probe/premium", token=self.token).status == 204, 30, "premium")
        self.assert_problem(self.post(), 409, "already_subscribed")
        life.later(5).become("canceled", "customer.subscription.deleted")
        self.assertEqual(deliver(self.server, life.events[-1]).status, 200)
        wait_until(lambda: self.post().status == 201, 30, "another checkout")

    def test_the_portal_is_for_whoever_has_been_to_checkout(self):
        self.assert_problem(self.post(PORTAL), 404, "customer_not_found")
        self.post()
        answer = self.post(PORTAL)
        self.assertEqual(answer.status, 201, answer)
        [session] = self.mine("billing_portal/sessions")
        self.assertEqual(answer.json(), {"id": session["id"], "url": session["url"]})

    def test_a_session_is_made_once_through_lost_connections_latency_and_passing_faults(self):
        self.post()
        for faults in (["drop"], ["drop_after"], [500], [429], [503, 429], [0.5], ["drop_after", 500]):
            with self.subTest(faults=faults):
                before = len(self.mine("checkout/sessions"))
                self.stripe.fail_next(*faults)
                answer = self.post()
                self.assertEqual(answer.status, 201, answer)
                self.assertEqual(len(self.mine("checkout/sessions")), before + 1)
                self.assertEqual(self.stripe.faults, [])

    def test_a_fault_that_stays_is_answered_503_and_a_refusal_502_without_stripes_words(self):
        self.stripe.fail_next(*[500] * 20)
        answer = self.post()
        self.assert_problem(answer, 503, "payments_unavailable")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.stripe.faults.clear()
        refused = self.assert_problem(self.post(body={"plan": "dear"}), 502, "payments_refused")
        self.assertNotIn("price_unknown", str(refused))
        self.assertNotIn(KEY, self.server.output())

    def test_who_erases_the_account_does_not_go_on_paying(self):
        self.post()
        life = begun(self.user_id)
        life.customer = self.mine("customers")[0]
        life.later(5).become("trialing")
        self.stripe.things["subscriptions"][life.id] = life.subscription()
        self.assertEqual(deliver(self.server, life.events[-1]).status, 200)
        wait_until(lambda: self.call("GET", "/probe/premium", token=self.token).status == 204, 30, "premium")
        self.stripe.fail_next(*[500] * 3)  # the first time it can't be done
        self.assertEqual(self.call("DELETE", "/api/user", token=self.token).status, 204)
        wait_until(lambda: self.stripe.things["subscriptions"][life.id]["status"] == "canceled", 60, "the end at Stripe")

    def test_anybody_may_see_what_can_be_subscribed_to(self):
        answer = self.call("GET", "/api/billing/plans")
        self.assertEqual(answer.status, 200, answer)
        wanted = [("monthly", "price_month"), ("yearly", "price_year"), ("dear", "price_unknown")]
        self.assertEqual(answer.json(), {"items": [{"name": name, "price_id": price} for name, price in wanted], "next": None})

    def test_an_unknown_plan_and_no_caller_are_refused(self):
        self.assert_problem(self.post(body={"plan": "weekly"}), 422, "plan_unknown")
        self.assert_problem(self.post(body={}), 422, "validation_failed")
        for path in (CHECKOUT, PORTAL):
            self.assertEqual(self.call("POST", path, {"plan": "monthly"}).status, 401)

    def test_the_same_idempotency_key_leads_to_the_same_session(self):
        first = self.post(**{"Idempotency-Key": "double-click-1"})
        again = self.post(**{"Idempotency-Key": "double-click-1"})
        self.assertEqual((again.status, again.json()), (201, first.json()))
        self.assertEqual(len(self.mine("checkout/sessions")), 1)


class Reconciling(WithDouble):
    def reconcile(self, *words, status=0):
        done = self.server.command("billing", "reconcile", *words)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def wait_idle(self):
        def is_idle():
            return self.server.command("billing", "events", "list", "--state", "stored").stdout == "no events\n"
        wait_until(is_idle, 60, "the end of the inbox")

    def begin(self, user_id, is_at_stripe=True):
        """A life that is told of whole; at Stripe as well, or not."""
        life = begun(user_id)
        if is_at_stripe:
            self.stripe.things["subscriptions"][life.id] = life.subscription()
        for event in life.events:
            self.assertEqual(deliver(self.server, event).status, 200)
        return life


class Reconcile(Reconciling):
    def test_differences_are_told_page_by_page_and_repaired(self):
        lives = []
        for _ in range(120):
            life = begun(self.user_id)
            lives.append(life)
            self.stripe.things["subscriptions"][life.id] = life.subscription()
        same, lost, ended = lives[:3]
        for life in (same, ended):
            for event in life.events:
                self.assertEqual(deliver(self.server, event).status, 200)
        for life in lives[3:]:
            self.assertEqual(deliver(self.server, life.events[0]).status, 200)
            self.assertEqual(deliver(self.server, life.events[2]).status, 200)
        self.stripe.things["subscriptions"][ended.id]["status"] = "canceled"
        self.wait_idle()

        told = self.reconcile(status=1)
        self.assertIn(f"{lost.id}: unknown here, active at Stripe\n", told)
        self.assertIn(f"{ended.id}: active here, canceled at Stripe\n", told)
        self.assertNotIn(f"{same.id}: ", told)
        self.assertIn("compared 120 subscriptions; 2 differ", told)
        [cursor] = [line.rsplit(" ", 1)[1] for line in told.splitlines() if "go on by --after" in line]
        self.assertEqual(cursor, lives[20].id)

        rest = self.reconcile("--after", cursor, status=1)  # those of the page before are asked for one by one
        self.assertIn(f"{lost.id}: ", rest)
        self.assertIn("compared 120 subscriptions; 2 differ", rest)
        [cursor] = [line.rsplit(" ", 1)[1] for line in told.splitlines() if "go on by --ours-after" in line]
        asked = len(self.stripe.requests)
        self.assertIn("compared 19 subscriptions", self.server.command("billing", "reconcile", "--ours-after", cursor).stdout)
        self.assertEqual(len(self.stripe.requests), asked + 19)
        self.assertIn("; repaired", self.reconcile("--repair"))
        self.assertIn("0 differ", self.reconcile())
        for event in ended.events:  # what Stripe said before it was asked changes nothing
            self.assertEqual(deliver(self.server, {**event, "id": event["id"] + "_again"}).status, 200)
        self.wait_idle()
        self.assertIn("0 differ", self.reconcile())
        self.reconcile("--after", "sub_1/../customers", status=64)


class ReconcileOurs(Reconciling):
    def is_premium(self):
        return self.call("GET", "/probe/premium", token=self.token).status == 204

    def test_what_we_have_and_stripe_does_not_is_told_and_ended(self):
        known = self.begin(self.server.sign_up(new_email())["user"]["id"])
        first, second = sorted((self.begin(self.user_id, False) for _ in range(2)), key=lambda life: life.id)
        over = self.begin(self.user_id, False)
        over.later(5).become("canceled", "customer.subscription.deleted")
        self.assertEqual(deliver(self.server, over.events[-1]).status, 200)
        self.wait_idle()
        self.assertTrue(self.is_premium())

        told = self.reconcile(status=1)
        for life in (first, second):
            self.assertIn(f"{life.id}: active here, unknown at Stripe\n", told)
        for life in (known, over):
            self.assertNotIn(f"{life.id}: ", told)
        self.assertTrue(self.is_premium(), "telling repairs nothing")
        rest = self.reconcile("--ours-after", first.id, status=1)
        self.assertIn(f"{second.id}: active", rest)
        self.assertNotIn(f"{first.id}: ", rest)

        self.end_nothing_on_another_accounts_word(first, second)
        self.end_nothing_on_a_proxys_word(first)
        mended = self.reconcile("--repair")
        for life in (first, second):
            self.assertIn(f"{life.id}: active here, unknown at Stripe; repaired\n", mended)
        wait_until(lambda: not self.is_premium(), 30, "the end of the role")
        self.assertIn("0 differ", self.reconcile())
        self.reconcile("--after", first.id, "--ours-after", first.id, status=64)

    def end_nothing_on_another_accounts_word(self, *lives):
        kept, foreign = dict(self.stripe.things["subscriptions"]), begun(None)
        self.stripe.things["subscriptions"].clear()
        self.stripe.things["subscriptions"][foreign.id] = foreign.subscription()
        for turn in range(2):  # the second time the stranger's is known here
            told = self.reconcile("--repair", status=1)
            self.assertIn("Nothing was ended", told)
            for life in lives:
                self.assertIn(f"{life.id}: active here, unknown at Stripe\n", told, turn)
        self.assertTrue(self.is_premium())
        self.stripe.things["subscriptions"].update(kept)

    def end_nothing_on_a_proxys_word(self, life):
        known = self.stripe.things["subscriptions"]
        self.stripe.things["subscriptions"] = dict(known)
        self.stripe.fail_next(0.0, 404)  # the page, then the question
        done = self.server.command("billing", "reconcile", "--repair")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("; repaired", done.stdout, life.id)
        self.assertTrue(self.is_premium())


class Closed:
    """Takes connections and ends each without a word; counts them."""

    def __init__(self):
        self.count = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                self.count += 1
                connection.close()
        except OSError:  # stopped
            pass

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class NotReached(RunningServer):
    settings = {"plugins.enabled": "auth,billing", "billing.stripe.api_key": KEY, "billing.plans": "monthly:price_month",
                "outbound.failures_max": 3}

    @classmethod
    def setUpClass(cls):
        cls.stripe = Closed()
        cls.addClassCleanup(cls.stripe.stop)
        cls.settings = {**cls.settings, "billing.stripe.api_base": cls.stripe.base}
        super().setUpClass()

    def test_where_stripe_is_not_reached_people_are_told_to_come_back(self):
        token = self.new_token()
        tried = []
        for _ in range(6):
            answer = self.call("POST", CHECKOUT, {"plan": "monthly"}, token)
            self.assert_problem(answer, 503, "payments_unavailable")
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
            tried.append(self.stripe.count)
        self.assertGreater(tried[0], 0)
        self.assertEqual(tried[3:], [tried[2]] * 3, "after three failures Stripe is left alone for a while")
        self.assertIn("stripe not reached", self.server.output())
        self.assertNotEqual(self.server.command("billing", "reconcile").returncode, 0)


class NoPlans(RunningServer):
    settings = {"plugins.enabled": "auth,billing"}

    def test_without_a_key_there_is_no_checkout(self):
        token = self.new_token()
        self.assert_problem(self.call("POST", CHECKOUT, {"plan": "monthly"}, token), 422, "plan_unknown")
        self.assertEqual(self.call("GET", "/api/billing/plans").json(), {"items": [], "next": None})


if __name__ == "__main__":
    main()
