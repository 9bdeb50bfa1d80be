"""What a person may do on a day: the day's set, how much may be begun, open and completed; giving up, running out,
and looking back."""
from challenge_server import ChallengeServer
from harness import main, wait_until

EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"  # 26 hours apart: never on the same date


class TodaysSet(ChallengeServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As on the days after the installation: the catalogue has been there for long.
        cls.database.sql("update challenges set scheduled_at = scheduled_at - interval '30 days'")

    def today(self, token, server=None, query=""):
        answer = (server or self.server).call("GET", f"/api/challenges?scope=today{query}", None, token)
        self.assertEqual(answer.status, 200, answer)
        return [one["id"] for one in answer.json()["items"]]

    def test_it_is_the_same_on_every_device_and_every_server(self):
        email = "two-devices@example.org"
        phone, laptop = self.server.sign_up(email)["access_token"], self.sign_in(email)
        other = self.second_server()
        self.assertEqual(len(self.today(phone)), 3)
        self.assertEqual(self.today(phone), self.today(laptop))
        self.assertEqual(self.today(phone), self.today(laptop, other))
        answer = self.call("GET", "/api/challenges?scope=today", token=phone).json()
        self.assertEqual({one["schedule"] for one in answer["items"]}, {"daily_set"})
        self.assertEqual(set(answer["types"]), {one["type"] for one in answer["items"]})
        self.assertIsNone(answer["next"])

    def test_other_days_and_other_people_have_others(self):
        tokens = [self.new_token() for _ in range(6)]
        sets = {}
        for zone in (EAST, WEST):
            for token in tokens:
                self.move(token, zone)
            sets[zone] = [self.today(token) for token in tokens]
            self.assertGreater(len({tuple(one) for one in sets[zone]}), 1)
        self.assertNotEqual(sets[EAST], sets[WEST])

    def test_what_is_added_today_waits_for_tomorrow(self):
        tokens = [self.new_token() for _ in range(5)]
        before = [self.today(token) for token in tokens]
        for _ in range(30):
            self.saved("daily", schedule="daily_set")
        always = self.saved("daily")
        self.change(always, schedule="daily_set")
        self.assertEqual([self.today(token) for token in tokens], before)
        # Tomorrow they take part.
        self.database.sql("update challenges set scheduled_at = scheduled_at - interval '30 days'")
        self.assertNotEqual([self.today(token) for token in tokens], before)

    def test_one_that_goes_makes_room_at_the_end(self):
        token = self.new_token()
        first, second, third = self.today(token)
        self.change(second, is_active=False)
        self.addCleanup(self.change, second, is_active=True)
        now = self.today(token)
        self.assertEqual((now[:2], len(now)), ([first, third], 3))

    def test_only_todays_can_be_started(self):
        token = self.new_token()
        todays = self.today(token)
        every = [one["id"] for one in self.call("GET", "/api/challenges?limit=100").json()["items"]
                 if one["schedule"] == "daily_set"]
        another = next(one for one in every if one not in todays)
        self.assert_problem(self.start(another, token), 409, "not_today")
        for one in todays:
            self.assertEqual(self.start(one, token).status, 201)

    def test_its_size_is_a_key_and_filters_apply_to_it(self):
        token = self.new_token()
        small = self.today(token)
        self.set_key("daily_set_size", 6)
        whole = self.call("GET", "/api/challenges?scope=today", token=token).json()["items"]
        self.assertEqual([one["id"] for one in whole[:3]], small)
        self.assertEqual(len(whole), 6)
        for name in ("type", "difficulty"):
            for value in {one[name] for one in whole}:
                self.assertEqual(self.today(token, query=f"&{name}={value}"),
                                 [one["id"] for one in whole if one[name] == value])

    def test_nobody_has_one_without_an_account(self):
        self.assertEqual(self.call("GET", "/api/challenges?scope=today").status, 401)
        self.assert_problem(self.call("GET", "/api/challenges?scope=yesterday"), 422, "validation_failed")


class Catalogue(ChallengeServer):
    def listed(self, query="", token=None, path="/api/challenges"):
        ids, at = [], f"{path}?limit=4{query}"
        while at:
            page = self.call("GET", at, token=token).json()
            ids += [one["id"] for one in page["items"]]
            at = page["next"] and f"{path}?limit=4{query}&cursor={page['next']}"
        return ids

    def test_a_template_keeps_its_new_members(self):
        members = {"difficulty": "hard", "schedule": "daily_set", "energy": 5, "experience": 0,
                   "available_from": "2026-01-01T00:00:00Z", "available_until": "2100-01-01T00:00:00Z"}
        challenge = self.saved("daily", **members)
        path = f"/api/admin/challenges/{challenge}"
        kept = self.call("GET", path, token=self.admin).json()
        self.assertEqual({name: kept[name] for name in members}, members)
        changed = self.change(challenge, difficulty="easy", clear=["energy", "available_until"])
        self.assertEqual((changed["difficulty"], changed["energy"], changed["available_until"], changed["experience"]),
                         ("easy", None, None, 0))
        for wrong, field in (({"difficulty": "odd"}, "difficulty"), ({"energy": 101}, "energy"),
                             ({"experience": -1}, "experience"), ({"clear": ["title"]}, "clear[0]"),
                             ({"schedule": "weekly"}, "schedule"),
                             ({"available_until": "2025-01-01T00:00:00Z"}, "available_until")):
            document = self.assert_problem(self.call("PATCH", path, wrong, self.admin), 422, "validation_failed")
            self.assertEqual([one["field"] for one in document["errors"]], [field])
        self.assertEqual(self.call("GET", path, token=self.admin).json(), changed)

    def test_filters_and_pages_find_each_once(self):
        every = self.call("GET", "/api/challenges?limit=100").json()["items"]
        for name in ("type", "difficulty"):
            for value in {one[name] for one in every}:
                self.assertEqual(self.listed(f"&{name}={value}"),
                                 [one["id"] for one in every if one[name] == value])
        hard_focus = [one["id"] for one in every if (one["type"], one["difficulty"]) == ("focus", "hard")]
        self.assertEqual(self.listed("&type=focus&difficulty=hard"), hard_focus)
        self.assertGreater(len(hard_focus), 0)
        kept = self.listed("&schedule=daily_set", self.admin, "/api/admin/challenges")
        self.assertEqual(kept, [one["id"] for one in every if one["schedule"] == "daily_set"])

    def test_outside_of_its_window_it_is_not_on_offer(self):
        token = self.new_token()
        for window in ({"available_from": "2100-01-01T00:00:00Z"}, {"available_until": "2026-01-01T00:00:00Z"}):
            challenge = self.saved("daily", **window)
            self.assertNotIn(challenge, self.listed())
            self.assert_problem(self.start(challenge, token), 404, "challenge_not_found")
            self.change(challenge, clear=list(window))
            self.assertIn(challenge, self.listed())
            self.assertEqual(self.start(challenge, token).status, 201)


class Limits(ChallengeServer):
    more_settings = {"challenges.starts_per_day_max": 6, "challenges.open_max": 4,
                     "challenges.completions_per_day_max": 3}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.challenges = [cls.saved(cls("run"), "daily") for _ in range(12)]

    def assert_too_many(self, answer, code):
        self.assert_problem(answer, 429, code)
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 25 * 3600, answer.headers["Retry-After"])

    def test_open_attempts_are_limited_also_at_once(self):
        token = self.new_token()
        answers = self.at_once([lambda one=one: self.start(one, token) for one in self.challenges])
        self.assertEqual(sorted(one.status for one in answers), [201] * 4 + [409] * 8)
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"too_many_open"})
        opened = next(one.json() for one in answers if one.status == 201)
        self.assert_problem(self.start(opened["challenge_id"], token), 409, "already_started")
        # One whose time is over holds no place.
        self.database.sql(f"update user_challenges set expires_at = now() - interval '1 s' where id = {opened['id']}")
        free = next(one for one in self.challenges
                    if one not in {a.json().get("challenge_id") for a in answers if a.status == 201})
        self.assertEqual(self.start(free, token).status, 201)

    def test_starts_a_day_are_limited_wherever_the_person_goes(self):
        token, user_id = self.new_person(EAST)
        ends = set()
        for one in self.challenges[:6]:
            attempt = self.started(one, token)["id"]
            self.call("POST", "/api/user/challenges/abandon", {"user_challenge_id": attempt}, token)
            ends.add(self.database.sql(f"select starts_until from streaks where user_id = '{user_id}'"))
            self.move(token, WEST)
        self.assertEqual(len(ends), 1)
        self.assert_too_many(self.start(self.challenges[6], token), "starts_per_day_exceeded")
        for zone in (EAST, "Europe/Madrid"):
            self.move(token, zone)
            self.assert_too_many(self.start(self.challenges[6], token), "starts_per_day_exceeded")
        self.database.sql(f"update streaks set starts_until = now() - interval '1 s' where user_id = '{user_id}'")
        self.assertEqual(self.start(self.challenges[6], token).status, 201)
        self.assertEqual(self.database.sql(f"select starts_count from streaks where user_id = '{user_id}'"), "1")

    def test_what_is_refused_does_not_count_as_a_start(self):
        token, user_id = self.new_person()
        self.started(self.challenges[0], token)
        for _ in range(10):
            self.assert_problem(self.start(self.challenges[0], token), 409, "already_started")
        self.assertEqual(self.database.sql(f"select starts_count from streaks where user_id = '{user_id}'"), "1")

    def test_completions_a_day_are_limited_also_at_once(self):
        token, user_id = self.new_person(EAST)
        attempts = [self.started(one, token)["id"] for one in self.challenges[:4]]
        answers = self.at_once([lambda one=one: self.complete(one, token) for one in attempts])
        self.assertEqual(sorted(one.status for one in answers), [200, 200, 200, 429])
        refused = attempts[[one.status for one in answers].index(429)]
        self.assert_too_many(self.complete(refused, token), "completions_per_day_exceeded")
        self.move(token, WEST)
        self.assert_too_many(self.complete(refused, token), "completions_per_day_exceeded")
        self.assertEqual(self.row(refused, "status"), "pending")
        self.database.sql("update streaks set completions_until = now() - interval '1 s' "
                          f"where user_id = '{user_id}'")
        self.assertEqual(self.complete(refused, token).status, 200)


