"""The store and its ledger on the real database: money for one buys one, whoever asks how often; what is paid is
paid once; nothing moves past the balances; what an operator is told of a ledger that was tampered with."""
import collections

from harness import BUILD, Calixo, main
from store_parts import NUMBERS, StoreServer, at_once

NOBODY = "00000000-0000-4000-8000-00000000dead"
# As the plugin that pays tells the wallet's statuses.
INVALID, NOT_FOUND, CONFLICT = "status_5", "status_4", "status_6"


class Wallet(StoreServer):
    def test_of_200_credits_at_once_with_one_source_one_pays(self):
        token, user_id = self.person()
        answers = at_once(lambda _: self.ask_wallet("credit-last", user_id, amount=7), range(200))
        self.assertEqual({one.status for one in answers}, {200}, answers)
        self.assertEqual(self.balance(token), 7)
        self.assertEqual([one["amount"] for one in self.transactions(token)], [7])
        self.assert_balanced()

    def test_many_credits_and_debits_at_once_never_go_below_zero(self):
        token, user_id = self.person(money=50)

        def move(number):
            word, amount = ("debit", 7) if number % 3 else ("credit-last", 5)
            answer = self.ask_wallet(word, user_id, amount=amount, source=f"walk:{number}")
            return word if answer.status == 200 else answer.json()["code"]

        outcomes = collections.Counter(at_once(move, range(150)))
        self.assertEqual(outcomes["credit-last"], 50)
        self.assertEqual(outcomes["debit"] + outcomes["insufficient_funds"], 100, outcomes)
        self.assertGreater(outcomes["insufficient_funds"], 0)
        left = 50 + 5 * 50 - 7 * outcomes["debit"]
        self.assertGreaterEqual(left, 0)
        self.assertEqual(self.balance(token), left)
        self.assert_balanced()

    def test_a_debit_takes_once_and_no_more_than_there_is(self):
        token, user_id = self.person(money=20)
        self.assertEqual(self.wallet("debit", user_id, amount=15, source="coffee:1"), 5)
        self.assertEqual(self.wallet("debit", user_id, amount=15, source="coffee:1"), 5)
        self.assert_problem(self.ask_wallet("debit", user_id, amount=6, source="coffee:2"), 409, "insufficient_funds")
        self.assertEqual(self.balance(token), 5)

    def test_what_is_rolled_back_has_moved_nothing(self):
        token, user_id = self.person(money=20)
        for word in ("credit", "credit-last", "debit", "hold"):
            answer = self.ask_wallet(word, user_id, amount=3, source="undone:1", rolls_back=True)
            self.assert_problem(answer, 409, "rolled_back")
        self.assertEqual(self.balance(token), 20)

    def test_what_is_set_aside_is_taken_or_given_back_once(self):
        token, user_id = self.person(money=30)
        first = self.wallet("hold", user_id, amount=10, source="stake:1")
        self.assertEqual(self.wallet("hold", user_id, amount=10, source="stake:1"), first)
        second = self.wallet("hold", user_id, amount=20, source="stake:2")
        self.assertEqual(self.balance(token), 0)
        self.assert_problem(self.ask_wallet("hold", user_id, source="stake:3"), 409, "insufficient_funds")
        self.assert_balanced()
        for _ in range(2):
            self.wallet("capture", hold_id=first)
            self.wallet("release", hold_id=second)
        self.assert_problem(self.ask_wallet("release", hold_id=first), 409, CONFLICT)
        self.assert_problem(self.ask_wallet("capture", hold_id=second), 409, CONFLICT)
        self.assert_problem(self.ask_wallet("capture", hold_id=10**9), 409, NOT_FOUND)
        self.assertEqual(self.balance(token), 20)
        self.assertEqual([(one["amount"], one["is_reversal"]) for one in self.transactions(token)][:3],
                         [(20, True), (-20, False), (-10, False)])
        self.assert_balanced()

    def test_a_hold_is_settled_once_however_many_try(self):
        token, user_id = self.person(money=10)
        hold_id = self.wallet("hold", user_id, amount=10, source="stake:1")
        words = ["capture", "release"] * 20
        answers = at_once(lambda word: self.ask_wallet(word, hold_id=hold_id).status, words)
        won = {word for word, status in zip(words, answers) if status == 200}
        self.assertEqual(len(won), 1, answers)
        self.assertEqual(self.balance(token), 10 if won == {"release"} else 0)
        self.assert_balanced()

    def test_what_was_paid_is_taken_back_as_far_as_it_is_there(self):
        token, user_id = self.person()
        self.wallet("credit", user_id, amount=20, source="attempt:1")
        self.wallet("credit", user_id, amount=20, source="attempt:2")
        self.assertEqual(self.wallet("take-back", user_id, source="attempt:1"), 20)
        self.assertEqual(self.wallet("take-back", user_id, source="attempt:1"), 0)
        self.wallet("debit", user_id, amount=15, source="coffee:1")
        self.assertEqual(self.wallet("take-back", user_id, source="attempt:2"), 5)
        self.assert_problem(self.ask_wallet("take-back", user_id, source="attempt:3"), 409, NOT_FOUND)
        self.assert_problem(self.ask_wallet("take-back", user_id, source="coffee:1"), 409, NOT_FOUND)
        self.assertEqual(self.balance(token), 0)
        self.assert_balanced()

    def test_nobody_has_nothing_and_a_stranger_is_not_found(self):
        _, user_id = self.person()
        self.assertEqual(self.wallet("balance", user_id), 0)
        self.assert_problem(self.ask_wallet("debit", user_id), 409, "insufficient_funds")
        for word in ("balance", "debit", "hold", "take-back"):
            self.assert_problem(self.ask_wallet(word, NOBODY), 409, NOT_FOUND)
        self.assertGreaterEqual(self.ask_wallet("credit-last", NOBODY).status, 500)
        self.assertEqual(self.sql("select count(*) from ledger_accounts where user_id is null"), "0")

    def test_malformed_movements_are_refused(self):
        _, user_id = self.person(money=5)
        for members in ({"amount": 0}, {"amount": -5}, {"amount": 10**9 + 1}, {"reason": ""}, {"reason": "Gift"},
                        {"reason": "a" * 41}, {"source": ""}, {"source": "a b"}, {"source": "a" * 121}):
            for word in ("credit", "debit", "hold"):
                self.assert_problem(self.ask_wallet(word, user_id, **members), 409, INVALID)
        self.assert_problem(self.ask_wallet("credit", "nobody"), 409, INVALID)
        self.assert_problem(self.ask_wallet("balance", "nobody"), 409, INVALID)


