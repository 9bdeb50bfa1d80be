"""The servers that the benchmark compares with, on the same database."""
import hashlib
import http.client
import os
import pathlib
import shutil
import subprocess
import sys

WEBHOOK_SECRET = "whsec_of_the_benchmark"
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from processes import call, free_port, wait_until  # noqa: E402


def prepare_node(folder):
    """Installs the Node peers' packages and builds the Next.js application, where they changed."""
    source = HERE / "peers"
    names = sorted(path for path in source.rglob("*") if path.is_file() and path.suffix in
                   (".js", ".mjs", ".json"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in names)).hexdigest()
    stamp = folder / "stamp"
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("installing the Node peers and building the Next.js application", flush=True)
    for path in names:
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, **quiet)
    subprocess.run([folder / "node_modules/.bin/next", "build", "next"], cwd=folder,
                   env={**os.environ, "NEXT_TELEMETRY_DISABLED": "1"}, **quiet)
    stamp.write_text(digest)


class Peer:
    """One server process; the program's arguments are made from the port."""

    def __init__(self, name, command, environment, log):
        self.name, self.port = name, free_port()
        self.process = subprocess.Popen(
            command(self.port), env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            stdout=open(log, "wb"), stderr=subprocess.STDOUT, start_new_session=True)
        wait_until(self.answers, 60, f"{name}'s first answer")

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}")
        try:
            return call(self.port, "GET", "/json", timeout_s=5).json() == {"message": "hello", "n": 42}
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def start_peers(build, database, name, jwks_url):
    """The Poco, Fastify and Next.js servers, each proven to answer. jwks_url: of who signs the tokens."""
    folder = build / "peers"
    prepare_node(folder)
    environment = {"DATABASE_SOCKET": str(database.folder), "DATABASE_NAME": name,
                   "NODE_ENV": "production", "JWKS_URL": jwks_url, "NEXT_TELEMETRY_DISABLED": "1",
                   "WEBHOOK_SECRET": WEBHOOK_SECRET}
    commands = {
        "poco": lambda port: [build / "bin/poco_peer", str(port), database.url(name)],
        "fastify": lambda port: ["node", folder / "fastify.mjs", str(port)],
        "next": lambda port: ["node", folder / "node_modules/next/dist/bin/next", "start", "-H",
                              "127.0.0.1", "-p", str(port), folder / "next"],
    }
    peers = {}
    try:
        for peer, command in commands.items():
            peers[peer] = Peer(peer, command, environment, folder / f"{peer}.log")
    except BaseException:
        for peer in peers.values():
            peer.stop()
        raise
    return peers