class Endings(ChallengeServer):
    plugins = ("erring_type",)
    more_settings = {"events.poll_interval_ms": 100}

    def abandon(self, attempt_id, token):
        return self.call("POST", "/api/user/challenges/abandon", {"user_challenge_id": attempt_id}, token)

    def test_who_gives_up_makes_room_for_another_attempt(self):
        token = self.new_token()
        challenge = self.saved("daily")
        attempt = self.started(challenge, token)["id"]
        self.assert_problem(self.abandon(attempt, self.new_token()), 404, "attempt_not_found")
        answers = self.at_once([lambda: self.abandon(attempt, token)] * 5)
        self.assertEqual(sorted(one.status for one in answers), [200] + [409] * 4)
        gone = next(one.json() for one in answers if one.status == 200)
        self.assertEqual((gone["status"], gone["reason"], gone["reward"]), ("failed", "abandoned", None))
        self.assert_problem(self.complete(attempt, token), 409, "attempt_not_open")
        again = self.completed(challenge, token)
        self.assert_problem(self.abandon(again["id"], token), 409, "already_completed")
        late = self.started(challenge, token)["id"]
        self.backdate(late, 100_000)
        self.assert_problem(self.abandon(late, token), 409, "attempt_expired")
        self.assertEqual(self.row(late, "reason"), "attempt_expired")

    def test_of_giving_up_and_completing_at_once_one_happens(self):
        for _ in range(5):
            token = self.new_token()
            attempt = self.started(self.saved("daily"), token)["id"]
            answers = self.at_once([lambda: self.abandon(attempt, token), lambda: self.complete(attempt, token)] * 3)
            done = [one.json()["status"] for one in answers if one.status == 200]
            self.assertEqual([self.row(attempt, "status")], done)

    def test_a_job_ends_what_is_past_its_time(self):
        token = self.new_token()
        due, idle = (self.started(self.saved("erring"), token)["id"] for _ in range(2))
        self.backdate(due, 100_000)
        self.database.sql("update job_schedules set next_at = now() where name = 'challenges/expire_attempts'")
        wait_until(lambda: self.row(due, "status, reason") == "failed|attempt_expired", 30, "the end by the job")
        self.assertEqual(self.row(idle, "status"), "pending")
        self.assertEqual(self.database.sql(f"select hook from erring_lines where attempt = {due}"), "expire")


