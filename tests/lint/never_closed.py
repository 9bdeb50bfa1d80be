"""Holds that no library is ever closed: whoever opens one could leave others with pointers into it."""
import re
import sys

from tree import ROOT, code_of, sources

CLOSING = re.compile(r"\bdlclose\b|\bFreeLibrary\b|\.unload\s*\(")
# Its destructor closes; the keeper alone has some, and never destroys them.
OWNING = re.compile(r"\bshared_library\b(?!\s*[*&])")
KEEPER = {"host/src/plugin/kept_library.hpp", "host/src/plugin/kept_library.cpp"}


def faults(path, text):
    """What is wrong in one source of the host, the SDK or a plugin."""
    for number, line in enumerate(code_of(text).split("\n"), 1):
        if CLOSING.search(line):
            yield f"{path}:{number}: closes a library"
        if str(path) not in KEEPER and OWNING.search(line) and "#include" not in line:
            yield f"{path}:{number}: owns a library, and would close it: use open_for_good"


def main():
    found = []
    for path in sources():
        if path.parts[0] != "tests":
            found += faults(path, (ROOT / path).read_text())
    print("\n".join(found) or "no library is closed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
