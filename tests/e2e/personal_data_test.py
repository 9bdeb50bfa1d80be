"""All that is held about a person is told on request, and gone with the account: from every table, file and
log line."""
import json
import subprocess
import unittest

from harness import Postgres, RunningServer, main, new_email, wait_until

MARKER = "zarzaparrilla"
# What people leave behind in each plugin's tables, beside what the routes below write.
PAYMENT = """
with account as (insert into ledger_accounts (user_id) values ('{id}') returning id, user_id)
insert into transactions (transfer_id, account_id, user_id, amount, reason, source)
select 1, id, user_id, {amount}, 'gift', 'gift:1' from account union all select 1, 1, null, -{amount}, 'gift', null;
"""
LEFT_BEHIND = PAYMENT.replace("{amount}", "5") + """
insert into notifications (user_id, type, payload) values ('{id}', 'system', '{{"text": "{marker}"}}');
insert into avatar_customizations (user_id, category, item_id) values ('{id}', 'hat', 'beret');
insert into ledger_adjustments (user_id, amount, note, transfer_id) values ('{id}', 5, '{marker}', 1);
insert into subscriptions (user_id, status) values ('{id}', 'active');
insert into feed_items (user_id, user_challenge_id, note)
  select user_id, id, '{marker}' from user_challenges where user_id = '{id}';
insert into followers values ('{id}', '{other}'), ('{other}', '{id}');
"""


class PersonalData(RunningServer):
    @classmethod
    def setUpClass(cls):
        cls.database = Postgres()
        cls.addClassCleanup(cls.database.remove)
        cls.database.sql("create database calixo")
        cls.settings = {"database.url": cls.database.url("calixo"), "log.level": "debug"}
        super().setUpClass()

    def sql(self, text):
        return self.database.sql(text, "calixo")

    def person(self, marker=""):
        """A session of somebody who took up a challenge and left something in every plugin."""
        session = self.server.sign_up(f"{marker}{new_email()}")
        token, user_id = session["access_token"], session["user"]["id"]
        self.call("PATCH", "/api/user/profile", {"display_name": f"Ana {marker}"}, token)
        challenge = self.call("GET", "/api/challenges", token=token).json()["items"][0]["id"]
        started = self.call("POST", "/api/challenges/start", {"challenge_id": challenge}, token)
        self.assertEqual(started.status, 201, started)
        return token, user_id

    def everything(self):
        dump = subprocess.run([f"{self.database.bin}/pg_dump", self.database.url("calixo")], check=True,
                              capture_output=True, text=True).stdout
        files = [path.read_bytes().decode(errors="replace")
                 for path in self.server.data.rglob("*") if path.is_file()]
        return dump + "".join(files) + self.server.output()

    def test_it_is_told_by_plugin_and_leaves_nothing_once_erased(self):
        other = self.person()[1]
        token, user_id = self.person(MARKER)
        email = self.call("GET", "/auth/v1/user", token=token).json()["email"]
        self.assertEqual(self.call("POST", "/auth/v1/recover", {"email": email}).status, 200)
        wait_until(lambda: any(MARKER in path.read_text() for path in self.server.data.rglob("*.eml")), 30, "the mail")
        wait_until(lambda: self.sql("select count(*) from jobs where state = 'pending' and name like '%send_mail'") == "0",
                   30, "the end of the job")
        self.sql(LEFT_BEHIND.format(id=user_id, other=other, marker=MARKER))

        answer = self.call("GET", "/api/user/export", token=token)
        self.assertEqual(answer.status, 200, answer)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        told = answer.json()
        self.assertEqual(told["user_id"], user_id)
        data = told["data"]
        self.assertEqual(set(data), {"auth", "avatar", "billing", "challenges", "notifications", "social", "store"})
        self.assertEqual(data["auth"]["profile"][0]["display_name"], f"Ana {MARKER}")
        self.assertEqual(data["social"]["feed_items"][0]["note"], MARKER)
        self.assertEqual(len(data["challenges"]["attempts"]), 1)
        self.assertEqual(data["store"]["transactions"][0]["amount"], 5)
        for secret in ("argon2", "token_hash", "child_secret"):
            self.assertNotIn(secret, answer.body.decode())

        self.assertTrue(MARKER in self.everything())
        erased = self.call("DELETE", "/api/user", token=token)
        self.assertEqual(erased.status, 204, erased)
        left = [line for line in self.everything().splitlines() if MARKER in line]
        self.assertEqual(left, [])
        self.assertEqual(self.sql("select count(*) from transactions where user_id is null and amount = 5"), "1")
        self.assertEqual(self.call("GET", "/auth/v1/user", token=token).status, 403)
        self.assertEqual(self.call("GET", "/api/user/challenges", token=token).status, 401)
        self.assertEqual(self.sql(f"select count(*) from profiles where user_id = '{other}'"), "1")

    def test_an_operator_erases_as_thoroughly_as_the_person(self):
        token, user_id = self.person()
        self.sql(PAYMENT.format(id=user_id, amount=9))
        done = self.server.command("users", "delete", user_id, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.sql("select count(*) from transactions where user_id is null and amount = 9"), "1")
        self.assertEqual(self.call("GET", "/auth/v1/user", token=token).status, 403)

    def test_the_last_administrator_stays(self):
        made = self.server.command("users", "create-admin", "--email", "admin2@example.org", "--json")
        self.assertEqual(made.returncode, 0, made.stdout)
        self.sql("delete from admin_users where user_id <> (select id from users where email = 'admin2@example.org')")
        token = self.call("POST", "/auth/v1/token?grant_type=password",
                          {"email": "admin2@example.org", "password": json.loads(made.stdout)["password"]}).json()
        self.assert_problem(self.call("DELETE", "/api/user", token=token["access_token"]), 409, "last_administrator")

    def test_nobody_else_is_told_of_it(self):
        self.assert_problem(self.call("GET", "/api/user/export"), 401, "authentication_required")
        self.assert_problem(self.call("DELETE", "/api/user"), 401, "authentication_required")


class PublicProfiles(RunningServer):
    def test_a_private_one_is_not_found_by_others(self):
        mine = self.server.sign_up(new_email())
        path = f"/api/users/{mine['user']['id']}/profile"
        self.call("PATCH", "/api/user/profile", {"display_name": "Ana"}, mine["access_token"])
        shown = self.call("GET", path, token=self.new_token())
        self.assertEqual((shown.status, shown.json()["display_name"]), (200, "Ana"))
        self.assertNotIn("time_zone", shown.json())
        self.call("PATCH", "/api/user/profile", {"is_private": True}, mine["access_token"])
        self.assert_problem(self.call("GET", path, token=self.new_token()), 404, "profile_not_found")
        self.assertEqual(self.call("GET", path, token=mine["access_token"]).status, 200)
        self.assert_problem(self.call("GET", path), 401, "authentication_required")
        self.assert_problem(self.call("GET", "/api/users/nobody/profile", token=self.new_token()), 404, "not_found")


if __name__ == "__main__":
    main()
