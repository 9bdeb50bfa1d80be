"""README.md tells the truth: its curl walk, run as it stands, ends in a completed challenge."""
import re
import subprocess

from harness import ROOT, RunningServer, main

README = ROOT / "README.md"


def block_with(text):
    """The one shell block of the README that holds the text."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.S)
    found = [block for block in blocks if text in block]
    assert len(found) == 1, f"{len(found)} blocks hold {text}"
    return found[0]


class Readme(RunningServer):
    def test_the_walk_ends_in_a_completed_challenge(self):
        walk = block_with("/auth/v1/signup").replace("http://127.0.0.1:8080", f"http://127.0.0.1:{self.server.port}")
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", walk], capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"status":"completed"', done.stdout.splitlines()[-1])
        self.assertNotIn('"code"', done.stdout)

    def test_its_commands_exist(self):
        help_text = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
        for command in set(re.findall(r"\./dev (\w+)", README.read_text())):
            self.assertIn(f"./dev {command}", help_text)
        for words in set(re.findall(r"^calixo ((?:[a-z-]+ ?)+)", README.read_text(), re.M)):
            done = self.server.command(*words.split(), "--help")
            self.assertEqual(done.returncode, 0, f"calixo {words}: {done.stderr}")

    def test_its_map_is_the_tree(self):
        for path in re.findall(r"^(\S+?)/?  +\S", block_of_map(), re.M):
            self.assertTrue((ROOT / path).exists(), path)


def block_of_map():
    return re.search(r"## The map\n.*?```\n(.*?)```", README.read_text(), re.S).group(1)


if __name__ == "__main__":
    main()
