"""What operators see of a plugin before it runs, and what it may have of others' tables."""
import json
import shutil
import subprocess
import unittest

from harness import BUILD, Calixo, RunningServer, main, make_folder

PLUGINS = f"{BUILD}/plugins:{BUILD}/e2e-plugins"
GRANTS = "users:select(id,email)"


class BeforeItRuns(unittest.TestCase):
    def server(self, **settings):
        server = Calixo(BUILD, {"plugins.path": PLUGINS, **settings})
        self.addCleanup(server.remove)
        return server

    def test_inspect_shows_what_the_file_says(self):
        server = self.server()
        shown = server.command("plugins", "inspect", f"{BUILD}/e2e-plugins/libcalixo_probe_guest.so")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for words in ("probe_guest", "users:select(email,id)", "greets people", "POST /guest/sql", "depends on"):
            self.assertIn(words, shown.stdout)
        manifest = json.loads(server.command("plugins", "inspect", "auth", "--json").stdout)
        self.assertEqual(manifest["id"], "auth")
        self.assertIn("users", manifest["tables"])
        self.assertTrue(all(len(one["sha256"]) == 64 for one in manifest["migrations"]), manifest)
        self.assertIn("compiler", manifest["build"])
        routes = {(one["method"], one["path"]): one for one in manifest["routes"]}
        self.assertIn("properties", routes["POST", "/auth/v1/signup"]["request_schema"])

    def test_inspect_shows_events_and_jobs(self):
        shown = self.server().command("plugins", "inspect", "challenges").stdout
        self.assertRegex(shown, r"event +challenge\.completed ")
        self.assertRegex(shown, r"job +expire_attempts +every 60000 ms")

    def test_inspect_tells_what_is_wrong_with_a_file(self):
        folder = make_folder("inspect")
        self.addCleanup(shutil.rmtree, folder)
        whole = (BUILD / "plugins/libcalixo_store.so").read_bytes()
        for name, content, reason in (("cut.so", whole[:-100], "cut short"), ("text.so", b"hello", "no ELF"),
                                      ("none.so", None, "can't be read")):
            if content is not None:
                (folder / name).write_bytes(content)
            done = self.server().command("plugins", "inspect", str(folder / name))
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(reason, done.stderr)

    def test_check_names_both_plugins_of_a_conflict_and_opens_neither(self):
        folder = make_folder("conflict")
        self.addCleanup(shutil.rmtree, folder)
        trace = folder / "trace"
        # Its constructor would tell; its manifest is that of a rival for a route of challenges.
        source, library = folder / "loud.c", folder / "libcalixo_probe_loud.so"
        source.write_text(f'#include <stdio.h>\n__attribute__((constructor)) static void tell(void)\n'
                          f'{{ FILE* file = fopen("{trace}", "w"); if (file) fclose(file); }}\n')
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
        rival = self.server().command("plugins", "inspect", "probe_rival", "--json").stdout
        section = folder / "manifest"
        section.write_text(rival.replace("probe_rival", "probe_loud"))
        subprocess.run(["objcopy", "--add-section", f".calixo.manifest={section}", library], check=True)
        server = self.server(**{"plugins.enabled": "auth,challenges,probe_loud",
                                "plugins.path": f"{PLUGINS}:{folder}"})
        done = server.command("check")
        self.assertNotEqual(done.returncode, 0)
        for words in ("conflict", "/api/challenges", "challenges", "probe_loud"):
            self.assertIn(words, done.stdout)
        self.assertFalse(trace.exists(), "check ran the library's code")
        server.command("doctor")
        self.assertTrue(trace.exists(), "the trap does not work")

    def test_a_library_that_was_changed_after_its_build_is_refused(self):
        folder = make_folder("changed")
        self.addCleanup(shutil.rmtree, folder)
        library = folder / "libcalixo_probe_rival.so"
        text = self.server().command("plugins", "inspect", "probe_rival", "--json").stdout
        section = folder / "manifest"
        section.write_text(text.replace("/api/challenges", "/api/harmless"))
        subprocess.run(["objcopy", "--remove-section", ".calixo.manifest", "--add-section",
                        f".calixo.manifest={section}", BUILD / "e2e-plugins/libcalixo_probe_rival.so", library],
                       check=True)
        server = self.server(**{"plugins.enabled": "auth,probe_rival", "plugins.path": f"{folder}:{PLUGINS}"})
        done = server.command("doctor")
        self.assertNotEqual(done.returncode, 0)
        for words in ("probe_rival", "manifest", "/api/harmless", "/api/challenges"):
            self.assertIn(words, done.stdout)

    def test_a_grant_that_is_not_allowed_names_the_reason_and_the_line(self):
        server = self.server(**{"plugins.enabled": "auth,probe_guest"})
        for command in ("check", "serve"):
            done = server.command(command, timeout_s=240)
            self.assertNotEqual(done.returncode, 0)
            for words in ("It greets people by their address.", "plugins.probe_guest.grants = users:select(email,id)"):
                self.assertIn(words, done.stdout + done.stderr)


class Guest(RunningServer):
    settings = {"plugins.enabled": "auth,store,probe_guest", "plugins.path": PLUGINS,
                "plugins.probe_guest.grants": GRANTS}

    def said(self, sql):
        answer = self.call("POST", "/guest/sql", {"text": sql})
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["said"]

    def test_it_reads_what_it_was_allowed_and_nothing_else(self):
        self.new_token()
        self.assertNotEqual(self.said("select id, email from users"), "0 rows")
        for sql in ("select password_hash from users", "select * from users", "select auth_password_hash(id) from users",
                    "update users set email = 'x'", "select token_hash from refresh_tokens",
                    "select private_key from auth_signing_keys", "select amount from transactions",
                    "select value from config", "select * from calixo_migrations"):
            self.assertEqual(self.said(sql), "42501", sql)

    def test_no_statement_makes_it_another(self):
        for sql in ("set role calixo_auth", "set local role calixo_auth", "set local \"role\" = calixo_auth",
                    "set session authorization calixo_auth", "reset role", "do $$ begin set role calixo_auth; end $$",
                    "with x as (select set_config('role', 'calixo_auth', true)) select query_to_xml("
                    "'select password_hash from users', true, true, '') from x",
                    "select U&\"set\\005fconfig\"('role', 'calixo_auth', true)",
                    "update pg_settings set setting = 'calixo_auth' where name = 'role'",
                    "explain analyze execute context('calixo_auth', '', '')"):
            self.assertIn(self.said(sql), ("0A000", "42501"), sql)
        self.assertEqual(self.said("select where current_user <> 'calixo_probe_guest'"), "0 rows")

    def test_doctor_says_what_is_enforced(self):
        done = self.server.command("doctor")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("keep each plugin in its own role", done.stdout)


if __name__ == "__main__":
    main()
