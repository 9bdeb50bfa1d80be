"""calixo pack and plugins install: one file with checksums, the same each time, verified before it is used."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import unittest
import zipfile

from harness import BUILD, main, make_folder

LIBRARY = BUILD / "validate-plugins/libcalixo_flawed.so"


def run(*words, **environment):
    return subprocess.run([str(BUILD / "bin/calixo"), *map(str, words)], capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, **environment})


def sums_of(files):
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))


class Pack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = make_folder("pack")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.pack = cls.folder / "flawed.zip"
        done = run("pack", LIBRARY, "--output", cls.pack)
        assert done.returncode == 0, done.stderr
        with zipfile.ZipFile(cls.pack) as archive:
            cls.files = {name: archive.read(name) for name in archive.namelist()}

    def write(self, name, files):
        """A pack of these files, made by another program."""
        file = self.folder / name
        with zipfile.ZipFile(file, "w") as archive:
            for entry, content in files.items():
                archive.writestr(entry, content)
        return file

    def assert_refused(self, pack, words):
        into = self.folder / f"into-{pathlib.Path(pack).name}"
        done = run("plugins", "install", pack, "--into", into)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(words, done.stderr)
        self.assertFalse(into.exists())

    def test_it_holds_the_library_its_manifest_a_readme_and_their_sums(self):
        self.assertEqual(set(self.files), {LIBRARY.name, "manifest.json", "README.md", "SHA256SUMS"})
        self.assertEqual(self.files[LIBRARY.name], LIBRARY.read_bytes())
        rest = {name: content for name, content in self.files.items() if name != "SHA256SUMS"}
        self.assertEqual(self.files["SHA256SUMS"].decode(), sums_of(rest))
        self.assertIn(b'"id":"flawed"', self.files["manifest.json"])
        readme = self.files["README.md"].decode()
        for words in ("# flawed 1.0.0", "plugin ABI 1.0", "no access to other plugins' tables", "plugins install"):
            self.assertIn(words, readme)

    def test_the_same_library_gives_the_same_bytes(self):
        again = self.folder / "again.zip"
        self.assertEqual(run("pack", LIBRARY, "--output", again).returncode, 0)
        self.assertEqual(again.read_bytes(), self.pack.read_bytes())

    def test_an_installed_library_is_the_packed_one_and_is_found_by_its_name(self):
        into = self.folder / "plugins"
        done = run("plugins", "install", self.pack, "--into", into)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([path.name for path in into.iterdir()], [LIBRARY.name])
        self.assertEqual((into / LIBRARY.name).read_bytes(), LIBRARY.read_bytes())
        listed = run("plugins", "list", "--set", f"plugins.path={into}", "--set", "plugins.enabled=flawed")
        self.assertIn("described", listed.stdout)
        self.assertEqual(run("plugins", "install", self.pack, "--into", into).returncode, 0)

    def test_a_changed_file_is_refused(self):
        changed = bytearray(self.files[LIBRARY.name])
        changed[len(changed) // 2] ^= 1
        self.assert_refused(self.write("changed.zip", {**self.files, LIBRARY.name: bytes(changed)}),
                            "not what its SHA256SUMS says")

    def test_a_file_that_no_sum_covers_is_refused(self):
        self.assert_refused(self.write("more.zip", {**self.files, "more.txt": b"more"}), "not in its SHA256SUMS")

    def test_a_missing_file_is_refused(self):
        fewer = {name: content for name, content in self.files.items() if name != "README.md"}
        self.assert_refused(self.write("fewer.zip", fewer), "lacks README.md")

    def test_a_name_that_leads_out_of_the_folder_is_refused(self):
        for name in ("../evil.so", "/tmp/evil.so", "a/evil.so", "..\\evil.so", ".hidden.so"):
            with self.subTest(name):
                files = {name: b"evil"}
                files["SHA256SUMS"] = sums_of(files).encode()
                self.assert_refused(self.write("leads-out.zip", files), "names are plain")
        self.assertFalse((self.folder / "evil.so").exists())

    def test_a_damaged_pack_is_refused_whatever_its_length(self):
        whole = self.pack.read_bytes()
        for length in (0, 1, 30, 100, len(whole) // 2, len(whole) - 40, len(whole) - 1):
            with self.subTest(length):
                damaged = self.folder / "damaged.zip"
                damaged.write_bytes(whole[:length])
                self.assert_refused(damaged, "damaged")
        self.assert_refused(LIBRARY, "no plugin's pack")

    def test_a_library_that_can_not_be_described_is_not_packed(self):
        done = run("pack", LIBRARY, "--output", self.folder / "crashing.zip", FLAW="crash_on_load")
        self.assertEqual(done.returncode, 1)
        self.assertIn("SIGABRT", done.stderr)
        self.assertFalse((self.folder / "crashing.zip").exists())


if __name__ == "__main__":
    main()
