"""Avatars over two servers on one database: energy, levels, what they unlock and wear, and the catalogue."""
import datetime
import json

from avatar_nodes import AvatarNodes
from harness import main, new_email


def hours_between(earlier, later):
    parse = datetime.datetime.fromisoformat
    return (parse(later.replace("Z", "+00:00")) - parse(earlier)).total_seconds() / 3600


class Energy(AvatarNodes):
    def test_an_avatar_begins_at_the_first_look(self):
        token, user_id = self.person()
        seen = self.avatar(token)
        self.assertEqual((seen["energy"], seen["mood"], seen["level"], seen["experience"]), (100, "awake", 1, 0))
        self.assertEqual((seen["level_experience"], seen["next_level_experience"]), (0, 100))
        self.assertEqual(seen["equipped"], {})
        began = self.sql(f"select to_char(energy_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00') "
                         f"from avatars where user_id = '{user_id}'")
        self.assertAlmostEqual(hours_between(began, seen["tired_at"]), 70 / 20 * 24, places=2)
        self.assertAlmostEqual(hours_between(began, seen["asleep_at"]), 90 / 20 * 24, places=2)
        self.assertEqual(self.avatar(token, node=1), seen)

    def test_first_looks_at_once_make_one_avatar(self):
        token, user_id = self.person()
        seen = self.at_once(16, lambda i: self.avatar(token, node=i % 2))
        self.assertEqual({one["energy"] for one in seen}, {100})
        self.assertEqual(self.number(f"select count(*) from avatars where user_id = '{user_id}'"), 1)

    def test_energy_falls_with_the_hours_and_stays_between_0_and_100(self):
        token, user_id = self.person()
        self.avatar(token)
        self.age(user_id, 12)
        self.assertEqual(self.avatar(token)["energy"], 90)
        self.age(user_id, 72)
        seen = self.avatar(token)
        self.assertEqual((seen["energy"], seen["mood"], seen["tired_at"]), (30, "tired", None))
        self.assertIsNotNone(seen["asleep_at"])
        self.age(user_id, 24)
        seen = self.avatar(token)
        self.assertEqual((seen["energy"], seen["mood"], seen["asleep_at"]), (10, "asleep", None))
        self.age(user_id, 100_000)
        self.assertEqual(self.avatar(token)["energy"], 0)
        self.feed(user_id, energy=40)
        self.assertEqual((self.avatar(token)["energy"], self.avatar(token)["mood"]), (40, "awake"))
        self.feed(user_id, energy=100)
        self.assertEqual(self.avatar(token)["energy"], 100)

    def test_a_clock_that_is_behind_makes_no_energy(self):
        token, user_id = self.person()
        self.feed(user_id, energy=0)
        self.age(user_id, 24)
        self.age(user_id, -48)
        self.assertEqual(self.avatar(token)["energy"], 100)
        self.sql(f"update avatars set energy = 50000 where user_id = '{user_id}'")
        self.feed(user_id, energy=10)
        self.assertEqual(self.avatar(token)["energy"], 60)

    def test_a_source_feeds_once(self):
        token, user_id = self.person()
        self.avatar(token)
        self.age(user_id, 60)
        self.feed(user_id, "attempt:1", energy=10, experience=7, times=3)
        self.feed(user_id, "attempt:1", energy=10, experience=7, node=1)
        seen = self.avatar(token)
        self.assertEqual((seen["energy"], seen["experience"]), (60, 7))
        self.feed(self.person()[1], "attempt:1", energy=10, experience=7)  # another's attempt:1 is another source
        self.feed(user_id, "attempt:2", energy=10, experience=7)
        seen = self.avatar(token)
        self.assertEqual((seen["energy"], seen["experience"]), (70, 14))

    def test_what_is_rolled_back_fed_nobody(self):
        token, user_id = self.person()
        self.assert_problem(self.meal(user_id, "attempt:1", energy=1, experience=7, roll_back=True), 409, "rolled_back")
        self.assertEqual(self.avatar(token)["experience"], 0)
        self.feed(user_id, "attempt:1", experience=7)
        self.assertEqual(self.avatar(token)["experience"], 7)

    def test_what_one_transaction_feeds_to_many_counts_each_source_once(self):
        people = [self.person() for _ in range(3)]
        self.avatar(people[0][0])
        self.age(people[0][1], 60)
        meals = [{"user_id": user_id, "source": f"walk:{number}", "energy": 10, "experience": 10 + number,
                  "streak_days": number + 1} for number, (_, user_id) in enumerate([*people, *people])]
        for _ in range(2):
            answer = self.call("POST", "/probe/feed-each", {"meals": [*meals, meals[0]]})
            self.assertEqual(answer.status, 204, answer)
        seen = [self.avatar(token) for token, _ in people]
        self.assertEqual([one["experience"] for one in seen], [10 + 13, 11 + 14, 12 + 15])
        self.assertEqual([one["streak_best"] for one in seen], [4, 5, 6])
        self.assertEqual([one["energy"] for one in seen], [50 + 20, 100, 100])

    def test_a_hundred_feedings_at_once_all_count_and_of_one_source_one(self):
        token, user_id = self.person()
        self.at_once(100, lambda i: self.feed(user_id, f"attempt:{i}", experience=3, energy=1, node=i % 2))
        self.assertEqual(self.avatar(token)["experience"], 300)
        self.at_once(100, lambda i: self.feed(user_id, "attempt:same", experience=3, energy=1, node=i % 2))
        self.assertEqual(self.avatar(token)["experience"], 303)

    def test_a_person_who_is_none_is_refused_at_the_commit_and_malformed_meals_before(self):
        stranger = "00000000-0000-4000-8000-00000000dead"
        self.assert_problem(self.meal(stranger, energy=1), 422, "sqlstate_23503")
        self.assertEqual(self.sql(f"select count(*) from avatar_feedings where user_id = '{stranger}'"), "0")
        user_id = self.person()[1]
        for wrong in ({"energy": 101}, {"energy": -1}, {"experience": 1_000_001}, {"streak_days": -1},
                      {"source": "Attempt 1"}, {"source": "a" * 121}):
            answer = self.meal(user_id, **wrong)
            self.assertEqual(answer.status, 422, (wrong, answer))
            self.assertTrue(answer.json()["code"].startswith("status_"), (wrong, answer))


