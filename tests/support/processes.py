"""The processes that scenario tests and benchmarks drive: a PostgreSQL of their own and the server."""
import contextlib
import glob
import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_folder(name):
    """A new folder that an unprivileged postgres may enter; short, for UNIX socket paths."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"calixo-{name}-"))
    folder.chmod(0o755)
    return folder


def wait_until(condition, timeout_s, what):
    """Polls until the condition holds and returns what it gave; AssertionError names what did not come."""
    end = time.monotonic() + timeout_s
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {timeout_s} s")
        time.sleep(0.01)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def call(port, method, path, body=None, token=None, headers=None, timeout_s=30):
    """One request on a connection of its own; a body that isn't bytes is sent as JSON."""
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


class Postgres:
    """A cluster in a folder of its own, on a UNIX socket; settings as initdb leaves them unless given."""

    def __init__(self, settings=()):
        self.folder = make_folder("pg")
        self.bin = max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        self.settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", *settings]
        self.process = None
        self.user = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        subprocess.run([f"{self.bin}/initdb", "-D", str(self.folder / "data"), "-U", "postgres", "-A", "trust",
                        "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL,
                       cwd=self.folder, **self.user)
        self.start()

    def start(self):
        """A child of this process, which therefore sees its end; pg_ctl would give it away."""
        options = [word for setting in self.settings for word in ("-c", setting)]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([f"{self.bin}/postgres", "-D", str(self.folder / "data"), *options],
                                            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                                            start_new_session=True, **self.user)
        wait_until(self.accepts, 60, "PostgreSQL")

    def accepts(self):
        if self.process.poll() is not None:
            raise AssertionError(f"PostgreSQL ended:\n{(self.folder / 'log').read_text()[-2000:]}")
        done = subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", str(self.folder)], check=False)
        return done.returncode == 0

    def stop(self, number=signal.SIGQUIT):
        """Immediate by default; SIGINT is the orderly one."""
        self.process.send_signal(number)
        self.process.wait(60)

    def kill(self):
        """Ends it the hardest way: postmaster and all its children at once."""
        self.process.send_signal(signal.SIGSTOP)  # so that it makes no more children
        wait_until(lambda: state_of(self.process.pid) == "T", 10, "PostgreSQL to stand still")
        children = children_of(self.process.pid)
        for pid in [*children, self.process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(10)
        wait_until(lambda: not any(is_running(pid) for pid in children), 10, "the end of PostgreSQL")

    def url(self, database="postgres"):
        return f"host={self.folder} user=postgres dbname={database}"

    def sql(self, text, database="postgres"):
        done = subprocess.run([f"{self.bin}/psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d",
                               self.url(database), "-c", text], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @contextlib.contextmanager
    def holding(self, statement, database="postgres"):
        """Another session's transaction, which keeps the locks of the statement until the end."""
        words = [f"{self.bin}/psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", self.url(database)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            holder.stdin.write(f"begin;\n{statement};\n\\echo held\n")
            holder.stdin.flush()
            while (line := holder.stdout.readline()).strip() != "held":
                if not line:
                    raise AssertionError(f"not held: {statement}")
            yield
            holder.communicate("commit;\n")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def children_of(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def state_of(pid):
    """The letter of its state: R, S, T…"""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


class Calixo:
    """`calixo serve` of a build folder, on a free port and in a data folder of its own."""

    def __init__(self, build, settings=None, data=None, config=None, port=None, prefix=()):
        self.build = pathlib.Path(build)
        self.binary = self.build / "bin/calixo"
        self.is_own_data = data is None
        self.data = pathlib.Path(data) if data else make_folder("data")
        self.config = pathlib.Path(config) if config else ROOT / "config/calixo.properties"
        self.port = port or free_port()
        self.settings = dict(settings or {})
        self.prefix = list(prefix)
        self.process = None
        self.log = self.data.parent / f"{self.data.name}.log"

    @property
    def without_limits(self):
        """Scenarios make more accounts from one address than people do."""
        enabled = self.settings.get("plugins.enabled", "auth").split(",")
        return {"auth.limits_enabled": "false"} if "auth" in enabled else {}

    @property
    def options(self):
        """What every command of the binary gets, to see the same installation."""
        given = ["--data", str(self.data)]
        if self.config.exists():
            given += ["--config", str(self.config)]
        for key, value in {"http.port": self.port, **self.without_limits, **self.settings}.items():
            given += ["--set", f"{key}={value}"]
        return given

    def command(self, *words, timeout_s=60):
        """Runs another command of the binary on this installation."""
        return subprocess.run([str(self.binary), *words, *self.options], capture_output=True, text=True,
                              timeout=timeout_s, check=False)

    def start(self, wait=True, timeout_s=120):
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen([*self.prefix, str(self.binary), "serve", *self.options],
                                            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        if wait:
            self.wait_ready(timeout_s)
        return self

    def output(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_ready(self, timeout_s=120):
        def is_over():
            if self.process.poll() is not None:
                raise AssertionError(f"calixo ended with {self.process.returncode}:\n{self.output()[-4000:]}")
            return self.is_ready()

        try:
            wait_until(is_over, timeout_s, "readiness")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output()[-4000:]}") from None

    def is_ready(self):
        try:
            return self.call("GET", "/readyz", timeout_s=5).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def call(self, method, path, body=None, token=None, headers=None, timeout_s=30):
        return call(self.port, method, path, body, token, headers, timeout_s)

    def metric(self, line_start):
        """The sum of a metric's samples whose line begins so."""
        text = self.call("GET", "/metrics").body.decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(line_start))

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}"

    def sign_up(self, email, password="correct horse battery"):
        """Makes an account; returns its session."""
        answer = self.call("POST", "/auth/v1/signup", {"email": email, "password": password})
        if answer.status != 200:
            raise AssertionError(f"sign-up: {answer}")
        return answer.json()

    def worker(self):
        """The process id of the worker."""
        for pid in children_of(self.process.pid):
            if "worker" in command_line(pid):
                return pid
        raise AssertionError("there is no worker process")

    def embedded_postmaster(self):
        """The process id of its PostgreSQL."""
        return int((self.data / "postgres/cluster/postmaster.pid").read_text().split()[0])

    def stop(self, timeout_s=30):
        """SIGTERM; returns the exit status."""
        if self.process is None or self.process.poll() is not None:
            return None if self.process is None else self.process.returncode
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def remove(self):
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.is_own_data:
            shutil.rmtree(self.data, ignore_errors=True)
            self.log.unlink(missing_ok=True)


def banner(output):
    """The lines of the ready banner: address, administrator's address and password, where shown."""
    found = {}
    for name, pattern in {
        "url": r"Calixo is ready at (\S+)",
        "document": r"API document: ([^,\s]+)",
        "docs": r"(\S+/docs)\b",
        "admin": r"First administrator: ([^,\s]+)",
        "password": r"First administrator: .*password:? (\S+)",
    }.items():
        match = re.search(pattern, output)
        if match:
            found[name] = match.group(1)
    return found
