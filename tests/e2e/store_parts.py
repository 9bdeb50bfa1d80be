"""What the scenarios of the store share: a server with a plugin that pays, on a database they may look into."""
import concurrent.futures
import itertools
import json

from harness import BUILD, Postgres, RunningServer, banner, new_email, wait_until

NOBODY = "00000000-0000-4000-8000-00000000dead"
NUMBERS = itertools.count(1)
PATHS = {"plugins.path": f"{BUILD}/e2e-plugins:{BUILD}/plugins"}


def at_once(action, arguments, threads=50):
    """The answers to one call an argument, made by many threads, in the arguments' order."""
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        return list(pool.map(action, arguments))


class StoreServer(RunningServer):
    plugins = "auth,store,probe_payer"
    more_settings = {}

    @classmethod
    def setUpClass(cls):
        cls.database = Postgres()
        cls.addClassCleanup(cls.database.remove)
        cls.settings = {**PATHS, "plugins.enabled": cls.plugins, "database.url": cls.database.url(),
                        **cls.more_settings}
        super().setUpClass()
        wait_until(lambda: "password" in banner(cls.server.output()), 20, "the first administrator")
        shown = banner(cls.server.output())
        session = cls.server.call("POST", "/auth/v1/token?grant_type=password",
                                  {"email": shown["admin"], "password": shown["password"]}).json()
        cls.admin = session["access_token"]

    def sql(self, text):
        return self.database.sql(text)

    def set_key(self, key, value):
        """Changes a public runtime key and waits until the server has it."""
        done = self.server.command("config", "set", key, str(value))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        wait_until(lambda: self.call("GET", "/api/config").json()[key] == value, 20, f"the new {key}")

    def person(self, money=0):
        """The token and id of somebody who has that much."""
        session = self.server.sign_up(new_email())
        user_id = session["user"]["id"]
        if money:
            self.wallet("credit", user_id, amount=money, source=f"start:{next(NUMBERS)}")
        return session["access_token"], user_id

    def ask_wallet(self, word, user_id="", **members):
        return self.call("POST", f"/probe/wallet/{word}", {"user_id": user_id, **members})

    def wallet(self, word, user_id="", **members):
        answer = self.ask_wallet(word, user_id, **members)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["value"]

    def new_item(self, **members):
        """Adds an item of its own; its id."""
        number = next(NUMBERS)
        item = {"slug": f"test-{number}", "category": "present", "name": f"Cosa {number}", "name_en": f"Thing {number}",
                "price": 10, **members}
        answer = self.call("POST", "/api/admin/store", item, self.admin)
        self.assertEqual(answer.status, 201, answer)
        return answer.json()["id"]

    def buy(self, token, item_id, **members):
        return self.call("POST", "/api/store/purchase", {"item_id": item_id, **members}, token)

    def bought(self, token, item_id, **members):
        answer = self.buy(token, item_id, **members)
        self.assertEqual(answer.status, 201, answer)
        return answer.json()

    def refund(self, purchase_id, token=None):
        return self.call("POST", f"/api/admin/store/purchases/{purchase_id}/refund", token=token or self.admin)

    def balance(self, token):
        return self.call("GET", "/api/store", token=token).json()["balance"]

    def transactions(self, token):
        return self.call("GET", "/api/store/transactions?limit=100", token=token).json()["items"]

    def doctor(self, status=0):
        done = self.server.command("doctor", "ledger", "--json")
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def assert_balanced(self):
        self.assertEqual(self.doctor()["faults"], [])
