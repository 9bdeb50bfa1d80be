"""Coupons: kept by administrators, and redeemed in the store and by Stripe's checkouts, never more often than they may
be, whoever tries at once, again or twice."""
import time

from harness import BUILD, Calixo, main, wait_until
from store_parts import NUMBERS, StoreServer, at_once
from stripe_double import KEY, StripeDouble
from stripe_events import SECRET, begun, deliver

ADMIN, CHECKOUT = "/api/admin/coupons", "/api/billing/checkout"
LONG_AGO, FAR_AWAY = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


class CouponServer(StoreServer):
    plugins = "auth,store,billing,probe_payer"

    @classmethod
    def setUpClass(cls):
        cls.stripe = StripeDouble()
        cls.addClassCleanup(cls.stripe.stop)
        cls.more_settings = {
            "billing.stripe.webhook_secrets": SECRET, "billing.stripe.api_key": KEY,
            "billing.stripe.api_base": cls.stripe.base, "billing.plans": "monthly:price_month, yearly:price_year",
            "events.poll_interval_ms": 100, "outbound.failures_max": 1000}
        super().setUpClass()

    def add(self, **members):
        coupon = {"code": f"CODE-{next(NUMBERS)}", "discount_percent": 25, **members}
        return self.call("POST", ADMIN, coupon, self.admin)

    def coupon(self, **members):
        """Adds a coupon; the whole of it."""
        answer = self.add(**members)
        self.assertEqual(answer.status, 201, answer)
        return answer.json()

    def change(self, coupon, **members):
        return self.call("PATCH", f"{ADMIN}/{coupon['id']}", members, self.admin)

    def find(self, coupon):
        return self.call("GET", f"{ADMIN}/{coupon['id']}", token=self.admin)

    def redeemed(self, coupon):
        """How often it was, by its count; by its rows the same."""
        counted = self.find(coupon).json()["redeemed_count"]
        rows = int(self.sql(f"select count(*) from coupon_redemptions where coupon_id = {coupon['id']}"))
        self.assertEqual(counted, rows)
        return counted

    def people(self, count, money):
        """The tokens of so many, each with so much."""
        return at_once(lambda _: self.person(money)[0], range(count), 8)


class Kept(CouponServer):
    def test_a_coupon_is_added_found_changed_and_unset(self):
        made = self.coupon(code="verano_25", valid_until=FAR_AWAY, redemptions_max=5, plans=["monthly"])
        self.assertEqual((made["code"], made["redemptions_per_user_max"], made["redeemed_count"]), ("VERANO_25", 1, 0))
        self.assertEqual(self.find(made).json(), made)
        changed = self.change(made, discount_percent=50, unset=["valid_until", "plans", "redemptions_per_user_max"]).json()
        self.assertEqual((changed["discount_percent"], changed["valid_until"], changed["plans"], changed["redemptions_max"],
                          changed["redemptions_per_user_max"]), (50, None, None, 5, None))
        self.assert_problem(self.add(code="Verano_25"), 409, "coupon_code_taken")
        self.assertEqual(self.call("DELETE", f"{ADMIN}/{made['id']}", token=self.admin).status, 204)
        self.assert_problem(self.find(made), 404, "coupon_not_found")
        self.assert_problem(self.change(made, is_active=False), 404, "coupon_not_found")
        self.assert_problem(self.call("DELETE", f"{ADMIN}/{made['id']}", token=self.admin), 404, "coupon_not_found")

    def test_what_is_wrong_is_told_by_field(self):
        wrong = {"code": "ñu-25", "discount_percent": 101, "valid_for": "nothing", "plans": [], "redemptions_max": 0,
                 "redemptions_per_user_max": 0, "valid_until": "tomorrow"}
        for field, value in wrong.items():
            with self.subTest(field=field):
                problem = self.assert_problem(self.add(**{field: value}), 422, "validation_failed")
                self.assertEqual([error["field"] for error in problem["errors"]], [field])
        for members, field in (({"plans": ["weekly"]}, "plans"), ({"plans": ["monthly"], "valid_for": "store"}, "plans"),
                               ({"valid_from": FAR_AWAY, "valid_until": LONG_AGO}, "valid_until")):
            problem = self.assert_problem(self.add(**members), 422, "validation_failed")
            self.assertEqual([error["field"] for error in problem["errors"]], [field])
        self.assert_problem(self.add(discount=1), 422, "validation_failed")
        self.assert_problem(self.call("GET", f"{ADMIN}?cursor=17", token=self.admin), 422, "validation_failed")

    def test_the_list_goes_on_by_its_cursor_and_finds_by_prefix(self):
        names = [self.coupon(code=f"LISTED_{n}", is_active=n != 2)["code"] for n in range(5)]
        seen, cursor = [], ""
        while cursor is not None:
            page = self.call("GET", f"{ADMIN}?code_prefix=listed_&limit=2{cursor and '&cursor=' + cursor}",
                             token=self.admin).json()
            seen += [one["code"] for one in page["items"]]
            cursor = page["next"]
        self.assertEqual(seen, names)
        retired = self.call("GET", f"{ADMIN}?code_prefix=LISTED&is_active=false", token=self.admin).json()
        self.assertEqual([one["code"] for one in retired["items"]], names[2:3])

    def test_only_administrators_see_any(self):
        token, _ = self.person()
        for method, path, body in (("GET", ADMIN, None), ("POST", ADMIN, {"code": "MINE", "discount_percent": 100}),
                                   ("GET", f"{ADMIN}/1", None), ("PATCH", f"{ADMIN}/1", {}), ("DELETE", f"{ADMIN}/1", None)):
            self.assertEqual(self.call(method, path, body, token).status, 403)
            self.assertEqual(self.call(method, path, body).status, 401)


