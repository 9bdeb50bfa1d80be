"""The binary contract as the guards see it: its headers, their types, and what is committed of them.

`contract.py renew` (./dev abi-baseline) writes baseline.abi and layout/*.c from the headers.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INCLUDE = ROOT / "sdk/include"
BASELINE = HERE / "baseline.abi"
LAYOUT = HERE / "layout"
FOLDER = "calixo/abi"

COMMENT = re.compile(r"/\*.*?\*/", re.S)
STRUCT = re.compile(r"^(?:typedef )?struct (\w+) \{(.*?)^\}", re.S | re.M)
ENUM = re.compile(r"^enum \{(.*?)\}", re.S | re.M)
FUNCTION_TYPE = re.compile(r"^typedef [^;{]*\(\*(\w+)\)\(", re.M)
ID = re.compile(r'^#define (CALIXO_\w+) "([^"]*)"', re.M)
NUMBER = re.compile(r"^#define (CALIXO_\w+) (\d\w*)", re.M)


def run(*words, cwd=None):
    """Output and exit status of a tool; its complaints are part of the output."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, cwd=cwd)
    return done.stdout, done.returncode


def must_run(*words):
    output, status = run(*words)
    if status != 0:
        raise SystemExit(f"{' '.join(str(word) for word in words)}\nended with {status}:\n{output}")
    return output


class Header:
    """One header of the contract, as text and by its names."""

    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.text = path.read_text()
        self.code = COMMENT.sub("", self.text)
        self.structs = [match.group(1) for match in STRUCT.finditer(self.code)]
        self.function_types = FUNCTION_TYPE.findall(self.code)
        self.enumerators = [name for match in ENUM.finditer(self.code)
                            for name in re.findall(r"(\w+) =", match.group(1))]
        self.numbers = [name for name, _ in NUMBER.findall(self.code) if name != "CALIXO_ABI_MINOR"]  # it grows
        self.ids = ID.findall(self.code)


def headers(include=INCLUDE):
    """What is frozen: drafts, in a folder below, are not."""
    return [Header(path) for path in sorted((include / FOLDER).glob("*.h"))]


def build_library(folder, include=INCLUDE):
    """A library with debug information whose functions use every type; its path."""
    lines, uses = [], []
    for header in headers(include):
        lines.append(f"#include <{FOLDER}/{header.name}.h>")
        uses += [(name, f"const {name}*") for name in header.structs]
        uses += [(name, name) for name in header.function_types]
    for name, parameter in uses:
        lines.append(f"CALIXO_EXPORT void use_{name}({parameter} used);")
        lines.append(f"void use_{name}({parameter} used) {{ (void)used; }}")
    source, library = folder / "every_type.c", folder / "libevery_type.so"
    source.write_text("\n".join(lines) + "\n")
    must_run("gcc", "-std=c11", "-g", "-O0", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{include}",
             f"-ffile-prefix-map={folder}=.", f"-ffile-prefix-map={include}=include", "-o", library, source)
    return library


def dump(library):
    """The library's types as libabigail's XML."""
    return must_run("abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed", library)


def members(xml):
    """Struct -> its members' names in order."""
    found = {}
    for node in ElementTree.fromstring(xml).iter("class-decl"):
        names = [variable.get("name") for variable in node.findall("data-member/var-decl")]
        if names:
            found[node.get("name")] = names
    return found


def probe(folder, include=INCLUDE):
    """(header, its lines) for each header: the layout that gcc gives it here."""
    every = headers(include)
    shapes = members(dump(build_library(folder, include)))
    lines = ["#include <stdio.h>"] + [f"#include <{FOLDER}/{header.name}.h>" for header in every]
    lines.append("int main(void) {")
    for header in every:
        lines.append(f'puts("# {header.name}");')
        for struct in header.structs:
            lines.append(f'printf("SIZE({struct}, %zu, %zu)\\n", sizeof({struct}), _Alignof({struct}));')
            lines += [f'printf("MEMBER({struct}, {member}, %zu, %zu)\\n", offsetof({struct}, {member}),'
                      f" sizeof((({struct}*)0)->{member}));" for member in shapes[struct]]
        lines += [f'printf("VALUE({name}, %lld)\\n", (long long){name});'
                  for name in header.enumerators + header.numbers]
        lines += [f'puts("ID({name}, \\"{text}\\")");' for name, text in header.ids]
    lines.append("}")
    source, program = folder / "probe.c", folder / "probe"
    source.write_text("\n".join(lines) + "\n")
    must_run("gcc", "-std=c11", f"-I{include}", "-o", program, source)
    parts = re.split(r"^# (\w+)\n", must_run(program), flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2]))


def layout_source(name, lines):
    statements = [line for line in lines.splitlines() if line and not line.startswith("ID(")]
    ids = [line for line in lines.splitlines() if line.startswith("ID(")]
    text = f"/* Generated by ./dev abi-baseline: {name}.h as it was published. */\n"
    text += f'#include <{FOLDER}/{name}.h>\n\n#include "layout.h"\n\n'
    text += "".join(f"{line};\n" for line in statements) + "\n"
    return text + "IDS_BEGIN\n" + "".join(f"{line}\n" for line in ids) + "IDS_END\n"


def renew():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        LAYOUT.mkdir(exist_ok=True)
        for old in LAYOUT.glob("*.c"):
            old.unlink()
        for header, lines in probe(folder).items():
            (LAYOUT / f"{header}.c").write_text(layout_source(header, lines))
        must_run("clang-format", "-i", *sorted(LAYOUT.glob("*.c")))
        BASELINE.write_text(dump(folder / "libevery_type.so"))
    print(f"renewed {BASELINE.relative_to(ROOT)} and {LAYOUT.relative_to(ROOT)}; "
          "say in the commit which interface changed, and why")


if __name__ == "__main__":
    if sys.argv[1:] != ["renew"]:
        sys.exit("usage: contract.py renew")
    renew()