class Purchases(StoreServer):
    def test_of_200_purchases_at_once_with_money_for_one_one_succeeds(self):
        token, _ = self.person(money=25)
        item_id = self.new_item(price=25)
        answers = at_once(lambda _: self.buy(token, item_id), range(200))
        self.assertEqual(collections.Counter(one.status for one in answers), {201: 1, 409: 199})
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"insufficient_funds"})
        self.assertEqual(self.balance(token), 0)
        owned = self.call("GET", "/api/store/purchases", token=token).json()["items"]
        self.assertEqual([one["item"]["id"] for one in owned], [item_id])
        self.assertEqual([one["amount"] for one in self.transactions(token)], [-25, 25])
        self.assert_balanced()

    def test_of_purchases_at_once_through_two_servers_one_succeeds(self):
        second = Calixo(BUILD, self.settings)
        self.addCleanup(second.remove)
        second.start()
        servers = [self.server, second]
        for _ in range(5):
            token, _ = self.person(money=25)
            item_id = self.new_item(price=25)
            answers = at_once(lambda number: servers[number % 2].call(
                "POST", "/api/store/purchase", {"item_id": item_id}, token), range(40))
            self.assertEqual(collections.Counter(one.status for one in answers), {201: 1, 409: 39})
            self.assertEqual(self.balance(token), 0)
        self.assert_balanced()

    def test_a_limited_stock_is_sold_to_as_many_as_there_are(self):
        item_id = self.new_item(price=3, stock=5)
        tokens = [self.person(money=10)[0] for _ in range(30)]
        answers = at_once(lambda token: self.buy(token, item_id), tokens)
        self.assertEqual(collections.Counter(one.status for one in answers), {201: 5, 409: 25})
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"out_of_stock"})
        self.assertEqual(self.sql(f"select stock from store_items where id = {item_id}"), "0")
        self.assertEqual(sum(self.balance(token) for token in tokens), 30 * 10 - 5 * 3)
        self.assert_balanced()

    def test_of_gifts_at_once_no_more_than_one_person_may_have(self):
        item_id = self.new_item(price=1, max_per_user=2)
        token, recipient = self.person(money=5)
        givers = [self.person(money=5)[0] for _ in range(20)]

        def give(giver):
            return self.call("POST", "/api/store/gift", {"item_id": item_id, "recipient_id": recipient}, giver)

        answers = at_once(give, givers)
        self.assertEqual(collections.Counter(one.status for one in answers), {201: 2, 409: 18})
        self.assert_problem(self.buy(token, item_id), 409, "already_owned")
        self.assert_balanced()

    def test_each_refusal_has_its_code_and_moves_nothing(self):
        token, user_id = self.person(money=100)
        plain, once = self.new_item(), self.new_item(max_per_user=1)
        self.bought(token, once)
        for status, code, item_id, members in [
                (409, "already_owned", once, {}),
                (404, "item_not_found", 10**9, {}),
                (404, "item_not_found", self.new_item(is_active=False), {}),
                (403, "premium_required", self.new_item(premium_only=True), {}),
                (409, "out_of_stock", self.new_item(stock=0), {}),
                (409, "not_available", self.new_item(available_from="2100-01-01T00:00:00Z"), {}),
                (409, "not_available", self.new_item(available_until="2020-01-01T00:00:00Z"), {}),
                (409, "not_available", self.new_item(cosmetic={"category": "hat", "item_id": "beret"}), {}),
                (409, "price_changed", plain, {"expected_price": 9}),
                (409, "insufficient_funds", self.new_item(price=91), {})]:
            with self.subTest(code):
                self.assert_problem(self.buy(token, item_id, **members), status, code)
        self.assertEqual(self.balance(token), 90)
        self.assertEqual(self.buy(None, plain).status, 401)
        for recipient, status, code in [(user_id, 409, "gift_to_oneself"), (NOBODY, 404, "recipient_not_found")]:
            answer = self.call("POST", "/api/store/gift", {"item_id": plain, "recipient_id": recipient}, token)
            self.assert_problem(answer, status, code)
        self.assertEqual(self.bought(token, plain, expected_price=10)["balance"], 80)

    def test_a_free_item_moves_no_money(self):
        token, _ = self.person()
        item_id = self.new_item(price=0)
        self.assertEqual(self.bought(token, item_id)["price"], 0)
        self.assertEqual(self.transactions(token), [])
        self.assert_balanced()

    def test_a_premium_item_is_sold_to_premium_people(self):
        session = self.server.sign_up(f"premium-{next(NUMBERS)}@example.org", "correct horse battery")
        user_id = session["user"]["id"]
        self.sql(f"update users set app_metadata = '{{\"role\": \"premium\"}}' where id = '{user_id}'")
        self.wallet("credit", user_id, amount=50)
        token = self.call("POST", "/auth/v1/token?grant_type=refresh_token",
                          {"refresh_token": session["refresh_token"]}).json()["access_token"]
        self.bought(token, self.new_item(premium_only=True))

    def test_too_many_purchases_in_a_row_wait(self):
        self.set_key("store.purchases_per_minute_max", 3)
        self.addCleanup(self.set_key, "store.purchases_per_minute_max", 60)
        token, _ = self.person(money=100)
        item_id = self.new_item(price=1)
        for _ in range(3):
            self.bought(token, item_id)
        answer = self.buy(token, item_id)
        self.assert_problem(answer, 429, "too_many_purchases")
        self.assertEqual(answer.headers["Retry-After"], "60")

    def test_a_gift_is_paid_by_one_and_owned_by_the_other(self):
        giver, giver_id = self.person(money=20)
        token, user_id = self.person()
        item_id = self.new_item(price=15)
        answer = self.call("POST", "/api/store/gift", {"item_id": item_id, "recipient_id": user_id}, giver)
        self.assertEqual(answer.status, 201, answer)
        gift = answer.json()
        self.assertEqual((gift["user_id"], gift["recipient_id"], gift["is_gift"], gift["balance"]),
                         (giver_id, user_id, True, 5))
        for who in (giver, token):
            listed = self.call("GET", "/api/store/purchases", token=who).json()["items"]
            self.assertEqual([one["id"] for one in listed], [gift["id"]])
        offered = {one["id"]: one["owned"] for one in self.call("GET", "/api/store?limit=100", token=token).json()["items"]}
        self.assertTrue(offered[item_id])
        self.assertEqual(self.transactions(token), [])
        stranger = self.person()[0]
        self.assertEqual(self.call("GET", "/api/store/purchases", token=stranger).json()["items"], [])

    def test_a_refund_gives_back_once_however_often_it_is_asked_for(self):
        token, _ = self.person(money=20)
        item_id = self.new_item(price=15, stock=3)
        purchase = self.bought(token, item_id)
        self.assertEqual(self.refund(purchase["id"], token).status, 403)
        answers = at_once(lambda _: self.refund(purchase["id"]), range(20))
        self.assertEqual(collections.Counter(one.status for one in answers), {200: 1, 409: 19})
        refunded = next(one.json() for one in answers if one.status == 200)
        self.assertEqual((refunded["status"], refunded["balance"]), ("refunded", 20))
        self.assert_problem(self.refund(purchase["id"]), 409, "already_refunded")
        self.assert_problem(self.refund(10**9), 404, "purchase_not_found")
        self.assertEqual([(one["amount"], one["is_reversal"]) for one in self.transactions(token)],
                         [(15, True), (-15, False), (20, False)])
        self.assertEqual(self.sql(f"select stock from store_items where id = {item_id}"), "3")
        self.assert_balanced()

    def test_what_happened_is_told_to_others_with_the_commit(self):
        token, user_id = self.person(money=20)
        purchase = self.bought(token, self.new_item())
        self.refund(purchase["id"])
        self.assertEqual(self.buy(token, self.new_item(price=100)).status, 409)
        told = self.sql(f"select topic, payload->>'purchase_id' from outbox_events where key = '{user_id}' order by id")
        self.assertEqual(told.splitlines(), [f"store.purchased|{purchase['id']}", f"store.refunded|{purchase['id']}"])


