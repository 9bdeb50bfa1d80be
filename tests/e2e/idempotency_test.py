"""Idempotency-Key: what is sent twice is done once, on any node, and answered the same both times."""
import itertools
import threading
import uuid

from auth_nodes import AuthNodes
from harness import BUILD, main, new_email


def at_once(number, action):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(action())) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


class IdempotencyKey(AuthNodes):
    settings = {"plugins.enabled": "auth,challenges,probe_ledger,probe",
                "plugins.path": f"{BUILD}/test-plugins:{BUILD}/plugins"}

    def call(self, method, path, body=None, token=None, headers=None, node=0):
        return self.nodes[node].call(method, path, body, token, headers)

    def new_token(self):
        return self.sign_up()["access_token"]

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.json().get("code")), (status, code), answer)

    def add(self, amount, key, **more):
        return self.call("POST", "/probe/notes", {"amount": amount, **more}, headers={"Idempotency-Key": key})

    def notes(self):
        return self.call("GET", "/probe/notes").json()["bytes"]

    def start(self, token, key, challenge_id=1):
        return self.call("POST", "/api/challenges/start", {"challenge_id": challenge_id}, token,
                         {"Idempotency-Key": key})

    def test_a_repeated_request_is_done_once_and_answered_the_same(self):
        token, key = self.new_token(), str(uuid.uuid4())
        first, second = self.start(token, key), self.start(token, key)
        self.assertEqual((first.status, second.status), (201, 201), second)
        self.assertEqual(first.json(), second.json())
        self.assertEqual((first.headers["Idempotency-Replayed"], second.headers["Idempotency-Replayed"]), (None, "true"))
        self.assert_problem(self.start(token, str(uuid.uuid4())), 409, "already_started")

    def test_another_request_under_the_key_is_refused(self):
        token, key = self.new_token(), str(uuid.uuid4())
        self.assertEqual(self.start(token, key).status, 201)
        self.assert_problem(self.start(token, key, 2), 422, "idempotency_key_reused")
        other_route = self.call("POST", "/api/user/challenges/complete", {"user_challenge_id": 1}, token,
                                {"Idempotency-Key": key})
        self.assert_problem(other_route, 422, "idempotency_key_reused")

    def test_a_key_is_its_callers_own(self):
        key = str(uuid.uuid4())
        first, second = self.start(self.new_token(), key), self.start(self.new_token(), key)
        self.assertEqual((first.status, second.status), (201, 201))
        self.assertNotEqual(first.json()["id"], second.json()["id"])

    def test_a_refusal_is_kept_as_well(self):
        token, key = self.new_token(), str(uuid.uuid4())
        attempt = self.start(token, str(uuid.uuid4())).json()
        self.assert_problem(self.start(token, key), 409, "already_started")
        done = self.call("POST", "/api/user/challenges/complete", {"user_challenge_id": attempt["id"]}, token)
        self.assertEqual(done.status, 200)
        self.assert_problem(self.start(token, key), 409, "already_started")
        self.assertEqual(self.start(token, str(uuid.uuid4())).status, 201)

    def test_a_failure_keeps_nothing_and_does_nothing(self):
        before, key = self.notes(), str(uuid.uuid4())
        self.assertEqual(self.add(5, key, fail_after=True).status, 409)
        self.assertEqual(self.notes(), before)
        token, broken = self.new_token(), str(uuid.uuid4())
        failed = self.call("POST", "/probe/publish", {"text": 5}, token, {"Idempotency-Key": broken})
        self.assertEqual(failed.status, 422)

    def test_of_many_at_once_on_two_nodes_one_is_done(self):
        before, key = self.notes(), str(uuid.uuid4())
        nodes = itertools.cycle(range(self.count))
        send = lambda: self.call("POST", "/probe/notes", {"amount": 7}, None, {"Idempotency-Key": key}, next(nodes))  # noqa: E731
        answers = at_once(40, send)
        self.assertEqual({answer.status for answer in answers}, {204}, answers[0])
        self.assertEqual(self.notes(), before + 1)

    def test_of_many_starts_at_once_all_tell_the_same_attempt(self):
        token, key = self.new_token(), str(uuid.uuid4())
        answers = at_once(20, lambda: self.start(token, key))
        self.assertEqual({answer.status for answer in answers}, {201})
        self.assertEqual(len({answer.json()["id"] for answer in answers}), 1)

    def test_a_savepoint_of_the_handler_is_undone_alone(self):
        before = self.notes()
        answer = self.call("POST", "/probe/savepoint", headers={"Idempotency-Key": str(uuid.uuid4())})
        self.assertEqual(answer.status, 204, answer)
        self.assertEqual(self.notes(), before + 2)

    def test_a_malformed_key_is_refused(self):
        for key in ["", "with space", "x" * 256, "caf\u00e9"]:
            self.assert_problem(self.start(self.new_token(), key), 400, "invalid_idempotency_key")

    def test_reads_take_no_notice_of_it(self):
        for _ in range(2):
            answer = self.call("GET", "/api/challenges", headers={"Idempotency-Key": "x"})
            self.assertEqual((answer.status, answer.headers["Idempotency-Replayed"]), (200, None))

    def test_what_is_kept_can_be_read_by_nobody(self):
        email, key = new_email(), str(uuid.uuid4())
        body = {"email": email, "password": "media hora sin pantalla"}
        sign_up = lambda: self.call("POST", "/auth/v1/signup", body, headers={"Idempotency-Key": key})  # noqa: E731
        first, second = sign_up(), sign_up()
        self.assertEqual(first.json(), second.json())
        token = first.json()["refresh_token"].encode()
        kept = bytes.fromhex(self.sql("select string_agg(encode(sealed_answer || key_hash || fingerprint, 'hex'), '') "
                                      "from idempotency_keys"))
        for secret in [token, key.encode(), email.encode()]:
            self.assertNotIn(secret, kept)

    def test_an_old_key_is_free_again_and_its_row_goes(self):
        token, key = self.new_token(), str(uuid.uuid4())
        first = self.start(token, key).json()
        self.sql("update idempotency_keys set expires_at = now() - interval '1 second'")
        self.assert_problem(self.start(token, key), 409, "already_started")
        self.assertEqual(first["status"], "pending")


if __name__ == "__main__":
    main()
