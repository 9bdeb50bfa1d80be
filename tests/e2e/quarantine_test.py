"""A plugin that takes its worker down: who is blamed, what becomes of the worker, when it is left out."""
import unittest

from harness import main, wait_until
from hostile import HostileServer, Neighbours, settings

LIMIT_MS = 1000


class Crashes(unittest.TestCase):
    def started(self, *plugins, hostile="", required=(), **more):
        server = HostileServer(settings(*plugins, required=required, **more), hostile)
        self.addCleanup(server.remove)
        return server.start()

    def crash(self, server, path, *line):
        """One request that costs the worker; the next worker is up, and the log names who it was."""
        before, lines = server.worker(), len(server.log_lines("worker crashed", *line))
        self.assertTrue(server.lose(path), f"{path} was answered")
        server.wait_for_log("worker crashed", *line, times=lines + 1)
        wait_until(lambda: server.is_ready() and server.worker() != before, 60, "another worker")

    def test_a_crash_names_plugin_and_route_whatever_it_is(self):
        server = self.started("hostile", "hostile_c", required=("hostile", "hostile_c"))
        with Neighbours(server, with_crashes=True) as neighbours:
            for path, what, route in (
                    ("/hostile/do/null_write", "invalid memory access", "GET /hostile/do/{how}"),
                    ("/hostile/do/overflow", "fiber stack overflow", "GET /hostile/do/{how}"),
                    ("/hostile/do/abort", "abort", "GET /hostile/do/{how}"),
                    ("/hostile/do/exit", "exit", "GET /hostile/do/{how}"),
                    ("/hostile/thread/null_write", "invalid memory access", "GET /hostile/thread/{how}")):
                with self.subTest(path=path):
                    self.crash(server, path, "plugin=hostile ", what, route)
            # The host's code stumbles over the plugin's view: the plugin is named.
            self.crash(server, "/caller/wild", "plugin=hostile_c ", "GET /caller/wild")
            # One plugin's request, in another's code: the one whose code it was is named.
            self.crash(server, "/caller/call", "plugin=hostile ", "GET /caller/call")
        self.assertEqual(neighbours.wrong, [])
        self.assertGreater(neighbours.answered, 0)
        # Required plugins are never left out; readiness and metrics tell.
        self.assertEqual(server.readiness()["quarantined"], [])
        self.assertGreaterEqual(server.readiness()["crashes"]["hostile"], 3)
        self.assertEqual(server.metric('calixo_plugin_crashes_total{plugin="hostile"}'), 6)

    def test_the_third_crash_within_a_minute_quarantines_an_optional_plugin_until_a_reload(self):
        server = self.started("hostile", **{"http.loops": "2"})
        with Neighbours(server, with_crashes=True) as neighbours:
            for _ in range(3):
                self.assertEqual(server.call("GET", "/hostile/ok").status, 200)
                self.crash(server, "/hostile/do/null_write", "plugin=hostile ")
            server.wait_for_log("plugin quarantined", "plugin=hostile ", "calixo reload")
            for path in ("/hostile/ok", "/hostile/do/null_write"):
                answer = server.call("GET", path)
                self.assertEqual((answer.status, answer.json()["code"]), (503, "plugin_quarantined"))
                self.assertTrue(answer.headers["Retry-After"])
            self.assertEqual(server.call("GET", "/readyz").status, 200)
            self.assertEqual(server.readiness()["quarantined"], ["hostile"])
            self.assertEqual(server.metric('calixo_plugin_quarantined{plugin="hostile"}'), 1)
            self.assertEqual(server.metric('calixo_plugin_quarantined{plugin="auth"}'), 0)

            done = server.command("reload")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(server.call("GET", "/hostile/ok").status, 200)
            self.assertEqual(server.readiness()["quarantined"], [])
        self.assertEqual(neighbours.wrong, [])

    def test_a_crash_before_the_first_request_counts_as_well(self):
        for step in ("load", "describe", "configure", "start"):
            with self.subTest(step=step):
                server = self.started("hostile", hostile=f"{step}:null_write")
                server.wait_for_log("worker crashed", "plugin=hostile ", f"hostile {step}", times=3)
                self.assertEqual(server.readiness()["quarantined"], ["hostile"])
                self.assertEqual(server.call("GET", "/api/challenges").status, 200)
                if step in ("load", "describe"):  # the steps that doctor runs
                    said, status = server.doctor()
                    self.assertIn(f"invalid memory access in hostile {step}", said)
                    self.assertNotEqual(status, 0)
                self.assertEqual(server.stop(), 0)

    def test_a_start_that_comes_to_no_end_counts_as_a_crash(self):
        server = self.started("hostile", hostile="start:spin", **{"plugins.step_limit_ms": "500"})
        server.wait_for_log("worker crashed", "plugin=hostile ", "no end after 500 ms", "hostile start", times=3)
        self.assertEqual(server.readiness()["quarantined"], ["hostile"])

    def test_an_end_that_comes_to_no_end_is_named_and_ended(self):
        server = self.started("hostile", hostile="stop:spin", **{"plugins.step_limit_ms": "500"})
        self.assertEqual(server.call("GET", "/hostile/ok").status, 200)
        self.assertEqual(server.stop(60), 0)
        self.assertIn("no end after 500 ms in hostile stop", server.output())

    def test_a_plugin_that_a_required_one_needs_comes_back(self):
        """Without it the server could not start at all."""
        server = self.started("hostile", "probe_lean", required=("probe_lean",))
        for _ in range(3):
            self.crash(server, "/hostile/do/null_write", "plugin=hostile ")
        server.wait_for_log("taken back from quarantine", "probe_lean")
        self.assertEqual(server.readiness()["quarantined"], [])
        self.assertEqual(server.call("GET", "/hostile/ok").status, 200)

    def test_a_handler_that_never_gives_its_loop_back_costs_the_loop_alone(self):
        for path in ("/hostile/do/spin", "/hostile/wait"):
            with self.subTest(path=path):
                server = self.started("hostile", **{"runtime.loop_stuck_limit_ms": LIMIT_MS, "http.loops": "2",
                                                    "http.request_deadline_ms": "500"})
                before = server.worker()
                with Neighbours(server, with_crashes=True) as neighbours:
                    self.assertTrue(server.lose(path))
                    route = path.replace("/do/spin", "/do/{how}")
                    server.wait_for_log("loop stuck", f"hostile GET {route}")
                    server.wait_for_log("worker stuck", "plugin=hostile ", f"GET {route}")
                    server.wait_for_log("worker replaced")
                    wait_until(lambda: server.is_ready() and server.worker() != before, 60, "another worker")
                self.assertEqual(neighbours.wrong, [])
                self.assertGreater(neighbours.answered, 0)
                self.assertEqual(server.metric('calixo_plugin_crashes_total{plugin="hostile"}'), 1)
                self.assertEqual(server.stop(60), 0)


if __name__ == "__main__":
    main()