class Cosmetics(StoreServer):
    plugins = "auth,store,probe_payer,probe_wardrobe"

    def setUp(self):
        self.hats = {one["slug"]: one for one in self.call("GET", "/api/store?category=hat").json()["items"]}

    def wardrobe(self, user_id):
        return self.sql(f"select item_id from probe_wardrobe where user_id = '{user_id}' order by 1").splitlines()

    def test_of_200_purchases_of_a_cosmetic_at_once_one_succeeds(self):
        token, user_id = self.person(money=1000)
        hat = self.hats["beret"]
        answers = at_once(lambda _: self.buy(token, hat["id"]), range(200))
        self.assertEqual(collections.Counter(one.status for one in answers), {201: 1, 409: 199})
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"already_owned"})
        self.assertEqual(self.balance(token), 1000 - hat["price"])
        self.assertEqual(self.wardrobe(user_id), ["beret"])
        self.assert_balanced()

    def test_what_was_unlocked_otherwise_is_not_sold_again(self):
        token, user_id = self.person(money=200)
        self.sql(f"insert into probe_wardrobe values ('{user_id}', 'hat', 'beret')")
        self.assert_problem(self.buy(token, self.hats["beret"]["id"]), 409, "already_owned")
        self.assertEqual((self.balance(token), len(self.transactions(token))), (200, 1))

    def test_what_the_avatars_catalogue_lacks_is_not_available_and_costs_nothing(self):
        token, _ = self.person(money=200)
        self.assert_problem(self.buy(token, self.hats["wool-cap"]["id"]), 409, "not_available")
        self.assertEqual(self.balance(token), 200)
        item = {"slug": "crown", "category": "hat", "name": "Corona", "name_en": "Crown", "price": 1}
        answer = self.call("POST", "/api/admin/store", {**item, "cosmetic": {"category": "hat", "item_id": "crown"}},
                           self.admin)
        self.assertEqual(self.assert_problem(answer, 422, "validation_failed")["errors"][0]["field"], "cosmetic")

    def test_a_refund_takes_the_cosmetic_away_and_it_may_be_bought_again(self):
        token, user_id = self.person(money=200)
        hat = self.hats["straw-hat"]
        self.assertTrue(hat["is_available"])
        purchase = self.bought(token, hat["id"])
        self.assertEqual(self.refund(purchase["id"]).status, 200)
        self.assertEqual((self.wardrobe(user_id), self.balance(token)), ([], 200))
        self.bought(token, hat["id"])
        self.assertEqual(self.wardrobe(user_id), ["straw_hat"])
        self.assert_balanced()

    def test_a_cosmetic_that_is_given_is_the_recipients(self):
        giver, giver_id = self.person(money=200)
        _, user_id = self.person()
        answer = self.call("POST", "/api/store/gift", {"item_id": self.hats["beret"]["id"], "recipient_id": user_id}, giver)
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual((self.wardrobe(user_id), self.wardrobe(giver_id)), (["beret"], []))
        self.bought(giver, self.hats["beret"]["id"])


