"""calixo validate: a sound plugin passes, and each flaw is found by the check that is there for it."""
import json
import os
import shutil
import signal
import subprocess
import unittest

from harness import BUILD, Postgres, is_running, main, make_folder, wait_until

PLUGINS = BUILD / "validate-plugins"
FLAWED = PLUGINS / "libcalixo_flawed.so"
# Flaw, the check that finds it, and words of what it says.
FLAWS = [
    ("crash_on_load", "entry", "SIGABRT"),
    ("open_table", "migrations", "flawed_notes"),
    ("changing_migration", "entry", "migrations[0].sha256"),
    ("broken_migration", "migrations", "syntax error"),
    ("changing_description", "entry", "routes[1].summary"),
    ("one_life", "lifecycle", "started before"),
    ("stop_rests_on_start", "lifecycle", "SIGABRT"),
    ("crash_on_failed_call", "failures", "db.run"),
    ("leaked_transaction", "failures", "left open"),
    ("ignored_commit", "failures", "all the same"),
    ("deaf_to_cancellation", "cancellation", "does not return"),
    ("unguarded_catch", "catch", "two requests"),
    ("deep_stack", "stack", "KiB of 1024 KiB"),
    ("stack_overflow", "stack", "fiber stack overflow in flawed GET /api/flawed/work"),
    ("held_loop", "loop", "held the event loop"),
    ("high_count_breaks", "inputs", "answered 500"),
    ("high_count_crashes", "inputs", "SIGABRT"),
    ("other_than_schema", "inputs", "lacks absent"),
]


class Validate(unittest.TestCase):
    """On one scratch server, so that no run makes a cluster of its own."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres(["fsync=off", "full_page_writes=off", "synchronous_commit=off"])
        cls.addClassCleanup(cls.postgres.remove)

    def validate(self, file, *words, flaw="", is_embedded=False):
        """The exit status and the rows."""
        database = [] if is_embedded else ["--set", f"database.url={self.postgres.url()}"]
        done = subprocess.run(
            [str(BUILD / "bin/calixo"), "validate", str(file), "--json", "--seconds", "0", "--seed", "7",
             "--set", f"plugins.path={BUILD}/test-plugins:{BUILD}/plugins", *database, *words],
            capture_output=True, text=True, timeout=300, check=False,
            env={**os.environ, "FLAW": flaw})
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(done.stdout)

    def test_a_sound_plugin_passes_every_check(self):
        status, rows = self.validate(FLAWED, is_embedded=True)
        self.assertEqual({row["result"] for row in rows}, {"pass"}, rows)
        self.assertEqual([row["check"] for row in rows],
                         ["entry", "manifest", "migrations", "lifecycle", "failures", "cancellation", "catch", "stack",
                          "loop", "inputs"])
        self.assertEqual(status, 0)

    def flawed(self, flaw):
        """The library as its maker would have built it with the flaw: its manifest is written with it."""
        folder = make_folder("flawed")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        file = shutil.copy(FLAWED, folder)
        subprocess.run([str(BUILD / "bin/calixo-manifest"), "--write", file], capture_output=True, check=False,
                       env={**os.environ, "FLAW": flaw})
        return file

    def test_each_flaw_is_found_by_the_check_that_is_there_for_it(self):
        for flaw, check, words in FLAWS:
            with self.subTest(flaw):
                status, rows = self.validate(self.flawed(flaw), "--check", check, flaw=flaw)
                found = [row for row in rows if row["check"] == check and row["result"] in ("FAIL", "warn")]
                self.assertTrue(found, rows)
                self.assertTrue(any(words in row["finding"] for row in found), found)
                self.assertTrue(all(row["way_out"] for row in found), found)
                warns_only = all(row["result"] != "FAIL" for row in rows)
                self.assertEqual(status, 0 if warns_only else 1)

    def test_a_crash_in_one_route_hides_nothing_of_the_others_and_is_told_once(self):
        _, rows = self.validate(FLAWED, "--check", "failures", flaw="leaked_transaction,stack_overflow")
        found = [(row["subject"], row["finding"]) for row in rows if row["result"] == "FAIL"]
        self.assertEqual(len(found), len(set(found)), found)
        self.assertTrue(any("left open" in finding for _, finding in found), found)
        self.assertEqual(len([one for one in found if "fiber stack overflow" in one[1]]), 1, found)

    def test_a_second_exported_symbol_is_named(self):
        status, rows = self.validate(PLUGINS / "libcalixo_exporting.so")
        self.assertEqual(status, 1)
        self.assertIn("exporting_helper", rows[0]["finding"])

    def test_plugins_it_stands_on_are_loaded_with_it(self):
        _, rows = self.validate(BUILD / "test-plugins/libcalixo_probe.so",
                                "--set", "plugins.enabled=auth,probe_ledger")
        self.assertIn("with 1 other plugin", rows[0]["finding"])
        by_check = {row["check"]: row for row in rows}
        self.assertEqual(by_check["catch"]["result"], "pass", rows)
        self.assertIn("GET /probe/hold", [row["subject"] for row in rows if row["check"] == "loop"])

    def test_the_seed_that_a_finding_names_finds_it_again(self):
        _, rows = self.validate(FLAWED, "--check", "inputs", flaw="high_count_breaks")
        [found] = [row for row in rows if row["check"] == "inputs"]
        seed = found["finding"].split("--seed ")[1].split(")")[0]
        _, again = self.validate(FLAWED, "--check", "inputs", "--seed", seed, flaw="high_count_breaks")
        self.assertIn(f"--seed {seed})", [row for row in again if row["check"] == "inputs"][0]["finding"])

    def test_data_that_handlers_need_are_prepared_once_the_plugins_have_migrated(self):
        folder = make_folder("prepare")
        self.addCleanup(lambda: (file.unlink(), folder.rmdir()))
        file = folder / "data.sql"
        file.write_text("insert into flawed_notes (text) values ('prepared')")
        self.assertEqual(self.validate(FLAWED, "--check", "loop", "--prepare", str(file))[0], 0)
        file.write_text("insert into nowhere values (1)")
        done = subprocess.run([str(BUILD / "bin/calixo"), "validate", str(FLAWED), "--prepare", str(file), "--set",
                               f"database.url={self.postgres.url()}"],
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere", done.stderr)

    def test_a_scratch_server_is_left_as_it_was(self):
        state = ("select count(*) || ' ' || (select count(*) from pg_roles) from pg_database")
        before = self.postgres.sql(state)
        self.validate(FLAWED, "--check", "loop")
        self.assertEqual(self.postgres.sql(state), before)

    def test_an_interrupted_run_leaves_nothing_behind(self):
        folder = make_folder("interrupted")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        process = subprocess.Popen([str(BUILD / "bin/calixo"), "validate", str(FLAWED), "--seconds", "600"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "TMPDIR": str(folder)})
        self.addCleanup(process.kill)
        wait_until(lambda: list(folder.glob("*/postgres/cluster/postmaster.pid")), 120, "its database")
        postmaster = int(next(folder.glob("*/postgres/cluster/postmaster.pid")).read_text().split()[0])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 130)
        self.assertEqual(list(folder.iterdir()), [])
        self.assertFalse(is_running(postmaster))

    def test_a_file_that_is_no_plugin_ends_with_its_entry(self):
        status, rows = self.validate(BUILD / "bin/calixo")
        self.assertEqual(status, 1)
        self.assertEqual({row["result"] for row in rows[1:]}, {"not run"})


if __name__ == "__main__":
    main()
