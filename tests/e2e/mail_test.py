"""Mails and one-time tokens: what the unmodified npm clients see, and what stays behind nowhere."""
import re
import shutil
import subprocess
import unittest
import urllib.parse

from harness import BUILD, NODE, ROOT, Calixo, Postgres, main, make_folder, new_email, wait_until
from mails import at_once, mails_in, secrets_in

CLIENTS = ["@supabase/supabase-js", "supabase-js-newest"]
SETTINGS = {"auth.autoconfirm": "false", "auth.mail_interval_s": 0, "auth.site_url": "http://127.0.0.1:3999",
            "log.level": "debug"}


class MailServer(unittest.TestCase):
    """A server that writes its mails into files, on a PostgreSQL that can be looked into."""

    settings = SETTINGS

    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.remove)
        cls.server = Calixo(BUILD, {"database.url": cls.postgres.url(), **cls.settings})
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()
        cls.mails = cls.server.data / "mail"

    def call(self, method, path, body=None, token=None, headers=None):
        return self.server.call(method, f"/auth/v1{path}", body, token, headers)

    def nth_mail(self, address, number=1):
        """The mail to this address that came as that one."""
        return wait_until(lambda: mails_in(self.mails, address)[number - 1:], 15, f"mail {number} to an address")[0]

    def signed_up(self, address=None, headers=None, password="correct horse battery"):
        """The first session of a new, confirmed account."""
        address = address or new_email()
        self.assertEqual(self.call("POST", "/signup", {"email": address, "password": password}, headers=headers).status, 200)
        code = self.nth_mail(address).code
        session = self.call("POST", "/verify", {"type": "signup", "email": address, "token": code})
        self.assertEqual(session.status, 200, session)
        return session.json()

    def sign_in(self, address, password="correct horse battery"):
        return self.call("POST", "/token?grant_type=password", {"email": address, "password": password})

    def sql(self, text):
        return self.postgres.sql(text)

    def run_scenario(self, name, clients=CLIENTS):
        for client in clients:
            with self.subTest(client=client):
                done = subprocess.run(
                    ["node", str(ROOT / "tests/e2e/mail_scenario.mjs"), str(NODE), client,
                     f"http://127.0.0.1:{self.server.port}", str(self.mails), name],
                    capture_output=True, text=True, timeout=120, check=False)
                self.assertEqual((done.returncode, done.stdout.strip()), (0, "done"),
                                 done.stderr[-3000:] + self.server.output()[-1500:])


class ThroughTheClients(MailServer):
    def test_a_sign_up_is_confirmed_by_its_code(self):
        self.run_scenario("signUpIsConfirmedByCode")

    def test_a_sign_up_is_confirmed_by_its_link(self):
        self.run_scenario("signUpIsConfirmedByLink")

    def test_a_client_with_a_challenge_gets_a_code(self):
        self.run_scenario("pkceLeadsToACode")

    def test_a_one_time_password_makes_an_account_and_signs_in(self):
        self.run_scenario("otpMakesAccountsAndSignsIn")

    def test_a_recovery_changes_the_password_and_ends_the_other_sessions(self):
        self.run_scenario("recoveryChangesThePassword")

    def test_a_resent_mail_takes_the_place_of_the_first(self):
        self.run_scenario("resendSendsAFreshToken")

    def test_an_address_is_changed_once_both_have_confirmed(self):
        self.run_scenario("theAddressIsChangedOnceBothConfirm")

    def test_a_taken_address_is_refused(self):
        self.run_scenario("aTakenAddressIsRefused")

    def test_data_is_merged(self):
        self.run_scenario("dataIsMerged")

    def test_five_wrong_codes_void_the_right_one(self):
        self.run_scenario("fiveWrongCodesVoidTheRightOne")