class Catalogue(StoreServer):
    def test_anybody_may_look_and_sees_no_balance(self):
        front = self.call("GET", "/api/store?limit=100").json()
        self.assertIsNone(front["balance"])
        slugs = {one["slug"] for one in front["items"]}
        self.assertLessEqual({"straw-hat", "beret", "wool-cap", "round-glasses", "sunglasses", "moss", "coral", "night"}, slugs)
        self.assertEqual(self.call("GET", "/api/store/transactions").status, 401)
        self.assertEqual(self.call("GET", "/api/store/purchases").status, 401)

    def test_cosmetics_are_not_available_where_no_avatars_are_kept(self):
        items = self.call("GET", "/api/store?limit=100").json()["items"]
        for item in items:
            self.assertEqual(item["is_available"], item["cosmetic"] is None, item)

    def test_names_come_in_the_callers_language(self):
        names = {language: self.call("GET", "/api/store?category=hat", headers={"Accept-Language": language}).json()["items"]
                 for language in ("es", "en")}
        self.assertEqual([one["name"] for one in names["es"]][:2], ["Sombrero de paja", "Boina"])
        self.assertEqual([one["name"] for one in names["en"]][:2], ["Straw hat", "Beret"])
        self.assertEqual({one["category"] for one in names["en"]}, {"hat"})

    def test_pages_follow_each_other_without_gap_or_repetition(self):
        token, user_id = self.person()
        for number in range(9):
            self.wallet("credit-last", user_id, source=f"attempt:{number}")
        item_id = self.new_item(price=1)
        for _ in range(5):
            self.bought(token, item_id)
        for path, order in [("/api/store", 1), ("/api/store/transactions", -1), ("/api/store/purchases", -1),
                            ("/api/admin/store", 1)]:
            ids, cursor = [], ""
            while cursor is not None:
                page = self.call("GET", f"{path}?limit=3{cursor}", token=self.admin if "admin" in path else token).json()
                ids += [one["id"] for one in page["items"]]
                cursor = page["next"] and f"&cursor={page['next']}"
            self.assertEqual(ids, sorted(set(ids), key=lambda one: one * order), path)
            self.assertGreaterEqual(len(ids), 5, path)
        for cursor in ("zzz", "0" * 16, "f" * 16):
            answer = self.call("GET", f"/api/store/transactions?cursor={cursor}", token=token)
            self.assert_problem(answer, 422, "validation_failed")

    def test_administrators_keep_items_and_nobody_else(self):
        token, _ = self.person(money=50)
        item_id = self.new_item(stock=4)
        path = f"/api/admin/store/{item_id}"
        for method, body in (("GET", None), ("PATCH", {"price": 1}), ("DELETE", None)):
            self.assertEqual(self.call(method, path, body, token).status, 403, method)
        changed = self.call("PATCH", path, {"price": 20, "unset": ["stock"]}, self.admin).json()
        self.assertEqual((changed["price"], changed["stock"], changed["name"][:4]), (20, None, "Cosa"))
        self.assertGreater(changed["updated_at"], changed["created_at"])
        self.bought(token, item_id)
        self.assert_problem(self.call("DELETE", path, token=self.admin), 409, "item_in_use")
        self.assertFalse(self.call("PATCH", path, {"is_active": False}, self.admin).json()["is_active"])
        self.assertNotIn(item_id, [one["id"] for one in self.call("GET", "/api/store?limit=100").json()["items"]])
        owned = self.call("GET", "/api/store/purchases", token=token).json()["items"]
        self.assertEqual(owned[0]["item"]["id"], item_id, "a retired item stays readable to who has it")
        self.assertIsNotNone(self.transactions(token)[0]["item"])
        unsold = self.new_item()
        self.assertEqual(self.call("DELETE", f"/api/admin/store/{unsold}", token=self.admin).status, 204)
        self.assert_problem(self.call("GET", f"/api/admin/store/{unsold}", token=self.admin), 404, "item_not_found")

    def test_items_that_mean_nothing_are_refused(self):
        sound = {"slug": "sound", "category": "present", "name": "Cosa", "name_en": "Thing", "price": 1}
        for members, field in [({"price": 100_001}, "price"), ({"price": -1}, "price"), ({"slug": "No Slug"}, "slug"),
                               ({"category": "Hats!"}, "category"), ({"stock": -1}, "stock"), ({"colour": 1}, "colour"),
                               ({"available_from": "2030-01-02T00:00:00Z", "available_until": "2030-01-01T00:00:00Z"},
                                "available_until"),
                               ({"cosmetic": {"category": "hat", "item_id": "beret"}, "max_per_user": 2}, "max_per_user")]:
            answer = self.call("POST", "/api/admin/store", {**sound, **members}, self.admin)
            document = self.assert_problem(answer, 422, "validation_failed")
            self.assertIn(field, [error["field"] for error in document["errors"]])
        taken = self.call("POST", "/api/admin/store", {**sound, "slug": "beret"}, self.admin)
        self.assert_problem(taken, 409, "item_slug_taken")


