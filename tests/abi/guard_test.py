"""Nothing published changes: sizes, offsets and values as generated once, types by libabigail."""
import pathlib
import shutil
import tempfile
import unittest

import contract

COMPILERS = ("gcc", "clang")
AARCH64 = ("clang", "--target=aarch64-linux-gnu", "-ffreestanding", "-fsyntax-only")


def layout_complaints(folder, include=contract.INCLUDE, names="*"):
    """What the committed layouts say of these headers; nothing where all is as published."""
    said = []
    for source in sorted(contract.LAYOUT.glob(f"{names}.c")):
        common = ["-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{include}", source]
        for compiler in COMPILERS:
            program = folder / f"{source.stem}_{compiler}"
            output, status = contract.run(compiler, *common, "-o", program)
            if status == 0:
                output, status = contract.run(program)
            said += [output] if status != 0 else []
        output, status = contract.run(*AARCH64, *common)
        said += [output] if status != 0 else []
    return "\n".join(said)


def abidiff_complaints(folder, include=contract.INCLUDE):
    """What libabigail says of these headers against the baseline; types that were added are no change."""
    library = contract.build_library(folder, include)
    output, status = contract.run("abidiff", "--no-added-syms", "--harmless", contract.BASELINE, library)
    return output if status != 0 else ""


ADVICE = ("\nA published interface changed. Give the new shape an id of its own; until 1.0 is declared, "
          "a commit of its own that says why may renew the baseline with ./dev abi-baseline.")


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="calixo-abi-"))
        self.addCleanup(shutil.rmtree, self.folder)


class Contract(InFolder):
    maxDiff = None

    def test_every_layout_is_as_published(self):
        said = layout_complaints(self.folder)
        self.assertEqual("", said, said + ADVICE)

    def test_every_type_is_as_published(self):
        said = abidiff_complaints(self.folder)
        self.assertEqual("", said, said + ADVICE)

    def test_every_type_is_in_the_baseline(self):
        committed = {path.stem: path.read_text() for path in contract.LAYOUT.glob("*.c")}
        baseline = contract.BASELINE.read_text()
        for header in contract.headers():
            layout = committed.get(header.name, "")
            missing = [name for name in header.structs + header.function_types
                       if f"name='use_{name}'" not in baseline]
            missing += [name for name in header.structs if f"SIZE({name}," not in layout]
            missing += [name for name in header.enumerators + header.numbers
                        if f"VALUE({name}," not in layout]
            missing += [name for name, _ in header.ids if f"ID({name}," not in layout]
            self.assertEqual([], missing, f"{header.name}.h has what no guard knows: run ./dev abi-baseline")


class Guard(InFolder):
    """The guard itself: it lets additions through, and tells each change in words that name it."""

    def changed(self, name, old, new):
        """A copy of the headers with one change."""
        include = self.folder / "include"
        shutil.copytree(contract.INCLUDE / contract.FOLDER, include / contract.FOLDER)
        path = include / contract.FOLDER / f"{name}.h"
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))
        return include

    def test_an_added_type_is_no_change(self):
        include = self.changed("log", "#ifdef __cplusplus\n}",
                               "typedef struct calixo_log_v2 {\n  void (*write)(int32_t level);\n} calixo_log_v2;\n"
                               "#ifdef __cplusplus\n}")
        self.assertEqual("", abidiff_complaints(self.folder, include))
        self.assertEqual("", layout_complaints(self.folder, include, "log"))

    def test_members_that_changed_places_are_told(self):
        include = self.changed("base", "  const char* data;\n  size_t size;", "  size_t size;\n  const char* data;")
        self.assertIn("calixo_str.data was published at 0", layout_complaints(self.folder, include, "base"))
        self.assertIn("calixo_str", abidiff_complaints(self.folder, include))

    def test_a_member_that_was_added_is_told(self):
        include = self.changed("problem", "  uint16_t http_status;", "  uint32_t added;\n  uint16_t http_status;")
        self.assertIn("calixo_problem.http_status was published at 4", layout_complaints(self.folder, include, "problem"))
        self.assertIn("'uint32_t added'", abidiff_complaints(self.folder, include))

    def test_a_parameter_of_another_type_is_told(self):
        include = self.changed("runtime", "uint32_t duration_ms", "uint64_t duration_ms")
        self.assertIn("parameter 2", abidiff_complaints(self.folder, include))

    def test_a_type_that_is_gone_is_told(self):
        include = self.changed("log", "calixo_field", "calixo_renamed")
        text = (include / contract.FOLDER / "log.h").read_text().replace("calixo_field", "calixo_renamed")
        (include / contract.FOLDER / "log.h").write_text(text)
        self.assertIn("use_calixo_field", abidiff_complaints(self.folder, include))

    def test_a_value_that_changed_is_told(self):
        include = self.changed("base", "CALIXO_TIMEOUT = 2", "CALIXO_TIMEOUT = 20")
        self.assertIn("CALIXO_TIMEOUT was published as 2", layout_complaints(self.folder, include, "base"))

    def test_an_id_that_changed_is_told(self):
        include = self.changed("db", 'CALIXO_DB_ID "calixo.db/1"', 'CALIXO_DB_ID "calixo.db/2"')
        self.assertIn("CALIXO_DB_ID is calixo.db/2, was published as calixo.db/1",
                      layout_complaints(self.folder, include, "db"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
