"""A plugin that this server can't use is refused with the cause and the way out: by serve, which ends
with status 78 where it is required and runs on where it is not, and by check in the same words."""
import json
import os
import shutil
import struct
import subprocess
import unittest

from harness import BUILD, Calixo, Postgres, main, make_folder

FIXTURES = BUILD / "tests/unit/plugin/fixtures"
SOUND = (FIXTURES / "libplain.so").read_bytes()
CONFIGURATION_STATUS = 78
E_MACHINE, EI_CLASS, ELFCLASS32, EM_386, EM_AARCH64 = 18, 4, 1, 3, 183
CUTS = (1, 16, 63, 64, 300, len(SOUND) // 4, len(SOUND) // 2, len(SOUND) - 1)

# Plugin -> what must be said of it: the cause and the way out.
REFUSED = {
    "wrong_magic": ("magic", "take it out of plugins.enabled"),
    "wrong_major": ("plugin ABI 99.0", "install a build of the plugin for that version"),
    "newer_minor": ("needs plugin ABI 1.99", "upgrade the server"),
    "small_struct": ("its entry is 8 bytes", "rebuild it with the SDK"),
    "no_symbol": ("exports no calixo_plugin_entry", "calixo_add_plugin"),
    "bad_id": ("its id is not", "rebuild the plugin"),
    "unresolved": ("undefined symbol: nobody_defines_this", "install what it names"),
    "wants_future": ("has no calixo.future/1", "upgrade the server"),
    "twin": ("plugin id plain is loaded twice", "take one of them out"),
    "absent": ("was not found", "correct plugins.enabled"),
    "aarch64": ("is built for aarch64", "install the plugin's build for x86_64"),
    "bits32": ("is a 32-bit library", "install the plugin's build for x86_64"),
    "empty": ("is empty", "install it again"),
    "script": ("is a script", "name a plugin's .so file"),
    "text": ("does not begin as an ELF file does", "name a plugin's .so file"),
    "folder": ("is a folder", "name a plugin's .so file"),
    "fifo": ("is a named pipe", "name a plugin's .so file"),
    "dangling": ("is a link to nothing", "install the plugin again"),
    **{f"cut_{size}": ("is cut short", "install it again") for size in CUTS},
}


def patched(offset, layout, value):
    changed = bytearray(SOUND)
    struct.pack_into(layout, changed, offset, value)
    return bytes(changed)


def craft(folder):
    """Files that no compiler here makes."""
    files = {
        "aarch64": patched(E_MACHINE, "<H", EM_AARCH64),
        "bits32": bytes(bytearray(patched(E_MACHINE, "<H", EM_386)[:EI_CLASS]) + bytes([ELFCLASS32])
                        + patched(E_MACHINE, "<H", EM_386)[EI_CLASS + 1:]),
        "empty": b"",
        "script": b"#!/bin/sh\necho no library\n",
        "text": b"no library at all",
        **{f"cut_{size}": SOUND[:size] for size in CUTS},
    }
    for name, content in files.items():
        (folder / f"libcalixo_{name}.so").write_bytes(content)
    (folder / "libcalixo_folder.so").mkdir()
    os.mkfifo(folder / "libcalixo_fifo.so")
    (folder / "libcalixo_dangling.so").symlink_to("nowhere.so")
    if os.getuid() != 0:  # to root every file is readable
        secret = folder / "libcalixo_unreadable.so"
        secret.write_bytes(SOUND)
        secret.chmod(0)
        REFUSED["unreadable"] = ("Permission denied", "read access")


class Negotiation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = Postgres(["fsync=off"])
        cls.addClassCleanup(cls.database.remove)
        cls.folder = make_folder("crafted")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        craft(cls.folder)

    def server(self, plugins, settings=None):
        database = f"negotiation_{self.id().rsplit('.', 1)[1]}"
        self.database.sql(f"create database {database}")
        server = Calixo(BUILD, {"database.url": self.database.url(database),
                                "plugins.enabled": ",".join(plugins),
                                "plugins.path": f"{BUILD}/plugins:{FIXTURES}:{self.folder}",
                                **{f"plugins.{name}.manifest": "optional" for name in REFUSED},
                                **(settings or {})})
        self.addCleanup(server.remove)
        return server

    def serve(self, server):
        return subprocess.run([str(server.binary), "serve", *server.options], capture_output=True, text=True,
                              timeout=120, check=False)

    def findings(self, server):
        """What check says, by plugin."""
        done = server.command("check", "--json")
        rows = json.loads(done.stdout)
        return {row["area"].removeprefix("plugin "): row["finding"] for row in rows
                if row["area"].startswith("plugin ")}, done.returncode

    def test_each_is_refused_with_its_cause_and_the_way_out(self):
        server = self.server(["auth", "plain", *REFUSED])
        done = self.serve(server)
        self.assertEqual(done.returncode, CONFIGURATION_STATUS, done.stderr)
        self.assertNotIn("Calixo is ready", done.stdout)
        said = {line.split(": ")[1].removeprefix("plugin "): line for line in done.stderr.splitlines()
                if line.startswith("calixo: plugin ")}
        for name, words in REFUSED.items():
            with self.subTest(name):
                for word in words:
                    self.assertIn(word, said.get(name, done.stderr))
        self.assertEqual(set(said), set(REFUSED))

        found, status = self.findings(server)
        self.assertNotEqual(status, 0)
        for name in REFUSED:
            with self.subTest(check=name):
                self.assertEqual(f"calixo: plugin {name}: {found.get(name)}", said.get(name))

    def test_the_server_runs_on_without_those_that_are_not_required(self):
        server = self.server(["auth", "plain", *REFUSED], {f"plugins.{name}.required": "false" for name in REFUSED})
        server.start()
        self.assertEqual(server.call("GET", "/healthz").status, 200)
        self.assertEqual(len(server.sign_up("negotiation@example.org")["access_token"].split(".")), 3)
        output = server.output()
        for name, words in REFUSED.items():
            with self.subTest(name):
                self.assertIn(words[0], output)
        self.assertEqual(server.stop(), 0)

    def test_one_that_is_required_ends_the_start_and_is_named(self):
        done = self.serve(self.server(["auth", "aarch64"]))
        self.assertEqual(done.returncode, CONFIGURATION_STATUS, done.stderr)
        self.assertIn("plugin aarch64: ", done.stderr)

    def test_a_path_is_negotiated_as_a_name_is(self):
        done = self.serve(self.server(["auth", str(self.folder / "libcalixo_fifo.so")]))
        self.assertEqual(done.returncode, CONFIGURATION_STATUS, done.stderr)
        self.assertIn("plugin fifo: ", done.stderr)


if __name__ == "__main__":
    main()
