"""People move in from a Supabase project: with their ids, identities, profiles and passwords."""
import json
import os
import signal
import subprocess
import unittest

from harness import BUILD, ROOT, Calixo, Postgres, main, wait_until

LAYOUT = (ROOT / "tests/e2e/supabase_layout.sql").read_text()
PASSWORD = "media hora sin pantalla"
BCRYPT = "$2b$05$nmOcJSh/vm4N3RT/spGQZ.WpJzO./X8YpS1jUKmzXDuCFiwOXEt2O"  # of PASSWORD
PEOPLE = """
insert into auth.users (id, email, encrypted_password, email_confirmed_at, created_at, raw_app_meta_data,
                        raw_user_meta_data, is_sso_user, deleted_at, is_anonymous, phone) values
  ('{ana}', 'Ana@Example.org', '{bcrypt}', '2024-01-02Z', '2024-01-01Z',
   '{{"provider":"email","role":"admin"}}', '{{"name":"Ana"}}', false, null, false, null),
  ('{eva}', null, null, null, now(), '{{}}', '{{}}', false, null, true, null),
  ('{sso}', 'sso@example.org', null, now(), now(), '{{}}', '{{}}', true, null, false, null),
  ('{gone}', 'gone@example.org', null, now(), now(), '{{}}', '{{}}', false, now(), false, null),
  ('{phone}', null, null, null, now(), '{{}}', '{{}}', false, null, false, '34600000000'),
  ('{odd}', 'odd@example.org', 'md5nonsense', now(), now(), '{{}}', '{{}}', false, null, false, null),
  ('{late}', 'taken@example.org', null, now(), now(), '{{}}', '{{}}', false, null, false, null),
  ('{bad}', 'no address', null, now(), now(), '{{}}', '{{}}', false, null, false, null);
insert into auth.identities (provider_id, user_id, provider, identity_data) values
  ('{ana}', '{ana}', 'email', '{{"sub":"{ana}","email":"ana@example.org"}}'),
  ('1094', '{ana}', 'google', '{{"sub":"1094","email":"ana@example.org"}}');
insert into auth.mfa_factors values ('{ana}', '{ana}', 'phone', 'totp', 'verified', 'SECRET');
insert into public.profiles values ('{ana}', 'Ana de Vigo', 64, true, '2024-01-03Z');
"""
IDS = {name: f"0000000{number}-0000-4000-8000-000000000000" for number, name in
       enumerate(("ana", "eva", "sso", "gone", "phone", "odd", "late", "bad"), 1)}


