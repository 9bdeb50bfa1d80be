"""The SDK's examples, as third parties: built out of tree against an installed prefix, tested there, loaded by a
real server, and called."""
import json
import pathlib
import re
import shutil

from harness import Calixo, RunningServer, main
from outside import PREFIX, SDK, Workplace, built_in, exported_symbols

HAS_CARGO = bool(shutil.which("cargo")) or (pathlib.Path.home() / ".cargo/bin/cargo").exists()


def examples():
    """Every example; the one in Rust where there is a cargo."""
    found = {file.parent.name: file.parent for file in SDK.glob("examples/*/CMakeLists.txt")}
    if not HAS_CARGO:
        found.pop("rust", None)
    return found


class SdkExamples(RunningServer):
    @classmethod
    def setUpClass(cls):
        cls.place = Workplace()
        cls.addClassCleanup(cls.place.remove)
        cls.libraries = {}
        for name, folder in sorted(examples().items()):
            project = shutil.copytree(folder, cls.place.folder / name)
            cls.libraries[name] = cls.place.build(project)
        files = [str(file) for made in cls.libraries.values() for file in made]
        cls.server = Calixo(PREFIX, {"plugins.enabled": ",".join([built_in(), *files])})
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()

    def rows(self, *words):
        done = self.server.command(*words, "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_each_makes_one_library_that_exports_its_entry_alone(self):
        self.assertLessEqual({"minimal"}, set(self.libraries))
        for name, made in self.libraries.items():
            with self.subTest(name):
                self.assertEqual(len(made), 1, made)
                self.assertEqual(exported_symbols(made[0]), ["calixo_plugin_entry"])

    def test_the_one_in_c_needs_nothing_but_the_c_library(self):
        needed = self.place.run("readelf", "-d", self.libraries["minimal"][0])
        self.assertEqual(re.findall(r"NEEDED.*\[(.*)\]", needed), ["libc.so.6"])

    def test_the_server_loads_each_and_finds_nothing_wrong(self):
        state = {row["file"]: row for row in self.rows("plugins", "list")}
        for name, made in self.libraries.items():
            with self.subTest(name):
                self.assertEqual((state[str(made[0])]["id"], state[str(made[0])]["problem"]),
                                 (f"org.example.{name}", ""))
        self.rows("check")

    def test_each_of_their_routes_answers(self):
        token = self.new_token()
        ids = {f"org.example.{name}" for name in self.libraries}
        for row in self.rows("routes"):
            if row["plugin"] not in ids:
                continue
            with self.subTest(f"{row['method']} {row['path']}"):
                path = re.sub(r"\{[^}]*\}", "1", row["path"])
                body = {} if row["method"] in ("POST", "PUT", "PATCH") else None
                answer = self.call(row["method"], path, body, token)
                # What it needs beyond that, its own tests give it; here it is there, and does not fail.
                self.assertLess(answer.status, 500, answer)
                self.assertNotEqual(answer.status, 405, answer)

    def test_the_one_in_c_says_hello(self):
        self.assertEqual(self.call("GET", "/api/minimal").json(), {"message": "hello from C"})

    def test_the_one_in_rust_speaks_the_callers_language(self):
        if not HAS_CARGO:
            self.assertNotIn("rust", self.libraries)
            return
        answer = self.call("GET", "/api/rust", headers={"Accept-Language": "en"})
        self.assertEqual(answer.json(), {"message": "hello from Rust"})


if __name__ == "__main__":
    main()
