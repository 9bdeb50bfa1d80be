"""Focus sessions on two servers and one database: one at a time, never more credit than passed, a cap for each
local date, paid once, whatever is repeated, simultaneous, late or silent. Where time must pass, the stamps are
written back instead."""
import concurrent.futures
import datetime
import json
import unittest
import uuid

from harness import BUILD, main, new_email, wait_until
from nodes import start_nodes

UTC = datetime.timezone.utc


class FocusNodes(unittest.TestCase):
    """Two nodes, made once for the class; each test has people of its own."""

    settings = {"plugins.enabled": "auth,challenges,purse"}

    @classmethod
    def setUpClass(cls):
        cls.database, cls.nodes = start_nodes(cls.addClassCleanup, 2, {
            "auth.first_admin_email": "", "events.poll_interval_ms": 100,
            "plugins.path": f"{BUILD}/test-plugins:{BUILD}/plugins", **cls.settings})

    def sql(self, text):
        return self.database.sql(text, "calixo")

    def setUp(self):
        self.token, self.user_id = self.person()

    def person(self):
        session = self.nodes[0].sign_up(new_email())
        return session["access_token"], session["user"]["id"]

    def call(self, method, path, body=None, token=None, node=0, **headers):
        return self.nodes[node].call(method, path, body, token or self.token, {"Accept-Language": "en", **headers})

    def post(self, path, body=None, node=0, status=200):
        answer = self.call("POST", f"/api/focus-sessions{path}", body, node=node)
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.json().get("code")), (status, code), answer)
        self.assertTrue(answer.json()["message"], answer)

    def start(self, minutes=25, **more):
        return self.post("", {"planned_minutes": minutes, **more}, status=201)["id"]

    def finish(self, session, node=0):
        return self.post(f"/{session}/finish", node=node)

    def today(self, node=0):
        return self.call("GET", "/api/focus-sessions/today", node=node).json()

    def at_once(self, count, action):
        """action(number) on both nodes in turn; the answers."""
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return list(pool.map(action, range(count)))

    def passed(self, session, seconds, silent=0):
        """As if the session had begun so much earlier, with heartbeats up to `silent` seconds ago."""
        self.sql(f"update focus_sessions set started_at = started_at - interval '{seconds} s', "
                 f"last_heartbeat_at = last_heartbeat_at - interval '{silent} s' where id = {session}")

    def row(self, session, columns):
        return self.sql(f"select {columns} from focus_sessions where id = {session}")

    def elapsed(self, session):
        return int(self.row(session, "floor(extract(epoch from ended_at - started_at))"))

    def lines(self, kind="coins"):
        """What the person was paid: amount by source, one entry a call."""
        rows = self.sql(f"select source, amount from purse_lines where user_id = '{self.user_id}' and kind = '{kind}' "
                        "order by id")
        return [(line.split("|")[0], int(line.split("|")[1])) for line in rows.splitlines()]

    def offline(self, begin, end, **more):
        return {"started_at": begin.isoformat(), "ended_at": end.isoformat(), "client_id": str(uuid.uuid4()), **more}

    def an_hour_ago(self):
        return datetime.datetime.now(UTC) - datetime.timedelta(hours=1)

    def tell(self, told, node=0):
        return self.call("POST", "/api/focus-sessions/offline", told, node=node)