class Import(unittest.TestCase):
    def setUp(self):
        self.postgres = Postgres()
        self.addCleanup(self.postgres.remove)
        for name in ("calixo", "supabase"):
            self.postgres.sql(f"create database {name}")
        self.source(LAYOUT)
        self.server = Calixo(BUILD, {"database.url": self.postgres.url("calixo")})
        self.addCleanup(self.server.remove)
        self.server.start()

    def source(self, text):
        return self.postgres.sql(text, "supabase")

    def target(self, text):
        return self.postgres.sql(text, "calixo")

    def words(self, *more):
        return ["import", "supabase", "--from", self.postgres.url("supabase"), *more]

    def run_import(self, *more):
        done = self.server.command(*self.words("--json", *more))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_people_keep_their_ids_and_sign_in_with_their_passwords(self):
        self.source(PEOPLE.format(bcrypt=BCRYPT, **IDS))
        self.server.sign_up("taken@example.org")
        report = self.run_import("--batch", "3")
        self.assertEqual((report["read"], report["taken"], report["identities"]), (8, 3, 2), report)
        self.assertEqual({(one["user_id"], one["reason"]) for one in report["not_taken"]},
                         {(IDS["ana"], "second_factor"), (IDS["sso"], "single_sign_on"), (IDS["gone"], "deleted"),
                          (IDS["phone"], "phone_only"), (IDS["odd"], "password_hash_unknown"),
                          (IDS["late"], "address_taken"), (IDS["bad"], "address_malformed")})

        signed_in = self.server.call("POST", "/auth/v1/token?grant_type=password",
                                     {"email": "ana@example.org", "password": PASSWORD})
        self.assertEqual(signed_in.status, 200, signed_in)
        user = signed_in.json()["user"]
        self.assertEqual((user["id"], user["created_at"][:10]), (IDS["ana"], "2024-01-01"))
        self.assertEqual({one["provider"] for one in user["identities"]}, {"email", "google"})
        self.assertEqual(user["user_metadata"]["name"], "Ana")
        self.assertEqual(user["app_metadata"]["role"], "user", "a role came along")
        profile = self.server.call("GET", "/api/user/profile", token=signed_in.json()["access_token"]).json()
        self.assertEqual((profile["display_name"], profile["avatar_energy"], profile["is_private"]),
                         ("Ana de Vigo", 64, True))
        self.assertTrue(self.target(f"select password_hash from users where id = '{IDS['ana']}'").startswith("$argon2id$"))

    def test_it_may_be_repeated_and_takes_what_has_come_since(self):
        self.source(PEOPLE.format(bcrypt=BCRYPT, **IDS))
        self.assertEqual(self.run_import()["taken"], 4)
        self.target(f"update profiles set display_name = 'Changed here' where user_id = '{IDS['ana']}'")
        self.source("insert into auth.users (id, email) values ('00000000-0000-4000-8000-00000000000a', 'new@example.org')")
        again = self.run_import()
        self.assertEqual((again["read"], again["taken"], again["already_here"]), (9, 1, 4), again)
        self.assertEqual(self.target(f"select display_name from profiles where user_id = '{IDS['ana']}'"), "Changed here")

    def test_one_that_was_cut_off_goes_on_where_it_was(self):
        self.source("insert into auth.users (id, email) select gen_random_uuid(), 'p' || n || '@example.org' "
                    "from generate_series(1, 1500) n")
        process = subprocess.Popen([str(self.server.binary), *self.words("--batch", "1"), *self.server.options],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        wait_until(lambda: int(self.target("select count(*) from auth_imports")) > 0, 60, "the first batch")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        before = int(self.target("select count(*) from users"))
        report = self.run_import()
        self.assertEqual((report["read"], report["taken"]), (1500 - before + 1, 1500 - before + 1), report)
        self.assertEqual(self.target("select count(*) from users where email like 'p%'"), "1500")
        self.assertEqual(self.target("select count(*) from auth_imports"), "0")

    def test_who_watches_sees_a_bar_and_whoever_reads_the_output_does_not(self):
        self.source("insert into auth.users (id, email) select gen_random_uuid(), 'p' || n || '@example.org' "
                    "from generate_series(1, 4) n")
        terminal, its_end = os.openpty()
        done = subprocess.run([str(self.server.binary), *self.words("--batch", "2"), *self.server.options],
                              stdout=subprocess.PIPE, stderr=its_end, text=True, check=False)
        os.close(its_end)
        shown = os.read(terminal, 65536).decode()
        os.close(terminal)
        self.assertIn(f"\rimporting [{'#' * 15}{' ' * 15}] 2 of 4", shown)
        self.assertIn(f"\rimporting [{'#' * 30}] 4 of 4", shown)
        self.assertTrue(done.stdout.startswith("read 4 users: 4 taken"), done.stdout)
        self.assertNotIn("importing", self.server.command(*self.words()).stderr)

    def test_an_older_layout_is_read_as_well(self):
        self.source("alter table auth.users drop is_anonymous, drop is_sso_user, drop deleted_at;"
                    "drop table auth.identities; drop table auth.mfa_factors; drop table public.profiles;"
                    "create table auth.identities (id text, user_id uuid, identity_data jsonb, provider text,"
                    " primary key (provider, id));"
                    f"insert into auth.users (id, email) values ('{IDS['ana']}', 'ana@example.org');"
                    f"insert into auth.identities values ('77', '{IDS['ana']}', '{{}}', 'github')")
        self.assertEqual(self.run_import()["taken"], 1)
        self.assertEqual(self.target("select provider || provider_id from identities where provider <> 'email'"), "github77")

    def test_what_is_no_supabase_is_told(self):
        self.postgres.sql("create database empty")
        for url, words in ((self.postgres.url("empty"), "no Supabase project"),
                           ("postgresql://ana:hunter2@127.0.0.1:1/x", "can't be reached")):
            done = self.server.command("import", "supabase", "--from", url)
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stdout + done.stderr)
            self.assertNotIn("hunter2", done.stdout + done.stderr)
        self.assertEqual(self.server.command("import", "supabase").returncode, 64)


if __name__ == "__main__":
    main()