class Tokens(MailServer):
    def test_of_simultaneous_verifications_one_succeeds(self):
        address = new_email()
        self.call("POST", "/otp", {"email": address})
        mail = self.nth_mail(address)
        by_code = {"type": "email", "email": address, "token": mail.code}
        by_token = {"type": "email", "token_hash": mail.token}
        answers = at_once([lambda body=body: self.call("POST", "/verify", body) for body in [by_code, by_token] * 6])
        self.assertEqual(sorted(one.status for one in answers), [200] + [403] * 11)

    def test_simultaneous_wrong_codes_are_each_counted(self):
        address = new_email()
        self.call("POST", "/otp", {"email": address})
        code = self.nth_mail(address).code
        wrong = [f"{(int(code) + n) % 1000000:06}" for n in range(1, 6)]
        at_once([lambda c=c: self.call("POST", "/verify", {"type": "email", "email": address, "token": c}) for c in wrong])
        late = self.call("POST", "/verify", {"type": "email", "email": address, "token": code})
        self.assertEqual((late.status, late.json()["error_code"]), (403, "otp_expired"))

    def test_a_token_ends_with_its_time(self):
        address = new_email()
        self.call("POST", "/recover", {"email": self.signed_up(address)["user"]["email"]})
        mail = self.nth_mail(address, 2)
        self.sql(f"update one_time_tokens set expires_at = now() where email = '{address}'")
        for body in ({"type": "recovery", "token_hash": mail.token},
                     {"type": "recovery", "email": address, "token": mail.code}):
            self.assertEqual(self.call("POST", "/verify", body).json()["error_code"], "otp_expired")

    def test_a_token_is_of_its_purpose_alone(self):
        address = new_email()
        self.signed_up(address)
        self.call("POST", "/recover", {"email": address})
        mail = self.nth_mail(address, 2)
        for kind in ("signup", "magiclink", "email", "invite", "email_change"):
            self.assertEqual(self.call("POST", "/verify", {"type": kind, "token_hash": mail.token}).status, 403, kind)
            self.assertEqual(self.call("POST", "/verify", {"type": kind, "email": address, "token": mail.code}).status, 403)
        self.assertEqual(self.call("POST", "/verify", {"type": "sms", "token_hash": mail.token}).status, 400)
        self.assertEqual(self.call("POST", "/verify", {"type": "recovery", "token_hash": mail.token}).status, 200)

    def test_bad_requests_are_refused(self):
        for path, body in [("/otp", {}), ("/otp", {"email": "nobody"}), ("/recover", {"email": "a@b"}),
                           ("/resend", {"email": "a@b.org"}), ("/resend", {"email": "a@b.org", "type": "recovery"}),
                           ("/verify", {}), ("/verify", {"type": "signup"}), ("/verify", {"token_hash": "x" * 50}),
                           ("/otp", {"email": "a@b.org", "data": [1]}),
                           ("/otp", {"email": "a@b.org", "code_challenge": "short", "code_challenge_method": "s256"})]:
            answer = self.call("POST", path, body)
            self.assertEqual((answer.status, answer.json()["error_code"]), (400, "validation_failed"), (path, body))
        huge = self.call("POST", "/verify", {"type": "signup", "token_hash": "x" * 100_000})
        self.assertEqual(huge.status, 403)
        for query, code in (("", "validation_failed"), ("?type=sms&token=x", "validation_failed"),
                            ("?type=signup", "otp_expired"), ("?type=signup&token=x", "otp_expired")):
            answer = self.call("GET", "/verify" + query)
            self.assertEqual(answer.status, 303)
            self.assertIn(f"http://127.0.0.1:3999#error=access_denied&error_code={code}&", answer.headers["Location"])
        self.assertEqual(self.call("PUT", "/user", {"data": {}}).status, 401)

    def test_links_lead_to_allowed_places_only(self):
        address = new_email()
        self.call("POST", "/otp?redirect_to=https%3A%2F%2Fevil.example%2F", {"email": address})
        mail = self.nth_mail(address)
        self.assertEqual(mail.query["redirect_to"], "http://127.0.0.1:3999")
        forged = "/verify?" + urllib.parse.urlencode({**mail.query, "redirect_to": "https://evil.example/"})
        answer = self.call("GET", forged)
        self.assertEqual(answer.status, 303)
        self.assertTrue(answer.headers["Location"].startswith("http://127.0.0.1:3999#access_token="), answer)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_password_that_was_set_before_the_proof_does_not_outlive_it(self):
        address = new_email()
        self.call("POST", "/signup", {"email": address, "password": "chosen by a stranger"})
        self.nth_mail(address)
        self.call("POST", "/otp", {"email": address})
        mail = self.nth_mail(address, 2)
        self.assertEqual(self.call("POST", "/verify", {"type": "email", "email": address, "token": mail.code}).status, 200)
        self.assertEqual(self.sign_in(address, "chosen by a stranger").status, 400)

    def test_the_last_sign_up_of_an_unconfirmed_address_counts(self):
        address = new_email()
        self.call("POST", "/signup", {"email": address, "password": "chosen by a stranger"})
        self.nth_mail(address)
        again = self.call("POST", "/signup", {"email": address, "password": "chosen by the owner"})
        self.assertEqual(again.status, 200)
        body = {"type": "signup", "token_hash": self.nth_mail(address, 2).token}
        self.assertEqual(self.call("POST", "/verify", body).status, 200)
        self.assertEqual(self.sign_in(address, "chosen by a stranger").status, 400)
        self.assertEqual(self.sign_in(address, "chosen by the owner").status, 200)
        self.call("POST", "/signup", {"email": address, "password": "too late for that"})
        self.assertEqual(self.sign_in(address, "chosen by the owner").status, 200)

    def test_a_banned_account_gets_no_mail_and_no_session(self):
        address = new_email()
        self.signed_up(address)
        self.call("POST", "/otp", {"email": address})
        mail = self.nth_mail(address, 2)
        self.sql(f"update users set banned_until = now() + interval '1 day' where email = '{address}'")
        answer = self.call("GET", "/verify?" + urllib.parse.urlencode(mail.query))
        self.assertIn("error_code=user_banned", answer.headers["Location"])
        self.call("POST", "/recover", {"email": address})
        wait_until(lambda: self.sql("select count(*) from jobs where state = 'pending' and name like '%send_mail'") == "0",
                   15, "the end of the job")
        self.assertEqual(len(mails_in(self.mails, address)), 2)

    def test_another_wish_voids_the_confirmations_of_the_first(self):
        address, first, second = new_email(), new_email(), new_email()
        token = self.signed_up(address)["access_token"]
        self.assertEqual(self.call("PUT", "/user", {"email": first}, token).status, 200)
        old, new = self.nth_mail(address, 2), self.nth_mail(first)
        self.assertEqual(self.call("PUT", "/user", {"email": second}, token).status, 200)
        for mail in (old, new):
            self.assertEqual(self.call("POST", "/verify", {"type": "email_change", "token_hash": mail.token}).status, 403)
        mails = [self.nth_mail(second), self.nth_mail(address, 3)]
        answers = at_once([lambda m=m: self.call("POST", "/verify", {"type": "email_change", "token_hash": m.token})
                           for m in mails])
        self.assertEqual([one.status for one in answers], [200, 200])
        self.assertEqual(sorted("access_token" in one.json() for one in answers), [False, True])
        self.assertEqual(self.sign_in(second).status, 200)

    def test_of_several_changes_all_take_effect_or_none(self):
        taken, session = self.signed_up()["user"]["email"], self.signed_up()
        address, token = session["user"]["email"], session["access_token"]
        for wrong in ({"email": taken}, {"email": "nobody"}, {"password": "x"}):
            body = {"password": "another long secret", "data": {"colour": "green"}, **wrong}
            self.assertIn(self.call("PUT", "/user", body, token).status, (400, 422))
            self.assertNotIn("colour", self.call("GET", "/user", token=token).json()["user_metadata"])
        self.assertEqual(self.sign_in(address).status, 200)
        whole = self.call("PUT", "/user", {**body, "password": "another long secret", "email": new_email()}, token).json()
        self.assertEqual(whole["user_metadata"]["colour"], "green")
        self.assertTrue(whole["new_email"])
        self.assertEqual(self.sign_in(address, "another long secret").status, 200)

    def test_a_new_password_ends_a_change_of_address_that_waits(self):
        session, wanted = self.signed_up(), new_email()
        address, token = session["user"]["email"], session["access_token"]
        self.call("PUT", "/user", {"email": wanted}, token)
        mails = [self.nth_mail(wanted), self.nth_mail(address, 2)]
        changed = self.call("PUT", "/user", {"password": "another long secret"}, token)
        self.assertEqual((changed.status, changed.json()["new_email"]), (200, None))
        for mail in mails:
            self.assertEqual(self.call("POST", "/verify", {"type": "email_change", "token_hash": mail.token}).status, 403)
        self.assertEqual(self.sign_in(address, "another long secret").status, 200)

    def test_an_anonymous_account_becomes_permanent_by_confirming_an_address(self):
        session, wanted = self.signed_up(), new_email()
        owner = session["user"]["id"]
        self.sql(f"update users set email = null, is_anonymous = true where id = '{owner}'; "
                 f"delete from identities where user_id = '{owner}'")
        self.assertEqual(self.call("PUT", "/user", {"email": wanted}, session["access_token"]).status, 200)
        body = {"type": "email_change", "email": wanted, "token": self.nth_mail(wanted).code}
        user = self.call("POST", "/verify", body).json()["user"]
        self.assertEqual((user["id"], user["email"], user["is_anonymous"]), (owner, wanted, False))
        self.assertEqual([one["identity_data"]["email"] for one in user["identities"]], [wanted])

    def test_whoever_looks_at_a_link_first_leaves_it_good(self):
        address = new_email()
        self.call("POST", "/otp", {"email": address})
        path = "/verify?" + urllib.parse.urlencode(self.nth_mail(address).query)
        self.call("HEAD", path)
        self.assertIn("access_token=", self.call("GET", path).headers["Location"])

    def test_a_second_node_sends_and_verifies_as_well(self):
        other = Calixo(BUILD, {"database.url": self.postgres.url(), **self.settings, "auth.mail_folder": self.mails})
        self.addCleanup(other.remove)
        other.start()
        addresses = [new_email() for _ in range(12)]
        nodes = [self.server, other]
        at_once([lambda n=n: nodes[n % 2].call("POST", "/auth/v1/otp", {"email": addresses[n]}) for n in range(12)])
        for n, address in enumerate(addresses):
            body = {"type": "email", "email": address, "token": self.nth_mail(address).code}
            self.assertEqual(nodes[(n + 1) % 2].call("POST", "/auth/v1/verify", body).status, 200)
            self.assertEqual(len(mails_in(self.mails, address)), 1)

    def test_an_address_that_was_taken_meanwhile_is_refused(self):
        wanted = new_email()
        session = self.signed_up()
        self.assertEqual(self.call("PUT", "/user", {"email": wanted}, session["access_token"]).status, 200)
        current, new = self.nth_mail(session["user"]["email"], 2), self.nth_mail(wanted)
        self.sql(f"insert into users (email) values ('{wanted}')")
        self.call("POST", "/verify", {"type": "email_change", "token_hash": current.token})
        answer = self.call("GET", "/verify?" + urllib.parse.urlencode(new.query))
        self.assertIn("error_code=email_exists", answer.headers["Location"])

    def test_mails_speak_the_language_of_their_account(self):
        for language, word in (("es", "Confirma tu correo"), ("en", "Confirm your e-mail address")):
            address = new_email()
            self.signed_up(address, {"Accept-Language": language})
            self.call("POST", "/recover", {"email": address}, headers={"Accept-Language": "es, en"})
            self.assertEqual(self.nth_mail(address).subject, word)
        self.assertEqual(self.nth_mail(address, 2).subject, "Choose a new password")