class Store(CouponServer):
    def test_a_purchase_costs_less_and_remembers_by_what(self):
        token, user_id = self.person(100)
        coupon = self.coupon()
        made = self.bought(token, self.new_item(price=10), coupon=coupon["code"].lower(), expected_price=10)
        self.assertEqual((made["price"], made["discount"], made["coupon"], made["balance"]), (8, 2, coupon["code"], 92))
        [listed] = self.call("GET", "/api/store/purchases", token=token).json()["items"]
        self.assertEqual((listed["price"], listed["discount"], listed["coupon"]), (8, 2, coupon["code"]))
        self.assertEqual(self.redeemed(coupon), 1)
        self.assert_problem(self.call("DELETE", f"{ADMIN}/{coupon['id']}", token=self.admin), 409, "coupon_in_use")
        self.assertEqual(self.refund(made["id"]).json()["balance"], 100)
        self.assertEqual(self.redeemed(coupon), 1, "a refund does not give it back")

        export = self.call("GET", "/api/user/export", token=token).json()
        self.assertIn(f'purchase:{made["id"]}', str(export))
        self.assertEqual(self.call("DELETE", "/api/user", token=token).status, 204)
        self.assertEqual(self.sql(f"select count(*) from coupon_redemptions where user_id = '{user_id}'").strip(), "0")
        self.assertEqual(self.redeemed(coupon), 1)
        self.assert_balanced()

    def test_all_of_a_price_may_be_taken_off_but_a_coupon_is_not_wasted_on_nothing(self):
        token, _ = self.person()
        free = self.coupon(discount_percent=100)
        self.assertEqual(self.bought(token, self.new_item(price=10), coupon=free["code"])["price"], 0)
        tenth = self.coupon(discount_percent=10)
        self.assert_problem(self.buy(token, self.new_item(price=9), coupon=tenth["code"]), 409, "coupon_not_for_this")
        self.assertEqual(self.redeemed(tenth), 0)
        self.assert_balanced()

    def test_what_does_not_hold_is_refused_and_nothing_is_bought(self):
        token, _ = self.person(100)
        item = self.new_item()
        for code, members in (("coupon_expired", {"valid_until": LONG_AGO}), ("coupon_expired", {"is_active": False}),
                              ("coupon_not_found", {"valid_from": FAR_AWAY}),
                              ("coupon_not_for_this", {"valid_for": "subscription"})):
            coupon = self.coupon(**members)
            status = 404 if code == "coupon_not_found" else 409
            self.assert_problem(self.buy(token, item, coupon=coupon["code"]), status, code)
            self.assertEqual(self.redeemed(coupon), 0)
        for unknown in ("NEVER-MADE", "x", "' or true --", "ñandú"):
            self.assert_problem(self.buy(token, item, coupon=unknown), 404, "coupon_not_found")
        self.assert_problem(self.buy(token, item, coupon="a\0b"), 422, "validation_failed")
        self.assertEqual(self.balance(token), 100)

    def test_who_can_not_pay_keeps_the_coupon(self):
        token, _ = self.person(5)
        coupon = self.coupon(redemptions_max=1)
        self.assert_problem(self.buy(token, self.new_item(), coupon=coupon["code"]), 409, "insufficient_funds")
        self.assertEqual(self.redeemed(coupon), 0)

    def test_one_person_redeems_once_however_often_at_once(self):
        token, _ = self.person(1000)
        item, coupon = self.new_item(), self.coupon()
        answers = at_once(lambda _: self.buy(token, item, coupon=coupon["code"]), range(30))
        self.assertEqual(sorted(answer.status for answer in answers), [201] + [409] * 29)
        self.assertEqual({answer.json()["code"] for answer in answers if answer.status == 409}, {"coupon_used"})
        self.assertEqual((self.redeemed(coupon), self.balance(token)), (1, 992))

    def test_of_two_hundred_at_once_on_two_nodes_one_gets_the_last(self):
        second = Calixo(BUILD, self.settings)
        self.addCleanup(second.remove)
        second.start()
        servers = [self.server, second]
        item, coupon = self.new_item(stock=500), self.coupon(redemptions_max=2)
        self.bought(self.person(100)[0], item, coupon=coupon["code"])
        tokens = self.people(200, 100)
        answers = at_once(lambda n: servers[n % 2].call(
            "POST", "/api/store/purchase", {"item_id": item, "coupon": coupon["code"]}, tokens[n]), range(200))
        self.assertEqual(sorted(answer.status for answer in answers), [201] + [409] * 199)
        self.assertEqual({answer.json()["code"] for answer in answers if answer.status == 409}, {"coupon_exhausted"})
        self.assertEqual(self.redeemed(coupon), 2)
        self.assert_balanced()

    def test_buyers_with_and_without_coupons_of_few_items_do_not_wait_for_each_other_for_ever(self):
        items = [self.new_item(stock=100, price=4) for _ in range(3)]
        coupons = [self.coupon(redemptions_per_user_max=50)["code"] for _ in range(2)]
        tokens = self.people(8, 1000)
        answers = at_once(lambda n: self.buy(tokens[n % 8], items[n % 3], **({"coupon": coupons[n % 2]} if n % 5 else {})),
                          range(120))
        self.assertEqual({answer.status for answer in answers}, {201})
        self.assert_balanced()

    def test_a_retry_by_its_key_redeems_once(self):
        token, _ = self.person(100)
        body = {"item_id": self.new_item(), "coupon": self.coupon(redemptions_per_user_max=9)["code"]}
        headers = {"Idempotency-Key": "double-click"}
        answers = at_once(lambda _: self.call("POST", "/api/store/purchase", body, token, headers), range(6))
        made = {answer.json()["id"] for answer in answers if answer.status == 201}
        self.assertEqual(len(made), 1, answers)
        self.assertEqual(self.call("POST", "/api/store/purchase", body, token, headers).json()["id"], made.pop())
        self.assertEqual(self.balance(token), 92)


