"""What the scenarios of containment share: a server with hostile plugins beside the built-in ones."""
import http.client
import os
import subprocess
import threading

from harness import BUILD, Calixo, call, wait_until

PLUGINS = f"{BUILD}/plugins:{BUILD}/hostile-plugins"
LOST = (OSError, http.client.HTTPException)  # what a request in a worker that dies may end with


def settings(*plugins, required=(), **more):
    """The built-in plugins the neighbours need, and hostile ones, optional unless named."""
    made = {"plugins.enabled": ",".join(["auth", "challenges", *plugins]), "plugins.path": PLUGINS,
            "log.format": "text"}
    for plugin in plugins:
        if plugin not in required:
            made[f"plugins.{plugin}.required"] = "false"
    return {**made, **more}


class HostileServer(Calixo):
    """Starts with HOSTILE in its environment, which its workers inherit."""

    def __init__(self, given, hostile=""):
        super().__init__(BUILD, given, prefix=["env", f"HOSTILE={hostile}"])
        self.hostile = hostile

    def check(self):
        """What `calixo check` says of the same installation, and how it ended."""
        return self.told("check")

    def doctor(self):
        """The same of `calixo doctor`, which runs plugins' code."""
        return self.told("doctor")

    def told(self, command):
        done = subprocess.run([str(self.binary), command, *self.options], capture_output=True, text=True, timeout=60,
                              check=False, env={**os.environ, "HOSTILE": self.hostile})
        return done.stdout + done.stderr, done.returncode

    def log_lines(self, *words):
        """The log's lines that hold all the words."""
        return [line for line in self.output().splitlines() if all(word in line for word in words)]

    def wait_for_log(self, *words, times=1, timeout_s=60):
        return wait_until(lambda: len(self.log_lines(*words)) >= times and self.log_lines(*words), timeout_s,
                          f"{times} log line(s) with {words}")

    def readiness(self):
        return self.call("GET", "/readyz").json()

    def lose(self, path):
        """A request that costs its worker: no answer comes. False where one came."""
        try:
            self.call("GET", path)
        except LOST:
            return True
        return False


class Neighbours:
    """Clients of other plugins' routes, for as long as the block lasts; `wrong` is what went wrong.

    with_crashes: a request in flight when its worker dies may be lost, a wrong answer never."""

    def __init__(self, server, with_crashes=False):
        self.server, self.with_crashes = server, with_crashes
        self.answered, self.lost, self.wrong = 0, 0, []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(path,))
                         for path in ("/api/challenges?limit=1", "/api/config")]

    def _ask(self, path):
        while not self._stop.is_set():
            try:
                status = call(self.server.port, "GET", path, timeout_s=60).status
                self.answered += 1
                if status != 200:
                    self.wrong.append((path, status))
            except LOST as error:
                self.lost += 1
                if not self.with_crashes:
                    self.wrong.append((path, repr(error)))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()