class NothingStaysBehind(MailServer):
    def test_no_token_code_or_password_is_at_rest_or_in_the_log(self):
        address = new_email()
        secrets = {"correct horse battery"}
        session = self.signed_up(address)
        self.call("POST", "/recover", {"email": address})
        self.call("GET", "/reauthenticate", token=session["access_token"])
        self.call("PUT", "/user", {"email": new_email()}, session["access_token"])
        self.nth_mail(address, 4)
        wait_until(lambda: len(mails_in(self.mails)) == 5, 15, "five mails")
        for mail in mails_in(self.mails):
            secrets |= {mail.code} | ({mail.token, mail.link} if mail.link else set())
        secrets |= {session["refresh_token"], session["access_token"]}
        recovery = next(mail for mail in mails_in(self.mails, address) if mail.query.get("type") == "recovery")
        location = self.call("GET", "/verify?" + urllib.parse.urlencode(recovery.query)).headers["Location"]
        fragment = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).fragment))
        secrets |= {fragment["refresh_token"], fragment["access_token"]}
        self.call("GET", "/verify?" + urllib.parse.urlencode({**recovery.query, "token": "x" * 43}))
        dump = subprocess.run([f"{self.postgres.bin}/pg_dump", "--data-only", "--inserts", self.postgres.url()],
                              capture_output=True, text=True, check=True).stdout
        self.assertIn(address, dump)
        told = [line for line in self.server.output().splitlines() if not line.startswith("Mail in ")]
        self.assertTrue(any('"mail waits in a file"' in line for line in told))
        for place, text in (("tables", dump), ("log", "\n".join(told))):
            self.assertEqual(secrets_in(text, secrets), [], place)
        self.assertNotIn(address, "\n".join(told))
        self.assertNotIn("$argon2", "\n".join(told))
        self.assertEqual({oct(file.stat().st_mode & 0o777) for file in self.mails.glob("*.eml")}, {"0o600"})


