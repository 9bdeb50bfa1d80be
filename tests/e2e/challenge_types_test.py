"""Challenge types of other plugins on the real server: a plank from its template to its completion, expiry,
simultaneous claims, a type that is switched off, and types that break their contract."""
import concurrent.futures
import json
import re

from challenge_server import ChallengeServer
from harness import BUILD, Calixo, main, wait_until


class TypesServer(ChallengeServer):
    """A server with further types."""

    plugins = ("plank", "erring_type", "throwing_type")

    def progress(self, attempt_id, token, progress=None):
        body = {"user_challenge_id": attempt_id, **({} if progress is None else {"progress": progress})}
        return self.call("POST", "/api/user/challenges/progress", body, token)

    def wait_for_log(self, pattern, after=0):
        wait_until(lambda: re.search(pattern, self.server.output()[after:]), 20, f"a line {pattern}")

    def lines(self, attempt_id):
        """What the erring type has written of this attempt."""
        return self.database.sql(f"select hook from erring_lines where attempt = {attempt_id} order by 1").split()

    def offered(self, query=""):
        return self.call("GET", f"/api/challenges?limit=100{query}").json()


class Plank(TypesServer):
    def test_from_its_template_to_its_completion(self):
        refused = self.assert_problem(self.save("plank", {"seconds": 0}), 422, "validation_failed")
        self.assertEqual([(one["field"], one["code"]) for one in refused["errors"]], [("rules.seconds", "range")])
        plank = self.saved("plank", {"seconds": 60})

        page = self.offered("&type=plank")
        self.assertIn((plank, {"seconds": 60}), [(one["id"], one["rules"]) for one in page["items"]])
        forms = page["types"]["plank"]
        self.assertEqual(forms["proof"]["properties"]["held_seconds"]["type"], "integer")
        self.assertEqual(forms["proof"]["required"], ["held_seconds"])
        self.assertEqual(forms["rules"]["properties"]["seconds"]["maximum"], 3600)
        self.assertIsNone(forms["progress"])

        token = self.new_token()
        attempt = self.started(plank, token)
        early = self.assert_problem(self.complete(attempt["id"], token, {"held_seconds": 60}), 422,
                                    "held_longer_than_elapsed")
        self.assertEqual(early["message"], "Less time than that has passed since you started.")
        self.assertEqual(self.row(attempt["id"], "status"), "pending")

        self.backdate(attempt["id"], 90)
        self.assert_problem(self.complete(attempt["id"], token, {"held_seconds": 59}), 422, "held_too_short")
        missing = self.assert_problem(self.complete(attempt["id"], token), 422, "validation_failed")
        self.assertEqual(missing["errors"][0]["field"], "proof.held_seconds")
        done = self.complete(attempt["id"], token, {"held_seconds": 60})
        self.assertEqual((done.status, done.json()["status"], done.json()["reward"]), (200, "completed", 21), done)

    def test_of_fifty_simultaneous_completions_one_is_accepted(self):
        token = self.new_token()
        attempt = self.started(self.saved("erring"), token)["id"]
        # They meet: none passes before several wait for the row.
        with concurrent.futures.ThreadPoolExecutor(50) as pool, self.row_held(f"id = {attempt}") as waiting:
            claims = [pool.submit(self.complete, attempt, token, {}) for _ in range(50)]
            wait_until(lambda: waiting() >= 4, 30, "completions that wait for the row")
        answers = [claim.result() for claim in claims]
        self.assertEqual(sorted(one.status for one in answers), [200] + [409] * 49)
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"already_completed"})
        self.assertEqual(self.lines(attempt), ["complete"])

    def test_progress_is_refused_where_the_type_takes_none(self):
        token = self.new_token()
        attempt = self.started(self.saved("plank"), token)
        self.assert_problem(self.progress(attempt["id"], token), 409, "progress_not_taken")

    def test_rules_that_no_longer_fit_their_type_are_told_apart_from_a_wrong_proof(self):
        plank, token = self.saved("plank"), self.new_token()
        attempt = self.started(plank, token)
        self.database.sql(f"""update challenges set rules = '{{"seconds": "of old"}}' where id = {plank};
            update user_challenges set rules = '{{"seconds": "of old"}}' where id = {attempt["id"]}""")
        self.assert_problem(self.complete(attempt["id"], token, {"held_seconds": 1}), 409, "rules_unfit")
        self.assert_problem(self.call("POST", "/api/challenges/start", {"challenge_id": plank}, self.new_token()),
                            409, "rules_unfit")
        self.wait_for_log('"challenge rules unfit".*"of":"org.example.plank"')

    def test_proof_must_be_an_object(self):
        token = self.new_token()
        attempt = self.started(self.saved("plank"), token)
        self.assert_problem(self.complete(attempt["id"], token, [1]), 422, "validation_failed")
        answer = self.complete(attempt["id"], token, {"held_seconds": 1, "note": "x" * 100_000})
        self.assertEqual(answer.status, 413, answer)

    def test_a_type_that_is_switched_off_is_not_offered_and_breaks_nothing(self):
        plank = self.saved("plank", {"seconds": 1})
        idle = self.saved("plank", {"seconds": 2})
        token = self.new_token()
        attempt = self.started(plank, token)
        other = Calixo(BUILD, {**self.settings, "plugins.enabled": "auth,challenges"})
        self.addCleanup(other.remove)
        other.start()

        def call(method, path, body=None, by=token):
            return other.call(method, path, body, by)

        page = call("GET", "/api/challenges?limit=100").json()
        self.assertNotIn("plank", {one["type"] for one in page["items"]} | set(page["types"]))
        self.assertEqual(call("GET", "/api/challenges?type=plank").json(), {"items": [], "next": None, "types": {}})
        code = "challenge_type_unavailable"
        self.assert_problem(call("POST", "/api/challenges/start", {"challenge_id": idle}), 409, code)
        claim = {"user_challenge_id": attempt["id"], "proof": {"held_seconds": 1}}
        self.assert_problem(call("POST", "/api/user/challenges/complete", claim), 409, code)
        template = call("GET", f"/api/admin/challenges/{plank}", by=self.admin).json()
        self.assertEqual((template["is_available"], template["is_active"]), (False, True))
        change = call("PATCH", f"/api/admin/challenges/{plank}", {"rules": {"seconds": 5}}, self.admin)
        self.assert_problem(change, 409, code)
        # Its time runs out all the same.
        self.backdate(attempt["id"], 1)
        self.database.sql(f"update user_challenges set expires_at = now() - interval '1 s' where id = {attempt['id']}")
        self.assert_problem(call("POST", "/api/user/challenges/complete", claim), 409, "attempt_expired")


