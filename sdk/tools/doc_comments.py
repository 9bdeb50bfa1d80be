#!/usr/bin/env python3
"""Doxygen's INPUT_FILTER for the SDK's headers: plain comments become documentation comments.

A comment above a declaration documents it, one after it on its line too (each of several names), the
file's first one the file. Lines such as `// --- reading ---` only divide a class and document nothing.
What stands in a namespace `detail` is left out. What Doxygen would take for a command of its own is
escaped, but for examples (indented by four blanks or more). Lines keep their numbers.
"""
import re
import sys

SPECIAL = re.compile(r"[\\@<>&#%]")
TRAILING_LINE = re.compile(r'^((?:[^"/]|"(?:\\.|[^"\\])*"|/(?![/*]))*\S.*?)\s//\s(.*)$')
TRAILING_BLOCK = re.compile(r"^(\s*[^\s/*].*?)/\*\s(.*?)\s*\*/\s*$")
TRAILING_BLOCK_START = re.compile(r"^(\s*[^\s/*].*?[;,])\s*/\*\s((?:(?!\*/).)*)$")
NAMESPACE_DETAIL = re.compile(r"^namespace (?:\w+::)*detail {$.*?^}  // namespace (?:\w+::)*detail$", re.M | re.S)
SEVERAL_NAMES = re.compile(r"^\s*[\w:]+ \w+(?: = [^,()]+)?(?:, \w+(?: = [^,()]+)?)+;$")
STRUCT_SIZE = "uint32_t struct_size;"  # the same in each struct: abi/README.md


def escaped(text):
    return text if text.startswith("    ") else SPECIAL.sub(r"\\\g<0>", text)


def filtered_line(line):
    bare = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if bare.startswith("// ---"):
        return ""
    if bare.startswith("//"):
        return f"{indent}///{escaped(bare[2:])}"
    if bare == STRUCT_SIZE:
        return f"{line} /**< sizeof this struct where it is filled */"
    if match := TRAILING_BLOCK.match(line):
        return f"{match.group(1)}/**< {escaped(match.group(2))} */"
    if match := TRAILING_LINE.match(line):
        return beside(match.group(1).rstrip(), escaped(match.group(2)))
    return line


def beside(code, text):
    if SEVERAL_NAMES.match(code):
        return f"{code[:-1].replace(',', f' /**< {text} */,')} /**< {text} */;"
    return f"{code} ///< {text}"


def filtered_block(line, is_first):
    """A line of a comment between /* and */ that stands alone."""
    indent = line[: len(line) - len(line.lstrip())]
    bare = line.strip()
    opening = "/**" if is_first else " *"
    body = bare[2:] if is_first else bare.removeprefix("*")
    ends = bare.endswith("*/")
    if ends:
        body = body[:-2].rstrip() if body.endswith("*/") else ""
    return f"{indent}{opening}{escaped(body)}{' */' if ends else ''}"


def filtered(text):
    lines, in_block = [], False
    text = NAMESPACE_DETAIL.sub(lambda match: "\n" * match.group().count("\n"), text)
    for line in text.split("\n"):
        starts = not in_block and line.lstrip().startswith("/*")
        if in_block or starts:
            lines.append(filtered_block(line, starts))
            in_block = not line.rstrip().endswith("*/")
        elif match := TRAILING_BLOCK_START.match(line):
            lines.append(f"{match.group(1)} /**< {escaped(match.group(2))}")
            in_block = True
        else:
            lines.append(filtered_line(line))
    return "\n".join(with_file_command(lines))


def with_file_command(lines):
    """The comment that a header begins with documents the header."""
    last = 0
    while lines[0].startswith("///") and lines[last + 1].startswith("///"):
        last += 1
    while lines[0].startswith("/**") and not lines[last].endswith("*/"):
        last += 1
    lines[last] = lines[last].removesuffix(" */") + " @file" + (" */" if lines[last].endswith("*/") else "")
    return lines


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as header:
        sys.stdout.write(filtered(header.read()))
