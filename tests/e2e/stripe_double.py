"""A double of Stripe's API on loopback: the documented form-encoded requests and JSON answers, idempotency by key,
pages, errors of Stripe's shape; and on request latency, 429, 500 and dropped connections.
billing_test.py points npm's `stripe` at it, to know that it speaks what Stripe speaks."""
import http.server
import itertools
import json
import re
import threading
import time
import urllib.parse

KEY = "sk_test_of_the_double"


def nested(form):
    """{"a[b][0][c]": "1"} as {"a": {"b": [{"c": "1"}]}}; lists where all keys are numbers."""
    root = {}
    for name, value in form:
        first, rest = re.match(r"([^\[]+)(.*)", name).groups()
        keys = [first, *re.findall(r"\[([^\]]*)\]", rest)]
        at = root
        for key in keys[:-1]:
            at = at.setdefault(key, {})
        at[keys[-1] or str(len(at))] = value

    def listed(value):
        if not isinstance(value, dict):
            return value
        if value and all(key.isdigit() for key in value):
            return [listed(value[key]) for key in sorted(value, key=int)]
        return {key: listed(inner) for key, inner in value.items()}

    return listed(root)


class Refusal(Exception):
    def __init__(self, status, code, message, kind="invalid_request_error"):
        super().__init__(message)
        self.status, self.error = status, {"code": code, "message": message, "type": kind}


