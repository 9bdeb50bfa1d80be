"""The committed configuration file and reference say what the registered keys say."""
import subprocess
import unittest

from harness import BUILD, ROOT, main


class Reference(unittest.TestCase):
    def generated(self, *options):
        done = subprocess.run([BUILD / "bin/calixo", "config", "reference", *options, "--config", "/dev/null"],
                              capture_output=True, text=True, check=True)
        return done.stdout

    def test_the_default_file_is_the_generated_one(self):
        self.assertEqual((ROOT / "config/calixo.properties").read_text(), self.generated(),
                         "run: calixo config reference > config/calixo.properties")

    def test_the_reference_is_the_generated_one(self):
        self.assertEqual((ROOT / "config/reference.md").read_text(), self.generated("--markdown"),
                         "run: calixo config reference --markdown > config/reference.md")


if __name__ == "__main__":
    main()
