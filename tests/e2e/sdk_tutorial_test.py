"""The SDK's tutorial tells the truth: its files, written where it says, and its commands, run in their order against an
installed prefix, print what it shows."""
import re
import unittest

from harness import free_port, main
from outside import SDK, Workplace, shell_blocks

TEXT = (SDK / "README.md").read_text()


class SdkTutorial(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.remove)

    def test_following_it_ends_where_it_says(self):
        files = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)```", TEXT, re.S | re.M)
        self.assertGreaterEqual(len(files), 4)
        for name, text in files:
            file = self.place.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        printed = self.place.walk(shell_blocks(TEXT), free_port())
        answers = re.findall(r"```json\n(.*?)\n```", TEXT, re.S)
        self.assertGreaterEqual(len(answers), 3)
        for answer in answers:
            self.assertIn(answer, printed)

    def test_every_file_it_names_is_installed(self):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
            self.assertTrue((SDK / target).exists(), target)


if __name__ == "__main__":
    main()
