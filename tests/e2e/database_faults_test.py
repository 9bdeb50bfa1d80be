"""PostgreSQL dies under load and comes back: refusals meanwhile are honest, nothing acknowledged is
lost, and the server goes on without a restart."""
import http.client
import os
import signal
import threading
import unittest

from harness import BUILD, Calixo, Postgres, call, is_running, main, new_email, wait_until

CLIENTS = 6


class Load:
    """Clients that read and write until told to stop, and what they were answered."""

    def __init__(self, server):
        self.server, self.stopping = server, threading.Event()
        self.answers, self.acknowledged, self.broken = [], [], []
        self.tokens = [server.sign_up(new_email())["access_token"] for _ in range(CLIENTS)]
        self.threads = [threading.Thread(target=self.run, args=(token,)) for token in self.tokens]
        for thread in self.threads:
            thread.start()

    def run(self, token):
        challenge = 0
        while not self.stopping.is_set():
            challenge = challenge % 30 + 1
            self.one(token, "GET", "/api/user/profile")
            started = self.one(token, "POST", "/api/challenges/start", {"challenge_id": challenge})
            if started is not None and started.status == 201:
                self.acknowledged.append((token, started.json()["id"]))
            self.one(token, "GET", "/api/challenges?limit=5")

    def one(self, token, method, path, body=None):
        try:
            answer = call(self.server.port, method, path, body, token)
        except (OSError, http.client.HTTPException) as error:
            self.broken.append(f"{method} {path}: {error!r}")
            return None
        self.answers.append((path, answer))
        return answer

    def count(self, status):
        return sum(answer.status == status for _, answer in list(self.answers))

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


class DatabaseFaults(unittest.TestCase):
    def check(self, load, worker):
        """What holds of every answer, whatever died when."""
        self.assertEqual(load.broken, [], "the server must answer, not cut")
        for path, answer in load.answers:
            self.assertIn(answer.status, (200, 201, 409, 503), f"{path}: {answer}")
            if answer.status == 503:
                self.assertGreater(int(answer.headers["Retry-After"]), 0)
                self.assertTrue(answer.json()["code"])
        self.assertEqual(load.server.worker(), worker, "the worker must live on")
        for token in load.tokens:
            kept, path = set(), "/api/user/challenges?limit=100"
            while path:
                answer = load.server.call("GET", path, token=token)
                self.assertEqual(answer.status, 200, answer)
                page = answer.json()
                kept |= {one["id"] for one in page["items"]}
                path = page["next"] and f"/api/user/challenges?limit=100&cursor={page['next']}"
            lost = {attempt for owner, attempt in load.acknowledged if owner == token} - kept
            self.assertEqual(lost, set(), "acknowledged attempts were lost")

    def test_an_external_database_that_dies_and_returns(self):
        database = Postgres()
        self.addCleanup(database.remove)
        database.sql("create database calixo")
        server = Calixo(BUILD, {"database.url": database.url("calixo")})
        self.addCleanup(server.remove)
        server.start()
        worker = server.worker()
        load = Load(server)
        self.addCleanup(load.stop)
        for _ in range(2):
            wanted = load.count(200) + 20
            wait_until(lambda: load.count(200) > wanted, 60, "answers before the kill")
            refused = load.count(503)
            database.kill()
            wait_until(lambda: load.count(503) > refused + 10, 60, "refusals")
            ready = server.call("GET", "/readyz")
            self.assertEqual(ready.status, 503, ready)
            self.assertGreater(int(ready.headers["Retry-After"]), 0)
            self.assertEqual(server.call("GET", "/healthz").status, 200)
            database.start()
            wait_until(server.is_ready, 60, "recovery")
        served = load.count(200)
        wait_until(lambda: load.count(200) > served + 20, 60, "answers after recovery")
        load.stop()
        self.check(load, worker)

    def test_the_embedded_database_is_started_again(self):
        server = Calixo(BUILD)
        self.addCleanup(server.remove)
        server.start()
        worker, postmaster = server.worker(), server.embedded_postmaster()
        load = Load(server)
        self.addCleanup(load.stop)
        wait_until(lambda: load.count(200) > 20, 60, "answers before the kill")
        os.kill(postmaster, signal.SIGKILL)
        wait_until(lambda: not is_running(postmaster) and server.is_ready() and
                   server.embedded_postmaster() != postmaster, 60, "recovery")
        served = load.count(200)
        wait_until(lambda: load.count(200) > served + 20, 60, "answers after recovery")
        load.stop()
        self.check(load, worker)

    def test_a_backend_that_dies_harms_only_its_own_moment(self):
        server = Calixo(BUILD)
        self.addCleanup(server.remove)
        server.start()
        worker = server.worker()
        load = Load(server)
        self.addCleanup(load.stop)
        for _ in range(3):
            served = load.count(200)
            wait_until(lambda: load.count(200) > served + 20, 60, "answers")
            for pid in self.backends(server):
                os.kill(pid, signal.SIGTERM)
            wait_until(server.is_ready, 60, "recovery")
        served = load.count(200)
        wait_until(lambda: load.count(200) > served + 20, 60, "answers after recovery")
        load.stop()
        self.check(load, worker)

    @staticmethod
    def backends(server):
        from processes import children_of, command_line
        return [pid for pid in children_of(server.embedded_postmaster())
                if any("[local]" in word for word in command_line(pid))]


if __name__ == "__main__":
    main()