class Templates(TypesServer):
    def test_a_template_is_added_read_changed_and_removed(self):
        made = self.save("plank", {"seconds": 5}, expires_after_s=600)
        template = made.json()
        path = f"/api/admin/challenges/{template['id']}"
        self.assertEqual(self.call("GET", path, token=self.admin).json(), template)
        changed = self.call("PATCH", path, {"title_en": "Plank!", "is_active": False}, self.admin).json()
        self.assertEqual(changed, {**template, "title_en": "Plank!", "is_active": False})
        self.assertNotIn(template["id"], [one["id"] for one in self.offered()["items"]])
        self.assertEqual(self.call("DELETE", path, token=self.admin).status, 204)
        self.assert_problem(self.call("DELETE", path, token=self.admin), 404, "challenge_not_found")
        self.assert_problem(self.call("PATCH", path, {"reward": 1}, self.admin), 404, "challenge_not_found")

    def test_every_wrong_member_is_named(self):
        answer = self.save("plank", slug="No Slug", reward=-1, title="", other=1)
        document = self.assert_problem(answer, 422, "validation_failed")
        self.assertEqual({one["field"] for one in document["errors"]}, {"slug", "reward", "title", "other"})
        document = self.assert_problem(self.save("unheard_of"), 422, "validation_failed")
        self.assertEqual(document["errors"][0]["field"], "type")
        for rules in ({"seconds": "many"}, {"seconds": 4000}):
            document = self.assert_problem(self.save("plank", rules), 422, "validation_failed")
            self.assertEqual(document["errors"][0]["field"], "rules.seconds")
        self.assert_problem(self.save("erring", {"note": "\0"}), 422, "validation_failed")
        self.assert_problem(self.save("erring", {"note": "x" * 20_000}), 422, "validation_failed")

    def test_a_slug_is_taken_once_and_a_challenge_in_use_stays(self):
        template = self.save("plank").json()
        self.assert_problem(self.save("plank", slug=template["slug"]), 409, "slug_taken")
        other = self.saved("plank")
        taken = self.call("PATCH", f"/api/admin/challenges/{other}", {"slug": template["slug"]}, self.admin)
        self.assert_problem(taken, 409, "slug_taken")
        self.started(other, self.new_token())
        removed = self.call("DELETE", f"/api/admin/challenges/{other}", token=self.admin)
        self.assert_problem(removed, 409, "challenge_in_use")

    def test_nobody_but_administrators_keeps_templates(self):
        token = self.new_token()
        for method, path in [("GET", ""), ("POST", ""), ("GET", "/1"), ("PATCH", "/1"), ("DELETE", "/1")]:
            body = {} if method in ("POST", "PATCH") else None
            self.assertEqual(self.call(method, f"/api/admin/challenges{path}", body, token).status, 403, method)
            self.assertEqual(self.call(method, f"/api/admin/challenges{path}", body).status, 401, method)

    def test_pages_show_every_template_once_and_the_catalogues_rules_suit_their_types(self):
        seen, path = [], "/api/admin/challenges?limit=7"
        while path:
            page = self.call("GET", path, token=self.admin).json()
            seen += page["items"]
            path = page["next"] and f"/api/admin/challenges?limit=7&cursor={page['next']}"
        self.assertEqual(len({one["id"] for one in seen}), len(seen))
        shipped = [one for one in seen if one["type"] in ("daily", "focus", "social")]
        self.assertGreaterEqual(len(shipped), 30)
        for one in shipped:
            again = self.call("PATCH", f"/api/admin/challenges/{one['id']}", {"rules": one["rules"]}, self.admin)
            self.assertEqual((again.status, again.json()), (200, one))

    def test_every_type_shows_its_forms(self):
        types = {one["name"]: one["forms"] for one in self.call("GET", "/api/challenge-types").json()["items"]}
        self.assertEqual(set(types), {"daily", "focus", "social", "plank", "erring", "throwing"})
        self.assertEqual(types["focus"]["rules"]["required"], ["minutes"])
        self.assertIn("interruptions", types["focus"]["progress"]["properties"])
        self.assertEqual(types["daily"]["expires_after_s"], 86400)
        page = self.offered("&type=focus")
        self.assertEqual(page["types"], {"focus": types["focus"]})


