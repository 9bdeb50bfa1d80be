"""What a completion brings about: reward and food in its commit, once, whatever is switched off; what moderators
accept, refuse and take back; and what it costs in round trips."""
from challenge_server import ChallengeServer
from harness import BUILD, Calixo, main
from round_trips import CountingProxy


class Economy(ChallengeServer):
    """A server whose wallet and avatar write down what they are told."""

    plugins = ("erring_type", "probe_economy")

    def paid(self, attempt_id):
        return self.database.sql(
            f"select amount, reason from probe_movements where source = 'attempt:{attempt_id}'")

    def fed(self, attempt_id):
        return self.database.sql("select energy, experience, streak_days from probe_feedings "
                                 f"where source = 'attempt:{attempt_id}'")

    def server_without_economy(self):
        other = Calixo(BUILD, {**self.settings, "plugins.enabled": "auth,challenges"})
        self.addCleanup(other.remove)
        return other.start()


class Rewards(Economy):
    def test_a_completion_pays_and_feeds(self):
        token, user_id = self.new_person()
        done = self.completed(self.saved("daily", reward=40, energy=7, experience=3), token)
        self.assertEqual((done["reward"], done["streak_days"]), (40, 1))
        self.assertEqual((self.paid(done["id"]), self.fed(done["id"])), ("40|challenge", "7|3|1"))
        self.assertEqual(self.database.sql("select distinct user_id from probe_movements "
                                           f"where source = 'attempt:{done['id']}'"), user_id)

    def test_what_a_template_does_not_say_the_keys_do(self):
        done = self.completed(self.saved("daily"), self.new_token())
        self.assertEqual((self.paid(done["id"]), self.fed(done["id"])), ("21|challenge", "10|20|1"))

    def test_the_types_factor_counts_and_nothing_is_paid_where_nothing_is_earned(self):
        challenge = self.saved("erring")
        token = self.new_token()
        attempt = self.started(challenge, token)["id"]
        self.assertEqual(self.complete(attempt, token, {"do": "double"}).json()["reward"], 42)
        self.assertEqual(self.paid(attempt), "42|challenge")
        free = self.completed(self.saved("daily", reward=0), token)
        self.assertEqual((free["reward"], self.paid(free["id"]), self.fed(free["id"])), (0, "", "10|20|1"))

    def test_of_200_simultaneous_completions_one_is_paid(self):
        token = self.new_token()
        attempt = self.started(self.saved("daily"), token)["id"]
        answers = self.at_once([lambda: self.complete(attempt, token)] * 200)
        self.assertEqual(sorted(one.status for one in answers), [200] + [409] * 199)
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"already_completed"})
        self.assertEqual((self.paid(attempt), self.fed(attempt)), ("21|challenge", "10|20|1"))

    def test_what_the_wallet_refuses_undoes_the_completion(self):
        token, user_id = self.new_person()
        attempt = self.started(self.saved("daily", reward=13), token)["id"]
        self.assertGreaterEqual(self.complete(attempt, token).status, 500)
        self.assertEqual((self.row(attempt, "status, reward, is_paid"), self.fed(attempt)), ("pending||f", ""))
        self.assertEqual(self.database.sql(f"select current_days from streaks where user_id = '{user_id}'"), "0")
        self.database.sql(f"update user_challenges set offered_reward = 14 where id = {attempt}")
        self.assertEqual(self.complete(attempt, token).status, 200)
        self.assertEqual(self.paid(attempt), "14|challenge")

    def test_bounds_hold_when_a_template_is_saved_and_when_it_is_paid(self):
        high, low = self.saved("daily", reward=40), self.saved("daily", reward=20)
        self.set_key("reward_min", 25)
        self.set_key("reward_max", 30)
        for reward in (24, 31):
            document = self.assert_problem(self.save("daily", reward=reward), 422, "validation_failed")
            self.assertEqual([(one["field"], one["code"]) for one in document["errors"]], [("reward", "range")])
            change = self.call("PATCH", f"/api/admin/challenges/{high}", {"reward": reward}, self.admin)
            self.assert_problem(change, 422, "validation_failed")
        token = self.new_token()
        self.assertEqual(self.completed(self.saved("daily", reward=25), token)["reward"], 25)
        self.assertEqual([self.completed(one, token)["reward"] for one in (high, low)], [30, 25])

    def test_an_attempt_is_judged_and_paid_by_what_held_when_it_began(self):
        challenge = self.saved("focus", {"minutes": 10}, reward=40, energy=50)
        token = self.new_token()
        attempt = self.started(challenge, token)["id"]
        self.change(challenge, rules={"minutes": 1}, reward=5, energy=1)
        self.backdate(attempt, 300)
        self.assert_problem(self.complete(attempt, token), 422, "focused_too_short")
        shown = self.call("GET", "/api/user/challenges", token=token).json()["items"][0]["challenge"]
        self.assertEqual((shown["reward"], shown["rules"]), (40, {"minutes": 10}))
        self.backdate(attempt, 300)
        self.assertEqual(self.complete(attempt, token).json()["reward"], 40)
        self.assertEqual((self.paid(attempt), self.fed(attempt)), ("40|challenge", "50|20|1"))

    def test_without_wallet_and_avatar_everything_else_works(self):
        other = self.server_without_economy()
        token = self.new_token()
        attempt = self.started(self.saved("daily"), token)["id"]
        done = other.call("POST", "/api/user/challenges/complete", {"user_challenge_id": attempt}, token)
        self.assertEqual((done.status, done.json()["reward"], done.json()["streak_days"]), (200, 21, 1), done)
        self.assertEqual((self.paid(attempt), self.fed(attempt), self.row(attempt, "is_paid")), ("", "", "f"))
        # Nothing was paid, so there is nothing to take back, wallet or not.
        reversed_ = self.call("POST", f"/api/admin/challenges/attempts/{attempt}/reverse", {}, self.admin)
        self.assertEqual((reversed_.status, reversed_.json()["taken_back"]), (200, 0), reversed_)


