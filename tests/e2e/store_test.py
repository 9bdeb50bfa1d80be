"""The store on the real database: money for one buys one, whoever asks how often; what is refused moves nothing; gifts,
refunds, cosmetics, the catalogue and what administrators put right."""
import collections

from harness import BUILD, Calixo, main
from store_parts import NOBODY, NUMBERS, StoreServer, at_once


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

    def test_a_purchase_that_is_sent_again_under_its_key_is_made_once(self):
        token, _ = self.person(money=100)
        body = {"item_id": self.new_item()}

        def send(_):
            return self.call("POST", "/api/store/purchase", body, token, {"Idempotency-Key": "one-tap"})

        answers = at_once(send, range(30))
        self.assertEqual({one.status for one in answers}, {201}, answers)
        self.assertEqual(len({one.body for one in answers}), 1)
        self.assertEqual(self.balance(token), 90)
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
        listed = self.call("GET", f"/api/admin/store/purchases?user_id={purchase['user_id']}", token=self.admin).json()
        self.assertEqual([(one["id"], one["status"]) for one in listed["items"]], [(purchase["id"], "refunded")])
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


if __name__ == "__main__":
    main()
