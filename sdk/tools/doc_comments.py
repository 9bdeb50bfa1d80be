#!/usr/bin/env python3
"""Doxygen's INPUT_FILTER for the SDK's headers: plain comments become documentation comments.

A comment above a declaration documents it, one after it on its line too, the file's first one the file.
Lines such as `// --- reading ---` only divide a class and document nothing. What Doxygen would take for
a command of its own is escaped, but for examples (indented by four blanks or more).
"""
import re
import sys

SPECIAL = re.compile(r"[\\@<>&#%]")
TRAILING_LINE = re.compile(r'^((?:[^"/]|"(?:\\.|[^"\\])*"|/(?![/*]))*\S.*?)\s//\s(.*)$')
TRAILING_BLOCK = re.compile(r"^(\s*[^\s/*].*?)/\*\s(.*?)\s*\*/\s*$")


def escaped(text):
    return text if text.startswith("    ") else SPECIAL.sub(r"\\\g<0>", text)


def filtered(text):
    is_head, in_block, lines = True, False, []
    for line in text.split("\n"):
        bare = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        mark = "@file " if is_head and not lines else ""
        if in_block:
            in_block = "*/" not in bare
            body, end = (bare, "") if in_block else (bare[: bare.index("*/")], " */")
            lines.append(f"{indent}*{escaped(body.removeprefix('*'))}{end}")
        elif bare.startswith("/*"):
            in_block = "*/" not in bare
            body, end = (bare[2:], "") if in_block else (bare[2 : bare.index("*/")], " */")
            lines += [f"{indent}/** {mark}", f"{indent} *{escaped(body)}{end}"] if mark else [
                f"{indent}/**{escaped(body)}{end}"]
        elif bare.startswith("// ---"):
            lines.append("")
        elif bare.startswith("//"):
            lines += [f"{indent}/// {mark}"] if mark else []
            lines.append(f"{indent}///{escaped(bare[2:])}")
        elif match := TRAILING_BLOCK.match(line):
            lines.append(f"{match.group(1)}/**< {escaped(match.group(2))} */")
        elif match := TRAILING_LINE.match(line):
            lines.append(f"{match.group(1)} ///< {escaped(match.group(2))}")
        else:
            lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as header:
        sys.stdout.write(filtered(header.read()))
