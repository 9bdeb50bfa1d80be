"""Requests that are no HTTP, or could be read in two ways: 400 and the end of the connection, never a
second reading of what follows. Requests past a limit get the status that says so."""
import socket

from harness import RunningServer, main, wait_until
from raw_http import exchange, statuses

FOLLOWING = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /auth/v1/token?grant_type=password HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

MALFORMED = {
    "conflicting Content-Length": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "repeated Content-Length": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "listed Content-Length": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "signed Content-Length": POST + b"Content-Length: +2\r\n\r\n{}",
    "negative Content-Length": POST + b"Content-Length: -1\r\n\r\n{}",
    "hexadecimal Content-Length": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "empty Content-Length": POST + b"Content-Length: \r\n\r\n{}",
    "overflowing Content-Length": POST + b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "Content-Length with Transfer-Encoding":
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding with Content-Length":
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "repeated Transfer-Encoding":
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "folded header": GET + b"X-A: b\r\n c\r\n\r\n",
    "folded header by a tab": GET + b"X-A: b\r\n\tc\r\n\r\n",
    "bare LF after the request line": b"GET /healthz HTTP/1.1\nHost: a\r\n\r\n",
    "bare LF after a header": GET + b"X-A: b\nX-C: d\r\n\r\n",
    "bare LF at the head's end": GET + b"\n",
    "bare CR in a value": GET + b"X-A: b\rc\r\n\r\n",
    "bare CR after the request line": b"GET /healthz HTTP/1.1\rHost: a\r\n\r\n",
    "space before the colon": GET + b"X-A : b\r\n\r\n",
    "tab before the colon": GET + b"X-A\t: b\r\n\r\n",
    "space before a name": GET + b"\r\n".join([b" X-A: b", b"", b""]),
    "no name": GET + b": b\r\n\r\n",
    "no colon": GET + b"X-A\r\n\r\n",
    "NUL in a value": GET + b"X-A: b\0c\r\n\r\n",
    "NUL in a name": GET + b"X\0A: b\r\n\r\n",
    "control byte in a value": GET + b"X-A: b\x01c\r\n\r\n",
    "DEL in a value": GET + b"X-A: b\x7fc\r\n\r\n",
    "control byte in the target": b"GET /health\x01z HTTP/1.1\r\nHost: a\r\n\r\n",
    "NUL in the target": b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "space in the target": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "missing Host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "repeated Host": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no method": b" /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "method that is no token": b"G(T /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "no target": b"GET  HTTP/1.1\r\nHost: a\r\n\r\n",
    "relative target": b"GET healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "no version": b"GET /healthz\r\nHost: a\r\n\r\n",
    "version that is none": b"GET /healthz HTTQ/1.1\r\nHost: a\r\n\r\n",
    "chunk size that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
    "empty chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n",
    "signed chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n",
    "prefixed chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
    "overflowing chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff2\r\n{}\r\n0\r\n\r\n",
    "chunk ended by bare LF": POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
    "chunk longer than its size": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
}


class Malformed(RunningServer):
    settings = {"http.header_timeout_ms": 1500, "http.body_timeout_ms": 1500}

    def test_each_is_400_and_the_end_of_the_connection(self):
        for name, request in MALFORMED.items():
            with self.subTest(name):
                received = exchange(self.server.port, request + FOLLOWING, half_close=False)
                self.assertEqual(statuses(received), [400], received[:400])
                self.assertRegex(received, rb"(?i)\r\nconnection: close\r\n")

    def test_what_only_looks_odd_is_served(self):
        served = {
            "absolute-form target": b"GET http://a/healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "empty value": GET + b"X-A:\r\nConnection: close\r\n\r\n",
            "spaces around a value": GET + b"X-A: \t b \t\r\nConnection: close\r\n\r\n",
            "bytes beyond ASCII in a value": GET + b"X-A: \xc3\xb1\r\nConnection: close\r\n\r\n",
        }
        for name, request in served.items():
            with self.subTest(name):
                received = exchange(self.server.port, request, half_close=False)
                self.assertEqual(statuses(received), [200], received[:400])

    def test_pipelined_requests_are_answered_in_order(self):
        received = exchange(self.server.port, FOLLOWING + b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + FOLLOWING)
        self.assertEqual(statuses(received), [200, 404, 200], received[:600])

    def test_too_large_a_head_is_431(self):
        received = exchange(self.server.port, GET + b"X-A: " + b"b" * 20_000 + b"\r\n\r\n", half_close=False)
        self.assertEqual(statuses(received), [431], received[:400])

    def test_too_large_a_body_is_413_before_it_is_sent(self):
        received = exchange(self.server.port, POST + b"Content-Length: 2000000\r\n\r\n", half_close=False)
        self.assertEqual(statuses(received), [413], received[:400])

    def test_too_large_a_chunked_body_is_413(self):
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        received = exchange(self.server.port, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 20)
        self.assertIn(statuses(received), ([413], []), received[:400])

    def test_a_head_or_body_that_never_ends_is_408(self):
        for unfinished in (GET, POST + b"Content-Length: 10\r\n\r\n{"):
            received = exchange(self.server.port, unfinished, half_close=False)
            self.assertEqual(statuses(received), [408], received[:400])

    def test_a_client_that_trickles_bytes_is_ended_all_the_same(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
            def is_ended():
                try:
                    connection.sendall(b"X")
                except OSError:
                    return True
                connection.settimeout(0.05)
                try:
                    return connection.recv(4096) is not None
                except TimeoutError:
                    return False
                except OSError:
                    return True
            wait_until(is_ended, 20, "the end of a head that trickles")

    def test_wrong_methods_and_media_are_told(self):
        refused = self.call("DELETE", "/api/challenges")
        self.assertEqual(refused.status, 405)
        self.assertIn("GET", refused.headers["Allow"])
        self.assertEqual(self.call("GET", "/api/nothing").status, 404)
        token = self.new_token()
        text = self.call("POST", "/api/challenges/start", b"{}", token, {"Content-Type": "text/plain"})
        self.assertEqual(text.status, 415)
        picture = self.call("GET", "/api/challenges", headers={"Accept": "image/png"})
        self.assertEqual(picture.status, 406)
        for broken in (b"{", b'{"challenge_id":}', b"\xff", b'{"challenge_id":1}x', b"[" * 5000):
            answer = self.call("POST", "/api/challenges/start", broken, token, {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 400, answer)


if __name__ == "__main__":
    main()