class Corrections(StoreServer):
    def adjust(self, user_id, amount, note="Perdido en la actualización", token=None):
        body = {"user_id": user_id, "amount": amount, "note": note}
        return self.call("POST", "/api/admin/store/adjust", body, token or self.admin)

    def test_administrators_adjust_within_the_bounds_and_not_below_zero(self):
        token, user_id = self.person()
        self.assertEqual(self.adjust(user_id, 30, token=token).status, 403)
        paid = self.adjust(user_id, 30)
        self.assertEqual((paid.status, paid.json()["balance"]), (201, 30), paid)
        self.assertEqual(self.adjust(user_id, -10).json()["balance"], 20)
        self.assert_problem(self.adjust(user_id, -21), 409, "insufficient_funds")
        self.assert_problem(self.adjust(NOBODY, 1), 404, "user_not_found")
        for amount in (0, 100_001, -100_001):
            self.assert_problem(self.adjust(user_id, amount), 422, "validation_failed")
        self.assertEqual([one["amount"] for one in self.transactions(token)], [-10, 30])
        self.assert_balanced()

    def test_an_erased_account_leaves_its_sums_and_not_its_name(self):
        token, user_id = self.person(money=40)
        giver, giver_id = self.person(money=40)
        self.adjust(user_id, 5, "Ana llamó por teléfono")
        item_id = self.new_item()
        purchase = self.bought(token, item_id)
        self.wallet("hold", user_id, amount=7, source="stake:1")
        self.call("POST", "/api/store/gift", {"item_id": item_id, "recipient_id": user_id}, giver)
        told = self.call("GET", "/api/user/export", token=token).json()["data"]["store"]
        self.assertEqual({name: len(rows) for name, rows in told.items()},
                         {"transactions": 4, "accounts": 2, "holds": 1, "adjustments": 1, "purchases": 1,
                          "gifts_received": 1})
        held = self.doctor()["held"]
        self.assertEqual(self.call("DELETE", "/api/user", token=token).status, 204)
        self.assertEqual(self.doctor()["held"], held)
        for table in ("transactions", "ledger_accounts", "ledger_holds", "ledger_adjustments", "purchases"):
            self.assertEqual(self.sql(f"select count(*) from {table} where user_id = '{user_id}'"), "0", table)
        self.assertEqual(self.sql(f"select count(*) from purchases where recipient_id = '{user_id}'"), "0")
        self.assertEqual(self.sql("select count(*) from ledger_adjustments where note like '%Ana%'"), "0")
        self.assert_problem(self.refund(purchase["id"]), 409, "payer_erased")
        given = self.call("GET", "/api/store/purchases", token=giver).json()["items"][0]
        self.assertEqual((given["user_id"], given["recipient_id"]), (giver_id, None))
        self.assertEqual(self.refund(given["id"]).status, 200)
        self.assert_balanced()