class StripeDouble:
    def __init__(self):
        self.things = {"customers": {}, "subscriptions": {}, "coupons": {}, "checkout/sessions": {},
                       "billing_portal/sessions": {}}
        self.prices = {"price_month", "price_year"}
        self.requests, self.answers_by_key, self.faults = [], {}, []
        self.lock, self.numbers = threading.Lock(), itertools.count(1)
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                size = int(self.headers.get("Content-Length") or 0)
                double.answer(self, self.rfile.read(size).decode())

            do_GET = do_POST = do_DELETE = handle_one

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.base = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def fail_next(self, *faults):
        """Each the fate of one request to come: a status, "drop", "drop_after" (done, but not told), or seconds."""
        with self.lock:
            self.faults += faults

    def answer(self, handler, body):
        path, _, query = handler.path.partition("?")
        with self.lock:
            fault = self.faults.pop(0) if self.faults else None
            self.requests.append((handler.command, path, nested(urllib.parse.parse_qsl(body)), dict(handler.headers)))
        if isinstance(fault, float):
            time.sleep(fault)
        if fault == "drop":
            handler.close_connection = True
            return
        status, told = 200, None
        try:
            if isinstance(fault, int):
                kind = "rate_limit_error" if fault == 429 else "api_error"
                raise Refusal(fault, "rate_limit" if fault == 429 else None, "as was asked for", kind)
            if handler.headers.get("Authorization") != f"Bearer {KEY}":
                raise Refusal(401, None, "Invalid API Key provided")
            told = self.once(handler, path, query, body)
        except Refusal as refusal:
            status, told = refusal.status, {"error": refusal.error}
        if fault == "drop_after":
            handler.close_connection = True
            return
        text = json.dumps(told).encode()
        handler.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", len(text)),
                            ("Request-Id", f"req_{next(self.numbers)}")):
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(text)

    def once(self, handler, path, query, body):
        """What was asked with one key is done once; another body with the same key is refused."""
        key = handler.headers.get("Idempotency-Key")
        with self.lock:
            if handler.command == "POST" and key in self.answers_by_key:
                asked, told = self.answers_by_key[key]
                if asked != (path, body):
                    raise Refusal(400, None, "Keys for idempotent requests can only be used with the same parameters",
                                  "idempotency_error")
                return told
            told = self.do(handler.command, path, nested(urllib.parse.parse_qsl(query)),
                           nested(urllib.parse.parse_qsl(body, keep_blank_values=True)))
            if handler.command == "POST" and key:
                self.answers_by_key[key] = ((path, body), told)
            return told

    def do(self, method, path, query, form):
        kind, _, name = path.removeprefix("/v1/").partition("/")
        if kind in ("checkout", "billing_portal"):
            kind, name = f"{kind}/{name.split('/')[0]}", "/".join(name.split("/")[1:])
        if kind not in self.things:
            raise Refusal(404, None, f"Unrecognized request URL ({method}: {path})")
        if method == "POST" and not name:
            return getattr(self, "new_" + kind.replace("/", "_"))(form)
        if method == "GET" and not name:
            return self.page(kind, query)
        if name not in self.things[kind]:
            raise Refusal(404, "resource_missing", f"No such {kind[:-1]}: '{name}'")
        if method == "DELETE" and kind == "subscriptions":
            self.things[kind][name]["status"] = "canceled"
        return self.things[kind][name]

    def page(self, kind, query):
        things = list(self.things[kind].values())[::-1]
        if "starting_after" in query:
            ids = [thing["id"] for thing in things]
            things = things[ids.index(query["starting_after"]) + 1:]
        limit = int(query.get("limit", 10))
        return {"object": "list", "url": f"/v1/{kind}", "has_more": len(things) > limit, "data": things[:limit]}

    def keep(self, kind, prefix, more):
        made = {"id": f"{prefix}_{next(self.numbers)}d{self.port}", "created": int(time.time()), "livemode": False, **more}
        self.things[kind][made["id"]] = made
        return made

    def new_customers(self, form):
        return self.keep("customers", "cus", {"object": "customer", "email": form.get("email"),
                                              "metadata": form.get("metadata", {})})

    def new_coupons(self, form):
        if form.get("id") in self.things["coupons"]:
            raise Refusal(400, "resource_already_exists", "Coupon already exists.")
        if not 0 < float(form["percent_off"]) <= 100 or form.get("duration") not in ("once", "forever", "repeating"):
            raise Refusal(400, "parameter_invalid", "Invalid coupon")
        if len(form.get("name", "")) > 40:
            raise Refusal(400, "parameter_invalid", "Invalid name: longer than 40 characters")
        made = self.keep("coupons", "co", {
            "object": "coupon", "amount_off": None, "percent_off": float(form["percent_off"]), "currency": None,
            "duration": form["duration"], "duration_in_months": None, "max_redemptions": None, "redeem_by": None,
            "metadata": form.get("metadata", {}), "name": form.get("name"), "times_redeemed": 0, "valid": True})
        if "id" in form:
            self.things["coupons"].pop(made["id"])
            made["id"] = form["id"]
            self.things["coupons"][made["id"]] = made
        return made

    def known(self, kind, name, what):
        if name not in self.things[kind]:
            raise Refusal(400, "resource_missing", f"No such {what}: '{name}'")

    def new_checkout_sessions(self, form):
        self.known("customers", form.get("customer"), "customer")
        for item in form["line_items"]:
            if item["price"] not in self.prices or int(item["quantity"]) < 1:
                raise Refusal(400, "resource_missing", f"No such price: '{item['price']}'")
        for discount in form.get("discounts", []):
            self.known("coupons", discount["coupon"], "coupon")
        ends = int(form.get("expires_at", time.time() + 86400))
        if not 1800 - 5 <= ends - time.time() <= 86400 + 5:
            raise Refusal(400, "parameter_invalid_integer", "expires_at must be between 30 minutes and 24 hours from now")
        for name in ("success_url", "cancel_url"):
            if not form[name].startswith("http"):
                raise Refusal(400, "url_invalid", "Not a valid URL")
        made = self.keep("checkout/sessions", "cs_test", {
            "object": "checkout.session", "mode": form["mode"], "customer": form["customer"], "status": "open",
            "client_reference_id": form.get("client_reference_id"), "payment_status": "unpaid", "form": form,
            "metadata": form.get("metadata", {}), "expires_at": ends,
            "success_url": form["success_url"], "cancel_url": form["cancel_url"]})
        made["url"] = f"https://checkout.stripe.example/c/pay/{made['id']}"
        return made

    def new_billing_portal_sessions(self, form):
        self.known("customers", form.get("customer"), "customer")
        made = self.keep("billing_portal/sessions", "bps", {
            "object": "billing_portal.session", "customer": form["customer"], "return_url": form.get("return_url")})
        made["url"] = f"https://billing.stripe.example/p/session/{made['id']}"
        return made
