"""What keeps an attacker from guessing, flooding and finding out who has an account."""
import concurrent.futures

from harness import Postgres, RunningServer, main, new_email, wait_until
from mails import mails_in

PASSWORD = "media hora sin pantalla"
BCRYPT = "$2b$05$nmOcJSh/vm4N3RT/spGQZ.WpJzO./X8YpS1jUKmzXDuCFiwOXEt2O"  # of PASSWORD, by another program
PASSWORD_GRANT = "/auth/v1/token?grant_type=password"
CODED = {"X-Supabase-Api-Version": "2024-01-01"}


class Guarded(RunningServer):
    """A server that counts, behind a proxy that it trusts."""

    settings = {"auth.limits_enabled": "true", "http.trusted_proxies": "127.0.0.1"}

    def sign_in(self, email, password=PASSWORD, client="192.0.2.1"):
        return self.call("POST", PASSWORD_GRANT, {"email": email, "password": password},
                         headers={**CODED, "X-Forwarded-For": client})

    def sign_up(self, email, client="192.0.2.1", password=PASSWORD):
        return self.call("POST", "/auth/v1/signup", {"email": email, "password": password},
                         headers={**CODED, "X-Forwarded-For": client})


class Limits(Guarded):
    settings = {**Guarded.settings, "auth.sign_in_limit_per_account": 3, "auth.sign_in_limit_per_client": 8,
                "auth.sign_up_limit_per_client": 4, "auth.refresh_limit_per_client": 3,
                "auth.mail_limit_per_client": 3, "auth.verify_limit_per_client": 3, "auth.change_limit_per_account": 3}

    def assert_limited(self, answer, status=429):
        self.assertEqual((answer.status, answer.json()["code"]), (status, "over_request_rate_limit"), answer)
        self.assertTrue(1 <= int(answer.headers["Retry-After"]) <= 300, answer.headers)

    def test_guesses_at_one_account_end_wherever_they_come_from(self):
        known, unknown = new_email(), new_email()
        self.assertEqual(self.sign_up(known, "192.0.2.10").status, 200)
        for email in (known, unknown):
            for guess in range(3):
                self.assertEqual(self.sign_in(email, f"guess {guess}", f"198.51.100.{guess}").status, 400)
            self.assert_limited(self.sign_in(email, PASSWORD, "198.51.100.7"))
            self.assert_limited(self.sign_in(email.upper(), PASSWORD, "198.51.100.8"))

    def test_who_knows_the_password_is_never_limited(self):
        email = new_email()
        self.sign_up(email, "192.0.2.20")
        for _ in range(12):
            self.assertEqual(self.sign_in(email, client="192.0.2.20").status, 200)

    def test_guesses_from_one_client_end_whatever_the_account(self):
        for _ in range(8):
            self.assertEqual(self.sign_in(new_email(), client="192.0.2.30").status, 400)
        self.assert_limited(self.sign_in(new_email(), client="192.0.2.30"))
        self.assertEqual(self.sign_in(new_email(), client="192.0.2.31").status, 400)

    def test_a_whole_line_of_ipv6_is_one_client(self):
        for number in range(8):
            self.assertEqual(self.sign_in(new_email(), client=f"2001:db8:1:2::{number + 1}").status, 400)
        self.assert_limited(self.sign_in(new_email(), client="2001:db8:1:2:ffff::1"))
        self.assertEqual(self.sign_in(new_email(), client="2001:db8:1:3::1").status, 400)

    def test_sign_ups_of_one_client_end(self):
        for _ in range(4):
            self.assertEqual(self.sign_up(new_email(), "192.0.2.40").status, 200)
        self.assert_limited(self.sign_up(new_email(), "192.0.2.40"))

    def from_client(self, method, path, body, client, token=None):
        return self.call(method, path, body, token, {**CODED, "X-Forwarded-For": client})

    def test_mails_asked_for_by_one_client_end_whatever_the_address(self):
        for path in ("recover", "otp", "resend"):
            answer = self.from_client("POST", f"/auth/v1/{path}", {"email": new_email(), "type": "signup"}, "192.0.2.60")
            self.assertEqual(answer.status, 200, answer)
        self.assert_limited(self.from_client("POST", "/auth/v1/recover", {"email": new_email()}, "192.0.2.60"))

    def test_codes_guessed_by_one_client_end_whatever_the_address(self):
        guess = lambda: self.from_client("POST", "/auth/v1/verify", {  # noqa: E731
            "type": "email", "email": new_email(), "token": "000000"}, "192.0.2.70")
        self.assertEqual([guess().status for _ in range(3)], [403] * 3)
        self.assert_limited(guess())

    def test_an_account_is_no_probe_for_addresses(self):
        token = self.sign_up(new_email(), "192.0.2.80").json()["access_token"]
        probe = lambda: self.from_client("PUT", "/auth/v1/user", {"data": {"a": 1}}, "192.0.2.80", token)  # noqa: E731
        self.assertEqual([probe().status for _ in range(3)], [200] * 3)
        self.assert_limited(probe())

    def test_success_in_one_account_buys_no_guesses_at_others(self):
        own = new_email()
        self.sign_up(own, "192.0.2.90")
        for guess in range(8):
            self.assertEqual(self.sign_in(new_email(), "a guess", "192.0.2.91").status, 400)
            if guess < 7:
                self.assertEqual(self.sign_in(own, client="192.0.2.91").status, 200)
        self.assert_limited(self.sign_in(new_email(), "a guess", "192.0.2.91"))

    def test_too_many_refreshes_are_a_passing_fault_that_ends_no_session(self):
        token = self.sign_up(new_email(), "192.0.2.50").json()["refresh_token"]
        headers = {**CODED, "X-Forwarded-For": "192.0.2.50"}
        for _ in range(3):
            answer = self.call("POST", "/auth/v1/token?grant_type=refresh_token", {"refresh_token": token}, headers=headers)
            self.assertEqual(answer.status, 200, answer)
            token = answer.json()["refresh_token"]
        self.assert_limited(self.call("POST", "/auth/v1/token?grant_type=refresh_token", {"refresh_token": token},
                                      headers=headers), 503)


