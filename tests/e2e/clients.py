"""Scenarios of foreign clients: scripts in clients/ that run npm's packages, unmodified."""
import json
import os
import subprocess

from harness import NODE, ROOT

# The newest that says it runs on this Node, and the newest of all.
PACKAGES = ("@supabase/supabase-js", "supabase-js-newest")


def run_client(script, *words, timeout_s=120):
    """What its last line says, as JSON; AssertionError with its output where it ends with a failure."""
    done = subprocess.run(["node", str(ROOT / "tests/e2e/clients" / script), *map(str, words)], capture_output=True,
                          text=True, timeout=timeout_s, check=False, env={**os.environ, "CALIXO_TEST_NODE": str(NODE)})
    if done.returncode != 0:
        raise AssertionError(f"{script} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])
