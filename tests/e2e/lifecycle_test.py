"""serve from start to end: what it prints, how it stops, what a kill leaves, how it reloads."""
import os
import pathlib
import signal
import threading
import unittest

from harness import BUILD, Calixo, banner, call, children_of, is_running, main, new_email, wait_until


def processes_of(server):
    """Every process below the server's, itself included."""
    found, pending = [], [server.process.pid]
    while pending:
        pid = pending.pop()
        found.append(pid)
        pending += children_of(pid)
    return found


class Lifecycle(unittest.TestCase):
    def setUp(self):
        self.server = Calixo(BUILD)
        self.addCleanup(self.server.remove)

    def wait_for_banner(self, times=1):
        return wait_until(lambda: self.server.output().count("Calixo is ready at") >= times and
                          banner(self.server.output()), 30, "the ready banner")

    def test_first_start_tells_addresses_and_the_administrator_once(self):
        self.server.start()
        told = self.wait_for_banner()
        self.assertEqual(told["url"], f"http://127.0.0.1:{self.server.port}")
        for name, path in [("document", "/api/openapi.json"), ("docs", "/docs")]:
            self.assertEqual(told[name], told["url"] + path)
            self.assertEqual(self.server.call("GET", path).status, 200)
        credentials = {"email": told["admin"], "password": told["password"]}
        signed_in = self.server.call("POST", "/auth/v1/token?grant_type=password", credentials)
        self.assertEqual(signed_in.status, 200, signed_in)
        self.assertEqual(signed_in.json()["user"]["app_metadata"]["role"], "admin")

        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.wait_for_banner(2)
        self.assertEqual(self.server.output().count(told["password"]), 1)
        self.assertEqual(self.server.output().count("First administrator"), 1)

    def test_termination_ends_every_process_with_status_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                self.server.start()
                processes = processes_of(self.server)
                self.assertGreater(len(processes), 3, "supervisor, worker, PostgreSQL and its children")
                self.server.process.send_signal(number)
                self.assertEqual(self.server.process.wait(30), 0, self.server.output()[-2000:])
                self.assertEqual([pid for pid in processes if is_running(pid)], [])

    def test_a_kill_of_the_server_leaves_nothing_in_the_way_of_the_next_start(self):
        self.server.start()
        email = new_email()
        self.server.sign_up(email)
        for _ in range(2):
            worker = self.server.worker()
            self.server.process.kill()
            self.server.process.wait()
            self.server.start()
            self.assertFalse(is_running(worker), "the killed server's worker still runs")
            answer = self.server.call("POST", "/auth/v1/token?grant_type=password",
                                      {"email": email, "password": "correct horse battery"})
            self.assertEqual(answer.status, 200, answer)

    def test_a_kill_of_everything_leaves_nothing_in_the_way_of_the_next_start(self):
        self.server.start()
        for pid in processes_of(self.server):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.server.process.wait()
        pid_file = self.server.data / "postgres/cluster/postmaster.pid"
        self.assertTrue(pid_file.exists(), "the kill should have left a stale pid file")
        self.server.start()
        self.assertEqual(self.server.call("GET", "/api/challenges").status, 200)

    def test_a_stale_pid_file_of_a_living_foreign_process_does_not_stop_the_start(self):
        self.server.start()
        self.assertEqual(self.server.stop(), 0)
        pid_file = self.server.data / "postgres/cluster/postmaster.pid"
        pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n\n\n\n")
        self.server.start()
        self.assertEqual(self.server.call("GET", "/api/challenges").status, 200)

    def test_a_crashed_worker_is_replaced(self):
        self.server.start()
        first = self.server.worker()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: first not in children_of(self.server.process.pid) and self.server.is_ready(), 30,
                   "another worker")
        self.assertEqual(self.server.call("GET", "/api/challenges").status, 200)

    def test_a_second_server_on_the_same_data_is_refused(self):
        self.server.start()
        second = Calixo(BUILD, data=self.server.data)
        done = second.command("serve")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(str(self.server.data), done.stderr + done.stdout)
        self.assertEqual(self.server.call("GET", "/api/challenges").status, 200)

    def test_a_taken_port_is_named(self):
        self.server.start()
        second = Calixo(BUILD, port=self.server.port)
        self.addCleanup(second.remove)
        done = second.command("serve")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(str(self.server.port), done.stderr)
        self.assertIn("http.port", done.stderr)

    def test_reload_loses_no_request(self):
        self.server.start()
        first, stop, seen = self.server.worker(), threading.Event(), []

        def client():
            while not stop.is_set():
                try:
                    seen.append(call(self.server.port, "GET", "/api/challenges?limit=1").status)
                except OSError as error:
                    seen.append(repr(error))

        threads = [threading.Thread(target=client) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(2):
                before = self.server.worker()
                self.server.process.send_signal(signal.SIGHUP)
                wait_until(lambda: not is_running(before), 60, "the end of the replaced worker")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertNotEqual(self.server.worker(), first)
        self.assertEqual(set(seen), {200})

    def test_data_stay_in_their_folder(self):
        self.server.start()
        self.assertEqual(self.server.stop(), 0)
        mode = pathlib.Path(self.server.data / "postgres").stat().st_mode & 0o777
        self.assertEqual(mode, 0o700)


if __name__ == "__main__":
    main()