class WithoutAProxy(Guarded):
    settings = {"auth.limits_enabled": "true", "auth.sign_in_limit_per_client": 2}

    def test_what_a_client_says_of_its_own_address_is_not_believed(self):
        for number in range(2):
            self.assertEqual(self.sign_in(new_email(), client=f"192.0.2.{number}").status, 400)
        self.assertEqual(self.sign_in(new_email(), client="192.0.2.9").status, 429)


class Passwords(Guarded):
    @classmethod
    def setUpClass(cls):
        cls.database = Postgres()
        cls.addClassCleanup(cls.database.remove)
        cls.database.sql("create database calixo")
        cls.settings = {**Guarded.settings, "database.url": cls.database.url("calixo")}
        super().setUpClass()

    def test_common_ones_are_refused_by_name(self):
        answer = self.sign_up(new_email(), password="password123")
        self.assertEqual((answer.status, answer.json()["code"]), (422, "weak_password"))
        self.assertEqual(answer.json()["weak_password"], {"reasons": ["pwned"]})

    def test_a_hash_from_elsewhere_is_replaced_at_the_next_sign_in(self):
        email = new_email()
        self.sign_up(email)
        self.database.sql(f"update users set password_hash = '{BCRYPT}' where email = '{email}'", "calixo")
        self.assertEqual(self.sign_in(email, "another").status, 400)
        self.assertEqual(self.sign_in(email).status, 200)
        stored = self.database.sql(f"select password_hash from users where email = '{email}'", "calixo")
        self.assertTrue(stored.startswith("$argon2id$"), stored)
        self.assertEqual(self.sign_in(email).status, 200)


class Flood(Guarded):
    settings = {"auth.hashes_in_flight_max": 1, "auth.limits_enabled": "false", "auth.hashes_waiting_max": 4}

    def test_who_comes_too_late_is_told_to_come_back_and_others_are_served(self):
        email = new_email()
        self.sign_up(email)
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(lambda _: self.sign_in(email), range(40)))
            others = self.call("GET", "/auth/v1/health")
        self.assertEqual(others.status, 200)
        self.assertEqual({answer.status for answer in answers}, {200, 503})
        late = next(answer for answer in answers if answer.status == 503)
        self.assertEqual(late.json()["code"], "over_capacity")
        self.assertEqual(late.headers["Retry-After"], "1")

    def test_an_unknown_address_waits_in_the_same_queue(self):
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(lambda _: self.sign_in(new_email()), range(40)))
        self.assertEqual({answer.status for answer in answers}, {400, 503})


class FewHashesAtOnce(Guarded):
    settings = {"auth.hashes_in_flight_max": 1, "auth.limits_enabled": "false"}

    def test_other_work_on_the_worker_threads_does_not_queue_behind_a_flood(self):
        address, came = new_email(), []
        with concurrent.futures.ThreadPoolExecutor(60) as pool:
            for _ in range(60):
                pool.submit(lambda: came.append(self.sign_in(new_email()).status))
            wait_until(lambda: came, 30, "the first answer")
            self.call("POST", "/auth/v1/otp", {"email": address})  # whose mail is written by such a thread
            wait_until(lambda: mails_in(self.server.data / "mail", address), 60, "the mail")
            still_waiting = 60 - len(came)
        self.assertGreater(still_waiting, 15)
        self.assertEqual(set(came), {400})


if __name__ == "__main__":
    main()
