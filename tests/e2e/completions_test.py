"""What many people complete at the same time: in few transactions, each answered for itself, none the worse for one
that can't be among them."""
import concurrent.futures
import contextlib

from challenge_server import ChallengeServer
from harness import main, wait_until

PEOPLE = 40
ROUTE = 'calixo_http_route_in_flight{plugin="challenges",method="POST",route="/api/user/challenges/complete"}'


# A completion stands still while this table has a row: not by a lock, for which it would not wait long.
HOLDING = """
    create table test_holding (is_held boolean);
    create function test_hold() returns trigger language plpgsql security definer as $$
      begin
        while exists (select from public.test_holding) loop
          perform pg_sleep(0.01);
        end loop;
        return new;
      end $$;
    create trigger test_hold before insert on streaks for each row execute function test_hold()"""


class AtOnce(ChallengeServer):
    plugins = ("store", "avatar", "steps_type")
    more_settings = {"database.statement_deadline_ms": 60000}  # longer than a request's: nothing ends by it here

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database.sql(HOLDING)
        cls.people = [cls.new_person(cls) for _ in range(PEOPLE)]
        cls.pool = concurrent.futures.ThreadPoolExecutor(PEOPLE * 2)
        cls.addClassCleanup(cls.pool.shutdown)

    def begun(self, people, type_name="daily"):
        """An attempt of each, all at one new template; (token, user id, attempt) of each."""
        challenge = self.saved(type_name)
        return [(token, user_id, self.started(challenge, token)["id"]) for token, user_id in people]

    def wait_in_flight(self, count):
        wait_until(lambda: self.server.metric(ROUTE) == count, 30, f"{count} completions that wait")

    @contextlib.contextmanager
    def completing_held(self):
        """The first that comes waits in the database, the others for it."""
        self.database.sql("insert into test_holding values (true)")
        try:
            yield
        finally:
            self.database.sql("delete from test_holding")

    def sent(self, attempts, proof=None):
        return [self.pool.submit(self.complete, attempt, token, proof) for token, _, attempt in attempts]

    def sent_together(self, first, *groups):
        """Answers to the first, which keeps the others waiting, and to those."""
        with self.completing_held():
            answers = [self.sent(first)]
            self.wait_in_flight(len(first))
            for group in groups:
                answers.append(self.sent(group))
            self.wait_in_flight(sum(len(group) for group in (first, *groups)))
        return [[one.result() for one in group] for group in answers]

    def transactions_of(self, attempts):
        ids = ",".join(str(attempt) for *_, attempt in attempts)
        return int(self.database.sql(f"select count(distinct xmin::text) from user_challenges where id in ({ids})"))

    def brought_about(self, user_id, attempt):
        """What a completion leaves: postings, feedings, events."""
        source = f"attempt:{attempt}"
        return self.database.sql(
            f"select (select string_agg(amount::text, ',') from transactions where user_id = '{user_id}' "
            f"        and source = '{source}'), "
            f"(select string_agg(energy || '/' || experience, ',') from avatar_feedings "
            f"  where user_id = '{user_id}' and source = '{source}'), "
            f"(select count(*) from outbox_events where topic = 'challenge.completed' and key = '{user_id}' "
            f"  and payload->>'attempt_id' = '{attempt}')")

    def assert_completed(self, attempts):
        for _, user_id, attempt in attempts:
            self.assertEqual(self.row(attempt, "status, reward, is_paid"), "completed|21|t")
            self.assertEqual(self.brought_about(user_id, attempt), "21|10/20|1")

    def statuses(self, answers):
        return sorted(answer.status for answer in answers)

    def test_they_share_transactions(self):
        attempts = self.begun(self.people)
        first, others = self.sent_together(attempts[:1], attempts[1:])
        self.assertEqual(self.statuses(first + others), [200] * PEOPLE)
        self.assertEqual([one.json()["id"] for one in first + others], [attempt for *_, attempt in attempts])
        self.assertLess(self.transactions_of(attempts), PEOPLE / 4)
        self.assert_completed(attempts)

    def test_one_whose_day_is_full_is_told_so_alone(self):
        full, *others = self.people[:6]
        busy = [*self.begun([full]), *self.begun([full])]
        attempts = self.begun(others)
        self.assertEqual(self.statuses(one.result() for one in self.sent(busy[:1])), [200])
        self.set_key("completions_per_day_max", 1)
        self.database.sql("update streaks set completions_until = null where user_id in "
                          f"({','.join(repr(user_id) for _, user_id in others)})")
        first, (refused,), rest = self.sent_together(attempts[:1], busy[1:], attempts[1:])
        self.assertEqual((refused.status, refused.json()["code"]), (429, "completions_per_day_exceeded"))
        self.assertGreater(int(refused.headers["Retry-After"]), 0)
        self.assertEqual(self.statuses(first + rest), [200] * 5)
        self.assert_completed(attempts)
        self.assertEqual(self.row(busy[1][2], "status"), "pending")

    def test_one_that_the_ledger_refuses_fails_alone(self):
        newcomer = self.new_person()
        attempts, refused = self.begun(self.people[:6]), self.begun([newcomer])
        self.database.sql(f"alter table ledger_accounts add constraint test_refusal check (user_id <> '{newcomer[1]}')")
        self.addCleanup(self.database.sql, "alter table ledger_accounts drop constraint test_refusal")
        first, (failed,), rest = self.sent_together(attempts[:1], refused, attempts[1:])
        self.assertEqual(failed.status, 500)
        self.assertEqual(self.statuses(first + rest), [200] * 6)
        self.assert_completed(attempts)
        self.assertEqual(self.row(refused[0][2], "status"), "pending")

    def test_somebody_whose_row_another_keeps_is_waited_for_by_nobody_else(self):
        (token, user_id), *others = self.people[:6]
        self.completed(self.saved("daily"), token)  # there is a row to keep
        kept, attempts = self.begun([(token, user_id)]), self.begun(others)
        with self.row_held(f"user_id = '{user_id}'", "streaks"):
            waiting, = self.sent(kept)
            self.wait_in_flight(1)
            self.assertEqual(self.statuses(one.result() for one in self.sent(attempts)), [200] * 5)
            self.assertFalse(waiting.done())
        self.assertEqual(waiting.result().status, 200)
        self.assert_completed([*kept, *attempts])

    def test_a_second_click_and_a_second_attempt_of_one_person(self):
        holder, person = self.people[:2]
        one, other = self.begun([person])[0], self.begun([person])[0]
        _, clicks, (second,) = self.sent_together(self.begun([holder]), [one, one, one], [other])
        self.assertEqual(self.statuses(clicks), [200, 409, 409])
        self.assertEqual({click.json().get("code") for click in clicks if click.status == 409}, {"already_completed"})
        self.assertEqual(second.status, 200)
        self.assert_completed([one, other])

    def test_what_changed_since_it_was_judged_is_judged_again(self):
        holder, person = self.people[:2]
        before = self.begun([holder])
        attempts = [*self.begun([person], "steps"), *self.begun([person], "steps")]
        with self.completing_held():
            first = self.sent(before)
            self.wait_in_flight(1)
            judged = self.sent(attempts)
            self.wait_in_flight(3)
            token, _, attempt = attempts[0]
            answer = self.call("POST", "/api/user/challenges/progress",
                               {"user_challenge_id": attempt, "progress": {"steps": 9}}, token)
            self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.statuses(one.result() for one in first), [200])
        refused, done = (one.result() for one in judged)
        self.assertEqual((refused.status, refused.json()["code"], done.status), (422, "too_many_steps", 200))
        self.assertEqual(self.row(attempts[0][2], "status, state"), 'pending|{"steps": 9}')
        self.assertEqual(self.row(attempts[1][2], "status, state"), 'completed|{"steps": 1}')

    def test_a_type_that_looks_into_the_database_although_it_said_not_to_has_failed(self):
        (token, _, attempt), = self.begun(self.people[:1], "steps")
        answer = self.complete(attempt, token, {"peeks": True})
        self.assertEqual((answer.status, answer.json()["code"]), (500, "challenge_type_failed"))
        self.assertEqual(self.complete(attempt, token).status, 200)
        self.assert_completed([(token, self.people[0][1], attempt)])


if __name__ == "__main__":
    main()
