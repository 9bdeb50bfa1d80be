"""calixo dev: builds and serves a plugin project, and follows its sources."""
import http.client
import os
import pathlib
import shutil
import signal
import subprocess
import unittest

from harness import BUILD, call, is_running, main, make_folder, wait_until
from processes import children_of, free_port

PROJECT = pathlib.Path(__file__).parent / "projects/greeting"
PATIENCE_S = 180


def descendants_of(pid):
    found = []
    for child in children_of(pid):
        found += [child, *descendants_of(child)]
    return found


class Dev(unittest.TestCase):
    def setUp(self):
        self.folder = make_folder("dev")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.project = self.folder / "greeting"
        shutil.copytree(PROJECT, self.project)
        self.source = self.project / "greeting.c"
        self.port = free_port()
        self.log = self.folder / "log"

    def start(self):
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                [str(BUILD / "bin/calixo"), "dev", str(self.project), "--port", str(self.port),
                 "--set", "plugins.enabled=auth"],
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        self.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def output(self):
        return self.log.read_text(errors="replace")

    def answer(self):
        self.assertIsNone(self.process.poll(), self.output())
        try:
            answer = call(self.port, "GET", "/api/greeting", timeout_s=10)
        except (OSError, http.client.HTTPException):
            return None
        return answer.json()["text"] if answer.status == 200 else None

    def wait_for(self, condition, what):
        try:
            wait_until(condition, PATIENCE_S, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output()[-4000:]}") from None

    def edit(self, before, after):
        text = self.source.read_text()
        self.assertIn(before, text)
        self.source.write_text(text.replace(before, after))

    def test_a_changed_source_is_served_and_a_broken_one_leaves_the_old_answer(self):
        self.start()
        self.wait_for(lambda: self.answer() == "first", "the first answer")
        self.edit("first", "second")
        self.wait_for(lambda: self.answer() == "second", "the second answer")

        self.edit("static void greet", "static nonsense greet")
        self.wait_for(lambda: "the build failed" in self.output(), "the failed build")
        self.assertIn("nonsense", self.output())  # the compiler's own words
        self.assertEqual(self.answer(), "second")

        self.edit("static nonsense greet", "static void greet")
        self.edit("second", "third")
        self.wait_for(lambda: self.answer() == "third", "the third answer")

        # A plugin that builds and can't start: the old one goes on.
        self.edit("return CALIXO_OK", "return CALIXO_INVALID")
        self.wait_for(lambda: "reload refused" in self.output(), "the refused reload")
        self.assertEqual(self.answer(), "third")

        everything = descendants_of(self.process.pid)
        self.assertGreater(len(everything), 3)  # supervisor, worker, PostgreSQL and its own
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(60), 0, self.output())
        self.wait_for(lambda: not any(is_running(pid) for pid in everything), "the end of every child")

    def test_a_project_that_does_not_build_is_waited_for(self):
        self.edit("static void greet", "static nonsense greet")
        self.start()
        self.wait_for(lambda: "waiting for a change" in self.output(), "the failed build")
        self.edit("static nonsense greet", "static void greet")
        self.wait_for(lambda: self.answer() == "first", "the first answer")
        os.kill(self.process.pid, signal.SIGTERM)
        self.assertEqual(self.process.wait(60), 0, self.output())

    def test_a_folder_that_is_no_project_is_refused(self):
        (self.project / "CMakeLists.txt").unlink()
        done = subprocess.run([str(BUILD / "bin/calixo"), "dev", str(self.project)], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no CMakeLists.txt", done.stderr)


if __name__ == "__main__":
    main()
