"""What Stripe's deliveries cost: accepted and stored beside Stripe's package on Next.js, and what a burst does to reads."""
import hashlib
import hmac
import itertools
import json
import os
import statistics
import subprocess
import tempfile
import time

import load
from peers import WEBHOOK_SECRET
from processes import wait_until

WEBHOOK_PATH, READ_PATH = "/api/stripe/webhook", "/api/user/profile"
CALIXO_PER_SECOND_MAX, NEXT_PER_SECOND_MAX = 12_000, 2_000
BURST, BURST_CONNECTIONS, READ_CONNECTIONS = 10_000, 8, 16
DRAIN_S_MAX, LOOK_S = 600, 0.5


def event_of(name):
    """A subscription that became active, with all that Stripe tells of one: about 2 KB."""
    number = name.rsplit("_", 1)[1]
    item = {"id": f"si_{number}", "object": "subscription_item", "quantity": 1, "current_period_end": 1_900_000_000,
            "price": {"id": "price_month", "object": "price", "currency": "eur", "unit_amount": 999,
                      "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"}}}
    thing = {"id": f"sub_{name}", "object": "subscription", "customer": f"cus_{name}", "status": "active",
             "cancel_at_period_end": False, "cancel_at": None, "trial_end": None, "collection_method": "charge_automatically",
             "default_payment_method": f"pm_{number}", "latest_invoice": f"in_{number}", "description": "ñ" * 400,
             "items": {"object": "list", "data": [item], "has_more": False}, "metadata": {}}
    return {"id": f"evt_{name}", "object": "event", "type": "customer.subscription.updated", "created": 1_800_000_000,
            "livemode": True, "api_version": "2025-03-31.basil", "pending_webhooks": 1,
            "data": {"object": thing, "previous_attributes": {"status": "incomplete"}}}


class Deliveries:
    """Signed events, no two of one id, handed out a round at a time, and what became of them."""

    def __init__(self, database, name):
        self.database, self.name = database, name
        self.folder = tempfile.TemporaryDirectory(prefix="calixo-bench-")
        self.rounds = itertools.count(1)

    def next_file(self, who, count):
        """The round's name, which each of its events' ids begins with, and the file for webhook.lua."""
        name = f"{who}{next(self.rounds)}"
        path, stamp = f"{self.folder.name}/{name}", int(time.time())
        with open(path, "wb") as lines:
            for number in range(count):
                body = json.dumps(event_of(f"{name}_{number}"), ensure_ascii=False).encode()
                digest = hmac.new(WEBHOOK_SECRET.encode(), b"%d.%b" % (stamp, body), hashlib.sha256).hexdigest()
                lines.write(b"t=%d,v1=%b %b\n" % (stamp, digest.encode(), body))
        return name, path

    def count(self, name, more=""):
        return int(self.database.sql(f"select count(*) from stripe_events where id like 'evt\\_{name}\\_%' {more}", self.name))

    def wait_drained(self, name):
        wait_until(lambda: self.count(name, "and state = 'stored'") == 0, DRAIN_S_MAX, "the end of the inbox")


def deliver(deliveries, who, url, seconds, per_second_max):
    """One round; every delivery that was acknowledged must be stored. What is left to apply is not in the figure, and
    is over before the next round begins."""
    name, path = deliveries.next_file(who, per_second_max * seconds)
    one = load.wrk(url, seconds, script="webhook.lua", environment={**os.environ, "EVENTS": path})
    os.unlink(path)
    acknowledged, stored = one.requests - one.failed, deliveries.count(name)
    if stored < acknowledged:
        raise AssertionError(f"{who} acknowledged {acknowledged} and stored {stored}")
    if who == "calixo":
        deliveries.wait_drained(name)
    return one


def measure_accepted(table, calixo, deliveries, peers, args, interleave):
    print("deliveries of Stripe's: verified and stored", flush=True)
    found = interleave({
        "calixo": lambda: deliver(deliveries, "calixo", calixo.base_url + WEBHOOK_PATH, args.seconds, CALIXO_PER_SECOND_MAX),
        "next": lambda: deliver(deliveries, "next", peers["next"].url("/webhook"), args.seconds, NEXT_PER_SECOND_MAX),
    }, args.rounds)
    for name, one in found.items():
        table.add(f"webhook: {name}", f"{one.per_second:.0f}/s, p99 {one.p99_ms:.2f} ms")
        if one.failed:
            table.add(f"webhook: {name} failed requests", str(one.failed), "0", False)
    table.at_least("webhook: calixo / next", found["calixo"].per_second / found["next"].per_second, 15)


class Burst:
    """10,000 deliveries at once, from the first of them to the last one's being applied. wrk may pass over a line where
    a connection can't take it at once: that a hundredth is missing is no fault."""

    def __init__(self, calixo, deliveries):
        self.deliveries = deliveries
        self.name, path = deliveries.next_file("burst", BURST)
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            ["wrk", "-t1", f"-c{BURST_CONNECTIONS}", f"-d{DRAIN_S_MAX}", "--timeout", "10s", "-s", load.HERE / "webhook.lua",
             calixo.base_url + WEBHOOK_PATH], stdout=subprocess.DEVNULL,
            env={**os.environ, "EVENTS": path, "BURST": str(BURST_CONNECTIONS)})

    def wait_drained(self):
        """How many seconds it took."""
        self.process.wait(DRAIN_S_MAX)
        while self.deliveries.count(self.name, "and state = 'stored'") > 0:
            time.sleep(LOOK_S)  # looking is work as well, beside what is measured
        took_s = time.monotonic() - self.began
        if self.deliveries.count(self.name, "and state = 'applied'") < BURST * 0.99:
            raise AssertionError("a part of the burst was not delivered or not applied")
        return took_s


def measure_burst(table, calixo, deliveries, token, args):
    """All reads from a burst's first delivery until it has drained, and then as long a stretch of reads alone."""
    print(f"a burst of {BURST} deliveries beside reads, {READ_CONNECTIONS} connections", flush=True)
    url = calixo.base_url + READ_PATH
    without, beside, drained_s = [], [], []
    for _ in range(args.rounds):
        with load.WrkMeanwhile(url, READ_CONNECTIONS, token) as reads:
            drained_s.append(Burst(calixo, deliveries).wait_drained())
        beside.append(reads.load)
        without.append(load.wrk(url, round(drained_s[-1]), READ_CONNECTIONS, token))
        print(f"  p99 {without[-1].p99_ms:.2f} -> {beside[-1].p99_ms:.2f} ms, p50 {without[-1].p50_ms:.2f} ->"
              f" {beside[-1].p50_ms:.2f} ms, drained in {drained_s[-1]:.1f} s", flush=True)
    failed = sum(one.failed for one in without + beside)
    if failed:
        table.add("burst: failed reads", str(failed), "0", False)
    table.add(f"burst: {BURST} events applied beside reads", f"{statistics.median(drained_s):.1f} s")
    ratio = load.medians(beside).p99_ms / load.medians(without).p99_ms
    table.at_most("burst: p99 of reads beside it", ratio, 2, "x")


def measure(table, calixo, database, name, token, peers, args, interleave):
    deliveries = Deliveries(database, name)
    deliver(deliveries, "calixo", calixo.base_url + WEBHOOK_PATH, 2, 1000)  # else all would be planned for empty tables
    database.sql("vacuum analyze", name)
    measure_accepted(table, calixo, deliveries, peers, args, interleave)
    measure_burst(table, calixo, deliveries, token, args)
