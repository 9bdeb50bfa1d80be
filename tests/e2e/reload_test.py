"""calixo reload and SIGHUP: new configuration, new plugin files, and not one request lost."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import unittest

from harness import BUILD, ROOT, Calixo, call, is_running, main, make_folder, wait_until

RELOADS = 20
BUILT = BUILD / "hostile-plugins"


class Load:
    """wrk over kept connections, until the block ends: what it could not get answered is `failed`."""

    def __init__(self, port, path):
        self.command = ["wrk", "-t1", "-c16", "-d3600", "--timeout", "60s", "-s", str(ROOT / "tests/bench/report.lua"),
                        f"http://127.0.0.1:{port}{path}"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        output = self.process.communicate(timeout=60)[0]
        result = json.loads(re.search(r"RESULT (\{.*\})", output).group(1))
        self.requests, self.failed = result["requests"], result["failed"] + result["bad_status"]


class Clients:
    """Threads that ask until the block ends; `seen` holds every status, or what went wrong."""

    def __init__(self, *asks):
        self.seen, self._stop = [], threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(ask,)) for ask in asks]

    def _run(self, ask):
        while not self._stop.is_set():
            try:
                self.seen.append(ask())
            except (OSError, http.client.HTTPException) as error:
                self.seen.append(repr(error))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Reload(unittest.TestCase):
    def setUp(self):
        self.folder = make_folder("reload")
        self.addCleanup(shutil.rmtree, self.folder)
        self.config = self.folder / "calixo.properties"
        self.default = (ROOT / "config/calixo.properties").read_text()
        self.config.write_text(self.default)
        self.install("1.0.0")
        self.server = Calixo(BUILD, {"plugins.enabled": "auth,challenges,versioned,probe_ledger,probe",
                                     "plugins.path": f"{BUILD}/plugins:{BUILD}/test-plugins:{self.folder}",
                                     "http.loops": 2}, config=self.config)
        self.addCleanup(self.server.remove)
        self.server.start()

    def install(self, version):
        """As an upgrade does: the new file takes the old one's name, and leaves its bytes alone."""
        fresh = self.folder / "fresh.so"
        shutil.copy(BUILT / f"libcalixo_versioned_{version}.so", fresh)
        os.replace(fresh, self.folder / "libcalixo_versioned.so")

    def reload(self):
        done = self.server.command("reload", timeout_s=120)
        self.assertEqual(done.returncode, 0, done.stderr + self.server.output()[-2000:])
        return done.stdout

    def assert_refused(self, *words):
        worker, lines = self.server.worker(), self.server.output().count("reload refused")
        done = self.server.command("reload", timeout_s=120)
        self.assertNotEqual(done.returncode, 0)
        for word in words:
            self.assertIn(word, done.stderr)
        wait_until(lambda: self.server.output().count("reload refused") > lines, 10, "the log's line")
        self.assertEqual(self.server.worker(), worker)

    def version(self):
        return self.server.call("GET", "/versioned").body.decode()

    def test_no_request_is_lost_over_20_reloads_under_load(self):
        port = self.server.port
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def over_kept_connection():
            kept.request("GET", "/api/challenges?limit=1")
            answer = kept.getresponse()
            answer.read()
            return answer.status

        def streamed():
            answer = call(port, "GET", "/probe/download?parts=20", timeout_s=60)
            return answer.status if len(answer.body) == 20 * 64 * 1024 else f"{len(answer.body)} bytes"

        clients = Clients(lambda: call(port, "GET", "/versioned", timeout_s=60).status,
                          lambda: call(port, "POST", "/probe/catch", {"text": "x"}, timeout_s=60).status,
                          over_kept_connection, streamed)
        first = self.server.worker()
        with clients, Load(port, "/api/config") as load:
            for _ in range(RELOADS):
                before = self.server.worker()
                self.reload()
                wait_until(lambda: not is_running(before), 60, "the end of the replaced worker")
        kept.close()
        self.assertNotEqual(self.server.worker(), first)
        self.assertEqual(load.failed, 0)
        self.assertGreater(load.requests, RELOADS)
        self.assertEqual(set(clients.seen), {200})

    def wait_version(self, version):
        """The old worker may take one more connection that waited for it."""
        wait_until(lambda: self.version() == version, 10, f"library {version}")

    def test_a_replaced_library_is_served_after_a_reload(self):
        self.assertEqual(self.version(), "1.0.0")
        self.install("2.0.0")
        self.assertEqual(self.version(), "1.0.0")
        self.reload()
        self.wait_version("2.0.0")
        self.install("1.0.0")
        self.server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.version() == "1.0.0", 60, "the reload by signal")

    def test_new_configuration_is_served_and_what_needs_a_restart_is_named(self):
        self.config.write_text(self.default + "\nhttp.public_url = https://api.example.org\nhttp.host = 127.0.0.2\n")
        self.assertIn("http.host: as before until a restart", self.reload())
        wait_until(lambda: self.server.call("GET", "/api/openapi.json").json()["servers"][0]["url"]
                   == "https://api.example.org", 10, "the new address")

    def test_what_is_broken_leaves_the_old_worker_serving_and_is_named(self):
        self.config.write_text(self.default + "\nhttp.idle_timeout = 5\n")
        self.assert_refused("http.idle_timeout", "http.idle_timeout_ms")
        self.config.write_text(self.default + "\nhttp.idle_timeout_ms = soon\n")
        self.assert_refused("http.idle_timeout_ms")
        self.config.write_text(self.default)
        (self.folder / "fresh.so").write_text("no library")
        os.replace(self.folder / "fresh.so", self.folder / "libcalixo_versioned.so")
        self.assert_refused("versioned")
        self.assertEqual(self.version(), "1.0.0")
        self.install("2.0.0")
        self.reload()
        self.wait_version("2.0.0")

    def test_without_a_running_server_the_folder_is_named(self):
        folder = make_folder("nobody")
        self.addCleanup(shutil.rmtree, folder)
        done = Calixo(BUILD, data=folder).command("reload")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(str(folder), done.stderr)
        self.assertIn("calixo serve", done.stderr)


if __name__ == "__main__":
    main()
