"""A plugin that breaks the contract in a living worker: the client's answer, what the operator sees, and
that everybody else is served."""
import pathlib
import socket
import unittest

from harness import BUILD, main, wait_until
from hostile import HostileServer, Neighbours, settings


class InAHandler(unittest.TestCase):
    """One server for all that leaves the worker alive."""

    @classmethod
    def setUpClass(cls):
        cls.server = HostileServer(settings("hostile", "hostile_c"))
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()
        cls.worker = cls.server.worker()

    def setUp(self):
        neighbours = Neighbours(self.server)
        neighbours.__enter__()
        self.addCleanup(self.check_neighbours, neighbours)

    def check_neighbours(self, neighbours):
        wait_until(lambda: neighbours.answered > 3, 30, "the neighbours' answers")
        neighbours.__exit__()
        self.assertEqual(neighbours.wrong, [])
        self.assertEqual(self.server.worker(), self.worker, "the worker died")

    def ask(self, path):
        return self.server.call("GET", path, headers={"Accept-Language": "en"})

    def assert_failure(self, path, status, code):
        answer = self.ask(path)
        self.assertEqual((answer.status, answer.json().get("code")), (status, code), answer)
        self.assertNotIn(b"hostile reason", answer.body)

    def test_an_exception_through_the_hosts_frames_is_a_500_and_a_log_line(self):
        for path in ("/hostile/do/throw_std", "/hostile/do/throw_int", "/hostile/thread/throw_std",
                     "/hostile/thread/throw_int"):
            self.assert_failure(path, 500, "internal")
        self.server.wait_for_log("handler failed", "hostile GET /hostile/do/{how}", "a hostile reason")
        self.server.wait_for_log("handler failed", "hostile GET /hostile/thread/{how}", "no standard type")

    def test_a_handler_without_an_answer_is_a_500_with_a_code_of_its_own(self):
        self.assert_failure("/hostile/silent", 500, "no_answer")
        self.server.wait_for_log("handler gave no answer", "hostile GET /hostile/silent")

    def test_of_two_answers_the_first_stands_and_the_second_is_told(self):
        self.assertEqual(self.ask("/hostile/twice").body, b"first")
        self.server.wait_for_log("second answer refused", "hostile GET /hostile/twice")

    def test_an_answer_beyond_the_limit_is_refused(self):
        self.assert_failure("/hostile/huge", 500, "answer_too_large")
        self.server.wait_for_log("answer too large", "hostile GET /hostile/huge", "http.answer_bytes_max")

    def test_a_huge_piece_of_a_stream_is_sent_as_the_client_takes_it(self):
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        self.addCleanup(stream.close)
        stream.sendall(b"GET /hostile/huge_stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = len(stream.recv(1 << 16))
        self.assertGreater(received, 0)
        # 100 MiB are the plugin's own; the host must not hold them once more.
        status = pathlib.Path(f"/proc/{self.worker}/status").read_text()
        resident_kib = int(status.split("VmRSS:")[1].split()[0])
        self.assertLess(resident_kib, 190 * 1024)
        while part := stream.recv(1 << 20):
            received += len(part)
        self.assertGreater(received, 100 * 1024 * 1024)

    def test_a_wait_for_ever_ends_with_the_deadline_and_leaves_no_fiber(self):
        at_rest = self.server.metric("calixo_fibers_in_flight")
        self.assert_failure("/hostile/sleep", 503, "deadline_exceeded")
        self.assertEqual(self.ask("/hostile/lock").body, b"locked, and kept")
        for _ in range(10):
            self.assert_failure("/hostile/lock", 503, "deadline_exceeded")
        wait_until(lambda: self.server.metric("calixo_fibers_in_flight") < at_rest + 8, 30, "the end of the fibers")

    def test_a_blocked_loop_is_named_and_others_accept_in_its_place(self):
        self.assertEqual(self.ask("/hostile/block").body, b"blocked")
        self.server.wait_for_log("loop blocked", "hostile GET /hostile/block")
        self.assertGreater(self.server.metric("calixo_loop_blocked_total"), 0)

    def test_an_exception_of_a_problem_renderer_leaves_the_hosts_shape(self):
        self.assert_failure("/hostile/render", 409, "hostile_conflict")
        self.server.wait_for_log("plugin callback failed", "problem renderer", "from a renderer")

    def test_an_exception_of_a_stream_callback_is_told(self):
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        stream.sendall(b"GET /hostile/park HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        while b": parked" not in received:
            received += stream.recv(4096)
        stream.close()
        self.server.wait_for_log("plugin callback failed", "hostile GET /hostile/park", "no standard type")

    def test_an_exception_of_blocking_work_is_told_to_its_caller(self):
        self.assertEqual(self.ask("/hostile/worker").body, b"told")
        self.server.wait_for_log("plugin callback failed", "hostile run_blocking", "from a worker thread")

    def test_null_pointers_and_wrong_sizes_are_refused(self):
        self.assertEqual(self.ask("/caller/nonsense").body, b"8")


class InAStep(unittest.TestCase):
    """What misbehaves before or after the serving."""

    def started(self, hostile, *plugins):
        server = HostileServer(settings(*plugins), hostile)
        self.addCleanup(server.remove)
        return server.start()

    def assert_left_out(self, server, plugin, *reason):
        server.wait_for_log("plugin failed", plugin, *reason)
        self.assertEqual(server.call("GET", "/api/challenges").status, 200)
        self.assertEqual(server.metric(f'calixo_plugin_info{{plugin="{plugin}"'), 0)

    def test_an_exception_of_a_step_fails_that_plugin_alone(self):
        for step in ("describe", "configure", "start"):
            for how, reason in (("throw_std", "a hostile reason"), ("throw_int", "no standard type")):
                with self.subTest(step=step, how=how):
                    server = self.started(f"{step}:{how}", "hostile")
                    self.assert_left_out(server, "hostile", f"{step}: ", reason)
                    self.assertEqual(server.call("GET", "/hostile/ok").status, 404)
                    if step == "describe":
                        self.assertIn(reason, server.doctor()[0])
                    self.assertEqual(server.stop(), 0)

    def test_an_exception_of_drain_or_stop_does_not_keep_the_server_from_its_end(self):
        for step in ("drain", "stop"):
            with self.subTest(step=step):
                server = self.started(f"{step}:throw_std", "hostile")
                self.assertEqual(server.call("GET", "/hostile/ok").status, 200)
                self.assertEqual(server.stop(), 0)
                server.wait_for_log("plugin callback failed", f"hostile {step}", "a hostile reason")
                server.wait_for_log("stopped")

    def test_an_exception_of_a_command_is_its_failure(self):
        server = HostileServer(settings("hostile"))
        self.addCleanup(server.remove)
        done = server.command("hostile", "throw")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("a hostile command", done.stderr)

    def test_a_migration_that_fails_fails_its_plugin_alone(self):
        plugins = ("hostile_broken", "hostile_alter", "hostile_drop", "hostile_insert")
        server = self.started("", *plugins)
        self.assert_left_out(server, "hostile_broken", "migrate: hostile_broken/0001_hostile.sql", "[42601]")
        for plugin in plugins[1:]:
            self.assert_left_out(server, plugin, f"migrate: {plugin}/0001_hostile.sql", "[42501]")
        for plugin in plugins:
            self.assertEqual(server.call("GET", f"/{plugin}").status, 404)
        self.assertTrue(server.sign_up("untouched@example.org")["access_token"])

    def test_a_registration_that_breaks_the_contract_is_refused_with_its_reason(self):
        for how, reason in (("null_route", "the struct is NULL"), ("bad_size", "at least")):
            with self.subTest(how=how):
                server = self.started(how, "hostile_c")
                self.assert_left_out(server, "hostile_c", reason)

    def test_a_duplicate_route_leaves_out_the_plugin_that_came_second(self):
        given = settings("probe_rival", **{"plugins.path": f"{BUILD}/plugins:{BUILD}/e2e-plugins"})
        server = HostileServer(given)
        self.addCleanup(server.remove)
        server.start()
        self.assert_left_out(server, "probe_rival", "/api/challenges", "challenges")
        self.assertIn("items", server.call("GET", "/api/challenges").json())
        said, status = server.check()
        self.assertIn("probe_rival", said)
        self.assertNotEqual(status, 0)


if __name__ == "__main__":
    main()