class Ledger(StoreServer):
    def refused(self, sql, role="postgres"):
        """The SQLSTATE by which the database refuses a statement of that role."""
        claims = "set request.jwt.claims = '{\"role\":\"service_role\"}';"
        return self.sql(f"""{claims}
            create or replace function pg_temp.attempt() returns text language plpgsql as $$
            begin
              set local role {role};
              {sql};
              return 'done';
            exception when others then return sqlstate;
            end $$;
            select pg_temp.attempt()""").splitlines()[-1]

    def test_rows_of_the_ledger_are_refused_every_change_by_every_role(self):
        self.person(money=10)
        rows = "select md5(string_agg(t::text, '/' order by id)) from transactions t"
        before = self.sql(rows)
        for role in ("calixo_store", "calixo_store_owner", "postgres"):
            for sql in ("update transactions set amount = 1", "delete from transactions", "truncate transactions",
                        "delete from ledger_accounts", "truncate ledger_accounts cascade"):
                # No policy lets the tables' owner see a row to change, so that it finds none to be refused.
                hidden = role == "calixo_store_owner" and "truncate" not in sql and "accounts" not in sql
                self.assertEqual(self.refused(sql, role), "done" if hidden else "42501", f"{role}: {sql}")
        self.assertEqual(self.sql(rows), before)
        for sql in ("update ledger_accounts set balance = 1", "update ledger_holds set amount = 1",
                    "insert into ledger_accounts (kind) values ('held')",
                    "insert into transactions (transfer_id, account_id, amount, reason) values (1, 1, 1, 'x'), (1, 2, -1, 'x')"):
            for role in ("calixo_store", "calixo_auth"):
                self.assertEqual(self.refused(sql, role), "42501", f"{role}: {sql}")
        self.assert_balanced()

    def test_an_unbalanced_insert_is_refused_and_a_balanced_one_moves_the_balance(self):
        token, user_id = self.person(money=10)
        account = self.sql(f"select id from ledger_accounts where user_id = '{user_id}'")
        head = "insert into transactions (transfer_id, account_id, user_id, amount, reason, source) values "
        mine = f"({account}, '{user_id}'"
        for role in ("calixo_store_owner", "postgres"):
            for rows, state in [(f"(0, {account}, '{user_id}', 5, 'x', 'y')", "23514"),
                                (f"(0, {account}, '{user_id}', 5, 'x', 'y'), (0, 1, null, -4, 'x', null)", "23514"),
                                (f"(0, {account}, '{user_id}', 5, 'x', 'y'), (-1, 1, null, -5, 'x', null)", "23514"),
                                (f"(0, {account}, '{user_id}', -11, 'x', 'y'), (0, 1, null, 11, 'x', null)", "23514"),
                                ("(0, 999999, null, 5, 'x', null), (0, 1, null, -5, 'x', null)", "23503"),
                                (f"(0, {account}, null, 5, 'x', null), (0, 1, null, -5, 'x', null)", "23503"),
                                (f"(0, 4, null, 5, 'x', null), (0, 1, null, -5, 'x', null)", "23514")]:
                self.assertEqual(self.refused(head + rows, role), state, f"{role} {mine}: {rows}")
        self.assertEqual(self.balance(token), 10)
        sound = f"(0, {account}, '{user_id}', 5, 'x', 'y'), (0, 1, null, -5, 'x', null)"
        self.assertEqual(self.refused(head + sound), "done")
        self.assertEqual(self.balance(token), 15)
        self.assert_balanced()

    def test_the_doctor_finds_each_fault_that_was_planted(self):
        token, user_id = self.person(money=100)
        purchase = self.bought(token, self.new_item())
        self.wallet("hold", user_id, amount=7, source="stake:1")
        account = f"(select id from ledger_accounts where user_id = '{user_id}' and kind = 'spendable')"
        self.assertEqual(self.doctor()["is_balanced"], True)
        for plant, mend, checks in [
                (f"update ledger_accounts set balance = balance + 1 where id = {account}",
                 f"update ledger_accounts set balance = balance - 1 where id = {account}", {"balances"}),
                ("insert into transactions (transfer_id, account_id, amount, reason) values (777, 1, 5, 'planted')",
                 "delete from transactions where reason = 'planted'", {"transfers"}),
                (f"update transactions set user_id = null where user_id = '{user_id}' and reason = 'purchase'",
                 f"update transactions set user_id = '{user_id}' where source = 'purchase:{purchase['id']}'", {"owners"}),
                ("update ledger_holds set amount = amount + 1", "update ledger_holds set amount = amount - 1", {"holds"}),
                ("update purchases set status = 'refunded', refunded_at = now()",
                 "update purchases set status = 'paid', refunded_at = null", {"refunds"}),
                ("update purchases set transfer_id = 888888", "update purchases set transfer_id = "
                 f"(select transfer_id from transactions where source = 'purchase:{purchase['id']}')", {"purchases"})]:
            self.sql(f"set session_replication_role = replica; {plant}")
            found = self.doctor(status=1)
            self.assertEqual({fault["check"] for fault in found["faults"]}, checks, plant)
            told = self.server.command("doctor", "ledger")
            self.assertEqual(told.returncode, 1)
            self.assertIn("NOT balanced", told.stdout)
            self.sql(f"set session_replication_role = replica; {mend}")
            self.assert_balanced()

    def test_the_doctor_stands_beside_the_servers_own(self):
        done = self.server.command("doctor", "ledger")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("The ledger is balanced", done.stdout)
        self.assertIn("doctor ledger", self.server.command("--help").stdout)
        self.assertIn("calixo doctor ledger", self.server.command("doctor", "ledger", "--help").stdout)
        self.assertEqual(self.server.command("doctor", "ledger", "twice").returncode, 64)
        self.assertEqual(self.server.command("doctor", "nothing").returncode, 2)
        self.assertEqual(self.server.command("doctor").returncode, 0)


if __name__ == "__main__":
    main()
