"""Stripe's deliveries that come at the same time: stored in few goes, each acknowledged for itself, none the worse
for a bad one or a lost connection among them."""
import concurrent.futures
import contextlib
import json
import socket
import struct
import unittest

from harness import BUILD, main, wait_until
from nodes import start_nodes
from stripe_events import SECRET, begun, deliver, signature

STORED_AT_ONCE_MAX = 64
ROUTE = 'calixo_http_route_in_flight{plugin="billing",method="POST",route="/api/stripe/webhook"}'


class AtOnce(unittest.TestCase):
    def setUp(self):
        self.database, (self.node,) = start_nodes(self.addCleanup, 1, {
            "auth.first_admin_email": "", "plugins.enabled": "auth,billing",
            "plugins.path": f"{BUILD}/plugins", "billing.stripe.webhook_secrets": SECRET})
        self.pool = concurrent.futures.ThreadPoolExecutor(STORED_AT_ONCE_MAX * 2)
        self.addCleanup(self.pool.shutdown)

    def number(self, text):
        return int(self.database.sql(text, "calixo"))

    def wait_in_flight(self, count):
        wait_until(lambda: self.node.metric(ROUTE) == count, 30, f"{count} deliveries that wait")

    @contextlib.contextmanager
    def storing_held(self):
        with self.database.holding("lock table stripe_events in share row exclusive mode", "calixo"):
            yield

    def sent(self, events):
        return [self.pool.submit(deliver, self.node, event) for event in events]

    def assert_all_taken(self, events):
        ids = ", ".join(f"'{event['id']}'" for event in events)
        wait_until(lambda: self.number(f"select count(*) from stripe_events where id in ({ids}) and state = 'applied'")
                   == len(events), 60, "the end of the inbox")

    def test_many_are_stored_in_few_goes(self):
        events = [event for _ in range(20) for event in begun(None).events]
        with self.storing_held():
            answers = self.sent(events + events[:10])  # some of them twice
            self.wait_in_flight(len(answers))
        self.assertEqual({answer.result().status for answer in answers}, {200})
        self.assertEqual(self.number("select count(*) from stripe_events"), len(events))
        goes = self.number("select count(distinct received_at) from stripe_events")  # when its transaction began
        self.assertLessEqual(goes, 1 + len(answers) // STORED_AT_ONCE_MAX + 1, "one for the first, then all who came")
        self.assert_all_taken(events)

    def test_a_bad_one_is_refused_alone(self):
        events = begun(None).events
        bad = begun(None).events[0]
        self.database.sql(f"alter table stripe_events add check (id <> '{bad['id']}')", "calixo")
        with self.storing_held():
            first = self.sent(events[:1])
            self.wait_in_flight(1)
            refused, others = self.sent([bad]), self.sent(events[1:])
            self.wait_in_flight(len(events) + 1)
        self.assertEqual(refused[0].result().status, 500)
        self.assertEqual({answer.result().status for answer in first + others}, {200})
        self.assert_all_taken(events)

    def leaving(self, event):
        """A connection that has sent a delivery, and is reset when it is closed."""
        body = json.dumps(event).encode()
        head = (f"POST /api/stripe/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Stripe-Signature: {signature(body)}\r\nContent-Length: {len(body)}\r\n\r\n")
        connection = socket.create_connection(("127.0.0.1", self.node.port), timeout=20)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(head.encode() + body)
        return connection

    def test_who_leaves_takes_nobody_along(self):
        first, second, *events = [event for _ in range(10) for event in begun(None).events]
        with self.storing_held():
            with self.leaving(first):  # goes alone
                self.wait_in_flight(1)
                leader = self.leaving(second)
                self.wait_in_flight(2)
                answers = self.sent(events)
                self.wait_in_flight(2 + len(events))
            self.wait_in_flight(1 + len(events))
            leader.close()  # with whom all the others go by now
            self.wait_in_flight(len(events))
        self.assertEqual({answer.result().status for answer in answers}, {200})
        self.assert_all_taken(events)

    def deliver_once(self, event):
        body = json.dumps(event).encode()
        return self.node.call("POST", "/api/stripe/webhook", body, headers={
            "Content-Type": "application/json", "Stripe-Signature": signature(body), "Idempotency-Key": "once"})

    def test_nobody_is_acknowledged_by_the_transaction_of_one_with_an_idempotency_key(self):
        first, keyed, *others = events = [event for _ in range(3) for event in begun(None).events]
        with self.database.holding("lock table idempotency_keys in share row exclusive mode", "calixo"):
            with self.storing_held():
                answers = self.sent([first])
                self.wait_in_flight(1)
                once = self.pool.submit(self.deliver_once, keyed)
                self.wait_in_flight(2)
                answers += self.sent(others)
                self.wait_in_flight(len(events))
            self.assertEqual({answer.result().status for answer in answers}, {200})
            self.wait_in_flight(1)  # its answer can't be kept yet
            self.assertEqual(self.number("select count(*) from stripe_events"), len(events) - 1)
        self.assertEqual(once.result().status, 200)
        self.assertEqual(self.deliver_once(keyed).status, 200)
        self.assert_all_taken(events)


if __name__ == "__main__":
    main()
