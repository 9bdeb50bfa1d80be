"""Mails to a mail server: encrypted, with a password, while it is down, refuses or says nothing."""
import shutil
import unittest

from harness import BUILD, Calixo, Postgres, free_port, main, make_folder, new_email, wait_until
from mails import Mail
from smtp_server import SmtpServer, make_certificate

FAST_RETRIES = {"events.retry_backoff_ms": 50, "events.retry_backoff_ms_max": 200, "events.poll_interval_ms": 50}


class SmtpCase(unittest.TestCase):
    """One PostgreSQL for all; each test starts the servers that it needs."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.remove)
        cls.folder = make_folder("certificates")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.certificate = make_certificate(cls.folder, "known")
        cls.stranger = make_certificate(cls.folder, "stranger")

    def smtp(self, **options):
        server = SmtpServer(**options)
        self.addCleanup(server.remove)
        return server

    def calixo(self, smtp, **settings):
        database = f"smtp_{free_port()}"
        self.postgres.sql(f"create database {database}")
        port = free_port()
        server = Calixo(BUILD, {
            "database.url": self.postgres.url(database), "http.public_url": f"http://127.0.0.1:{port}",
            "auth.mail_transport": "smtp", "auth.smtp_host": "localhost", "auth.smtp_port": smtp.port,
            "auth.smtp_ca_file": str(self.certificate), "auth.smtp_timeout_s": 2, "auth.mail_interval_s": 0,
            "auth.autoconfirm": "false", "auth.mail_from": "Calixó <noreply@calixo.example>", **FAST_RETRIES,
            **{key.replace("__", "."): value for key, value in settings.items()}}, port=port)
        self.addCleanup(server.remove)
        server.database = database
        return server.start()

    def jobs(self, server, state):
        return int(self.postgres.sql(f"select count(*) from jobs where name like '%send_mail' and state = '{state}'",
                                     server.database))

    def ask(self, server, path="/otp"):
        """Asks for a mail to a new address; returns that."""
        address = new_email()
        answer = server.call("POST", f"/auth/v1{path}", {"email": address})
        self.assertEqual((answer.status, answer.json()), (200, {}))
        return address

    def delivered(self, smtp, count=1):
        wait_until(lambda: len(smtp.messages) >= count, 30, f"delivery {count}")
        return smtp.messages[count - 1]

    def deliver_one(self, smtp, **settings):
        """A server sends a mail whose code opens a session; returns how it was delivered."""
        server = self.calixo(smtp, **settings)
        address = self.ask(server)
        message = self.delivered(smtp)
        mail = Mail(message["data"])
        self.assertEqual((message["to"], message["from"]), (address, "<noreply@calixo.example>"))
        self.assertEqual((mail.to, mail.message["From"]), (address, "Calixó <noreply@calixo.example>"))
        self.assertTrue(mail.link.startswith(server.settings["http.public_url"] + "/auth/v1/verify?token="), mail.link)
        self.assertIn(mail.code, mail.html)
        self.assertLess(max(len(line) for line in message["data"].splitlines()), 999)
        answer = server.call("POST", "/auth/v1/verify", {"type": "email", "token_hash": mail.token})
        self.assertEqual(answer.status, 200, answer)
        self.assertNotIn(address, server.output())
        self.assertNotIn("hidden word", server.output())
        return message


class Delivery(SmtpCase):
    def test_goes_over_starttls_with_a_password(self):
        smtp = self.smtp(certificate=self.certificate, user="calixo", password="hidden word").start()
        message = self.deliver_one(smtp, auth__smtp_user="calixo", auth__smtp_password="hidden word")
        self.assertEqual((message["is_tls"], message["user"]), (True, "calixo"))
        self.assertLess(smtp.commands.index("STARTTLS"), smtp.commands.index("AUTH"))

    def test_goes_over_tls_from_the_start_and_by_login(self):
        smtp = self.smtp(certificate=self.certificate, tls="tls", user="calixo", password="hidden word",
                         mechanisms="LOGIN").start()
        message = self.deliver_one(smtp, auth__smtp_tls="tls", auth__smtp_user="calixo",
                                   auth__smtp_password="hidden word")
        self.assertEqual((message["is_tls"], message["user"]), (True, "calixo"))

    def test_goes_without_both_where_the_operator_says_so(self):
        message = self.deliver_one(self.smtp(tls="none").start(), auth__smtp_tls="none")
        self.assertEqual((message["is_tls"], message["user"]), (False, None))


    def test_lines_of_dots_arrive_as_they_were_written(self):
        templates = make_folder("templates")
        self.addCleanup(shutil.rmtree, templates)
        (templates / "magiclink.es.txt").write_text(".hidden\n.\n..\n: {{code}}\n{{link}}\n")
        smtp = self.smtp(tls="none").start()
        self.ask(self.calixo(smtp, auth__smtp_tls="none", auth__mail_templates_folder=templates))
        lines = Mail(self.delivered(smtp)["data"]).text.splitlines()
        self.assertEqual(lines[:3], [".hidden", ".", ".."])


class Refusals(SmtpCase):
    def failed(self, smtp, reason, **settings):
        server = self.calixo(smtp, **settings)
        self.ask(server)
        wait_until(lambda: reason in server.output(), 20, reason)
        self.assertEqual(smtp.messages, [])
        self.assertEqual(self.jobs(server, "pending"), 1)
        return server

    def test_a_server_with_an_unknown_certificate_gets_nothing(self):
        smtp = self.smtp(certificate=self.stranger).start()
        self.failed(smtp, "TLS with the mail server failed")
        self.assertNotIn("MAIL", smtp.commands)

    def test_a_server_of_another_name_gets_nothing(self):
        smtp = self.smtp(certificate=self.certificate).start()
        self.failed(smtp, "TLS with the mail server failed", auth__smtp_host="127.0.0.1")
        self.assertNotIn("MAIL", smtp.commands)

    def test_a_server_without_starttls_gets_nothing(self):
        smtp = self.smtp(tls="none").start()
        self.failed(smtp, "refused STARTTLS with status 502")
        self.assertNotIn("MAIL", smtp.commands)

    def test_a_wrong_password_is_told_without_it(self):
        smtp = self.smtp(certificate=self.certificate, user="calixo", password="right").start()
        server = self.failed(smtp, "refused AUTH", auth__smtp_user="calixo", auth__smtp_password="hidden word")
        self.assertNotIn("hidden word", server.output())

    def test_a_recipient_that_is_refused_for_good_is_not_tried_again(self):
        smtp = self.smtp(tls="none").start()
        smtp.refusals["RCPT"] = "550 <somebody@example.org> does not live here"
        server = self.calixo(smtp, auth__smtp_tls="none")
        address = self.ask(server)
        wait_until(lambda: self.jobs(server, "dead") == 1, 20, "the dead letter")
        self.assertEqual(smtp.commands.count("RCPT"), 1)
        self.assertIn("refused RCPT TO with status 550", server.output())
        self.assertNotIn("somebody@", server.output())
        self.assertNotIn(address, server.output())

    def test_a_refusal_for_now_is_tried_again(self):
        smtp = self.smtp(tls="none").start()
        smtp.refusals["DATA"] = "451 later"
        server = self.calixo(smtp, auth__smtp_tls="none")
        address = self.ask(server)
        wait_until(lambda: smtp.commands.count("DATA") >= 2, 20, "a second attempt")
        smtp.refusals.clear()
        self.assertEqual(self.delivered(smtp)["to"], address)


class Outages(SmtpCase):
    def test_a_mail_waits_for_its_server_with_a_token_of_its_last_attempt(self):
        smtp = self.smtp(tls="none")
        server = self.calixo(smtp, auth__smtp_tls="none")
        first, second = self.ask(server), self.ask(server)
        self.assertEqual(server.call("POST", "/auth/v1/otp", {"email": first}).status, 200)  # once more
        wait_until(lambda: server.output().count("can't be reached") >= 4, 20, "some attempts")
        smtp.start()
        self.delivered(smtp, 2)
        wait_until(lambda: self.jobs(server, "pending") == 0, 20, "the end of the jobs")
        self.assertEqual(sorted(one["to"] for one in smtp.messages), sorted([first, second]),
                         "of two wishes of one address the last is sent")
        for message in smtp.messages:
            body = {"type": "email", "email": message["to"], "token": Mail(message["data"]).code}
            self.assertEqual(server.call("POST", "/auth/v1/verify", body).status, 200)

    def test_a_server_that_says_nothing_holds_up_nobody(self):
        smtp = self.smtp(tls="none")
        smtp.is_silent = True
        smtp.start()
        server = self.calixo(smtp, auth__smtp_tls="none", auth__smtp_timeout_s=20, runtime__worker_threads=2)
        for _ in range(6):
            self.ask(server)
        wait_until(lambda: smtp.conversations >= 1, 20, "a conversation")
        for _ in range(5):
            answer = server.call("POST", "/auth/v1/token?grant_type=password",
                                 {"email": "nobody@example.org", "password": "correct horse battery"})
            self.assertEqual(answer.status, 400)
        self.assertNotIn("did not answer in time", server.output(), "sign-ins waited for the mail server")
        self.assertEqual(smtp.conversations, 1)
        wait_until(lambda: "did not answer in time" in server.output(), 60, "the end of the wait")

    def test_a_mail_survives_the_server_that_took_its_order(self):
        smtp = self.smtp(tls="none")
        server = self.calixo(smtp, auth__smtp_tls="none", events__lease_margin_ms=100)
        address = self.ask(server)
        wait_until(lambda: "can't be reached" in server.output(), 20, "an attempt")
        server.stop()
        smtp.start()
        server.start()
        self.assertEqual(self.delivered(smtp)["to"], address)


class Configuration(unittest.TestCase):
    def refused(self, **settings):
        server = Calixo(BUILD, {key.replace("__", "."): value for key, value in settings.items()})
        self.addCleanup(server.remove)
        return server.command("config", "check").stderr + self.start_of(server)

    @staticmethod
    def start_of(server):
        server.start(wait=False)
        server.process.wait(60)
        return server.output()

    def test_links_never_follow_a_requests_host(self):
        self.assertIn("needs http.public_url", self.refused(auth__mail_transport="smtp"))

    def test_a_password_never_goes_readable_over_the_network(self):
        self.assertIn("auth.smtp_user with auth.smtp_tls=none", self.refused(
            auth__mail_transport="smtp", http__public_url="https://calixo.example", auth__smtp_host="mail.example",
            auth__smtp_tls="none", auth__smtp_user="calixo"))

    def test_a_sender_that_is_none_is_named(self):
        self.assertIn("auth.mail_from", self.refused(auth__mail_from="Calixo <nobody>"))


if __name__ == "__main__":
    main()
