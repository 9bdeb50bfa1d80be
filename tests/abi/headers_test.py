"""Each header of the contract: compiles alone as C11 and C++20 by two compilers, and says what it owes."""
import concurrent.futures
import pathlib
import re
import shutil
import tempfile
import unittest

import contract

WARNINGS = ("-Wall", "-Wextra", "-pedantic", "-Werror")
LANGUAGES = {
    "c": (("gcc", "-std=c11", "-Wc++-compat", "-Wstrict-prototypes"), ("clang", "-std=c11", "-Wstrict-prototypes")),
    "cpp": (("g++", "-std=c++20"), ("clang++", "-std=c++20")),
}
SHARED = {"base", "plugin", "principal", "problem"}  # no interface of their own
TAG = re.compile(r"\[(startup|fiber|fiber, suspends|any-thread|loop)\]")
PIECE = re.compile(r"/\*.*?\*/|[^;/]*;|/", re.S)
WIDTHLESS = re.compile(r"\b(int|long|short|unsigned|signed|float|bool|_Bool|wchar_t|time_t|off_t)\b")


def untagged(body):
    """The function pointers of a struct's body whose comment, before or on their line, has no thread tag."""
    pieces = PIECE.findall(body)
    for at, piece in enumerate(pieces):
        function = re.match(r"[^(]*\(\*(\w+)\)\(", piece)
        if not function or piece.startswith("/*"):
            continue
        before = pieces[at - 1] if at > 0 and pieces[at - 1].startswith("/*") else ""
        if not TAG.search(before):
            yield function.group(1)


class Headers(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="calixo-abi-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def compile(self, sources):
        """All sources by every compiler of their language; what was said, joined."""
        jobs = [(*compiler, *WARNINGS, "-fsyntax-only", f"-I{contract.INCLUDE}", source)
                for source in sources for compiler in LANGUAGES[source.suffix[1:]]]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return "\n".join(output for output, status in pool.map(lambda job: contract.run(*job), jobs) if status)

    def sources(self, name, text):
        for suffix in LANGUAGES:
            source = self.folder / f"{name}.{suffix}"
            source.write_text(text)
            yield source

    def test_each_compiles_alone(self):
        folder = contract.INCLUDE / contract.FOLDER
        sources = []
        for path in sorted(folder.rglob("*.h")):
            name = path.relative_to(folder).with_suffix("").as_posix()
            sources += self.sources(name.replace("/", "_"),
                                    f"#include <{contract.FOLDER}/{name}.h>\ntypedef int not_empty;\n")
        self.assertEqual("", self.compile(sources))

    def test_all_compile_together_in_either_order(self):
        lines = [f"#include <{contract.FOLDER}/{header.name}.h>\n" for header in contract.headers()]
        sources = [*self.sources("forward", "".join(lines) + "typedef int not_empty;\n"),
                   *self.sources("backward", "".join(reversed(lines)) + "typedef int not_empty;\n")]
        self.assertEqual("", self.compile(sources))

    def test_each_has_one_interface_named_as_its_file(self):
        for header in contract.headers():
            if header.name in SHARED:
                continue
            with self.subTest(header.name):
                ids = [(name, text) for name, text in header.ids if text.startswith("calixo.")]
                self.assertEqual([f"CALIXO_{header.name.upper()}_ID"], [name for name, _ in ids])
                self.assertRegex(ids[0][1], rf"^calixo\.{header.name}/\d+$")
                self.assertTrue(header.text.startswith(f'/* "{ids[0][1]}": '), "its first line says its id")

    def test_the_isolation_notes_speak_of_each_interface(self):
        notes = (contract.ROOT / "sdk/DESIGN.md").read_text()
        ids = [text for header in contract.headers() for _, text in header.ids if text.startswith("calixo.")]
        self.assertEqual([], [text for text in ids if f"| `{text}` |" not in notes])

    def test_each_function_says_its_thread(self):
        for header in contract.headers():
            for match in contract.STRUCT.finditer(header.text):
                with self.subTest(header=header.name, struct=match.group(1)):
                    self.assertEqual([], list(untagged(match.group(2))))

    def test_each_struct_says_its_owner(self):
        """In the comment above it, or, of an interface, in the file's first one and at its members."""
        for header in contract.headers():
            for match in contract.STRUCT.finditer(header.text):
                if match.group(1).endswith(f"{header.name}_v1"):
                    continue
                with self.subTest(header=header.name, struct=match.group(1)):
                    self.assertTrue(header.text[: match.start()].rstrip().endswith(("*/", "calixo_host;")))

    def test_numbers_have_a_fixed_width(self):
        for header in contract.headers():
            with self.subTest(header.name):
                self.assertEqual([], WIDTHLESS.findall(header.code))

    def test_structs_that_one_side_fills_begin_with_their_size(self):
        elements = {"calixo_str", "calixo_field", "calixo_statement", "calixo_http_header"}  # of arrays, as base.h says
        tables = {"calixo_host", "calixo_plugin"}
        for header in contract.headers():
            for match in contract.STRUCT.finditer(header.code):
                name = match.group(1)
                if name in elements | tables or re.search(r"_v\d+$", name):
                    continue
                with self.subTest(name):
                    self.assertRegex(match.group(2), r"^\s*uint32_t struct_size;")

    def test_a_missing_tag_is_found(self):
        body = "\n  /* Waits. [fiber] */\n  void (*a)(int32_t x);\n  void (*b)(void (*c)(void));\n"
        self.assertEqual(["b"], list(untagged(body)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
