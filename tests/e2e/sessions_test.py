"""Sessions as the unmodified clients of Supabase Auth live them, and what happens to refresh tokens when
many ask at once, answers are lost, or one is stolen."""
import concurrent.futures
import unittest

from clients import PACKAGES, run_client
from harness import BUILD, Calixo, Postgres, RunningServer, main, new_email

REFRESH = "/auth/v1/token?grant_type=refresh_token"


class ByItsClients(RunningServer):
    def test_from_sign_up_to_sign_out(self):
        for package in PACKAGES:
            with self.subTest(package):
                self.assertEqual(run_client("session.mjs", package, self.server.base_url, new_email()), {"done": True})


class OnTwoNodes(unittest.TestCase):
    """Two server processes on one database."""

    @classmethod
    def setUpClass(cls):
        cls.database = Postgres()
        cls.addClassCleanup(cls.database.remove)
        cls.database.sql("create database calixo")
        cls.nodes = []
        for _ in range(2):
            node = Calixo(BUILD, {"database.url": cls.database.url("calixo")})
            cls.addClassCleanup(node.remove)
            cls.nodes.append(node.start())

    def refresh(self, token, node=0, status=200):
        answer = self.nodes[node].call("POST", REFRESH, {"refresh_token": token})
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def sign_up(self):
        return self.nodes[0].sign_up(new_email())["refresh_token"]

    def age(self, seconds):
        """As if every rotation so far had been that much earlier."""
        self.database.sql(f"update refresh_tokens set replaced_at = replaced_at - interval '{seconds} s'", "calixo")

    def test_fifty_at_once_get_one_successor(self):
        token = self.sign_up()
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            got = list(pool.map(lambda number: self.refresh(token, number % 2), range(50)))
        self.assertEqual(len({one["refresh_token"] for one in got}), 1)
        self.assertNotEqual(got[0]["refresh_token"], token)
        self.refresh(got[0]["refresh_token"])

    def test_a_lost_answer_is_given_again_on_any_node_however_late(self):
        token = self.sign_up()
        lost = self.refresh(token)["refresh_token"]
        self.age(3600)
        self.assertEqual(self.refresh(token, 1)["refresh_token"], lost)

    def test_within_the_window_an_older_one_leads_to_the_active_one(self):
        token = self.sign_up()
        last = self.refresh(self.refresh(token)["refresh_token"], 1)["refresh_token"]
        self.assertEqual(self.refresh(token)["refresh_token"], last)

    def test_a_stolen_one_ends_the_session(self):
        token = self.sign_up()
        last = self.refresh(self.refresh(token)["refresh_token"])["refresh_token"]
        self.age(11)
        self.assertEqual(self.refresh(token, 1, 400)["error_code"], "refresh_token_already_used")
        self.assertEqual(self.refresh(last, 0, 400)["error_code"], "refresh_token_not_found")


if __name__ == "__main__":
    main()
