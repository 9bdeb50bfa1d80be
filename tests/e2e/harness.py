"""What the scenarios share: the build under test and a server that is up for a whole test class."""
import itertools
import os
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from processes import Calixo, Postgres, banner, call, children_of, free_port, is_running, make_folder, wait_until  # noqa: E402,F401

BUILD = pathlib.Path(os.environ.get("CALIXO_TEST_BUILD", ROOT / "build/dev"))
NODE = pathlib.Path(os.environ.get("CALIXO_TEST_NODE", BUILD / "e2e-node"))
_numbers = itertools.count(1)


def new_email():
    return f"person-{os.getpid()}-{next(_numbers)}@example.org"


class RunningServer(unittest.TestCase):
    """A server on its embedded database, started once for the class."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Calixo(BUILD, cls.settings)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()

    def call(self, method, path, body=None, token=None, headers=None):
        return self.server.call(method, path, body, token, headers)

    def new_token(self):
        return self.server.sign_up(new_email())["access_token"]

    def assert_problem(self, answer, status, code):
        """A problem document with what every one has."""
        self.assertEqual((answer.status, answer.json().get("code")), (status, code), answer)
        document = answer.json()
        self.assertIn("application/problem+json", answer.headers["Content-Type"])
        self.assertEqual(document["status"], status)
        self.assertTrue(document["title"] and document["message"] and document["request_id"], document)
        return document


def main():
    unittest.main(verbosity=2)
