"""Holds the direction of dependence: which room may include which.

app -> cli, plugin -> http, events -> db -> runtime -> config, log (http knows no db); the host sees of the SDK its C ABI
only; the SDK sees nothing of the host; a plugin sees the SDK and its own folder.
"""
import re
import sys

from tree import ROOT, sources

BASE = {"config", "log"}
RUNTIME = BASE | {"runtime"}
MIDDLE = RUNTIME | {"http", "db", "events"}
MAY_INCLUDE = {
    "config": set(),
    "log": set(),
    "runtime": BASE,
    "http": RUNTIME,
    "db": RUNTIME,
    "events": RUNTIME | {"db"},
    "plugin": MIDDLE,
    "cli": MIDDLE | {"plugin"},
    "app": MIDDLE | {"plugin", "cli"},
}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)


def fault_in_host(path, quote, target):
    """What is wrong with one include of host/src/<room>/…, or None."""
    if target.startswith("calixo/"):
        return None if target.startswith("calixo/abi/") else "the host may see the SDK's C ABI only"
    if quote == "<":
        return None
    room, aimed = path.parts[2], target.split("/")[0]
    if "/" not in target or aimed not in MAY_INCLUDE:
        return "write it from the room root: room/file.hpp"
    if path.parts[1] == "main" or aimed == room or aimed in MAY_INCLUDE[room]:
        return None
    return f"{room} may not include {aimed}"


def fault_in_sdk(path, quote, target):
    is_abi = "abi" in path.parts
    if is_abi and target.startswith("calixo/") and not target.startswith("calixo/abi/"):
        return "the C ABI may not include the C++ layer"
    if target.startswith("calixo/"):
        return None
    if quote == '"' and target.split("/")[0] in MAY_INCLUDE:
        return "the SDK may not include the host"
    if is_abi and not re.fullmatch(r"std\w+\.h", target):
        return "the C ABI stands on the C library's std*.h only"
    return None


def fault_in_plugin(path, quote, target):
    if "types" in path.parts[2:-1]:  # the built-in challenge types: what anybody's may see
        is_public = target == "calixo/challenge_type.hpp" or target.startswith("types/")
        if not is_public and (quote == '"' or target.startswith("calixo/")):
            return "a built-in challenge type may include <calixo/challenge_type.hpp> only"
    if target.startswith("calixo/") or quote == "<":
        return None
    if "/" in target and target.split("/")[0] in MAY_INCLUDE:
        return "a plugin may not include the host"
    if ".." in target or not (ROOT / path.parent / target).exists() and not (
        ROOT / path.parts[0] / path.parts[1] / target
    ).exists():
        return "a plugin may include the SDK and its own files only"
    return None


CHECKS = {"host": fault_in_host, "sdk": fault_in_sdk, "plugins": fault_in_plugin}


def faults(path, text):
    """Every wrong include of one file, as lines for people."""
    check = CHECKS.get(path.parts[0])
    for match in INCLUDE.finditer(text) if check else ():
        fault = check(path, match.group(1), match.group(2))
        if fault:
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: includes {match.group(2)}: {fault}"


def main():
    found = [fault for path in sources() for fault in faults(path, (ROOT / path).read_text())]
    print("\n".join(found) or "the include arrows hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
