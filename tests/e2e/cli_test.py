"""The operator's commands: help everywhere, tables for people, JSON for programs, statuses for scripts."""
import json
import shutil

from harness import ROOT, BUILD, Calixo, RunningServer, main, make_folder

COMMANDS = [
    "serve", "check", "doctor", "migrate status", "migrate up", "migrate plan", "plugins list", "plugins inspect", "config list",
    "config get", "config set", "config check", "routes", "openapi", "users create-admin",
    "validate", "pack", "plugins install", "dev",
    "new plugin", "new challenge-type",
]
JSON_COMMANDS = [
    "check", "doctor", "migrate status", "migrate up", "migrate plan", "plugins list", "config list",
    "config get http.port", "config check", "routes", "openapi",
]


class Cli(RunningServer):
    def run_command(self, words, status=0):
        done = self.server.command(*words.split())
        self.assertEqual(done.returncode, status, f"{words}: {done.stdout}{done.stderr}")
        return done

    def test_every_command_explains_itself(self):
        overview = self.run_command("--help").stdout
        for words in COMMANDS:
            with self.subTest(words):
                done = self.server.command(*words.split(), "--help")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(f"calixo {words}", done.stdout)
                self.assertIn(words, overview)

    def test_every_answer_is_json_on_request(self):
        for words in JSON_COMMANDS:
            with self.subTest(words):
                done = self.run_command(f"{words} --json")
                json.loads(done.stdout or "null")

    def test_unknown_words_name_the_nearest_command(self):
        done = self.server.command("migrate", "statsu")
        self.assertEqual(done.returncode, 2)
        self.assertIn("migrate status", done.stderr)
        self.assertEqual(self.server.command("check", "--jsno").returncode, 2)

    def test_migrations_are_all_applied_and_nothing_is_planned(self):
        rows = json.loads(self.run_command("migrate status --json").stdout)
        self.assertGreater(len(rows), 5)
        self.assertEqual({row["state"] for row in rows}, {"applied"})
        self.assertEqual(json.loads(self.run_command("migrate plan --json").stdout), [])

    def test_plugins_are_listed_with_their_state(self):
        rows = {row["id"]: row for row in json.loads(self.run_command("plugins list --json").stdout)}
        self.assertLessEqual({"auth", "challenges", "social", "avatar", "store"}, rows.keys())
        self.assertGreater(rows["auth"]["routes"], 5)
        self.assertIn("auth", self.run_command("plugins list").stdout)

    def test_values_tell_where_they_come_from(self):
        row = json.loads(self.run_command("config get http.port --json").stdout)
        self.assertEqual((row["value"], row["origin"]), (str(self.server.port), "--set"))
        self.assertEqual(self.run_command("config get log.level").stdout.strip(), "info")

    def test_secrets_are_never_shown(self):
        self.server.settings["database.url"] = "host=/nowhere password=hunter2"
        self.addCleanup(self.server.settings.pop, "database.url")
        for words in ("config list", "config get database.url", "check", "doctor", "config check"):
            done = self.server.command(*words.split())
            self.assertNotIn("hunter2", done.stdout + done.stderr, words)

    def test_a_runtime_key_is_set_for_the_running_server(self):
        self.run_command("config set auth.password_length_min 12")
        self.addCleanup(self.run_command, "config set auth.password_length_min 8")
        from harness import wait_until
        wait_until(lambda: self.call("GET", "/api/config").json()["auth.password_length_min"] == 12, 20, "the new value")
        refused = self.run_command("config set auth.password_length_min 1000", status=1)
        self.assertIn("128", refused.stderr)

    def test_a_boot_key_is_set_in_the_file(self):
        folder = make_folder("config")
        self.addCleanup(shutil.rmtree, folder)
        file = folder / "calixo.properties"
        shutil.copy(ROOT / "config/calixo.properties", file)
        other = Calixo(BUILD, config=file)
        self.addCleanup(other.remove)
        done = other.command("config", "set", "http.idle_timeout_ms", "60000")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(other.command("config", "get", "http.idle_timeout_ms").stdout.strip(), "60000")

    def test_an_administrator_is_made_and_can_sign_in(self):
        done = self.run_command("users create-admin --email chief@example.org --json")
        made = json.loads(done.stdout)
        signed_in = self.call("POST", "/auth/v1/token?grant_type=password",
                              {"email": "chief@example.org", "password": made["password"]})
        self.assertEqual(signed_in.status, 200, signed_in)
        self.assertEqual(signed_in.json()["user"]["app_metadata"]["role"], "admin")

    def test_check_changes_nothing_on_an_empty_folder(self):
        other = Calixo(BUILD)
        self.addCleanup(other.remove)
        self.assertEqual(other.command("check").returncode, 0)
        self.assertEqual([path.name for path in other.data.iterdir()], [])


if __name__ == "__main__":
    main()
