"""What plugins get through the SDK on the real host: streams, threads, waits, services, denials."""
import http.client
import socket
import threading
import unittest

from harness import BUILD, RunningServer, main, wait_until

PART_BYTES = 64 * 1024


class PluginContract(RunningServer):
    settings = {"plugins.enabled": "auth,probe_ledger,probe",
                "plugins.path": f"{BUILD}/test-plugins:{BUILD}/plugins"}

    def worker_memory_kib(self):
        for line in open(f"/proc/{self.server.worker()}/status", encoding="ascii"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    def events(self):
        """A connection whose event stream has begun."""
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        stream.sendall(b"GET /probe/events HTTP/1.1\r\nHost: x\r\n\r\n")
        self.read_until(stream, b": welcome")
        return stream

    def read_until(self, stream, wanted):
        received = b""
        while wanted not in received:
            part = stream.recv(65536)
            self.assertTrue(part, f"the stream ended before {wanted!r}: {received[-300:]!r}")
            received += part
        return received

    def test_a_body_larger_than_memory_limits_is_read_in_parts(self):
        parts = 64
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("PUT", "/probe/upload", (b"\x01" * PART_BYTES for _ in range(parts)),
                           {"Content-Type": "application/octet-stream"}, encode_chunked=True)
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.read(), b'{"bytes":%d,"sum":%d}' % (parts * PART_BYTES, parts * PART_BYTES))

    def test_a_slow_reader_holds_back_the_writer_not_the_memory(self):
        before = self.worker_memory_kib()
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        self.addCleanup(stream.close)
        stream.sendall(b"GET /probe/download?parts=2000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.read_until(stream, b"xxxx")
        # Others are served meanwhile, and 125 MiB do not pile up.
        for _ in range(20):
            self.assertEqual(self.call("GET", "/healthz").status, 200)
        self.assertLess(self.worker_memory_kib() - before, 16 * 1024)
        received = 0
        while part := stream.recv(1 << 20):
            received += len(part)
        self.assertGreater(received, 1990 * PART_BYTES)

    def test_a_parked_answer_holds_no_fiber_and_gets_what_is_sent_later(self):
        at_rest = self.server.metric("calixo_fibers_in_flight")
        streams = [self.events() for _ in range(50)]
        wait_until(lambda: self.server.metric("calixo_http_streams_parked") >= 50, 10, "50 parked streams")
        # Plugins' jobs may have begun meanwhile, a fiber each.
        self.assertLess(self.server.metric("calixo_fibers_in_flight"), at_rest + 10)
        self.assertEqual(self.call("POST", "/probe/publish", {"text": "hello"}).json()["bytes"], 50)
        for stream in streams:
            self.read_until(stream, b"data: hello")
            stream.close()
        wait_until(lambda: self.server.metric("calixo_http_streams_parked") == 0, 10, "the end of the streams")

    def test_two_fibers_that_wait_in_catch_blocks_keep_their_own_exceptions(self):
        answers = {}

        def ask(name):
            answers[name] = self.call("POST", "/probe/catch", {"text": name}).json()["text"]

        names = [f"fault-{number}" for number in range(32)]
        threads = [threading.Thread(target=ask, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, {name: name for name in names})

    def test_the_watchdog_names_the_plugin_and_route_that_held_a_loop(self):
        self.assertEqual(self.call("GET", "/probe/hold").status, 204)
        wait_until(lambda: "probe GET /probe/hold" in self.server.output(), 10, "the watchdog's line")
        self.assertGreater(self.server.metric("calixo_loop_blocked_total"), 0)

    def test_a_handler_on_a_worker_thread_may_block_and_use_the_database(self):
        self.assertEqual(self.call("GET", "/probe/thread").json(), {"text": "from a thread"})

    def test_no_detail_of_a_failure_reaches_the_client(self):
        for path in ("/probe/sql", "/probe/fail"):
            answer = self.call("GET", path)
            self.assert_problem(answer, 500, "internal")
            for secret in (b"nonsense", b"nowhere", b"secret detail", b"42703"):
                self.assertNotIn(secret, answer.body)

    def test_a_service_works_in_its_callers_transaction_under_its_own_role(self):
        count = self.call("GET", "/probe/notes").json()["bytes"]
        self.assertEqual(self.call("POST", "/probe/notes", {"amount": 5}).status, 204)
        self.assertEqual(self.call("GET", "/probe/notes").json()["bytes"], count + 1)
        # The ledger's own constraint refuses, the caller's later failure undoes: no note stays.
        self.assert_problem(self.call("POST", "/probe/notes", {"amount": -5}), 422, "ledger_refused")
        self.assert_problem(self.call("POST", "/probe/notes", {"amount": 5, "fail_after": True}),
                            409, "failed_after")
        self.assertEqual(self.call("GET", "/probe/notes").json()["bytes"], count + 1)

    def test_a_savepoint_undoes_its_own_part_alone(self):
        count = self.call("GET", "/probe/notes").json()["bytes"]
        self.assertEqual(self.call("POST", "/probe/savepoint").status, 204)
        self.assertEqual(self.call("GET", "/probe/notes").json()["bytes"], count + 2)

    def test_the_database_denies_a_plugin_anothers_table(self):
        self.assert_problem(self.call("GET", "/probe/peek"), 500, "internal")
        wait_until(lambda: "42501" in self.server.output(), 10, "the denial in the log")


if __name__ == "__main__":
    main()