class Reviews(Economy):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moderator, cls.moderator_id = cls.new_moderator(cls("run"))

    def waiting(self, token, challenge=None):
        attempt = self.started(challenge or self.saved("erring"), token)["id"]
        self.assertEqual(self.complete(attempt, token, {"do": "review"}).json()["status"], "review")
        return attempt

    def judge(self, attempt, action, token=None, **body):
        return self.call("POST", f"/api/admin/challenges/attempts/{attempt}/{action}", body, token or self.moderator)

    def test_what_waits_is_listed_by_age_in_pages(self):
        token, user_id = self.new_person()
        attempts = [self.waiting(token) for _ in range(3)]
        seen, path = [], "/api/admin/challenges/attempts?status=review&limit=2"
        while path:
            page = self.call("GET", path, token=self.moderator).json()
            self.assertLessEqual(len(page["items"]), 2)
            seen += page["items"]
            path = page["next"] and f"/api/admin/challenges/attempts?limit=2&cursor={page['next']}"
        self.assertEqual([one["id"] for one in seen], sorted({one["id"] for one in seen}))
        mine = [one for one in seen if one["user_id"] == user_id]
        self.assertEqual([one["id"] for one in mine], attempts)
        self.assertEqual((mine[0]["status"], mine[0]["reason"]), ("review", "looks_odd"))
        self.assertIsNotNone(mine[0]["claimed_at"])
        path = f"/api/admin/challenges/attempts?user_id={user_id}&status="
        self.assertEqual(self.call("GET", path + "completed", token=self.moderator).json()["items"], [])
        document = self.assert_problem(
            self.call("GET", "/api/admin/challenges/attempts?status=completed", token=self.moderator), 422,
            "validation_failed")
        self.assertEqual(document["errors"][0]["field"], "user_id")

    def test_accepting_pays_as_a_completion_does_once(self):
        token, user_id = self.new_person()
        attempt = self.waiting(token)
        self.assertEqual(self.paid(attempt), "")
        # Two days went by until a moderator looked at it: it counts for the day on which it was claimed.
        self.database.sql(f"update user_challenges set started_at = started_at - interval '2 days', "
                          f"claimed_at = claimed_at - interval '2 days' where id = {attempt}")
        answers = self.at_once([lambda: self.judge(attempt, "resolve", accept=True)] * 20)
        self.assertEqual(sorted(one.status for one in answers), [200] + [409] * 19)
        accepted = next(one.json() for one in answers if one.status == 200)
        self.assertEqual((accepted["status"], accepted["reward"], accepted["resolved_by"], accepted["completed_at"]),
                         ("completed", 21, self.moderator_id, accepted["claimed_at"]))
        self.assert_problem(self.judge(attempt, "resolve", accept=False), 409, "attempt_not_in_review")
        self.assertEqual((self.paid(attempt), self.fed(attempt)), ("21|challenge", "10|20|1"))
        self.assertEqual(self.database.sql("select last_date = (now() at time zone 'UTC')::date - 2 from streaks "
                                           f"where user_id = '{user_id}'"), "t")

    def test_a_refused_one_has_failed_with_the_reason(self):
        token = self.new_token()
        challenge = self.saved("erring")
        attempt = self.waiting(token, challenge)
        self.assert_problem(self.judge(attempt, "resolve", accept=False, reason="No!"), 422, "validation_failed")
        refused = self.judge(attempt, "resolve", accept=False, reason="photo_of_a_photo").json()
        self.assertEqual((refused["status"], refused["reason"]), ("failed", "photo_of_a_photo"))
        mine = self.call("GET", "/api/user/challenges?status=failed", token=token).json()["items"]
        self.assertEqual([(one["id"], one["reason"]) for one in mine], [(attempt, "photo_of_a_photo")])
        self.assertEqual(self.paid(attempt), "")
        again = self.waiting(token, challenge)
        self.assertEqual(self.judge(again, "resolve", accept=False).json()["reason"], "rejected")

    def test_a_paid_reward_is_taken_back_once(self):
        token = self.new_token()
        attempt = self.completed(self.saved("daily"), token)["id"]
        answers = self.at_once([lambda: self.judge(attempt, "reverse", reason="not_done")] * 10)
        self.assertEqual(sorted(one.status for one in answers), [200] + [409] * 9)
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"attempt_not_completed"})
        reversed_ = next(one.json() for one in answers if one.status == 200)
        self.assertEqual((reversed_["status"], reversed_["taken_back"], reversed_["reason"]),
                         ("reversed", 21, "not_done"))
        self.assertEqual(self.database.sql(
            f"select taken_back from probe_movements where source = 'attempt:{attempt}'"), "21")
        mine = self.call("GET", "/api/user/challenges?status=reversed", token=token).json()["items"]
        self.assertEqual([one["id"] for one in mine], [attempt])
        self.assert_problem(self.complete(attempt, token), 409, "attempt_not_open")

    def test_without_a_wallet_what_was_paid_stays(self):
        attempt = self.completed(self.saved("daily"), self.new_token())["id"]
        other = self.server_without_economy()
        answer = other.call("POST", f"/api/admin/challenges/attempts/{attempt}/reverse", {}, self.moderator)
        self.assert_problem(answer, 409, "wallet_unavailable")
        self.assertEqual(self.row(attempt, "status"), "completed")

    def test_nobody_judges_an_own_attempt_and_only_moderators_do(self):
        token, user_id = self.new_moderator()
        attempt = self.waiting(token)
        done = self.completed(self.saved("daily"), token)["id"]
        self.assert_problem(self.judge(attempt, "resolve", token, accept=True), 403, "own_attempt")
        self.assert_problem(self.judge(done, "reverse", token), 403, "own_attempt")
        self.assertEqual((self.row(attempt, "status"), self.row(done, "status")), ("review", "completed"))
        person = self.new_token()
        self.assertEqual(self.judge(attempt, "resolve", person, accept=True).status, 403)
        self.assertEqual(self.judge(done, "reverse", person).status, 403)
        self.assertEqual(self.call("GET", "/api/admin/challenges/attempts", token=person).status, 403)
        self.assertEqual(self.call("GET", "/api/admin/challenges/attempts").status, 401)
        for action, body in (("resolve", {"accept": True}), ("reverse", {})):
            self.assert_problem(self.judge(2_000_000_000, action, **body), 404, "attempt_not_found")

    def test_who_decided_is_not_part_of_the_persons_export(self):
        token = self.new_token()
        attempt = self.waiting(token)
        self.judge(attempt, "resolve", accept=True)
        export = self.call("GET", "/api/user/export", token=token)
        self.assertEqual(export.status, 200, export)
        self.assertNotIn(self.moderator_id.encode(), export.body)
        part = export.json()["data"]["challenges"]
        self.assertEqual(len(part["streaks"]), 1)
        self.assertEqual(self.call("DELETE", "/api/user", token=token).status, 204)
        self.assertEqual(self.row(attempt, "count(*)"), "0")


class RoundTrips(Economy):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy = CountingProxy(f"{cls.database.folder}/.s.PGSQL.5432")
        cls.addClassCleanup(cls.proxy.close)
        cls.near = Calixo(BUILD, {**cls.settings, "http.loops": 1, "database.url":
                                  f"host=127.0.0.1 port={cls.proxy.port} user=postgres dbname=postgres"})
        cls.addClassCleanup(cls.near.remove)
        cls.near.start()

    def test_completing_takes_three(self):
        challenges = [self.saved("daily") for _ in range(3)]
        token, user_id = self.new_person()
        attempts = [self.started(one, token)["id"] for one in challenges]

        def complete(attempt):
            return self.near.call("POST", "/api/user/challenges/complete", {"user_challenge_id": attempt}, token)

        self.assertEqual(complete(attempts[0]).status, 200)  # prepares the statements
        for attempt in attempts[1:]:
            self.proxy.forget()
            self.assertEqual(complete(attempt).status, 200)
            self.assertEqual(self.paid(attempt), "21|challenge")
            self.assertLessEqual(self.proxy.round_trips_about(user_id.encode()), 3)


if __name__ == "__main__":
    main()