class Wardrobe(AvatarNodes):
    def test_levels_begin_where_the_formula_says_and_unlock(self):
        token, user_id = self.person()
        self.feed(user_id, experience=99)
        seen = self.avatar(token)
        self.assertEqual((seen["level"], seen["next_level_experience"]), (1, 100))
        self.assertNotIn("straw_hat", self.names(seen["unlocked"]))
        locked = next(one for one in seen["locked"] if one["item_id"] == "straw_hat")
        self.assertEqual((locked["unlock_level"], locked["unlock_streak"], locked["name"]), (2, None, "Straw hat"))
        self.feed(user_id, experience=1)
        seen = self.avatar(token)
        self.assertEqual((seen["level"], seen["level_experience"], seen["next_level_experience"]), (2, 100, 250))
        self.assertIn("straw_hat", self.names(seen["unlocked"]))
        self.feed(user_id, experience=149)
        self.assertEqual(self.avatar(token)["level"], 2)
        self.feed(user_id, experience=1)
        self.assertEqual(self.avatar(token)["level"], 3)
        kept = self.sql(f"select item_id from avatar_customizations where user_id = '{user_id}' order by item_id").split()
        self.assertEqual(kept, ["clay", "coral", "meadow", "moss", "sand", "straw_hat"])

    def test_the_highest_level_has_none_after_it(self):
        token, user_id = self.person()
        self.feed(user_id, experience=1_000_000)
        seen = self.avatar(token)
        self.assertEqual((seen["level"], seen["next_level_experience"]), (50, None))

    def test_a_streak_unlocks_and_stays_the_best(self):
        token, user_id = self.person()
        self.feed(user_id, streak_days=2)
        self.assertNotIn("sunglasses", self.names(self.avatar(token)["unlocked"]))
        self.feed(user_id, streak_days=3)
        self.feed(user_id, streak_days=1)
        seen = self.avatar(token)
        self.assertIn("sunglasses", self.names(seen["unlocked"]))
        self.assertEqual(seen["streak_best"], 3)
        self.assertEqual(self.number("select count(*) from avatar_customizations where item_id = 'sunglasses' "
                                     f"and user_id = '{user_id}'"), 1)

    def test_an_item_is_put_on_changed_and_taken_off(self):
        token, _ = self.person()
        put_on = self.customize(token, "color", "clay")
        self.assertEqual(put_on.status, 200, put_on)
        self.assertEqual(put_on.json()["equipped"], {"color": "clay"})
        self.customize(token, "background", "meadow", node=1)
        changed = self.customize(token, "color", "sand").json()
        self.assertEqual(changed["equipped"], {"background": "meadow", "color": "sand"})
        worn = {one["item_id"] for one in changed["unlocked"] if one["is_equipped"]}
        self.assertEqual(worn, {"meadow", "sand"})
        self.assertEqual(self.customize(token, "color", "sand").json()["equipped"], changed["equipped"])
        bare = self.customize(token, "color").json()
        self.assertEqual(bare["equipped"], {"background": "meadow"})
        self.assertEqual(self.customize(token, "color").json()["equipped"], bare["equipped"])
        self.assertEqual(self.avatar(token)["equipped"], bare["equipped"])

    def test_what_is_locked_or_unknown_is_not_put_on(self):
        token, _ = self.person()
        self.customize(token, "color", "clay")
        self.assert_problem(self.customize(token, "color", "gold"), 409, "item_locked")
        self.assert_problem(self.customize(token, "color", "beret"), 404, "item_not_found")
        self.assert_problem(self.customize(token, "shoes"), 404, "item_not_found")
        self.assert_problem(self.customize(token, "", "clay"), 422, "validation_failed")
        self.assertEqual(self.avatar(token)["equipped"], {"color": "clay"})
        self.assertEqual(self.call("POST", "/api/avatar/customize", {"category": "color"}).status, 401)
        self.assertEqual(self.call("GET", "/api/avatar").status, 401)

    def test_of_fifty_changes_at_once_all_succeed_and_one_is_worn(self):
        token, user_id = self.person()
        answers = self.at_once(50, lambda i: self.customize(token, "color", ("clay", "sand")[i // 2 % 2], node=i % 2))
        self.assertEqual({one.status for one in answers}, {200})
        worn = self.sql("select item_id from avatar_customizations where equipped and category = 'color' "
                        f"and user_id = '{user_id}'")
        self.assertIn(worn, ("clay", "sand"))
        self.assertEqual(self.avatar(token)["equipped"], {"color": worn})

    def test_other_plugins_unlock_and_take_away(self):
        token, user_id = self.person()
        self.assertTrue(self.cosmetic("has", "hat", "beret").json()["is_so"])
        self.assertFalse(self.cosmetic("has", "hat", "clay").json()["is_so"])
        self.assertEqual(self.cosmetic("unlock", "hat", "beret", user_id).status, 204)
        self.assert_problem(self.cosmetic("unlock", "hat", "beret", user_id), 409, "already_owned")
        self.assert_problem(self.cosmetic("unlock", "color", "clay", user_id), 409, "already_owned")  # by level 1
        self.assertTrue(self.cosmetic("unlock", "hat", "fez", user_id).json()["code"].startswith("status_"))
        self.assertTrue(self.cosmetic("unlock", "hat", "beret", "nobody").json()["code"].startswith("status_"))
        self.assertEqual(self.customize(token, "hat", "beret").json()["equipped"], {"hat": "beret"})
        self.assertTrue(self.cosmetic("take-away", "hat", "beret", user_id).json()["is_so"])
        self.assertFalse(self.cosmetic("take-away", "hat", "beret", user_id).json()["is_so"])
        self.assertEqual(self.avatar(token)["equipped"], {})
        self.assert_problem(self.customize(token, "hat", "beret"), 409, "item_locked")

    def test_of_fifty_unlocks_at_once_one_is_new(self):
        user_id = self.person()[1]
        answers = self.at_once(50, lambda _: self.cosmetic("unlock", "hat", "beret", user_id).status)
        self.assertEqual(sorted(answers), [204] + [409] * 49)


class Answers(AvatarNodes):
    def test_the_tag_stays_until_something_shows(self):
        token, user_id = self.person()
        self.avatar(token)
        look = lambda tag=None, language="es", node=0: self.call(
            "GET", "/api/avatar", token=token, node=node,
            headers={"Accept-Language": language, **({"If-None-Match": tag} if tag else {})})
        tag = look().headers["ETag"]
        for node in (0, 1):
            unchanged = look(tag, node=node)
            self.assertEqual((unchanged.status, unchanged.body), (304, b""))
        self.assertEqual(look(tag, language="en").status, 200)
        self.assertIn("Accept-Language", look().headers.get_all("Vary"))
        self.feed(user_id, energy=0)
        self.feed(user_id, experience=1)
        fed = look(tag)
        self.assertEqual(fed.status, 200)
        self.age(user_id, 2)  # a point and more
        self.assertEqual(look(fed.headers["ETag"]).status, 200)

    def test_names_come_in_the_callers_language(self):
        token, _ = self.person()
        names = {language: {one["item_id"]: one["name"] for one in self.avatar(token, language=language)["unlocked"]}
                 for language in ("es", "en")}
        self.assertEqual((names["es"]["clay"], names["en"]["clay"]), ("Arcilla", "Clay"))

    def test_others_see_what_is_worn_unless_the_person_is_private(self):
        token, user_id = self.person()
        other, other_id = self.person()
        path = f"/api/avatar/{user_id}"
        fresh = {"user_id": user_id, "mood": "awake", "level": 1, "equipped": {}}
        self.assertEqual(self.call("GET", path, token=other).json(), fresh)
        self.feed(user_id, experience=100)
        self.customize(token, "hat", "straw_hat")
        self.age(user_id, 90)
        seen = {"user_id": user_id, "mood": "tired", "level": 2, "equipped": {"hat": "straw_hat"}}
        self.assertEqual(self.call("GET", path, token=other).json(), seen)
        self.assertEqual(self.call("GET", path).status, 401)
        private = self.call("PATCH", "/api/user/profile", {"is_private": True}, token)
        self.assertEqual(private.status, 200, private)
        self.assert_problem(self.call("GET", path, token=other), 404, "avatar_not_found")
        self.assertEqual(self.call("GET", path, token=token).json(), seen)
        self.assert_problem(self.call("GET", "/api/avatar/00000000-0000-4000-8000-00000000dead", token=other), 404,
                            "avatar_not_found")
        self.assertEqual(self.call("GET", f"/api/avatar/{other_id}", token=token).status, 200)

    def test_all_of_it_is_told_and_gone_with_the_account(self):
        token, user_id = self.person()
        self.feed(user_id, "attempt:17", energy=1, experience=100)
        self.customize(token, "hat", "straw_hat")
        told = self.call("GET", "/api/user/export", token=token).json()["data"]["avatar"]
        self.assertEqual([one["experience"] for one in told["avatar"]], [100])
        self.assertEqual([one["source"] for one in told["feedings"]], ["attempt:17"])
        self.assertIn("straw_hat", {one["item_id"] for one in told["customizations"] if one["equipped"]})
        self.assertEqual(self.call("DELETE", "/api/user", token=token).status, 204)
        for table in ("avatars", "avatar_feedings", "avatar_customizations"):
            self.assertEqual(self.number(f"select count(*) from {table} where user_id = '{user_id}'"), 0, table)


class Catalogue(AvatarNodes):
    count = 1
    path = "/api/admin/avatar/items"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        email = new_email()
        made = json.loads(cls.nodes[0].command("users", "create-admin", "--email", email, "--json").stdout)
        session = cls.nodes[0].call("POST", "/auth/v1/token?grant_type=password",
                                    {"email": email, "password": made["password"]})
        cls.admin = session.json()["access_token"]

    def ask(self, method, path="", body=None, token=None):
        return self.call(method, self.path + path, body, token or self.admin, {"Accept-Language": "en"})

    def add(self, item_id, category="hat", **members):
        answer = self.ask("POST", body={"category": category, "item_id": item_id, "name": "Fez", "name_en": "Fez", **members})
        self.assertEqual(answer.status, 201, answer)
        return answer.json()

    def test_a_cosmetic_is_added_changed_and_removed(self):
        added = self.add("fez", unlock_level=7)
        self.assertEqual((added["unlock_level"], added["unlock_streak"], added["is_active"]), (7, None, True))
        self.assertEqual(self.ask("GET", f"/{added['id']}").json(), added)
        changed = self.ask("PATCH", f"/{added['id']}", {"name_en": "Red fez", "unlock_level": 0, "unlock_streak": 9}).json()
        self.assertEqual((changed["name"], changed["name_en"]), ("Fez", "Red fez"))
        self.assertEqual((changed["unlock_level"], changed["unlock_streak"]), (None, 9))
        self.assert_problem(self.ask("POST", body={"category": "hat", "item_id": "fez", "name": "x", "name_en": "x"}),
                            409, "item_taken")
        self.assertEqual(self.ask("DELETE", f"/{added['id']}").status, 204)
        for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
            self.assert_problem(self.ask(method, f"/{added['id']}", body), 404, "item_not_found")

    def test_what_does_not_fit_is_named_by_field(self):
        fit = {"category": "hat", "item_id": "kepi", "name": "Kepis", "name_en": "Kepi"}
        for field, value in (("category", "Hat"), ("item_id", "a b"), ("name", ""), ("name_en", "x" * 81),
                             ("unlock_level", -1), ("unlock_streak", 40_000), ("is_gold", True)):
            answer = self.ask("POST", body={**fit, field: value})
            self.assert_problem(answer, 422, "validation_failed")
            self.assertEqual([error["field"] for error in answer.json()["errors"]], [field])
        self.assert_problem(self.ask("GET", "?cursor=12"), 422, "validation_failed")
        self.assert_problem(self.ask("GET", "?cursor=item-99999999999"), 422, "validation_failed")

    def test_it_is_for_administrators(self):
        token, _ = self.person()
        for method, path in (("GET", ""), ("POST", ""), ("GET", "/1"), ("PATCH", "/1"), ("DELETE", "/1")):
            answer = self.call(method, self.path + path, {} if method in ("POST", "PATCH") else None, token)
            self.assertEqual(answer.status, 403, (method, path, answer))
            answer = self.call(method, self.path + path, {} if method in ("POST", "PATCH") else None)
            self.assertEqual(answer.status, 401, (method, path, answer))

    def test_pages_follow_each_other_without_gap_or_repetition(self):
        ids, path = [], "?limit=5"
        while path:
            page = self.ask("GET", path).json()
            ids += [one["id"] for one in page["items"]]
            path = page["next"] and f"?limit=5&cursor={page['next']}"
        self.assertGreaterEqual(len(ids), 19)
        self.assertEqual(ids, [one["id"] for one in self.ask("GET", "?limit=100").json()["items"]])
        hats = self.ask("GET", "?category=hat&limit=100").json()["items"]
        self.assertEqual({one["category"] for one in hats}, {"hat"})

    def test_what_somebody_has_is_retired_and_stays_theirs(self):
        item = self.add("bowler")
        token, user_id = self.person()
        self.assertEqual(self.cosmetic("unlock", "hat", "bowler", user_id).status, 204)
        self.customize(token, "hat", "bowler")
        self.assert_problem(self.ask("DELETE", f"/{item['id']}"), 409, "item_in_use")
        self.assertFalse(self.ask("PATCH", f"/{item['id']}", {"is_active": False}).json()["is_active"])
        self.assertEqual([one["item_id"] for one in self.ask("GET", "?is_active=false").json()["items"]], ["bowler"])
        seen = self.avatar(token)
        self.assertEqual((seen["equipped"], "bowler" in self.names(seen["unlocked"])), ({"hat": "bowler"}, True))
        other, other_id = self.person()
        seen = self.avatar(other)
        self.assertNotIn("bowler", self.names(seen["unlocked"] + seen["locked"]))
        self.assertFalse(self.cosmetic("has", "hat", "bowler").json()["is_so"])
        self.assertTrue(self.cosmetic("unlock", "hat", "bowler", other_id).json()["code"].startswith("status_"))
        self.assert_problem(self.customize(other, "hat", "bowler"), 404, "item_not_found")

    def test_a_new_item_is_unlocked_for_whoever_has_reached_its_level(self):
        token, user_id = self.person()
        self.feed(user_id, experience=450, streak_days=4)
        self.add("turban", unlock_level=4)
        self.add("top_hat", unlock_level=5)
        self.add("bandana", unlock_streak=4)
        seen = self.avatar(token)
        self.assertLessEqual({"turban", "bandana"}, self.names(seen["unlocked"]))
        self.assertIn("top_hat", self.names(seen["locked"]))
        self.assertEqual(self.customize(token, "hat", "turban").json()["equipped"], {"hat": "turban"})


if __name__ == "__main__":
    main()
