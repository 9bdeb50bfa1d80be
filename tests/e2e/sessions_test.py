"""Sessions as the unmodified clients of Supabase Auth live them, and what happens to refresh tokens when
many ask at once, answers are lost, or one is stolen."""
import concurrent.futures

from auth_nodes import AuthNodes
from clients import PACKAGES, run_client
from harness import RunningServer, main, new_email

REFRESH = "/auth/v1/token?grant_type=refresh_token"


class ByItsClients(RunningServer):
    def test_from_sign_up_to_sign_out(self):
        for package in PACKAGES:
            with self.subTest(package):
                self.assertEqual(run_client("session.mjs", package, self.server.base_url, new_email()), {"done": True})


class OnTwoNodes(AuthNodes):
    def refresh(self, token, node=0, status=200):
        answer = self.nodes[node].call("POST", REFRESH, {"refresh_token": token})
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def new_refresh_token(self):
        return self.sign_up()["refresh_token"]

    def age(self, seconds):
        """As if every rotation so far had been that much earlier."""
        self.sql(f"update refresh_tokens set replaced_at = replaced_at - interval '{seconds} s'")

    def test_fifty_at_once_get_one_successor(self):
        token = self.new_refresh_token()
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            got = list(pool.map(lambda number: self.refresh(token, number % 2), range(50)))
        self.assertEqual(len({one["refresh_token"] for one in got}), 1)
        self.assertNotEqual(got[0]["refresh_token"], token)
        self.refresh(got[0]["refresh_token"])

    def test_a_lost_answer_is_given_again_on_any_node_however_late(self):
        token = self.new_refresh_token()
        lost = self.refresh(token)["refresh_token"]
        self.age(3600)
        self.assertEqual(self.refresh(token, 1)["refresh_token"], lost)

    def test_within_the_window_an_older_one_leads_to_the_active_one(self):
        token = self.new_refresh_token()
        last = self.refresh(self.refresh(token)["refresh_token"], 1)["refresh_token"]
        self.assertEqual(self.refresh(token)["refresh_token"], last)

    def test_a_stolen_one_ends_the_session(self):
        token = self.new_refresh_token()
        last = self.refresh(self.refresh(token)["refresh_token"])["refresh_token"]
        self.age(11)
        self.assertEqual(self.refresh(token, 1, 400)["error_code"], "refresh_token_already_used")
        self.assertEqual(self.refresh(last, 0, 400)["error_code"], "refresh_token_not_found")


if __name__ == "__main__":
    main()
