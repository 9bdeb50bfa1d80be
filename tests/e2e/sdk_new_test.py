"""`calixo new`: what it writes builds, tests and runs as its README says, with every supported compiler."""
import json
import re
import unittest

from harness import Calixo, free_port, main
from outside import PREFIX, Workplace, exported_symbols, shell_blocks

TEMPLATES = ["plugin"]
if (PREFIX / "include/calixo/challenge_type.hpp").exists():
    TEMPLATES.append("challenge-type")
STRICT = "-Wall -Wextra -Wpedantic -Wshadow -Werror"
COMPILERS = {
    "clang": ["-DCMAKE_CXX_COMPILER=clang++", f"-DCMAKE_CXX_FLAGS={STRICT}"],
    "libcxx": ["-DCMAKE_CXX_COMPILER=clang++", f"-DCMAKE_CXX_FLAGS=-stdlib=libc++ {STRICT}"],
}


class SdkNew(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.remove)

    def new(self, *words, status=0):
        return self.place.run("calixo", "new", *words, status=status)

    def test_the_readme_of_what_it_writes_is_true(self):
        for template in TEMPLATES:
            with self.subTest(template):
                self.new(template, f"first-{template}")
                project = self.place.folder / f"first-{template}"
                blocks = [f"cd {project}", *shell_blocks((project / "README.md").read_text())]
                printed = self.place.walk(blocks, free_port())
                self.assertIn("100% tests passed", printed)
                if template == "plugin":
                    self.assertIn('{"message":"Hello, Ana!"}', printed)
                    self.assertRegex(printed.splitlines()[-1], r'^\{"items":\[\{.*"text":"half an hour outside"')

    def test_its_plugins_load_and_answer_whatever_compiler_built_them(self):
        for template in TEMPLATES:
            for name, options in COMPILERS.items():
                with self.subTest(f"{template} {name}"):
                    self.new(template, "org.acme.evening-walk", "--dir", f"{template}-{name}")
                    project = self.place.folder / f"{template}-{name}"
                    made = self.place.build(project, *options, "-DBUILD_TESTING=OFF", tests=False)
                    self.assertEqual([file.name for file in made], ["libcalixo_evening_walk.so"])
                    self.assertEqual(exported_symbols(made[0]), ["calixo_plugin_entry"])
                    server = Calixo(PREFIX, {"plugins.enabled": f"auth,challenges,{made[0]}"})
                    self.addCleanup(server.remove)
                    server.start()
                    path = "notes" if template == "plugin" else "best"
                    self.assertEqual(server.call("GET", f"/api/evening_walk/{path}").status, 401)
                    token = server.sign_up("walker@example.org")["access_token"]
                    self.assertEqual(server.call("GET", f"/api/evening_walk/{path}", token=token).status, 200)
                    self.assertEqual(server.stop(), 0)

    def test_no_name_of_the_sample_is_left(self):
        for template in ("plugin", "challenge-type"):
            self.new(template, "org.acme.evening-walk", "--dir", template)
            for file in (self.place.folder / template).rglob("*"):
                if file.is_file():
                    self.assertIsNone(re.search("sample_?name", file.read_text(), re.I), file)
        self.assertIn("to calixo_org_acme_evening_walk;",
                      (self.place.folder / "plugin/migrations/0001_create_notes.sql").read_text())

    def test_it_tells_programs_what_it_wrote(self):
        written = json.loads(self.new("plugin", "org.acme.tea", "--json"))
        self.assertEqual({row["file"] for row in written},
                         {str(file.relative_to(self.place.folder))
                          for file in (self.place.folder / "tea").rglob("*") if file.is_file()})

    def test_a_folder_that_is_in_use_is_left_alone(self):
        kept = self.place.folder / "mine/notes.txt"
        kept.parent.mkdir()
        kept.write_text("mine")
        self.assertIn("not empty; choose another --dir", self.new("plugin", "mine", status=1))
        self.assertEqual([file.name for file in kept.parent.iterdir()], ["notes.txt"])

    def test_a_name_that_no_plugin_can_have_is_refused(self):
        for name in ("Tea", "9lives", "a/b", "..", "tea.", "a b", "x" * 60, "tea-", "", "org..tea", "ñu"):
            with self.subTest(name):
                self.assertIn("can't be a plugin's name", self.new("plugin", name, "--dir", "out", status=1))
        self.assertFalse((self.place.folder / "out").exists())


if __name__ == "__main__":
    main()
