"""Runs clang-tidy over the server's and the plugins' sources: tidy.py BUILD [FILE...]

A file that passed is left out until it, a header of the tree that it includes or .clang-tidy changes.
The compile commands are those of the build folder without what clang does not know.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

from tree import ROOT

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


def included_headers(build):
    """By source, the headers of the tree that it includes, as its last build saw them."""
    listing = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    included = {}
    for block in listing.split("\n\n"):
        paths = [os.path.normpath(build / line.strip()) for line in block.splitlines()[1:] if "/usr/" not in line]
        inside = [pathlib.Path(path).relative_to(ROOT) for path in paths if path.startswith(f"{ROOT}/")]
        if inside:
            included.setdefault(inside[0], set()).update(inside[1:])
    return included


def digest_of(path, headers):
    digest = hashlib.sha256()
    for part in (".clang-tidy", path, *sorted(headers)):
        digest.update((ROOT / part).read_bytes())
    return digest.hexdigest()


def check(path, commands, digest):
    """Returns clang-tidy's findings, or '' where the file is clean. Without a digest it is not left out."""
    stamp = commands / "passed" / path
    if digest and stamp.exists() and stamp.read_text() == digest:
        return ""
    done = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(commands), str(ROOT / path)],
        capture_output=True, text=True, check=False,
    )
    if done.returncode != 0:
        return (done.stdout + done.stderr).replace(f"{ROOT}/", "")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest or "")
    return ""


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    commands = build / "tidy"
    files = compile_commands(build, commands)
    if len(sys.argv) > 2:
        files = [pathlib.Path(name) for name in sys.argv[2:]]
    included = included_headers(build)
    digests = {path: digest_of(path, included[path]) for path in files if path in included}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for findings in pool.map(lambda path: check(path, commands, digests.get(path)), files):
            if findings:
                failed += 1
                print(findings, flush=True)
    print(f"clang-tidy: {len(files) - failed} of {len(files)} files are clean")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