class Limits(MailServer):
    """With the interval between mails as it is by default."""

    settings = {key: value for key, value in SETTINGS.items() if key != "auth.mail_interval_s"}

    def test_mails_are_limited_by_address_and_purpose(self):
        self.run_scenario("mailsAreLimitedByAddressAndPurpose")

    def test_known_and_unknown_addresses_are_told_apart_by_nothing(self):
        known = new_email()
        self.signed_up(known)
        calls = [("/otp", {"create_user": False}), ("/recover", {}), ("/resend", {"type": "signup"}),
                 ("/resend", {"type": "email_change"}), ("/signup", {"password": "correct horse battery"})]
        for path, body in calls:
            seen = []
            self.sql("delete from mail_orders")  # /resend and /signup are of one purpose
            for address in (known, new_email()):
                count = "select (select count(*) from jobs where name like '%send_mail'), (select count(*) from mail_orders)"
                before = self.sql(count)
                answers = [self.call("POST", path, {"email": address, **body}) for _ in range(2)]
                after = self.sql(count)
                self.assertEqual([one.status for one in answers], [200, 429], (path, answers))
                self.assertEqual(answers[1].json()["error_code"], "over_email_send_rate_limit")
                self.assertTrue(1 <= int(answers[1].headers["Retry-After"]) <= 60)
                grown = [int(b) - int(a) for a, b in zip(before.split("|"), after.split("|"))]
                seen.append((shape_of(answers[0].json(), address), sorted(answers[0].headers.keys()), grown))
            self.assertEqual(seen[0], seen[1], path)

    def test_of_simultaneous_requests_one_is_taken(self):
        address = new_email()
        answers = at_once([lambda: self.call("POST", "/otp", {"email": address})] * 8)
        self.assertEqual(sorted(one.status for one in answers), [200] + [429] * 7)
        self.nth_mail(address)
        self.assertEqual(len(mails_in(self.mails, address)), 1)


