"""Stripe's side of billing, for scenarios: events of a subscription's life in both generations of shapes, and
their signatures, made here by the documented rule (billing_test.py checks the rule by Stripe's own package)."""
import hashlib
import hmac
import itertools
import json
import os
import time

SECRET = "whsec_of_the_scenarios"
DAY, MONTH = 86_400, 30 * 86_400
_numbers = itertools.count(1)


def new_id(prefix):
    return f"{prefix}_{os.getpid()}x{next(_numbers)}"


def signature(body, secret=SECRET, stamp=None):
    stamp = int(time.time()) if stamp is None else stamp
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def deliver(server, event, **header):
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return server.call("POST", "/api/stripe/webhook", body,
                       headers={"Content-Type": "application/json; charset=utf-8",
                                "Stripe-Signature": signature(body, **header)})


class Life:
    """One customer with one subscription. `events` are in the order in which they happen."""

    def __init__(self, user_id, is_old=True, now=None):
        self.user_id, self.is_old = user_id, is_old
        self.now = int(time.time()) - 12 * MONTH if now is None else now
        self.customer, self.id, self.charge_id = new_id("cus"), new_id("sub"), new_id("ch")
        self.status, self.price, self.period_end, self.is_ending = "trialing", "price_month", self.now + 7 * DAY, False
        self.events = []

    def subscription(self):
        item = {"id": "si_1", "price": {"id": self.price, "object": "price"}}
        made = {"id": self.id, "object": "subscription", "customer": self.customer, "status": self.status,
                "cancel_at_period_end": self.is_ending, "cancel_at": None, "trial_end": None, "metadata": {}}
        (made if self.is_old else item)["current_period_end"] = self.period_end
        return {**made, "items": {"object": "list", "data": [item]}}

    def invoice(self, name, status):
        made = {"id": f"in_{self.id}_{name}", "object": "invoice", "customer": self.customer, "status": status,
                "amount_due": 999, "currency": "eur"}
        if self.is_old:
            return {**made, "subscription": self.id, "charge": self.charge_id}
        return {**made, "parent": {"type": "subscription_details", "subscription_details": {"subscription": self.id}}}

    def charge(self, refunded=0):
        return {"id": self.charge_id, "object": "charge", "customer": self.customer, "amount": 999, "currency": "eur",
                "amount_refunded": refunded, "refunded": refunded == 999, "status": "succeeded"}

    def checkout(self, payment_status="paid"):
        return {"id": f"cs_{self.id}", "object": "checkout.session", "customer": self.customer, "mode": "subscription",
                "subscription": self.id, "client_reference_id": self.user_id, "payment_status": payment_status,
                "amount_total": 999, "currency": "eur", "customer_details": {"name": "Ñandú Pérez"}}

    def tell(self, kind, thing, before=None):
        data = {"object": thing} if before is None else {"object": thing, "previous_attributes": before}
        event = {"id": new_id("evt"), "object": "event", "type": kind, "created": self.now, "livemode": False,
                 "api_version": "2024-06-20" if self.is_old else "2025-03-31.basil", "data": data}
        self.events.append(event)
        return event

    def become(self, status, kind="customer.subscription.updated"):
        before, self.status = self.status, status
        return self.tell(kind, self.subscription(), {"status": before})

    def update(self):
        return self.tell("customer.subscription.updated", self.subscription())

    def later(self, seconds):
        self.now += seconds
        return self

    def whole(self):
        """Trial, checkout, paid, failed, past due, recovered, upgrade, pause, cancel, deleted, refund, dispute."""
        self.tell("customer.subscription.created", self.subscription())
        self.tell("checkout.session.completed", self.checkout("unpaid"))
        self.later(5).tell("checkout.session.async_payment_succeeded", self.checkout())
        self.later(7 * DAY).period_end = self.now + MONTH
        self.become("active")
        self.tell("invoice.paid", self.invoice("1", "paid"))
        self.tell("charge.succeeded", self.charge())
        self.is_old = not self.is_old
        self.later(MONTH).period_end += MONTH
        self.update()
        self.later(3600).tell("invoice.payment_failed", self.invoice("2", "open"))
        self.become("past_due")
        self.later(2 * DAY).tell("invoice.paid", self.invoice("2", "paid"))
        self.become("active")
        self.later(DAY).price = "price_year"
        self.update()
        self.later(DAY).become("paused", "customer.subscription.paused")
        self.later(DAY).become("active", "customer.subscription.resumed")
        self.later(DAY).is_ending = True
        self.update()
        self.later(DAY).become("canceled", "customer.subscription.deleted")
        self.later(DAY).tell("charge.refunded", self.charge(500))
        self.later(DAY).tell("charge.refunded", self.charge(999))
        dispute = {"id": new_id("dp"), "object": "dispute", "charge": self.charge_id, "status": "needs_response"}
        self.later(DAY).tell("charge.dispute.created", dispute)
        self.later(DAY).tell("charge.dispute.closed", {**dispute, "status": "lost"})
        return self.events


def begun(user_id, **more):
    """A life that has just begun and is paid for a month."""
    life = Life(user_id, now=int(time.time()) - 60, **more)
    life.status, life.period_end = "incomplete", life.now + MONTH
    life.tell("customer.subscription.created", life.subscription())
    life.tell("checkout.session.completed", life.checkout())
    life.become("active")
    life.tell("invoice.paid", life.invoice("1", "paid"))
    return life
