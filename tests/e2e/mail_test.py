"""Mails and one-time tokens: what the unmodified npm clients see, and what stays behind nowhere."""
import re
import subprocess
import unittest

from harness import BUILD, NODE, ROOT, Calixo, Postgres, main, new_email, wait_until

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


if __name__ == "__main__":
    main()
