"""Holds the sizes: files to 400 lines, functions to 70, and a head comment on every header."""
import re
import sys

from tree import ROOT, code_of, sources

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def functions(code):
    """Yields (first line, last line, head) of each function body outside other functions."""
    inside = []  # of each open brace: is it a container (namespace, class)?
    head_start, body = 0, None  # body: (depth, head's start) of the function that is open
    for match in re.finditer(r"[{};]", code):
        at, sign = match.start(), match.group()
        if body is not None:
            inside += [False] if sign == "{" else []
            if sign == "}":
                inside.pop()
                if len(inside) == body[0]:
                    following = code[at + 1 :].lstrip()[:1]
                    if following not in (",", "{"):  # else a member initializer: the head goes on
                        head = " ".join(code[body[1] : at].split("{")[0].split())
                        yield line_of(code, body[1]), line_of(code, at), head
                        head_start = at + 1
                    body = None
            continue
        head = code[head_start:at]
        if sign == "{":
            is_container = bool(CONTAINER.search(head)) and not re.search(r"\)[^()]*$", head)
            inside.append(is_container)
            if is_container:
                head_start = at + 1
            else:
                body = (len(inside) - 1, head_start + len(head) - len(head.lstrip()))
        else:
            if sign == "}" and inside:
                inside.pop()
            head_start = at + 1


def line_of(code, offset):
    return code.count("\n", 0, offset) + 1


def without_preprocessor(code):
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group().count("\n"), code, flags=re.M)


def faults(path, text):
    """Everything too long in one file, as lines for people."""
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield f"{path}: {lines} lines; split it by noun (at most {FILE_LINES_MAX})"
    if path.suffix in (".h", ".hpp") and not text.startswith(("//", "/*")):
        yield f"{path}: begins without saying what it is for"
    for first, last, head in functions(without_preprocessor(code_of(text))):
        if last - first + 1 > FUNCTION_LINES_MAX and "(" in head:
            yield f"{path}:{first}: {last - first + 1} lines in one function: {head[:60]}"


def main():
    found = [fault for path in sources() for fault in faults(path, (ROOT / path).read_text())]
    print("\n".join(found) or "the sizes hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
