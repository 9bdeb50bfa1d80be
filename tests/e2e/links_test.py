"""Invitations, and links that administrators hand out themselves: by the unmodified clients, and what must not
come of them."""
import json
import subprocess
import uuid

from clients import PACKAGES, run_client
from harness import free_port, main, new_email, wait_until
from mail_test import SETTINGS, MailServer
from mails import at_once, mails_in, secrets_in
from smtp_test import FAST_RETRIES

LINK = "/admin/generate_link"
PASSWORD = "media hora sin pantalla"


class Links(MailServer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = cls.server.command("users", "service-key", "--json")
        cls.service_key = json.loads(done.stdout)["key"]

    def act(self, path, body, status=200, code=None, headers=None):
        answer = self.call("POST", path, body, self.service_key, headers)
        self.assertEqual(answer.status, status, answer)
        if code:
            self.assertEqual(answer.json()["error_code"], code)
        return answer.json()

    def link(self, kind, email, **more):
        return self.act(LINK, {"type": kind, "email": email, **more})

    def verify(self, kind, token):
        return self.call("POST", "/verify", {"type": kind, "token_hash": token})


class ThroughTheClients(Links):
    def test_every_kind_by_unmodified_clients(self):
        for package in PACKAGES:
            with self.subTest(package):
                self.assertEqual(run_client("links.mjs", package, self.server.base_url, self.service_key, self.mails,
                                            uuid.uuid4().hex), {"done": True})

    def test_at_the_other_mount_as_well(self):
        for path, body in (("/api/auth/invite", {"email": new_email()}),
                           ("/api/auth/admin/generate_link", {"type": "magiclink", "email": new_email()})):
            answer = self.server.call("POST", path, body, self.service_key)
            self.assertEqual((answer.status, answer.json()["email"]), (200, body["email"]), answer)


class Guarded(Links):
    def test_only_the_service_and_administrators_may(self):
        person = self.signed_up()
        for path, body in (("/invite", {"email": new_email()}), (LINK, {"type": "magiclink", "email": new_email()})):
            before = self.sql("select count(*) from users")
            for token, status, code in ((None, 401, "no_authorization"), (person["access_token"], 403, "not_admin")):
                answer = self.call("POST", path, body, token)
                self.assertEqual((answer.status, answer.json()["error_code"]), (status, code), answer)
            self.assertEqual(self.sql("select count(*) from users"), before)

    def test_who_is_invited_reads_it_in_the_language_of_the_invitation(self):
        for language, subject in (("es", "Te han invitado"), ("en", "You have been invited")):
            address = new_email()
            self.act("/invite", {"email": address, "data": None}, headers={"Accept-Language": language})
            mail = self.nth_mail(address)
            self.assertEqual((mail.subject, mail.query["type"]), (subject, "invite"))
            self.assertIn(address, mail.text)
            self.assertIn(f"its link: {mail.link}\n", self.server.output())  # as it is where no mail server is set

    def test_a_strangers_password_does_not_come_in_with_the_invited(self):
        for invite_first in (True, False):
            address = new_email()
            steps = [lambda: self.act("/invite", {"email": address}),
                     lambda: self.call("POST", "/signup", {"email": address, "password": "chosen by a stranger"})]
            for step in steps if invite_first else reversed(steps):
                step()
            mails = [self.nth_mail(address), self.nth_mail(address, 2)]
            invitation = next(mail for mail in mails if mail.query["type"] == "invite")
            self.assertEqual(self.verify("invite", invitation.token).status, 200)
            self.assertEqual(self.sign_in(address, "chosen by a stranger").status, 400, invite_first)

    def test_nor_with_whoever_follows_a_link(self):
        for kind in ("invite", "magiclink", "recovery"):
            address = new_email()
            self.call("POST", "/signup", {"email": address, "password": "chosen by a stranger"})
            link = self.link(kind, address)
            self.assertEqual(self.verify(kind, link["hashed_token"]).status, 200)
            self.assertEqual(self.sign_in(address, "chosen by a stranger").status, 400, kind)

    def test_the_administrators_password_takes_the_place_of_the_strangers(self):
        address = new_email()
        self.call("POST", "/signup", {"email": address, "password": "chosen by a stranger"})
        self.nth_mail(address)
        link = self.link("signup", address, password=PASSWORD)
        self.assertEqual(self.verify("signup", link["hashed_token"]).status, 200)
        self.assertEqual(self.sign_in(address, "chosen by a stranger").status, 400)
        self.assertEqual(self.sign_in(address, PASSWORD).status, 200)

    def test_links_lead_to_allowed_places_only(self):
        for target in ("https://evil.example/", "javascript:alert(1)", "http://127.0.0.1:3999@evil.example/"):
            for where in ({"redirect_to": target}, {}):
                link = self.act(f"{LINK}?redirect_to={target}", {"type": "magiclink", "email": new_email(), **where})
                self.assertEqual(link["redirect_to"], "http://127.0.0.1:3999")
                self.assertNotIn("evil", link["action_link"])

    def test_the_last_link_of_a_kind_is_the_good_one(self):
        address = new_email()
        first, last = (self.link("magiclink", address)["hashed_token"] for _ in range(2))
        self.assertEqual(self.verify("magiclink", first).status, 403)
        self.assertEqual(self.verify("magiclink", last).status, 200)

    def test_many_at_once_make_one_account_and_one_good_link(self):
        address = new_email()
        answers = at_once([lambda: self.call("POST", LINK, {"type": "magiclink", "email": address}, self.service_key)
                           for _ in range(8)])
        self.assertEqual([one.status for one in answers], [200] * 8, answers)
        self.assertEqual(len({one.json()["id"] for one in answers}), 1)
        tried = [self.verify("magiclink", one.json()["hashed_token"]).status for one in answers]
        self.assertEqual(sorted(tried), [200] + [403] * 7)

    def test_a_change_may_be_begun_anew_and_the_present_address_has_its_say(self):
        address, wanted = self.signed_up()["user"]["email"], new_email()
        fresh = self.link("email_change_new", address, new_email=wanted)
        half = self.verify("email_change", fresh["hashed_token"])
        self.assertEqual((half.status, "access_token" in half.json()), (200, False))
        again = self.link("email_change_new", address, new_email=wanted)  # begins anew
        current = self.link("email_change_current", address, new_email=wanted)
        self.assertNotIn("access_token", self.verify("email_change", current["hashed_token"]).json())
        self.assertEqual(self.verify("email_change", again["hashed_token"]).json()["user"]["email"], wanted)

    def test_a_banned_person_comes_in_by_no_link(self):
        address = self.signed_up()["user"]["email"]
        link = self.link("magiclink", address)
        self.sql(f"update users set banned_until = now() + interval '1 day' where email = '{address}'")
        self.assertEqual(self.verify("magiclink", link["hashed_token"]).json()["error_code"], "user_banned")

    def test_no_token_code_or_password_is_at_rest_or_in_the_log(self):
        secrets = {PASSWORD, self.service_key}
        for kind in ("signup", "invite", "magiclink"):
            link = self.link(kind, new_email(), password=PASSWORD)
            secrets |= {link["action_link"], link["hashed_token"], link["email_otp"]}
        dump = subprocess.run([f"{self.postgres.bin}/pg_dump", "--data-only", "--inserts", self.postgres.url()],
                              capture_output=True, text=True, check=True).stdout
        self.assertEqual(secrets_in(dump, secrets), [])
        self.assertEqual(secrets_in(self.server.output(), secrets), [])


class Limits(Links):
    """With the interval between mails as it is by default."""

    settings = {key: value for key, value in SETTINGS.items() if key != "auth.mail_interval_s"}

    def test_a_double_click_sends_one_invitation(self):
        address = new_email()
        answers = at_once([lambda: self.call("POST", "/invite", {"email": address}, self.service_key)
                           for _ in range(4)])
        self.assertEqual(sorted(one.status for one in answers), [200, 429, 429, 429], answers)
        late = next(one for one in answers if one.status == 429)
        self.assertEqual(late.json()["error_code"], "over_email_send_rate_limit")
        self.assertTrue(1 <= int(late.headers["Retry-After"]) <= 60)
        self.nth_mail(address)
        self.assertEqual(len(mails_in(self.mails, address)), 1)
        self.assertEqual(self.sql(f"select count(*) from users where email = '{address}'"), "1")


class SignUpClosed(Links):
    settings = {**SETTINGS, "auth.sign_up_enabled": "false"}

    def test_an_invitation_and_a_link_open_accounts_all_the_same(self):
        address = new_email()
        self.act("/invite", {"email": address})
        self.assertEqual(self.verify("invite", self.nth_mail(address).token).status, 200)
        self.assertEqual(self.verify("magiclink", self.link("magiclink", new_email())["hashed_token"]).status, 200)
        refused = self.call("POST", "/signup", {"email": new_email(), "password": PASSWORD})
        self.assertEqual(refused.json()["error_code"], "signup_disabled")


class MailServerAway(Links):
    settings = {**SETTINGS, **FAST_RETRIES, "auth.mail_transport": "smtp", "auth.smtp_host": "127.0.0.1",
                "auth.smtp_port": free_port(), "auth.smtp_tls": "none", "auth.mail_from": "noreply@calixo.example",
                "http.public_url": "http://calixo.example"}

    def test_a_link_takes_the_place_of_the_mails_that_wait(self):
        address = new_email()
        self.act("/admin/users", {"email": address, "email_confirm": True})
        self.assertEqual(self.call("POST", "/recover", {"email": address}).status, 200)
        wait_until(lambda: self.sql("select count(*) from one_time_tokens") == "1", 20, "an attempt")
        link = self.link("recovery", address)
        wait_until(lambda: self.sql("select count(*) from jobs where state = 'pending' and name like '%send_mail'") == "0",
                   20, "the end of the job")
        self.assertEqual(self.verify("recovery", link["hashed_token"]).status, 200)


class WithoutTheSecondProof(Links):
    settings = {**SETTINGS, "auth.secure_email_change": "false"}

    def test_the_new_address_alone_confirms(self):
        address, wanted = self.signed_up()["user"]["email"], new_email()
        change = {"type": "email_change_current", "email": address, "new_email": wanted}
        self.act(LINK, change, 400, "validation_failed")
        link = self.link("email_change_new", address, new_email=wanted)
        self.assertEqual(self.verify("email_change", link["hashed_token"]).json()["user"]["email"], wanted)


if __name__ == "__main__":
    main()