class WithReauthentication(MailServer):
    templates = make_folder("templates")
    long_text = " ".join(["ñandú, de más allá"] * 12)
    settings = {**SETTINGS, "auth.password_change_requires_reauthentication": "true",
                "auth.secure_email_change": "false", "auth.mail_templates_folder": str(templates)}

    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(shutil.rmtree, cls.templates)
        (cls.templates / "recovery.en.subject").write_text("For {{email}}: " + cls.long_text + "\n")
        super().setUpClass()

    def test_a_password_change_asks_for_a_proof(self):
        self.run_scenario("passwordsAskForReauthentication")

    def test_one_confirmation_is_enough_where_the_operator_says_so(self):
        session, wanted = self.signed_up(), new_email()
        self.call("PUT", "/user", {"email": wanted}, session["access_token"])
        body = {"type": "email_change", "email": wanted, "token": self.nth_mail(wanted).code}
        self.assertEqual(self.call("POST", "/verify", body).json()["user"]["email"], wanted)

    def test_an_operators_text_takes_the_place_of_the_built_in_one(self):
        address = new_email()
        self.signed_up(address, {"Accept-Language": "en"})
        self.call("POST", "/recover", {"email": address})
        mail = self.nth_mail(address, 2)
        self.assertEqual(mail.subject, f"For {address}: {self.long_text}")
        self.assertIn("Somebody asked", mail.text)


def shape_of(value, address):
    """A JSON value without what differs between any two answers: ids, times, the address asked for."""
    if isinstance(value, dict):
        return {key: shape_of(one, address) for key, one in value.items()}
    if isinstance(value, list):
        return [shape_of(one, address) for one in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", value.replace(address, "ADDRESS"))
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", value)


if __name__ == "__main__":
    main()