class Running(FocusNodes):
    def test_of_fifty_starts_on_two_nodes_one_runs(self):
        answers = self.at_once(50, lambda number: self.call("POST", "/api/focus-sessions", {"planned_minutes": 25},
                                                            node=number % 2))
        self.assertEqual(sorted(one.status for one in answers), [201] + [409] * 49)
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"focus_running"})
        begun = next(one.json() for one in answers if one.status == 201)
        self.assertEqual((begun["state"], begun["planned_minutes"], begun["credited_seconds"]), ("running", 25, None))
        self.assertEqual(self.today(node=1)["running"]["id"], begun["id"])

    def test_what_is_attended_is_credited_and_paid(self):
        session = self.start()
        self.passed(session, 1500)
        ended = self.finish(session, node=1)
        credited = ended["credited_seconds"]
        self.assertGreaterEqual(credited, 1500)
        self.assertEqual((ended["state"], ended["duration"], self.elapsed(session)), ("finished", credited, credited))
        self.assertEqual((ended["reward"], ended["is_offline"], ended["attempt"]), (credited // 120, False, None))
        self.assertEqual(self.lines(), [(f"focus:{session}", credited // 120)])
        self.assertEqual(self.lines("energy"), [(f"focus:{session}", credited // 300)])
        self.assertEqual(self.lines("experience"), [(f"focus:{session}", credited // 60)])
        today = self.today()
        self.assertEqual((today["credited_seconds"], today["cap"], today["running"]), (credited, 480 * 60, None))

    def test_of_a_gap_counts_no_more_than_the_key_says(self):
        session = self.start()
        self.passed(session, 600, silent=600)  # nothing for ten minutes
        beaten = self.post(f"/{session}/heartbeat")
        self.assertEqual(beaten["duration"], 120)
        self.passed(session, 300, silent=200)
        self.assertEqual(self.finish(session)["credited_seconds"], 120 + 100 + 120)
        self.assertGreaterEqual(self.elapsed(session), 900)

    def test_interruptions_cost_and_a_repeated_heartbeat_counts_none_twice(self):
        session = self.start()
        for path, body in [(f"/{session}/heartbeat", {"interruptions": 2}), (f"/{session}/heartbeat", {"interruptions": 2}),
                           ("/heartbeat", {"id": session, "interruptions": 3}), (f"/{session}/heartbeat", {}),
                           (f"/{session}/heartbeat", None)]:
            self.assertEqual(self.post(path, body)["state"], "running")
        self.passed(session, 600)
        ended = self.post(f"/{session}/finish", {"interruptions": 4}, node=1)
        self.assertEqual((ended["interruptions"], ended["credited_seconds"]), (4, ended["duration"] - 120))

    def test_more_interruptions_than_time_leave_nothing(self):
        session = self.start()
        self.passed(session, 60)
        ended = self.post(f"/{session}/finish", {"interruptions": 10_000})
        self.assertEqual((ended["credited_seconds"], ended["reward"]), (0, 0))
        self.assertEqual(self.lines(), [])

    def test_twenty_simultaneous_finishes_pay_once_and_answer_the_same(self):
        session = self.start()
        self.passed(session, 1200)
        answers = self.at_once(20, lambda number: self.finish(session, node=number % 2))
        self.assertEqual(len({json.dumps(one) for one in answers}), 1, answers)
        credited = answers[0]["credited_seconds"]
        self.assertEqual(self.lines(), [(f"focus:{session}", credited // 120)])
        self.assertEqual(self.today()["credited_seconds"], credited)

    def test_heartbeats_beside_a_finish_change_nothing_of_what_ended(self):
        session = self.start()
        self.passed(session, 600)

        def act(number):
            if number == 5:
                return self.call("POST", f"/api/focus-sessions/{session}/finish")
            return self.call("POST", f"/api/focus-sessions/{session}/heartbeat", {"interruptions": 0}, node=number % 2)

        answers = self.at_once(12, act)
        self.assertTrue(all(one.status == 200 or one.json()["code"] == "focus_session_ended" for one in answers), answers)
        self.assertEqual(self.finish(session), answers[5].json())
        self.refused(self.call("POST", f"/api/focus-sessions/{session}/heartbeat"), 409, "focus_session_ended")

    def test_with_an_idempotency_key_a_repetition_is_answered_as_the_first(self):
        keys = {name: {"Idempotency-Key": str(uuid.uuid4())} for name in ("start", "beat", "finish")}

        def twice(name, path, body=None):
            answers = [self.call("POST", f"/api/focus-sessions{path}", body, node=node, **keys[name])
                       for node in (0, 1)]
            self.assertEqual((answers[0].status, answers[0].body), (answers[1].status, answers[1].body))
            self.assertEqual(answers[1].headers["Idempotency-Replayed"], "true")
            return answers[0]

        begun = twice("start", "", {"planned_minutes": 25})
        self.assertEqual(begun.status, 201, begun)
        session = begun.json()["id"]
        self.passed(session, 600, silent=20)
        self.assertEqual(twice("beat", f"/{session}/heartbeat", {"interruptions": 1}).status, 200)
        self.assertEqual(twice("finish", f"/{session}/finish").json()["state"], "finished")
        self.assertEqual(len(self.lines()), 1)

    def test_what_is_answered_by_a_problem_has_ended_the_session_all_the_same(self):
        session = self.start()
        self.passed(session, 1060, silent=1000)
        answer = self.call("POST", f"/api/focus-sessions/{session}/heartbeat", **{"Idempotency-Key": str(uuid.uuid4())})
        self.refused(answer, 409, "focus_session_ended")
        self.assertEqual(self.row(session, "state, credited_seconds"), "lapsed|60")

    def test_broken_off_it_counts_up_to_there_and_makes_room(self):
        session = self.start()
        self.passed(session, 300)
        ended = self.post(f"/{session}/interrupt")
        reward = ended["credited_seconds"] // 120
        self.assertEqual((ended["state"], ended["reward"]), ("interrupted", reward))
        self.assertEqual(self.finish(session)["state"], "interrupted")
        self.assertEqual(self.lines(), [(f"focus:{session}", reward)])
        self.assertEqual(self.call("GET", f"/api/focus-sessions/{self.start()}").json()["state"], "running")

    def test_one_that_is_as_long_as_may_be_ends_there(self):
        session = self.start(240)
        self.passed(session, 240 * 60 + 90, silent=30)
        self.refused(self.call("POST", f"/api/focus-sessions/{session}/heartbeat"), 409, "focus_session_ended")
        ended = self.call("GET", f"/api/focus-sessions/{session}").json()
        self.assertEqual((ended["state"], ended["credited_seconds"]), ("lapsed", 240 * 60))
        self.refused(self.call("POST", "/api/focus-sessions", {"planned_minutes": 241}), 422, "focus_too_long")

    def test_what_is_anothers_does_not_exist(self):
        session = self.start()
        stranger = self.person()[0]
        for method, path in [("GET", ""), ("POST", "/heartbeat"), ("POST", "/finish"), ("POST", "/interrupt")]:
            answer = self.call(method, f"/api/focus-sessions/{session}{path}", token=stranger)
            self.refused(answer, 404, "focus_session_not_found")
        self.assertEqual(self.call("GET", "/api/focus-sessions", token=stranger).json()["items"], [])
        self.assertEqual(self.row(session, "state"), "running")
        for method, path in [("GET", ""), ("GET", "/today"), ("GET", f"/{session}"), ("POST", ""), ("POST", "/offline"),
                             ("POST", "/heartbeat"), ("POST", f"/{session}/finish")]:
            self.assertEqual(self.nodes[0].call(method, f"/api/focus-sessions{path}", {}).status, 401, path)

    def test_what_makes_no_sense_is_named(self):
        for path, body, field in [("", {"planned_minutes": 0}, "planned_minutes"), ("", {}, "planned_minutes"),
                                  ("", {"planned_minutes": 1441}, "planned_minutes"),
                                  ("/heartbeat", {"id": 1, "interruptions": -1}, "interruptions"),
                                  ("/1/finish", {"interruptions": 10_001}, "interruptions"),
                                  ("/offline", {"client_id": "me", "started_at": "x", "ended_at": 1}, "client_id")]:
            answer = self.call("POST", f"/api/focus-sessions{path}", body)
            self.refused(answer, 422, "validation_failed")
            self.assertIn(field, [error["field"] for error in answer.json()["errors"]])

    def test_the_history_is_paged_and_filtered(self):
        ids = []
        for number in range(5):
            ids.insert(0, self.start())
            (self.post(f"/{ids[0]}/interrupt") if number % 2 else self.finish(ids[0]))
        ids.insert(0, self.start())
        seen, path = [], "/api/focus-sessions?limit=2"
        while path:
            page = self.call("GET", path).json()
            seen += [one["id"] for one in page["items"]]
            path = page["next"] and f"/api/focus-sessions?limit=2&cursor={page['next']}"
        self.assertEqual(seen, ids)
        for query, count in [("state=interrupted", 2), ("state=running", 1), ("is_offline=true", 0),
                             ("from=2100-01-01T00:00:00Z", 0), ("to=2100-01-01T00:00:00Z", 6)]:
            found = self.call("GET", f"/api/focus-sessions?{query}").json()["items"]
            self.assertEqual(len(found), count, query)
        self.refused(self.call("GET", "/api/focus-sessions?cursor=1&state=gone"), 422, "validation_failed")


class Silent(FocusNodes):
    def sweep(self):
        """Lets the job run now instead of within a minute."""
        self.sql("update job_schedules set next_at = now() where name = 'challenges/end_focus_sessions'")

    def test_the_job_ends_it_at_its_last_heartbeat_and_pays_once(self):
        session, before = self.start(), self.row
        self.passed(session, 1800, silent=1000)
        self.sweep()
        wait_until(lambda: before(session, "state") == "lapsed", 30, "the end of the silent session")
        self.assertEqual(self.row(session, "ended_at = last_heartbeat_at, credited_seconds, reward"), "t|800|6")
        self.assertEqual(self.lines(), [(f"focus:{session}", 6)])
        self.assertEqual(self.finish(session)["state"], "lapsed")
        self.assertEqual(self.lines(), [(f"focus:{session}", 6)])

    def test_the_job_leaves_alone_what_goes_on(self):
        session = self.start()
        self.passed(session, 1800, silent=800)
        token = self.token
        self.token, self.user_id = self.person()
        other = self.start()
        self.passed(other, 1800, silent=1000)
        self.sweep()
        wait_until(lambda: self.row(other, "state") == "lapsed", 30, "the end of the silent session")
        self.assertEqual(self.row(session, "state"), "running")
        self.token = token
        self.assertEqual(self.post(f"/{session}/heartbeat")["duration"], 1000 + 120)

    def test_one_that_can_not_be_paid_holds_up_no_other(self):
        stuck, poor = self.start(), self.user_id
        self.passed(stuck, 3600, silent=2000)
        self.sql(f"alter table purse_lines add constraint broken check (user_id <> '{poor}')")
        self.addCleanup(self.sql, "alter table purse_lines drop constraint if exists broken")
        self.token, self.user_id = self.person()
        other = self.start()
        self.passed(other, 1800, silent=1000)
        self.sweep()
        wait_until(lambda: self.row(other, "state") == "lapsed", 30, "the end of the other session")
        self.assertEqual(self.row(stuck, "state, credited_seconds is null"), "running|t")
        self.assertTrue(any('"event":"focus session not ended"' in node.output() for node in self.nodes))
        self.sql("alter table purse_lines drop constraint broken")
        self.sweep()
        wait_until(lambda: self.row(stuck, "state, credited_seconds") == "lapsed|1600", 30, "the end of the first")
        self.user_id = poor
        self.assertEqual(self.lines(), [(f"focus:{stuck}", 13)])

    def test_without_the_job_it_is_over_as_well(self):
        acts = [("heartbeat", lambda session: self.refused(
                    self.call("POST", f"/api/focus-sessions/{session}/heartbeat"), 409, "focus_session_ended")),
                ("finish", self.finish), ("start", lambda _: self.finish(self.start()))]
        for name, act in acts:
            session = self.start()
            self.passed(session, 1060, silent=1000)
            act(session)
            self.assertEqual(self.row(session, "state, credited_seconds"), "lapsed|60", name)
            # Room for the next: nothing may lie upon what these took up.
            self.sql(f"delete from focus_sessions where user_id = '{self.user_id}'")

    def test_it_makes_room_for_what_was_done_offline_since(self):
        session = self.start()
        self.passed(session, 1800, silent=1200)
        now = datetime.datetime.now(UTC)
        told = self.offline(now - datetime.timedelta(seconds=1000), now - datetime.timedelta(seconds=100))
        self.assertEqual(self.tell(told).status, 201)
        self.assertEqual(self.row(session, "state, credited_seconds"), "lapsed|600")


class Offline(FocusNodes):
    def test_it_is_flagged_and_paid_less(self):
        begin = self.an_hour_ago()
        answer = self.tell(self.offline(begin, begin + datetime.timedelta(minutes=40), interruptions=2))
        self.assertEqual(answer.status, 201, answer)
        told = answer.json()
        self.assertEqual((told["is_offline"], told["state"], told["duration"], told["credited_seconds"]),
                         (True, "finished", 2400, 2340))
        self.assertEqual((told["reward"], self.lines()), (9, [(f"focus:{told['id']}", 9)]))  # half of 19.5

    def test_the_factor_is_changed_while_the_servers_run(self):
        def shown():
            return {self.nodes[node].call("GET", "/api/config").json()["focus.offline_factor"] for node in (0, 1)}

        self.addCleanup(wait_until, lambda: shown() == {0.5}, 20, "the default on both nodes")
        self.addCleanup(self.sql, "delete from config where key = 'focus.offline_factor'")
        self.sql("insert into config (key, value) values ('focus.offline_factor', '1')")
        wait_until(lambda: shown() == {1}, 20, "the change on both nodes")
        begin = self.an_hour_ago()
        answer = self.tell(self.offline(begin, begin + datetime.timedelta(minutes=40)), node=1)
        self.assertEqual((answer.json()["reward"], self.lines()[0][1]), (20, 20), answer)

    def test_told_again_it_counts_once(self):
        begin = self.an_hour_ago()
        told = self.offline(begin, begin + datetime.timedelta(minutes=20))
        answers = self.at_once(20, lambda number: self.tell(told, node=number % 2))
        self.assertEqual({one.status for one in answers}, {201}, answers)
        self.assertEqual(len({one.body for one in answers}), 1)
        self.assertEqual(self.lines(), [(f"focus:{answers[0].json()['id']}", 5)])
        self.assertEqual(self.sql(f"select sum(credited_seconds) from focus_days where user_id = '{self.user_id}'"), "1200")
        changed = {**told, "interruptions": 1}
        self.refused(self.tell(changed), 409, "client_id_taken")

    def test_of_twenty_upon_each_other_the_database_takes_one(self):
        begin = self.an_hour_ago()

        def tell(number):
            at = begin + datetime.timedelta(seconds=number)
            return self.tell(self.offline(at, at + datetime.timedelta(minutes=20)), node=number % 2)

        answers = self.at_once(20, tell)
        self.assertEqual(sorted(one.status for one in answers), [201] + [409] * 19, answers)
        self.assertEqual({one.json()["code"] for one in answers if one.status == 409}, {"focus_overlaps"})
        self.assertEqual(len(self.lines()), 1)

    def test_it_may_touch_another_and_not_lie_upon_a_running_one(self):
        begin = self.an_hour_ago()
        middle, end = begin + datetime.timedelta(minutes=10), begin + datetime.timedelta(minutes=20)
        self.assertEqual([self.tell(self.offline(*pair)).status for pair in [(begin, middle), (middle, end)]], [201, 201])
        session = self.start()
        self.passed(session, 600)
        now = datetime.datetime.now(UTC)
        self.refused(self.tell(self.offline(now - datetime.timedelta(minutes=5), now - datetime.timedelta(minutes=1))),
                     409, "focus_overlaps")
        self.assertEqual(self.row(session, "state"), "running")

    def test_times_that_can_not_be_are_named(self):
        now, hour = datetime.datetime.now(UTC), datetime.timedelta(hours=1)
        for begin, end, field in [(now - hour, now + hour, "ended_at"), (now - hour, now - 2 * hour, "ended_at"),
                                  (now - hour, now - hour, "ended_at"), (now - 80 * hour, now - 79 * hour, "started_at"),
                                  (now - 6 * hour, now - hour, "ended_at")]:
            answer = self.tell(self.offline(begin, end))
            self.refused(answer, 422, "validation_failed")
            self.assertEqual([(one["field"], one["code"]) for one in answer.json()["errors"]], [(field, "range")])
        self.assertEqual(self.sql(f"select count(*) from focus_sessions where user_id = '{self.user_id}'"), "0")


class OfAttempts(FocusNodes):
    def attempt(self, kind="focus", slug="focus-warm-up"):
        """An attempt at ten minutes of focus."""
        offered = self.call("GET", f"/api/challenges?limit=100&type={kind}").json()["items"]
        challenge = next(one["id"] for one in offered if slug is None or one["slug"] == slug)
        begun = self.call("POST", "/api/challenges/start", {"challenge_id": challenge})
        self.assertEqual(begun.status, 201, begun)
        return begun.json()["id"]

    def attempt_passed(self, attempt, seconds):
        self.sql(f"update user_challenges set started_at = started_at - interval '{seconds} s' where id = {attempt}")

    def complete(self, attempt):
        return self.call("POST", "/api/user/challenges/complete", {"user_challenge_id": attempt})

    def test_credited_time_completes_it_and_only_the_attempt_pays(self):
        attempt = self.attempt()
        self.attempt_passed(attempt, 3600)
        session = self.start(10, user_challenge_id=attempt)
        self.refused(self.complete(attempt), 422, "focused_too_short")
        self.passed(session, 600)
        ended = self.finish(session)
        self.assertEqual((ended["reward"], ended["attempt"]["status"]), (0, "completed"))
        self.assertEqual(self.today()["credited_seconds"], ended["credited_seconds"])
        self.assertEqual(ended["user_challenge_id"], attempt)
        self.assertNotIn(f"focus:{session}", [source for source, _ in self.lines() + self.lines("energy")])
        again = self.finish(session, node=1)
        self.assertEqual(again["attempt"]["status"], "completed")
        self.refused(self.complete(attempt), 409, "already_completed")

    def test_elapsed_time_is_not_enough_and_sessions_add_up(self):
        attempt = self.attempt()
        self.attempt_passed(attempt, 7200)
        first = self.start(10, user_challenge_id=attempt)
        self.passed(first, 1500, silent=890)  # of 1500 seconds 610 + 120
        ended = self.post(f"/{first}/finish", {"interruptions": 10})
        self.assertEqual((ended["credited_seconds"], ended["attempt"]["status"]), (430, "pending"))
        self.sql(f"update focus_sessions set started_at = started_at - interval '1 h', ended_at = ended_at - interval "
                 f"'1 h', last_heartbeat_at = last_heartbeat_at - interval '1 h' where id = {first}")
        second = self.start(10, user_challenge_id=attempt)
        self.passed(second, 170)
        self.assertEqual(self.finish(second)["attempt"]["status"], "completed")

    def test_what_a_session_of_its_own_was_paid_for_does_not_count_again(self):
        session = self.start()
        attempt = self.attempt()
        self.attempt_passed(attempt, 700)
        self.passed(session, 500)
        self.assertGreater(self.finish(session)["reward"], 0)
        self.refused(self.complete(attempt), 422, "focused_too_short")  # 200 of the 700 seconds are left
        self.attempt_passed(attempt, 500)
        self.assertEqual(self.complete(attempt).status, 200)

    def test_only_an_open_one_of_its_person_and_of_the_type_is_taken(self):
        attempt, daily = self.attempt(), self.attempt("daily", None)
        body = {"planned_minutes": 10, "user_challenge_id": daily}
        self.refused(self.call("POST", "/api/focus-sessions", body), 409, "attempt_takes_no_focus")
        body["user_challenge_id"] = attempt
        stranger = self.person()[0]
        self.refused(self.call("POST", "/api/focus-sessions", body, token=stranger), 404, "attempt_not_found")
        self.sql(f"update user_challenges set status = 'failed' where id = {attempt}")
        self.refused(self.call("POST", "/api/focus-sessions", body), 409, "attempt_not_open")
        self.assertIsNone(self.today()["running"])

    def test_one_that_ended_meanwhile_keeps_no_session_open(self):
        attempt = self.attempt()
        session = self.start(10, user_challenge_id=attempt)
        self.passed(session, 600)
        self.sql(f"update user_challenges set status = 'failed', reason = 'given_up' where id = {attempt}")
        ended = self.finish(session)
        self.assertEqual((ended["state"], ended["attempt"]["status"]), ("finished", "failed"))


class WithLedger(FocusNodes):
    """With the real wallet and avatar."""

    settings = {"plugins.enabled": "auth,challenges,store,avatar"}

    def test_what_sessions_earn_is_in_the_ledger_once_and_feeds_the_avatar(self):
        fed = self.call("GET", "/api/avatar").json()["experience"]
        session = self.start()
        self.passed(session, 1200)
        ended = self.at_once(20, lambda number: self.finish(session, node=number % 2))[0]
        begin = datetime.datetime.now(UTC) - datetime.timedelta(hours=3)
        told = self.offline(begin, begin + datetime.timedelta(minutes=40))
        offline = self.at_once(10, lambda number: self.tell(told, node=number % 2))[0].json()
        self.assertEqual(offline["reward"], 10)
        paid = self.call("GET", "/api/store/transactions").json()["items"]
        self.assertEqual([(one["source"], one["amount"], one["reason"]) for one in paid],
                         [(f"focus:{offline['id']}", 10, "focus"), (f"focus:{session}", ended["reward"], "focus")])
        self.assertEqual(self.call("GET", "/api/store").json()["balance"], 10 + ended["reward"])
        experience = ended["credited_seconds"] // 60 + 20
        self.assertEqual(self.call("GET", "/api/avatar").json()["experience"], fed + experience)
        doctor = self.nodes[0].command("doctor", "ledger")
        self.assertEqual(doctor.returncode, 0, doctor.stdout + doctor.stderr)

    def test_what_the_job_ends_is_paid_as_well(self):
        session = self.start()
        self.passed(session, 1800, silent=1000)
        self.sql("update job_schedules set next_at = now() where name = 'challenges/end_focus_sessions'")
        wait_until(lambda: self.row(session, "state") == "lapsed", 30, "the end of the silent session")
        paid = self.call("GET", "/api/store/transactions").json()["items"]
        self.assertEqual([(one["source"], one["amount"]) for one in paid], [(f"focus:{session}", 6)])


class Alone(FocusNodes):
    """Without wallet and avatar, with a small cap."""

    settings = {"plugins.enabled": "auth,challenges", "focus.credited_minutes_per_day_max": 40}

    def midnight(self, zone):
        """The beginning of the person's present date."""
        self.assertEqual(self.call("PATCH", "/api/user/profile", {"time_zone": zone}).status, 200)
        begun = self.sql(f"select (date_trunc('day', now() at time zone '{zone}') at time zone '{zone}') "
                         "at time zone 'UTC'")
        return datetime.datetime.fromisoformat(begun).replace(tzinfo=UTC)

    def zone_where_it_is(self, hour):
        """One whose present date began so many hours ago."""
        ahead = (hour - datetime.datetime.now(UTC).hour) % 24
        ahead -= 24 if ahead > 14 else 0
        return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"  # "Etc/GMT-3" is three hours ahead

    def credited(self, begin, end):
        answer = self.tell(self.offline(begin, end))
        self.assertEqual(answer.status, 201, answer)
        return answer.json()["credited_seconds"] / 60

    def test_each_local_date_has_a_cap_of_its_own(self):
        midnight = self.midnight(self.zone_where_it_is(12))
        minute = datetime.timedelta(minutes=1)
        self.assertEqual(self.credited(midnight - 30 * minute, midnight + 30 * minute), 60)
        self.assertEqual(self.credited(midnight + 60 * minute, midnight + 80 * minute), 10)
        self.assertEqual(self.credited(midnight + 90 * minute, midnight + 100 * minute), 0)
        self.assertEqual(self.credited(midnight - 60 * minute, midnight - 40 * minute), 10)
        today = self.today()
        self.assertEqual((today["credited_seconds"], today["cap"]), (2400, 2400))
        self.assertEqual(self.sql(f"select string_agg(credited_seconds::text, ' ') from focus_days "
                                  f"where user_id = '{self.user_id}'"), "2400 2400")

    def test_the_date_is_of_the_persons_zone_and_not_of_another(self):
        midnight = self.midnight(self.zone_where_it_is(12))
        minute = datetime.timedelta(minutes=1)
        self.midnight(self.zone_where_it_is(6))
        self.assertEqual(self.credited(midnight - 30 * minute, midnight + 30 * minute), 40)

    def test_simultaneous_ones_stay_within_the_cap(self):
        begin = self.midnight(self.zone_where_it_is(12))

        def tell(number):
            at = begin + datetime.timedelta(minutes=10 * number)
            return self.tell(self.offline(at, at + datetime.timedelta(minutes=9)), node=number % 2)

        answers = self.at_once(20, tell)
        self.assertEqual({one.status for one in answers}, {201}, answers)
        self.assertEqual(sum(one.json()["credited_seconds"] for one in answers), 2400)
        self.assertEqual(self.today()["credited_seconds"], 2400)

    def test_it_is_told_and_goes_with_the_account(self):
        session = self.start()
        self.passed(session, 600)
        self.finish(session)
        told = self.call("GET", "/api/user/export").json()["data"]["challenges"]
        self.assertEqual([one["id"] for one in told["focus_sessions"]], [session])
        self.assertEqual([one["credited_seconds"] for one in told["focus_days"]],
                         [told["focus_sessions"][0]["credited_seconds"]])
        self.assertEqual(self.call("DELETE", "/api/user").status, 204)
        for table in ("focus_sessions", "focus_days"):
            self.assertEqual(self.sql(f"select count(*) from {table} where user_id = '{self.user_id}'"), "0", table)


if __name__ == "__main__":
    main()
