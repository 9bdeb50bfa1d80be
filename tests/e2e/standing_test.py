"""What changes about a caller holds at the next request on every node, long before its token ends."""
import threading

from auth_nodes import AuthNodes
from harness import main, wait_until

PROFILE = "/api/user/profile"


class Standing(AuthNodes):
    def test_a_sign_out_holds_here_at_once_and_elsewhere_within_a_second(self):
        session = self.sign_up()
        token = session["access_token"]
        self.assertEqual(self.status(0, "/auth/v1/logout", token, "POST"), 204)
        self.assertEqual(self.status(0, PROFILE, token), 401)  # no waiting where it was asked for
        self.assert_at_once(lambda node: self.status(node, PROFILE, token) == 401, "the sign-out")
        answer = self.nodes[1].call("GET", "/auth/v1/user", token=token,
                                    headers={"X-Supabase-Api-Version": "2024-01-01"})
        self.assertEqual((answer.status, answer.json()["code"]), (403, "session_not_found"))
        self.assertEqual(self.nodes[1].call("GET", PROFILE, token=token).json()["code"], "session_not_found")

    def test_only_the_sessions_that_were_meant_end(self):
        session = self.sign_up()
        email = session["user"]["email"]
        other = self.nodes[1].call("POST", "/auth/v1/token?grant_type=password",
                                   {"email": email, "password": "correct horse battery"}).json()
        stranger = self.sign_up(1)
        self.assertEqual(self.status(0, "/auth/v1/logout?scope=others", session["access_token"], "POST"), 204)
        self.assert_at_once(lambda node: self.status(node, PROFILE, other["access_token"]) == 401, "others")
        for node in range(self.count):
            self.assertEqual(self.status(node, PROFILE, session["access_token"]), 200)
            self.assertEqual(self.status(node, PROFILE, stranger["access_token"]), 200)

    def test_whoever_writes_to_the_database_is_heard(self):
        session = self.sign_up()
        self.sql(f"delete from sessions where user_id = '{session['user']['id']}'")
        self.assert_at_once(lambda node: self.status(node, PROFILE, session["access_token"]) == 401, "the deletion")

    def test_a_ban_and_its_end_hold_at_once(self):
        session = self.sign_up()
        user = f"where id = '{session['user']['id']}'"
        self.sql(f"update users set banned_until = now() + interval '1 hour' {user}")
        self.assert_at_once(lambda node: self.status(node, PROFILE, session["access_token"]) == 401, "the ban")
        self.sql(f"update users set banned_until = null {user}")
        self.assert_at_once(lambda node: self.status(node, PROFILE, session["access_token"]) == 200, "its end")
        self.sql(f"update users set banned_until = now() + interval '2 seconds' {user}")
        self.assert_at_once(lambda node: self.status(node, PROFILE, session["access_token"]) == 401, "a short ban")
        wait_until(lambda: self.status(1, PROFILE, session["access_token"]) == 200, 10, "the short ban's end")

    def test_an_erased_account_is_refused_at_once(self):
        session = self.sign_up()
        self.sql(f"delete from users where id = '{session['user']['id']}'")
        self.assert_at_once(lambda node: self.status(node, PROFILE, session["access_token"]) == 401, "the erasure")

    def test_a_role_holds_at_once_with_the_old_token(self):
        session = self.sign_up()
        person, token = session["user"]["id"], session["access_token"]
        self.assertEqual(self.status(0, "/api/admin/users", token), 403)
        for role, seen in (("ADMIN", 200), ("MODERATOR", 200)):
            self.sql(f"insert into admin_users values ('{person}', '{role}')"
                     f" on conflict (user_id) do update set role = '{role}'")
            self.assert_at_once(lambda node: self.status(node, "/api/admin/users", token) == seen, role)
        self.assertEqual(self.status(0, f"/api/admin/users/{person}/unban", token, "POST"), 403)  # a moderator's
        self.sql(f"delete from admin_users where user_id = '{person}'")
        self.assert_at_once(lambda node: self.status(node, "/api/admin/users", token) == 403, "the dismissal")

    def test_a_node_that_starts_later_knows_what_changed_before(self):
        session = self.sign_up()
        self.sql(f"delete from sessions where user_id = '{session['user']['id']}'")
        self.nodes[1].stop()
        self.nodes[1].start()
        self.assertEqual(self.status(1, PROFILE, session["access_token"]), 401)

    def test_a_change_that_commits_late_is_not_overlooked(self):
        """Ids are given before the commit: a reader that goes on after the highest would miss one."""
        slow, quick = self.sign_up(), self.sign_up()
        script = (f"begin; delete from sessions where user_id = '{slow['user']['id']}'; select pg_sleep(1.5); commit;")
        late = threading.Thread(target=lambda: self.sql(script))
        late.start()
        wait_until(lambda: self.sql("select count(*) from pg_stat_activity where query like 'begin; delete%'"
                                    " and state = 'active' and wait_event = 'PgSleep'") == "1", 5, "the open one")
        self.sql(f"delete from sessions where user_id = '{quick['user']['id']}'")
        self.assert_at_once(lambda node: self.status(node, PROFILE, quick["access_token"]) == 401, "the quick one")
        self.assertEqual(self.status(0, PROFILE, slow["access_token"]), 200)
        late.join()
        self.assert_at_once(lambda node: self.status(node, PROFILE, slow["access_token"]) == 401, "the slow one")


class WithoutSignals(AuthNodes):
    settings = {**AuthNodes.settings, "events.poll_interval_ms": 1000}

    def test_a_node_without_its_listening_connection_catches_up(self):
        session = self.sign_up()
        killing = threading.Event()

        def keep_killing():
            while not killing.wait(0.02):
                self.sql("select pg_terminate_backend(pid) from pg_stat_activity"
                         " where application_name = 'calixo listen'")

        killer = threading.Thread(target=keep_killing)
        killer.start()
        try:
            wait_until(lambda: self.sql("select count(*) from pg_stat_activity where application_name ="
                                        " 'calixo listen'") == "0", 10, "the ears' loss")
            self.sql(f"delete from sessions where user_id = '{session['user']['id']}'")
            for node in range(self.count):
                wait_until(lambda node=node: self.status(node, PROFILE, session["access_token"]) == 401, 10, "the poll")
        finally:
            killing.set()
            killer.join()
        later = self.sign_up()
        wait_until(lambda: self.sql("select count(*) from pg_stat_activity where application_name ="
                                    " 'calixo listen'") == "2", 20, "the ears' return")
        self.sql(f"delete from sessions where user_id = '{later['user']['id']}'")
        self.assert_at_once(lambda node: self.status(node, PROFILE, later["access_token"]) == 401, "after the return")


class WithoutBeingTold(AuthNodes):
    """No signal comes and nothing is polled for: only what a request does itself can end a token here."""

    count = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for trigger in ("auth_note_ended_sessions", "auth_note_role", "auth_note_account"):
            source = cls.database.sql(f"select pg_get_functiondef('{trigger}'::regproc)", "calixo")
            assert "perform pg_notify" in source
            cls.database.sql(source.replace("perform pg_notify", "perform concat"), "calixo")

    def test_who_ends_their_own_session_or_account_has_ended_it_at_the_next_request(self):
        for method, path in (("POST", "/auth/v1/logout?scope=local"), ("DELETE", "/api/user")):
            token = self.sign_up()["access_token"]
            self.assertEqual(self.status(0, PROFILE, token), 200)
            self.assertEqual(self.status(0, path, token, method), 204)
            self.assertEqual(self.status(0, PROFILE, token), 401, path)


if __name__ == "__main__":
    main()