class BuiltIn(TypesServer):
    def test_focus_is_not_done_before_its_time_and_hears_heartbeats(self):
        token = self.new_token()
        attempt = self.started(self.saved("focus", {"minutes": 10}), token)
        self.assert_problem(self.complete(attempt["id"], token), 422, "focused_too_short")
        for number in (1, 2):
            told = self.progress(attempt["id"], token, {"interruptions": 2})
            self.assertEqual((told.status, told.json()["progress_count"]), (200, number), told)
        self.assertIsNotNone(told.json()["last_progress_at"])
        self.assert_problem(self.progress(attempt["id"], token, {"interruptions": -1}), 422, "validation_failed")
        self.assertEqual(json.loads(self.row(attempt["id"], "state")), {"interruptions": 4})
        self.backdate(attempt["id"], 600)
        self.assertEqual(self.complete(attempt["id"], token).status, 200)

    def test_a_retired_challenge_can_still_be_completed_and_stays_in_the_history(self):
        token = self.new_token()
        challenge = self.saved("daily")
        attempt = self.started(challenge, token)
        self.call("PATCH", f"/api/admin/challenges/{challenge}", {"is_active": False}, self.admin)
        self.assertEqual(self.complete(attempt["id"], token).status, 200)
        listed = self.call("GET", "/api/user/challenges", token=token).json()["items"]
        self.assertEqual([one["id"] for one in listed], [attempt["id"]])
        again = self.call("POST", "/api/challenges/start", {"challenge_id": challenge}, token)
        self.assertEqual(again.status, 404, again)