class StoreAlone(StoreServer):
    def test_without_coupons_there_are_none(self):
        token, _ = self.person(100)
        self.assert_problem(self.buy(token, self.new_item(), coupon="ANY"), 409, "not_available")
        self.assertEqual(self.balance(token), 100)


class Checkout(CouponServer):
    def setUp(self):
        self.stripe.faults.clear()

    def ask(self, token, coupon, plan="monthly", **headers):
        return self.call("POST", CHECKOUT, {"plan": plan, "coupon": coupon["code"]}, token, headers)

    def begin(self, token, coupon, **members):
        """The session at Stripe that the person is led to."""
        answer = self.ask(token, coupon, **members)
        self.assertEqual(answer.status, 201, answer)
        return self.stripe.things["checkout/sessions"][answer.json()["id"]]

    def end(self, session, event_type="checkout.session.completed"):
        """The event of Stripe that says that a session is over."""
        life = begun(session["client_reference_id"])
        life.customer = session["customer"]
        return life.tell(event_type, {
            **life.checkout(), "id": session["id"], "metadata": session["form"]["metadata"],
            "status": event_type.rsplit(".")[-1].replace("completed", "complete"),
            "client_reference_id": session["client_reference_id"]})

    def deliver(self, event):
        self.assertEqual(deliver(self.server, event).status, 200)

    def wait_idle(self):
        wait_until(lambda: self.sql("select count(*) from stripe_events where state = 'stored'").strip() == "0", 60,
                   "the end of the inbox")

    def test_it_is_taken_off_at_stripe_and_redeemed_by_the_event_alone(self):
        token, user_id = self.person()
        coupon = self.coupon(plans=["monthly"], redemptions_max=1)
        session = self.begin(token, coupon)
        [discount] = session["form"]["discounts"]
        made = self.stripe.things["coupons"][discount["coupon"]]
        self.assertEqual((made["percent_off"], made["duration"], made["name"]), (25.0, "once", coupon["code"]))
        self.assertEqual(self.redeemed(coupon), 0, "an abandoned checkout redeems nothing")
        self.assertEqual(self.begin(token, coupon)["form"]["discounts"], [discount])

        event = self.end(session)
        at_once(lambda _: self.deliver(event), range(10))
        self.deliver({**event, "id": event["id"] + "_again"})
        self.wait_idle()
        self.assertEqual(self.redeemed(coupon), 1)
        self.assertEqual(self.sql(f"select sold_for from coupon_redemptions where user_id = '{user_id}'").strip(), session["id"])
        self.assert_problem(self.ask(token, coupon), 409, "coupon_used")
        self.assert_problem(self.ask(self.person()[0], coupon), 409, "coupon_exhausted")

    def test_what_does_not_hold_leads_nowhere(self):
        token, _ = self.person()
        before = len(self.stripe.requests)
        for code, members in (("coupon_expired", {"valid_until": LONG_AGO}), ("coupon_not_for_this", {"plans": ["yearly"]}),
                              ("coupon_not_for_this", {"valid_for": "store"})):
            self.assert_problem(self.ask(token, self.coupon(**members)), 409, code)
        for unknown in ("NEVER-MADE", "' or true --"):
            self.assert_problem(self.ask(token, {"code": unknown}), 404, "coupon_not_found")
        self.assertEqual(len(self.stripe.requests), before, "Stripe is not asked")

    def test_another_percent_is_another_coupon_at_stripe(self):
        token, _ = self.person()
        coupon = self.coupon()
        first = self.begin(token, coupon)["form"]["discounts"]
        self.change(coupon, discount_percent=30)
        [second] = self.begin(token, coupon)["form"]["discounts"]
        self.assertNotIn(second, first)
        self.assertEqual(self.stripe.things["coupons"][second["coupon"]]["percent_off"], 30.0)

    def test_many_at_once_share_stripes_coupon_and_faults_of_stripe_pass(self):
        coupon = self.coupon()
        sessions = at_once(lambda token: self.begin(token, coupon), self.people(10, 0))
        self.assertEqual(len({session["form"]["discounts"][0]["coupon"] for session in sessions}), 1)
        token, _ = self.person()
        self.stripe.fail_next("drop_after", 500, "drop_after")
        self.begin(token, self.coupon())
        self.stripe.fail_next(*[500] * 20)
        self.assert_problem(self.ask(token, self.coupon()), 503, "payments_unavailable")

    def test_of_many_checkouts_at_once_with_the_last_one_one_begins(self):
        coupon = self.coupon(redemptions_max=1)
        tokens = self.people(60, 0)
        answers = at_once(lambda token: self.ask(token, coupon), tokens, 12)  # outbound.in_flight_max: 16
        self.assertEqual(sorted(answer.status for answer in answers), [201] + [409] * 59)
        self.assertEqual({answer.json()["code"] for answer in answers if answer.status == 409}, {"coupon_exhausted"})

    def test_a_checkout_holds_its_coupon_until_it_is_over(self):
        coupon, (token, user_id) = self.coupon(redemptions_max=1), self.person(100)
        first, session = self.begin(token, coupon), self.begin(token, coupon)  # again, by the same person
        self.assertLess(abs(session["expires_at"] - time.time() - 3600), 60)
        other, item = self.person(100)[0], self.new_item()
        self.assert_problem(self.ask(other, coupon), 409, "coupon_exhausted")
        self.assert_problem(self.buy(other, item, coupon=coupon["code"]), 409, "coupon_exhausted")
        self.assert_problem(self.buy(token, item, coupon=coupon["code"]), 409, "coupon_used")
        self.deliver(self.end(first, "checkout.session.expired"))  # not the one that holds it
        self.wait_idle()
        self.assertEqual(self.sql("select count(*) from stripe_events where state = 'refused'").strip(), "0")
        self.assert_problem(self.ask(other, coupon), 409, "coupon_exhausted")
        self.deliver(self.end(session, "checkout.session.expired"))
        self.wait_idle()
        self.assertEqual(self.bought(other, item, coupon=coupon["code"])["discount"], 2)
        self.assertEqual(self.redeemed(coupon), 1)

    def test_whose_event_comes_after_the_end_of_the_hold_has_redeemed_it_all_the_same(self):
        coupon = self.coupon(redemptions_max=1)
        late = self.begin(self.person()[0], coupon)
        self.sql(f"update coupon_holds set held_until = now() - interval '1 s' where coupon_id = {coupon['id']}")
        for session in (self.begin(self.person()[0], coupon), late):
            self.deliver(self.end(session))
        self.wait_idle()
        self.assertEqual(self.redeemed(coupon), 2, "Stripe took it off each price")
        self.assertIn("coupon redeemed beyond its limit", self.server.output())
        self.assert_problem(self.buy(self.person(100)[0], self.new_item(), coupon=coupon["code"]), 409, "coupon_exhausted")

    def test_who_guesses_is_refused_for_a_while_and_nobody_else(self):
        coupon, (token, _), other = self.coupon(), self.person(100), self.person(100)[0]
        item = self.new_item()
        for guess in range(5):
            self.assert_problem(self.ask(token, {"code": f"GUESS-{guess}"}), 404, "coupon_not_found")
            self.assert_problem(self.buy(token, item, coupon=f"GUESS-{guess}"), 404, "coupon_not_found")
        for answer in (self.ask(token, coupon), self.buy(token, item, coupon=coupon["code"])):
            self.assert_problem(answer, 429, "coupon_guesses_exceeded")
            self.assertEqual(answer.headers["Retry-After"], "600")
        self.assertEqual(self.buy(token, item).status, 201)
        self.begin(other, coupon)

    def test_an_event_for_somebody_erased_or_a_coupon_that_is_gone_is_applied(self):
        (token, _), coupon, gone = self.person(), self.coupon(), self.coupon()
        session = self.begin(token, coupon)
        self.assertEqual(self.call("DELETE", "/api/user", token=token).status, 204)
        other = self.begin(self.person()[0], gone)
        self.assertEqual(self.call("DELETE", f"{ADMIN}/{gone['id']}", token=self.admin).status, 204)
        for one in (session, other):
            self.deliver(self.end(one))
        self.wait_idle()
        self.assertEqual(self.redeemed(coupon), 1)
        self.assertEqual(self.sql(f"select user_id is null from coupon_redemptions where coupon_id = {coupon['id']}").strip(), "t")


if __name__ == "__main__":
    main()
