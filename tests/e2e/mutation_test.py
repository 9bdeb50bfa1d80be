"""10,000 mutated requests by seed: each is answered or refused, none by a 5xx, none hangs, and the worker
that served the first serves the last. CALIXO_TEST_SEED repeats a run."""
import concurrent.futures
import os
import random
import time

from harness import RunningServer, main
from raw_http import exchange, statuses

COUNT = int(os.environ.get("CALIXO_TEST_MUTATIONS", "10000"))
CLIENTS = 4
SPLICES = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"%00", b"%", b"../", b"{", b'"', b"\xff\xfe", b"0" * 40,
           b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: b\r\n", b"Expect: 100-continue\r\n",
           b"Connection: close\r\n", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"ffffffffffffffff\r\n", b"-1", b"9" * 25]


def requests(token):
    """Requests that are right as they stand."""
    head = b"Host: localhost\r\nAuthorization: Bearer " + token.encode() + b"\r\n"
    json_head = head + b"Content-Type: application/json\r\n"

    def with_body(method, path, body):
        return b"%s %s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (method, path, json_head, len(body), body)

    get = b"GET /api/challenges?type=focus&limit=3 HTTP/1.1\r\n" + head + b"Accept: application/json\r\n\r\n"
    chunked = (b"POST /api/user/challenges/complete HTTP/1.1\r\n" + json_head + b"Transfer-Encoding: chunked\r\n\r\n"
               b"a\r\n{\"user_cha\r\n10\r\nllenge_id\":12345\r\n1\r\n}\r\n0\r\nX-Trailer: a\r\n\r\n")
    return [
        get,
        get + get,
        b"HEAD /healthz HTTP/1.1\r\n" + head + b"\r\n",
        b"OPTIONS /api/challenges HTTP/1.1\r\n" + head + b"Origin: http://a\r\nAccess-Control-Request-Method: GET\r\n\r\n",
        b"GET /api/user/challenges HTTP/1.1\r\n" + head + b"Accept-Encoding: gzip, br\r\nIf-None-Match: \"a\"\r\n\r\n",
        with_body(b"POST", b"/api/challenges/start", b'{"challenge_id": 3}'),
        with_body(b"PATCH", b"/api/user/profile", '{"display_name":"Añá","is_private":true,"locale":"es"}'.encode()),
        with_body(b"POST", b"/auth/v1/token?grant_type=refresh_token", b'{"refresh_token":"abcdefghijkl"}'),
        chunked,
        chunked + get,
    ]


def mutated(source, samples):
    """A sample with one to six changes."""
    data = bytearray(source.choice(samples))
    for _ in range(source.randint(1, 6)):
        at = source.randrange(len(data) + 1)
        end = min(len(data), at + source.choice((1, 1, 2, 4, 16, 64)))
        change = source.randrange(7)
        if change == 0 and at < len(data):
            data[at] ^= 1 << source.randrange(8)
        elif change == 1 and at < len(data):
            data[at] = source.randrange(256)
        elif change == 2:
            del data[at:end]
        elif change == 3:
            data[at:at] = source.choice(SPLICES)
        elif change == 4:
            data[at:at] = data[at:end] * source.randint(1, 8)
        elif change == 5:
            data[at:end] = source.choice(SPLICES)
        else:
            other = source.choice(samples)
            data[at:] = other[source.randrange(len(other)):]
    return bytes(data)


class Mutations(RunningServer):
    settings = {"http.header_timeout_ms": 2000, "http.body_timeout_ms": 2000, "http.idle_timeout_ms": 3000}

    def test_none_is_answered_by_5xx_and_none_hangs(self):
        seed = int(os.environ.get("CALIXO_TEST_SEED") or time.time_ns() % 1_000_000)
        print(f"CALIXO_TEST_SEED={seed}", flush=True)
        samples = requests(self.new_token())
        for sample in samples:
            answered = statuses(exchange(self.server.port, sample))
            self.assertTrue(answered and max(answered) < 500 and 400 not in answered[:1] or b"refresh" in sample,
                            f"{sample!r}: {answered}")
        worker = self.server.worker()

        def send(number):
            request = mutated(random.Random(f"{seed}-{number}"), samples)
            answered = statuses(exchange(self.server.port, request))
            return (number, request, answered) if any(one >= 500 for one in answered) else None

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            faults = [fault for fault in pool.map(send, range(COUNT)) if fault]
        self.assertEqual(faults[:3], [], f"{len(faults)} of {COUNT} were answered by 5xx; seed {seed}")
        self.assertEqual(self.server.worker(), worker, f"the worker died; seed {seed}")
        self.assertEqual(self.call("GET", "/healthz").status, 200)


if __name__ == "__main__":
    main()