class Expiry(TypesServer):
    def expired(self, token, type_name="erring", **members):
        challenge = self.saved(type_name, **members)
        attempt = self.started(challenge, token)
        self.backdate(attempt["id"], 100_000)
        return challenge, attempt["id"]

    def test_a_template_says_how_long_else_its_type(self):
        token = self.new_token()

        def open_s(**members):
            attempt = self.started(self.saved(**members), token)
            return self.row(attempt["id"], "extract(epoch from expires_at - started_at)::int")

        self.assertEqual(open_s(type_name="erring"), "3600")
        self.assertEqual(open_s(type_name="erring", expires_after_s=120), "120")
        self.assertEqual(open_s(type_name="plank"), "")

    def test_a_late_completion_is_refused_and_the_attempt_has_failed_with_its_hook_run(self):
        token = self.new_token()
        _, attempt = self.expired(token)
        for _ in range(2):
            self.assert_problem(self.complete(attempt, token, {}), 409, "attempt_expired")
        self.assertEqual(self.row(attempt, "status, reason"), "failed|attempt_expired")
        self.assertEqual(self.lines(attempt), ["expire"])

    def test_late_progress_is_refused_as_well(self):
        token = self.new_token()
        attempt = self.started(self.saved("focus", {"minutes": 1}), token)
        self.backdate(attempt["id"], 1_000_000)
        self.assert_problem(self.progress(attempt["id"], token), 409, "attempt_expired")

    def test_an_expired_attempt_makes_room_for_the_next(self):
        token = self.new_token()
        challenge, attempt = self.expired(token)
        again = self.started(challenge, token)
        self.assertNotEqual(again["id"], attempt)
        self.assertEqual(self.row(attempt, "status"), "failed")
        self.assertEqual(self.lines(attempt), ["expire"])

    def test_a_hook_that_fails_does_not_keep_an_attempt_open(self):
        token = self.new_token()
        attempts = [self.expired(token, "throwing", expires_after_s=60)[1] for _ in range(2)]
        self.assertEqual({attempt % 2 for attempt in attempts}, {0, 1})  # it fails in one way for each
        for attempt in attempts:
            before = len(self.server.output())
            self.assert_problem(self.complete(attempt, token, {}), 409, "attempt_expired")
            self.assertEqual(self.row(attempt, "status"), "failed")
            self.wait_for_log('"challenge type failed".*"of":"throwing_type","hook":"expire"', before)

    def test_the_sweep_ends_what_is_due_and_nothing_else(self):
        token = self.new_token()
        due = [self.expired(token)[1] for _ in range(3)] + [self.expired(token, "throwing", expires_after_s=60)[1]]
        idle = self.started(self.saved("erring"), token)["id"]
        done = self.server.command("challenges", "expire", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreaterEqual(json.loads(done.stdout.splitlines()[-1])["ended"], 4)
        self.assertEqual([self.row(one, "status") for one in due], ["failed"] * 4)
        self.assertEqual(self.row(idle, "status"), "pending")
        self.assertEqual(self.lines(due[0]), ["expire"])
        again = self.server.command("challenges", "expire")
        self.assertIn("0 attempts", again.stdout)


class Erring(TypesServer):
    """Each fault: a stable answer, a line that names the plugin, and nothing that took effect."""

    FAULTS = {
        "twice": "it gave 2 verdicts",
        "no_verdict": "it gave no verdict",
        "status": "it answered status 9",
        "factor_high": "its reward factor 1000 is not between 0 and 2",
        "factor_negative": "its reward factor -1 is not between",
        "factor_nan": "its reward factor null is not between",
        "no_such_kind": "verdict kind 77 is none",
        "short_struct": "its verdict is not of the size",
        "state_no_object": "its state is no JSON object",
        "state_no_json": "its state is no JSON object",
        "state_too_big": "its state exceeds 16384 bytes",
        "reject_empty": "its code is not",
        "reject_odd_code": "its code is not",
        "reject_bad_errors": "its errors are no list",
        "invalid_nowhere": "invalid without saying where",
    }

    def test_every_breach_is_answered_logged_and_undone(self):
        token = self.new_token()
        attempt = self.started(self.saved("erring"), token)["id"]
        for misdeed, reason in self.FAULTS.items():
            with self.subTest(misdeed):
                before = len(self.server.output())
                answer = self.complete(attempt, token, {"do": misdeed})
                self.assert_problem(answer, 500, "challenge_type_failed")
                self.wait_for_log(f'"challenge type failed".*"of":"erring_type".*{reason}', before)
                self.assertEqual((self.row(attempt, "status"), self.lines(attempt)), ("pending", []))
        # The same attempt is none the worse for it.
        self.assert_problem(self.complete(attempt, token, {"do": "reject_properly"}), 422, "not_today")
        self.assertEqual(self.lines(attempt), [])
        done = self.complete(attempt, token, {"do": "double"})
        self.assertEqual((done.status, done.json()["reward"]), (200, 42), done)
        self.assertEqual(self.lines(attempt), ["complete"])

    def test_what_a_type_throws_stays_within_its_plugin(self):
        token = self.new_token()
        attempt = self.started(self.saved("throwing"), token)["id"]
        for what in ("standard", "number", "statement", "caught"):
            answer = self.complete(attempt, token, {"what": what})
            self.assert_problem(answer, 500, "challenge_type_failed")
            self.assertNotIn(b"detail", answer.body)
            self.assertEqual(self.row(attempt, "status"), "pending")
        self.wait_for_log('"challenge type failed","plugin":"throwing_type".*a detail for the operator')
        self.wait_for_log('"of":"throwing_type".*a statement of it failed and it went on')
        self.assertEqual(self.complete(attempt, token, {"what": "nothing"}).status, 200)

    def test_a_doubtful_completion_waits_for_a_person(self):
        token = self.new_token()
        attempt = self.started(self.saved("erring"), token)["id"]
        kept = self.complete(attempt, token, {"do": "review"})
        self.assertEqual((kept.status, kept.json()["status"], kept.json()["reason"], kept.json()["reward"]),
                         (200, "review", "looks_odd", None), kept)
        self.assert_problem(self.complete(attempt, token, {}), 409, "attempt_in_review")
        waiting = self.call("GET", "/api/user/challenges?status=review", token=token).json()["items"]
        self.assertEqual([one["id"] for one in waiting], [attempt])


if __name__ == "__main__":
    main()
