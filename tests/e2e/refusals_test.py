"""What must not start does not start, and says what is wrong and how to mend it."""
import os
import shutil
import subprocess
import unittest

from harness import BUILD, ROOT, Calixo, Postgres, main, make_folder

PLUGINS = f"{BUILD}/plugins:{BUILD}/e2e-plugins"


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = Postgres(["fsync=off"])
        cls.addClassCleanup(cls.database.remove)

    def refused(self, settings=None, environment=None, lines=()):
        """What serve says before it ends by itself; check must say the same."""
        folder = make_folder("refused")
        self.addCleanup(shutil.rmtree, folder)
        config = folder / "calixo.properties"
        default = ROOT / "config/calixo.properties"
        config.write_text((default.read_text() if default.exists() else "") + "\n" + "\n".join(lines) + "\n")
        database = f"refusals_{abs(hash(self.id() + str(settings)))}"
        self.database.sql(f"drop database if exists {database}")
        self.database.sql(f"create database {database}")
        server = Calixo(BUILD, {"database.url": self.database.url(database), **(settings or {})},
                        data=folder, config=config)
        said = []
        for command in ("serve", "check"):
            done = subprocess.run([server.binary, command, *server.options], capture_output=True, text=True,
                                  env={**os.environ, **(environment or {})}, timeout=60, check=False)
            self.assertNotEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
            self.assertNotIn("Calixo is ready", done.stdout)
            said.append(done.stdout + done.stderr)
        return said

    def assert_said(self, said, *words):
        for text in said:
            for word in words:
                self.assertIn(word, text)

    def test_an_unknown_key_names_the_nearest_wherever_it_stands(self):
        self.assert_said(self.refused({"http.prot": 1}), "http.prot", "http.port")
        self.assert_said(self.refused(lines=["http.idle_timeout = 1"]), "http.idle_timeout", "http.idle_timeout_ms")
        self.assert_said(self.refused(environment={"CALIXO_HTTP_PROT": "1"}), "CALIXO_HTTP_PROT", "CALIXO_HTTP_PORT")

    def test_a_plugins_unknown_key_names_the_nearest(self):
        self.assert_said(self.refused({"auth.access_token_lifetime": 60}), "auth.access_token_lifetime_s")

    def test_a_wrong_value_names_the_key_and_what_it_may_be(self):
        self.assert_said(self.refused({"http.port": "many"}), "http.port")
        self.assert_said(self.refused({"http.port": 70_000}), "http.port", "65535")
        self.assert_said(self.refused({"log.level": "loud"}), "log.level", "debug")
        self.assert_said(self.refused({"auth.access_token_lifetime_s": 1}), "auth.access_token_lifetime_s", "60")

    def test_a_missing_plugin_file_is_named(self):
        said = self.refused({"plugins.enabled": "auth,horoscope"})
        self.assert_said(said, "horoscope", "plugins.path")

    def test_a_file_that_is_no_library_is_named(self):
        folder = make_folder("plugins")
        self.addCleanup(shutil.rmtree, folder)
        (folder / "libcalixo_broken.so").write_text("no library")
        said = self.refused({"plugins.enabled": "auth,broken", "plugins.path": f"{BUILD}/plugins:{folder}"})
        self.assert_said(said, "broken")

    def test_a_library_that_is_no_plugin_is_named(self):
        folder = make_folder("plugins")
        self.addCleanup(shutil.rmtree, folder)
        source = folder / "foreign.c"
        source.write_text("int foreign(void) { return 1; }\n")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", folder / "libcalixo_foreign.so", source], check=True)
        said = self.refused({"plugins.enabled": "auth,foreign", "plugins.path": f"{BUILD}/plugins:{folder}"})
        self.assert_said(said, "foreign", "calixo_plugin_entry")

    def test_a_circle_of_dependencies_is_named(self):
        said = self.refused({"plugins.enabled": "auth,probe_circle_a,probe_circle_b", "plugins.path": PLUGINS})
        self.assert_said(said, "probe_circle_a -> probe_circle_b")

    def test_a_missing_dependency_is_named(self):
        said = self.refused({"plugins.enabled": "auth,probe_lonely", "plugins.path": PLUGINS})
        self.assert_said(said, "probe_lonely", "probe_absent", "plugins.enabled")

    def test_a_route_that_two_plugins_want_names_both(self):
        said = self.refused({"plugins.enabled": "auth,challenges,probe_rival", "plugins.path": PLUGINS})
        self.assert_said(said, "probe_rival", "challenges", "/api/challenges")

    def test_a_plugin_that_is_not_required_is_left_out(self):
        server = Calixo(BUILD, {"plugins.enabled": "auth,challenges,probe_lonely", "plugins.path": PLUGINS,
                                "plugins.probe_lonely.required": "false"})
        self.addCleanup(server.remove)
        server.start()
        self.assertEqual(server.call("GET", "/api/challenges").status, 200)
        self.assertEqual(server.call("GET", "/api/probe_lonely").status, 404)
        self.assertIn("probe_absent", server.output())

    def test_an_unreachable_database_is_told_by_check(self):
        server = Calixo(BUILD, {"database.url": "host=/nowhere/at/all user=calixo password=hunter2"})
        self.addCleanup(server.remove)
        done = server.command("check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no connection to the database", done.stdout + done.stderr)
        self.assertNotIn("hunter2", done.stdout + done.stderr)

    def test_a_file_that_can_not_be_read_is_named(self):
        server = Calixo(BUILD)
        self.addCleanup(server.remove)
        done = subprocess.run([server.binary, "check", "--config", "/nowhere/calixo.properties"],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/nowhere/calixo.properties", done.stderr)


if __name__ == "__main__":
    main()
