"""The sources of the tree, and their text without what isn't code."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("host", "sdk", "plugins", "tests")
SUFFIXES = {".cpp", ".hpp", ".h", ".c"}
SKIPPED = {"build", "var", "node_modules", "corpus"}

_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|"""
    r"""(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'""",
    re.S,
)


def sources(root=ROOT):
    """Every C and C++ file, sorted, as paths relative to the root."""
    found = []
    for room in ROOMS:
        for path in (root / room).rglob("*"):
            relative = path.relative_to(root)
            if path.suffix in SUFFIXES and not SKIPPED & set(relative.parts):
                found.append(relative)
    return sorted(found)


def code_of(text):
    """The text with comments and literals blanked, line ends kept."""

    def blank(match):
        word = match.group()
        return ("" if word[0] == "/" else '""') + "\n" * word.count("\n")

    return _TOKEN.sub(blank, text)