class History(ChallengeServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("run")
        cls.token, cls.user_id = self.new_person("America/New_York")
        cls.attempts = []
        for day in range(8):
            attempt = self.started(self.saved(["daily", "social"][day % 2]), cls.token)["id"]
            if day % 4 == 0:
                self.complete(attempt, cls.token)
            # 23:30 in New York is the next day in UTC.
            cls.database.sql(f"update user_challenges set started_at = '2026-03-0{day + 1} 23:30 America/New_York' "
                             f"where id = {attempt}")
            cls.attempts.append(attempt)

    def listed(self, query=""):
        ids, path = [], f"/api/user/challenges?limit=3{query}"
        while path:
            answer = self.call("GET", path, token=self.token)
            self.assertEqual(answer.status, 200, answer)
            page = answer.json()
            ids += [one["id"] for one in page["items"]]
            path = page["next"] and f"/api/user/challenges?limit=3{query}&cursor={page['next']}"
        return ids

    def test_filters_and_pages(self):
        newest_first = self.attempts[::-1]
        self.assertEqual(self.listed(), newest_first)
        self.assertEqual(self.listed("&status=completed"), [self.attempts[4], self.attempts[0]])
        self.assertEqual(self.listed("&type=social"), newest_first[::2])
        self.assertEqual(self.listed("&type=plank"), [])
        self.assertEqual(self.listed("&from=2026-03-03"), newest_first[:6])
        self.assertEqual(self.listed("&to=2026-03-03"), newest_first[5:])
        self.assertEqual(self.listed("&from=2026-03-02&to=2026-03-05&type=daily&status=pending"), [self.attempts[2]])
        self.assertEqual(self.listed("&from=2026-03-05&to=2026-03-04"), [])

    def test_what_is_no_date_is_refused(self):
        for query in ("from=yesterday", "to=2026-02-30", "type=No!", "status=done"):
            self.assert_problem(self.call("GET", f"/api/user/challenges?{query}", token=self.token), 422,
                                "validation_failed")


if __name__ == "__main__":
    main()
