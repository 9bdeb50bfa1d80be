"""The main job as a client does it: sign up, list, start, complete; and what must be refused."""
import threading

from harness import RunningServer, main


class Challenges(RunningServer):
    def start(self, token, challenge_id=1):
        return self.call("POST", "/api/challenges/start", {"challenge_id": challenge_id}, token)

    def complete(self, token, attempt_id):
        return self.call("POST", "/api/user/challenges/complete", {"user_challenge_id": attempt_id}, token)

    def test_a_challenge_is_started_and_completed(self):
        token = self.new_token()
        started = self.start(token)
        self.assertEqual(started.status, 201, started)
        attempt = started.json()
        self.assertEqual((attempt["challenge_id"], attempt["status"]), (1, "pending"))
        self.assertRegex(attempt["started_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")

        completed = self.complete(token, attempt["id"])
        self.assertEqual(completed.status, 200, completed)
        self.assertEqual(completed.json()["status"], "completed")
        self.assertIsNotNone(completed.json()["completed_at"])
        listed = self.call("GET", "/api/user/challenges", token=token).json()["items"]
        self.assertEqual([(one["id"], one["status"]) for one in listed], [(attempt["id"], "completed")])

    def test_starting_twice_is_a_conflict(self):
        token = self.new_token()
        self.assertEqual(self.start(token).status, 201)
        self.assert_problem(self.start(token), 409, "already_started")

    def test_completing_twice_is_a_conflict(self):
        token = self.new_token()
        attempt_id = self.start(token).json()["id"]
        self.assertEqual(self.complete(token, attempt_id).status, 200)
        self.assert_problem(self.complete(token, attempt_id), 409, "already_completed")

    def test_of_simultaneous_starts_and_completions_one_succeeds(self):
        token = self.new_token()

        def at_once(action):
            answers = []
            threads = [threading.Thread(target=lambda: answers.append(action())) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return answers

        started = at_once(lambda: self.start(token))
        self.assertEqual(sorted(one.status for one in started), [201] + [409] * 7)
        attempt_id = next(one.json()["id"] for one in started if one.status == 201)
        completed = at_once(lambda: self.complete(token, attempt_id))
        self.assertEqual(sorted(one.status for one in completed), [200] + [409] * 7)

    def test_foreign_attempts_do_not_exist(self):
        attempt_id = self.start(self.new_token()).json()["id"]
        stranger = self.new_token()
        self.assert_problem(self.complete(stranger, attempt_id), 404, "attempt_not_found")
        self.assertEqual(self.call("GET", "/api/user/challenges", token=stranger).json()["items"], [])

    def test_unknown_challenges_do_not_exist(self):
        self.assert_problem(self.start(self.new_token(), 1_000_000), 404, "challenge_not_found")

    def test_anonymous_callers_may_list_and_nothing_else(self):
        self.assertEqual(self.call("GET", "/api/challenges").status, 200)
        for method, path in [("GET", "/api/user/challenges"), ("GET", "/api/user/profile")]:
            self.assertEqual(self.call(method, path).status, 401, path)
        self.assertEqual(self.call("POST", "/api/challenges/start", {"challenge_id": 1}).status, 401)
        self.assertEqual(self.call("GET", "/api/user/challenges", token="a.b.c").status, 401)

    def test_every_wrong_field_is_named_at_once_in_the_callers_language(self):
        token = self.new_token()
        answer = self.call("GET", "/api/challenges?type=Quick!&limit=0&cursor=", headers={"Accept-Language": "en"})
        document = self.assert_problem(answer, 422, "validation_failed")
        self.assertLessEqual({"type", "limit"}, {error["field"] for error in document["errors"]})
        spanish = self.call("POST", "/api/challenges/start", {}, token, {"Accept-Language": "es"}).json()
        english = self.call("POST", "/api/challenges/start", {}, token, {"Accept-Language": "en"}).json()
        self.assertEqual(spanish["errors"][0]["code"], "required")
        self.assertNotEqual(spanish["message"], english["message"])

    def test_pages_follow_each_other_without_gap_or_repetition(self):
        ids, path = [], "/api/challenges?limit=7"
        while path:
            page = self.call("GET", path).json()
            ids += [one["id"] for one in page["items"]]
            path = page["next"] and f"/api/challenges?limit=7&cursor={page['next']}"
        self.assertGreaterEqual(len(ids), 30)
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual(ids, [one["id"] for one in self.call("GET", "/api/challenges?limit=100").json()["items"]])

    def test_the_catalogue_speaks_spanish_and_english_and_has_every_type(self):
        texts = {}
        for language in ("es", "en"):
            items = self.call("GET", "/api/challenges?limit=100", headers={"Accept-Language": language}).json()["items"]
            self.assertEqual({one["type"] for one in items}, {"daily", "focus", "social"})
            texts[language] = {one["id"]: one["title"] for one in items}
        self.assertEqual(texts["es"].keys(), texts["en"].keys())
        self.assertTrue(all(texts["es"][key] != texts["en"][key] for key in texts["es"]))

    def test_a_session_is_refreshed_and_ended(self):
        session = self.server.sign_up("session@example.org")
        refreshed = self.call("POST", "/auth/v1/token?grant_type=refresh_token",
                              {"refresh_token": session["refresh_token"]}).json()
        self.assertNotEqual(refreshed["refresh_token"], session["refresh_token"])
        user = self.call("GET", "/auth/v1/user", token=refreshed["access_token"]).json()
        self.assertEqual(user["email"], "session@example.org")
        self.assertEqual(self.call("POST", "/auth/v1/logout", token=refreshed["access_token"]).status, 204)
        again = self.call("POST", "/auth/v1/token?grant_type=refresh_token",
                          {"refresh_token": refreshed["refresh_token"]})
        self.assertEqual(again.status, 400, again)

    def test_the_profile_is_read_and_changed(self):
        token = self.new_token()
        changed = self.call("PATCH", "/api/user/profile", {"display_name": "Ana", "locale": "en"}, token)
        self.assertEqual(changed.status, 200, changed)
        read = self.call("GET", "/api/user/profile", token=token).json()
        self.assertEqual((read["display_name"], read["locale"], read["avatar_energy"]), ("Ana", "en", 100))


if __name__ == "__main__":
    main()
