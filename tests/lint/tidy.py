"""Runs clang-tidy over the server's and the plugins' sources: tidy.py BUILD [FILE...]

A file that passed is left out until it, a header of the tree or .clang-tidy changes. The compile
commands are those of the build folder without what clang does not know.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

from tree import ROOT, sources

UNKNOWN_TO_CLANG = {"-fno-gnu-unique"}
CHECKED = ("host", "plugins")


def compile_commands(build, target):
    """Writes the build's commands as clang takes them; returns the sources they name."""
    entries = json.loads((build / "compile_commands.json").read_text())
    kept = []
    for entry in entries:
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in CHECKED:
            continue
        words = [word for word in entry["command"].split() if word not in UNKNOWN_TO_CLANG]
        launchers = [index for index, word in enumerate(words) if word.endswith("/ccache")]
        if launchers:
            words = words[launchers[0] + 1:]
        kept.append({**entry, "command": " ".join(words)})
    target.mkdir(parents=True, exist_ok=True)
    (target / "compile_commands.json").write_text(json.dumps(kept))
    return sorted({pathlib.Path(entry["file"]).relative_to(ROOT) for entry in kept})


def headers_digest():
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for path in sources():
        if path.suffix in (".h", ".hpp") and path.parts[0] in ("host", "sdk", "plugins"):
            digest.update((ROOT / path).read_bytes())
    return digest.hexdigest()


def check(path, commands, headers):
    """Returns clang-tidy's findings, or '' where the file is clean."""
    stamp = commands / "passed" / path
    digest = hashlib.sha256((headers + (ROOT / path).read_text()).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return ""
    done = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(commands), str(ROOT / path)],
        capture_output=True, text=True, check=False,
    )
    if done.returncode != 0:
        return (done.stdout + done.stderr).replace(f"{ROOT}/", "")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    return ""


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    commands = build / "tidy"
    files = compile_commands(build, commands)
    if len(sys.argv) > 2:
        files = [pathlib.Path(name) for name in sys.argv[2:]]
    headers = headers_digest()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for findings in pool.map(lambda path: check(path, commands, headers), files):
            if findings:
                failed += 1
                print(findings, flush=True)
    print(f"clang-tidy: {len(files) - failed} of {len(files)} files are clean")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
